"""The places that wake the rules on scripts, and the change of script to hans: Traditional
characters, and what text in hans would write otherwise where it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from zhfix.convert.engine import joined_span
from zhfix.convert.suspects import near
from zhfix.convert.writer import is_settled_in_hans, to_hans, to_hans_characters
from zhfix.first_lines import is_few
from zhfix.pattern import one_of
from zhfix.protect import Span
from zhfix.rules.stretches import telling
from zhfix.script import majorities, majority, odds
from zhfix.shapes import Shape, has_arrays

__all__ = ["changed", "has_hant_line", "has_open_line", "is_changed", "is_open", "open_lines"]

_CONTEXT = 2  # characters beside a phrase that the choice between forms looks at
_N_KNOWN = 1 << 13  # places remembered
_MANY = 12  # lines from which to count them together pays


@cache
def changed() -> Shape:
    """A character that is written otherwise in hans, by itself or in some word."""
    return Shape("".join(sorted(_characters())))


@cache
def _characters() -> frozenset[str]:
    return to_hans_characters()


def is_changed(text: str, places: Sequence[int]) -> bool:
    """Whether hans writes something otherwise at one of some places.

    >>> is_changed("著名", [0]), is_changed("说著", [1])
    (False, True)
    """
    return any(near(text, at) not in _SETTLED and _is_changed_at(text, at) for at in places)


def is_open(line: str) -> bool:
    """Whether hans writes something in a line otherwise, or the line is one of the first.

    >>> is_open("说著话")
    True
    """
    return is_few("changed", line) or _is_open(line)


def open_lines(text: str, lines: Sequence[Span]) -> list[bool]:
    """`is_open` of each of some lines of a text, which are sorted.

    >>> open_lines("好像没有\\n说著话", [(0, 5), (5, 8)])[1]
    True

    Cost: over arrays, where numpy is loaded, one search for all of them.
    """
    if len(lines) < _MANY or not has_arrays(text):
        return [is_open(text[start:end]) for start, end in lines]
    from zhfix.classes_bulk import places_of  # numpy: where it is loaded

    places = places_of(text, _characters())
    out = []
    for start, end in lines:
        here = places[bisect_left(places, start) : bisect_left(places, end)]
        out.append(bool(here) and is_changed(text[start:end], [at - start for at in here]))
    return out


def has_open_line(text: str, places: Sequence[int]) -> bool:
    """Whether hans writes something otherwise in the lines of some places.

    >>> has_open_line("好像没有\\n说著话", [1]), has_open_line("好像没有\\n说著话", [1, 6])
    (False, True)
    """
    return any(_is_open(text[start:end]) for start, end in _lines(text, places))


def has_hant_line(text: str, places: Sequence[int]) -> bool:
    """Whether the characters in one of the lines of some places tell of hant rather than hans, or
    no character of the text tells of hans.

    >>> has_hant_line("好像没有", [1]), has_hant_line("好像很長", [1])
    (False, True)
    """
    if telling(1).isdisjoint(text):
        return True
    lines = list(_lines(text, places))
    if len(lines) < _MANY:
        return any(majority(text[start:end], odds()) == "hant" for start, end in lines)
    return "hant" in majorities(text, lines)


def _lines(text: str, places: Sequence[int]) -> Iterator[Span]:
    """The lines of some places, which are sorted, each once."""
    end = -1
    for at in places:
        if at >= end:
            start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at) + 1 or len(text)
            yield start, end


def _is_open(line: str) -> bool:
    return is_changed(line, [match.start() for match in _changing().finditer(line)])


@cache
def _changing() -> re.Pattern[str]:
    return one_of(_characters())


# characters between two neighbours that show by themselves that it stands; only a memory
_SETTLED: set[str] = set()


def _is_changed_at(text: str, at: int) -> bool:
    start, end = joined_span("t2s", text, at)
    if end - start == 1 and is_settled_in_hans(text, at):
        if len(_SETTLED) > _N_KNOWN:
            _SETTLED.clear()
        _SETTLED.add(near(text, at))
        return False
    return _is_changed(text[max(0, start - _CONTEXT) : end + _CONTEXT])


@lru_cache(_N_KNOWN)
def _is_changed(part: str) -> bool:
    return to_hans(part) != part
