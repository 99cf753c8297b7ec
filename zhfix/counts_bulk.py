"""Characters of a long text counted over arrays, and what they say of its script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from zhfix import script
from zhfix.codes import FAR, codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Tally", "each_evidence", "told"]

_PART = 1 << 19  # units counted at a time: bincount makes eight bytes of each
_HAN = ((0x3007, 0x3008), (0x3400, 0xA000), (0xF900, 0xFB00))  # what script.HAN has in the BMP


@cache
def _weights() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Code points of the BMP that tell something, and what, those for hant first."""
    known = sorted((odd, ord(char)) for char, odd in script.odds().items() if char <= "\uffff")
    return np.array([code for _, code in known]), np.array([odd for odd, _ in known])


class Tally:
    """How often each character stands in a text."""

    def __init__(self, text: str) -> None:
        found = codes(text)
        # characters beyond the BMP are few: counted one by one
        self._beyond = Counter(map(chr, found.wide.tolist()))
        # numbers of 32 bits: several tallies are remembered
        self._counts = np.bincount(found.units[:_PART], minlength=1 << 16).astype(np.int32)
        for at in range(_PART, len(found.units), _PART):
            self._counts += np.bincount(found.units[at : at + _PART], minlength=1 << 16)
        self._counts[FAR] -= len(found.far)

    def __contains__(self, char: object) -> bool:
        char = str(char)
        return bool(self._counts[ord(char)] if char <= "\uffff" else self._beyond[char])

    def characters(self) -> frozenset[str]:
        """The distinct characters."""
        units = np.flatnonzero(self._counts != 0).astype("<u2")
        # apart, so that two lone surrogates next to each other do not become one character
        parts = units[units < 0xDC00], units[units >= 0xDC00]
        found = (part.tobytes().decode("utf-16-le", "surrogatepass") for part in parts)
        return frozenset("".join((*found, *self._beyond)))

    def evidence(self, stray: int, mark: int) -> tuple[int, ...]:
        """What `script.evidence` counts, in the order of its fields."""
        codes, weights = _weights()
        n = self._counts.take(codes)
        n_all = sum(int(self._counts[a:b].sum()) for a, b in _HAN)
        if self._beyond:
            n_all += sum(times for char, times in self._beyond.items() if script.is_han(char))
            known = {char: script.odds()[char] for char in self._beyond if char in script.odds()}
            weights = np.append(weights, [*known.values()]).astype(np.int64)
            order = np.argsort(weights, kind="stable")
            n = np.append(n, [self._beyond[char] for char in known]).astype(np.int64)
            weights, n = weights[order], n[order]
        # weights are sorted, so that those of a kind stand side by side
        bounds = (-mark + 1, -stray + 1, 0, 1, stray, mark)
        least, hant, below, above, hans, most = np.searchsorted(weights, bounds).tolist()
        present = np.flatnonzero(n)
        top = weights.take(present[[0, -1]]).tolist() if len(present) else (0, 0)
        n_hans, n_hant = int(n[hans:].sum()), int(n[:hant].sum())
        return (
            int(n[above:] @ weights[above:]),
            -int(n[:below] @ weights[:below]),
            max(0, top[1]),
            max(0, -top[0]),
            n_hans,
            n_hant,
            n_all - n_hans - n_hant,
            int(n[most:].sum()),
            int(n[:least].sum()),
        )


_NOT_HAN = 255


@cache
def _told() -> NDArray[np.uint8]:
    """By code point of the BMP, 128 more than what a character tells, or _NOT_HAN."""
    weights, _, is_han = _each()
    return np.where(is_han, weights.astype(np.int16) + 128, _NOT_HAN).astype(np.uint8)


def told(text: str, nothing: int) -> list[tuple[int, int]]:
    """What the characters of a page tell, each with how often; `nothing` of those not Han.

    >>> told("头头OK", 0)
    [(80, 2), (0, 2)]
    """
    found = codes(text)
    counts = np.bincount(_told().take(found.units))
    present = np.flatnonzero(counts)
    pairs = zip((present - 128).tolist(), counts[present].tolist(), strict=True)
    counted = [(nothing if odd == _NOT_HAN - 128 else odd, n) for odd, n in pairs]
    if len(found.far):  # FAR was counted as not Han
        counted += ((_beyond(chr(code), nothing), 1) for code in found.wide.tolist())
        counted.append((nothing, -len(found.far)))
    return counted


def _beyond(char: str, nothing: int) -> int:
    return script.odds().get(char, 0) or (0 if script.is_han(char) else nothing)


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


def each_sums(
    text: str, spans: Sequence[tuple[int, int]], mark: int
) -> Iterator[tuple[int, int, int, int]]:
    """Of the same only the evidence for hans and hant, and the characters of one script alone."""
    units, bounds, far = _inside(text, spans)
    weights = _each()[0].take(units)
    for at, code in far:
        weights[at] = _each()[1].get(code, 0)
    hans, hant = np.maximum(weights, 0), np.maximum(-weights, 0)
    sums = [
        np.add.reduceat(part, bounds, dtype=np.int64)[::2].tolist()
        for part in (hans, hant, hans == mark, hant == mark)
    ]
    return zip(*sums, strict=True)


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
