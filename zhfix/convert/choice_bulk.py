"""choice.py over whole arrays: the same answers, at the speed of table lookups.

Most places are settled by their neighbours alone. For every state (character, dictionary's answer)
an upper bound of what contexts could add is kept for the character to the left, the one to the
right, and both; only where the bounds could outweigh the dictionary are the contexts looked up.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from zhfix.convert.choice import (
    DIGIT,
    OTHER,
    REACH,
    WINDOWS,
    YUE,
    YUE_MARKS,
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


def narrow(text: Array) -> Array:
    """`text` as uint16, characters above U+FFFF as a surrogate, which no table knows."""
    if text.dtype == np.uint16:
        return text
    out: Array = np.where(text > 0xFFFF, 0xD800, text).astype(np.uint16)
    return out


def neighbours(text: Array, position: Array, reach: int = REACH) -> Array:
    """Kinds of the characters around each position, one row per distance from -reach to reach."""
    rows = np.empty((2 * reach + 1, len(position)), np.uint64)
    for row in range(2 * reach + 1):
        at = position + (row - reach)
        kind = KINDS.take(text.take(at, mode="clip"))
        kind[(at < 0) | (at >= len(text))] = KIND_OTHER
        rows[row] = kind
    return rows


def hash_contexts(near: Array, inside: tuple[Array, Array] | None = None) -> Array:
    """Hash of every context, one row per window; 0 where a place has no such context.

    `inside` limits the reach to each side, for words that stand alone.
    """
    is_far = [near[REACH + step] > KIND_DIGIT for step in (-1, 1)]
    reach = [np.where(far, REACH, 1) for far in is_far]
    if inside:
        reach = [np.minimum(*pair) for pair in zip(reach, inside, strict=True)]
    hashes = np.empty((len(WINDOWS), near.shape[1]), np.uint64)
    for i, (n_left, n_right) in enumerate(WINDOWS):
        state = mix(near[REACH], np.uint64(1000 + i))
        for step in (*range(-n_left, 0), *range(1, n_right + 1)):
            state = mix(state, near[REACH + step])
        exists = (n_left <= reach[0]) & (n_right <= reach[1])
        hashes[i] = np.where(exists, state | _ONE, 0)
    return hashes


def _kind_of(symbol: str) -> int:
    return KIND_OTHER if symbol == OTHER else KIND_DIGIT if symbol == DIGIT else ord(symbol)


def _parse(pattern: str) -> tuple[int, list[int], list[int]]:
    """The character of a context and the kinds to its left and right."""
    at = pattern.index("[")
    left = [_kind_of(symbol) for symbol in pattern[:at]]
    return ord(pattern[at + 1]), left, [_kind_of(symbol) for symbol in pattern[at + 3 :]]


def _hash_patterns(parsed: list[tuple[int, list[int], list[int]]]) -> list[int]:
    """The hashes that hash_contexts gives to places where the patterns hold."""
    hashes = np.zeros(len(parsed), np.uint64)
    for i, window in enumerate(WINDOWS):
        of_window = [k for k, (_, *sides) in enumerate(parsed) if (*map(len, sides),) == window]
        kinds = np.array([[c, *left, *right] for c, left, right in (parsed[k] for k in of_window)])
        if of_window:
            state = mix(kinds[:, 0].astype(np.uint64), np.uint64(1000 + i))
            for column in kinds[:, 1:].T:
                state = mix(state, column.astype(np.uint64))
            hashes[of_window] = state | _ONE
    return [int(value) for value in hashes.tolist()]


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
            at = (slot[left] + step) & self.last
            keys = self.keys.take(at)
            rows[left] = np.where(keys == hashes[left], self.rows.take(at), 0)
            left = left[(keys != hashes[left]) & (keys != 0)]
        return rows


def _utf16(text: str) -> Array:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def _line_ends(units: Array) -> Array:
    """Where each line ends, its LF included; the last one at the end of the text."""
    ends = np.flatnonzero(units == _NEWLINE) + 1
    return ends if len(ends) and ends[-1] == len(units) else np.append(ends, len(units))


class BulkChoice:
    """A Choice compiled into arrays; `apply` gives what Choice.apply gives."""

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
        self.is_mark = np.zeros(65536, np.bool_)
        self.is_mark[[ord(char) for char in YUE_MARKS]] = True
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
        self.salt = np.random.default_rng(1).integers(0, 1 << 32, shape[0], np.uint32)
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
            slots[0] += [(state, _kind_of(key), 0, most) for key, most in bound.left.items()]
            slots[1] += [(state, 0, _kind_of(key), most) for key, most in bound.right.items()]
            slots[2] += [
                (state, _kind_of(key[0]), _kind_of(key[1]), most)
                for key, most in bound.both.items()
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
            if len(np.unique(slots)) == len(slots):
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

    def apply(self, hans: Array, hant: Array) -> Array:
        """`hant` with the chosen forms written; the same array if nothing changes.

        Both hold one unit per character (uint16 or uint32); in uint16 a character above U+FFFF
        stands as any one surrogate.
        """
        position, forms = self.changes(hans, hant)
        if not len(position):
            return hant
        out: Array = hant.copy()
        out[position] = forms
        return out

    def apply_text(self, hans: str, hant: str) -> str:
        """`apply` for strings of one length.

        Lines with characters beyond the BMP, two units each, are rare: they go the plain way.
        """
        given, said = _utf16(hans), _utf16(hant)
        if len(given) == len(hans) and len(said) == len(hant):
            out = self.apply(given, said)
        else:
            out = self._apply_around(given, said)
        return hant if out is said else out.tobytes().decode("utf-16-le", "surrogatepass")

    def _apply_around(self, given: Array, said: Array) -> Array:
        """`apply` over units of unequal number, line by line where surrogates stand."""
        bounds = [_line_ends(units) for units in (given, said)]
        far = np.zeros(len(bounds[0]), bool)
        for units, ends in zip((given, said), bounds, strict=True):
            places = np.flatnonzero((units & 0xF800) == 0xD800)
            far[np.searchsorted(ends, places, side="right")] = True
        near = [np.repeat(~far, np.diff(ends, prepend=0)) for ends in bounds]
        out: Array = said.copy()
        out[near[1]] = self.apply(given[near[0]], said[near[1]])
        for line in np.flatnonzero(far).tolist():
            (a, b), (c, d) = (
                (int(ends[line - 1]) if line else 0, int(ends[line])) for ends in bounds
            )
            texts = [
                units.tobytes().decode("utf-16-le", "surrogatepass")
                for units in (given[a:b], said[c:d])
            ]
            out[c:d] = _utf16(self._choice.apply(*texts))
        return out

    def changes(self, hans: Array, hant: Array) -> tuple[Array, Array]:
        """Positions where another form than the dictionary's is written, and the forms."""
        text = narrow(hans)
        position = np.flatnonzero(self.is_candidate.take(text))
        position, state = self._open(text, narrow(hant), position)
        if not len(position):
            return position, np.zeros(0, np.uint16)
        rows = self.rows.find(hash_contexts(neighbours(text, position)).ravel())
        score = self.base.take(state, axis=0)
        score += self.votes.take(rows, axis=0).reshape(len(WINDOWS), -1, self.width).sum(axis=0)
        near_yue = np.flatnonzero(self.has_yue.take(state))
        if len(near_yue):
            near_yue = near_yue[self._is_yue(text, position[near_yue])]
            score[near_yue] += self.yue.take(state[near_yue], axis=0)
        score[self.base.take(state, axis=0) == NEVER] = NEVER
        best = self.width - 1 - score[:, ::-1].argmax(axis=1)
        every = np.arange(len(position))
        wins = score[every, best] > score[every, self.answer.take(state)]
        return position[wins], self.out[state[wins], best[wins]]

    def _open(self, text: Array, said: Array, position: Array) -> tuple[Array, Array]:
        """The places that the bounds do not settle, and their states."""
        char = text.take(position).astype(np.uint32)
        answer = said.take(position).astype(np.uint32)
        slot = self._pair_slot(char, answer)
        known = self.pair_at.take(slot) == (char << np.uint32(16) | answer)
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

    def _is_yue(self, text: Array, position: Array) -> Array:
        """choice.is_yue for many positions."""
        found = np.zeros(len(position), np.bool_)
        for step in (-1, 1):
            in_line = np.ones(len(position), np.bool_)
            for distance in range(YUE_REACH + 1):
                at = position + step * distance
                unit = text.take(at, mode="clip")
                in_line &= (unit != _NEWLINE) & (at >= 0) & (at < len(text))
                found |= in_line & self.is_mark.take(unit)
        return found
