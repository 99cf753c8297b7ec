"""Which spans of a line read better through another code page: the search behind `mojibake`.

A chain is (wrong, right): the bytes of `right` were shown as `wrong`. For each chain a path is
sought through the line that keeps characters or repairs them, byte by byte, so that one damaged
field or half a line is found, and ASCII that only stands beside the damage stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from zhfix.model import UNIT, Model
from zhfix.mojibake.codepages import RIGHT, WRONG, decode, decode_one, encode, encode_one, twins

ENTER: Final = 8 * UNIT  # what it costs to begin a repair inside a line; the floor is higher anyway
_EDGE: Final = 4 * UNIT  # a repair that stops beside what is not ASCII is the less likely
_PRIOR: Final = {  # nats by which a wrong code page is rarer than the everyday ones
    name: nats * UNIT
    for name, nats in (
        ("latin-1", 0), ("big5hkscs", 1), ("cp437", 1), ("cp932", 2), ("euc_jp", 4), ("cp949", 4),
        ("cp1250", 6), ("cp1251", 2), ("cp1254", 9), ("koi8_r", 3), ("cp850", 4), ("cp866", 2),
        ("mac_roman", 4), ("cp874", 5),
    )
}  # fmt: skip
_RATHER_ALL: Final = 12 * UNIT  # damage seldom stops half way: what leaving some of it must gain
_POOR, _POOR_START = 9 * UNIT, 14 * UNIT  # a dearer result is damage itself
_NEW_ASCII: Final = 5 * UNIT  # 菴婪 is not 佛Y: half a character as a letter
_SETTLED: Final = 20 * UNIT  # evidence after which no other cut is sought
_STEP: Final = 8 * UNIT  # a second wrong step
_NEVER: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\U000f0000-\U0010ffff]")
_FOREIGN: Final = 3 * UNIT  # what is not Chinese in a result: いゅて粂 is damage itself
_FOREIGN_SEEN: Final = re.compile("[^\0-\x7f\u3400-\u9fff\u2010-\u2026\u3000-\u3020\uff01-\uff5e·]")
_NBSP: Final = 3 * UNIT  # a no-break space (byte A0) that became a plain one
_HAN: Final = re.compile("[\u3400-\u9fff]")
_SHOWN: Final = re.compile("[\u3400-\u9fff“”‘’—…，。、！？：；（）《》「」【】]")
_UTF8_HAN: Final = re.compile(rb"[\xe2-\xef][\x80-\xbf]{2}|[\xe2-\xef][\x80-\xbf]? ")
_UTF8_ANY: Final = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe2-\xef][\x80-\xbf]{2}|[\xe2-\xef][\x80-\xbf]? "
)
_UTF8_PART: Final = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe2-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_UTF8_CUT: Final = re.compile(rb"([\xe2-\xef]) ([\x80-\xbf])|([\xe2-\xef][\x80-\xbf]) ")
_SAME: Final = {("cp950", "big5"), ("big5hkscs", "big5"), ("cp936", "gb18030")}
_SINGLE: Final = frozenset(WRONG[6:])
_LEAST: Final = 12 * UNIT  # a piece that costs less than this cannot gain what a repair needs
_WORTH: Final = 4 * UNIT  # what a stretch must seem to gain before it is searched byte by byte


class Span(NamedTuple):
    """A repair of `start:end` of a line: the text after it, its evidence and how it was found."""

    start: int
    end: int
    after: str
    gain: int  # score after minus score before, 1/16 nat
    chain: tuple[str, ...]  # wrong, right, and again for a second step
    n_guesses: int = 0


def spans(line: str, model: Model, first: tuple[str, ...] = ()) -> list[Span]:
    """Every repair of `line` that gains anything, best first; they may overlap.

    `first` is the chain of the line before: when it settles this one too, no other is tried.

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
            key = (span.start, span.end, span.after)
            if span.gain > 0 and key not in seen:
                seen.add(key)
                found.append(span)
                is_good |= span.gain > _SETTLED and _is_most(line, span) and _is_even(span, model)
        return is_good

    costs = [
        -model.step(line[max(0, i - 2) : i], c) if c > "\x7f" else 0 for i, c in enumerate(line)
    ]
    if len(first) == 2 and _encodable_whole(line, first[0]):
        keep(_whole_piece(line, 0, line, encode(line, first[0]), (first[0], first[1]), model))
        if any(s.gain > _SETTLED and _is_most(line, s) for s in found):
            return found
    for wrong in WRONG:
        for start, end in _encodable(line, wrong):
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
                if right != "utf-8" and _is_utf8(raw):
                    continue
                is_settled |= keep(_whole_piece(line, start, segment, raw, chain, model))
                open_chains.append((start, segment, chain))
    if not is_settled:
        for start, segment, chain in open_chains:
            if _could_gain(segment, costs[start:], chain, model):
                keep(_aligned(line, start, segment, chain, model))
    found = [s for s in found if not any(_outdoes(w, s) for w in found)]
    found.sort(key=lambda s: -s.gain)
    return found


def _is_most(line: str, span: Span) -> bool:
    """Whether a repair covers most of what is not ASCII in the line."""
    part = line[span.start : span.end]
    return 4 * (len(part) - _n_ascii(part)) >= 3 * (len(line) - _n_ascii(line))


def _is_utf8(raw: bytes) -> bool:
    """Whether bytes are so much like UTF-8 that no double-byte reading should be tried."""
    good = _UTF8_PART.findall(raw)
    rest = len(raw) - sum(map(len, good)) - sum(b < 0x80 for b in raw)
    return len(good) >= 4 and 4 * rest <= len(raw)


def _outdoes(large: Span, small: Span) -> bool:
    """Whether a larger repair by the same chain stands for a smaller one inside it."""
    return (
        large.chain == small.chain
        and large.start <= small.start
        and small.end <= large.end
        and large.end - large.start > small.end - small.start
        and small.gain < large.gain + _RATHER_ALL
    )


def _encodable_whole(line: str, wrong: str) -> bool:
    with suppress(UnicodeEncodeError):
        return bool(encode(line, wrong))
    return False


def _encodable(line: str, wrong: str) -> Iterator[tuple[int, int]]:
    """Maximal pieces that the wrong code page has, those without other than ASCII left out."""
    if _encodable_whole(line, wrong):
        yield 0, len(line)
        return
    start = -1
    for i, c in enumerate(line):
        if c < "\x80" or encode_one(c, wrong):
            if start < 0:
                start = i
        elif start >= 0:
            if not line[start:i].isascii():
                yield start, i
            start = -1
    if start >= 0 and not line[start:].isascii():
        yield start, len(line)


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
    text = whole(raw, right, wrong in _SINGLE)
    if text is None or text == segment:
        return
    if right == "utf-8" and not text.isascii():
        yield from _second_step(line, at, segment, text, chain, model)
    if _SHOWN.search(text) and _rough(text, model) < _price(segment, model):
        yield measure(line, at, at + len(segment), text, chain, model)


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
    for wrong in WRONG:
        try:
            raw = encode(text, wrong)
        except UnicodeEncodeError:
            continue
        for right in RIGHT:
            if (wrong, right) in _SAME:
                continue
            again = whole(raw, right, wrong in _SINGLE)
            if again and again != text and _HAN.search(again):
                chain = (*first, wrong, right)
                span = measure(line, at, at + len(segment), again, chain, model)
                if span.gain > 0:
                    yield span


def measure(
    line: str, start: int, end: int, after: str, chain: tuple[str, ...], model: Model
) -> Span:
    """The span without the ASCII that both sides share, and what the line gains by it."""
    while start < end and after and line[start] == after[0]:
        start, after = start + 1, after[1:]
    while end > start and after and line[end - 1] == after[-1]:
        end, after = end - 1, after[:-1]
    left, right = line[max(0, start - 2) : start], line[end : end + 2]
    gain = model.score(left + after + right) - model.score(left + line[start:end] + right)
    gain -= sum(_PRIOR.get(w, 0) for w in chain) + _STEP * (len(chain) > 2)
    if chain[-1] != "utf-8":
        gain -= _FOREIGN * len(_FOREIGN_SEEN.findall(after))
    n_others = len(after) - _n_ascii(after)
    price = _price(after, model)
    if price > _POOR * n_others + _POOR_START or _NEVER.search(after):
        gain = min(gain, 0)
    gain -= _NEW_ASCII * max(0, _n_ascii(after) - _n_ascii(line[start:end]))
    gain -= _EDGE * ((left[-1:] > "\x7f") + (right[:1] > "\x7f"))
    return Span(start, end, after, gain, chain)


def _price(text: str, model: Model) -> int:
    return -sum(model.step(text[max(0, i - 2) : i], c) for i, c in enumerate(text) if c > "\x7f")


def _n_ascii(text: str) -> int:
    return sum(c < "\x80" for c in text)


def _is_even(span: Span, model: Model) -> bool:
    """Whether no part of a repaired text reads badly, so that no better cut need be sought."""
    text = span.after
    return all(
        model.score(text[i : i + 6]) > -9 * UNIT * len(text[i : i + 6])
        for i in range(0, len(text), 6)
    )


def _could_gain(segment: str, costs: list[int], chain: tuple[str, str], model: Model) -> bool:
    """Whether some stretch may read better: a cheap look before the search byte by byte."""
    wrong, right = chain
    raw = encode(segment, wrong)
    if right == "utf-8":
        return bool(_UTF8_HAN.search(raw))
    shown = raw.decode("gbk" if right == "gb18030" else "big5hkscs", "replace")
    saved = [0] * (len(raw) + 1)  # by byte: what the piece costs as it is
    p = 0
    for c, cost in zip(segment, costs, strict=False):
        saved[p] = cost
        p += len(encode_one(c, wrong)) if cost else 1
    run = p = 0
    for c in shown:
        size = 1 if c < "\x80" or c == "\ufffd" else 2
        cost = -model.unigram(c) if c > "\x7f" else 0  # steps of nonsense would all be misses
        run = max(0, run + sum(saved[p : p + size]) - cost)
        if run >= _WORTH:
            return True
        p += size
    return False


def _aligned(
    line: str, at: int, segment: str, chain: tuple[str, str], model: Model
) -> Iterator[Span]:
    """Viterbi over bytes: keep a character, or read one character of the right code page."""
    wrong, right = chain
    pieces = [encode_one(c, wrong) if c > "\x7f" else c.encode() for c in segment]
    raw = b"".join(pieces)
    n = len(raw)
    owner: list[int] = [-1] * (n + 1)
    p = 0
    for k, piece in enumerate(pieces):
        owner[p] = k
        p += len(piece)
    owner[n] = len(segment)
    low = -(1 << 40)
    keep, repair = [low] * (n + 1), [low] * (n + 1)
    keep_tail, repair_tail = [""] * (n + 1), [""] * (n + 1)
    left_repair = [False] * (n + 1)  # keep[p] was reached by leaving a repair at p
    back: list[tuple[int, str]] = [(-1, "")] * (n + 1)  # -1: the repair began here
    keep[0], keep_tail[0] = 0, line[max(0, at - 2) : at]
    step = model.step
    lengths = (1, 3, 2, 4) if right == "utf-8" else (1, 2)
    for p in range(n + 1):
        k = owner[p]
        if k >= 0:
            if repair[p] > keep[p]:
                keep[p], keep_tail[p], left_repair[p] = repair[p], repair_tail[p], True
            elif keep[p] - ENTER > repair[p]:
                repair[p], repair_tail[p], back[p] = keep[p] - ENTER, keep_tail[p], (-1, "")
            if p < n and keep[p] > low:
                c = segment[k]
                q = p + len(pieces[k])
                value = keep[p] + step(keep_tail[p], c)
                if value > keep[q]:
                    keep[q], keep_tail[q] = value, keep_tail[p][-1:] + c
        if p == n or repair[p] == low:
            continue
        for c, size, price in _reads(raw, p, right, lengths, wrong in _SINGLE):
            q = p + size
            value = repair[p] + step(repair_tail[p], c) - price
            if value > repair[q]:
                repair[q], repair_tail[q], back[q] = value, repair_tail[p][-1:] + c, (p, c)
    yield from _walk(line, at, segment, pieces, owner, left_repair, back, chain, model)


def _reads(
    raw: bytes, p: int, right: str, lengths: tuple[int, ...], with_nbsp: bool
) -> Iterator[tuple[str, int, int]]:
    """Characters of the right code page that can begin at byte `p`: (character, bytes, price)."""
    if raw[p] < 0x80:
        yield chr(raw[p]), 1, 0
        return
    for size in lengths[1:]:
        c = decode_one(raw[p : p + size], right)
        if c and p + size <= len(raw):
            yield c, size, 0
            return
    if with_nbsp and right == "utf-8" and b" " in raw[p + 1 : p + 3] and p + 3 <= len(raw):
        c = decode_one(raw[p : p + 3].replace(b" ", b"\xa0"), right)
        if c:
            yield c, 3, _NBSP


def _walk(
    line: str, at: int, segment: str, pieces: list[bytes], owner: list[int],
    left_repair: list[bool], back: list[tuple[int, str]], chain: tuple[str, str], model: Model,
) -> Iterator[Span]:  # fmt: skip
    p = len(owner) - 1
    while p > 0:
        if not left_repair[p]:
            p -= len(pieces[owner[p] - 1])
            continue
        end = p
        out: list[str] = []
        while back[p][0] >= 0:
            out.append(back[p][1])
            p = back[p][0]
        if p < end:
            text = "".join(reversed(out))
            span = measure(line, at + owner[p], at + owner[end], text, chain, model)
            if span.gain > 0 and _HAN.search(span.after):
                yield span
        left_repair[p] = False
