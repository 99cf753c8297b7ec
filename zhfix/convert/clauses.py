"""The clauses of texts that hold suspects, put together to be converted at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import cache

from zhfix.convert.choice import YUE_MARKS, YUE_REACH, is_han
from zhfix.convert.suspects import Suspects, suspects_each
from zhfix.named import NamedTuple
from zhfix.protect import Span
from zhfix.script import meets
from zhfix.tables import load_map

__all__ = ["Clauses", "Spot", "clauses_each"]

_MANY = 16  # suspects from which arrays find their clauses sooner


Spot = tuple[str, int]  # a clause as a line, and where the suspect stands in it


class Clauses(NamedTuple):
    """The suspects of a text in their clauses, where those begin in the text, and what the other
    characters are that have rivals, as in Suspects.
    """

    spots: list[Spot]
    starts: list[int]
    counts: tuple[int, int, int]


def clauses_each(
    texts: Sequence[str], asked: Sequence[Suspects] | None = None
) -> Iterator[Clauses]:
    """The clauses of each of several texts, with all suspects or those that are `asked` for.

    >>> [found[:2] for found in clauses_each(["走了，皇后的頭發很長。"])]
    [([('，皇后的頭發很長。\\n', 5)], [2])]
    """
    asked = suspects_each(texts) if asked is None else asked
    for text, (places, counts) in zip(texts, asked, strict=True):
        spots: list[Spot] = []
        starts: list[int] = []
        for start, end, there in _pieces(text, places):
            line = text[start:end] if text[end - 1] == "\n" else text[start:end] + "\n"
            spots += [(line, at - start) for at in there]
            starts += [start] * len(there)
        yield Clauses(spots, starts, counts)


def _pieces(text: str, spots: Sequence[int]) -> Iterator[tuple[int, int, list[int]]]:
    """The clauses that hold spots, with a character on each side, and the spots: no phrase and no
    context reaches further. Near Cantonese it may, so there they are lines.
    """
    if not spots:
        return
    is_yue = meets(text, YUE_MARKS)
    bounds: Sequence[Span] = ()
    if len(spots) >= _MANY and sys.modules.get("numpy"):
        from zhfix.convert.suspects_bulk import clauses  # numpy: long text where it is loaded

        bounds = clauses(text, spots)
    i = 0
    while i < len(spots):
        first = i
        start, end = bounds[i] if bounds else _clause(text, spots[i])
        if is_yue and not _yue().isdisjoint(text[max(0, start - YUE_REACH) : end + YUE_REACH]):
            start, end = _line(text, spots[first])
        while i < len(spots) and spots[i] < end:
            i += 1
        yield start, end, list(spots[first:i])


@cache
def _yue() -> frozenset[str]:
    """The marks of Cantonese, and what becomes one in hans."""
    found = {char for char, hans in load_map("TSCharacters").items() if hans in YUE_MARKS}
    return YUE_MARKS | found


def _line(text: str, at: int) -> tuple[int, int]:
    return text.rfind("\n", 0, at) + 1, text.find("\n", at) + 1 or len(text)


def _clause(text: str, at: int) -> tuple[int, int]:
    start = at
    while start > 0 and is_han(text[start - 1]):
        start -= 1
    end = at + 1
    while end < len(text) and is_han(text[end]):
        end += 1
    return max(0, start - 1), min(len(text), end + 1)
