"""Where a Traditional text may have a wrong form: the cheap look before the dear one (wrong.py).

A character is a suspect when native text does not write it between its neighbours more than every
other form of it, or never writes it at all, or when a neighbour is one that the dictionary's
phrases have beside another form alone. In sound text that is one character in some hundreds, so
nothing else has to be converted back and forth.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import accumulate

from zhfix.convert.attested import ahead, is_attested, likely, ties
from zhfix.convert.rivals import forms_of, is_spelling, rivals, standard, standards
from zhfix.convert.told_near import told_near
from zhfix.first_lines import is_few
from zhfix.kept import kept
from zhfix.named import NamedTuple
from zhfix.pattern import compiled, pattern
from zhfix.tables import load_map, load_near

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from zhfix.convert.suspects_bulk import Memory

__all__ = [
    "CROSSED",
    "FIRST",
    "HABIT",
    "KINDS",
    "NONE",
    "NO_COUNTS",
    "OTHER",
    "PHRASE",
    "SURE",
    "Contest",
    "Suspects",
    "by_hand",
    "contest_of",
    "hand_characters",
    "hand_rows",
    "in_pair",
    "is_strange",
    "naive_kind",
    "near",
    "neighbours",
    "phrase_sides",
    "spots_among",
    "suspects",
    "suspects_each",
    "told_beside",
]

SURE = 2.0  # nats by which a form that hans has not must be ahead to be no suspect
HABIT = 3.0  # nats by which native text may prefer one of two spellings in use
PHRASE = 5.0  # nats by which native text may speak for a form that a phrase speaks against
_BULK = 300  # characters from which arrays pay where numpy is loaded
CROSSED = 2.5  # nats by which a word across the edge of a hand-kept one must be the better tied
_PAIRED = 2.7  # nats by which a word may be tied more than the one of two that crosses its edge
_PAIR = 1.0  # nats by which a word of two is tied at least: 後放 is none (皇後|放)
_N_KNOWN = 40_000  # places remembered, about 4 MB; then the memory starts anew


@lru_cache(1 << 14)
def is_strange(char: str) -> bool:
    """Whether a character is written otherwise when folded and written again, whatever stands
    beside it: 産 is 產, and 个 is 個.
    """
    there, back = load_map("TSCharacters"), load_map("STCharacters")
    if char not in there and char not in back:
        return False
    simple = there.get(char, char)
    form = standard(char)
    if standard(back.get(simple, simple)) == form:
        return False
    return not (form in rivals() and is_attested(form))


@lru_cache(1 << 14)
def _is_looked_at(char: str) -> bool:
    """Whether the pattern finds a character."""
    if char > "\uffff":
        return False
    return any(form in rivals() or is_strange(form) for form in {char, standard(char)})


@cache
def _pattern() -> re.Pattern[str]:
    known = {*rivals(), *load_map("TSCharacters"), *load_map("STCharacters")}
    known |= {chr(code) for code in standards()}
    # one character beyond the plane makes the class thirty times slower
    plane = sorted(filter(_is_looked_at.__wrapped__, known))  # each once: nothing to remember
    return pattern(f"[{''.join(plane)}]")


@cache
def neighbours() -> dict[str, str]:
    """Characters as they are counted beside a form: in standard Traditional, one by one."""
    found = {char: form for char, form in load_map("STCharacters").items() if form <= "\uffff"}
    found = {char: form for char, form in found.items() if char not in forms_of()}
    return found | {chr(code): form for code, form in standards().items()}


# a memory only: three characters, and what the middle one is, _SUSPECT or its place in KINDS
_known: dict[str, int] = {}
_SUSPECT = -1
_FEW = 1_000  # places, up to which they are decided one by one


@cache
def _memory() -> Memory:
    from zhfix.convert.suspects_bulk import Memory  # numpy: long text where it is loaded

    return Memory(_pattern().pattern[1:-1], _asked)


@cache
def _margins() -> Callable[[str], bool]:
    from zhfix.convert.margins import is_settled  # it asks here for the rest

    return is_settled


class Suspects(NamedTuple):
    """Offsets of the characters to look at, and how many of the others, which may stand, a naive
    table would write as each of `KINDS` has it; nobody counts them where there is nothing to look
    at.
    """

    spots: list[int]
    counts: tuple[int, int, int]


NO_COUNTS = 0, 0, 0


# what a naive table would have written instead: nothing else, another form, the other script's
KINDS = FIRST, OTHER, NONE = "first", "other", "none"


@cache
def naive_kind(char: str) -> str:
    """The one of `KINDS` that a character which may stand is; nothing where it does not tell."""
    form = standard(char)
    naive = load_map("STCharacters")
    if char in forms_of():
        return "" if form == standard(naive[char]) else NONE
    simple = load_map("TSCharacters").get(char, char)
    return FIRST if form == standard(naive.get(simple, char)) else OTHER


def suspects(text: str) -> Suspects:
    """The suspects of a text.

    >>> suspects("皇后的頭發很長").spots, suspects("皇后在後面").spots
    ([4], [])
    """
    return suspects_each([text])[0]


def suspects_each(texts: Sequence[str]) -> list[Suspects]:
    """`suspects` of each of several texts. Cost: over arrays, where numpy is loaded, one pass for
    all of them.
    """
    if len(texts) == 1:
        return [_of_text(texts[0])]
    if sys.modules.get("numpy") and sum(map(len, texts)) >= _BULK:
        return [Suspects(*found) for found in _memory().suspects(texts)]
    return [_suspects(text) for text in texts]


def spots_among(texts: Sequence[str]) -> dict[int, list[int]]:
    """The places of suspects in those of many texts that have any, by the number of the text.

    >>> spots_among(["很長", "皇后的頭發很長"])
    {1: [4]}

    Cost: they are read as one; most of them have none.
    """
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    found: dict[int, list[int]] = {}
    for at in suspects("\n".join(texts)).spots:
        i = bisect_right(starts, at) - 1
        found.setdefault(i, []).append(at - starts[i])
    return found


@kept(2)
def _of_text(text: str) -> Suspects:
    """Remembered: a text is asked whether it has suspects first, and then for their clauses."""
    if sys.modules.get("numpy") and len(text) >= _BULK:
        return Suspects(*next(_memory().suspects([text])))
    return _suspects(text)


def _suspects(text: str) -> Suspects:
    padded = f"\n{text}\n"
    around = _around(text, padded)
    known = list(map(_known.get, around))
    if None in known:
        known = [
            _told(place) if one is None else one for place, one in zip(around, known, strict=True)
        ]
    n_spots = known.count(_SUSPECT)
    if not n_spots:
        return Suspects([], NO_COUNTS)
    spots, which, at = [], -1, -1
    for _ in range(n_spots):
        which = known.index(_SUSPECT, which + 1)
        # wherever these three stand, the one in the middle is a suspect
        at = padded.find(around[which], at + 1)
        spots.append(at)
    return Suspects(spots, (known.count(0), known.count(1), known.count(2)))


def _around(text: str, padded: str) -> list[str]:
    """The characters that have other forms, each between its neighbours."""
    if is_few("suspects", text):
        return [padded[i : i + 3] for i, char in enumerate(text) if _is_looked_at(char)]
    found: list[str] = _finder().findall(padded)
    return found


@cache
def _finder() -> re.Pattern[str]:
    # a look-behind in a look-ahead, since places may overlap
    return compiled(f"{_pattern().pattern}(?=.(?<=(...)))", re.DOTALL)


def near(text: str, i: int) -> str:
    """The character at `i` between its neighbours; beyond the text stand line ends."""
    found = text[i - 1 : i + 2] if i else "\n" + text[:2]
    return found if len(found) == 3 else found + "\n"


def _asked(place: str) -> bool:
    """Whether the middle one of three characters is a suspect, remembered."""
    return _told(place) == _SUSPECT


def _told(place: str) -> int:
    told = _known.get(place)
    if told is None:
        if len(_known) > _N_KNOWN:
            _known.clear()
        if len(_known) < _FEW:  # of which the tables of pairs need not be known
            is_suspect = _is_suspect(place)
        else:
            is_suspect = not _margins()(place) and _is_suspect(place)
        told = _SUSPECT if is_suspect else (*KINDS, "").index(naive_kind(place[1]))
        _known[place] = told
    return told


def _is_suspect(place: str) -> bool:
    char = place[1]
    if is_strange(char):
        return True
    beside = neighbours()
    left, right = beside.get(place[0], place[0]), beside.get(place[2], place[2])
    told = told_beside().get(char)
    if told and not told.isdisjoint(((place[0], ""), ("", place[2]), (place[0], place[2]))):
        return True
    if char in hand_characters():
        row, meant = by_hand((place, f"{left}{char}{right}"))
        if row not in ("", char):
            return meant != char
    contest = contest_of(char)
    if not contest.is_open:
        return bool(contest.forms)
    here, *others = likely(contest.forms, left, right)
    here -= contest.handicap
    form = contest.forms[0]
    for other, n, habit in zip(contest.forms[1:], others, contest.habits, strict=True):
        if n - habit > here:
            return True
        if not habit and n + PHRASE > here and _is_of_phrase(left, form, other, right):
            return True
    return False


@cache
def phrase_sides(form: str) -> dict[str, str]:
    """What the dictionary's phrases have beside a form, by side: L, R; l, r in words of two."""
    return {side: chars for one, side, chars in load_near("beside", form[:1]) if one == form}


def _is_of_phrase(left: str, form: str, other: str, right: str) -> bool:
    """Whether phrases have a neighbour beside the `other` form, and never beside this one: any
    phrases, or words of two characters.
    """
    known, own = phrase_sides(other), phrase_sides(form)
    return any(
        char in known.get(side, "") and char not in own.get(side, "")
        for char, sides in ((left, "Ll"), (right, "Rr"))
        for side in sides
    )


class Contest(NamedTuple):
    """The forms that native text has where a character may stand, its own standard form first.

    One that native text never has contests nothing: it is a suspect if there are others.
    """

    is_open: bool
    forms: tuple[str, ...]
    habits: tuple[float, ...]  # for each of the others, nats by which it may be preferred
    handicap: float  # nats that the character's own form must be ahead


@cache
def contest_of(char: str) -> Contest:
    """What could stand where `char` stands."""
    form = standard(char)
    others = tuple(
        other for other in rivals().get(form, ()) if other != form and is_attested(other)
    )
    if not (form in rivals() and is_attested(form)):
        return Contest(False, others, (), 0.0)
    habits = tuple(HABIT if is_spelling(form, other) else 0.0 for other in others)
    handicap = 0.0 if char in forms_of() else SURE
    return Contest(True, (form, *others), habits, handicap)


@cache
def hand_characters() -> frozenset[str]:
    """The characters that hand-kept words with a neighbour speak of."""
    return frozenset(row[row.index("[") + 1] for row in hand_rows() if "[" in row)


@cache
def told_beside() -> dict[str, set[tuple[str, str]]]:
    """`told_near`, as it stands and in standard forms."""
    return {
        c: near_ | {(standard(a), standard(b)) for a, b in near_}
        for c, near_ in told_near().items()
    }


@cache
def hand_rows() -> dict[str, str]:
    """The hand-kept words, the character in brackets, or a character alone, with the right form."""
    return load_map("hand/wrong-forms")


def by_hand(places: Sequence[str]) -> tuple[str, str]:
    """What the hand-kept words say of the middle one of three characters: the row, and the right
    form. `places` are several ways to write the same three, in standard forms the last one.
    """
    known = hand_rows()
    char = ""
    for place in places:
        left, char, right = place[0], place[1], place[2]
        for row in (f"{left}[{char}]{right}", f"{left}[{char}]", f"[{char}]{right}"):
            if row in known and not _is_crossed(row, known[row], places[-1]):
                return row, known[row]
    return (char, known[char]) if char in known else ("", "")


def _is_crossed(row: str, right: str, place: str) -> bool:
    """Whether the neighbour that a row does not name is rather tied to the other form, or to the
    one that stands: 關係|統計 is not 系統, and 聲明|了一 not 明瞭.
    """
    at = row.index("[")
    if len(row) == len("左[中]右"):  # it names both
        return False
    side = 0 if at == 0 else 1
    form, meant = standard(place[1]), standard(right)
    if meant != form and in_pair(form, meant, place[0], place[2])[side]:
        return True
    if meant != form:
        return ahead(form, meant, place[0], place[2])[side] > CROSSED
    others = (other for other in rivals().get(form, ()) if other != form)
    return any(ahead(other, form, place[0], place[2])[side] > CROSSED for other in others)


def in_pair(form: str, other: str, left: str, right: str) -> tuple[bool, bool]:
    """Whether the dictionary has a word of two, of `form` and the neighbour on each side, that it
    never has with the `other` form; native text must not rather write that, nor tie the other
    neighbour much more to it (國曆|史).

    >>> in_pair("後", "后", "太", "裔")  # 猶太|後裔
    (False, True)
    """
    here, there = phrase_sides(form), phrase_sides(other)
    own, meant = ties(form, left, right), ties(other, left, right)
    before, behind = (
        char in here.get(name, "")
        and char not in there.get(name, "")
        and own[side] > max(meant[side], _PAIR)
        and meant[1 - side] - own[side] < _PAIRED
        for side, (char, name) in enumerate(((left, "l"), (right, "r")))
    )
    return before, behind
