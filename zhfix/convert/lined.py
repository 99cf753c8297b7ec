"""Long text whose lines stand in either script, in one pass over arrays.

The engine's table of characters also says what each one tells of the script, so that the lines are
told apart from the same look-up that maps them. What the lines that are not to be converted hold is
put back afterwards. The plain way, in target.py, gives the same output.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from zhfix.codes import codes_of, text_of
from zhfix.convert.chain import line_blocks
from zhfix.convert.engine import engine_for
from zhfix.convert.fused import Fused
from zhfix.convert.lines import OPEN, Plan, has_open, line_majority
from zhfix.convert.lines_bulk import HANS, HANT, WEIGHED, Lines, line_starts, telling
from zhfix.convert.mend import Block, Mender
from zhfix.convert.writer import in_region, to_hant

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from numpy.typing import NDArray

    from zhfix.codes import Codes, Places
    from zhfix.convert.bulk import Entries
    from zhfix.convert.lines_bulk import Bits

    Mask = NDArray[np.bool_]


__all__ = ["GAP", "Lined", "lined"]

# After each of many texts: no dictionary and no context crosses it, and hardly any text holds its
# first character.
GAP = "\0\n"

_BOTH, _ALL = np.uint8(HANS | HANT), np.uint8(HANS | HANT | WEIGHED)
_SPARED = 0.1  # share of a block that is not converted from which it is worth leaving it out
_SHIFT = np.uint32(16)  # where the bits for the script stand in an entry, above the character


class Lined:
    """Writes text in `to` line by line, as target_text does without options, by an engine."""

    def __init__(self, engine: Fused, to: str) -> None:
        self._engine, self._to = engine, to
        self._other = HANT if to == "hans" else HANS
        self._telling = telling(to)
        self._table = engine.table | self._telling.bits.astype(np.uint32) << _SHIFT

    def convert(self, text: str, plan: Plan) -> str | None:
        """The text with every line as `plan` has it; the same object if nothing changes.

        A plan without a majority is for a text whose majority is to be counted. None where a line
        is longer than a block.
        """
        mender = self._engine.mender()
        done: list[str] = []
        is_ended, any_open, takes_open = True, False, plan.is_converted(plan.majority)
        counted = np.zeros(2, np.int64)  # characters in lines of one script: of hans, of hant
        for part in line_blocks(text):
            if not is_ended:
                return None
            is_ended = part.endswith("\n")
            block = Block.of(part)
            entries, lines = self._read(block)
            counted += [lines.sizes[lines.bits & _BOTH == script].sum() for script in (HANS, HANT)]
            if not plan.majority and not done:  # the rest will mostly be alike
                takes_open = plan.is_converted(self._majority(counted, part))
            scripts = self._telling.scripts(block, lines)
            is_open = scripts == 0
            any_open |= bool(is_open.any())
            if takes_open:
                scripts[is_open] = self._other
            elif plan.majority == "shared":
                self._take_particles(block, lines, scripts, is_open)
            done.append(self._written(block, entries, lines, scripts, mender))
        if any_open and not plan.majority:
            told = self._majority(counted, text)
            has_particles = self._to == "hans" and told == "shared" and has_open(text)
            if has_particles or plan.is_converted(told) != takes_open:
                return self.convert(text, plan._replace(majority=told))
        made = "".join(done)
        return text if made == text else made

    def convert_joined(self, joined: str, plan: Plan) -> str:
        """Texts, each with its own majority and `GAP` after it; no text may hold a NUL."""
        if not joined:
            return joined
        block = Block.of(joined)
        entries, lines = self._read(block)
        scripts = self._telling.scripts(block, lines)
        is_open = scripts == 0
        if is_open.any():
            begins = np.append(0, np.flatnonzero(block.units == 0)[:-1] + len(GAP))
            told = self._majorities(block, lines, np.searchsorted(lines.starts, begins))
            takes = np.array([*map(plan.is_converted, ("shared", "hans", "hant"))])
            self._take_particles(block, lines, scripts, is_open & (told == 0))
            scripts[is_open & takes[told]] = self._other
        return self._written(block, entries, lines, scripts, self._engine.mender())

    def _take_particles(self, block: Block, lines: Lines, scripts: Bits, untold: Mask) -> None:
        """Take those of the `untold` lines for the other script that Plan.action would keep."""
        if self._to == "hans" and has_open(block.text):
            is_particle = np.isin(block.codes, [*map(ord, OPEN)])
            scripts[untold & np.logical_or.reduceat(is_particle, lines.starts)] = self._other

    def _majorities(self, block: Block, lines: Lines, first: Places) -> Bits:
        """For each line the script of its text; the texts begin with the lines `first`."""
        sizes = lines.sizes.copy()
        sizes[np.append(first[1:], 0) - 1] -= len(GAP)
        hans, hant = (
            np.add.reduceat(np.where(lines.bits & _BOTH == script, sizes, 0), first)
            for script in (HANS, HANT)
        )
        told = np.where(hans > hant, HANS, HANT).astype(np.uint8)
        n_lines = np.diff(first, append=len(sizes))
        even = np.flatnonzero(hans == hant)
        if len(even):  # by the evidence in all of the text, which for one line is known to be even
            told[even] = 0
            several = even[n_lines[even] > 1]
            texts = Lines(lines.starts[first], np.add.reduceat(lines.sizes, first), lines.bits)
            told[several] = self._telling.weighed(block, texts, several)
        return np.repeat(told, n_lines)

    def _majority(self, counted: NDArray[np.int64], text: str) -> str:
        """The script of most of the text, as target.py has it."""
        hans, hant = counted.tolist()
        return line_majority(text, self._to) if hans == hant else "hans" if hans > hant else "hant"

    def _read(self, block: Block) -> tuple[Entries, Lines]:
        """The entries of a block, and its lines."""
        entries = self._table.take(block.units)
        if len(block.far):
            told = self._telling.far_bits(block.codes[block.far])
            entries[block.far] |= told.astype(np.uint32) << _SHIFT
        starts = line_starts(block)
        bits = (np.bitwise_or.reduceat(entries, starts) >> _SHIFT).astype(np.uint8) & _ALL
        return entries, Lines(starts, np.diff(starts, append=len(entries)), bits)

    def _written(
        self, block: Block, entries: Entries, lines: Lines, scripts: Bits, mender: Mender
    ) -> str:
        """The block with its lines of the other script converted and the rest as it has to be."""
        if self._to == "hans":  # in a line of hans, what stands in hant alone goes with its words
            is_converted = (scripts == HANT) | (lines.bits & HANT > 0)
        else:
            is_converted = scripts == HANS
        kept = np.flatnonzero(~is_converted)
        if not len(kept):
            return self._in_region(text_of(self._engine.mapped(block, entries, mender)[0]))
        mapped = self._mapped(block, entries, lines, is_converted, mender)
        if self._to != "hans":
            stray = kept[lines.bits[kept] & HANS > 0]
            if len(stray):
                mapped = self._without_strays(entries, mapped, lines.places(stray))
            if self._to == "hant-tw":  # what was converted has the forms of Taiwan
                kept_lines = ~np.repeat(is_converted, lines.sizes)
                mapped = mapped.copy() if mapped is block.codes else mapped
                mapped[kept_lines] = codes_of(in_region(text_of(mapped[kept_lines]), self._to))
        return self._in_region(block.text if mapped is block.codes else text_of(mapped))

    def _mapped(
        self, block: Block, entries: Entries, lines: Lines, is_converted: Mask, mender: Mender
    ) -> Codes:
        """The code points with some of the lines converted; the block's own if none is."""
        n_kept = lines.sizes[~is_converted].sum()
        if n_kept == len(entries):
            return block.codes
        if n_kept < _SPARED * len(entries):
            mapped, _ = self._engine.mapped(block, entries, mender)
            places = lines.places(np.flatnonzero(~is_converted))
            mapped[places] = block.codes[places]
            return mapped
        is_live = np.repeat(is_converted, lines.sizes)
        mapped, _ = self._engine.mapped(block, entries, mender, is_live)
        np.copyto(mapped, block.codes, where=~is_live)
        return mapped

    def _without_strays(self, entries: Entries, mapped: Codes, places: Places) -> Codes:
        """The lines at `places` are in the target script: only what stands in hans alone is
        exchanged.
        """
        lines = mapped[places]
        made = codes_of(to_hant(engine_for("t2s").convert(text_of(lines)), self._to))
        is_hans = entries[places] & (HANS << _SHIFT) > 0
        mapped = mapped.copy()
        mapped[places] = np.where(is_hans, made, lines)
        return mapped

    def _in_region(self, text: str) -> str:
        # the streets of Hong Kong keep a form of their own: see target.py
        return in_region(text, self._to) if self._to == "hant-hk" else text


@cache
def lined(engine: Fused, to: str) -> Lined:
    """The tables for one engine, which is the one of `to`."""
    return Lined(engine, to)
