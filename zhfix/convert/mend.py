"""The windows of a block: converted one by one, or known from before, and put back in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Units = NDArray[np.uint16]
    Words = NDArray[np.uint64]
    Places = NDArray[np.int64]

# 2^15 slots for short windows: half a megabyte while a text is converted.
_SEEN_BITS = 15

# Length of a span in units -> the bits it takes of 64; from five units on none.
_SPAN_MASKS = np.array([0, (1 << 16) - 1, (1 << 32) - 1, (1 << 48) - 1, (1 << 64) - 1, 0], "u8")


class Block(NamedTuple):
    """A stretch of text, and what a lookup of its characters made of it."""

    text: str
    data: bytes  # the text as UTF-16
    units: Units  # the same as numbers
    mapped: Units  # the units after the lookup; written to
    heads: Places  # the first units of characters that take two


class Splice(NamedTuple):
    """A window whose value does not fit over its units."""

    start: int  # in units
    end: int
    first: int  # the character of the text that it begins with
    value: str


class Mender:
    """Replaces windows of mapped text by their exact conversion; made anew for each text.

    Most windows are words that come again. The short ones are kept as numbers, up to four units
    in 64 bits, and do not become Python strings a second time. A window is forgotten when another
    one takes its slot. Threads never share a mender, so its arrays need no lock.
    """

    def __init__(self, convert: Mapping[str, str]) -> None:
        self._convert = convert
        self._keys = np.zeros(1 << _SEEN_BITS, np.uint64)
        self._values = np.zeros(1 << _SEEN_BITS, np.uint64)

    def mend(self, block: Block, starts: Places, ends: Places) -> list[Splice]:
        """Convert the windows, given in units, of the mapped text of a block.

        Windows that keep their units' places are written over the mapped text; the others come
        back, in order, for `spliced`.
        """
        if len(starts) and len(block.heads):
            # shared hashes can let a window begin or end inside a character: leave that one out
            starts = starts + _is_inside(block.mapped, starts)
            ends = ends - _is_inside(block.mapped, ends)
        sizes = ends - starts
        words = _words(block.data, starts, sizes)
        new = np.flatnonzero(~self._write_known(block.mapped, words, starts, sizes))
        return self._write_new(block, words[new], starts[new], ends[new]) if len(new) else []

    def _write_known(
        self, mapped: Units, words: Words, starts: Places, sizes: Places
    ) -> NDArray[np.bool_]:
        """Write the windows met before; which ones they are."""
        slots = _slots(words)
        known: NDArray[np.bool_] = (self._keys[slots] == words) & (words > 0)
        values = self._values[slots[known]].view(np.uint16).reshape(-1, 4)
        places = starts[known][:, None] + np.arange(4)
        inside = np.arange(4) < sizes[known][:, None]
        mapped[places[inside]] = values[inside]
        return known

    def _write_new(self, block: Block, words: Words, starts: Places, ends: Places) -> list[Splice]:
        """Convert the windows not met before and put them in place."""
        firsts, lasts = starts, ends
        if len(block.heads):  # from units to characters
            firsts = starts - np.searchsorted(block.heads, starts)
            lasts = ends - np.searchsorted(block.heads, ends)
        convert, text = self._convert, block.text
        spans = list(zip(firsts.tolist(), lasts.tolist(), strict=True))
        values = [convert[text[start:end]] for start, end in spans]
        data = "".join(values).encode("utf-16-le")
        units = np.frombuffer(data, np.uint16)
        sizes = np.fromiter(map(len, values), np.int64, len(values))
        if len(units) != sizes.sum():  # a value has characters beyond the BMP
            sizes = np.array([len(value.encode("utf-16-le")) // 2 for value in values])
        before = np.cumsum(sizes) - sizes
        # each character where it was: none beyond the BMP goes or comes
        same = (sizes == ends - starts) & (lasts - firsts == ends - starts)
        self._remember(words[same], _words(data, before[same], sizes[same]))
        # such values are written over the mapped characters
        places = np.repeat(starts - before, sizes) + np.arange(len(units))
        written = np.repeat(same, sizes)
        block.mapped[places[written]] = units[written]
        return [
            Splice(int(starts[at]), int(ends[at]), spans[at][0], values[at])
            for at in np.flatnonzero(~same).tolist()
        ]

    def _remember(self, words: Words, values: Words) -> None:
        short = words > 0
        slots = _slots(words[short])
        self._keys[slots] = words[short]
        self._values[slots] = values[short]


def _is_inside(units: Units, places: Places) -> NDArray[np.bool_]:
    """Whether each place is between the two units of one character."""
    inside: NDArray[np.bool_] = (units.take(places, mode="clip") & 0xFC00) == 0xDC00
    return inside & (places < len(units))


def _words(data: bytes, starts: Places, sizes: Places) -> Words:
    """The units of each span as one number, 0 for a span of more than four units."""
    # a view of overlapping numbers, one from each unit on; eight bytes more for the last ones
    view = np.ndarray(len(data) // 2 + 1, np.uint64, data + bytes(8), strides=(2,))
    words: Words = view[starts] & _SPAN_MASKS[np.minimum(sizes, 5)]
    return words


def _slots(words: Words) -> Places:
    # the golden ratio in 64 bits: its upper bits depend on all units
    mixed: Words = (words * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _SEEN_BITS)
    return mixed.astype(np.int64)


def spliced(mapped: Units, splices: list[Splice]) -> str:
    """The units as text, with the splices in place."""
    if not splices:
        return str(mapped.data, "utf-16-le")
    parts: list[bytes | memoryview] = []
    last = 0
    for splice in splices:
        parts += mapped.data[last : splice.start], splice.value.encode("utf-16-le")
        last = splice.end
    parts.append(mapped.data[last:])
    return b"".join(parts).decode("utf-16-le")
