"""Glosses: pinyin that a mirror site inserted after a character (區(qū)), and the character in the
other script (區(区)).

The sites replace blindly, so a listed character is glossed at every place of a page, always with
the same first reading, and nothing else is. Teaching text does the opposite: it glosses a character
once, where the reading matters, simple ones too. A gloss is dropped only where the first story
explains the page better; everything else becomes a hint that says why.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from zhfix.named import NamedTuple
from zhfix.pattern import pattern
from zhfix.protect import Span
from zhfix.report import Edit
from zhfix.rules import tiles
from zhfix.rules.gbk import code, keys
from zhfix.rules.paired_gloss import PAIRED, PROTECTED, has_pair, other_script
from zhfix.rules.pinyin import (
    BEHIND_HAN,
    LETTERS,
    NOTE,
    NOTED,
    OPENING,
    Syllable,
    folded,
    is_syllable,
    listed,
    ranks,
    readings,
    syllable,
)
from zhfix.rules.registry import Asked, Context, Stage, Wake, rule
from zhfix.script import HAN, has_han, marks, meets
from zhfix.shapes import Shape, found_at
from zhfix.tables import load_rows

__all__ = ["gloss", "taught_characters"]

_CUT = pattern(rf"{BEHIND_HAN}(?P<pinyin>[{LETTERS}]{{0,6}})\Z")
_LONGEST = 8  # characters of a gloss before its last parenthesis, and one more
_WORD = pattern(rf"[(（] ?[{LETTERS}]+(?:[ '’·-][{LETTERS}]+)* ?[)）]")
_TONED = frozenset("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜĀÁǍÀĒÉĚÈŌÓǑÒ\u0300\u0301\u0304\u030c")
_FUNCTION = pattern(r"\((?<=[A-Za-z]\()(?<![A-Za-z0-9_.]..)[A-Za-z]\)")
_OPEN, _CALLED = Shape(OPENING, behind=f" {LETTERS}"), Shape("(", "A-Za-z", "A-Za-z")
_LIST_LINE = pattern(r"\s*(?:\d{1,3}[.、)．]|[-*•·●▪]\s|[①-⑳]|[(（]\d{1,3}[)）])")
_KEYED = ("listed", "folded", "toneless")  # kinds of gloss on a listed character
_HARMLESS = ("abbreviation", "word", "reading")  # and kinds that are no more than a hint
_UNLISTED = {"hant": "is not on the list", "toneless": "has no tone", "folded": "is Simplified"}
_PROVEN = 3.0  # log-odds that a run of shifted bytes in the text adds to every listed gloss
_LATE = 1  # rank_lo from which on a page has at least twenty keys
_SHORT = 4  # Han characters: below this a line is no sentence
_ITEM = 5  # longest item, in Han characters, of what looks like a list of words


class _Found(NamedTuple):
    """A character with pinyin behind it, and what kind of gloss that is."""

    at: int  # of the character
    start: int  # of the parenthesis
    end: int
    char: str
    key: str  # the listed Traditional character, or "" when the list does not hold it
    kind: str  # listed, folded, hant, toneless, reading, word (wǒmen), abbreviation
    pinyin: str


class _Line(NamedTuple):
    """What the line around a gloss looks like."""

    start: int
    end: int
    n_notes: int
    n_han: int
    is_list: bool
    is_numbered: bool
    is_taught: bool  # it holds pinyin that the mirror sites never insert


def _wakes(asked: Asked) -> Iterator[Wake]:
    yield Wake(PAIRED, has_pair)
    if not asked.is_hinted:
        yield Wake(NOTED, _has_reading)
        return
    for shape in (NOTED, _OPEN, _CALLED):
        yield Wake(shape)


def _has_reading(text: str, places: Sequence[int]) -> bool:
    """Whether one of some notes is more than a word, or a reading that no site inserts."""
    found = (NOTE.match(text, at) for at in places)
    return any(_kind(match["han"], match["pinyin"])[1] not in _HARMLESS for match in found if match)


@rule(
    "gloss",
    stage=Stage.GLOSS,
    sure=0.84,
    since="0.1",
    triggers=("(", "（"),
    wakes=_wakes,
    fixes=[
        ("區(qū)", "區"),
        ("廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會", "廣州市番禺區召開高質量發展大會"),
        ("經（jīng）濟（jì）發(fa1)展", "經濟發展"),
        ("廣州市番禺區(区)召開發展大會", "廣州市番禺區召開發展大會"),
        ("广州市番禺区(區)召开发展大会", "广州市番禺区召开发展大会"),
    ],
    leaves=[
        "汉语(hànyǔ)是世界上使用人数最多的语言",
        "囍(xǐ)字貼在門上",
        "區(ōu)姓是一個姓氏",
        "1. 長(zhǎng)者 2. 長(zhǎng)輩",
        "我(wǒ)們(mén)學(xué)習(xí)漢(hàn)語(yǔ)",
        "世界经济论坛(WEF)和希音(SHEIN)",
        "函数f(x)和g(y)",
        "東京都の世田谷区(qū)は広いです。",
    ],
)
def gloss(text: str, ctx: Context) -> Iterator[Edit]:
    """A reading or the same character in the other script, in parentheses behind a character, as
    mirror sites insert it.
    """
    found = [_classify(match) for match in found_at(NOTE, text, NOTED)]
    if found:
        yield from _pinyin(text, ctx, found)
    yield from other_script(text, ctx)
    if has_han(text):
        for match in found_at(_FUNCTION, text, _CALLED):
            yield ctx.edit(*match.span(), "", 0.01, "a function, not a reading")


def taught_characters(text: str) -> Iterator[Span]:
    """Simplified characters that still have a gloss, because it was left as somebody's lesson.

    Written in Traditional they would look like the mirror sites' work when the text is read again,
    so whoever converts the text leaves them.
    """
    for match in found_at(NOTE, text, NOTED):
        if _kind(match["han"], match["pinyin"])[1] == "folded":
            yield match.span("han")


def _classify(match: re.Match[str]) -> _Found:
    char, written = match["han"], match["pinyin"]
    key, kind = _kind(char, written)
    return _Found(match.start("han"), match.start(), match.end(), char, key, kind, written)


@lru_cache(maxsize=4096)
def _kind(char: str, written: str) -> tuple[str, str]:
    """The listed character that `char` stands for, or "", and the kind of the gloss `written`."""
    read = syllable(written)
    known, simple = listed(), folded()
    key = char if char in known else simple.get(char, "")
    is_capital = written.isupper() and len(written) > 1
    if read is None or not is_syllable(read) or (is_capital and not read[1]):
        return "", "abbreviation" if _TONED.isdisjoint(written) else "word"
    if key and read == known[key]:
        return key, "listed" if key == char else "folded"
    if marks().get(char) == "hant" and readings(char)[:1] == (read,):
        return key, "hant"
    if not read[1] and read[0] == (known[key] if key else _first(char))[0]:
        return key, "toneless"
    return key, "reading"


def _first(char: str) -> Syllable:
    """First reading of a Traditional character; an impossible one for others."""
    return (readings(char) or (("", 0),))[0] if marks().get(char) == "hant" else ("", 0)


def _pinyin(text: str, ctx: Context, found: list[_Found]) -> Iterator[Edit]:
    open_ = [one for one in found if not ctx.is_protected(one.at, one.end)]
    inside = {one.start for one in found}
    has_tones = meets(text, _TONED)
    words = [
        match.span()
        for match in (found_at(_WORD, text, _OPEN) if has_tones else ())
        if match.start() not in inside
        and not _TONED.isdisjoint(match.group())
        and not ctx.is_protected(*match.span())
    ]
    foreign = sorted(
        [start for start, _ in words]
        + [one.start for one in open_ if one.kind in ("reading", "word") and _is_taught(one)]
    )
    keyed = ((one.at, one.key) for one in open_ if one.key and one.kind in _KEYED)
    unlisted = [(one.at, one.char) for one in open_ if one.kind == "hant"]
    pages: tiles.Pages | None = None  # dear, and most text has abbreviations only
    line = _Line(0, -1, 0, 0, False, False, False)
    for one in found:
        if ctx.is_protected(one.at, one.end):
            yield ctx.edit(one.start, one.end, "", 0.02, PROTECTED)
        elif one.kind in ("abbreviation", "word"):
            why = f"{one.pinyin} is no reading of {one.char}"
            yield ctx.edit(one.start, one.end, "", 0.01, why)
        elif one.kind == "reading":
            why = f"{one.pinyin} is not the reading that the mirror sites insert after {one.char}"
            yield ctx.edit(one.start, one.end, "", 0.03, why)
        else:
            if one.at > line.end:
                line = _line(text, one.at, foreign)
            pages = pages or tiles.Pages(
                *(_blanked(text, ctx.protected), keyed), foreign, ctx.to, unlisted
            )
            view = pages.view(one.at)
            logit, why = _judge(text, one, view, line)
            if one.kind == "listed" and "one-to-one" in ctx.proven:
                logit += _PROVEN
            sure = 1 / (1 + math.exp(-max(-30.0, logit)))
            if sure > 0.5 and view.is_proven:
                ctx.proven.add("one-to-one")
            yield ctx.edit(one.start, one.end, "", sure, why)
    if pages and (match := _CUT.search(text, max(0, len(text) - _LONGEST))):
        char, begun = match["han"], match["pinyin"]
        read = _reading_of(char)
        # a parenthesis alone may open anything, unless the page has a gloss behind that character
        is_begun = read.startswith(begun) if begun else bool(read) and f"{char}({read})" in text
        if is_begun and pages.view(match.start()).is_proven:
            why = f"the reading of {char}, cut off by the end of the text"
            yield ctx.edit(match.start(), len(text), "", 0.9, why)
    for start, end in words:
        why = "a word in pinyin: the mirror sites insert single syllables"
        yield ctx.edit(start, end, "", 0.02, why)


def _reading_of(char: str) -> str:
    """The reading that the sites insert after a listed character, as they write it; else empty."""
    return _written().get(char) or _written().get(folded().get(char, ""), "")


@cache
def _written() -> dict[str, str]:
    return {row[0]: row[1] for row in load_rows("hand/glosses")}


def _blanked(text: str, spans: Sequence[Span]) -> str:
    """`text` with protected spans as blanks, so that what stands in them does not count."""
    out: list[str] = []
    done = 0
    for start, end in spans:
        out += (text[done:start], " " * (end - start))
        done = end
    return "".join(out) + text[done:] if spans else text


def _line(text: str, at: int, foreign: list[int]) -> _Line:
    start, end = tiles.line_bounds(text, at)
    line = text[start:end]
    plain, n_notes = NOTE.subn("", line)
    return _Line(
        start,
        end,
        n_notes,
        len(HAN.findall(plain)),
        _is_list(line, plain),
        _LIST_LINE.match(line) is not None,
        bisect_left(foreign, start) < bisect_left(foreign, end),
    )


def _is_taught(one: _Found) -> bool:
    """Whether a reading that the sites do not insert speaks of teaching: toned, and not that of a
    key that was found in the bytes of the character and the one behind it (請(jiān)嚶).
    """
    is_toned = not _TONED.isdisjoint(one.pinyin) or one.pinyin[-1:].isdigit()
    return is_toned and not keys(code(one.char) & 0xFF, one.pinyin, is_open=False)


def _judge(text: str, one: _Found, view: tiles.View, line: _Line) -> tuple[float, str]:
    """Log-odds that this gloss is damage, and the reason in words."""
    logit, is_proven = view.logit, view.is_proven
    notes: list[str] = []
    if one.kind in _UNLISTED:
        # not what the list foretells: only beside glosses that prove the page
        logit = min(logit, 3.0) if is_proven else min(logit, 0.0) - 1.0
        notes.append(f"{one.char}({one.pinyin}) {_UNLISTED[one.kind]}")
    if line.is_taught:
        logit -= 4.0
        notes.append("its line glosses other readings or words")
    is_textbook = line.n_notes >= 4 and line.n_notes >= 0.8 * line.n_han
    if is_textbook and not (is_proven and view.n_distinct >= line.n_notes + 3):
        logit -= 4.0
        notes.append("its line is glossed throughout, as in a textbook")
    is_item = line.n_han <= _SHORT or line.is_list
    is_doubtful = is_item and view.n <= 2 and one.char in _polyphones() and line.n_notes == 1
    if not is_proven and (line.is_numbered or is_doubtful):
        logit -= 1.5
        notes.append("stands in a list of words" if line.is_list else "stands in no sentence")
    elif (view.n_distinct == 1 and one.char in _polyphones() and ranks()[one.key][0] >= _LATE) and (
        view.n > 1 or _begins(text, one.at)
    ):
        # 長(zhǎng)孫無忌: a page with so late a key has many others as well
        logit -= 0.8
        notes.append("it has another reading, and no other character has a gloss")
    why = f"{one.pinyin} is the reading that mirror sites insert after {one.char}"
    if view.n > 1:
        why += f"; {view.n} such glosses around, {view.n_distinct} different"
    if against := [*_against(view), *notes]:
        why += f"; but {', '.join(against)}"
    return logit, why


def _begins(text: str, at: int) -> bool:
    """Whether nothing or a mark stands before `at`."""
    return not at or HAN.match(text[at - 1]) is None


@lru_cache(maxsize=64)
def _against(view: tiles.View) -> list[str]:
    """What in the neighbourhood speaks against the mirror sites' machine, in words."""
    notes = []
    if view.n_bare > 0.15 * view.n:
        notes.append(f"the same characters without a gloss: {view.n_bare}")
    if view.n_early > 0.15 * view.n:
        notes.append(f"{view.n_early} of those earlier in the list without a gloss")
    if view.n_alone > 0.3 * view.n:
        notes.append("the characters stand alone, as headwords do")
    if view.n_unlisted > 0.1 * view.n:
        notes.append("other characters have glosses too")
    if view.n_foreign > 0.1 * view.n:
        notes.append("other pinyin stands beside it")
    if view.n_teaching > 0.2 * view.n:
        notes.append("the text is about readings or characters")
    if view.n_listed > 0.3 * view.n:
        notes.append("the glosses stand in lists of words")
    if view.hans > view.hant:
        notes.append("the text around is Simplified")
    return notes


@cache
def _polyphones() -> frozenset[str]:
    return frozenset(row[0] for row in load_rows("hand/polyphones"))


def _is_list(line: str, plain: str) -> bool:
    """Whether a line is a list: numbered or bulleted, or short items between separators."""
    if _LIST_LINE.match(line):
        return True
    items = [item for item in re.split(r"[、,，;；|/\t 　]+", plain) if item.strip()]
    return len(items) >= 2 and all(len(HAN.findall(item)) <= _ITEM for item in items)
