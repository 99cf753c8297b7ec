"""Which lines of a long text hold characters that tell the script, by table look-up over arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from zhfix.convert.chain import line_blocks
from zhfix.convert.target import regional_forms
from zhfix.protect import Span
from zhfix.script import marks, odds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bits = NDArray[np.uint8]
    Places = NDArray[np.int64]

__all__ = ["HANS", "HANT", "WEIGHED", "line_bits", "line_runs", "text_bits"]

# bits: the line holds a character of hans alone, of hant alone, of both scripts that is commoner in
# one of them
HANS, HANT, WEIGHED = 1, 2, 4


@cache
def _table(to: str) -> tuple[Bits, dict[int, int]]:
    """UTF-16 unit to its bit; character beyond the BMP to its bit. A character that the target's
    region writes otherwise is to be weighed.
    """
    rewritten = regional_forms(to)
    table = np.full(0x10000, 0, np.uint8)
    far = {}
    for char in odds():
        mark = marks().get(char)
        bit = WEIGHED if mark is None else HANS if mark == "hans" else HANT
        bit = WEIGHED if bit == HANT and ord(char) in rewritten else bit
        if char <= "\uffff":
            table[ord(char)] = bit
        else:
            far[ord(char)] = bit
    return table, far


def line_bits(
    text: str, to: str = "", cuts: Places | None = None
) -> tuple[Places, Places, Bits] | None:
    """Start, end and bits of each line of `text`, which also ends at `cuts`; None where lone
    surrogates stand beside whole ones, so that units cannot be counted.
    """
    if not text:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint8)
    units: NDArray[np.uint16] = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    table, far = _table(to)
    told = table.take(units)
    starts = np.concatenate(([0], np.flatnonzero(units[:-1] == ord("\n")) + 1))
    if len(units) == len(text):
        if cuts is not None:
            starts = np.union1d(starts, cuts)
        ends = np.append(starts[1:], len(units))
        return starts, ends, np.bitwise_or.reduceat(told, starts)
    heads = np.flatnonzero((units & 0xFC00) == 0xD800)
    if len(units) - len(heads) != len(text):
        return None
    high, low = units[heads].astype(np.uint32), units[heads + 1].astype(np.uint32)
    codes = (high - 0xD800 << 10) + (low - 0xDC00) + 0x10000
    for head, code in zip(heads.tolist(), codes.tolist(), strict=True):
        told[head] = far.get(code, 0)
    if cuts is not None:
        starts = np.union1d(starts, cuts + np.searchsorted(heads - np.arange(len(heads)), cuts))
    bits = np.bitwise_or.reduceat(told, starts)
    starts = starts - np.searchsorted(heads, starts)
    return starts, np.append(starts[1:], len(text)), bits


def _sure(bits: Bits) -> tuple[Bits, NDArray[np.bool_]]:
    """Bits without WEIGHED where a line is not to be weighed, and which lines those are: one script
    outweighs what is common to both.
    """
    is_marked = bits & (HANS | HANT)
    is_sure = (is_marked == HANS) | (is_marked == HANT) | (bits == 0)
    return np.where(is_sure, is_marked, bits | WEIGHED), is_sure


_SHUT = 1 << 7  # stands for a protected line


def line_runs(
    text: str, to: str, protected: Sequence[Span] = ()
) -> list[tuple[int, int, int]] | None:
    """(start, end, bits) of the lines of `text` outside of protected spans, which cut them;
    neighbours that are HANS or HANT alone, or tell nothing at all, are one run. None as for
    `line_bits`.
    """
    spans = np.array(protected, np.int64).reshape(-1, 2)
    runs: list[tuple[int, int, int]] = []
    begun = 0
    for block in line_blocks(text):
        cuts = np.unique(spans)
        cuts = cuts[(cuts > begun) & (cuts < begun + len(block))] - begun
        found = line_bits(block, to, cuts if len(cuts) else None)
        if found is None:
            return None
        starts, ends, bits = found
        bits, is_sure = _sure(bits)
        if len(spans):
            i = np.searchsorted(spans[:, 0], starts + begun, side="right") - 1
            bits = np.where((i >= 0) & (starts + begun < spans[i, 1]), _SHUT, bits)
        is_new = np.ones(len(bits), bool)
        is_new[1:] = (bits[1:] != bits[:-1]) | ~is_sure[1:]
        first = np.flatnonzero(is_new)
        last = np.append(first[1:], len(bits)) - 1
        is_open = bits[first] != _SHUT
        first, last = first[is_open], last[is_open]
        runs += zip(
            (starts[first] + begun).tolist(),
            (ends[last] + begun).tolist(),
            bits[first].tolist(),
            strict=True,
        )
        begun += len(block)
    return runs


def text_bits(joined: str, sizes: list[int], gap: int, to: str) -> list[int] | None:
    """Bits of each text, of `sizes` characters, joined with `gap` characters that begin with a line
    end; WEIGHED is among them if a line is to be weighed. None as for `line_bits`.
    """
    if not joined:
        return [0] * len(sizes)
    found = line_bits(joined, to)
    if found is None:
        return None
    starts, _, bits = found
    begins = np.cumsum(np.array([0, *sizes[:-1]]) + gap) - gap
    first = np.searchsorted(starts, begins, side="right") - 1
    told: list[int] = np.bitwise_or.reduceat(_sure(bits)[0], first).tolist()
    return told
