"""What bytes that were lost may have been: the characters that fit what a wrong code page left.

A gap is a byte of unknown value; how a decoder loses bytes tells which values it may have. Python
and Java write U+FFFD for one byte or two, Windows `?` for a lead byte and the byte after it,
private-use characters vanish when text is copied, and so do C1 controls and soft hyphens.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from zhfix.model import UNIT
from zhfix.mojibake.codepages import decode_one, encode_one
from zhfix.named import NamedTuple
from zhfix.pattern import pattern

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = ["DIGITS", "EATEN", "MARK", "WIDE", "arcs", "is_double", "is_utf8", "swallowed", "units"]

MARK: Final = "\ufffd"
DIGITS: Final = "0123456789"
# a byte that U+FFFD stands for; one that `?` stands for, unless it is a `?`; one it swallowed
ANY, ASKED, EATEN = -1, -2, -3
_QUESTION: Final = 2 * UNIT  # the price of a `?` that is one
_EURO: Final = 2 * UNIT  # and of a euro sign that is two bytes, as GB18030 has it
_DROP: Final = 5 * UNIT  # the price of assuming that bytes vanished without a mark
_LEADS: Final = (0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEF)  # of Chinese in UTF-8
_LIKELY, _MOST = 64, 500  # characters that a gap may be, and those that are looked at
_LOST: Final = 12 * UNIT  # the price of a character that is none of them
_SKIPPED: Final = 16 * UNIT  # and of a byte that belongs to no character
# ASCII below 0x40 that follows Chinese, in per cent, by what comes after it
_SWALLOWED: Final = {
    "han": {",": 30, " ": 12, "\n": 10, '"': 10, "'": 5, ")": 6, "(": 5, ":": 5, "<": 6, "/": 4,
            ".": 4, ";": 2, "!": 1, "-": 1, "*": 1},
    "letter": {" ": 62, '"': 6, "/": 6, "(": 6, "<": 5, ".": 3, "'": 3, ",": 2, ":": 2, "-": 2},
    "digit": {" ": 20, "(": 3, "-": 3, ":": 3, ",": 2, **dict.fromkeys(DIGITS, 7), "1": 11},
    "1900": {"1": 90, " ": 4, "(": 2, ",": 2},
    "2000": {"2": 80, "1": 10, " ": 4, "(": 2, ",": 2},
    "(": {" ": 74, '"': 4, "(": 4, ".": 4, "\n": 4, "*": 4},
    "*": {"*": 60, " ": 14, "\n": 10, ".": 2},
    "*/": {" ": 70, ".": 8, "*": 6, "\n": 6},
    "/": {"<": 50, " ": 12, '"': 8, "/": 8, "*": 4},
    "-": {" ": 34, "\n": 26, "-": 12, '"': 6},
    "#": {"\n": 52, " ": 26},
    "sign": {'"': 55, "'": 14, ")": 10, " ": 6, "*": 4, "/": 3, ".": 2, ">": 2},
    "space": {",": 26, ":": 16, "\n": 16, ".": 10, " ": 10, '"': 6, ")": 6, ";": 3, "*": 2},
    "end": {'"': 20, ",": 20, ".": 14, " ": 10, ")": 10, ";": 8, "'": 6, "*": 4},
}  # fmt: skip
# soft hyphen and no-break space are gone on any copy, C1 controls where Latin-1 was shown
_GONE: Final = (((0xAD,), _DROP), ((0xA0, *range(0x80, 0xA0)), _DROP + 3 * UNIT))
_YEAR: Final = "年".encode()
WIDE: Final = ("cp936", "cp932", "cp949")
_NBSP: Final = 3 * UNIT  # a no-break space (byte A0) that became a plain one
_AHEAD, _EVERYDAY = 3, 7 * UNIT  # characters that tell whether a reading is in step; their price
_IN_USE: Final = 9 * UNIT
_DROPPING: Final = ("windows-1252", "cp932", "latin-1", "cp1251")
_UTF8: Final = pattern(rb"[\xe2-\xef][\x80-\xbf]{1,2}")
_PRIOR: Final = 2  # what the table is worth beside the ASCII counted in the same piece


class Units(NamedTuple):
    """Bytes of a piece, with marks for what is lost; where characters of it begin; which bytes are
    a euro sign, that may be another in GB18030.
    """

    data: list[int]
    borders: frozenset[int]
    euros: frozenset[int]


def units(text: str, wrong: str) -> Units:
    """The bytes of a piece of text as far as they are known."""
    out: list[int] = []
    borders, euros = [], []
    is_marked = MARK in text  # then a question mark is one
    for i, c in enumerate(text):
        borders.append(len(out))
        if c == MARK:
            out.append(ANY)
        elif c == "?" and i and text[i - 1] > "\x7f" and not is_marked:
            out += [ASKED] if i == len(text) - 1 else [ASKED, EATEN]  # at the end it ate nothing
        elif c < "\x80":
            out.append(ord(c))
        else:
            if c == "€" and wrong == "cp936":
                euros.append(len(out))
            out += encode_one(c, wrong)
    return Units(out, frozenset((*borders, len(out))), frozenset(euros))


def is_utf8(piece: Units) -> bool:
    """Whether most bytes are such as UTF-8 has of Chinese, so that a search is worth while."""
    known = bytes(unit for unit in piece.data if unit >= 0x80)
    return 5 * sum(map(len, _UTF8.findall(known))) >= 3 * len(known)


def is_double(piece: Units, right: str) -> bool:
    """Whether most bytes are pairs that stand for characters in use, for the same reason.

    Of real damage of 6 to 40 characters with lost bytes at least two thirds are.
    """
    from zhfix.model import load

    data, unigram = piece.data, load().unigram
    n_good = at = 0
    while at < len(data):
        is_pair = data[at] >= 0x80 and at + 1 < len(data) and data[at + 1] >= 0
        char = decode_one(bytes(data[at : at + 2]), right) if is_pair else ""
        is_good = char != "" and -unigram(char) <= _IN_USE
        n_good += 2 * is_good
        at += 1 + is_good
    return 2 * n_good >= sum(unit >= 0x80 for unit in data)


def swallowed(text: str) -> dict[str, list[tuple[str, float]]]:
    """By what comes after it, each ASCII character that a `?` may have eaten and its probability.

    >>> swallowed("好,好,好,")["han"][0][0]
    ','
    """
    seen = Counter(c for b, c in pairwise(text) if b > "\x7f" and c < "?" and not c.isdigit())
    total = sum(seen.values()) + _PRIOR
    out = {}
    for kind, table in _SWALLOWED.items():
        counts = seen if kind in ("han", "space") else Counter[str]()
        n = total if kind in ("han", "space") else _PRIOR
        share = _PRIOR / sum(table.values())
        chars = {c: (table.get(c, 0) * share + counts[c]) / n for c in {*table, *counts}}
        out[kind] = sorted(chars.items(), key=lambda pair: (-pair[1], pair[0]))
    return out


def _kind(data: list[int], i: int) -> str:
    """What stands from unit `i` on, behind a swallowed character."""
    if i == len(data):
        return "end"
    if not 0 <= data[i] < 0x80:
        return "han"
    char = chr(data[i])
    if char.isdigit():
        if data[i + 3 : i + 6] == [*_YEAR] and all(
            0x30 <= unit <= 0x39 for unit in data[i : i + 3]
        ):
            return "1900" if char > "4" else "2000"
        return "digit"
    if char.isalpha() or char in "_<":
        return "letter"
    if char == "*" and data[i + 1 : i + 2] == [ord("/")]:
        return "*/"
    if char in _SWALLOWED:
        return char
    return "space" if char.isspace() else "sign"


Arc = tuple[int, "list[str]", int, int]  # units taken, characters it may be, price, guesses
Eaten = dict[str, "list[tuple[str, float]]"]


def arcs(piece: Units, i: int, chain: tuple[str, ...], eaten: Eaten) -> Iterator[Arc]:
    """What may begin at unit `i`: how many units, the characters it may be, a price, guesses."""
    data = piece.data
    if data[i] == ASKED:
        yield (2 if data[i + 1 : i + 2] == [EATEN] else 1), ["?"], _QUESTION, 0
    if chain[1] == "utf-8":
        yield from _utf8(piece, i, chain[0], eaten)
    else:
        yield from _double(data, i, chain[1])


def _utf8(piece: Units, i: int, wrong: str, eaten: Eaten) -> Iterator[Arc]:
    data, euros = piece.data, piece.euros
    b = data[i]
    if 0 <= b < 0x80:
        yield 1, [chr(b)], 0, 0
        return
    if b == EATEN:
        for c, share in eaten[_kind(data, i + 1)]:
            if share:
                yield 1, [c], int(-math.log(share) * UNIT) - 72, 0
        return
    n = len(data)
    one = data[i + 1] if i + 1 < n else None
    two = data[i + 2] if i + 2 < n else None
    if b >= 0xE2 and one is not None and two is not None and one >= 0x80 and two >= 0x80:
        chars = _three(b, one, two)
        if chars:
            yield 3, chars, 0, 0
            if i + 2 not in euros and (i + 3 == n or not 0x80 <= data[i + 3] < 0xC0):
                return  # nothing is missing
    if b == 0xEF and one == 0xBF and two == 0xBD:
        yield 3, [MARK], _SKIPPED, 1  # a character that was lost before
        return
    if 0xC2 <= b <= 0xDF and one is not None and one >= 0x80:
        c = decode_one(bytes((b, one)), "utf-8")
        if c:
            yield 2, [c], 0, 0
            return
    if 0xF0 <= b <= 0xF4 and i + 3 < n and min(data[i + 1 : i + 4]) >= 0x80:
        c = decode_one(bytes(data[i : i + 4]), "utf-8")
        if c:
            yield 4, [c], 0, 0
            return
    if b in (ANY, ASKED) or 0xE2 <= b <= 0xEF:
        is_known = b >= 0 and min(one or -1, two or -1) >= 0
        if _continues(one) and _continues(two) and not is_known:
            after = data[i + 3] if i + 3 < n else 0
            chars = _fitting(b, one, two, after) if wrong == "cp936" else _three(b, one, two)
            chars = chars[:_LIKELY]
            yield 3, chars or [MARK], 0 if chars else _LOST, 1
        if i + 2 in euros and b >= 0 and n > i + 4 and _continues(one):
            rest = _three(0xE3, data[i + 3], data[i + 4])  # A2E3 is a euro sign
            both = [a + c for a in _three(b, one, 0xA2) for c in rest]
            if both:
                yield 5, both, _EURO, 2 if min(one or 0, *data[i + 3 : i + 5]) < 0 else 0
        if b >= 0:
            yield from _with_drop(piece, i, wrong)
            if wrong not in WIDE and 0x20 in (one, two):
                chars = _three(b, *(0xA0 if unit == 0x20 else unit for unit in (one, two)))
                yield 3, chars, _NBSP, 0
    if (i + 1 == n and b in (ANY, ASKED)) or (i + 2 >= n and _is_cut(data, i)):
        yield n - i, [MARK], 0, 1
    else:
        yield 1, [MARK], _SKIPPED, 1


def _with_drop(piece: Units, i: int, wrong: str) -> Iterator[Arc]:
    """Characters of which bytes vanished without a mark."""
    data, borders, _ = piece
    n, b = len(data), data[i]
    one = data[i + 1] if i + 1 < n else None
    two = data[i + 2] if i + 2 < n else None
    if wrong != "cp936":
        if wrong in _DROPPING and _continues(one):
            yield 2, _three(b, one, ANY) + _three(b, ANY, one), _DROP, 1
        return
    if _continues(one) and (two is None or 0 <= two < 0x40):
        yield 2, _three(b, one, ANY), _DROP, 1  # before ASCII a lone lead byte goes
    if i + 1 in borders:
        yield 1, _dropped(b, None), _DROP, 1
    if i + 2 in borders and one is not None and one >= 0 and _continues(one):
        last = data[i + 3] if i + 3 < n else None
        if _continues(two) and _continues(last):
            firsts = _dropped(b, one)
            rest = [c for lead in _LEADS for c in _three(lead, two, last)]
            rest = list(filter(_is_chinese, rest))
            both = [a + c for a in firsts for c in rest if _fits_drop(a, c)]
            if both:
                yield 4, both, _DROP, 2


def _is_cut(data: list[int], i: int) -> bool:
    return data[i] >= 0xE2 and all(_continues(x) for x in data[i + 1 :])


def _continues(unit: int | None) -> bool:
    return unit is not None and (unit in (ANY, ASKED) or 0x80 <= unit <= 0xBF)


@lru_cache(1 << 12)
def _three(a: int | None, b: int | None, c: int | None) -> list[str]:
    """Characters of three UTF-8 bytes, any of which may be unknown: Chinese ones only, then."""
    if a is None or b is None or c is None:
        return []
    if a >= 0 and b >= 0 and c >= 0:
        char = decode_one(bytes((a, b, c)), "utf-8")
        return [char] if char not in ("", MARK) else []  # 锟斤拷 was lost before
    leads = (0xE2, *_LEADS) if a < 0 else (a,)
    seconds = range(0x80, 0xC0) if b < 0 else (b,)
    thirds = range(0x80, 0xC0) if c < 0 else (c,)
    out = []
    for x in leads:
        for y in seconds:
            for z in thirds:
                char = decode_one(bytes((x, y, z)), "utf-8")
                if char and _is_chinese(char):
                    out.append(char)
    return _everyday(out)[:_MOST]


def _is_chinese(c: str) -> bool:
    return "\u4e00" <= c <= "\u9fff" or c in "，。、：；？！“”‘’（）《》「」『』…—·　【】"


def _everyday(chars: list[str]) -> list[str]:
    from zhfix.model import load

    unigram = load().unigram
    return sorted(chars, key=lambda c: -unigram(c))


@cache
def _dropped(a: int, b: int | None) -> list[str]:
    """Characters whose last bytes are a pair that vanished, since cp936 has no character for it.

    With `b` the pair began at the third byte and took the next lead byte, else it was the second
    and third.
    """
    if b is not None:
        pairs = [(b, x) for x in range(0x81, 0xC0) if any(_is_lost(x, lead) for lead in _LEADS)]
    else:
        pairs = [(x, y) for x in range(0x81, 0xC0) for y in range(0x80, 0xC0) if _is_lost(x, y)]
    out = [decode_one(bytes((a, x, y)), "utf-8") for x, y in pairs]
    return _everyday([c for c in out if c and _is_chinese(c)])[:_LIKELY]


def _fits_drop(one: str, two: str) -> bool:
    """Whether the last byte of a character and the first of the next made a pair that vanished."""
    return _is_lost(one.encode()[-1], two.encode()[0])


@cache
def _is_lost(lead: int, trail: int) -> bool:
    """Whether cp936 has nothing printable for a pair."""
    return not _is_pair(lead, trail)


@lru_cache(1 << 11)
def _fitting(a: int, b: int | None, c: int | None, after: int) -> list[str]:
    """Those that three units may be whose bytes cp936 would really have lost there."""
    units = (a, b, c, after)
    out = []
    for char in _three(a, b, c):
        raw = (*char.encode(), after)
        gaps = (k for k in range(3) if units[k] in (ANY, ASKED))
        if not any(raw[k + 1] >= 0x40 and _is_pair(raw[k], raw[k + 1]) for k in gaps):
            out.append(char)
    return out


@cache
def _is_pair(lead: int, trail: int) -> bool:
    return decode_one(bytes((lead, trail)), "gbk") != ""


def _is_in_step(data: list[int], i: int, right: str) -> bool:
    """Whether the next characters are everyday ones: out of step by a lost byte they are not."""
    from zhfix.model import load

    chars: list[str] = []
    while len(chars) < _AHEAD and i + 1 < len(data) and data[i] >= 0x80:
        pair = data[i : i + 2]
        chars.append(decode_one(bytes(pair), right) if pair[1] >= 0 else "")
        i += 2
    if len(chars) < _AHEAD and i < len(data) and data[i] >= 0x80:
        return False  # half a character is left
    unigram = load().unigram
    return all(chars) and sum(-unigram(c) for c in chars) <= _EVERYDAY * len(chars)


def _double(data: list[int], i: int, right: str) -> Iterator[Arc]:
    b = data[i]
    if 0 <= b < 0x80:
        yield 1, [chr(b)], 0, 0
        return
    if b < 0:
        return
    if i + 1 < len(data) and data[i + 1] >= 0:
        c = decode_one(bytes((b, data[i + 1])), right)
        if c:
            yield 2, [c], 0, 0
            if _is_in_step(data, i, right):
                return
    for lost, price in _GONE:
        after = [c for x in lost if (c := decode_one(bytes((b, x)), right)) and _is_chinese(c)]
        before = [c for x in lost if (c := decode_one(bytes((x, b)), right)) and _is_chinese(c)]
        if after or before:
            yield 1, _everyday(after + before)[:_LIKELY], price, 1
