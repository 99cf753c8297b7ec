"""Text read in the wrong code page (`浣犲ソ`, `ÄãºÃ`, `斕疑`, `å¥½`), and what it was.

Cheap first: one regular expression clears clean text; a line it marks is weighed by the model; only
what is dear enough is searched for a chain of code pages under which it reads better. A repair is
proposed when the evidence, in nats, is above the prior odds of clean text; the weaker ones when
their neighbours show the same chain. Measured: docs/mojibake.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from zhfix.model import UNIT, Model, load
from zhfix.mojibake import half_decoded, lossy, prefilter, tokens
from zhfix.mojibake.chains import at_once, is_even, is_latin_utf8, is_most, spans, whole_line
from zhfix.mojibake.decide import ALONE, WEAK, Found, Repair, decided, sure_of
from zhfix.mojibake.evidence import Span, measure, n_ascii
from zhfix.mojibake.gaps import MARK, WIDE
from zhfix.mojibake.lattice import SINGLE
from zhfix.mojibake.oddities import NAME
from zhfix.mojibake.pairs import is_narrow
from zhfix.pattern import compiled, pattern

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

_BASE_HAN, _BASE_LATIN, _BASE_OTHER = 6.5 * UNIT, 2.5 * UNIT, 3.5 * UNIT  # cost in good text
_SUSPECT: Final = 10 * UNIT  # the excess of a stretch that makes a search worth while
_SUSPECT_NAME: Final = 6 * UNIT
_SUSPECT_LONG: Final = 18 * UNIT  # in a line of prose, where a rare name is the likelier cause
_PROSE: Final = 40  # characters other than ASCII
_WINDOW: Final = 80  # a longer line is searched around its suspect stretches only
_MARGIN: Final = 24
_RATHER: Final = 2 * UNIT  # by how much a reading of half-decoded text must beat one without
_LONGEST: Final = 1200  # characters searched at once


_BACKED: Final = 3  # lines damaged in one way, between which the others are looked at again
_BEYOND: Final = 3  # and lines before the first and behind the last
_FIELDS: Final = 200  # characters of such a line
_LETTERS: Final = "\x20" + "".join(map(chr, range(0x61, 0x7B))) + ",.'"
_LOST_WHY: Final = {
    "锟": "U+FFFD read as GBK, the text before it is gone",
    "嚙": "U+FFFD read as Big5, the text before it is gone",
    "烫": "memory that was never written (CC), read as GBK",
    "屯": "freed memory (CD), read as GBK",
    "ï¿½": "U+FFFD read as Latin-1, the text before it is gone",
}
_LOST: Final = pattern("(?:锟斤拷?)+|(?:嚙[踝緹稽緘踐豬]?蕭?){2,}|嚙踝蕭|烫{3,}|屯{4,}|(?:ï¿½)+")


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
        found += _beside(text, found, model)
    if found:
        edits += decided(text, found, model)
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
            sure = sure_of(gain - ALONE, 20.0)
            yield Repair(m.start(), m.end(), before, plain, sure, "ASCII read as UTF-16")


@cache
def _wide_letters() -> re.Pattern[str]:
    """Five and more characters that are two letters each in UTF-16; compiled when first met."""
    pairs = (chr(ord(a) | ord(b) << 8) for a in _LETTERS for b in _LETTERS if b >= "a")
    return compiled(f"[{''.join(pairs)}]{{5,}}")


def _search_name(text: str, model: Model) -> Iterator[Found]:
    least = _SUSPECT_NAME if len(text) <= NAME // 2 else _SUSPECT
    if any(_suspects(text, model, least)) or prefilter.has_narrow(text):
        yield from _best(text, model)


def _search(text: str, marked: list[tuple[int, int]], model: Model) -> Iterator[Found]:
    number = counted = 0
    chain: tuple[str, ...] = ()
    for begin, end in marked:
        number += text.count("\n", counted, begin)
        counted = begin
        line = text[begin:end]
        for start, stop in _chunks(line, _suspects(line, model)):
            for found in _best(line[start:stop], model, chain):
                found = found._replace(line=number, start=begin + start)
                if found.span.gain >= ALONE * UNIT:
                    chain = found.span.chain
                yield found


def _beside(text: str, found: list[Found], model: Model) -> Iterator[Found]:
    """What lines hold that seemed sound, where lines near them are damaged in one way: a column of
    names, some of which are cheap signs by themselves (¡ı—Û).
    """
    known = {f.line for f in found}
    shown: dict[tuple[str, ...], dict[int, int]] = {}
    for f in found:
        if f.span.gain >= ALONE * UNIT and len(f.span.chain) == 2:
            shown.setdefault(f.span.chain, {})[f.line] = f.start
    for chain, starts in shown.items():
        numbers = sorted(starts)
        if len(numbers) < _BACKED:
            continue
        number = numbers[0]
        at = text.rfind("\n", 0, starts[number]) + 1
        for _ in range(min(_BEYOND, number)):
            at, number = text.rfind("\n", 0, at - 1) + 1, number - 1
        while at < len(text) and number <= numbers[-1] + _BEYOND:
            stop = text.find("\n", at)
            stop = stop if stop >= 0 else len(text)
            line = text[at:stop]
            if number not in known and len(line) <= _FIELDS and not line.isascii():
                span = whole_line(line, chain, model)
                if span is not None:
                    known.add(number)
                    yield Found(number, at, span, 0)
            at, number = stop + 1, number + 1


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
    n_others = len(line) - n_ascii(line)
    least = least or (_SUSPECT if n_others <= _PROSE else _SUSPECT_LONG)
    found: list[tuple[int, int]] = []
    for i, c in enumerate(line):
        if c < "\x80" or c == MARK:  # what is lost tells nothing of the rest
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
    yield from _uncut(line, found)


def _uncut(line: str, parts: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts with their ends where ASCII stands, not inside a run of damage."""
    out: list[tuple[int, int]] = []
    for start, stop in parts:
        while start > 0 and not line[max(0, start - 2) : start + 1].isascii():
            start -= 1
        while stop < len(line) and not line[stop - 1 : stop + 2].isascii():
            stop += 1
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], stop)
        else:
            out.append((start, stop))
    yield from out


@lru_cache(1 << 8)  # the same names and links stand on every page of a site
def _best(line: str, model: Model, chain: tuple[str, ...] = ()) -> tuple[Found, ...]:
    """The spans of a line that do not overlap, greatest gain first, each with its rival."""
    return tuple(_chosen(line, model, chain))


def _chosen(line: str, model: Model, chain: tuple[str, ...]) -> Iterator[Found]:
    span = at_once(line, chain, model)  # as the lines before it were
    if span is not None:
        half = _half_decoded(line, span, model)
        yield Found(0, 0, span, 0) if half is None else Found(0, 0, half.span, half.rival)
        return
    if chain in lossy.CHAINS and lossy.has_gap(line):
        filled = _filled(line, [], model, (chain,))
        if filled and filled.span.gain > lossy.CLEAR and is_most(line, filled.span):
            yield filled
            return
    found = spans(line, model)
    filled = _filled(line, found, model)
    half = _half_decoded(line, found[0] if found else None, model)
    if half is not None and (filled is None or half.span.gain > filled.span.gain):
        filled = Found(0, 0, half.span, half.rival)
    if filled is not None:
        yield filled
        return
    taken: list[tuple[int, int]] = []
    for i, span in enumerate(found):
        if span.gain < WEAK * UNIT:
            break
        if any(span.start < b and a < span.end for a, b in taken):
            continue
        taken.append((span.start, span.end))
        rival = max(
            (s.gain for s in found[i + 1 :] if _is_rival(line, span, s)),
            default=0,
        )
        yield Found(0, 0, span, rival)


def _half_decoded(line: str, best: Span | None, model: Model) -> half_decoded.Reading | None:
    """A reading of the line as one whose bytes were taken for UTF-8 in places, where it is best."""
    if not half_decoded.may_be(line) or (best is not None and best.chain[0] == half_decoded.WRONG):
        return None
    if best is not None and best.chain[-1] == "gb18030" and half_decoded.is_whole(line):
        return None
    if best is not None and is_even(best, model):
        rest = line[: best.start] + line[best.end :]
        if not any(map(is_narrow, rest)) and not half_decoded.has_trace(line):
            return None
    if is_latin_utf8(line):  # ftfy's own case
        return None
    made = half_decoded.reading(line, model)
    if made is not None:
        made = made._replace(span=tokens.parted(line, made.span, model))
    is_better = made is not None and made.span.gain > (best.gain if best else 0) + _RATHER
    return made if is_better else None


def _filled(
    line: str, found: list[Span], model: Model, only: tuple[tuple[str, ...], ...] = ()
) -> Found | None:
    """A reading of the line with lost bytes filled in, when nothing else reads all of it."""
    best = found[0] if found else None
    if best is None and "\ufffd" not in line and not lossy.has_gap(line):
        return None
    chains = only or lossy.CHAINS
    if best is not None and best.gain > lossy.CLEAR:
        if best.chain in lossy.CHAINS:
            chains = only or (best.chain,)
        elif is_most(line, best):
            return None  # a line is damaged in one way
    out: Found | None = None
    for chain in chains:
        for start, end in lossy.pieces(line, chain[0]):
            if best is not None and (end <= best.start or best.end <= start):
                continue
            is_known = bool(only) or (best is not None and best.chain == chain)
            if chain[0] in WIDE and not is_known and not lossy.has_gap(line[start : end + 1]):
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
            if tokens.parted(line, span, model) is not span or (
                chain[0] in SINGLE and tokens.loses(line[start:end], reading.marked)
            ):
                continue  # what is guessed may be no damage, either
            gain = span.gain - lossy.GUESS * reading.n_guesses
            if gain > (out.span.gain if out else (best.gain if best else 0) + lossy.WORTH):
                span = span._replace(gain=gain, n_guesses=reading.n_guesses)
                marked = measure(line, start, end, reading.marked, chain, model)
                marked = marked._replace(
                    gain=gain, n_guesses=reading.n_guesses, n_marks=reading.n_marks
                )
                out = Found(0, 0, span, 0, reading.share, marked)
    return out


def _trimmed(line: str, start: int, end: int) -> tuple[int, int]:
    """The piece without the ASCII at its ends; a `?` after damage belongs to it."""
    while start < end and line[start] < "\x80":
        start += 1
    while end > start and line[end - 1] < "\x80":
        end -= 1
    if line[end : end + 1] == "?" and end > start:
        end = min(len(line), end + 3)  # and what stands behind it, to tell what it ate
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
