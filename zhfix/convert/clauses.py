"""The clauses of texts that hold suspects, put together to be converted at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from zhfix.convert.choice import YUE_MARKS, YUE_REACH, is_han
from zhfix.convert.suspects import Suspects, suspects_each
from zhfix.named import NamedTuple
from zhfix.pattern import pattern
from zhfix.script import meets
from zhfix.tables import load_map

__all__ = ["Clauses", "Spot", "clauses_each"]

_NOT_HAN = pattern("[^㐀-\u4dbf一-鿿〇]")  # as contexts see it


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
        is_yue = bool(places) and meets(text, YUE_MARKS)
        end = 0
        for at in places:
            if at >= end:
                start, end = _clause(text, at)
                if is_yue and _is_yue(text, start, end):
                    start, end = _line(text, at)
                line = text[start:end] if text[end - 1] == "\n" else text[start:end] + "\n"
            spots.append((line, at - start))
            starts.append(start)
        yield Clauses(spots, starts, counts)


def _is_yue(text: str, start: int, end: int) -> bool:
    """Whether Cantonese is near a clause: contexts reach beyond it there, and nowhere else."""
    return not _yue().isdisjoint(text[max(0, start - YUE_REACH) : end + YUE_REACH])


@cache
def _yue() -> frozenset[str]:
    """The marks of Cantonese, and what becomes one in hans."""
    found = {char for char, hans in load_map("TSCharacters").items() if hans in YUE_MARKS}
    return YUE_MARKS | found


def _line(text: str, at: int) -> tuple[int, int]:
    return text.rfind("\n", 0, at) + 1, text.find("\n", at) + 1 or len(text)


def _clause(text: str, at: int) -> tuple[int, int]:
    """The Han characters around a place, with a character on each side."""
    start = at
    while start > 0 and is_han(text[start - 1]):
        start -= 1
    behind = _NOT_HAN.search(text, at + 1)
    return max(0, start - 1), behind.end() if behind else len(text)
