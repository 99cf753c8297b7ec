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
        for table, spec in ((first, one), (second, two)):
            for a, b in ranges(spec):
                table[a : b + 1] |= 1 << k
    for bit, spec in ((_HOT, hot), (_MILD, mild)):
        for a, b in ranges(spec):
            first[a : b + 1] |= bit
    return first, second


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
    hit = begins >= _HOT
    both = begins[:-1] & second.take(units[1:])
    hit[1:] |= (both & _BEHIND) != 0
    hit[:-1] |= both > _BEHIND
    mild = (begins & _MILD) != 0
    hit[:-2] |= mild[:-2] & mild[1:-1] & mild[2:]
    offsets: list[int] = np.flatnonzero(hit).tolist()
    return offsets
