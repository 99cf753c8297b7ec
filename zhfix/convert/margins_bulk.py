"""Where each neighbour by itself says so much for a form that its rivals cannot win: nearly all
places of sound text that nobody has met. What is left is decided place by place.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from zhfix.codes import codes_of
from zhfix.convert.attested import numbers, shares, sides
from zhfix.convert.choice_bulk import KINDS, kind_of
from zhfix.convert.suspects import (
    PHRASE,
    contest_of,
    hand_rows,
    is_strange,
    neighbours,
    phrase_sides,
    told_beside,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from zhfix.codes import Places, Units

    Nats = NDArray[np.float64]

__all__ = ["Margins"]

_COLUMNS = 2560  # neighbours that are told apart, 99.7 % of native text; others say nothing
_STEPS = 4  # levels per nat, so that a byte holds what one neighbour says
_EVEN, _MOST = 64, 127  # the level at which a form is even with its best rival, and the highest
_ROWS = 64  # forms made room for at once


class Margins:
    """How far each form is ahead of its rivals by the neighbour on each side, a row for a form that
    was met. Levels are rounded down, so that what looks safe is safe.
    """

    def __init__(self) -> None:
        met, least = shares()
        common = sorted(met, key=lambda char: (-met[char], char))[: _COLUMNS - 1]
        self._shares = np.array([least, *(met[char] for char in common)])
        self._times = np.array(numbers())
        # the columns by symbol, and by character as it is counted; 0 for any other
        self._symbols = np.zeros(1 << 16, np.uint16)
        self._symbols[[*map(ord, common)]] = np.arange(1, _COLUMNS)
        known = np.zeros(1 << 16, np.uint16)
        known[[*map(kind_of, common)]] = np.arange(1, _COLUMNS)
        column = known.take(KINDS)
        self._column = column.copy()
        for char, counted in neighbours().items():
            if char <= "\uffff":
                self._column[ord(char)] = column[ord(counted)]
        # neighbours that hand-kept words name, by form and side
        self._spoken: dict[tuple[str, int], list[int]] = {}
        for form, pairs in told_beside().items():
            for before, behind in pairs:
                self._speak(form, 0 if before else 1, before or behind)
        for row in hand_rows():
            before, bracket, rest = row.partition("[")
            if bracket:
                self._speak(rest[0], 0, before[-1:])
                self._speak(rest[0], 1, rest[2:3])
        self._row = np.zeros(1 << 16, np.int32)  # where that of a form begins; 0: not made yet
        self._ahead = np.zeros((2, _ROWS * _COLUMNS), np.uint8)
        self._n_rows = 1
        self._writing = Lock()

    def _speak(self, form: str, side: int, char: str) -> None:
        if char and char <= "\uffff":  # what stands beyond is asked for apart
            self._spoken.setdefault((form, side), []).append(int(self._column[ord(char)]))

    def open_among(self, padded: Units, chars: Units, places: Places) -> Places:
        """Which of the places may hold a suspect, by what each neighbour says; `padded` has the
        characters of a text with one before them and some behind, `chars` those of the places.
        """
        row = self._row.take(chars)
        if not row.all():
            for code in set(chars[row == 0].tolist()):
                self._make(chr(code))
            row = self._row.take(chars)
        ahead = self._ahead  # of one time: another thread may put a larger one there
        level = ahead[0].take(row + self._column.take(padded.take(places)))
        level += ahead[1].take(row + self._column.take(padded.take(places + 2)))
        open_: Places = (level <= 2 * _EVEN).nonzero()[0]
        return open_

    def _make(self, form: str) -> None:
        """The row of a form that is met for the first time."""
        levels = self._levels(form)
        with self._writing:
            start = self._n_rows * _COLUMNS
            if start == self._ahead.shape[1]:
                more = np.zeros((2, _ROWS * _COLUMNS), np.uint8)
                self._ahead = np.concatenate((self._ahead, more), axis=1)
            self._ahead[:, start : start + _COLUMNS] = levels
            self._n_rows += 1
            self._row[ord(form)] = start  # last: whoever sees it sees the levels as well

    def _levels(self, form: str) -> NDArray[np.uint8]:
        """What each neighbour says for a form, on both sides; 0 where that is never enough."""
        levels = np.zeros((2, _COLUMNS), np.uint8)
        contest = contest_of(form)
        if is_strange(form) or (contest.forms and not contest.is_open):
            return levels
        levels[:, 1:] = _MOST
        if len(contest.forms) > 1:
            own, *others = map(self._nats, contest.forms)
            own[0] -= contest.handicap
            for other, name, habit in zip(others, contest.forms[1:], contest.habits, strict=True):
                other[0] -= habit
                if not habit:  # what phrases say for a form speaks of no spelling
                    other += PHRASE * self._is_of_phrase(contest.forms[0], name)
                ahead = np.floor((own - other)[:, 1:] * _STEPS) + _EVEN
                levels[:, 1:] = np.minimum(levels[:, 1:], ahead.clip(0, _MOST))
        for side in range(2):
            levels[side, self._spoken.get((form, side), [])] = 0
        return levels

    def _is_of_phrase(self, form: str, other: str) -> NDArray[np.bool_]:
        """The neighbours that phrases have beside the other form, and never beside this one."""
        known, own = phrase_sides(other), phrase_sides(form)
        found = np.zeros((2, _COLUMNS), bool)
        for row, names in enumerate(("Ll", "Rr")):
            for name in names:
                chars = {*known.get(name, "")}.difference(own.get(name, ""))
                found[
                    row, self._symbols.take([ord(char) for char in chars if char <= "\uffff"])
                ] = True
        return found

    def _nats(self, form: str) -> Nats:
        """How well a form stands beside each neighbour, as attested.likely counts it."""
        both = sides(form)
        nats = np.empty((2, _COLUMNS))
        for i, side in enumerate(both):
            met = np.zeros(_COLUMNS)
            at = self._symbols.take(codes_of(side.chars))
            met[at] = self._times.take(np.frombuffer(side.levels, np.uint8))
            nats[i] = np.log((met + side.n_kinds * self._shares) / (side.n + side.n_kinds))
        nats[0] += np.log(both[0].n + both[1].n + 1)
        return nats
