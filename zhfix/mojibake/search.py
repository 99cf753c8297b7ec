"""Text read in the wrong code page (`浣犲ソ`, `ÄãºÃ`, `斕疑`, `å¥½`), and what it was.

Cheap first: one regular expression clears clean text; a line it marks is weighed by the model; only
what is dear enough is searched for a chain of code pages under which it reads better. A repair is
proposed when the evidence, in nats, is above the prior odds of clean text; the weaker ones when
their neighbours show the same chain. Measured: docs/mojibake.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from zhfix.model import UNIT, Model, load
from zhfix.mojibake import lossy, prefilter
from zhfix.mojibake.chains import spans
from zhfix.mojibake.evidence import Span, measure
from zhfix.mojibake.oddities import NAME
from zhfix.pattern import pattern

ALONE: Final = 12.0  # nats for a repair on its own: sure 0.9; 55 M clean characters reach 11.9
# where all of a line is damage, by characters; 1.2 M clean words and names reach 8.2 and 6.4
WHOLE: Final = {3: 10.0, 4: 8.0}
WITH_NEIGHBOURS: Final = 3.5  # nats, when a near line shows the same chain
HINT: Final = 0.6  # how sure a repair may be that leaves damage beside it
_SHORT, _SHORT_NATS = 2, 4.0  # 猞猁, ґуґл: two rare characters are a word more often
_DAMAGED, _ODD = 8.0 * UNIT, 9.5 * UNIT  # of those that touch it: on average, the nearest
_WEAK: Final = 3.0  # below this nothing is kept, not even as a hint
_NEAR: Final = 30  # lines
_BASE_HAN, _BASE_LATIN, _BASE_OTHER = 6.5 * UNIT, 2.5 * UNIT, 3.5 * UNIT  # cost in good text
_SUSPECT: Final = 10 * UNIT  # the excess of a stretch that makes a search worth while
_SUSPECT_NAME: Final = 6 * UNIT
_SUSPECT_LONG: Final = 18 * UNIT  # in a line of prose, where a rare name is the likelier cause
_PROSE: Final = 40  # characters
_WINDOW: Final = 80  # a longer line is searched around its suspect stretches only
_MARGIN: Final = 24
_LONGEST: Final = 1200  # characters searched at once


_LETTERS: Final = "\x20" + "".join(map(chr, range(0x61, 0x7B))) + ",.'"
_TAKEN: Final = 6.0  # nats that make a repair count as one when its neighbour is judged
_MARKED_BELOW: Final = 0.9  # a reading less sure than this has its weak guesses marked
_BLANK: Final = "\x00"
_REACH: Final = 3  # characters beside a repair that may show what it left
_GOOD_SIGNS: Final = "‘’“”–—…·«»°©®"
_LOST_WHY: Final = {
    "锟": "U+FFFD read as GBK, the text before it is gone",
    "嚙": "U+FFFD read as Big5, the text before it is gone",
    "烫": "memory that was never written (CC), read as GBK",
    "屯": "freed memory (CD), read as GBK",
    "ï¿½": "U+FFFD read as Latin-1, the text before it is gone",
}
_LOST: Final = pattern("(?:锟斤拷?)+|(?:嚙[踝緹稽緘踐豬]?蕭?){2,}|嚙踝蕭|烫{3,}|屯{4,}|(?:ï¿½)+")


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


def repairs(text: str, model: Model | None = None) -> list[Repair]:
    """Edits that undo wrong code pages in `text`, in order and without overlap; it may be [].

    >>> [(e.before, e.after) for e in repairs("say 浣犲ソ锛屼笘鐣岋紒 now")]
    [('浣犲ソ锛屼笘鐣岋紒', '你好，世界！')]
    """
    if text.isascii():
        return []
    if len(text) <= NAME and "\n" not in text:
        edits = lost(text)
        if not prefilter.may_be_name(text):
            return edits
        model = model or load()
        edits += _wide(text, 0, len(text), model)
        found = list(_search_name(text, model))
    else:
        marked = list(prefilter.lines(text))
        if not marked:
            return []
        model = model or load()
        edits = [edit for begin, end in marked for edit in lost(text, begin, end)]
        edits += [edit for begin, end in marked for edit in _wide(text, begin, end, model)]
        found = list(_search(text, marked, model))
    if found:
        edits += _decide(text, found, model)
    return sorted(edits)


def lost(text: str, begin: int = 0, end: int | None = None) -> list[Repair]:
    """What no repair can bring back, each as an edit that changes nothing and says why.

    >>> [e.why for e in lost("锟斤拷")]
    ['lost: U+FFFD read as GBK, the text before it is gone']
    """
    out = []
    for m in _LOST.finditer(text, begin, len(text) if end is None else end):
        why = next(v for k, v in _LOST_WHY.items() if m[0].startswith(k))
        out.append(Repair(m.start(), m.end(), m[0], m[0], 1.0, "lost: " + why))
    return out


def _wide(text: str, begin: int, end: int, model: Model) -> Iterator[Repair]:
    """ASCII that was taken for UTF-16: `畢桳栠摩琠敨映捡獴` is "bush hid the facts"."""
    for m in _wide_letters().finditer(text, begin, end):
        before = m[0]
        plain = before.encode("utf-16-le").decode("ascii")
        n_word = sum(c.islower() or c == " " for c in plain)
        gain = (model.score(plain) - model.score(before)) / UNIT
        if n_word * 8 >= len(plain) * 7 and gain > ALONE:
            sure = _sure(gain - ALONE, 20.0)
            yield Repair(m.start(), m.end(), before, plain, sure, "ASCII read as UTF-16")


@cache
def _wide_letters() -> re.Pattern[str]:
    """Five and more characters that are two letters each in UTF-16; compiled when first met."""
    pairs = (chr(ord(a) | ord(b) << 8) for a in _LETTERS for b in _LETTERS if b >= "a")
    return re.compile(f"[{''.join(pairs)}]{{5,}}")


def _search_name(text: str, model: Model) -> Iterator[Found]:
    least = _SUSPECT_NAME if len(text) <= NAME // 2 else _SUSPECT
    if any(_suspects(text, model, least)) or prefilter.has_narrow(text):
        yield from _best(text, 0, 0, model)


def _search(text: str, marked: list[tuple[int, int]], model: Model) -> Iterator[Found]:
    number = counted = 0
    chain: tuple[str, ...] = ()
    for begin, end in marked:
        number += text.count("\n", counted, begin)
        counted = begin
        line = text[begin:end]
        for start, stop in _chunks(line, _suspects(line, model)):
            for found in _best(line[start:stop], begin + start, number, model, chain):
                if found.span.gain >= ALONE * UNIT:
                    chain = found.span.chain
                yield found


def _chunks(line: str, parts: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts, those of endless lines cut where ASCII stands, so that work stays linear."""
    for start, stop in parts:
        while stop - start > _LONGEST:
            cut = max(line.rfind(mark, start + _LONGEST // 2, start + _LONGEST) for mark in " ,.<")
            cut = cut + 1 if cut > 0 else start + _LONGEST
            yield start, cut
            start = cut
        yield start, stop


def _suspects(line: str, model: Model, least: int = 0) -> Iterator[tuple[int, int]]:
    """Parts of a line dear enough to be damage: the line, or windows of a long one."""
    step = model.step
    run = begin = 0
    least = least or (_SUSPECT if len(line) <= _PROSE else _SUSPECT_LONG)
    found: list[tuple[int, int]] = []
    for i, c in enumerate(line):
        if c < "\x80":
            continue
        cost = -step(line[max(0, i - 2) : i], c)
        if "\u2e7f" < c < "\uac00" or "\ud7a3" < c < "\uff61":
            base = _BASE_HAN
        else:
            base = _BASE_LATIN if c < "\u0370" else _BASE_OTHER
        if run <= 0:
            run, begin = 0, i
        run += int(cost - base)
        if run > least:
            if len(line) <= _WINDOW:
                yield 0, len(line)
                return
            start = max(0, begin - _MARGIN)
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], i + _MARGIN)
            else:
                found.append((start, i + _MARGIN))
    yield from found


def _best(
    line: str, at: int, number: int, model: Model, chain: tuple[str, ...] = ()
) -> Iterator[Found]:
    """The spans of a line that do not overlap, greatest gain first, each with its rival."""
    found = spans(line, model, chain)
    filled = _filled(line, found, model)
    if filled is not None:
        yield Found(number, at, *filled)
        return
    taken: list[tuple[int, int]] = []
    for i, span in enumerate(found):
        if span.gain < _WEAK * UNIT:
            break
        if any(span.start < b and a < span.end for a, b in taken):
            continue
        taken.append((span.start, span.end))
        rival = max(
            (s.gain for s in found[i + 1 :] if _is_rival(line, span, s)),
            default=0,
        )
        yield Found(number, at, span, rival)


def _filled(line: str, found: list[Span], model: Model) -> tuple[Span, int, float] | None:
    """A reading of the line with lost bytes filled in, when nothing else reads all of it."""
    best = found[0] if found else None
    if best is None and "\ufffd" not in line and not lossy.has_gap(line):
        return None
    is_clear = best is not None and best.chain in lossy.CHAINS and best.gain > lossy.CLEAR
    chains = [best.chain] if best is not None and is_clear else lossy.CHAINS
    out: tuple[Span, int, float] | None = None
    for chain in chains:
        for start, end in lossy.pieces(line, chain[0]):
            if best is not None and (end <= best.start or best.end <= start):
                continue
            start, end = _trimmed(line, start, end)
            rest = line[best.end : end] if best is not None else ""
            if best is not None and best.start <= start and rest.isascii():
                return None  # all of it is read without a gap
            if end - start > lossy.LONGEST:
                continue
            reading = lossy.read(line[start:end], chain, line[max(0, start - 2) : start], model)
            if reading is None or not reading.n_guesses:
                continue
            span = measure(line, start, end, reading.text, chain, model)
            gain = span.gain - lossy.GUESS * reading.n_guesses
            share, n_marks = reading.share, 0
            n_known = sum(c > "\x7f" for c in reading.text) - reading.n_guesses
            if n_known >= lossy.KNOWN and share**2 < _MARKED_BELOW:
                share, n_marks = 1.0, reading.n_marks
                span = measure(line, start, end, reading.marked, chain, model)
            if gain > (out[0].gain if out else (best.gain if best else 0) + lossy.WORTH):
                out = (
                    span._replace(gain=gain, n_guesses=reading.n_guesses, n_marks=n_marks),
                    0,
                    share,
                )
    return out


def _trimmed(line: str, start: int, end: int) -> tuple[int, int]:
    """The piece without the ASCII at its ends; a `?` after damage belongs to it."""
    while start < end and line[start] < "\x80":
        start += 1
    while end > start and line[end - 1] < "\x80":
        end -= 1
    if line[end : end + 1] == "?" and end > start:
        end += 1 + (end + 1 < len(line))  # and what stands behind it, to tell what it ate
    return start, end


def _is_rival(line: str, span: Span, other: Span) -> bool:
    """Whether two spans read the same place differently, not only to another extent."""
    start, end = max(span.start, other.start), min(span.end, other.end)
    if 2 * (end - start) < span.end - span.start:
        return False
    low, high = min(span.start, other.start), max(span.end, other.end)
    one = line[low : span.start] + span.after + line[span.end : high]
    two = line[low : other.start] + other.after + line[other.end : high]
    return one != two


def _decide(text: str, found: list[Found], model: Model) -> Iterator[Repair]:
    strong: dict[tuple[str, ...], list[int]] = {}
    for f in found:
        if f.span.gain >= ALONE * UNIT:
            strong.setdefault(f.span.chain, []).append(f.line)
    taken = {  # what other repairs take is not seen as left beside this one
        at
        for f in found
        if f.span.gain > _TAKEN * UNIT
        for at in range(f.start + f.span.start, f.start + f.span.end)
    }

    def shown(start: int, end: int) -> str:
        start = max(0, start)
        return "".join(_BLANK if at in taken else c for at, c in enumerate(text[start:end], start))

    for f in sorted(found, key=lambda f: f.start + f.span.start):
        gain = f.span.gain / UNIT
        start, end = f.start + f.span.start, f.start + f.span.end
        lines = strong.get(f.span.chain, []) if f.span.gain < ALONE * UNIT else []
        is_cyrillic = end - start <= 2 * _SHORT and "\u0370" <= text[start] < "\u0530"
        if is_cyrillic or (end - start <= _SHORT and text[start] >= "\u3400"):
            gain -= _SHORT_NATS
        is_near = any(abs(f.line - n) <= _NEAR for n in lines)
        floor = WITH_NEIGHBOURS if is_near else _floor(text, start, end)
        sure = round(_sure(gain - floor, (f.span.gain - f.rival) / UNIT) * f.share**2, 3)
        is_narrow = not any(c >= "\u2e80" for c in text[start:end])
        before, after = shown(start - _REACH, start), shown(end, end + _REACH)
        if f.span.n_marks:  # a mark that stays where it stood is part of the repair
            before, after = before.rstrip(lossy.MARK), after.lstrip(lossy.MARK)
        if _leaves_damage(before, after, is_narrow, model):
            sure = min(sure, HINT)
        why = " > ".join(f"{r} read as {w}" for w, r in zip(*[iter(f.span.chain)] * 2, strict=True))
        why += f", {gain:.0f} nats"
        if f.span.n_guesses:
            why += f", {f.span.n_guesses} characters lost bytes and are guessed"
        if f.span.n_marks:
            why += f", {f.span.n_marks} of them left as U+FFFD"
        yield Repair(start, end, text[start:end], f.span.after, sure, why)


def _leaves_damage(before: str, after: str, is_narrow: bool, model: Model) -> bool:
    """Whether what touches the repair is as unlikely as damage: then bytes were lost there."""
    before = before.rpartition("\n")[2].rpartition("\t")[2]
    after = re.split("[\n\t]", after)[0]
    if is_narrow:
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


def _floor(text: str, start: int, end: int) -> float:
    """Nats that a repair must gain: a name that is damaged from end to end is not found by chance
    in as many places as one inside a long line.
    """
    begin, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    rest = text[begin:start] + text[end : len(text) if stop < 0 else stop]
    n_bytes = sum((c > "\x7f") + (c >= "\u2e80") for c in text[start:end])
    return WHOLE.get(min(n_bytes, 8) // 2, ALONE) if rest.isascii() else ALONE


def _sure(above: float, lead: float) -> float:
    """0.9 at the floor of the evidence; a rival reading close behind takes it down."""
    return round(_logistic(above / 2 + 2.2) * _logistic(lead * 1.0 + 1.0), 3)


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, x))))
