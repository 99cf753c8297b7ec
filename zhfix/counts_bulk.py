"""Characters of a long text counted over arrays, and what they say of its script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from zhfix import script
from zhfix.classes_bulk import told, widen
from zhfix.codes import FAR, codes, places

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["characters", "each_evidence", "each_majority", "evidence"]

_LONG = 20_000  # characters from which a count of every code point pays
_MAJORITIES = "hant", "hans", "shared"
_HAN = ((0x3007, 0x3008), (0x3400, 0xA000), (0xF900, 0xFB00))  # what script.HAN has in the BMP


@cache
def _weights() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Code points of the BMP that tell something, and what."""
    known = [(ord(char), odd) for char, odd in script.odds().items() if char <= "\uffff"]
    return np.array([code for code, _ in known]), np.array([odd for _, odd in known])


def evidence(text: str, stray: int, mark: int) -> tuple[int, ...]:
    """What `script.evidence` counts, in the order of its fields."""
    found = codes(text)
    if len(text) < _LONG:
        counts = np.bincount(_told().take(found.units), minlength=_NOT_HAN + 1)
    else:  # nearly all characters tell one of three things, and are counted by class
        is_han, is_rare, *marked = _classes(mark)
        bits = told(text)
        rare = places((bits & is_rare) != 0)
        counts = np.bincount(_told().take(found.units.take(rare)), minlength=_NOT_HAN + 1)
        for bit, odd in zip(marked, (mark, -mark), strict=True):
            counts[128 + odd] = np.count_nonzero(bits & bit)
        counts[128] = np.count_nonzero(bits & is_han) - counts[:_NOT_HAN].sum()
    for code in found.wide.tolist():  # FAR was counted as not Han
        counts[_of_far(chr(code))] += 1
    hans, hant, n_hans, n_hant, n_all, *marked = (counts @ _fields(stray, mark)).tolist()
    present = counts[:_NOT_HAN].nonzero()[0]
    least, most = (present[[0, -1]] - 128).tolist() if len(present) else (0, 0)
    tops = max(0, most), max(0, -least)
    return (hans, hant, *tops, n_hans, n_hant, n_all - n_hans - n_hant, *marked)


@cache
def _classes(mark: int) -> list[np.uint32]:
    """The bits of what is Han, of what tells something, but less than `mark`, and of what tells as
    much of hans, and of hant; all of the BMP.
    """
    odds, _, is_han = _each()
    names = "Han", "rare", "hans", "hant"
    which = is_han, (odds != 0) & (abs(odds) != mark), odds == mark, odds == -mark
    return [
        np.uint32(widen((__name__, name), chars)) for name, chars in zip(names, which, strict=True)
    ]


@cache
def _fields(stray: int, mark: int) -> NDArray[np.int64]:
    """By what a character tells, what it adds to the sums of an evidence."""
    odds = np.arange(_NOT_HAN + 1) - 128
    rows = np.maximum(odds, 0), np.maximum(-odds, 0), odds >= stray, -odds >= stray
    is_han = np.ones_like(odds)
    fields = np.stack((*rows, is_han, odds == mark, -odds == mark), 1).astype(np.int64)
    fields[_NOT_HAN] = 0
    return fields


def _of_far(char: str) -> int:
    return script.odds().get(char, 0) + 128 if script.is_han(char) else _NOT_HAN


def characters(text: str) -> frozenset[str]:
    """The distinct characters of a text.

    >>> sorted(characters("好的好\U00020000"))
    ['好', '的', '𠀀']
    """
    found = codes(text)
    is_there = np.zeros(1 << 16, bool)
    is_there[found.units] = True
    is_there[FAR] = len(found.far) < np.count_nonzero(found.units == FAR)
    known = map(chr, is_there.nonzero()[0].tolist())
    return frozenset((*known, *map(chr, found.wide.tolist())))


_NOT_HAN = 255


@cache
def _told() -> NDArray[np.uint8]:
    """By code point of the BMP, 128 more than what a character tells, or _NOT_HAN."""
    weights, _, is_han = _each()
    return np.where(is_han, weights.astype(np.int16) + 128, _NOT_HAN).astype(np.uint8)


@cache
def _each() -> tuple[NDArray[np.int8], dict[int, int], NDArray[np.bool_]]:
    """By code point what a character tells, that of those beyond the BMP, and whether it is Han."""
    table, is_han = np.zeros(1 << 16, np.int8), np.zeros(1 << 16, bool)
    known, weights = _weights()
    table[known] = weights
    for a, b in _HAN:
        is_han[a:b] = True
    is_han[known] = True
    far = {ord(char): odd for char, odd in script.odds().items() if char > "\uffff"}
    return table, far, is_han


def each_evidence(
    text: str, spans: Sequence[tuple[int, int]], stray: int, mark: int
) -> Iterator[tuple[int, ...]]:
    """What `script.evidence` counts in each of the spans, which are sorted, apart and not empty."""
    units, bounds, far = _inside(text, spans)
    table, _, is_han = _each()
    weights, han = table.take(units), is_han.take(units)
    for at, code in far:
        weights[at], han[at] = _each()[1].get(code, 0), script.is_han(chr(code))
    hans, hant = np.maximum(weights, 0), np.maximum(-weights, 0)
    sums = [
        np.add.reduceat(part, bounds, dtype=np.int64)[::2]
        for part in (hans, hant, hans >= stray, hant >= stray, han, hans == mark, hant == mark)
    ]
    tops = [np.maximum.reduceat(part, bounds)[::2] for part in (hans, hant)]
    n_hans, n_hant, n_all = sums[2:5]
    fields = (*sums[:2], *tops, n_hans, n_hant, n_all - n_hans - n_hant, *sums[5:])
    return zip(*(field.tolist() for field in fields), strict=True)


def each_majority(text: str, spans: Sequence[tuple[int, int]], mark: int, least: int) -> list[str]:
    """Of the same only the majority, as `script.majorities` has it; evidence below `least` tells
    nothing.
    """
    units, bounds, far = _inside(text, spans)
    weights = _each()[0].take(units)
    for at, code in far:
        weights[at] = _each()[1].get(code, 0)
    parts = np.maximum(weights, 0), np.maximum(-weights, 0), weights == mark, weights == -mark
    hans, hant, in_hans, in_hant = (
        np.add.reduceat(part, bounds, dtype=np.int64)[::2] for part in parts
    )
    marked, told = mark * (in_hans - in_hant), hans - hant
    # the weight of those that both scripts have is a third where characters of one alone stand
    is_hans = np.where((in_hans != 0) | (in_hant != 0), 2 * marked + told, told) > 0
    which = np.where(np.maximum(hans, hant) < least, 2, is_hans).tolist()
    return [_MAJORITIES[i] for i in which]


def _inside(
    text: str, spans: Sequence[tuple[int, int]]
) -> tuple[NDArray[np.uint16], NDArray[np.int64], list[tuple[int, int]]]:
    """The units in the spans and perhaps between them, and one more, with the bounds of the spans
    among them; and which of them are code points beyond the BMP.
    """
    bounds = np.array(spans, np.int64).ravel()
    start, end = int(bounds[0]), int(bounds[-1])
    sizes = bounds[1::2] - bounds[::2]
    units = codes(text).units
    if 2 * sizes.sum() < end - start:  # only the characters in the spans
        at = np.cumsum(sizes) - sizes
        inside = np.arange(int(sizes.sum())) + np.repeat(bounds[::2] - at, sizes)
        units = units.take(inside)
        bounds[::2], bounds[1::2] = at, at + sizes
    else:
        inside = np.arange(start, end)
        units = units[start:end]
        bounds -= start
    far = np.flatnonzero(units == FAR).tolist()
    # what a span has is added up to where the next bound is; behind the last one must be something
    units = np.append(units, np.uint16(0))
    return units, bounds, [(i, ord(text[inside[i]])) for i in far]
