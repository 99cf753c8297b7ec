"""Words that are wrong in every script, as conversion to Simplified character by character makes
them: 着名, 显着, 干隆, 慰借, for 著名, 显著, 乾隆, 慰藉.

Simplified text has kept 著 乾 藉 瞭 徵 覆 in few words, and translation engines write their
commoner forms there too. One table in wide use also writes 谷 宁 呵 wrongly whatever they mean:
山榖, 寜靜, 嗬護. The words are kept by hand, with what may stand beside them: 挂着名牌 and 若干隆起
are sound.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from zhfix.kept import kept
from zhfix.named import NamedTuple
from zhfix.pattern import compiled
from zhfix.protect import Span
from zhfix.rules.classical import is_of_today
from zhfix.rules.quoted import (
    SHORT_QUOTE,
    is_about,
    is_mentioned,
    is_table,
    is_word_list,
    quotation,
)
from zhfix.script import HAN_CLASS
from zhfix.shapes import Shape, found_at, has_arrays, places_of
from zhfix.tables import load_rows

__all__ = ["WrongWord", "has_word_at", "has_wrong_words", "word_wakes", "wrong_words"]

_ANCHORS = "着干借望征复榖寜嗬唿"  # each word holds one of them: the engine looks for these alone
_ANCHOR_SET = frozenset(_ANCHORS)
_OLD = "寜"  # a variant of its own in prints of the nineteenth century
_SHORT = 200  # characters
_SURE, _DOUBT, _NAMED = 0.9, 0.6, 0.4
_CLAUSE = 14  # characters before a word in which its clause is sought
_STOPS = frozenset("，。；：！？,;:!?\n")


class WrongWord(NamedTuple):
    """A wrong word at `start`..`end`, the right one, and how sure it is wrong."""

    start: int
    end: int
    after: str
    sure: float
    why: str


def has_wrong_words(text: str) -> bool:
    """Whether one of the words stands in the text, sound or not. Cost: one scan."""
    if len(text) < _SHORT:  # to compile the pattern takes longer than a command has for its line
        if _ANCHOR_SET.isdisjoint(text):
            return False
        if not any(row[0] in text for row in load_rows("hand/wrong-words")):
            return False
    return next(iter(_words(text)), None) is not None


def _words(text: str) -> Iterable[re.Match[str]]:
    """The words as they are found in the text, in order where it is long."""
    return _words_of_page(text) if len(text) >= _SHORT else _words_of_line(text)


@kept(1)
def _words_of_page(text: str) -> list[re.Match[str]]:
    """Remembered: whether there are any is asked first."""
    if not has_arrays(text):
        return list(_words_of_line(text))
    places = places_of(text, word_wakes())
    return [match for at in places if (match := _pattern(text[at])[0].match(text, at))]


def _words_of_line(text: str) -> Iterator[re.Match[str]]:
    for anchor in _ANCHORS:
        yield from _matches(anchor, text)


@cache
def word_wakes() -> tuple[Shape, ...]:
    """Where the words may stand; `has_word_at` tells whether one does."""
    shapes = [shape for anchor in _ANCHORS for shape in _pattern(anchor)[1]]
    heads = "".join(dict.fromkeys("".join(shape.before for shape in shapes)))
    tails = "".join(dict.fromkeys("".join(shape.behind for shape in shapes)))
    return Shape(_ANCHORS, before=heads), Shape(_ANCHORS, behind=tails)


def has_word_at(text: str, places: Sequence[int]) -> bool:
    """Whether one of the words is found at one of some places."""
    return any(_pattern(text[at])[0].match(text, at) for at in places)


def wrong_words(text: str) -> Iterator[WrongWord]:
    """The wrong words of a text, in order.

    >>> [(word.start, word.after) for word in wrong_words("这是最着名的作品，墙上挂着名牌")]
    [(3, '著名')]
    """
    if not has_arrays(text) and not has_wrong_words(text):
        return
    rows = load_rows("hand/wrong-words")
    for match in sorted(_words(text), key=re.Match.start):
        word, right, _, _, clause = rows[int(str(match.lastgroup)[1:])]
        start = match.start() - _at(word)
        if clause and clause not in _clause(text, start):
            continue
        sure, doubt = _judged(text, start)
        why = f"the word is {right}" + (f"; but {doubt}" if doubt else "")
        yield WrongWord(start, start + len(word), right, sure, why)


def _at(word: str) -> int:
    """Where the character stands that the engine looks for."""
    return next(i for i, char in enumerate(word) if char in _ANCHORS)


def _matches(anchor: str, text: str) -> Iterator[re.Match[str]]:
    """The words whose first anchor is this one, as they are found in the text: one character is
    sought a hundred times as fast as one of several.
    """
    if anchor in text:
        made, shapes = _pattern(anchor)
        yield from found_at(made, text, *shapes, is_literal=True)


@cache
def _pattern(anchor: str) -> tuple[re.Pattern[str], list[Shape]]:
    parts, heads, tails = [], "", ""
    for i, (word, _, before, behind, _) in enumerate(load_rows("hand/wrong-words")):
        at = _at(word)
        if word[at] != anchor:
            continue
        if at:
            heads += word[at - 1]
        else:
            tails += word[1]
        head, tail = word[: at + 1], word[at + 1 :]
        left = _beside(before, "(?<={}" + head + ")", "(?<!{}" + head + ")")
        right = _beside(behind, "(?=" + tail + "{})", "(?!" + tail + "{})")
        parts.append(f"(?P<w{i}>(?<={head})(?={tail}){left}{right})")
    beside, shapes = [], []
    if heads:
        beside.append(f"(?<=[{heads}]{anchor})")
        shapes.append(Shape(anchor, before=heads))
    if tails:
        beside.append(f"(?=[{tails}])")
        shapes.append(Shape(anchor, behind=tails))
    return compiled(f"{anchor}(?:{'|'.join(beside)})(?:{'|'.join(parts)})"), shapes


def _beside(cell: str, is_: str, is_not: str) -> str:
    """A cell of the table as a look-around: what must stand there, or, after ^, must not."""
    if not cell:
        return ""
    if cell[0] == "^":
        return is_not.format(f"[{cell[1:]}]")
    named = cell.replace("□", "")
    free = "|" + is_not.format(f"[{HAN_CLASS}]") if named != cell else ""
    return f"(?:{is_.format(f'[{named}]')}{free})"


def _clause(text: str, start: int) -> str:
    """What stands before a place in its clause."""
    before = text[max(0, start - _CLAUSE) : start]
    cut = max((i + 1 for i, char in enumerate(before) if char in _STOPS), default=0)
    return before[cut:]


def _judged(text: str, start: int) -> tuple[float, str]:
    """How sure a word is wrong where it stands, and the doubt."""
    low, high = _line(text, start)
    line = text[low:high]
    if is_about(line) or is_mentioned(line):
        return _NAMED, "the text speaks about characters"
    if is_table(line) or is_word_list(line):
        return _NAMED, "this looks like a list of words"
    if text[start : start + 2].find(_OLD) >= 0 and not is_of_today(line):
        return _DOUBT, "old editions write it so"
    begin, end = quotation(line, start - low)
    if end and end - begin <= SHORT_QUOTE:
        return _DOUBT, "it stands in a short quotation or a title"
    return _SURE, ""


def _line(text: str, at: int) -> Span:
    return text.rfind("\n", 0, at) + 1, text.find("\n", at) + 1 or len(text)
