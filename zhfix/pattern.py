"""Regular expressions that are compiled when they are first used: to compile all of ours was half
of the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, AnyStr, cast

__all__ = ["char_class", "found_at", "pattern"]

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


_DENSE = 16  # characters for each mark, below which the engine is as fast by itself


def found_at(made: re.Pattern[str], text: str, marks: str) -> Iterator[re.Match[str]]:
    """What `made.finditer(text)` finds, where every match begins with one of `marks`.

    >>> [match.span() for match in found_at(re.compile("[(<]."), "a(b <c", "(<")]
    [(1, 3), (4, 6)]

    Cost: a search for the marks, which takes a twentieth of what the engine takes for a character
    that may begin a match.
    """
    seen = [mark for mark in marks if mark in text]
    if not seen:
        return
    if sum(text.count(mark) for mark in seen) * _DENSE > len(text):
        yield from made.finditer(text)
        return
    places = []
    for mark in seen:
        at = text.find(mark)
        while at >= 0:
            places.append(at)
            at = text.find(mark, at + 1)
    if len(seen) > 1:
        places.sort()
    done = 0
    for at in places:
        if at >= done and (match := made.match(text, at)):
            done = match.end()
            yield match
