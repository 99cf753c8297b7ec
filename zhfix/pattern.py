"""Regular expressions that are compiled when they are first used: to compile all of ours was half
of the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, AnyStr, cast

__all__ = ["char_class", "pattern", "ranges"]

_METHODS = ("finditer", "findall", "fullmatch", "match", "search", "split", "sub", "subn")


class _Later:
    """Looks like the compiled pattern, and keeps its methods once it is."""

    def __init__(self, written: str | bytes, flags: int) -> None:
        self._written = written
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # copy and pickle ask before there is anything
            raise AttributeError(name)
        made = re.compile(self._written, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(made, method))
        return getattr(made, name)


def pattern(written: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """`re.compile`, at the first use of one of its methods.

    >>> pattern("[a-c]+").sub("x", "abcd")
    'xd'
    """
    return cast("re.Pattern[AnyStr]", _Later(written, flags))


def char_class(chars: frozenset[str]) -> str:
    """A regular expression for one of `chars`, and for any character of planes 2 and 3.

    `re` looks up a BMP character in one step but tries those beyond one after another, so they
    are let through by range and looked at again by the caller.
    """
    near = "".join(map(re.escape, sorted(char for char in chars if char <= "\uffff")))
    return f"[{near}\U00020000-\U0003ffff]"


def ranges(spec: str) -> Iterator[tuple[int, int]]:
    """First and last code point of each part of a character class.

    >>> list(ranges("a-cx"))
    [(97, 99), (120, 120)]
    """
    i = 0
    while i < len(spec):
        wide = spec[i + 1 : i + 2] == "-"
        yield ord(spec[i]), ord(spec[i + 2 if wide else i])
        i += 3 if wide else 1
