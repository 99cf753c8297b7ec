"""Where a Traditional text may have a wrong form: the cheap look before the dear one (wrong.py).

A character is a suspect when native text does not write it between its neighbours more than every
other form of it, or never writes it at all. In sound text that is one character in some hundreds,
so nothing else has to be converted back and forth.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from zhfix.convert.attested import attested, is_attested
from zhfix.first_lines import is_few
from zhfix.tables import load_map, load_rows

if TYPE_CHECKING:
    from zhfix.convert.suspects_bulk import Memory

__all__ = ["HABIT", "SURE", "by_hand", "forms_of", "is_spelling", "near", "standard", "suspects"]

# variants to the tables, words of their own in use
_APART = frozenset("梁樑么麼幺只衹才纔核覈針鍼參蔘皁皂")
SURE = 2.0  # nats by which a form that hans has not must be ahead to be no suspect
HABIT = 3.0  # nats by which native text may prefer one of two spellings in use
_BULK = 2_000  # characters from which arrays pay where numpy is loaded
_N_KNOWN = 100_000  # places remembered, about 10 MB; then the memory starts anew


@cache
def _standards() -> dict[int, str]:
    found: dict[int, str] = {}
    for name in ("TWVariantsRev", "HKVariantsRev"):
        for char, forms in load_map(name).items():
            form = forms.split()[0]
            if len(char) == len(form) == 1 and not {char, form} & _APART:
                found.setdefault(ord(char), form)
    return found


def standard(text: str) -> str:
    """Traditional `text` with regional forms (裡 為) in OpenCC's standard ones (裏 爲), one by
    one.
    """
    if len(text) == 1:
        return _standards().get(ord(text), text)
    return text.translate(_standards())


@cache
def forms_of() -> dict[str, tuple[str, ...]]:
    """Every Traditional form of a Simplified character that has several, the naive one first."""
    return {row[0]: tuple(row[2].split()) for row in load_rows("forms") if row[1] == "S"}


@cache
def _rivals() -> dict[str, tuple[str, ...]]:
    """Each form in its standard spelling to all forms of its Simplified characters."""
    found: dict[str, dict[str, None]] = {}
    for simple, forms in forms_of().items():
        known = dict.fromkeys(map(standard, (simple, *forms)))
        for form in known:
            found.setdefault(form, {}).update(known)
    return {form: tuple(known) for form, known in found.items() if len(known) > 1}


@lru_cache(1 << 14)
def _is_strange(char: str) -> bool:
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
    return not (form in _rivals() and is_attested(form))


@lru_cache(1 << 14)
def _is_looked_at(char: str) -> bool:
    """Whether the pattern finds a character."""
    if char > "\uffff":
        return False
    return any(form in _rivals() or _is_strange(form) for form in {char, standard(char)})


@cache
def _pattern() -> re.Pattern[str]:
    known = {*_rivals(), *load_map("TSCharacters"), *load_map("STCharacters")}
    known |= {chr(code) for code in _standards()}
    # one character beyond the plane makes the class thirty times slower
    plane = sorted(char for char in known if _is_looked_at(char))
    return re.compile(f"[{''.join(plane)}]")


@cache
def _neighbours() -> dict[str, str]:
    """Characters as they are counted beside a form: in standard Traditional, one by one."""
    found = {char: form for char, form in load_map("STCharacters").items() if form <= "\uffff"}
    found = {char: form for char, form in found.items() if char not in forms_of()}
    return found | {chr(code): form for code, form in _standards().items()}


_known: dict[str, bool] = {}  # three characters, whether the middle one is a suspect: a memory only


@cache
def _memory() -> Memory:
    from zhfix.convert.suspects_bulk import Memory  # numpy: long text where it is loaded

    return Memory(_pattern().pattern[1:-1], _asked)


def suspects(text: str) -> tuple[list[int], dict[str, int]]:
    """Offsets of the characters to look at, and how often each of the others stands that has other
    forms.

    >>> suspects("皇后的頭發很長")[0], suspects("皇后在後面")[0]
    ([4], [])
    """
    if len(text) >= _BULK and sys.modules.get("numpy"):
        told = _memory().suspects(text)
        if told is not None:
            return told
    found: list[int] = []
    others: dict[str, int] = {}
    known = _known
    for i in _places(text):
        place = near(text, i)
        is_suspect = known.get(place)
        if is_suspect is None:
            is_suspect = _asked(place)
        if is_suspect:
            found.append(i)
        else:
            others[place[1]] = others.get(place[1], 0) + 1
    return found, others


def _places(text: str) -> Iterable[int]:
    """Offsets of the characters that have other forms."""
    if is_few("suspects", text):
        return [i for i, char in enumerate(text) if _is_looked_at(char)]
    return (match.start() for match in _pattern().finditer(text))


def near(text: str, i: int) -> str:
    """The character at `i` between its neighbours; beyond the text stand line ends."""
    found = text[i - 1 : i + 2] if i else "\n" + text[:2]
    return found if len(found) == 3 else found + "\n"


def _asked(place: str) -> bool:
    """Whether the middle one of three characters is a suspect, remembered."""
    told = _known.get(place)
    if told is None:
        if len(_known) > _N_KNOWN:
            _known.clear()
        told = _known[place] = _is_suspect(place)
    return told


def _is_suspect(place: str) -> bool:
    char = place[1]
    if _is_strange(char):
        return True
    form, beside = standard(char), _neighbours()
    left, right = beside.get(place[0], place[0]), beside.get(place[2], place[2])
    row, meant = by_hand((place, f"{left}{char}{right}"))
    if row not in ("", char):
        return meant != char
    rivals = _rivals().get(form, ())
    told = attested(rivals, left, right)
    if form not in told:
        return bool(told)
    here = told[form] + (0.0 if char in forms_of() else -SURE)
    return any(
        n - (HABIT if is_spelling(form, other) else 0.0) > here
        for other, n in told.items()
        if other != form
    )


@cache
def _hand() -> dict[str, str]:
    return load_map("hand/wrong-forms")


def by_hand(places: Iterable[str]) -> tuple[str, str]:
    """What the hand-kept words say of the middle one of three characters: the row, and the right
    form. `places` are several ways to write the same three.
    """
    known = _hand()
    char = ""
    for place in places:
        left, char, right = place[0], place[1], place[2]
        for row in (f"{left}[{char}]{right}", f"{left}[{char}]", f"[{char}]{right}"):
            if row in known:
                return row, known[row]
    return (char, known[char]) if char in known else ("", "")


def is_spelling(a: str, b: str) -> bool:
    """Whether two forms are spellings of one word that regions prefer."""
    return a + b in _spellings() or b + a in _spellings()


@cache
def _spellings() -> frozenset[str]:
    return frozenset(
        row[0] for name in ("choice-style", "spellings") for row in load_rows(f"hand/{name}")
    )
