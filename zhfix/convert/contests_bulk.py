"""Which forms native text would rather write, for many places at once: suspects.py over arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from zhfix.convert.attested import shares, sides
from zhfix.convert.choice_bulk import KINDS, kind_of
from zhfix.convert.suspects import contest_of, hand_rows, is_strange, neighbours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Nats = NDArray[np.float64]
    Units = NDArray[np.int64]
    Told = NDArray[np.bool_]

__all__ = ["Contests"]

_SURE, _ASKED = 1, 2  # what is known of a character: it is a suspect anywhere; words speak of it
_CLOSE = 1e-6  # nats: nearer to each other, the forms are compared as suspects.py does it


class Contests:
    """The tables for all forms."""

    def __init__(self, forms: str) -> None:
        self._state = np.zeros(1 << 16, np.uint8)
        self._contest = np.zeros(1 << 16, np.int64)
        open_ = [char for char in forms if not is_strange(char) and contest_of(char).is_open]
        self._state[[ord(char) for char in forms]] = [
            _SURE * (is_strange(char) or bool(contest_of(char).forms)) for char in forms
        ]
        width = max(len(contest_of(char).forms) for char in open_)
        names = {
            form: i
            for i, form in enumerate(
                dict.fromkeys(form for char in open_ for form in contest_of(char).forms)
            )
        }
        # a form that is not there loses by any habit
        self._forms = np.zeros((len(open_) + 1, width), np.int64)
        self._behind = np.full((len(open_) + 1, width), np.inf)
        for i, char in enumerate(open_, 1):
            contest = contest_of(char)
            self._state[ord(char)] = 0
            self._contest[ord(char)] = i
            self._forms[i, : len(contest.forms)] = [names[form] for form in contest.forms]
            self._behind[i, : len(contest.forms)] = [contest.handicap, *contest.habits]
        self._symbols = KINDS.astype(np.int64)
        for char, counted in neighbours().items():
            if char <= "\uffff":
                self._symbols[ord(char)] = KINDS[ord(counted)]
        known, least = shares()
        self._shares = np.full(1 << 16, least)
        self._shares[[kind_of(char) for char in known]] = list(known.values())
        self._sides = [_Side(names, side) for side in range(2)]
        self._base = np.log(self._sides[0].n + self._sides[1].n + 1)
        rows = [(row, row.index("[")) for row in hand_rows() if "[" in row]
        self._words = [
            np.unique([ord(row[at - 1]) << 16 | ord(row[at + 1]) for row, at in rows if at]),
            np.unique(
                [ord(row[at + 1]) << 16 | ord(row[at + 3]) for row, at in rows if at + 3 < len(row)]
            ),
        ]

    def answers(self, places: NDArray[np.uint64]) -> tuple[Told, Told]:
        """For places of three characters, the first one in the lowest bits: whether the middle one
        is a suspect, and whether that has to be asked once more, one by one.
        """
        left, char, right = (
            (places >> np.uint64(s) & np.uint64(0xFFFF)).astype(np.int64) for s in (0, 16, 32)
        )
        told: Told = self._state.take(char) == _SURE
        is_open = np.zeros(len(places), bool)
        ends = self._symbols.take(left), self._symbols.take(right)
        for one, other in ((left, right), ends):
            is_open |= np.isin(one << 16 | char, self._words[0])
            is_open |= np.isin(char << 16 | other, self._words[1])
        which = np.flatnonzero(self._contest.take(char) > 0)
        contest = self._contest.take(char[which])
        forms, behind = self._forms.take(contest, axis=0), self._behind.take(contest, axis=0)
        nats = self._base.take(forms) - behind
        for side, at in zip(self._sides, ends, strict=True):
            beside = at[which, None]
            nats += side.share(forms, beside, self._shares.take(beside))
        ahead = nats[:, 1:].max(axis=1, initial=-np.inf) - nats[:, 0]
        told[which] = ahead > 0
        is_open[which] |= np.abs(ahead) < _CLOSE
        return told, is_open


class _Side:
    """What stands on one side of each form."""

    def __init__(self, names: dict[str, int], side: int) -> None:
        self.n = np.zeros(len(names))
        self._kinds = np.zeros(len(names))
        met: dict[int, float] = {}
        for form, i in names.items():
            n, kinds, beside = sides(form)[side]
            self.n[i], self._kinds[i] = n, kinds
            met.update(((i << 16 | kind_of(char)), times) for char, times in beside.items())
        self._keys = np.array(sorted(met), np.int64)
        self._times = np.array([met[key] for key in self._keys.tolist()])

    def share(
        self, forms: Units, beside: Units, shares: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """As attested.py counts it, for forms in rows and one neighbour for each row."""
        keys = forms << 16 | beside
        at = np.searchsorted(self._keys, keys)
        at[at == len(self._keys)] = 0
        met = np.where(self._keys.take(at) == keys, self._times.take(at), 0.0)
        kinds = self._kinds.take(forms)
        share: Nats = np.log((met + kinds * shares) / (self.n.take(forms) + kinds))
        return share
