"""The first question of the prefilter, asked of a long text over arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np

from zhfix.codes import codes
from zhfix.mojibake.oddities import specs
from zhfix.pattern import ranges

__all__ = ["found"]

_BEHIND = 3  # bits of the pairs whose second character is the place
_PAGE = 2_000  # characters; what is longer is searched without being asked for first
_HOT, _MILD = 1 << 15, 1 << 14


@cache
def _tables() -> tuple[np.ndarray, np.ndarray]:
    """By code point: the classes a character begins, and those it may follow in."""
    hot, behind, pairs, mild = specs()
    first, second = np.zeros(1 << 16, np.uint16), np.zeros(1 << 16, np.uint16)
    for k, (one, two) in enumerate((*behind, *pairs)):
        _mark(first, one, 1 << k)
        _mark(second, two, 1 << k)
    _mark(first, hot, _HOT)
    _mark(first, mild, _MILD)
    return first, second


def _mark(table: np.ndarray, spec: str, bit: int) -> None:
    """Set a bit for the characters of a class, those that stand alone together."""
    parts = list(ranges(spec))
    table[[a for a, b in parts if a == b]] |= bit
    for a, b in parts:
        if a < b:
            table[a : b + 1] |= bit


def found(text: str) -> Sequence[int]:
    """The offsets that `oddities.hits` yields; those of a page are remembered, since the search
    asks what the trigger asked.

    >>> list(found("你好浣犲ソ"))
    [3]
    """
    return _page(text) if len(text) <= _PAGE else _found(text)


@lru_cache(maxsize=2)
def _page(text: str) -> tuple[int, ...]:
    return tuple(_found(text))


def _found(text: str) -> list[int]:
    units = codes(text).units
    first, second = _tables()
    begins = first.take(units)
    at = np.flatnonzero(begins != 0)
    if not len(at):
        return []
    kinds = begins.take(at)
    both = kinds & second.take(units.take(at + 1, mode="clip"))
    if at[-1] == len(units) - 1:
        both[-1] = 0  # nothing stands behind it
    is_hit = (kinds >= _HOT) | (both > _BEHIND)
    is_mild = (kinds & _MILD) != 0
    if len(at) > 2 and is_mild.any():
        is_hit[:-2] |= is_mild[:-2] & is_mild[1:-1] & is_mild[2:] & (at[2:] - at[:-2] == 2)
    offsets: list[int] = at[is_hit].tolist()
    is_behind = (both & _BEHIND) != 0
    return sorted({*offsets, *(at[is_behind] + 1).tolist()}) if is_behind.any() else offsets
