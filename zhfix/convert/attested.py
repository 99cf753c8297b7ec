"""Which form native Traditional text writes between two neighbours, and how much rather than
another.

The learned choice (choice.py) says which form is meant when all that is known is the Simplified
character. Here the question is another one: may the form that stands be right? 于 is seldom
written beside 位 and 是, where 於 stands thousands of times, and beside 澤 neither was ever met,
which speaks for a name: a neighbour that was never met is taken for likelier with the form that
has more different neighbours for its number.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import cache, lru_cache

from zhfix.convert.choice import symbol
from zhfix.named import NamedTuple
from zhfix.tables import load_near

__all__ = [
    "ANY",
    "STEPS",
    "ahead",
    "attested",
    "is_attested",
    "likely",
    "likely_beside",
    "numbers",
    "shares",
    "sides",
    "ties",
]

ANY = "□□"  # the row of all characters, whatever stands beside them
STEPS = 3  # levels of a count per nat
_LEVELS = 1 << 8  # as many as a byte tells apart


class _Side(NamedTuple):
    """What stands on one side of a form."""

    n: int
    n_kinds: int
    chars: str  # the characters that stand there, sorted
    levels: bytes  # and how often each does; a dict takes fifteen times the memory

    def met(self, char: str) -> float:
        """How often `char` stands there."""
        at = bisect_left(self.chars, char)
        return numbers()[self.levels[at]] if self.chars[at : at + 1] == char else 0.0

    def share(self, char: str) -> float:
        """The logarithm of the share of places where `char` stands there (Witten and Bell)."""
        met = self.met(char)
        return math.log((met + self.n_kinds * _share(char)) / (self.n + self.n_kinds))


def _rows(form: str) -> list[tuple[str, ...]]:
    return [row[1:] for row in load_near("attested", form[:1]) if row[0] == form]


@cache
def sides(form: str) -> tuple[_Side, ...]:
    """Left and right of a form; nothing for one that was never met on both sides."""
    rows = _rows(form)
    counts = {level: cell.split() for side, level, cell in rows if side == "n"}
    if len(counts) < 2:
        return ()
    found = []
    for name in "LR":
        met = {char: int(level) for side, level, cell in rows if side == name for char in cell}
        chars = "".join(sorted(met))
        n, kinds = map(int, counts[name])
        found.append(_Side(n, kinds, chars, bytes(map(met.__getitem__, chars))))
    return tuple(found)


@cache
def numbers() -> tuple[float, ...]:
    """The numbers that the levels stand for."""
    return tuple(math.exp(level / STEPS) for level in range(_LEVELS))


@cache
def _levels() -> tuple[tuple[tuple[float, str], ...], float]:
    """The characters of native text by how often each of them stands there, and all of that."""
    levels = tuple((numbers()[int(level)], cell) for _, level, cell in _rows(ANY))
    return levels, sum(n * len(cell) for n, cell in levels)


def shares() -> tuple[dict[str, float], float]:
    """How often each character stands in native text, and what was never met at most."""
    levels, total = _levels()
    return {char: n / total for n, cell in levels for char in cell}, 1 / total


@lru_cache(maxsize=1 << 13)
def _share(char: str) -> float:
    levels, total = _levels()
    return next((n for n, cell in levels if char in cell), 1.0) / total


def is_attested(form: str) -> bool:
    """Whether native text has the form at all."""
    return bool(sides(form))


def attested(forms: tuple[str, ...], left: str, right: str) -> dict[str, float]:
    """How likely each of `forms` is between two characters, as logarithms; those never met at all
    are left out.

    >>> found = attested(("于", "於"), "位", "台")
    >>> found["於"] - found["于"] > 5
    True
    """
    left, right = symbol(left or "\n"), symbol(right or "\n")
    return {
        form: math.log(both[0].n + both[1].n + 1) + both[0].share(left) + both[1].share(right)
        for form in forms
        if (both := sides(form))
    }


def likely(forms: tuple[str, ...], left: str, right: str) -> list[float]:
    """The same for `forms` that native text all has, in their order. What stands on one side is
    remembered.

    >>> likely(("于", "於"), "位", "台") == list(attested(("于", "於"), "位", "台").values())
    True
    """
    return [a + b for a, b in zip(_lefts(forms, left), _rights(forms, right), strict=True)]


def likely_beside(forms: tuple[str, ...], char: str, side: int) -> tuple[float, ...]:
    """What one of the two neighbours, the left one (0) or the right one, adds to `likely`.

    >>> left, right = (likely_beside(("于", "於"), "位台"[side], side) for side in (0, 1))
    >>> likely(("于", "於"), "位", "台") == [a + b for a, b in zip(left, right)]
    True
    """
    return (_rights if side else _lefts)(forms, char)


@lru_cache(maxsize=1 << 12)
def _lefts(forms: tuple[str, ...], left: str) -> tuple[float, ...]:
    char = symbol(left or "\n")
    found = map(sides, forms)
    return tuple(math.log(l_.n + r.n + 1) + l_.share(char) for l_, r in found)


@lru_cache(maxsize=1 << 12)
def _rights(forms: tuple[str, ...], right: str) -> tuple[float, ...]:
    char = symbol(right or "\n")
    return tuple(sides(form)[1].share(char) for form in forms)


def ties(form: str, left: str, right: str) -> tuple[float, float]:
    """How much more often each neighbour is met beside `form` than chance would have it, as
    logarithms; one is added to both numbers, so that rare neighbours say little.

    >>> [round(tie) for tie in ties("於", "位", "的")]
    [2, -5]
    """
    if not (found := sides(form)):
        return 0.0, 0.0
    before, behind = (
        math.log((side.met(char) + 1) / (side.n * _share(char) + 1))
        for side, char in zip(found, (symbol(left or "\n"), symbol(right or "\n")), strict=True)
    )
    return before, behind


def ahead(form: str, other: str, left: str, right: str) -> tuple[float, float]:
    """By how much each neighbour is tied more to `form` than to `other`.

    >>> before, behind = ahead("係", "系", "關", "統")  # 關係|統計, not 系統
    >>> before > 4, behind < -9
    (True, True)
    """
    one, two = ties(form, left, right), ties(other, left, right)
    return one[0] - two[0], one[1] - two[1]
