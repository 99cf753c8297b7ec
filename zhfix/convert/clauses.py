"""The clauses of texts that hold suspects, put together to be converted at once."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import repeat

from zhfix.convert.choice import YUE_MARKS, YUE_REACH
from zhfix.convert.suspects import Suspects, suspects_each
from zhfix.named import NamedTuple
from zhfix.pattern import pattern
from zhfix.script import meets
from zhfix.tables import load_map

__all__ = ["Clauses", "Spot", "clauses_each"]

_NOT_HAN = pattern("[^㐀-\u4dbf一-鿿〇]")  # as contexts see it


_MANY = 24  # places from which arrays pay where numpy is loaded
_WIDTH = 16  # characters looked at in one go; few clauses have more

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
        for at, known in zip(places, _bounds(text, places), strict=True):
            if at >= end:
                start, end = known if known[1] else _clause(text, at)
                if is_yue and _is_yue(text, start, end):
                    start, end = _line(text, at)
                line = text[start:end] if text[end - 1] == "\n" else text[start:end] + "\n"
            spots.append((line, at - start))
            starts.append(start)
        yield Clauses(spots, starts, counts)


def _bounds(text: str, places: Sequence[int]) -> Iterable[tuple[int, int]]:
    """The clauses around many places, or (0, 0) where they are not known yet."""
    if len(places) < _MANY or not sys.modules.get("numpy"):
        return repeat((0, 0), len(places))
    from zhfix.convert.clauses_bulk import clause_bounds  # numpy: where it is loaded

    return clause_bounds(text, places)


def _is_yue(text: str, start: int, end: int) -> bool:
    """Whether Cantonese is near a clause: contexts reach beyond it there, and nowhere else."""
    return _yue().search(text, max(0, start - YUE_REACH), end + YUE_REACH) is not None


@cache
def _yue() -> re.Pattern[str]:
    """The marks of Cantonese, and what becomes one in hans."""
    found = {char for char, hans in load_map("TSCharacters").items() if hans in YUE_MARKS}
    return pattern(f"[{''.join(sorted(YUE_MARKS | found))}]")


def _line(text: str, at: int) -> tuple[int, int]:
    return text.rfind("\n", 0, at) + 1, text.find("\n", at) + 1 or len(text)


def _clause(text: str, at: int) -> tuple[int, int]:
    """The Han characters around a place, with a character on each side."""
    start, is_open = at, True
    while is_open and start:
        before = text[max(0, start - _WIDTH) : start]
        found = _NOT_HAN.search(before[::-1])
        start -= found.start() if found else len(before)
        is_open = not found
    behind = _NOT_HAN.search(text, at + 1)
    return max(0, start - 1), behind.end() if behind else len(text)
