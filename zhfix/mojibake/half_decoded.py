"""GBK read as Latin-1 in which pairs were then taken for UTF-8: what ftfy makes of mojibake that it
does not know (`ÄãÃÇ¿¼ÂÇ¹ý` becomes `ÄãÃÇ¿¼Âǹý`), and decoders that fall back byte by byte.

Crawls are full of it, since pipelines run ftfy over every page. Each letter may be the one byte
that windows-1252 shows or the bytes that UTF-8 has of it: ù is F9 or C3 B9, ǹ is C7 B9 only; and
what was taken for UTF-8 once may have been taken for it again. A beam search over the choices is
scored by the model. Source: ftfy 6.3.1: decode_inconsistent_utf8, fix_latin_ligatures,
uncurl_quotes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from zhfix.model import UNIT, Model
from zhfix.mojibake.codepages import decode_one, encode_one
from zhfix.mojibake.evidence import Span, measure
from zhfix.mojibake.gaps import MARK
from zhfix.named import NamedTuple
from zhfix.pattern import pattern

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = ["WRONG", "Reading", "has_trace", "is_whole", "likeliest", "may_be", "reading"]

WRONG: Final = "windows-1252 and UTF-8"  # the code page that a chain of this kind names
_CLEAR: Final = 30 * UNIT  # evidence after which no other code page is tried
_BEAM: Final = 6
_KEPT: Final = 8 * UNIT  # the price of a letter that is one
_SIGN: Final = UNIT  # the same for a sign that good Chinese text has as well
_SIGNS: Final = "“”‘’—…"
# a word, between blanks, controls and what is not seen; and what parts words of markup
_WORD: Final = pattern(
    "[^\\x00-\\x20\x82-\x8c\x8e\x91-\x9c\x9e\x9f\u2000-\u200f\u2028-\u202f\u205f-\u206f\uffff]+"
)
_MARKUP: Final = pattern("(?=[!-~]*(?:[<>=]|(?:[\"'][,:;]){1,2}[\"']))[!-~]{3,}")
# what bytes begin and end with; common accents that stand alone are none of GB2312
_CORE: Final = pattern(
    "[\u2e80-\uffee]?[\xa1-\u02ff\u0321-\u033f\u0361-\u2e7f](?:.*[\xa1-\u2e7f])?[\u2e80-\uffee]?"
)
_LETTER: Final = pattern("[\x80-\u2e7f]")
_PAIRED: Final = pattern("[\x80-\u2e7f]{2}")
_SILENT: Final = MARK + "\xa0\xad"  # what tells nothing of what stands beside it
_SMALL: Final = pattern("[\xdf-\u2e7f]")
_ASCII_LETTER: Final = pattern("[A-Za-z]")
_FOREIGN: Final = 0.4  # share of ASCII letters from which a word is another language's
_ORPHAN: Final = 16 * UNIT  # and of a byte that belongs to no character
_CUT: Final = 10 * UNIT  # the same at the end of a line, where blanks are stripped
_GONE: Final = 5 * UNIT  # and that of a byte that vanished
_LIGATURE: Final = 2 * UNIT  # a character that another step changed
_SHORT: Final = 24  # characters up to which every reading is kept apart, to tell how sure one is
_KNOWN: Final = 12  # characters read for each that is lost
_RIGHT: Final = ("gb18030", "big5")
_LETTERS: Final = pattern("[\x80-\u2e7f]{3}")
# what UTF-8 has of two bytes and windows-1252 has not; and what would be such a pair
_DECODED: Final = pattern("[\u0100-\u07ff](?<![ŒœŠšŸŽžƒˆ˜])")
_PAIR: Final = pattern("[\xc2-\xdf][\xa1-\xbf]")
_PAIRS: Final = 9  # letters for each pair in a line of which some were taken: one in three is one
_C1: Final = 3 * UNIT  # a byte that GB2312 does not use
_LEFT: Final = 6 * UNIT  # a sign that it did not, beside letters
_AGAIN: Final = 2 * UNIT  # taken for UTF-8 twice
_OTHER: Final = 3 * UNIT  # taken for UTF-8 in a code page that is not windows-1252
_SPLIT: Final = {  # how ftfy writes these characters
    text: char
    for char, text in (
        ("Ĳ", "IJ"), ("ĳ", "ij"), ("ŉ", "ʼn"), ("Ǆ", "DŽ"), ("ǅ", "Dž"), ("ǆ", "dž"), ("Ǉ", "LJ"),
        ("ǈ", "Lj"), ("ǉ", "lj"), ("Ǌ", "NJ"), ("ǋ", "Nj"), ("ǌ", "nj"), ("Ǳ", "DZ"), ("ǲ", "Dz"),
        ("ǳ", "dz"),
    )
}  # fmt: skip
# characters that other steps of it change: quotation marks made straight, and the canonical forms
_CHANGED: Final = {"'": "ʼ‘’‚", '"': "“”„", "ʹ": "\u0374", ";": "\u037e"}
_STRAIGHT: Final = "'\""
_BLANKS: Final = {"\xa0": b"\xc2 ", "à": b"\xc3"}  # Â and Ã before a blank, with the blank or not
_LATIN: Final = pattern("[\xa0-\xff]")
_OTHERS: Final = pattern("[\u0100-\u2e7f]")
_UTF8: Final = pattern("[ã-é]")  # E3 to E9: one byte in three in UTF-8
_TRACE: Final = pattern(
    f"(?:{'|'.join(_SPLIT)}|['\"])(?=[\x80-\u2e7f])|(?<=[\x80-\u2e7f])(?:{'|'.join(_SPLIT)}|['\"])"
)
# the code pages that it tries on a piece
_TRIED: Final = (
    "cp1252",
    "mac_roman",
    "cp437",
    "cp1250",
    "cp1253",
    "cp1257",
    "cp1251",
    "iso8859_2",
)
_MOST: Final = 10  # choices for a character


class _Path(NamedTuple):
    """One way to read what stands before a place."""

    score: int
    pending: int  # the lead byte of a character that is not complete, or -1
    tail: str  # the last two characters, or all of a short line
    n_lost: int
    came: _Path | None  # how the characters before the last ones were read
    wrote: str  # the last ones

    @property
    def text(self) -> str:
        """All that was read so far."""
        parts: list[str] = []
        path: _Path | None = self
        while path is not None:
            parts.append(path.wrote)
            path = path.came
        return "".join(reversed(parts))


class Reading(NamedTuple):
    """A repair, and what the next best reading of a short line gains; 0 where it is not known."""

    span: Span
    rival: int


_Paths = dict[tuple[int, str], _Path]  # by state: of those that end alike the best one goes on


def may_be(line: str) -> bool:
    """Whether a line has three letters and signs side by side, as bytes of Chinese stand, most of
    its letters are of Latin-1, and few are such as begin Chinese in UTF-8.

    >>> may_be("ÄãÃÇ¿¼Âǹý"), may_be("café"), may_be("Съешь ещё"), may_be("å‹‡è€…")
    (True, False, False, False)
    """
    if _LETTERS.search(line) is None:
        return False
    n_latin, n_others = len(_LATIN.findall(line)), len(_OTHERS.findall(line))
    if n_others > 2 * n_latin:
        return False
    return 4 * len(_UTF8.findall(line)) < n_latin + n_others


def has_trace(line: str) -> bool:
    """Whether ASCII that ftfy may have written stands beside letters.

    >>> has_trace("´ÓijÖÖ"), has_trace("´Ó ij")
    (True, False)
    """
    return _TRACE.search(line) is not None


def is_whole(line: str) -> bool:
    """Whether a line of GBK shows that nothing decoded it again: it has no letter and no ASCII of a
    second decoding, and more than a few of the pairs that one would have taken.

    >>> is_whole("ÄãÃÇ¿¼Âǹý"), is_whole("ÄãÃÇ¿¼ÂÇ¹ýÎª²úÆ·×ö°²È«ÈÏÖ¤Âð")
    (False, True)
    """
    if _DECODED.search(line) or has_trace(line):
        return False
    n_letters = sum(char > "\x7f" for char in line)
    return len(_PAIR.findall(line)) > max(1, n_letters // _PAIRS)


def likeliest(run: str) -> bytes:
    """The likeliest bytes of a run of letters, each by itself: enough for a first look.

    >>> likeliest("¿¼ÂǹýΪ").decode("gbk")
    '考虑过为'
    """
    return b"".join(_sources(char)[0][0] for char in run)


def reading(line: str, model: Model, right: str = "") -> Reading | None:
    """The repair of a line from end to end, or None where none gains anything.

    >>> from zhfix.model import load
    >>> reading("ÄãÃÇ¿¼ÂǹýΪ²úÆ·×ö°²È«ÈÏÖ¤Âð", load()).span.after
    '你们考虑过为产品做安全认证吗'
    """
    best: Reading | None = None
    for name in (right,) if right else _RIGHT:
        made = _read(line, name, model)
        if made is not None and (best is None or made.span.gain > best.span.gain):
            best = made
        if best is not None and best.span.gain > _CLEAR:
            break
    return best


def _runs(line: str) -> list[range]:
    """Where the bytes of Chinese may stand in a line: from the first letter of a word to the last,
    where there are three, two of them side by side, or just two that are capitals or signs, or
    that no ASCII letter touches; from any letter on in a line without ASCII letters.
    Words of other languages, markup, and quotation marks in pairs around a run are none of it.

    >>> line = '<i x="y">Größe été ÄãÃÇ</i>'
    >>> [line[run.start : run.stop] for run in _runs(line)]
    ['ÄãÃÇ']
    """
    cores = []
    is_bare = not _ASCII_LETTER.search(line)
    for word in _WORD.finditer(line):
        start = word.start()
        ends = [cut.span() for cut in _MARKUP.finditer(line, *word.span())]
        for end, after in (*ends, (word.end(), word.end())):
            core = _CORE.search(line, start, end)
            if core is not None and (is_bare or _is_run(line, *core.span())):
                cores.append(core.span())
            start = after
    counts = {mark: line.count(mark) for mark in _STRAIGHT}
    for start, end in cores:
        for mark in _STRAIGHT:
            counts[mark] -= line.count(mark, start, end)
    singles = "".join(mark for mark in _STRAIGHT if counts[mark] % 2)
    return [_widened(line, start, end, singles) for start, end in cores]


def _is_run(line: str, start: int, end: int) -> bool:
    """Whether what stands between two letters may be bytes of Chinese."""
    core = line[start:end]
    if not _PAIRED.search(core):
        return False
    n_ascii, n_letters = len(_ASCII_LETTER.findall(core)), len(_LETTER.findall(core))
    if n_letters == 2:
        around = line[max(0, start - 1) : start] + line[end : end + 1]
        return not (n_ascii or (_ASCII_LETTER.search(around) and _SMALL.search(core)))
    return n_ascii < _FOREIGN * len(core)


def _widened(line: str, start: int, end: int, singles: str) -> range:
    """A run with the ASCII beside it that may be bytes: what ftfy writes for a letter, a quotation
    mark of those that are in no pairs, and the second byte of a character.
    """
    before = line[max(0, start - 2) : start]
    if before in _SPLIT:
        start -= 2
    elif before[-1:] and before[-1] in singles:
        start -= 1
    elif before[:-1] and before[0] in singles and "@" <= before[1] <= "~":
        start -= 2
    if line[end : end + 2] in _SPLIT:
        end += 2
    elif end < len(line) and line[end] in singles:
        end += 1
    return range(start, end + ("@" <= line[end : end + 1] <= "~"))


def _read(line: str, right: str, model: Model) -> Reading | None:
    kept = _SHORT if len(line) <= _SHORT else 2
    places: list[_Paths] = [{} for _ in range(len(line) + 2)]
    places[0][-1, ""] = _Path(0, -1, "", 0, None, "")
    within = {i for run in _runs(line) for i in run}
    for i, char in enumerate(line):
        paths, places[i] = places[i], {}
        options = list(_options(line, i)) if i in within else []
        for path in _best(paths):
            if not options:  # what stands here is none of the bytes
                is_cut = path.pending >= 0
                score, chars = path.score - _CUT * is_cut, MARK * is_cut + char
                _reach(places[i + 1], path, score, chars, -1, int(is_cut), model, kept)
                continue
            moves = [
                (size, price, _move(path.pending, data, right)) for size, data, price in options
            ]
            if path.pending >= 0:  # a soft hyphen, which is gone on any copy, may have stood here
                moves += [
                    (size, price + _GONE, _move(path.pending, b"\xad" + data, right))
                    for size, data, price in options
                ]
            fewest = min((lost for _, _, (_, _, lost) in moves), default=0)
            for size, price, (chars, pending, n_lost) in moves:
                if n_lost == fewest:  # a byte is lost only where every choice loses one
                    score = path.score - price - _ORPHAN * n_lost
                    _reach(places[i + size], path, score, chars, pending, n_lost, model, kept)
            if path.pending < 0 and char > "\x7f":
                _reach(places[i + 1], path, path.score - _kept(char), char, -1, 0, model, kept)
    ends = [
        path if path.pending < 0 else path._replace(score=path.score - _CUT, n_lost=path.n_lost + 1)
        for path in places[len(line)].values()
    ]
    ends.sort(key=lambda path: -path.score)
    if not ends:
        return None
    best = ends[0]
    text = best.text + MARK * (best.pending >= 0)
    n_read = sum(c > "\x7f" for c in text) - best.n_lost
    if text == line or best.n_lost * _KNOWN > n_read:
        return None
    span = measure(line, 0, len(line), text, (WRONG, right), model)
    if span.gain <= 0:
        return None
    is_known = kept > 2 and len(ends) > 1
    rival = span.gain - (best.score - ends[1].score) if is_known else 0
    return Reading(span._replace(n_marks=best.n_lost), max(0, rival))


def _best(paths: _Paths) -> list[_Path]:
    return sorted(paths.values(), key=lambda path: -path.score)[:_BEAM]


def _reach(
    paths: _Paths,
    path: _Path,
    score: int,
    chars: str,
    pending: int,
    n_lost: int,
    model: Model,
    kept: int,
) -> None:
    """Add the path with some more characters, if it is the best one of its state."""
    tail = path.tail
    for char in chars:
        if char not in _SILENT:
            score += model.step(tail[-2:], char)
        tail = (tail + char)[-kept:]
    known = paths.get((pending, tail))
    if known is None or score > known.score:
        paths[pending, tail] = _Path(score, pending, tail, path.n_lost + n_lost, path, chars)


@lru_cache(1 << 13)
def _move(pending: int, data: bytes, right: str) -> tuple[str, int, int]:
    """What bytes complete behind a lead byte, what they leave, and how many belong to nothing."""
    chars, n_lost = "", 0
    for byte in data:
        if pending >= 0:
            char = decode_one(bytes((pending, byte)), right)
            if char:
                chars, pending = chars + char, -1
                continue
            chars, pending, n_lost = chars + MARK, -1, n_lost + 1
        if byte < 0x80:
            chars += chr(byte)
        else:
            pending = byte
    return chars, pending, n_lost


def _kept(char: str) -> int:
    """The price of a character that is one and no bytes."""
    if char in _SIGNS:
        return _SIGN
    return _KEPT if char <= "\xff" or char >= "\u2e80" else 2 * _KEPT


def _options(line: str, i: int) -> Iterator[tuple[int, bytes, int]]:
    """What the character at `i` may be: how many characters, their bytes, a price."""
    char = line[i]
    pair = line[i : i + 2]
    if pair in _SPLIT:
        for data, price in _sources(_SPLIT[pair]):
            yield 2, data, price
    for form in _CHANGED.get(char, ""):
        for data, price in _sources(form):
            yield 1, data, price + _LIGATURE
    if char in _BLANKS and (char != "à" or pair == "à "):
        yield 1, _BLANKS[char], _LIGATURE
    is_doubtful = (pair in _SPLIT or char in "'\"") and not line[max(0, i - 1) : i + 3].isascii()
    for data, price in _sources(char):
        yield 1, data, price + (_LEFT if is_doubtful else 0)


@lru_cache(1 << 11)
def _sources(char: str, depth: int = 2) -> tuple[tuple[bytes, int], ...]:
    """The bytes that a character may be, with prices: what windows-1252 shows as it, or what UTF-8
    has of it, each of them again such a character.
    """
    if char < "\x80":
        return ((char.encode(), 0),)
    one = encode_one(char, "windows-1252")
    out = {one: _C1 * (one == b"\xa0")} if one else {}
    if depth and not "\ud800" <= char <= "\udfff":
        for form in {char, one.decode("latin-1")} if one else {char}:
            data = form.encode()
            # what windows-1252 shows is hardly ever the end of two steps
            for name in _TRIED[: 1 if one else None]:
                price = _AGAIN * (depth < 2) + _OTHER * (name != "cp1252")
                price += _C1 * any(0x80 <= byte <= 0xA0 for byte in data)
                for made, more in _products(data, name, 0 if one else depth - 1):
                    out[made] = min(price + more, out.get(made, price + more))
            if data[-1] == 0xA0 and not one:  # ftfy reads a blank as a no-break space, there
                out[data[:-1] + b" "] = _LIGATURE
    return tuple(sorted(out.items(), key=lambda pair: (pair[1], len(pair[0]), pair[0]))[:_MOST])


def _products(data: bytes, name: str, depth: int) -> Iterator[tuple[bytes, int]]:
    """Bytes as a code page shows them, each character by its own sources."""
    if name == "cp1252":  # as windows-1252 has it, with controls in its holes
        shown = "".join(decode_one(bytes((byte,)), "windows-1252") for byte in data)
    else:
        shown = data.decode(name, "replace")
    for chosen in product(*(_sources(char, depth) for char in shown)):
        yield b"".join(part for part, _ in chosen), sum(price for _, price in chosen)
