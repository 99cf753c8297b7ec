"""Mojibake that lost bytes: U+FFFD, a `?` that ate a byte pair, private-use characters dropped.

The bytes that are left are read with gaps; a beam search over what each gap may have been is
scored by the model, and the share of the best reading among all readings says how sure it is.
How bytes get lost: research/mojibake.md, sections 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from zhfix.model import UNIT, Model
from zhfix.mojibake.codepages import decode_one, encode_one
from zhfix.pattern import pattern

CHAINS: Final = (
    ("cp936", "utf-8"), ("windows-1252", "utf-8"), ("cp932", "utf-8"), ("cp949", "utf-8"),
    ("cp1251", "utf-8"), ("windows-1252", "big5"), ("windows-1252", "gb18030"),
)  # fmt: skip
MOST_GUESSED: Final = 0.3  # a reading with more guessed characters than this is fluent nonsense
MARK: Final = "\ufffd"
FILL: Final = 0.5  # the probability above which a lost character is filled in and not marked
KNOWN: Final = 16  # characters that lost nothing: so many are worth the marks between them
MOST_IN_MANY: Final = 0.45  # where many are known, and the weak guesses are marked
GUESS: Final = 2 * UNIT  # what a guessed character takes from the evidence
WORTH: Final = 6 * UNIT  # by how much filling gaps must beat leaving them
LONGEST: Final = 300  # characters: the search is slow, and longer damage has more than gaps
CLEAR: Final = 30 * UNIT  # evidence for one chain after which no other is tried
_ANY, _EATEN = -1, -2  # a byte that U+FFFD stands for; one that `?` swallowed with it
_BEAM: Final = 24
_DROP: Final = 5 * UNIT  # the price of assuming that bytes vanished without a mark
_SWALLOWED: Final = {  # ASCII below 0x40 after a lead byte, in nats
    " ": 1.0, '"': 1.4, "\n": 1.6, ",": 1.2, "<": 2.2, "'": 2.4, ")": 2.6, ".": 2.8, ";": 3.0,
    ":": 3.0, "/": 3.4, "(": 3.4, "!": 4.0, **dict.fromkeys("0123456789", 4.4),
}  # fmt: skip
_LEADS: Final = (0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEF)  # of Chinese in UTF-8
_LIKELY: Final = 64  # characters that a gap may be
_LOST: Final = 12 * UNIT  # the price of a character that is none of them
_FEW: Final = 12  # candidates kept for one gap
_MARK: Final = pattern("(?<=[^\x00-\x7f])\\?|\ufffd")


class Reading(NamedTuple):
    """What a damaged piece was most likely: share is its part of all readings weighed; marked the
    text with U+FFFD where no guess stands out, and their number.
    """

    text: str
    score: int
    share: float
    n_guesses: int
    marked: str = ""
    n_marks: int = 0


_Gap = tuple[int, "list[str]"]  # where in the text a guess stands, and what else it may be


class _Path(NamedTuple):
    score: int
    text: str
    n_guesses: int
    mass: float  # log of the probability of all readings that end alike, nats
    gaps: tuple[_Gap, ...] = ()


def pieces(line: str, wrong: str) -> Iterator[tuple[int, int]]:
    """Stretches of `line` that the wrong code page may have shown, gaps included."""
    start = -1
    for i, c in enumerate(line + "\U00100000"):
        if c < "\x80" or c == "\ufffd" or encode_one(c, wrong):
            start = i if start < 0 else start
            continue
        if start >= 0 and not line[start:i].isascii():
            yield start, i
        start = -1


def units(text: str, wrong: str) -> tuple[list[int], frozenset[int]]:
    """Bytes of a piece, with marks for what is lost, and where characters of it begin."""
    out: list[int] = []
    borders = []
    for i, c in enumerate(text):
        borders.append(len(out))
        if c == "\ufffd":
            out.append(_ANY)
        elif c == "?" and i and (text[i - 1] > "\x7f"):
            out += [_ANY] if i == len(text) - 1 else [_ANY, _EATEN]  # at the end it ate nothing
        elif c < "\x80":
            out.append(ord(c))
        else:
            out += encode_one(c, wrong)
    return out, frozenset((*borders, len(out)))


def read(text: str, chain: tuple[str, ...], left: str, model: Model) -> Reading | None:
    """The best reading of a piece with gaps, or None when there is none worth having.

    >>> from zhfix.model import load
    >>> read("绠€鍗\\ufffd", ("cp936", "utf-8"), "", load()).text
    '简单'
    """
    wrong, right = chain[:2]
    data, borders = units(text, wrong)
    arcs = _utf8 if right == "utf-8" else _double
    best: list[dict[str, _Path]] = [{} for _ in range(len(data) + 1)]
    best[0][left[-2:]] = _Path(0, "", 0, 0.0)
    step = model.step
    for i in range(len(data)):
        if not best[i]:
            continue
        options = list(arcs(data, i, borders, wrong, right))
        for path in sorted(best[i].values(), key=lambda p: -p.score)[:_BEAM]:
            tail = (left + path.text)[-2:]
            for size, chars, price, guessed in options:
                if not chars:
                    continue
                ranked = [(step(tail, c[0]), c) for c in chars]
                if len(chars[0]) > 1:  # two characters that share a lost pair
                    ranked = [(v + step(tail[-1:] + c[0], c[1]), c) for v, c in ranked]
                if len(ranked) > _FEW:
                    ranked.sort(reverse=True)
                    del ranked[_FEW:]
                for value, c in ranked:
                    gain = value - price
                    new = _Path(
                        path.score + gain, path.text + c, path.n_guesses + guessed,
                        path.mass + gain / UNIT,
                        (*path.gaps, (len(path.text), chars)) if guessed else path.gaps,
                    )  # fmt: skip
                    key = new.text[-2:] if len(new.text) > 1 else tail[-1:] + new.text
                    key += str(new.n_guesses) if new.n_guesses < 6 else "+"
                    old = best[i + size].get(key)
                    if old is not None:
                        mass = _plus(old.mass, new.mass)
                        new = (new if new.score > old.score else old)._replace(mass=mass)
                    best[i + size][key] = new
        best[i].clear()
    ends = sorted(best[-1].values(), key=lambda p: -p.score)
    if not ends:
        return None
    first = ends[0]
    n_others = sum(c > "\x7f" for c in first.text)
    most = MOST_IN_MANY if n_others - first.n_guesses >= KNOWN else MOST_GUESSED
    if first.n_guesses > max(1, most * n_others):
        return None
    total = first.mass
    for other in ends[1:]:
        total = _plus(total, other.mass)
    share = math.exp(first.score / UNIT - total)
    marked, n_marks = _marked(first, left[-2:], model)
    return Reading(first.text, first.score, share, first.n_guesses, marked, n_marks)


def _marked(path: _Path, left: str, model: Model) -> tuple[str, int]:
    """The text with U+FFFD for each guess that its neighbours do not make sure, and how many."""
    text, n_marks = path.text, 0
    out = list(text)
    for at, chars in path.gaps:
        size = len(chars[0]) if chars else 1
        before, after = (left + text[:at])[-2:], text[at + size : at + size + 2]
        known = text[at : at + size]
        scores = [_in_place(before, c, after, model) for c in chars]
        mine = _in_place(before, known, after, model)
        total = sum(math.exp((score - mine) / UNIT) for score in scores)
        if total * FILL > 1:
            out[at : at + size] = [MARK] * size
            n_marks += size
    return "".join(out), n_marks


def _in_place(before: str, chars: str, after: str, model: Model) -> int:
    text, start = before + chars + after, len(before)
    return sum(model.step(text[max(0, i - 2) : i], text[i]) for i in range(start, len(text)))


def _plus(a: float, b: float) -> float:
    """Logarithm of the sum of two numbers given by their logarithms."""
    return max(a, b) + math.log1p(math.exp(-abs(a - b)))


def has_gap(text: str) -> bool:
    """Whether the marks of a lost byte stand in the text.

    >>> has_gap("绠€鍗?"), has_gap("简单?")
    (True, True)
    """
    return bool(_MARK.search(text))


_Arc = tuple[int, "list[str]", int, int]  # units taken, characters it may be, price, guesses


def _utf8(
    data: list[int], i: int, borders: frozenset[int], wrong: str, right: str
) -> Iterator[_Arc]:
    b = data[i]
    if 0 <= b < 0x80:
        yield 1, [chr(b)], 0, 0
        return
    if b == _EATEN:
        for c, nats in _SWALLOWED.items():
            yield 1, [c], int(nats * UNIT) - 72, 0
        return
    n = len(data)
    one = data[i + 1] if i + 1 < n else None
    two = data[i + 2] if i + 2 < n else None
    if b == _ANY or 0xE2 <= b <= 0xEF:
        if _continues(one) and _continues(two):
            known = b >= 0 and one is not None and one >= 0 and two is not None and two >= 0
            chars = _fit(_three(b, one, two), data, i, 3, wrong)[:_LIKELY]
            if chars or not known:
                yield 3, chars or [MARK], 0 if chars else _LOST, 0 if known else 1
        drops = wrong in ("cp936", "windows-1252", "cp932", "latin-1", "cp1251")
        if b >= 0 and drops:
            if wrong == "cp936":
                if _continues(one) and (two is None or 0 <= two < 0x40):
                    yield 2, _three(b, one, _ANY), _DROP, 1  # before ASCII a lone lead byte goes
                if i + 1 in borders:
                    yield 1, _dropped(b, None), _DROP, 1
                if i + 2 in borders and one is not None and one >= 0 and _continues(one):
                    firsts = _dropped(b, one)
                    last = data[i + 3] if i + 3 < n else None
                    rest = [c for lead in _LEADS for c in _three(lead, two, last)]
                    if firsts and rest and _continues(two) and _continues(last):
                        yield 4, [a + c for a in firsts for c in rest], _DROP, 2
            elif _continues(one):
                yield 2, _three(b, one, _ANY) + _three(b, _ANY, one), _DROP, 1
    if 0xC2 <= b <= 0xDF and one is not None and one >= 0x80:
        c = decode_one(bytes((b, one)), "utf-8")
        if c:
            yield 2, [c], 0, 0
    if 0xF0 <= b <= 0xF4 and i + 3 < n and min(data[i + 1 : i + 4]) >= 0x80:
        c = decode_one(bytes(data[i : i + 4]), "utf-8")
        if c:
            yield 4, [c], 0, 0
    if (i + 1 == n and b == _ANY) or (i + 2 >= n and _is_cut(data, i)):
        yield n - i, ["\ufffd"], 0, 1


def _is_cut(data: list[int], i: int) -> bool:
    return data[i] >= 0xE2 and all(_continues(x) for x in data[i + 1 :])


def _continues(unit: int | None) -> bool:
    return unit is not None and (unit == _ANY or 0x80 <= unit <= 0xBF)


@cache
def _three(a: int | None, b: int | None, c: int | None) -> list[str]:
    """Characters of three UTF-8 bytes, any of which may be unknown: Chinese ones only, then."""
    if a is None or b is None or c is None:
        return []
    if a >= 0 and b >= 0 and c >= 0:
        char = decode_one(bytes((a, b, c)), "utf-8")
        return [char] if char else []
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
    return _everyday(out) if len(out) > _LIKELY else out


def _is_chinese(c: str) -> bool:
    return "\u4e00" <= c <= "\u9fff" or c in "，。、：；？！“”‘’（）《》「」『』…—·　【】"


def _everyday(chars: list[str]) -> list[str]:
    from zhfix.model import load

    unigram = load().unigram
    return sorted(chars, key=lambda c: -unigram(c))


@cache
def _dropped(a: int, b: int | None) -> list[str]:
    """Characters whose last bytes are a private-use pair of cp936 that vanished.

    With `b` the pair began at the third byte (AA..AF), else it was the second and third.
    """
    if b is not None:
        pairs = [(b, x) for x in range(0xAA, 0xB0)]
    else:
        pairs = [(x, y) for x in range(0xA1, 0xA8) for y in range(0x80, 0xA1)]
        pairs += [(x, y) for x in range(0xAA, 0xB0) for y in range(0xA1, 0xC0)]
    out = [decode_one(bytes((a, x, y)), "utf-8") for x, y in pairs]
    return _everyday([c for c in out if c and _is_chinese(c)])[:_LIKELY]


def _fit(chars: list[str], data: list[int], i: int, size: int, wrong: str) -> list[str]:
    """Those of `chars` whose bytes the wrong code page would really have lost there."""
    if wrong != "cp936" or len(chars) < 2:
        return chars
    gaps = [k for k in range(size) if data[i + k] == _ANY]
    out = []
    for c in chars:
        raw = c.encode()
        for k in gaps:
            after = data[i + k + 1] if i + k + 1 < len(data) else None
            if k + 1 < size and after == _ANY:
                after = raw[k + 1]
            if after is not None and after >= 0x40 and _is_pair(raw[k], after):
                break
        else:
            out.append(c)
    return out


@cache
def _is_pair(lead: int, trail: int) -> bool:
    return decode_one(bytes((lead, trail)), "gbk") != ""


def _double(
    data: list[int], i: int, borders: frozenset[int], wrong: str, right: str
) -> Iterator[_Arc]:
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
    lost = (0xAD, 0xA0, *range(0x80, 0xA0))  # soft hyphen, no-break space, C1: gone on copy
    after = [c for x in lost if (c := decode_one(bytes((b, x)), right)) and _is_chinese(c)]
    before = [c for x in lost if (c := decode_one(bytes((x, b)), right)) and _is_chinese(c)]
    if after or before:
        yield 1, _everyday(after + before)[:_LIKELY], _DROP, 1
