"""The windows of a block: converted one by one, or known from before, and put back in place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zhfix.codes import codes_of, fold, text_of
from zhfix.named import NamedTuple

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from numpy.typing import NDArray

    from zhfix.codes import Codes, Places, Units

    Words = NDArray[np.uint64]

# 2^15 slots for short windows: half a megabyte for each engine that is used.
_SEEN_BITS = 15

# Length of a span in units -> the bits it takes of 64; from five units on none.
_SPAN_MASKS = np.array([0, (1 << 16) - 1, (1 << 32) - 1, (1 << 48) - 1, (1 << 64) - 1, 0], "u8")

# Units beyond both ends of a block, so that views of overlapping numbers may begin and end there.
_BEFORE, _AFTER = 1, 4


class Block(NamedTuple):
    """A stretch of text, a number for each character; and what a lookup of them made of it."""

    text: str
    codes: Codes  # code points
    units: Units  # the same in 16 bits, see `fold`
    around: Units  # the units with zeros on both sides
    far: Places  # the characters beyond the BMP

    @classmethod
    def of(cls, text: str) -> Block:
        """The block of a text."""
        codes = codes_of(text)
        around = np.zeros(len(codes) + _BEFORE + _AFTER, np.uint16)
        units = around[_BEFORE:-_AFTER]
        return cls(text, codes, units, around, fold(codes, units))

    @property
    def pairs(self) -> NDArray[np.uint32]:
        """The unit before each place, and the one after it above; one more than units."""
        return np.ndarray(len(self.units) + 1, np.uint32, self.around, strides=(2,))


class Splice(NamedTuple):
    """A window whose value does not fit over its characters."""

    start: int
    end: int
    value: str


class Mender:
    """Replaces windows of mapped text by their exact conversion; each thread has its own.

    Most windows are words that come again. The short ones are kept as numbers, up to four units
    in 64 bits, and do not become Python strings a second time. A window is forgotten when another
    one takes its slot. Threads never share a mender, so its arrays need no lock.
    """

    def __init__(self, convert: Mapping[str, str]) -> None:
        self._convert = convert
        self._keys = np.zeros(1 << _SEEN_BITS, np.uint64)
        self._values = np.zeros(1 << _SEEN_BITS, np.uint64)

    def mend(self, block: Block, mapped: Codes, starts: Places, ends: Places) -> list[Splice]:
        """Convert the windows of a block, given in places, over the mapped text.

        Windows that keep their length are written over it; the others come back, in order, for
        `spliced`.
        """
        sizes = ends - starts
        words = _words(block.around, starts, sizes)
        if len(block.far):  # a folded character stands for many
            words[_has_any(block.far, starts, ends)] = 0
        new = np.flatnonzero(~self._write_known(mapped, words, starts, sizes))
        if not len(new):
            return []
        return self._write_new(block, mapped, words[new], starts[new], ends[new])

    def _write_known(
        self, mapped: Codes, words: Words, starts: Places, sizes: Places
    ) -> NDArray[np.bool_]:
        """Write the windows met before; which ones they are."""
        slots = _slots(words)
        known: NDArray[np.bool_] = (self._keys[slots] == words) & (words > 0)
        values = self._values[slots[known]].view(np.uint16).reshape(-1, 4)
        places = starts[known][:, None] + np.arange(4)
        inside = np.arange(4) < sizes[known][:, None]
        mapped[places[inside]] = values[inside]
        return known

    def _write_new(
        self, block: Block, mapped: Codes, words: Words, starts: Places, ends: Places
    ) -> list[Splice]:
        """Convert the windows not met before and put them in place."""
        convert, text = self._convert, block.text
        spans = list(zip(starts.tolist(), ends.tolist(), strict=True))
        values = [convert[text[start:end]] for start, end in spans]
        made = Block.of("".join(values))
        sizes = np.fromiter(map(len, values), np.int64, len(values))
        before = np.cumsum(sizes) - sizes
        same = sizes == ends - starts
        is_short = same & (words > 0)
        if len(made.far):
            is_short &= ~_has_any(made.far, before, before + sizes)
        slots = _slots(words[is_short])
        self._keys[slots] = words[is_short]
        self._values[slots] = _words(made.around, before[is_short], sizes[is_short])
        # such values are written over the mapped characters
        places = np.repeat(starts - before, sizes) + np.arange(len(made.codes))
        if same.all():
            mapped[places] = made.codes
            return []
        written = np.repeat(same, sizes)
        mapped[places[written]] = made.codes[written]
        return [Splice(*spans[at], values[at]) for at in np.flatnonzero(~same).tolist()]


def _has_any(places: Places, starts: Places, ends: Places) -> NDArray[np.bool_]:
    """Whether any of the ascending places is in each span."""
    found: NDArray[np.bool_] = np.searchsorted(places, starts) < np.searchsorted(places, ends)
    return found


def _words(around: Units, starts: Places, sizes: Places) -> Words:
    """The units of each span as one number, 0 for a span of more than four units."""
    # a view of overlapping numbers, one from each unit on
    shape = len(around) - _BEFORE - _AFTER + 1
    view = np.ndarray(shape, np.uint64, around, offset=2 * _BEFORE, strides=(2,))
    words: Words = view[starts] & _SPAN_MASKS[np.minimum(sizes, 5)]
    return words


def _slots(words: Words) -> Places:
    # the golden ratio in 64 bits: its upper bits depend on all units
    mixed: Words = (words * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _SEEN_BITS)
    return mixed.astype(np.int64)


def spliced(mapped: Codes, splices: list[Splice]) -> str:
    """The code points as text, with the splices in place."""
    text = text_of(mapped)
    if not splices:
        return text
    parts: list[str] = []
    last = 0
    for splice in splices:
        parts += text[last : splice.start], splice.value
        last = splice.end
    parts.append(text[last:])
    return "".join(parts)
