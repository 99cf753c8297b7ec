"""What stands in a line as somebody wrote it: quotations, titles, lists of words, and text that
speaks about characters. It is not damage, or nobody can tell.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from zhfix.pattern import pattern
from zhfix.protect import Span
from zhfix.rules.pinyin import LETTERS
from zhfix.rules.telling_lines import telling
from zhfix.script import HAN, HAN_CLASS, evidence

__all__ = [
    "SHORT_QUOTE",
    "is_about",
    "is_alone",
    "is_beside_note",
    "is_divided",
    "is_even",
    "is_mentioned",
    "is_noted",
    "is_other",
    "is_table",
    "is_word_list",
    "item",
    "quotation",
]

SHORT_QUOTE = 8  # a name or a word with its marks, quoted as it is written somewhere
_WORD_LIST = pattern(r"(?:[^\s。！？!?]{1,8}[\s；;、/|]+){2,}[^\s。！？!?]{0,8}\s*")
_ITEM = pattern(r"[^\s；;、/|]+")
_LONGEST_ITEM = 8
_TABLE = pattern(
    r"(?=.*[、／/→⇒=＝|])(?:\W*(?:\w{1,6}[、，,／/→⇒=＝|：:\s]+){2,}\w{0,6}\W*"
    r"|\w{1,6}[→⇒=＝／/|]+\w{1,6}\s*)"
)
_PAIRS = "「」『』“”‘’《》〈〉（）【】〔〕()[]\"\"''"
_QUOTATION = pattern(
    "|".join(
        f"{re.escape(a)}[^{re.escape(a + b)}]{{1,40}}{re.escape(b)}"
        for a, b in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)
    )
)
_READING = pattern(rf"[(（] ?(?:[{LETTERS}]{{1,9}}[0-5]?|[ㄅ-ㄩˊˇˋ˙]{{1,5}}) ?[)）]")
_RUN, _LETTER = pattern(f"[{HAN_CLASS}]+"), pattern("[A-Za-z]")
_LONGEST, _SHARE = 6, 2  # characters of a word that is mentioned, and letters for each of them
# a text that speaks about characters names them as they are; what a sign or a letter says is no
# word that is spoken of, nor is 繁體中文 of a product
_ABOUT = pattern(
    "[簡简]化?[體体]?字(?![數数])|(?<![修改矯])[繁正異异俗][體体]?字|(?<![A-Za-z凸凹十人丁之一品八工回井米弓])字形(?!大小)"
    "|部首|[異异簡简繁][體体](?!中文[版介界輸输的使網网環环用])"
    '|[写寫][作成着著]了?(?:「[^」]{1,6}」|“[^”]{1,6}”|‘[^’]{1,6}’|『[^』]{1,6}』|"[^"]{1,6}")'
    '|[錯错別别]字(?![段符串])|[誤误][植寫写作]|筆誤|笔误|(?<![使採采應应])用字(?![段符串])|[變变]成了?[「“‘『"].{1,6}[」”’』"]'
    "|[简簡][转轉]繁|一[简簡][对對]多繁|改[错錯][：:]|[誤误][為为][「“‘『]"
    # the old dictionaries write 从 in Traditional too: 髮，根也。从髟犮聲。 小說文學 names none
    "|(?<![小解演評傳傳述論聽學])說文(?![學字章本件案筆壇])|說文解字|段玉裁|也。从|从[一-鿿]{1,2}聲[。，；」]"
)

# of which each of these has one: the engine tries every branch at every character
_OF_ABOUT = frozenset("字首體体写寫誤误變变說裁从繁改")


def is_alone(line: str, at: int) -> bool:
    """Whether a character has no Han character beside it, as in 面、麵、麪."""
    return not (at and HAN.match(line, at - 1)) and not HAN.match(line, at + 1)


def is_beside_note(line: str, at: int) -> bool:
    """Whether one in parentheses stands right before a character: 头(頭)发.

    >>> is_beside_note("头(頭)發", 4), is_beside_note("模範（楷模）錶揚", 6)
    (True, False)
    """
    return line[at - 1 : at] in (")", "）") and line[at - 3 : at - 2] in ("(", "（")


@lru_cache(maxsize=4)
def is_mentioned(line: str) -> bool:
    """Whether a line is in another language that speaks of Chinese words.

    >>> is_mentioned("周年 and 週年 are both in use"), is_mentioned("print('这个国家的经濟发展')")
    (True, False)
    """
    if not _LETTER.search(line):
        return False
    runs = [len(run) for run in _RUN.findall(line)]
    return max(runs, default=0) <= _LONGEST and len(_LETTER.findall(line)) > _SHARE * sum(runs)


def is_noted(line: str, at: int) -> bool:
    """Whether a reading stands right before a character or behind it, so that its word goes on
    beyond: 重(chóng)複, 麵(miàn)粉.
    """
    if _READING.match(line, at + 1):
        return True
    start = max(line.rfind(mark, max(0, at - 13), at) for mark in "(（")
    match = _READING.match(line, start) if start >= 0 else None
    return match is not None and match.end() == at


def is_other(part: str, script: str) -> bool:
    """Whether a quotation may be meant in the other script: it has more of it, or none of
    `script`.
    """
    seen = evidence(part)
    own, other = (seen.n_hans, seen.n_hant) if script == "hans" else (seen.n_hant, seen.n_hans)
    return other > own or not own


def is_even(part: str) -> bool:
    """Whether a part has as many characters of one script as of the other."""
    seen = evidence(part)
    return seen.n_hans == seen.n_hant


def quotation(line: str, at: int) -> Span:
    """The innermost quotation that holds `at`, with its marks; 0, 0 where there is none.

    >>> quotation("網路（大陸稱「网络」）", 7)
    (6, 10)
    """
    spans = _quoted(line)
    i = bisect_right(spans, (at, len(line) + 1)) - 1
    found = spans[i] if i >= 0 and at < spans[i][1] else None
    outer = (0, 0)
    while found:
        outer = found
        inside = _QUOTATION.finditer(line, outer[0] + 1, outer[1] - 1)
        found = next((m.span() for m in inside if m.start() <= at < m.end()), None)
    return outer


@lru_cache(maxsize=4)
def is_about(line: str) -> bool:
    """Whether a line speaks about characters."""
    return not _OF_ABOUT.isdisjoint(line) and _ABOUT.search(line) is not None


@lru_cache(maxsize=4)
def is_table(line: str) -> bool:
    """Whether a line sets words against each other, as 后→後 does."""
    return _TABLE.fullmatch(line) is not None


@lru_cache(maxsize=4)
def is_word_list(line: str) -> bool:
    """Whether a line is a row of short words."""
    return _WORD_LIST.fullmatch(line) is not None


def item(line: str, at: int) -> str:
    """The word of a list that holds a place.

    >>> item("這個、那个、哪個", 4)
    '那个'
    """
    low = max(0, at - _LONGEST_ITEM)  # no further: a long list is asked at every word
    words = _ITEM.finditer(line, low, at + _LONGEST_ITEM)
    return next((found.group() for found in words if at < found.end()), "")


@lru_cache(maxsize=4)
def _quoted(line: str) -> tuple[Span, ...]:
    return tuple(match.span() for match in _QUOTATION.finditer(line))


@lru_cache(maxsize=4)
def is_divided(line: str) -> bool:
    """Whether all quotations of a line are in one script, and what stands around them in the other.

    >>> is_divided("標題是《关于进一步加强管理的通知》。"), is_divided("標題是《关於進一步》。")
    (True, False)
    """
    spans = _quoted(line)
    if not spans:
        return False
    inside = "".join(line[start:end] for start, end in spans)
    has_hans, has_hant = (not telling(sign).isdisjoint(inside) for sign in (1, -1))
    if has_hans == has_hant:
        return False
    own, other = telling(1 if has_hans else -1), telling(-1 if has_hans else 1)
    ends, starts = (0, *(end for _, end in spans)), (*(start for start, _ in spans), len(line))
    around = "".join(line[a:b] for a, b in zip(ends, starts, strict=True))
    return own.isdisjoint(around) and not other.isdisjoint(around)
