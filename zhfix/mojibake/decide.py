"""Which of the repairs that were found are made, and how sure each is.

A repair alone must gain more than the prior odds of clean text; lines near it that show the same
chain lower what it must gain, and what it would leave beside it may make it a hint.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter

from zhfix.model import UNIT, Model
from zhfix.mojibake import foreign, half_decoded, lossy, tokens
from zhfix.mojibake.evidence import Span, n_ascii
from zhfix.mojibake.gaps import MARK
from zhfix.mojibake.lattice import SINGLE
from zhfix.named import NamedTuple
from zhfix.pattern import pattern

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = ["ALONE", "WEAK", "Found", "Repair", "decided", "sure_of"]

ALONE: Final = 12.0  # nats for a repair on its own: sure 0.9; 55 M clean characters reach 11.9
# where all of a line is damage, by characters; 1.2 M clean words and names reach 8.2 and 6.4
WHOLE: Final = {3: 10.0, 4: 8.0}
WITH_NEIGHBOURS: Final = 3.5  # nats, when a near line shows the same chain
_MANY, _WITH_MANY = 4, 1.0  # and when so many of them do
HINT: Final = 0.6  # how sure a repair may be that leaves damage beside it
_FOREIGN: Final = 0.3  # and one whose bytes say as much in another language
_FEW: Final = 3  # repairs that tell together whose bytes a text has
# by so much a repair another code page is the less likely one there: columns of 2,400 names are
# below, words of Korean, Japanese, Thai, Arabic and Russian above; and what a line alone must say
_THEIRS, _OURS = -3 * UNIT // 2, 8 * UNIT
_SHORT, _SHORT_NATS = 2, 4.0  # 猞猁, ґуґл: two rare characters are a word more often
# of two or three characters of a single-byte page one reading in two hundred was wrong, nearly all
# of them with another less than this behind
_LEAD: Final = {1: 6.0, 2: 6.0, 3: 4.0}
_DAMAGED, _ODD = 8.0 * UNIT, 9.5 * UNIT  # of those that touch it: on average, the nearest
WEAK: Final = 3.0  # below this nothing is kept, not even as a hint
_NEAR: Final = 30  # lines
_TAKEN: Final = 6.0  # nats that make a repair count as one when its neighbour is judged
_MARKED_BELOW: Final = 0.9  # a reading less sure than this has its weak guesses marked
_BACKED: Final = 2  # lines damaged in the same way that make marks in a short one worth while
_CLEARLY, _OTHERWISE = 20.0, 12.0  # 鏈?1鏃 beside UTF-8 read as GBK is no Big5
_FAMILY: Final = {"latin-1": "windows-1252", "cp1254": "windows-1252", "big5hkscs": "cp950"}
# ‘ ’ “ ” — … of GBK read as Latin-1: no language puts ¡ before these
_QUOTES: Final = pattern("(?:¡[®¯°±ª\xad])+")
_QUOTE_NATS: Final = 7.0
# names of the language in menus and links, and what programs are tried with: damaged forms that
# gain 8 nats are no words (157,000 words and names of two characters)
_SHOWN_ALONE: Final = frozenset(
    [
        "中文",
        "简体",
        "繁體",
        "繁体",
        "汉语",
        "漢語",
        "你好",
        "您好",
        "测试",
        "測試",
        "世界",
        "中国",
        "中國",
        # fonts, in style sheets and documents
        "宋体",
        "黑体",
        "楷体",
        "仿宋",
        "新宋体",
        "隶书",
        "幼圆",
    ]
)
_BLANK: Final = "\x00"
_SINGLE: Final = SINGLE | {half_decoded.WRONG}
_REACH: Final = 3  # characters beside a repair that may show what it left
_WORDS: Final = 24  # the same where words of another language may stand
_GOOD_SIGNS: Final = "‘’“”–—…·«»°©®"


class Repair(NamedTuple):
    """A proposed replacement of `text[start:end]`, how sure it is (0..1), and why."""

    start: int
    end: int
    before: str
    after: str
    sure: float
    why: str


class Found(NamedTuple):
    """A span of the whole text with its line number."""

    line: int
    start: int
    span: Span
    rival: int  # gain of the best other reading of the same place
    share: float = 1.0  # of this reading among the readings of bytes that were lost
    marked: Span | None = None  # the same repair with a mark for each weak guess


def decided(text: str, found: list[Found], model: Model) -> list[Repair]:
    """The repairs that are proposed for `text`, some of them as hints."""
    near = _Neighbours(found)
    taken = {  # what other repairs take is not seen as left beside this one
        at
        for f in found
        if f.span.gain > _TAKEN * UNIT
        for at in range(f.start + f.span.start, f.start + f.span.end)
    }

    def shown(start: int, end: int) -> str:
        start = max(0, start)
        return "".join(_BLANK if at in taken else c for at, c in enumerate(text[start:end], start))

    repairs: list[Repair] = []
    read: set[int] = set()  # lines of which something reads as Chinese
    asked: dict[int, dict[str, int]] = {}  # what other languages say of the repairs
    for f in sorted(found, key=lambda f: f.start + f.span.start):
        f = _settled(f, near)
        gain = f.span.gain / UNIT - near.doubt(f)
        start, end = f.start + f.span.start, f.start + f.span.end
        is_cyrillic = end - start <= 2 * _SHORT and "\u0370" <= text[start] < "\u0530"
        is_short = end - start <= _SHORT and text[start] >= "\u3400"
        if is_cyrillic or (is_short and f.span.after not in _SHOWN_ALONE):
            gain -= _SHORT_NATS
        n_backing = near.n_backing(f)
        floor = _floor(text, start, end, f.span.after)
        if n_backing:
            is_rather = n_backing >= _MANY and text[start] < "\u2e80"  # 鮟鱇 is a fish there, too
            floor = _WITH_MANY if is_rather else WITH_NEIGHBOURS
        lead = (f.span.gain - f.rival) / UNIT
        sure = round(sure_of(gain - floor, lead) * f.share**2, 3)
        is_narrow = not any(c >= "\u2e80" for c in text[start:end])
        reach = _WORDS if is_narrow else _REACH
        before, after = shown(start - reach, start), shown(end, end + reach)
        if f.span.n_marks:  # a mark that stays where it stood is part of the repair
            before, after = before.rstrip(MARK), after.lstrip(MARK)
        least = _LEAD.get(len(f.span.after) - n_ascii(f.span.after), 0.0)
        is_doubtful = is_narrow and not n_backing and lead < least
        is_chance = (
            is_narrow and f.span.chain[-1] == "utf-8" and foreign.is_chance(f.span.after, model)
        )
        is_doubtful |= is_chance and not n_backing
        if is_doubtful or _leaves_damage(before, after, is_narrow, model):
            sure = min(sure, HINT)
        why = _why(f.span, gain)
        before, after, right = text[start:end], f.span.after, f.span.chain[-1]
        if sure > _FOREIGN and right != "utf-8" and f.span.chain[0] in _SINGLE:
            asked[len(repairs)] = foreign.leads(before, after, right, model)
        if sure > HINT:
            read.add(f.line)
        repairs.append(Repair(start, end, before, after, sure, why))
    for k, other in _others(text, asked, read).items():
        sure, why = min(_FOREIGN, repairs[k].sure), f"{repairs[k].why}; but {other}"
        repairs[k] = repairs[k]._replace(sure=sure, why=why)
    return repairs


def _others(text: str, asked: dict[int, dict[str, int]], read: set[int]) -> dict[int, str]:
    """Which repairs are left, since their bytes say as much in another language, and why.

    One of a few letters tells little by itself; all those of a text have one code page.
    """
    if not asked:
        return {}
    best = {k: max(leads, key=leads.__getitem__) for k, leads in asked.items()}
    weak = [k for k, leads in asked.items() if leads[best[k]] > -foreign.MOST]
    floor = 0
    if weak and len(asked) >= _FEW:
        totals = Counter[str]()
        for leads in asked.values():
            totals.update(leads)
        codec, total = totals.most_common(1)[0]
        if total > _THEIRS * len(asked):
            return dict.fromkeys(weak, f"all that is like it fits {codec} as well")
        floor = _OURS
    out = {k: f"{best[k]} fits as well" for k in weak if asked[k][best[k]] > floor}
    if len(out) < len(weak) and "\n" in text and foreign.unread(text, read) > len(read):
        return dict.fromkeys(weak, "the lines beside it are another language's") | out
    return out


def _why(span: Span, gain: float) -> str:
    chain = zip(*[iter(span.chain)] * 2, strict=True)
    why = " > ".join(f"{right} read as {wrong}" for wrong, right in chain) + f", {gain:.0f} nats"
    if span.n_guesses:
        why += f", {span.n_guesses} characters lost bytes and are guessed"
    if span.n_marks:
        why += f", {span.n_marks} of them left as U+FFFD"
    return why


class _Neighbours:
    """Which chains the lines of a text show, to judge a repair by the lines near it."""

    def __init__(self, found: list[Found]) -> None:
        self._lines: dict[tuple[str, ...], list[int]] = {}
        self._best: dict[int, Span] = {}
        for f in sorted(found, key=lambda f: f.line):
            best = self._best.get(f.line)
            if best is None or f.span.gain > best.gain:
                self._best[f.line] = f.span
            lines = self._lines.setdefault(_family(f.span.chain), [])
            if f.span.gain >= ALONE * UNIT and (not lines or lines[-1] != f.line):
                lines.append(f.line)

    def n_backing(self, f: Found) -> int:
        """How many lines near a repair are damaged in the same way beyond doubt, itself apart."""
        lines = self._lines[_family(f.span.chain)]
        first, last = bisect_left(lines, f.line - _NEAR), bisect_right(lines, f.line + _NEAR)
        at = bisect_left(lines, f.line)
        is_itself = f.span.gain >= ALONE * UNIT and at < len(lines) and lines[at] == f.line
        return last - first - is_itself

    def doubt(self, f: Found) -> float:
        """Nats against a repair in a line that was damaged in another way."""
        best = self._best[f.line]
        is_other = best.gain > max(_CLEARLY * UNIT, f.span.gain)
        return _OTHERWISE if is_other and _family(best.chain) != _family(f.span.chain) else 0.0


def _family(chain: tuple[str, ...]) -> tuple[str, ...]:
    """A chain with the code pages as one that differ in a few characters."""
    return tuple(_FAMILY.get(name, name) for name in chain)


def _settled(f: Found, near: _Neighbours) -> Found:
    """A repair of lost bytes as it is made: with its weak guesses marked, where enough is known."""
    marked = f.marked
    if marked is None or f.share**2 >= _MARKED_BELOW:
        return f
    n_known = sum(c > "\x7f" for c in f.span.after) - f.span.n_guesses
    if n_known < lossy.KNOWN and (near.n_backing(f) < _BACKED or n_known < 2 * marked.n_marks):
        return f
    return f._replace(span=marked, share=1.0)


def _leaves_damage(before: str, after: str, is_narrow: bool, model: Model) -> bool:
    """Whether what touches the repair is as unlikely as damage: then bytes were lost there."""
    before = before.rpartition("\n")[2].rpartition("\t")[2].lstrip("\ufeff")  # where a file begins
    after = re.split("[\n\t]", after)[0]
    if is_narrow:
        before = tokens.without_words(before[::-1])[:_REACH]
        after = tokens.without_words(after)[:_REACH]
        # letters and signs of the kind that was repaired, left beside the repair
        return any("\xa0" < c < "\u2e80" and c not in _GOOD_SIGNS for c in before + after)
    if after[:1] == "\ufffd" or before[-1:] == "\ufffd":
        return True
    return _is_dear(before[::-1], model) or _is_dear(after, model)


def _is_dear(beside: str, model: Model) -> bool:
    """Whether the characters that touch a repair, nearest first, cost what damage costs."""
    run = beside[: next((i for i, c in enumerate(beside) if c < "\u2e80"), len(beside))]
    price = sum(-model.unigram(c) for c in run)
    return bool(run) and (price > _DAMAGED * len(run) or -model.unigram(run[0]) > _ODD)


def _floor(text: str, start: int, end: int, after: str) -> float:
    """Nats that a repair must gain: a name that is damaged from end to end is not found by chance
    in as many places as one inside a long line.
    """
    begin, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    if _QUOTES.fullmatch(text, start, end):
        return _QUOTE_NATS
    rest = text[begin:start] + text[end : len(text) if stop < 0 else stop]
    if after in _SHOWN_ALONE and rest.isascii():
        return WHOLE[4]
    n_read = sum(c > "\x7f" for c in after)
    return WHOLE.get(min(n_read, 4), ALONE) if rest.isascii() else ALONE


def sure_of(above: float, lead: float) -> float:
    """0.9 at the floor of the evidence; a rival reading close behind takes it down."""
    return round(_logistic(above / 2 + 2.2) * _logistic(lead * 1.0 + 1.0), 3)


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, x))))
