"""choice.py over whole arrays: the same answers, at the speed of table lookups.

Most places are settled by their neighbours alone. For every state (character, dictionary's answer)
an upper bound of what contexts could add is kept for the character to the left, the one to the
right, and both; only where the bounds could outweigh the dictionary are the contexts looked up.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from zhfix.codes import in_order
from zhfix.convert.choice import (
    DIGIT,
    OTHER,
    REACH,
    WINDOWS,
    YUE,
    YUE_REACH,
    Choice,
)

Array = np.ndarray[Any, np.dtype[Any]]

KIND_OTHER, KIND_DIGIT = 1, 2  # how contexts see what is not Han; Han characters are themselves
NEVER = -(1 << 24)  # score of a form that may not be written; far below any sum of rows
BOUND_BITS = 16  # three tables of 128 KB: they stay in the second cache
SALTS = np.array([0x9E3779B1, 0x85EBCA6B], np.uint32)  # odd, for multiplicative hashing
_MULTIPLY = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio
_SHIFT = np.uint64(31)
_ONE = np.uint64(1)
_NEWLINE = np.uint16(ord("\n"))
_BMP = np.uint32(0xFFFF)


def _kinds() -> Array:
    kinds = np.full(65536, KIND_OTHER, np.uint16)
    for low, high in ((0x3400, 0x4DC0), (0x4E00, 0xA000)):
        kinds[low:high] = np.arange(low, high)
    kinds[0x3007] = 0x3007
    kinds[[ord(c) for c in "0123456789０１２３４５６７８９"]] = KIND_DIGIT
    return kinds


KINDS = _kinds()


def mix(state: Array, value: Array | np.uint64) -> Array:
    """One step of a 64-bit hash."""
    mixed: Array = (state ^ value) * _MULTIPLY
    mixed ^= mixed >> _SHIFT
    return mixed


_N_LEFT, _N_RIGHT = np.array(WINDOWS)[:, :, None].swapaxes(0, 1)
_DISTANCES = np.arange(-REACH, REACH + 1)
# the hash of a context: each window weighs the characters in its own way, 0 beyond its ends
_WEIGHTS = mix(np.arange(_N_LEFT.size * _DISTANCES.size, dtype=np.uint64), _MULTIPLY) | _ONE
_WEIGHTS = _WEIGHTS.reshape(_N_LEFT.size, -1) * (
    (_N_LEFT >= -_DISTANCES) & (_N_RIGHT >= _DISTANCES)
)


def neighbours(text: Array, position: Array, reach: int = REACH) -> Array:
    """Kinds of the characters around each position, ascending, one row per distance from -reach to
    reach.
    """
    at = position + np.arange(-reach, reach + 1)[:, None]
    kinds: Array = KINDS.take(text.take(at, mode="clip"))
    if len(position) and (position[0] < reach or position[-1] >= len(text) - reach):
        kinds[(at < 0) | (at >= len(text))] = KIND_OTHER
    return kinds.astype(np.uint64)


def hash_contexts(near: Array) -> Array:
    """Hash of every context, one row per window; 0 where a place has no such context."""
    hashes = _hashed(near)
    left, right = (1 + (near[REACH + step] > KIND_DIGIT) for step in (-1, 1))
    hashes *= (left >= _N_LEFT) & (right >= _N_RIGHT)
    return hashes


def _hashed(near: Array) -> Array:
    state: Array = _WEIGHTS @ near
    state ^= state >> _SHIFT
    state *= _MULTIPLY
    state |= _ONE
    return state


def kind_of(symbol: str) -> int:
    """The kind of what a context names."""
    return KIND_OTHER if symbol == OTHER else KIND_DIGIT if symbol == DIGIT else ord(symbol)


def _parse(pattern: str) -> tuple[int, list[int], list[int]]:
    """The character of a context and the kinds to its left and right."""
    at = pattern.index("[")
    left = [kind_of(symbol) for symbol in pattern[:at]]
    return ord(pattern[at + 1]), left, [kind_of(symbol) for symbol in pattern[at + 3 :]]


def _hash_patterns(parsed: list[tuple[int, list[int], list[int]]]) -> list[int]:
    """The hashes that hash_contexts gives to places where the patterns hold."""
    near = np.zeros((len(_DISTANCES), len(parsed)), np.uint64)
    windows = []
    for k, (char, left, right) in enumerate(parsed):
        near[REACH - len(left) : REACH + len(right) + 1, k] = [*left, char, *right]
        windows.append(WINDOWS.index((len(left), len(right))))
    hashes: list[int] = _hashed(near)[windows, np.arange(len(parsed))].tolist()
    return hashes


class _Rows:
    """Open addressing from context hashes to row numbers, 0 for what is not there."""

    def __init__(self, hashes: list[int]) -> None:
        self.shift = 64 - max(10, (len(hashes) * 3).bit_length())
        self.last = (1 << (64 - self.shift)) - 1
        keys, rows = [0] * (self.last + 1), [0] * (self.last + 1)
        self.n_probes = 1
        for row, key in enumerate(hashes, 1):
            slot, n_probes = key >> self.shift, 1
            while keys[slot]:
                slot, n_probes = (slot + 1) & self.last, n_probes + 1
            keys[slot], rows[slot] = key, row
            self.n_probes = max(self.n_probes, n_probes)
        self.keys = np.array(keys, np.uint64)
        self.rows = np.array(rows, np.int32)

    def find(self, hashes: Array) -> Array:
        """Row numbers of `hashes`, 0 for what is not there."""
        slot = (hashes >> np.uint64(self.shift)).astype(np.int64)
        keys = self.keys.take(slot)
        rows: Array = np.where(keys == hashes, self.rows.take(slot), 0)
        left = np.flatnonzero((keys != hashes) & (keys != 0))
        for step in range(1, self.n_probes):
            if not len(left):
                break
            at = (slot[left] + step) & self.last
            keys = self.keys.take(at)
            rows[left] = np.where(keys == hashes[left], self.rows.take(at), 0)
            left = left[(keys != hashes[left]) & (keys != 0)]
        return rows


class BulkChoice:
    """A Choice compiled into arrays; `changes` gives what Choice.override gives."""

    def __init__(self, choice: Choice) -> None:
        self._choice = choice
        found: dict[str, set[str]] = {}
        for (hans, answer), doubt in choice.doubts.items():
            found.setdefault(hans, set()).update({answer}, doubt)
        # Code point order also settles equal scores, as in Choice.override.
        self.forms = {hans: sorted(forms) for hans, forms in found.items()}
        self.width = max(map(len, self.forms.values()), default=1)
        self.is_candidate = np.zeros(65536, np.bool_)
        self.is_candidate[[ord(char) for char in self.forms]] = True
        self._compile_states(choice)
        self._compile_votes(choice)

    def _compile_states(self, choice: Choice) -> None:
        """Number the states 1, 2, … and lay out what each starts from and what could move it."""
        self.states = [state for state in sorted(choice.doubts) if choice.doubts[state]]
        shape = len(self.states) + 1, self.width
        self.base = np.full(shape, NEVER, np.int32)
        self.yue = np.zeros(shape, np.int32)
        self.out = np.zeros(shape, np.uint16)
        self.answer = np.zeros(shape[0], np.int64)
        self.need = np.full(shape[0], -NEVER, np.int32)
        # not numpy.random, which takes 7 MB; one step leaves the salts too even for their table
        salt = mix(mix(np.arange(shape[0], dtype=np.uint64), _MULTIPLY), _ONE) >> np.uint64(32)
        self.salt = salt.astype(np.uint32)
        slots: list[list[tuple[int, int, int, int]]] = [[], [], []]
        for state, (hans, answer) in enumerate(self.states, 1):
            forms = self.forms[hans]
            self.out[state, : len(forms)] = [ord(form) for form in forms]
            self.answer[state] = forms.index(answer)
            yue = choice.votes.get(hans, {}).get(f"{YUE}[{hans}]", {})
            for form, weight in {**choice.doubts[hans, answer], answer: 0}.items():
                self.base[state, forms.index(form)] = weight
                self.yue[state, forms.index(form)] = yue.get(form, 0)
            bound = choice.bounds(hans, answer)
            assert bound is not None  # the state has a doubt
            self.need[state] = bound.need
            slots[0] += [(state, kind_of(key), 0, most) for key, most in bound.left.items()]
            slots[1] += [(state, 0, kind_of(key), most) for key, most in bound.right.items()]
            slots[2] += [
                (state, kind_of(key[0]), kind_of(key[1]), most) for key, most in bound.both.items()
            ]
        self.has_yue = self.yue.any(axis=1)
        self.bounds = np.zeros((3, 1 << BOUND_BITS), np.int32)
        for table, entries in zip(self.bounds, slots, strict=True):
            if entries:
                state_of, left, right, most = np.array(entries, np.uint32).T
                np.maximum.at(table, self._bound_slot(state_of, left, right), most.astype(np.int32))
        self._compile_pairs()

    def _compile_pairs(self) -> None:
        """A hash of (character, answer) without collisions, found by trying factors in order."""
        pairs = np.array([[*map(ord, state)] for state in self.states], np.uint32)
        bits = max(6, (len(pairs) * 8).bit_length())
        factor = 1
        while True:
            self.factor, self.shift = np.uint32(0x9E3779B1 + 2 * factor), np.uint32(32 - bits)
            slots = self._pair_slot(pairs[:, 0], pairs[:, 1])
            if len(in_order(slots)) == len(slots):
                break
            factor += 1
            bits += factor % 200 == 0
        self.state_at = np.zeros(1 << bits, np.int32)
        self.pair_at = np.zeros(1 << bits, np.uint32)
        self.state_at[slots] = np.arange(1, len(pairs) + 1)
        self.pair_at[slots] = pairs[:, 0] << np.uint32(16) | pairs[:, 1]

    def _pair_slot(self, hans: Array, answer: Array) -> Array:
        slot: Array = (hans * self.factor + answer * SALTS[1]) >> self.shift
        return slot

    def _compile_votes(self, choice: Choice) -> None:
        """Number the contexts 1, 2, … and lay out their weights, one column per form."""
        parsed: list[tuple[int, list[int], list[int]]] = []
        votes = [[0] * self.width]
        for hans, forms in self.forms.items():
            for pattern, vote in choice.votes.get(hans, {}).items():
                if pattern[0] != YUE:
                    parsed.append(_parse(pattern))
                    votes.append([vote.get(form, 0) for form in forms])
                    votes[-1] += [0] * (self.width - len(forms))
        self.votes = np.array(votes, np.int32)
        self.rows = _Rows(_hash_patterns(parsed))

    def _bound_slot(self, state: Array, left: Array | np.uint32, right: Array | np.uint32) -> Array:
        slot: Array = self.salt.take(state) + left * SALTS[0] + right * SALTS[1]
        slot >>= np.uint32(32 - BOUND_BITS)
        return slot

    def changes(self, text: Array, said: Array, position: Array, yue: Array) -> tuple[Array, Array]:
        """Which of the places in a text, in ascending order, get another form than the one that
        the dictionary has `said`, and the forms.

        `position` holds all places of characters with several forms, `yue` all marks of Cantonese.
        To a context, the unit of a character beyond the BMP is no Han character: see choice.py.
        """
        position, state = self._open(text, said, position)
        if not len(position):
            return position, np.zeros(0, np.uint16)
        hashes = hash_contexts(neighbours(text, position))
        score = self.base.take(state, axis=0)
        for rows in self.rows.find(hashes.ravel()).reshape(hashes.shape):
            spoken = np.flatnonzero(rows)
            score[spoken] += self.votes.take(rows.take(spoken), axis=0)
        if len(yue):
            near_yue = np.flatnonzero(self.has_yue.take(state))
            near_yue = near_yue[_is_yue(text, position[near_yue], yue)]
            score[near_yue] += self.yue.take(state[near_yue], axis=0)
        # a form that may not be written keeps a score near NEVER
        best, top = np.zeros(len(position), np.int64), score[:, 0]
        for form in range(1, self.width):
            best[score[:, form] >= top] = form
            top = np.maximum(top, score[:, form])
        wins = np.flatnonzero(top > score.ravel().take(self._flat(self.answer.take(state))))
        best = best.take(wins)
        return position.take(wins), self.out[state.take(wins), best]

    def _flat(self, column: Array) -> Array:
        """Indices of one column per row of an array as wide as the forms."""
        flat: Array = np.arange(len(column)) * self.width + column
        return flat

    def _open(self, text: Array, said: Array, position: Array) -> tuple[Array, Array]:
        """The places that the bounds do not settle, and their states."""
        char = text.take(position).astype(np.uint32)
        answer = said.take(position).astype(np.uint32)
        slot = self._pair_slot(char, answer)
        known = self.pair_at.take(slot) == (char << np.uint32(16) | answer)
        known &= answer <= _BMP
        state = self.state_at.take(slot) * known
        left = KINDS.take(text.take(position - 1, mode="clip")).astype(np.uint32)
        right = KINDS.take(text.take(position + 1, mode="clip")).astype(np.uint32)
        if len(position):
            if position[0] == 0:
                left[0] = KIND_OTHER
            if position[-1] == len(text) - 1:
                right[-1] = KIND_OTHER
        bound = self.bounds[0].take(self._bound_slot(state, left, np.uint32(0)))
        bound += self.bounds[1].take(self._bound_slot(state, np.uint32(0), right))
        bound += self.bounds[2].take(self._bound_slot(state, left, right))
        open_ = np.flatnonzero(bound > self.need.take(state))
        return position[open_], state[open_]


def _is_yue(text: Array, position: Array, marks: Array) -> Array:
    """choice.is_yue for many positions, `marks` being all marks of Cantonese in the text."""
    line_ends = np.flatnonzero(text == _NEWLINE)
    after = np.searchsorted(marks, position)
    found = np.zeros(len(position), np.bool_)
    for at in (after - 1, after):
        mark = marks.take(at, mode="clip")
        near = np.flatnonzero(abs(mark - position) <= YUE_REACH)
        lines = [np.searchsorted(line_ends, places[near]) for places in (mark, position)]
        found[near] |= lines[0] == lines[1]
    return found
