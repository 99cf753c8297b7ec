"""Two random characters that some mirror sites put before a mark, found by its bytes.

In step the two show as they are, and nothing tells them from text. Where the mark was found across
two characters, all that stands there is out of step: 啊 B0 [A1 A3] A1 ！ with 瞎嬉 CFB9 E6D2 put
before A1 A3 shows B0CF B9E6 D2A1 A3A1, 跋规摇！. The first byte of the first and the last byte of
the third are those of the character that stood there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache

from zhfix.first_lines import is_few
from zhfix.model import UNIT, load
from zhfix.named import NamedTuple
from zhfix.rules.byte_page import GLOSS, MARKS, Page
from zhfix.rules.gbk import char_at, code, gbk, is_defined, is_plain

__all__ = ["Strewn", "strewn"]

_PAIR = 2 * 8.8  # -log of the odds of two random characters out of 6763, those of GB 2312
_AROUND = 6  # characters on both sides that must read well
_POOR = -7 * UNIT  # what reads worse, a character, is out of step itself
_HANZI = range(0xB0, 0xF8)  # first bytes of those; their second bytes are A1-FE
_FOLDED = "!-~"  # full-width forms, folded to half width since


class Strewn(NamedTuple):
    """Places with noise, one behind the other, and what stood there."""

    groups: list[tuple[int, int, str]]  # start, end, the character there
    gain: float  # log-odds of what stood there with such noise, over the text as it shows


def strewn(page: Page) -> Iterator[Strewn]:
    """The places in the text of `page` that read as such noise by their bytes.

    >>> page = Page("都害怕跋规摇！", lambda: False)
    >>> [(found.groups, found.gain > 5) for found in strewn(page)]
    [([(3, 6, '啊')], True)]
    """
    text, groups = page.text, list[tuple[int, int, str]]()
    for third in _thirds(text):
        start, end = third - 2, third + 1
        is_next = bool(groups) and groups[-1][1] == start
        char = _hidden(page, start, is_next=is_next) if start >= 0 else ""
        if not char:
            continue
        if groups and not is_next:
            yield Strewn(groups, _gain(page, groups))
            groups = []
        groups.append((start, end, char))
    if groups:
        yield Strewn(groups, _gain(page, groups))


def _hidden(page: Page, start: int, *, is_next: bool) -> str:
    """The character whose bytes stand around the noise at `start`; "" when there is none."""
    one, two, three = (code(char) for char in page.text[start : start + 3])
    if is_next and one < 0x80:
        one = code(chr(one + 0xFEE0))
    noise = (one & 0xFF) << 8 | two >> 8, (two & 0xFF) << 8 | three >> 8
    is_noise = all(pair >> 8 in _HANZI and pair & 0xFF > 0xA0 for pair in noise)
    char = char_at(one >> 8 << 8 | three & 0xFF) if is_noise else ""
    return char if is_plain(char) else ""


def _gain(page: Page, groups: list[tuple[int, int, str]]) -> float:
    start, end = groups[0][0], groups[-1][1]
    before = page.text[max(0, start - 2) : start]
    after = page.text[end : end + 1]
    score = load().score  # not the page's own words, which the noise would be among
    shown = score(before + page.text[start:end] + after)
    chars = "".join(char for _, _, char in groups)
    read = score(before + chars + after)
    around = page.text[max(0, start - _AROUND) : start], page.text[end : end + _AROUND]
    whole = GLOSS.sub("", chars.join(around))
    if score(whole) < _POOR * len(whole):  # inside a run that is out of step all looks so
        return -math.inf
    return (read - shown) / UNIT - _PAIR * len(groups)


def _thirds(text: str) -> Iterator[int]:
    """Offsets of the third characters of three: they end with the first byte of a mark, whose
    second byte begins the character behind.
    """
    if is_few("strewn", text):
        return (i for i in range(len(text)) if _is_third(text[i], text[i + 1 : i + 2]))
    return (match.start() for match in _third().finditer(text))


def _is_third(char: str, behind: str) -> bool:
    """Whether the pattern matches, for a few lines, which cost less than to make it."""
    leads = _follow().get(code(char) & 0xFF, ())
    if not leads or not is_defined(char) or not behind:
        return False
    is_folded = 0xA3 in leads and "!" <= behind <= "~"
    return is_folded or (is_defined(behind) and code(behind) >> 8 in leads)


@cache
def _follow() -> dict[int, set[int]]:
    """The first bytes of the marks, and their second bytes."""
    follow: dict[int, set[int]] = {}
    for mark in MARKS:
        follow.setdefault(code(mark) >> 8, set()).add(code(mark) & 0xFF)
    return follow


@cache
def _third() -> re.Pattern[str]:
    chars = gbk().chars
    parts = []
    for trail, leads in sorted(_follow().items()):
        third = "".join(char for pair, char in chars.items() if pair & 0xFF == trail)
        behind = "".join(char for pair, char in chars.items() if pair >> 8 in leads)
        folded = _FOLDED if 0xA3 in leads else ""
        parts.append(f"[{re.escape(third)}](?=[{folded}{re.escape(behind)}])")
    return re.compile("|".join(parts))
