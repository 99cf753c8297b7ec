"""What the lines of a long text tell of the script they are in, by table look-up over arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from zhfix.codes import in_order
from zhfix.convert.chain import line_blocks
from zhfix.convert.lines import odds_in, regional_forms
from zhfix.convert.mend import Block
from zhfix.named import NamedTuple
from zhfix.protect import Span
from zhfix.script import MARK, SPEAKS, marks, odds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from zhfix.codes import Codes, Places

    Bits = NDArray[np.uint8]
    Odds = NDArray[np.int8]

__all__ = [
    "HANS",
    "HANT",
    "WEIGHED",
    "Lines",
    "Telling",
    "line_runs",
    "line_starts",
    "telling",
    "text_bits",
]

# bits: the line holds a character of hans alone, of hant alone, of both scripts that is commoner in
# one of them
HANS, HANT, WEIGHED = 1, 2, 4
_NEWLINE = np.uint16(ord("\n"))


class Lines(NamedTuple):
    """The lines of a block: where they begin, how long they are, and what they tell."""

    starts: Places
    sizes: Places
    bits: Bits

    def places(self, which: Places) -> Places:
        """The places of all characters of some of the lines."""
        sizes = self.sizes[which]
        ends = np.cumsum(sizes)
        places: Places = np.arange(ends[-1] if len(ends) else 0)
        return places + np.repeat(self.starts[which] - ends + sizes, sizes)


class Telling:
    """What each character tells of the script, as `to` writes it."""

    def __init__(self, to: str) -> None:
        self.bits = np.zeros(0x10000, np.uint8)
        self._odds = np.zeros(0x10000, np.int8)
        rewritten, weights = regional_forms(to), odds_in(to)
        far = []
        for char in odds():
            mark = marks().get(char)
            bit = WEIGHED if mark is None else HANS if mark == "hans" else HANT
            # a character that the target's region writes otherwise is to be weighed
            bit = WEIGHED if bit == HANT and ord(char) in rewritten else bit
            if char <= "\uffff":
                self.bits[ord(char)] = bit
                self._odds[ord(char)] = weights.get(char, 0)
            else:
                far.append((ord(char), bit, weights.get(char, 0)))
        far.sort()
        codes, bits, tenths = zip(*far, strict=True)
        self._far, self._far_bits = np.array(codes, np.uint32), np.array(bits, np.uint8)
        self._far_odds = np.array(tenths, np.int8)

    def far_bits(self, codes: Codes) -> Bits:
        """The bits of characters beyond the BMP, which have none by their unit."""
        at = np.searchsorted(self._far, codes)
        found: Bits = np.where(self._far.take(at, mode="clip") == codes, 1, 0).astype(np.uint8)
        return found * self._far_bits.take(at, mode="clip")

    def _told(self, codes: Codes) -> Odds:
        """Tenths of nats for hans (+) or hant (-) of each character."""
        told: Odds = self._odds.take(codes, mode="clip")  # the last code of the BMP tells nothing
        far = np.flatnonzero(codes >= len(self._odds))
        if len(far):
            at = np.searchsorted(self._far, codes[far])
            is_known = self._far.take(at, mode="clip") == codes[far]
            told[far] = np.where(is_known, self._far_odds.take(at, mode="clip"), 0)
        return told

    def line_bits(self, block: Block, starts: Places) -> Bits:
        """The bits of the lines of a block that begin at `starts`."""
        told = self.bits.take(block.units)
        if len(block.far):
            told[block.far] = self.far_bits(block.codes[block.far])
        found: Bits = np.bitwise_or.reduceat(told, starts)
        return found

    def scripts(self, block: Block, lines: Lines) -> Bits:
        """HANS or HANT for each line, as script.majority has it; 0 where it is `shared`."""
        found: Bits = lines.bits & np.uint8(HANS | HANT)
        open_ = np.flatnonzero((found == (HANS | HANT)) | ((found == 0) & (lines.bits > 0)))
        if len(open_):
            found[open_] = self.weighed(block, lines, open_)
        return found

    def weighed(self, block: Block, lines: Lines, which: Places) -> Bits:
        """HANS, HANT or 0 for some of the lines, by all their characters."""
        if not len(which):
            return np.zeros(0, np.uint8)
        told = self._told(block.codes[lines.places(which)])
        sizes = lines.sizes[which]
        before = np.cumsum(sizes) - sizes
        both = np.add.reduceat(told, before, dtype=np.int64)
        hans = np.add.reduceat(np.maximum(told, 0), before, dtype=np.int64)
        n_marked = np.add.reduceat((told == MARK).astype(np.int8), before, dtype=np.int64)
        n_hant = np.add.reduceat((told == -MARK).astype(np.int8), before, dtype=np.int64)
        # as script._outweighs has it
        beyond = MARK * (n_marked - n_hant)
        margin = np.where(n_marked + n_hant, 2 * beyond + both, both)
        speaks = np.maximum(hans, hans - both) >= SPEAKS
        return np.where(speaks, np.where(margin > 0, HANS, HANT), 0).astype(np.uint8)


@cache
def telling(to: str) -> Telling:
    """The tables for one target."""
    return Telling(to)


def line_starts(block: Block) -> Places:
    """Where the lines of a block begin, which has at least one character."""
    ends = np.flatnonzero(block.units[:-1] == _NEWLINE)
    starts = np.zeros(len(ends) + 1, np.int64)
    np.add(ends, 1, out=starts[1:])
    return starts


def _sure(bits: Bits) -> tuple[Bits, NDArray[np.bool_]]:
    """Bits without WEIGHED where a line is not to be weighed, and which lines those are: one script
    outweighs what is common to both.
    """
    is_marked = bits & (HANS | HANT)
    is_sure = (is_marked == HANS) | (is_marked == HANT) | (bits == 0)
    return np.where(is_sure, is_marked, bits | WEIGHED), is_sure


_SHUT = np.uint8(1 << 7)  # stands for a protected line


def line_runs(text: str, to: str, protected: Sequence[Span] = ()) -> list[tuple[int, int, int]]:
    """(start, end, bits) of the lines of `text` outside of protected spans, which cut them;
    neighbours that are HANS or HANT alone, or tell nothing at all, are one run.
    """
    if not text:
        return []
    spans = np.array(protected, np.int64).reshape(-1, 2)
    starts, bits = _whole_lines(text, to, in_order(spans))
    ends = np.append(starts[1:], len(text))
    bits, is_sure = _sure(bits)
    if len(spans):
        i = np.searchsorted(spans[:, 0], starts, side="right") - 1
        bits = np.where((i >= 0) & (starts < spans[i, 1]), _SHUT, bits)
    is_new = np.ones(len(bits), bool)
    is_new[1:] = (bits[1:] != bits[:-1]) | ~is_sure[1:]
    first = np.flatnonzero(is_new)
    last = np.append(first[1:], len(bits)) - 1
    is_open = bits[first] != _SHUT
    first, last = first[is_open], last[is_open]
    return list(zip(starts[first].tolist(), ends[last].tolist(), bits[first].tolist(), strict=True))


def _whole_lines(text: str, to: str, cuts: Places) -> tuple[Places, Bits]:
    """Where the lines of a text begin, which also ends them at `cuts`, and their bits."""
    found: list[tuple[Places, Bits]] = []
    begun, is_ended = 0, True
    for part in line_blocks(text):
        block = Block.of(part)
        here = cuts[(cuts >= begun) & (cuts < begun + len(part))] - begun
        starts = line_starts(block)
        if len(here):
            starts = in_order(np.append(starts, here))
        bits = telling(to).line_bits(block, starts)
        if not is_ended and not (len(here) and here[0] == 0):  # a line longer than a block
            found[-1][1][-1] |= bits[0]
            starts, bits = starts[1:], bits[1:]
        if len(starts):
            found.append((starts + begun, bits))
        begun, is_ended = begun + len(part), part.endswith("\n")
    return np.concatenate([each[0] for each in found]), np.concatenate([each[1] for each in found])


def text_bits(joined: str, sizes: list[int], gap: int, to: str) -> list[int]:
    """Bits of each text, of `sizes` characters, joined with `gap` characters that begin with a line
    end; WEIGHED is among them if a line is to be weighed.
    """
    if not joined:
        return [0] * len(sizes)
    block = Block.of(joined)
    starts = line_starts(block)
    bits = _sure(telling(to).line_bits(block, starts))[0]
    begins = np.cumsum(np.array([0, *sizes[:-1]]) + gap) - gap
    first = np.searchsorted(starts, begins, side="right") - 1
    told: list[int] = np.bitwise_or.reduceat(bits, first).tolist()
    return told
