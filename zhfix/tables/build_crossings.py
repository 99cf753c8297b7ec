"""Chooses crossings.tsv: contexts where two words meet and a third one seems to stand (学|制作).

Pairs of words are joined, as their counts let expect them, and converted by the dictionary, the
learned rows and the hand-kept ones. Where the forms that come out are not those of the words, and
the counts leave no doubt of these, contexts are picked that call for them, the one that mends most
for its length first. None of them is one that native text contradicts. Build time only.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from zhfix.convert.choice import YUE_MARKS, Choice
from zhfix.convert.choice_bulk import BulkChoice
from zhfix.convert.choice_rows import FIRM, HAND_TABLES, read_hand, read_rows, read_style
from zhfix.convert.engine import engine_for, plain_for
from zhfix.convert.fused import Fused
from zhfix.named import NamedTuple
from zhfix.tables import load_map
from zhfix.tables.forms import Forms
from zhfix.tables.learn import units
from zhfix.tables.meetings import Contexts, meetings
from zhfix.tables.native_contexts import Context, NativeContexts
from zhfix.tables.word_counts import Words, read_words

__all__ = ["crossing_rows", "without_crossings"]

LEAST = 0.01  # times in 90 million words that a pair is to be expected
SURE, SURE_ALONE = 0.85, 0.95  # share of the meant form in a context; on one side only
MENDS = 2.0  # times what a row may spoil, that it must mend
SPOILT = 0.02  # share of other forms there that native text may have
ROOM = (32_000, 40_000, 42_000)  # bytes of rows after each round: a row may cut another pair
SCALE = 160  # of the root of how often a pair is expected, so that worths are whole numbers
GAIN = 40  # a row must mend so much: two pairs of the least, or one of some six times that
OTHERS = 0.22  # what the root of other forms' expected times in its context counts against a row
# bytes that a context adds to the table where others share one of its ends, by its width
SIZES = {(1, 1): 4, (2, 0): 7, (0, 2): 7, (2, 1): 8, (1, 2): 8}  # one neighbour says too little


class Place(NamedTuple):
    """A character that comes out wrong in a pair of words."""

    pair: str
    at: int
    form: str  # meant
    times: float

    def widest(self) -> Context:
        """The most that a context can see of it."""
        at, char = self.at, self.pair[self.at]
        return Context(char, self.pair[max(0, at - 2) : at], self.pair[at + 1 : at + 3], self.form)

    def worth(self) -> int:
        """What it counts to mend it: the root, since no count is that of the text to come."""
        return round(SCALE * math.sqrt(self.times))

    def contexts(self) -> Iterator[Context]:
        """Those within the pair."""
        for n_left, n_right in SIZES:
            left, right = self.at - n_left, self.at + n_right + 1
            if left >= 0 and right <= len(self.pair):
                before, behind = self.pair[left : self.at], self.pair[self.at + 1 : right]
                yield Context(self.pair[self.at], before, behind, self.form)


def _size(row: Context) -> int:
    """Bytes."""
    return SIZES[len(row.left), len(row.right)]


def without_crossings(rows: Iterable[Context] = ()) -> Choice:
    """The choice of general Traditional in OpenCC's own forms, with these rows for the table's."""
    hand = [row for name in HAND_TABLES for row in read_hand(name, "")]
    hand += [(FIRM + row.key(), row.form) for row in rows]
    return Choice(read_rows(), hand, read_style(""))


def crossing_rows(corpus: Path) -> Iterator[tuple[str, str, str]]:
    """Rows (character, form, contexts) from the corpora in a folder, in a minute on one core."""
    forms = Forms.from_opencc()
    words = read_words(forms, corpus, Fused(plain_for("s2t"), without_crossings()).convert)
    pairs = Pairs(words, forms, LEAST)
    rating = _Rating(Contexts(words, forms), NativeContexts(forms, corpus))
    chosen: list[Context] = []
    for room in ROOM:
        places = pairs.wrong(without_crossings(chosen))
        chosen += _picked(places, rating, chosen, room)
    return _rows(chosen)


class Pairs:
    """Pairs of words that meet, joined, with the forms that they have as words."""

    def __init__(self, words: Words, forms: Forms, least: float, *, whole: bool = False) -> None:
        met = meetings(words, forms, least, whole=whole)
        text, known = words.text, words.forms
        numbers = list(zip(met.first.tolist(), met.second.tolist(), strict=True))
        self.pairs = [text[a] + text[b] for a, b in numbers]
        self.times = met.times
        joined = "\n".join(self.pairs)
        self._hans = units(joined)
        self._meant = units("\n".join([known[a] + known[b] for a, b in numbers]))
        self._said = units(engine_for("s2t", bulk=True).convert(joined))
        self._ends = np.flatnonzero(self._hans == ord("\n"))
        self._yue = np.flatnonzero(np.isin(self._hans, [*map(ord, YUE_MARKS)]))
        self._fold = forms.fold
        self._open = np.flatnonzero(forms.is_ambiguous[self._hans] & (self._meant > 0))
        self._spellings = words.spellings

    def wrong(self, choice: Choice) -> list[Place]:
        """The places where a choice writes another form than the word has."""
        bulk = BulkChoice(choice)
        places = np.flatnonzero(bulk.is_candidate[self._hans])
        changed, form = bulk.changes(self._hans, self._said, places, self._yue)
        made = self._said.copy()
        made[changed] = form
        made = self._fold[made]
        found = self._open[made[self._open] != self._meant[self._open]]
        pair = np.searchsorted(self._ends, found)
        start = np.concatenate([[0], self._ends + 1])[pair]
        columns = (pair, found - start, self._meant[found], made[found])
        return [
            Place(self.pairs[n], at, chr(meant), float(self.times[n]))
            for n, at, meant, wrong in zip(*(column.tolist() for column in columns), strict=True)
            if frozenset((chr(meant), chr(wrong))) not in self._spellings
        ]


class _Rating:
    """What speaks against a context: other forms that are to be expected there, or stand there in
    native text.
    """

    def __init__(self, expected: Contexts, native: NativeContexts) -> None:
        self._expected = expected
        self._native = native
        by_hand = (read_hand(name, region) for name in HAND_TABLES for region in ("", "tw", "hk"))
        self._by_hand = {key.removeprefix(FIRM) for rows in by_hand for key, _ in rows}
        self._never = frozenset(load_map("hand/crossings-never"))

    def share(self, row: Context) -> float:
        """How much of what is to be expected in a context has the form meant."""
        times = self._expected.times(row.left, row.char, row.right)
        return round(times.get(row.form, 0.0) / sum(times.values()), 9) if times else 0.0

    def others(self, row: Context) -> float:
        """How often other forms are to be expected there."""
        times = self._expected.times(row.left, row.char, row.right)
        return sum(n for form, n in times.items() if form != row.form)

    def against(self, contexts: list[Context]) -> dict[Context, int]:
        """What the rows that may be made count against themselves."""
        found = {}
        for row, (own, others) in zip(contexts, self._native.counts(contexts), strict=True):
            if row.key() in self._by_hand or not self._never.isdisjoint(row.parts()):
                continue
            if others > SPOILT * own + 0.5:
                continue
            if self.share(row) >= (SURE_ALONE if row.is_one_sided() else SURE):
                found[row] = round(SCALE * OTHERS * math.sqrt(self.others(row)))
        return found


def _picked(
    places: list[Place], rating: _Rating, chosen: list[Context], room: int
) -> Iterator[Context]:
    """The contexts that mend most for their length, one after the other, while there is room."""
    helps: dict[Context, list[int]] = defaultdict(list)
    places = [place for place in places if rating.share(place.widest()) >= SURE]
    worth = [place.worth() for place in places]
    for n, place in enumerate(places):
        for row in place.contexts():
            helps[row].append(n)
    taken = {row.key() for row in chosen}
    worthy = [
        row
        for row, of in helps.items()
        if row.key() not in taken
        and sum(worth[n] for n in of) >= GAIN
        and sum(places[n].times for n in of) >= MENDS * rating.others(row)
    ]
    against = rating.against(sorted(worthy))
    room -= sum(_size(row) for row in chosen)
    is_done = [False] * len(places)

    def gain(row: Context) -> int:
        mends = sum(worth[n] for n in helps[row] if not is_done[n])
        # in thousandths for each byte: whole numbers are the same on every machine
        return (mends - against[row]) * 1000 // _size(row) if mends >= GAIN else 0

    queue = [(-gain(row), row) for row in against]
    heapq.heapify(queue)
    while queue and room > 0:
        _, row = heapq.heappop(queue)
        now = gain(row)
        if now <= 0:
            continue
        if queue and (-now, row) > queue[0]:  # others do more, since some is done
            heapq.heappush(queue, (-now, row))
            continue
        room -= _size(row)
        for n in helps[row]:
            is_done[n] = True
        yield row


def _rows(chosen: list[Context]) -> Iterator[tuple[str, str, str]]:
    """One row for each form of a character; contexts that differ at one end share a key."""
    ends: dict[tuple[str, str, bool, str], set[Context]] = defaultdict(set)
    for row in chosen:
        ends[row.char, row.form, False, row.left].add(row)
        ends[row.char, row.form, True, row.right].add(row)
    left = set(chosen)
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (char, form, is_right, end), members in sorted(
        ends.items(), key=lambda item: (-len(item[1]), item[0])
    ):
        if shared := sorted(members & left):
            left.difference_update(shared)
            other = "/".join(row.left if is_right else row.right for row in shared)
            keys[char, form].append(
                f"{other}[{char}]{end}" if is_right else f"{end}[{char}]{other}"
            )
    for (char, form), each in keys.items():
        yield char, form, " ".join(sorted(each))
