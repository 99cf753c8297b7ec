"""Which spans of a line read better through another code page: the search behind `mojibake`.

A chain is (wrong, right): the bytes of `right` were shown as `wrong`. For each chain a path is
sought through the line that keeps characters or repairs them, byte by byte, so that one damaged
field or half a line is found, and ASCII that only stands beside the damage stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhfix.model import UNIT, Model
from zhfix.mojibake import half_decoded, tokens
from zhfix.mojibake.codepages import RIGHT, WRONG, decode, encode, encode_one, twins
from zhfix.mojibake.evidence import Span, measure, n_ascii, price
from zhfix.mojibake.lattice import SINGLE, aligned, could_gain, encodable, is_encodable
from zhfix.pattern import pattern

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = ["at_once", "is_even", "is_latin_utf8", "is_most", "spans", "whole", "whole_line"]

_RATHER_ALL: Final = 12 * UNIT  # damage seldom stops half way: what leaving some of it must gain
_WELL: Final = 8 * UNIT  # what a character of a text costs that was damaged no further
_ALL_LATIN: Final = 4 * UNIT  # the same by another code page of the same kind
_ALPHABET: Final = 4  # lead bytes of the letters of one language in UTF-8
_SETTLED: Final = 20 * UNIT  # evidence after which no other cut is sought
_HAN: Final = pattern("[\u3400-\u9fff]")
_EMOJI: Final = "\u2600-\u27bf\U0001f300-\U0001faff"
_READ: Final = pattern("[\u3400-\u9fff" + _EMOJI + "]")
_SHOWN: Final = pattern("[\u3400-\u9fff“”‘’—…，。、！？：；（）《》「」【】" + _EMOJI + "]")
_UTF8_ANY: Final = pattern(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe2-\xef][\x80-\xbf]{2}|[\xe2-\xef][\x80-\xbf]? "
    rb"|\xf0\x9f[\x80-\xbf]{2}"
)
_UTF8_PART: Final = pattern(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe2-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# of any language; that of Chinese begins with E2 and above
_ALL_UTF8: Final = pattern(
    rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+"
)
_ACCENT: Final = pattern(rb"[\xc3-\xc5][\x80-\xbf]")  # the UTF-8 of a Latin letter
_LETTER: Final = pattern("[A-Za-z]")
_NARROW: Final = pattern("[\x80-\u2e7f]+")
_UTF8_CUT: Final = pattern(rb"([\xe2-\xef]) ([\x80-\xbf])|([\xe2-\xef][\x80-\xbf]) ")
_SAME: Final = {("cp950", "big5"), ("big5hkscs", "big5"), ("cp936", "gb18030")}
_LEAST: Final = 12 * UNIT  # a piece that costs less than this cannot gain what a repair needs


def at_once(line: str, chain: tuple[str, ...], model: Model) -> Span | None:
    """The repair of a line by the chain of the line before it, when that settles it."""
    best = whole_line(line, chain, model)
    return best if best and best.gain > _SETTLED else None


def whole_line(line: str, chain: tuple[str, ...], model: Model) -> Span | None:
    """The repair of a line from end to end by one chain, when it gains anything."""
    if chain[:1] == (half_decoded.WRONG,):
        made = half_decoded.reading(line, model, chain[1])
        return tokens.parted(line, made.span, model) if made is not None else None
    if len(chain) != 2 or not is_encodable(line, chain[0]):
        return None
    wrong, right = chain
    found = list(_whole_piece(line, 0, line, encode(line, wrong), (wrong, right), model))
    parted = (tokens.parted(line, span, model) for span in found)
    best = max(parted, key=lambda span: span.gain, default=None)
    return best if best and best.gain > 0 and len(best.chain) == 2 and is_most(line, best) else None


def spans(line: str, model: Model) -> list[Span]:
    """Every repair of `line` that gains anything, best first; they may overlap.

    >>> from zhfix.model import load
    >>> spans("ok 浣犲ソ", load())[0][:3]
    (3, 6, '你好')
    """
    found: list[Span] = []
    seen: set[tuple[int, int, str]] = set()
    done: set[tuple[int, str, bytes]] = set()  # code pages that agree on a piece are one
    open_chains: list[tuple[int, str, tuple[str, str]]] = []
    is_settled = False

    def keep(new: Iterator[Span]) -> bool:
        is_good = False
        for span in new:
            span = tokens.parted(line, span, model)
            key = (span.start, span.end, span.after)
            if span.gain > 0 and key not in seen:
                seen.add(key)
                found.append(span)
                is_good |= span.gain > _SETTLED and is_most(line, span) and is_even(span, model)
        return is_good

    costs = [
        -model.step(line[max(0, i - 2) : i], c) if c > "\x7f" else 0 for i, c in enumerate(line)
    ]
    is_latin = is_latin_utf8(line)
    for wrong in WRONG:
        for start, end in encodable(line, wrong):
            segment = line[start:end]
            if sum(costs[start:end]) < _LEAST:
                continue
            raw = encode(segment, wrong)
            for right in RIGHT:
                chain = (wrong, right)
                if chain in _SAME or (start, right, raw) in done:
                    continue
                done.add((start, right, raw))
                if right == "utf-8" and not _UTF8_ANY.search(raw):
                    continue
                if right != "utf-8" and (_is_utf8(raw) or (is_latin and wrong in SINGLE)):
                    continue
                is_settled |= keep(_whole_piece(line, start, segment, raw, chain, model))
                open_chains.append((start, segment, chain))
    if not is_settled:
        for start, segment, chain in open_chains:
            if could_gain(segment, costs[start:], chain, model):
                new = aligned(line, start, segment, chain, model)
                keep(span for span in new if _READ.search(span.after))
    found = [s for s in found if not any(_outdoes(w, s) for w in found)]
    found.sort(key=lambda s: -s.gain)
    return found


def is_most(line: str, span: Span) -> bool:
    """Whether a repair covers most of what is not ASCII in the line."""
    part = line[span.start : span.end]
    return 4 * (len(part) - n_ascii(part)) >= 3 * (len(line) - n_ascii(line))


def _is_utf8(raw: bytes) -> bool:
    """Whether bytes are so much like UTF-8 that no double-byte reading should be tried."""
    good = _UTF8_PART.findall(raw)
    n_high = sum(b >= 0x80 for b in raw)
    leads = {part[0] for part in good if len(part) == 2}  # of one alphabet, which GBK seldom hits
    n_rest = n_high - sum(map(len, good))
    return len(good) >= 4 and len(leads) <= _ALPHABET and 4 * n_rest <= n_high


def is_latin_utf8(line: str) -> bool:
    """Whether all that is narrow in a line is UTF-8 read as Latin-1: ftfy's case, not GBK; or much
    of it, in one alphabet or between as many letters of ASCII (`pokraÄovacÃ\xad` lost a byte).
    """
    runs = _NARROW.findall(line)
    try:
        raws = [encode(run, "windows-1252") for run in runs]
    except UnicodeEncodeError:
        return False
    if not raws or all(map(_ALL_UTF8.fullmatch, raws)):
        return bool(raws)
    n_high, raw = sum(map(len, raws)), b"\n".join(raws)
    is_mostly = 3 * len(_ACCENT.findall(raw)) >= n_high and len(_LETTER.findall(line)) >= n_high
    return is_mostly or _is_utf8(raw)


def _outdoes(large: Span, small: Span) -> bool:
    """Whether a larger repair by the same damage stands for a smaller one inside it."""
    if not (large.start <= small.start and small.end <= large.end):
        return False
    if large.end - large.start <= small.end - small.start:
        return False
    if large.chain == small.chain:
        return small.gain < large.gain + _RATHER_ALL
    # Ř is in cp1250 only: a few such letters tell which of two Latin code pages it was
    is_latin = large.chain[0] in SINGLE and small.chain[0] in SINGLE
    return is_latin and large.chain[1:] == small.chain[1:] and small.gain < large.gain + _ALL_LATIN


def _whole_piece(
    line: str, at: int, segment: str, raw: bytes, chain: tuple[str, str], model: Model
) -> Iterator[Span]:
    """The piece read through the chain from end to end, in one step or two."""
    wrong, right = chain
    if wrong == "cp932" and any(c in twins(wrong) for c in segment):
        for reading in _readings(segment, chain, model)[:2]:
            if _SHOWN.search(reading):
                yield measure(line, at, at + len(segment), reading, chain, model)
        return
    text = whole(raw, right, wrong in SINGLE)
    if text is None or text == segment or "\ufffd" in text:  # 锟斤拷 was lost before
        return
    if _SHOWN.search(text) and _rough(text, model) < price(segment, model):
        span = measure(line, at, at + len(segment), text, chain, model)
        yield span
        if span.gain > _SETTLED and price(text, model) < _WELL * (len(text) - n_ascii(text)):
            return
    if right == "utf-8" and not text.isascii():
        yield from _second_step(line, at, segment, text, chain, model)


def _rough(text: str, model: Model) -> int:
    """A price of a text by its characters alone, without misses for nonsense."""
    return sum(-model.unigram(c) for c in text if c > "\x7f")


def _readings(segment: str, chain: tuple[str, str], model: Model) -> list[str]:
    """Best first, what a piece says when some characters have two byte forms."""
    wrong, right = chain
    forms = twins(wrong)
    pieces = [encode_one(c, wrong) if c > "\x7f" else c.encode() for c in segment]
    seen: dict[str, int] = {}

    def weigh() -> int:
        text = whole(b"".join(pieces), right)
        if text is None:
            return -(1 << 40)
        return seen.setdefault(text, model.score(text))

    best = weigh()
    for _ in range(2):
        for i, c in enumerate(segment):
            for form in forms.get(c, ()):
                old, pieces[i] = pieces[i], form
                value = weigh()
                if value > best:
                    best = value
                else:
                    pieces[i] = old
    return sorted(seen, key=lambda t: -seen[t])


def whole(raw: bytes, right: str, with_nbsp: bool = False) -> str | None:
    """All of `raw` in the right code page, or None; in UTF-8 a lost no-break space is put back."""
    try:
        return decode(raw, right)
    except UnicodeDecodeError:
        if right != "utf-8" or b" " not in raw or not with_nbsp:
            return None
    try:
        return decode(_UTF8_CUT.sub(_restore_nbsp, raw), right)
    except UnicodeDecodeError:
        return None


def _restore_nbsp(m: re.Match[bytes]) -> bytes:
    return m[1] + b"\xa0" + m[2] if m[1] else m[3] + b"\xa0"


def _second_step(
    line: str, at: int, segment: str, text: str, first: tuple[str, str], model: Model
) -> Iterator[Span]:
    is_latin = is_latin_utf8(text)
    for wrong in WRONG:
        try:
            raw = encode(text, wrong)
        except UnicodeEncodeError:
            continue
        for right in RIGHT:
            # ó is in GBK, but is no Chinese
            is_letters = max(text) < "\u2e80" if wrong not in SINGLE else is_latin
            if (wrong, right) in _SAME or (is_letters and right != "utf-8"):
                continue
            again = whole(raw, right, wrong in SINGLE)
            if again and again != text and _HAN.search(again):
                chain = (*first, wrong, right)
                span = measure(line, at, at + len(segment), again, chain, model)
                # what the first step reads may be another language, and all there is to read
                second = measure(text, 0, len(text), again, chain, model)
                if second.gain > 0:
                    yield span._replace(gain=min(span.gain, second.gain))


def is_even(span: Span, model: Model) -> bool:
    """Whether no part of a repaired text reads badly, so that no better cut need be sought."""
    text = span.after
    return all(
        model.score(text[i : i + 6]) > -9 * UNIT * len(text[i : i + 6])
        for i in range(0, len(text), 6)
    )
