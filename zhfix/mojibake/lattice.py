"""The search byte by byte: a path through a piece of text that keeps characters or repairs them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from zhfix.model import UNIT, Model
from zhfix.mojibake.codepages import WRONG, decode_one, encode, encode_one
from zhfix.mojibake.evidence import Span, measure
from zhfix.pattern import pattern

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = ["SINGLE", "aligned", "could_gain", "encodable", "gains", "is_encodable"]

ENTER: Final = 8 * UNIT  # what it costs to begin a repair inside a line; the floor is higher anyway
_NBSP: Final = 3 * UNIT  # a no-break space (byte A0) that became a plain one
_UTF8_HAN: Final = pattern(
    rb"[\xe2-\xef][\x80-\xbf]{2}|[\xe2-\xef][\x80-\xbf]? |\xf0\x9f[\x80-\xbf]{2}"
)
_NARROW: Final = pattern("[\x80-\u2e7f\uf8ff\ufb01\ufb02]")  # what single-byte code pages have
_WORTH: Final = 4 * UNIT  # what a stretch must seem to gain before it is searched byte by byte
SINGLE: Final = frozenset(WRONG[6:])


def is_encodable(line: str, wrong: str) -> bool:
    """Whether the wrong code page has all characters of a line."""
    with suppress(UnicodeEncodeError):
        return bool(encode(line, wrong))
    return False


def encodable(line: str, wrong: str) -> Iterator[tuple[int, int]]:
    """Maximal pieces that the wrong code page has, those without other than ASCII left out."""
    if wrong in SINGLE and not _NARROW.search(line):
        return
    if is_encodable(line, wrong):
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


def could_gain(segment: str, costs: list[int], chain: tuple[str, str], model: Model) -> bool:
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


def gains(part: str, at: int, chain: tuple[str, str], model: Model) -> int:
    """What the best repair by one chain gains in the piece of `part` around an offset, or 0."""
    for start, end in encodable(part, chain[0]):
        if start <= at < end:
            found = aligned(part, start, part[start:end], chain, model)
            return max((span.gain for span in found), default=0)
    return 0


def aligned(
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
        for c, size, price in _reads(raw, p, right, lengths, wrong in SINGLE):
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
        if c not in ("", "\ufffd") and p + size <= len(raw):
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
            if span.gain > 0:
                yield span
        left_repair[p] = False
