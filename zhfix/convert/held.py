"""Words that end beside a character which would make a common word with its neighbours: 國王|後,
媒體|係, 猶太|後裔. A Traditional form that stands there was written on purpose, or by a machine:
nobody can tell from the words alone.
"""

from __future__ import annotations

from functools import cache

from zhfix.convert.suspects import standard
from zhfix.tables import load_rows

__all__ = ["is_between"]


def is_between(text: str, i: int) -> bool:
    """Whether the character at `i` stands where a word kept by hand has it.

    >>> is_between("打敗國王後，他登基了。", 4), is_between("和王後一起", 2)
    (True, False)
    """
    return any(
        text.endswith(left, 0, i) and text.startswith(right, i + 1)
        for left, right in _held().get(text[i], ())
    )


@cache
def _held() -> dict[str, list[tuple[str, str]]]:
    """What stands on both sides of each form, in standard forms."""
    found: dict[str, list[tuple[str, str]]] = {}
    for cell, form, _ in load_rows("hand/held"):
        for word in cell.split(" "):
            left, right = standard(word).split(f"[{standard(form)}]")
            found.setdefault(standard(form), []).append((left, right))
    return found
