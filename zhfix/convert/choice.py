"""Which of several Traditional forms is meant: a learned table over the dictionary's answer.

The dictionary writes a Simplified character with several Traditional forms (发: 發 髮) as its
longest phrase says. Here short contexts vote: every row of choice.tsv that matches around the
character adds its weight to one form, rows `=髮` say how far the dictionary's own answer is to be
doubted, and the dictionary stands unless another form has strictly more. Weights are integers, so
the plain path and choice_bulk.py agree exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat

from zhfix.convert.choice_rows import (
    FIRM,
    HAND_TABLES,
    Row,
    read_crossings,
    read_hand,
    read_rows,
    read_style,
    with_simple_contexts,
)
from zhfix.named import NamedTuple
from zhfix.pattern import compiled
from zhfix.tables import load_map

__all__ = ["Change", "Choice", "contexts"]

# Windows around the character: how many characters to the left and to the right belong to it.
# Wider ones and windows with a gap were tried: more rows, no fewer errors. contexts() spells them.
WINDOWS = ((1, 0), (0, 1), (2, 0), (1, 1), (0, 2), (2, 1), (1, 2))
REACH = 2  # the widest window on one side
OTHER = "□"  # stands for everything that is not a Han character, and for the edges of the text
DIGIT = "#"
HAND = 4096  # a hand-kept row outweighs any sum of learned ones (7 rows of at most 255)
N_SETTLED = 30_000  # places remembered, about 3 MB; then the memory starts anew
FIRM_TIMES = 8  # it outweighs the plain hand-kept rows of all other windows
YUE = "~"  # row that speaks when the text around is Cantonese
YUE_MARKS = frozenset("嘅咗嘢喺唔哋啲冇咁嚟佢嗰㗎嘞囖喎㖞揾搵畀睇嘥攞瞓嗌嗮冚噉乸噃啩")
YUE_REACH = 20  # characters on each side, within the line: about one clause before and after
_DIGITS = frozenset("0123456789０１２３４５６７８９")


class Change(NamedTuple):
    """One character that is written differently from the dictionary's answer."""

    position: int
    form: str
    margin: int
    reason: str


# the Han characters of the Basic Multilingual Plane, the only ones rows are made of
HAN_RANGES = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF))


def is_han(char: str) -> bool:
    """True for a character of HAN_RANGES."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char == "\u3007"


class _Symbols(dict[str, str]):
    """`symbol` of the characters that were met; at most those of the BMP are Han."""

    def __missing__(self, char: str) -> str:
        made = char if is_han(char) else DIGIT if char in _DIGITS else OTHER
        if char <= "\uffff":
            self[char] = made
        return made


_SYMBOLS = _Symbols()


def symbol(char: str) -> str:
    """`char` as contexts see it: itself if Han, `#` for a digit, `□` for all the rest."""
    return _SYMBOLS[char]


def contexts(hans: str, position: int) -> list[str]:
    """Every context of a position that a row can name, the character itself in brackets.

    A window reaches at most one step past the Han characters next to it.

    >>> contexts("头发,", 1)
    ['头[发]', '[发]□', '头[发]□', '□头[发]', '□头[发]□']
    """
    if 2 <= position < len(hans) - 2:
        far_left, left, _, right, far_right = map(
            _SYMBOLS.__getitem__, hans[position - 2 : position + 3]
        )
    else:
        left, far_left, right, far_right = (
            symbol(hans[at]) if 0 <= at < len(hans) else OTHER
            for at in (position - 1, position - 2, position + 1, position + 2)
        )
    bare = f"[{hans[position]}]"
    found = [left + bare, bare + right, left + bare + right]
    if left not in (OTHER, DIGIT):
        found += [far_left + left + bare, far_left + left + bare + right]
    if right not in (OTHER, DIGIT):
        found += [bare + right + far_right, left + bare + right + far_right]
    return found


class Bounds(NamedTuple):
    """How much contexts can add at most to any other form than the dictionary's.

    Only where the entries for both neighbours together exceed `need` can the answer change, so
    most places cost three look-ups.
    """

    need: int
    left: dict[str, int]
    right: dict[str, int]
    both: dict[str, int]


def _share_equal(votes: dict[str, dict[str, dict[str, int]]]) -> None:
    """Let contexts that say the same share one object: most say one of a few things."""
    known: dict[tuple[tuple[str, int], ...], dict[str, int]] = {}
    for patterns in votes.values():
        for pattern, vote in patterns.items():
            patterns[pattern] = known.setdefault(tuple(vote.items()), vote)


class Choice:
    """The table, ready to be applied to text in `hans` and the dictionary's `hant` of it."""

    def __init__(
        self,
        rows: Iterable[Row],
        hand: Iterable[tuple[str, str]] = (),
        never: Iterable[str] = (),
    ) -> None:
        """`never` holds pairs of forms, such as 佈布, that learned rows may not exchange."""
        self.votes: dict[str, dict[str, dict[str, int]]] = {}
        self.doubts: dict[tuple[str, str], dict[str, int]] = {}
        apart = {frozenset(pair) for pair in never}
        for hans, pattern, form, weight in rows:
            if pattern[0] != "=":
                self.votes.setdefault(hans, {}).setdefault(pattern, {})[form] = weight
                continue
            doubt = self.doubts.setdefault((hans, pattern[1]), {})
            if frozenset((pattern[1], form)) not in apart:
                doubt[form] = weight
        self._add_hand(list(hand))
        _share_equal(self.votes)
        self._bounds: dict[tuple[str, str], Bounds | None] = {}
        chars = "".join(sorted({hans for hans, _ in self.doubts}))
        self._candidates = compiled(f"[{chars}]" if chars else "(?!)")
        # only memories: three characters and an answer that stands; five, an answer and the form
        self._settled: set[str] = set()
        self._decided: dict[str, str] = {}
        self._by_yue = {char for char, votes in self.votes.items() if f"{YUE}[{char}]" in votes}

    def _add_hand(self, hand: list[tuple[str, str]]) -> None:
        """Hand-kept rows: 艳豔 (豔 is not to be written for 艳, or `-`: it may be) and contexts,
        with `!` before those of words that nothing cuts.
        """
        for key, form in hand:
            if "[" not in key:
                doubt = self.doubts.setdefault((key[0], key[1]), {})
                if form != "-":
                    doubt[form] = HAND
        # every form known of a character may be the dictionary's answer, itself included
        answers: dict[str, set[str]] = {}
        for (char, answer), doubt in self.doubts.items():
            answers.setdefault(char, {char}).update((answer, *doubt))
        for row, form in dict.fromkeys(hand):  # a row that stands in both tables counts once
            key = row.removeprefix(FIRM)
            at = key.find("[")
            if at < 0:
                continue
            char, n_left, n_right = key[at + 1], at, len(key) - at - 3
            if key[0] != YUE and (n_left, n_right) not in WINDOWS:
                raise ValueError(f"hand-kept context {key!r} is wider than any window")
            vote = self.votes.setdefault(char, {}).setdefault(key, {})
            times = FIRM_TIMES if key != row else 1
            vote[form] = vote.get(form, 0) + HAND * times * (n_left + n_right + 1)
            for answer in answers.get(char, ()):
                if answer != form:
                    self.doubts.setdefault((char, answer), {}).setdefault(form, -HAND // 2)

    @classmethod
    def read(
        cls, region: str = "", variants: str = "", chars: frozenset[str] | None = None
    ) -> Choice:
        """The tables for one region: "" (general), tw or hk; with `chars`, as far as they decide
        one of these Simplified characters.

        `variants` names the table of regional forms that the dictionary's answer is written in,
        `TWVariants` or `HKVariants`; without it the forms are OpenCC's own.
        """
        write = str.maketrans(load_map(variants)) if variants else {}
        forms: dict[str, str] = {}  # one object for each, and not one for each row
        rows = (
            Row(hans, pattern if pattern[0] != "=" else pattern.translate(write), form, weight)
            for hans, pattern, form, weight in read_rows(chars)
        )
        kept = (read_hand(name, region, chars) for name in HAND_TABLES)
        hand = (
            (key if "[" in key else key[0] + key[1:].translate(write), form.translate(write))
            for table in (*kept, read_crossings(chars))
            for key, form in table
        )
        return cls(
            (
                row._replace(form=forms.setdefault(row.form, row.form.translate(write)))
                for row in rows
            ),
            hand,
            (pair.translate(write) for pair in read_style(region)),
        )

    @classmethod
    def to_hans(cls, chars: frozenset[str] | None = None) -> Choice:
        """The other direction: override(hant, hans) works on Traditional text, and on Simplified
        text with the characters that both have (显著 beside 顯著); with `chars`, as far as it
        decides one of them.
        """
        return cls((), with_simple_contexts(dict(read_hand("hand/choice-hans", "", chars))))

    def bounds(self, hans: str, answer: str) -> Bounds | None:
        """What could change the dictionary's `answer` for `hans`; None if nothing can."""
        doubt = self.doubts.get((hans, answer))
        if not doubt:
            return None
        votes = self.votes.get(hans, {})
        yue = votes.get(f"{YUE}[{hans}]", {})
        most: tuple[dict[str, dict[tuple[int, int], int]], ...] = ({}, {}, {})
        for pattern, vote in votes.items():
            gain = max(map(vote.get, doubt, repeat(0))) - vote.get(answer, 0)
            if gain <= 0 or pattern[0] == YUE:
                continue
            at = pattern.index("[")
            near, far = pattern[max(0, at - 1) : at], pattern[at + 3 : at + 4]
            gains = most[2 if near and far else 0 if near else 1].setdefault(near + far, {})
            window = at, len(pattern)
            gains[window] = max(gains.get(window, 0), gain)
        left, right, both = ({k: sum(g.values()) for k, g in side.items()} for side in most)
        need = -max(weight + max(0, yue.get(form, 0)) for form, weight in doubt.items())
        return Bounds(need, left, right, both)

    def override(self, hans: str, hant: str) -> list[Change]:
        """Where another form than the dictionary's is written, in order, with the reason.

        `hant` is the dictionary's conversion, character for character, of `hans`. The margin is how
        far the form is ahead of the dictionary's.
        """
        return [
            self._reasoned(hans, position, hant[position], form)
            for position, form in self._forms(hans, hant)
        ]

    def _forms(self, hans: str, hant: str) -> list[tuple[int, str]]:
        """The places of `override` and their forms."""
        if len(hant) != len(hans):
            raise ValueError("the dictionary's answer must have the length of the text")
        settled, decided = self._settled, self._decided
        places = [match.start() for match in self._candidates.finditer(hans)]
        near = [hans[place - 1 : place + 2] + hant[place] for place in places]
        open_ = [i for i, key in enumerate(near) if key not in settled]
        forms = []
        for i in open_:
            place, key = places[i], near[i]
            answer = key[-1]
            wide = hans[place - 2 : place + 3] + answer
            form = decided.get(wide)
            if form is None:
                if self.is_settled(hans, place, answer):
                    if len(key) == 4:
                        settled.add(key)
                    continue
                form = self._best(hans, place, answer)
                if len(wide) == 6 and key[1] not in self._by_yue:
                    decided[wide] = form
            if form != answer:
                forms.append((place, form))
        if len(settled) + len(decided) > N_SETTLED:
            settled.clear()
            decided.clear()
        return forms

    def _best(self, hans: str, position: int, answer: str) -> str:
        """The form with most votes; the dictionary's answer, unless another has strictly more."""
        scores = self._counted(hans, position, answer)
        most = max(scores.values())
        if scores[answer] == most:
            return answer
        return max(form for form, score in scores.items() if score == most)

    def is_settled(self, hans: str, position: int, answer: str) -> bool:
        """True if the two neighbours alone show that the dictionary's answer stands."""
        state = hans[position], answer
        if state not in self._bounds:
            self._bounds[state] = self.bounds(*state)
        bound = self._bounds[state]
        if bound is None:
            return True
        left = symbol(hans[position - 1]) if position else OTHER
        right = symbol(hans[position + 1]) if position + 1 < len(hans) else OTHER
        most = bound.left.get(left, 0) + bound.right.get(right, 0)
        return most + bound.both.get(left + right, 0) <= bound.need

    def scores(self, hans: str, position: int, answer: str) -> dict[str, int]:
        """Every form in doubt at a place, in 1/16 nat beside the dictionary's `answer`; empty where
        the table knows nothing.
        """
        if not self.doubts.get((hans[position], answer)):
            return {}
        return self._counted(hans, position, answer)

    def _counted(self, hans: str, position: int, answer: str) -> dict[str, int]:
        """The votes at one place."""
        scores = {**self.doubts[hans[position], answer], answer: 0}
        for _, vote in self._spoken(hans, position):
            for form, weight in vote.items():
                if form in scores:
                    scores[form] += weight
        return scores

    def _spoken(self, hans: str, position: int) -> list[tuple[str, dict[str, int]]]:
        """The rows that hold at one place."""
        char = hans[position]
        votes = self.votes.get(char)
        if not votes:
            return []
        found = [
            (context, votes[context]) for context in contexts(hans, position) if context in votes
        ]
        mark = f"{YUE}[{char}]"
        if mark in votes and is_yue(hans, position):
            found.append((mark, votes[mark]))
        return found

    def _reasoned(self, hans: str, position: int, answer: str, form: str) -> Change:
        scores = self._counted(hans, position, answer)
        told = [
            (vote[each] if each == form else -vote[each], context)
            for context, vote in self._spoken(hans, position)
            for each in vote
            if each in (form, answer) and each in scores
        ]
        return Change(position, form, scores[form] - scores[answer], _reason(told, form, answer))

    def apply(self, hans: str, hant: str) -> str:
        """`hant` with the chosen forms written; the same object if nothing changes."""
        forms = self._forms(hans, hant)
        if not forms:
            return hant
        parts: list[str] = []
        end = 0
        for position, form in forms:
            parts += hant[end:position], form
            end = position + 1
        return "".join((*parts, hant[end:]))


def is_yue(hans: str, position: int) -> bool:
    """True if a character that only Cantonese uses stands near, in the same line."""
    start = max(position - YUE_REACH, 0)
    start = max(hans.rfind("\n", start, position) + 1, start)
    end = hans.find("\n", position, position + YUE_REACH + 1)
    near = hans[start : position + YUE_REACH + 1 if end < 0 else end]
    return not YUE_MARKS.isdisjoint(near)


def _reason(told: list[tuple[int, str]], best: str, answer: str) -> str:
    """The strongest row for the form, or against the dictionary's, in words; `told` holds them with
    their weights.
    """
    weight, context = max(told, default=(0, ""))
    if weight <= 0:
        return f"{answer} is seldom meant: {best}"
    return f"{context} -> {best} ({'kept by hand' if weight >= HAND else f'{weight:+d}'})"
