"""Conversion with numpy: the engine for long text.

The same plan as the plain engine, over arrays of UTF-16 units: one table lookup maps all
characters and marks the anchors; a hashed table of pairs tells which anchors are hits and how far
their windows reach. Only the windows become Python strings (`mend.py`). Two pairs that share a hash
make a window longer than needed, or one that was not needed at all, never a wrong result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from zhfix.convert.chain import Chain, Piece
from zhfix.convert.engine import Engine
from zhfix.convert.mend import Block, Mender, Splice, spliced
from zhfix.convert.plain import Plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from zhfix.convert.mend import Places, Units

    Marks = NDArray[np.uint8]
    Pairs = NDArray[np.uint32]

# Marks of a unit, in the upper half of its table entry: look at the pair before it, at the pair
# after it; convert its window in any case; the text needs normalising; half of a pair of units.
# fused.py has one more.
_BEFORE, _AFTER, _ALONE, _COMPAT, _HALF = 1, 2, 4, 8, 16

# Mark of a pair that some phrase holds together, beside _BEFORE and _AFTER, in the hashed table.
_JOIN = 4

# 2^20 one-byte slots for at most 70,000 pairs: 1 pair in 15 is taken for another one.
_BITS = 20

# Steps a window grows one by one. Longer ones are rare in any language, but a text made of one
# repeated phrase is a single window, and walking it from every hit would be quadratic.
_STEPS = 24

# Different compatibility ideographs in one block up to which replacing them one by one is faster
# than translating the block.
_FEW = 24


class Bulk(Engine):
    """Maps and marks a block at a time, then mends the windows in which a phrase matters."""

    def __init__(self, chain: Chain, by_plain: Callable[[str], str] | None = None) -> None:
        """`by_plain` converts blocks with lone surrogates; without it the plain engine does."""
        super().__init__(chain)
        self._plain = Plain(chain)
        self._by_plain = by_plain or self._plain.convert
        self._marks = _marked_units(chain)
        self._pairs = _hashed_pairs(chain)

    def convert(self, text: str) -> str:
        mender = Mender(self._plain.windows)
        done = "".join([self._block(block, mender) for block in self._blocks(text)])
        return text if done == text else done

    def _blocks(self, text: str) -> Iterator[str]:
        return self.chain.blocks(text)

    def _chosen(
        self, block: Block, marked: Places, marks: Marks, splices: list[Splice]
    ) -> list[Splice]:
        """Where a subclass writes other forms than the dictionary's over `block.mapped`."""
        return splices

    def pieces(self, text: str) -> Iterator[Piece]:
        return self._plain.pieces(text)

    def _block(self, text: str, mender: Mender) -> str:
        try:
            data = text.encode("utf-16-le")
        except UnicodeEncodeError:  # a lone surrogate: as UTF-16, two of them become one character
            return self._by_plain(text)
        units = np.frombuffer(data, np.uint16)
        entries = self._marks.take(units)
        mapped = entries.astype(np.uint16)
        marked = np.flatnonzero(entries > 0xFFFF)
        marks = (entries.take(marked) >> 16).astype(np.uint8)
        if (marks & _COMPAT).any():
            found = self.chain.compat.keys() & set(text)
            if found:
                return self._block(self._normalized(text, found), mender)
        # a view of overlapping numbers: the unit before each place, and the one after it above
        pairs = np.ndarray(len(units) + 1, np.uint32, b"\0\0" + data + b"\0\0", strides=(2,))
        starts, ends = self._windows(pairs, marked, marks)
        heads = marked[(marks & _HALF) > 0]
        block = Block(text, data, units, mapped, heads)
        splices = mender.mend(block, starts, ends)
        return spliced(mapped, self._chosen(block, marked, marks, splices))

    def _normalized(self, text: str, found: Iterable[str]) -> str:
        few = sorted(found)
        if len(few) > _FEW:
            return text.translate(self.chain.normalize)
        for char in few:
            text = text.replace(char, self.chain.compat[char])
        return text

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
        which = np.unique(np.searchsorted(cuts, hits, side="right"))
        return cuts[which - 1], cuts[which]

    def _around(self, pairs: Pairs, places: Places) -> Marks:
        """Marks of the pairs around places in ascending order; 0 at the ends of the text."""
        marks: Marks = self._pairs.take(_hash(pairs[places]))
        if len(places):
            if places[0] == 0:
                marks[places == 0] = 0
            if places[-1] == len(pairs) - 1:
                marks[places == len(pairs) - 1] = 0
        return marks


def _units(text: str) -> Units:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def _pairs_in(units: Units) -> Pairs:
    """Every pair of neighbours, the left one in the lower half."""
    pairs: Pairs = units[:-1] | units[1:].astype(np.uint32) << np.uint32(16)
    return pairs


def _hash(pairs: Pairs) -> Pairs:
    # the golden ratio in 32 bits: its upper bits depend on both units
    slots: Pairs = (pairs * np.uint32(0x9E3779B1)) >> np.uint32(32 - _BITS)
    return slots


def _marked_units(chain: Chain) -> NDArray[np.uint32]:
    """UTF-16 unit -> what it becomes in the lower half, its marks in the upper half."""
    hits = chain.hits
    marks = np.arange(0x10000, dtype=np.uint32)
    near = {key: value for key, value in chain.chars.items() if key <= "\uffff" >= value}
    marks[_units("".join(near))] = _units("".join(near.values()))
    # a character beyond the BMP is marked by its first unit, and always looked at
    for mark, chars in (
        (_BEFORE, {pair[1] for pair in hits.before}),
        (_AFTER, {pair[0] for pair in hits.after}),
        (_ALONE, hits.alone.difference(chain.compat)),
        (_ALONE, chain.chars.keys() - near.keys() - chain.compat.keys()),
        (_COMPAT, chain.compat),
    ):
        marks[_units("".join(char for char in chars if char <= "\uffff"))] |= np.uint32(mark << 16)
        heads = _units("".join(char for char in chars if char > "\uffff"))[::2]
        marks[heads] |= np.uint32((_COMPAT if mark == _COMPAT else _ALONE) << 16)
    marks[0xD800:0xDC00] |= np.uint32(_HALF << 16)
    return marks


def _hashed_pairs(chain: Chain) -> Marks:
    """The pairs that make hits and windows, by the hash of their units."""
    table = np.zeros(1 << _BITS, np.uint8)
    for mark, pairs in (
        (_BEFORE, chain.hits.before),
        (_AFTER, chain.hits.after),
        (_JOIN, chain.joins),
    ):
        codes = np.frombuffer("".join(pairs).encode("utf-32-le"), np.uint32).reshape(-1, 2)
        is_far = (codes > 0xFFFF).any(1)
        near = codes[~is_far]
        table[_hash(near[:, 0] | near[:, 1] << np.uint32(16))] |= np.uint8(mark)
        for pair in codes[is_far]:
            table[_hash(_pairs_in(_units(pair.tobytes().decode("utf-32-le"))))] |= np.uint8(mark)
    known = chain.chars.keys() | chain.hits.anchors
    far = _units("".join(char for char in known if char > "\uffff"))
    table[_hash(_pairs_in(far)[::2])] |= np.uint8(_JOIN)
    return table
