"""What was made of the texts that were asked about last, known again as the same objects: to hash a
block, so as to look it up among equal ones, costs as much as a table look-up for each character.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Concatenate, ParamSpec, TypeVar

    Key = ParamSpec("Key")
    Made = TypeVar("Made")
    Make = Callable[Concatenate[str, Key], Made]

__all__ = ["kept"]


def kept(n: int) -> Callable[[Make[Key, Made]], Make[Key, Made]]:
    """A decorator: what a function made of the last `n` texts, and what else it was given, is
    remembered.

    >>> made = []
    >>> @kept(1)
    ... def size(text: str) -> int:
    ...     made.append(text)
    ...     return len(text)
    >>> text = "好" * 9
    >>> size(text), size(text), size("ab"), len(made)
    (9, 9, 2, 2)
    """

    def decorate(make: Make[Key, Made]) -> Make[Key, Made]:
        last: tuple[tuple[str, object, Made], ...] = ()  # replaced as one: threads race

        @wraps(make)
        def remembered(text: str, /, *key: Key.args, **named: Key.kwargs) -> Made:
            nonlocal last
            asked = (key, named) if named else key
            for known, besides, value in last:
                if known is text and besides == asked:
                    return value
            value = make(text, *key, **named)
            last = ((text, asked, value), *last[: n - 1])
            return value

        return remembered

    return decorate
