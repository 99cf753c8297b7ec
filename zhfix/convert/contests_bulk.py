"""Which forms native text would rather write, for many places at once: suspects.py over arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from zhfix.codes import in_order
from zhfix.convert.attested import numbers, shares, sides
from zhfix.convert.choice_bulk import KINDS, kind_of
from zhfix.convert.suspects import (
    PHRASE,
    contest_of,
    hand_characters,
    hand_rows,
    is_strange,
    neighbours,
    phrase_sides,
    told_beside,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Nats = NDArray[np.float64]
    Units = NDArray[np.int64]
    Keys = NDArray[np.uint32]
    Told = NDArray[np.bool_]

__all__ = ["Contests"]

_CLOSE = 1e-6  # nats: nearer to each other, the forms are compared as suspects.py does it


class Contests:
    """The tables for all forms."""

    def __init__(self, forms: str) -> None:
        self._is_odd = np.zeros(1 << 16, bool)
        self._contest = np.zeros(1 << 16, np.int16)
        self._is_spoken = np.zeros(1 << 16, bool)
        self._is_spoken[[*map(ord, hand_characters())]] = True
        open_ = [char for char in forms if not is_strange(char) and contest_of(char).is_open]
        for char in set(forms).difference(open_):
            self._is_odd[ord(char)] = is_strange(char) or bool(contest_of(char).forms)
        contests = [contest_of(char) for char in open_]
        known = dict.fromkeys(form for contest in contests for form in contest.forms)
        names = {form: i for i, form in enumerate(known)}
        width = max(len(contest.forms) for contest in contests)
        self._size = np.array([0, *(len(contest.forms) for contest in contests)])
        self._forms = np.zeros((len(contests) + 1, width), np.int64)
        self._behind = np.zeros((len(contests) + 1, width))
        self._contest[[*map(ord, open_)]] = np.arange(1, len(open_) + 1)
        for i, contest in enumerate(contests, 1):
            self._forms[i, : len(contest.forms)] = [names[form] for form in contest.forms]
            self._behind[i, : len(contest.forms)] = [contest.handicap, *contest.habits]
        self._symbols = KINDS.copy()
        for char, counted in neighbours().items():
            if char <= "\uffff":
                self._symbols[ord(char)] = KINDS[ord(counted)]
        met, least = shares()
        self._known_shares = np.array([least, *sorted({*met.values()})])
        self._share = np.zeros(1 << 16, np.uint8)  # its place in these, of which there are few
        which = np.searchsorted(self._known_shares[1:], list(met.values())) + 1
        self._share[[kind_of(char) for char in met]] = which
        self._sides = [_Side(names, side) for side in range(2)]
        self._base = np.log(self._sides[0].n + self._sides[1].n + 1)
        self._phrases = [[_keys_of(names, side) for side in pair] for pair in ("Ll", "Rr")]
        rows = [(row, row.index("[")) for row in hand_rows() if "[" in row]
        self._words = [
            _keyed([ord(row[at - 1]) << 16 | ord(row[at + 1]) for row, at in rows if at]),
            _keyed(
                [ord(row[at + 1]) << 16 | ord(row[at + 3]) for row, at in rows if at + 3 < len(row)]
            ),
        ]
        told = [(char, *pair) for char, pairs in told_beside().items() for pair in pairs]
        self._told = [
            _keyed([ord(before) << 16 | ord(char) for char, before, _ in told if before]),
            _keyed([ord(char) << 16 | ord(right) for char, before, right in told if not before]),
        ]

    def answers(self, places: NDArray[np.uint64]) -> tuple[Told, Told]:
        """For places of three characters, the first one in the lowest bits: whether the middle one
        is a suspect, and whether that has to be asked once more, one by one.
        """
        left, char, right = (
            (places >> np.uint64(s) & np.uint64(0xFFFF)).astype(np.int64) for s in (0, 16, 32)
        )
        told: Told = self._is_odd.take(char)
        is_open = np.zeros(len(places), bool)
        ends = [self._symbols.take(end).astype(np.int64) for end in (left, right)]
        spoken = np.flatnonzero(self._is_spoken.take(char))
        for one, other in ((left, right), ends):
            is_open[spoken] |= _is_in(one[spoken] << 16 | char[spoken], self._words[0])
            is_open[spoken] |= _is_in(char[spoken] << 16 | other[spoken], self._words[1])
        is_open |= _is_in(left << 16 | char, self._told[0])
        is_open |= _is_in(char << 16 | right, self._told[1])
        which = np.flatnonzero(self._contest.take(char))
        contest = self._contest.take(char[which]).astype(np.int64)
        beside = [end.take(which) for end in ends]
        own = self._nats(contest, 0, beside)
        # a row for each rival of each place
        n_rivals = self._size.take(contest) - 1
        rows = np.repeat(np.arange(len(which)), n_rivals)
        first = np.cumsum(n_rivals) - n_rivals
        k = np.arange(1, len(rows) + 1) - first.take(rows)
        contest, beside = contest[rows], [end[rows] for end in beside]
        rival, here = self._nats(contest, k, beside), own[rows]
        is_near = np.flatnonzero((rival <= here) & (rival + PHRASE > here - _CLOSE))
        rival[is_near] += PHRASE * self._is_of_phrase(
            contest[is_near], k[is_near], [end[is_near] for end in beside]
        )
        ahead = np.full(len(which), -np.inf)
        there = np.flatnonzero(n_rivals)
        if len(there):
            ahead[there] = np.maximum.reduceat(rival - here, first[there])
        told[which] = ahead > 0
        is_open[which] |= np.abs(ahead) < _CLOSE
        return told, is_open

    def _nats(self, contest: Units, k: Units | int, beside: list[Units]) -> Nats:
        """How well the form `k` of each contest stands between its neighbours."""
        forms = self._forms[contest, k]
        nats: Nats = self._base.take(forms) - self._behind[contest, k]
        for side, at in zip(self._sides, beside, strict=True):
            nats += side.share(forms, at, self._known_shares.take(self._share.take(at)))
        return nats

    def _is_of_phrase(self, contest: Units, k: Units, beside: list[Units]) -> Told:
        """Where phrases have a neighbour beside the form `k` and never beside the form that stands;
        one of two spellings in use is no phrase of its own.
        """
        form, own = self._forms[contest, k] << 16, self._forms[contest, 0] << 16
        found: Told = np.zeros(len(contest), bool)
        for known, at in zip(self._phrases, beside, strict=True):
            for one in known:
                found |= _is_in(form | at, one) & ~_is_in(own | at, one)
        found &= self._behind[contest, k] == 0
        return found


def _keyed(keys: list[int]) -> Keys:
    """Two characters, or a form and a character, as a number each; distinct and in order."""
    return in_order(np.array(keys, np.uint32))


def _is_in(keys: Units, known: Keys) -> Told:
    """Which keys are among sorted ones; numpy's own way sorts them each time."""
    found: Told = known.take(np.searchsorted(known, keys.astype(np.uint32)), mode="clip") == keys
    return found


def _keys_of(names: dict[str, int], side: str) -> Keys:
    """The neighbours that phrases have on one side of each form."""
    rows = [(i, phrase_sides(form).get(side, "")) for form, i in names.items()]
    return _keyed([form << 16 | kind_of(char) for form, chars in rows for char in chars])


class _Side:
    """What stands on one side of each form."""

    def __init__(self, names: dict[str, int], side: int) -> None:
        self.n = np.zeros(len(names))
        self._kinds = np.zeros(len(names))
        met: dict[int, int] = {}
        for form, i in names.items():
            beside = sides(form)[side]
            self.n[i], self._kinds[i] = beside.n, beside.n_kinds
            keys = (i << 16 | kind_of(char) for char in beside.chars)
            met.update(zip(keys, beside.levels, strict=True))
        self._keys = np.array(sorted(met), np.uint32)
        self._levels = np.array([met[key] for key in self._keys.tolist()], np.uint8)
        self._times = np.array(numbers())

    def share(
        self, forms: Units, beside: Units, shares: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """As attested.py counts it, for a neighbour of each of the forms."""
        keys = (forms << 16 | beside).astype(np.uint32)
        at = np.searchsorted(self._keys, keys)
        at[at == len(self._keys)] = 0
        times = self._times.take(self._levels.take(at))
        met = np.where(self._keys.take(at) == keys, times, 0.0)
        kinds = self._kinds.take(forms)
        share: Nats = np.log((met + kinds * shares) / (self.n.take(forms) + kinds))
        return share
