"""Shifted bytes of those pages that lose a first byte without a trace (variant B).

Their machine goes one step further: after the glosses, the bytes of ！ ？ ， become ! ? , wherever
they are found, and a first byte that has lost its partner shows nothing at all, while the partner
stays: 等。可見 is B5C8 A1[A3 BF]C9 D28A and shows 等?梢(jiàn). No ? marks such a place, so a run is
looked for where a mark or a gloss does not fit its surroundings.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from zhfix.model import UNIT, load
from zhfix.pattern import pattern
from zhfix.rules.byte_page import GLOSS, MARKS, PINYIN, Page
from zhfix.rules.byte_steps import Path, Reader
from zhfix.rules.gbk import EURO, FULL_WIDTH, code, gbk, reading
from zhfix.script import HAN_CLASS

__all__ = ["StrippedReader", "stripped_spots"]

_MADE = "!?,"  # what these pages make of ！ ？ ，
_MARK = 2 * UNIT  # price of a mark that was none, beside the model's own
_UNSURE = 4 * UNIT  # the same where the page may be one of the others, its marks folded since
_RARE = -13 * UNIT  # a rarer character is none that a mark was part of
_LEAD, _LAST = 0xA3, 0xA3  # first byte of ！ ？ ，; last byte of a character that it was taken from
_WORSE = 4 * UNIT  # two characters that are less likely by this are not looked at
_ENDS = ("", "<", "\n")
_UNCLOSED = 5 * UNIT  # price of a quotation that a paragraph does not close
_CUT = 10 * UNIT  # price of a text that ends inside a run

_QUOTES = dict(zip("”」』’", "“「『‘", strict=True))

_SPOT = pattern(
    rf"!(?![\x00-\x09\x0b-\x3b\x3d-\x7f])|\?(?=[^\x00-\x7f])|,(?=[@-~]\({PINYIN}\))|\((?<=[{HAN_CLASS}]\(){PINYIN}\)"
    rf"|\((?<=[@-~]\(){PINYIN}\)"
)


def stripped_spots(page: Page) -> Iterator[tuple[int, int]]:
    """Where a run may begin on such a page, and where to look on if none does."""
    text = page.text
    for match in _SPOT.finditer(text):
        at = match.start()
        if text[at] != "(":
            opened = _opened(text[at], text[at + 1 : at + 2])
            if text[at] == ",":
                if _is_comma(page, at):
                    yield at, match.end()
            elif opened and _reads_better(text[at + 1 : at + 4]):
                yield at, match.end()
        elif text[at - 1] < "\x80":
            yield at - 1, match.end()
        else:
            char, pinyin = text[at - 1], text[at + 1 : match.end() - 1]
            if reading(char) != pinyin and page.keys(page.last_byte(char), pinyin):
                yield at, match.end()


def _reads_better(shown: str) -> bool:
    """Whether the three characters behind a mark may be out of step: read so, they are not much
    less likely than as they show.
    """
    pairs = [code(char) for char in shown]
    if len(pairs) < 3 or min(pairs) < 0x100:
        return True
    chars, step = gbk().chars, load().step
    read = [chars.get((one & 0xFF) << 8 | two >> 8, "") for one, two in pairwise(pairs)]
    if not all(read):  # a pair that shows nothing
        return True
    return (
        step(read[0], read[1]) + step("", read[0])
        > step(shown[0], shown[1]) + step("", shown[0]) - _WORSE
    )


@cache
def _opened(mark: str, shown: str) -> str:
    """The character that the second byte of a full-width `mark` begins when the first one of
    `shown` ends it; "" when text is not written with it: then the mark cannot have been none.

    Before a tag or a line end that character's second byte is gone: it was a quotation mark.
    """
    second = code(FULL_WIDTH[mark]) & 0xFF
    if shown in _ENDS:
        return "”" if mark == "!" else ""
    pair = code(shown)
    char = gbk().chars.get(second << 8 | (pair >> 8 or pair), "")
    return char if char in gbk().plain and load().unigram(char) > _RARE else ""


def _is_comma(page: Page, at: int) -> bool:
    """Whether the comma at `at` may be part of a 現 that shows as ,F(xiàn) and begins no word."""
    text = page.text
    match = GLOSS.match(text, at + 2)
    return (
        page.is_surely_stripped
        and match is not None
        and reading(_opened(",", text[at + 1])) == match[1]
        and not text[match.end() : match.end() + 1].isascii()
    )


class StrippedReader(Reader):
    """The ways to read on in a run of such a page."""

    def next(self, path: Path, *, is_near: bool) -> Iterator[Path]:
        """All ways to read on; pairs that show nothing are tried where the reading `is_near` the
        best one.
        """
        shown = self.text[path.at : path.at + 1]
        if path.hand < 0:
            return self._begun(path)
        is_end = path.hand > EURO and shown < "@"
        found = self._ended(path) if is_end else self._shifted(path, is_near)
        # a ， that any bytes made would be a , by now
        return (moved for moved in found if moved.out[-1] not in "！？，")

    def _begun(self, path: Path) -> Iterator[Path]:
        """No byte in hand: a run may begin with a key across two characters or with a mark."""
        text, at, page = self.text, path.at, self.page
        shown = text[at]
        if shown == "(" and (match := GLOSS.match(text, at)):
            # 們(nèi)绾: the first byte of 如 lost its partner to the parenthesis
            for char in page.keys(page.last_byte(path.out), match[1]):
                yield self._moved(path, match.end(), code(char) & 0xFF, "", key=1)
        elif self._is_made(at) and (opened := _opened(shown, text[at + 1 : at + 2])):
            if text[at + 1 : at + 2] not in _ENDS:
                yield from self._mark(path, opened)
            elif page.is_surely_stripped and self._is_quoting(path.out):
                yield from self._mark(path, opened)
                path = path._replace(score=path.score - _UNCLOSED)
        yield from self._aligned(path)

    def _is_made(self, at: int) -> bool:
        """Whether the page may have made the mark at `at`; of an unsure one , is rather folded."""
        mark = self.text[at]
        return mark in "!?" or (mark == "," and _is_comma(self.page, at))

    def _mark(self, path: Path, opened: str) -> Iterator[Path]:
        """A mark that was none: the last byte of one character and the first one of `opened`."""
        text, at, page = self.text, path.at, self.page
        second = code(FULL_WIDTH[text[at]]) & 0xFF
        price = _MARK if page.is_surely_stripped else _UNSURE
        mark = "" if opened in MARKS else "，" if text[at] == "?" else "！"
        for cost, char in self._likely(path.out, page.with_trail(_LAST), mark=mark):
            if opened not in MARKS or char not in MARKS:  # no text has two of them
                yield self._moved(path, at + 1, second, char, price + cost, guess=1)

    def _is_quoting(self, out: str) -> bool:
        """Whether a quotation is open behind `out`."""
        before = self.before + out
        return any(before.rfind(one) > before.rfind(other) for other, one in _QUOTES.items())

    def _ended(self, path: Path) -> Iterator[Path]:
        """A byte in hand, and what shows is one byte that no character ends with: the one between
        them is gone, or a mark is all that is left of a pair.
        """
        text, at, hand = self.text, path.at, path.hand
        shown = text[at : at + 1]
        if match := GLOSS.match(text, at):
            for char in self.page.keys(hand, match[1]):
                yield self._moved(path, match.end(), -1, char, key=1)
            return
        if shown and shown in _MADE:
            char = self.chars.get(hand << 8 | _LEAD, "")
            if char:
                yield self._moved(path, at + 1, code(FULL_WIDTH[shown]) & 0xFF, char)
        if self.page.is_folded and "!" <= shown <= "~" and shown not in _MADE:
            pair = code(chr(ord(shown) + 0xFEE0))
            char = self.chars.get(hand << 8 | pair >> 8, "")
            if char:
                yield self._moved(path, at + 1, pair & 0xFF, char, 2 * UNIT)
        price = 0 if shown else _CUT
        for cost, char in self._likely(path.out, self.page.with_lead(hand)):
            yield self._moved(path, at, -1, char, price + cost, guess=1)
