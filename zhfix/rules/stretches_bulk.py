"""What the lines of a long text hold, by table look-up over arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from zhfix.classes_bulk import bit_of, told
from zhfix.codes import codes, in_order
from zhfix.protect import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Lines"]

_NOTHING = np.zeros(1, np.intp)


class Lines:
    """Reads lines by which of some sets of characters they hold: the first is bit 1, then 2, 4."""

    def __init__(self, sets: Iterable[frozenset[str]]) -> None:
        self._bits = [bit_of(chars) for chars in sets]

    def _held(self, text: str, starts: NDArray[np.int64]) -> NDArray[np.intp]:
        """What stands from each of some places to the next one."""
        held = np.bitwise_or.reduceat(told(text), starts)
        each = ((held & np.uint32(bit)) != 0 for bit in self._bits)
        return sum((is_in.astype(np.intp) << i for i, is_in in enumerate(each)), start=_NOTHING)

    def bits(self, texts: Sequence[str]) -> list[int]:
        """What each of some texts holds."""
        starts = np.cumsum([0, *(len(text) + 1 for text in texts[:-1])])
        bits: list[int] = self._held("\n".join(texts) + "\n", starts).tolist()
        return bits

    def runs(
        self, text: str, protected: Sequence[Span], kinds: Sequence[int]
    ) -> list[tuple[int, int, int]]:
        """(start, end, bits) of the lines outside of protected spans, which cut them, that matter.

        `kinds` says what lines of each number of bits are: negative is left out; 0 goes with what
        is before it, and is left out with that; neighbours of one kind above 1 are one.
        """
        starts = np.concatenate(([0], np.flatnonzero(codes(text).units[:-1] == ord("\n")) + 1))
        is_shut = np.zeros(0, bool)
        if protected:
            spans = np.array(protected, np.int64)
            starts = in_order(np.append(starts, spans[spans < len(text)]))
            i = np.searchsorted(spans[:, 0], starts, side="right") - 1
            is_shut = (i >= 0) & (starts < spans[i, 1])
        bits = self._held(text, starts)
        kind = np.array(kinds, np.int8)[bits]
        if protected:
            kind[is_shut] = -1
        told, is_kept = self._filled(kind)
        is_new = np.ones(len(bits), bool)
        is_new[1:] = (told[1:] != told[:-1]) | (kind[1:] == 1) | (kind[:-1] == 1)
        first = np.flatnonzero(is_new)
        ends = np.append(starts[first[1:]], len(text))
        kept = is_kept[first]
        found = (starts[first][kept], ends[kept], bits[first][kept])
        return list(zip(*(part.tolist() for part in found), strict=True))

    @staticmethod
    def _filled(kind: NDArray[np.int8]) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
        """Kinds where 0 is what stands before it, but for 1; and which of them are not negative."""
        at = np.where(kind != 0, np.arange(len(kind)), 0)
        before = kind[np.maximum.accumulate(at)]
        # at the head of a text nothing is before it
        told = np.where((kind == 0) & (before == 1), 0, np.where(before == 0, -1, before))
        return told, told >= 0
