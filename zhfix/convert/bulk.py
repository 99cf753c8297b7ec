"""Conversion with numpy: the engine for long text.

The same plan as the plain engine, over arrays: a character is a number of 16 bits, its unit, and
one beyond the BMP has the unit of all that share its first half in UTF-16. One table lookup maps
all characters and marks the anchors; a hashed table of pairs tells which anchors are hits and how
far their windows reach. Only the windows become Python strings (`mend.py`). Characters that share a
unit and pairs that share a hash make a window longer than needed, or one that was not needed at
all, never a wrong result.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from zhfix.codes import codes_of, fold, in_order
from zhfix.codes import places as places_where
from zhfix.convert.chain import Chain, Piece
from zhfix.convert.engine import Engine
from zhfix.convert.mend import Block, Mender, Splice, spliced
from zhfix.convert.plain import Plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from zhfix.codes import Codes, Places, Units

    Entries = NDArray[np.uint32]
    Marks = NDArray[np.uint8]
    Pairs = NDArray[np.uint32]

# Marks of a unit, in the upper bits of its table entry: look at the pair before it, at the pair
# after it; convert its window in any case; the text needs normalising. fused.py has two more, and
# below them three bits for what a character tells of the script.
_BEFORE, _AFTER, _ALONE, _COMPAT = 1, 2, 4, 8
MARKS = 19
_FIRST = np.uint32(1 << MARKS)
_VALUE = np.uint32(0xFFFF)

# Mark of a pair that some phrase holds together, beside _BEFORE and _AFTER, in the hashed table.
_JOIN = 4

# One-byte slots for a pair: about 1 pair in 15 is taken for another one. That is 2^20 slots for the
# pairs of the large dictionary, as many as the processor's cache holds, and some thousands for the
# others.
_SLOTS, _MOST_BITS = 15, 20

# Steps a window grows one by one. Longer ones are rare in any language, but a text made of one
# repeated phrase is a single window, and walking it from every hit would be quadratic.
_STEPS = 24


class Bulk(Engine):
    """Maps and marks a block at a time, then mends the windows in which a phrase matters."""

    def __init__(self, plain: Plain) -> None:
        super().__init__(plain.chain)
        chain = plain.chain
        self._plain = plain  # short text goes to it, and windows met there are known here
        self.table = _marked_units(chain)
        self._pairs = _hashed_pairs(chain)
        self._local = threading.local()

    def convert(self, text: str) -> str:
        mender = self.mender()
        done = "".join([self._block(block, mender) for block in self._blocks(text)])
        return text if done == text else done

    def mender(self) -> Mender:
        """What this thread mends texts with; it remembers windows from one text to the next."""
        try:
            mender: Mender = self._local.mender
        except AttributeError:
            mender = self._local.mender = Mender(self._plain.windows)
        return mender

    def _blocks(self, text: str) -> Iterator[str]:
        return self.chain.blocks(text)

    def _chosen(
        self, block: Block, mapped: Codes, marked: Places, marks: Marks, splices: list[Splice]
    ) -> list[Splice]:
        """Where a subclass writes other forms than the dictionary's over `mapped`."""
        return splices

    def pieces(self, text: str) -> Iterator[Piece]:
        return self._plain.pieces(text)

    def _block(self, text: str, mender: Mender) -> str:
        block = Block.of(text)
        return spliced(*self.mapped(block, self.entries(block), mender))

    def entries(self, block: Block) -> Entries:
        """The table's entries for the units of a block."""
        return self.table.take(block.units)

    def mapped(
        self,
        block: Block,
        entries: Entries,
        mender: Mender,
        is_live: NDArray[np.bool_] | None = None,
    ) -> tuple[Codes, list[Splice]]:
        """The code points of a converted block, and what does not fit over its characters.

        Where `is_live` is false anything may come out.
        """
        marked = places_where(entries >= _FIRST)
        if is_live is not None:
            marked = marked[is_live.take(marked)]
        marks = (entries.take(marked) >> np.uint32(MARKS)).astype(np.uint8)
        if (marks & _COMPAT).any():
            text = self.chain.normalized(block.text)
            if text is not block.text:
                block = Block.of(text)
                return self.mapped(block, self.entries(block), mender, is_live)
        mapped = entries & _VALUE
        mapped[block.far] = block.codes[block.far]
        splices = mender.mend(block, mapped, *self._windows(block.pairs, marked, marks))
        return mapped, self._chosen(block, mapped, marked, marks, splices)

    def _windows(self, pairs: Pairs, marked: Places, marks: Marks) -> tuple[Places, Places]:
        """Starts and ends, in units, of the spans around hits, in order and apart."""
        hit = (marks & _ALONE) > 0
        for mark, shift in ((_BEFORE, 0), (_AFTER, 1)):
            which = np.flatnonzero(marks & mark)
            hit[which] |= (self._around(pairs, marked[which] + shift) & mark) > 0
        hits = marked[hit]
        starts, ends = hits.copy(), hits + 1
        for edges, step in ((starts, -1), (ends, 1)):
            moving = np.flatnonzero(self._around(pairs, edges) & _JOIN)
            for _ in range(_STEPS):
                if not len(moving):
                    break
                edges[moving] += step
                moving = moving[(self._around(pairs, edges[moving]) & _JOIN) > 0]
            else:
                return self._long_windows(pairs, hits)
        fresh = np.ones(len(starts), bool)
        np.not_equal(starts[1:], starts[:-1], out=fresh[1:])
        return starts[fresh], ends[fresh]

    def _long_windows(self, pairs: Pairs, hits: Places) -> tuple[Places, Places]:
        """The same by one pass over the whole block, for windows that are long."""
        joined = self._around(pairs, np.arange(len(pairs))) & _JOIN
        cuts = np.flatnonzero(joined == 0)
        which = in_order(np.searchsorted(cuts, hits, side="right"))
        return cuts[which - 1], cuts[which]

    def _around(self, pairs: Pairs, places: Places) -> Marks:
        """Marks of the pairs around places in ascending order; 0 at the ends of the text."""
        marks: Marks = self._pairs.take(_hash(pairs[places], len(self._pairs)))
        if len(places):
            if places[0] == 0:
                marks[places == 0] = 0
            if places[-1] == len(pairs) - 1:
                marks[places == len(pairs) - 1] = 0
        return marks


def _units(text: str) -> Units:
    units = np.empty(len(text), np.uint16)
    fold(codes_of(text), units)
    return units


def _pairs_in(units: Units) -> Pairs:
    """Every second pair of neighbours, from the first one on; the left one in the lower half."""
    pairs: Pairs = units[::2] | units[1::2].astype(np.uint32) << np.uint32(16)
    return pairs


def _hash(pairs: Pairs, n_slots: int) -> Pairs:
    """Where each pair is in a table of 2^n slots."""
    # the golden ratio in 32 bits: its upper bits depend on both units
    shift = 33 - n_slots.bit_length()
    slots: Pairs = (pairs * np.uint32(0x9E3779B1)) >> np.uint32(shift)
    return slots


def _marked_units(chain: Chain) -> Entries:
    """Unit -> what it becomes in the lower half, its marks above."""
    hits = chain.hits
    marks = np.arange(0x10000, dtype=np.uint32)
    near = {key: value for key, value in chain.chars.items() if key <= "\uffff" >= value}
    marks[_units("".join(near))] = _units("".join(near.values()))
    # a character beyond the BMP shares its unit with others: it is always looked at
    for mark, chars in (
        (_BEFORE, {pair[1] for pair in hits.before}),
        (_AFTER, {pair[0] for pair in hits.after}),
        (_ALONE, hits.alone.difference(chain.compat)),
        (_ALONE, chain.chars.keys() - near.keys() - chain.compat.keys()),
        (_COMPAT, chain.compat),
    ):
        marks[_units("".join(char for char in chars if char <= "\uffff"))] |= np.uint32(
            mark << MARKS
        )
        far = _units("".join(char for char in chars if char > "\uffff"))
        marks[far] |= np.uint32((_COMPAT if mark == _COMPAT else _ALONE) << MARKS)
    return marks


def _hashed_pairs(chain: Chain) -> Marks:
    """The pairs that make hits and windows, by the hash of their units."""
    marked = [
        (mark, _pairs_in(_units("".join(pairs))))
        for mark, pairs in (
            (_BEFORE, chain.hits.before),
            (_AFTER, chain.hits.after),
            (_JOIN, chain.joins),
        )
    ]
    n_pairs = sum(len(pairs) for _, pairs in marked)
    n_bits = max(10, min(_MOST_BITS, (_SLOTS * n_pairs).bit_length()))
    table = np.zeros(1 << n_bits, np.uint8)
    for mark, pairs in marked:
        table[_hash(pairs, len(table))] |= np.uint8(mark)
    return table
