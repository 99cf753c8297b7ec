"""Pinyin syllables as they stand in parentheses: their spelling, and what the reading table says of
them.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from zhfix.pattern import pattern
from zhfix.script import HAN_CLASS
from zhfix.shapes import Shape
from zhfix.tables import load_map, load_rows, look_up

__all__ = [
    "BEHIND_HAN",
    "LETTERS",
    "NOTE",
    "NOTED",
    "OPENING",
    "Syllable",
    "folded",
    "is_syllable",
    "listed",
    "ranks",
    "readings",
    "syllable",
]

# plain letters, IPA g and a (the latter in GBK's A8BB), vowels with tone marks, combining macron,
# acute, grave, breve, caron,
# diaeresis, circumflex
LETTERS = (
    "A-Za-zɡɑāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿê"
    "ĀÁǍÀĒÉĚÈĪÍǏÌŌÓǑÒŪÚǓÙǕǗǙǛÜ"
    "\u0300\u0301\u0302\u0304\u0306\u0308\u030c"
)
# Notes are searched for from their parenthesis: nearly every character of a text is a Han character
OPENING = "(（"  # what every note begins with
BEHIND_HAN = rf"[(（](?<=(?P<han>[{HAN_CLASS}])[(（])"
NOTE = pattern(rf"{BEHIND_HAN} ?(?P<pinyin>[{LETTERS}]{{1,9}}[0-5]?) ?[)）]")
NOTED = Shape(OPENING, HAN_CLASS, f" {LETTERS}")  # where one may begin
_TONES = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0306": 3, "\u0300": 4}
_SHAPE = pattern(r"([a-züê]{1,6})([0-5]?)")  # zhuang, shuang, chuang are the longest

Syllable = tuple[
    str, int
]  # letters without tone, tone 1-4, 5 for the neutral tone written out, 0 for none written


def syllable(written: str) -> Syllable | None:
    """The syllable in what stands between the parentheses, or None when its form is none.

    >>> syllable("qū"), syllable("QU1"), syllable("zhan"), syllable("x1y")
    (('qu', 1), ('qu', 1), ('zhan', 0), None)
    """
    tone = 0
    letters: list[str] = []
    plain = written.strip().lower().replace("ɡ", "g").replace("ɑ", "a").replace("v", "ü")
    for char in unicodedata.normalize("NFD", plain):
        if char in _TONES:
            if tone:
                return None
            tone = _TONES[char]
        elif char == "\u0308" and letters and letters[-1] == "u":
            letters[-1] = "ü"
        elif char == "\u0302" and letters and letters[-1] == "e":
            letters[-1] = "ê"
        else:
            letters.append(char)
    match = _SHAPE.fullmatch("".join(letters))
    if not match or (match[2] and tone):
        return None
    return match[1], tone or int(match[2] or 0)


@cache
def readings(char: str) -> tuple[Syllable, ...]:
    """Readings of a character that differs between the scripts, pypinyin's first one first; empty
    for others.

    >>> readings("區")[0]
    ('qu', 1)
    """
    written = look_up("readings", char)
    return tuple(found for part in written.split(",") if part and (found := syllable(part)))


def is_syllable(found: Syllable) -> bool:
    """Whether the letters are a syllable of Mandarin.

    >>> is_syllable(("qu", 1)), is_syllable(("wef", 0))
    (True, False)
    """
    return found[0] in load_map("syllables")


@cache
def listed() -> dict[str, Syllable]:
    """The mirror sites' gloss list: Traditional character to the one reading they insert."""
    return {row[0]: found for row in load_rows("hand/glosses") if (found := syllable(row[1]))}


@cache
def ranks() -> dict[str, tuple[int, int]]:
    """Listed character to (rank_lo, rank_hi): glossed on pages of rank >= rank_hi, on none of rank
    <= rank_lo.
    """
    return {row[0]: (int(row[2]), int(row[3])) for row in load_rows("hand/glosses")}


@cache
def folded() -> dict[str, str]:
    """Simplified form of each listed character, where it differs, to the Traditional one."""
    simplify = load_map("TSCharacters")
    return {simplify[char]: char for char in listed() if simplify.get(char, char) != char}
