"""Which words are to be expected beside each other, and which form stands in a context, as the
counts of words and the classes that follow each other tell. Build time only.

Looked for is a character in doubt at the edge of one word that other words have beside the edge of
the next: in 手表|达到 the end of 手表 and 达 look like 表达.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import numpy as np

from zhfix.convert.choice_bulk import Array
from zhfix.named import NamedTuple
from zhfix.tables.forms import Forms
from zhfix.tables.word_counts import UNKNOWN, Words

__all__ = ["Contexts", "Meetings", "meetings"]

SELDOM = 3  # a word met less often than this in the lists makes no pair
ALONE = frozenset("只")  # a word by itself far more often: its counts do not tell 一|只 from 一隻
OWN, NEXT = 3, 2  # characters of a word with the one in doubt, and of the other, that tell it apart


class Meetings(NamedTuple):
    """Aligned: pairs of words, by number, and how often they are to be expected."""

    first: Array
    second: Array
    times: Array


class _Side(NamedTuple):
    """Words that are one for our purpose, since the characters next to the edge are the same."""

    word: Array  # the most frequent of each
    counts: Array  # [group, class]
    form: Array  # of the character at the edge


def meetings(words: Words, forms: Forms, least: float, *, whole: bool = False) -> Meetings:
    """The pairs of words expected `least` times or more in as many words as the lists count.

    Words whose characters near the edge are the same are taken together, as no context reaches
    further; `whole` keeps each pair of words apart.
    """
    found: list[tuple[Array, Array, Array]] = []
    of_kind = words.follows / words.counts.sum()
    for at in (-1, 0):  # the character in doubt ends the first word, or begins the second
        own = _sides(words, at, forms, None if whole else OWN)
        others = _sides(words, -1 - at, None, None if whole else NEXT)
        beside = _beside(words, forms, 1 if at else -1)
        ahead = of_kind if at else of_kind.T
        for char in sorted(own.keys() - ALONE):
            side = own[char]
            likely = side.counts @ ahead
            for neighbour, met in beside[char].items():
                if neighbour not in others:
                    continue
                only = next(iter(met)) if len(met) == 1 else ""
                open_ = np.flatnonzero(side.form != only)
                other = others[neighbour]
                times = likely[open_] @ other.counts.T
                i, j = np.nonzero(times >= least)
                pair = side.word[open_[i]], other.word[j]
                found.append((*(pair if at else pair[::-1]), times[i, j]))
    first, second, times = (np.concatenate(column) for column in zip(*found, strict=True))
    key = first * len(words.text) + second
    order = np.lexsort((-times, key))
    keep = order[np.unique(key[order], return_index=True)[1]]
    return Meetings(first[keep], second[keep], times[keep])


def _sides(words: Words, at: int, forms: Forms | None, reach: int | None) -> dict[str, _Side]:
    """The words by the character at one end, in groups; with `forms`, the words of two characters
    and more whose end is in doubt and known.
    """
    groups: dict[str, dict[tuple[str, str], list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, word in enumerate(words.text):
        if words.counts[number] < SELDOM or words.is_odd[number]:
            continue
        form = words.forms[number][at]
        if forms and (len(word) < 2 or form == UNKNOWN or not forms.is_ambiguous[ord(word[at])]):
            continue
        seen = word if reach is None else word[:reach] if at == 0 else word[-reach:]
        groups[word[at]][seen, form if forms else ""].append(number)
    n_kinds = len(words.follows)
    return {
        char: _Side(
            np.array([max(each, key=words.counts.__getitem__) for each in known.values()]),
            np.array(
                [
                    np.bincount(words.kind[each], words.counts[each], n_kinds)
                    for each in known.values()
                ]
            ),
            np.array([form for _, form in known]),
        )
        for char, known in groups.items()
    }


def _beside(words: Words, forms: Forms, step: int) -> dict[str, dict[str, set[str]]]:
    """The forms of each character in doubt beside each neighbour within a word."""
    met: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for word, known in zip(words.text, words.forms, strict=True):
        for i, char in enumerate(word):
            is_known = forms.is_ambiguous[ord(char)] and known[i] != UNKNOWN
            if is_known and 0 <= i + step < len(word):
                met[char][word[i + step]].add(known[i])
    return met


# a character, what its word has before it, whether it begins there, what behind, whether it ends
_Key = tuple[str, str, bool, str, bool]


class Contexts:
    """How often each form is to be expected in a context of up to two characters on each side,
    wherever the words around begin and end.
    """

    def __init__(self, words: Words, forms: Forms) -> None:
        self._follows = words.follows
        self._total = words.counts.sum()
        self._none = np.zeros(len(words.follows))
        # by the characters at their ends: counts of words by class
        self._end: dict[str, Array] = defaultdict(self._none.copy)
        self._start: dict[str, Array] = defaultdict(self._none.copy)
        self._alone: dict[str, Array] = defaultdict(self._none.copy)
        self._inside: dict[_Key, dict[str, Array]] = defaultdict(
            lambda: defaultdict(self._none.copy)
        )
        for word, known, kind, count in zip(
            words.text, words.forms, words.kind.tolist(), words.counts.tolist(), strict=True
        ):
            if len(word) == 1:
                self._alone[word][kind] += count
            for reach in range(1, min(2, len(word)) + 1):
                self._end[word[-reach:]][kind] += count
                self._start[word[:reach]][kind] += count
            for i, char in enumerate(word):
                if forms.is_ambiguous[ord(char)]:
                    for key in _parts(word, i):
                        self._inside[key][known[i]][kind] += count
        self.times = cache(self._times)
        self._before = cache(self._ends)
        self._behind = cache(self._starts)

    def _times(self, left: str, char: str, right: str) -> dict[str, float]:
        """The forms of `char` between `left` and `right`, and how often each is expected."""
        found: dict[str, float] = defaultdict(float)
        for n_left in range(len(left) + 1):
            cut = len(left) - n_left
            for n_right in range(len(right) + 1):
                key = (char, left[cut:], cut > 0, right[:n_right], n_right < len(right))
                if key not in self._inside:
                    continue
                for form, counts in self._inside[key].items():
                    weighed = counts * self._before(left[:cut]) if cut else counts
                    if n_right < len(right):
                        weighed = weighed * self._behind(right[n_right:])
                    found[form] += float(weighed.sum())
        return dict(found)

    def _ends(self, left: str) -> Array:
        """How likely text ends in `left` before a word of each class."""
        found = self._end.get(left, self._none)
        if len(left) == 2 and left[1] in self._alone and left[0] in self._end:
            before = self._end[left[0]] @ self._follows / self._total
            found = found + self._alone[left[1]] * before
        likely: Array = found @ self._follows / self._total
        return likely

    def _starts(self, right: str) -> Array:
        """How likely text begins with `right` behind a word of each class."""
        found = self._start.get(right, self._none)
        if len(right) == 2 and right[0] in self._alone and right[1] in self._start:
            behind = self._follows @ self._start[right[1]] / self._total
            found = found + self._alone[right[0]] * behind
        likely: Array = self._follows @ found / self._total
        return likely


def _parts(word: str, i: int) -> Iterator[_Key]:
    """The keys under which a word is found by one of its characters: up to two others on each side,
    and where these are all of the side, whether the word is to end there.
    """
    n_behind = len(word) - 1 - i
    for n_left in range(min(2, i) + 1):
        for n_right in range(min(2, n_behind) + 1):
            for begins in (True, False) if n_left == i else (False,):
                for ends in (True, False) if n_right == n_behind else (False,):
                    behind = word[i + 1 : i + 1 + n_right]
                    yield word[i], word[i - n_left : i], begins, behind, ends
