"""Bytes of unknown encoding to text: every plausible reading weighed by the model.

Errors are counted, not fatal: a cut first or last character or one bad byte costs what it costs and
the rest of the text still speaks. A declared charset is a hint, and means what browsers mean by it.
"""

from __future__ import annotations

import codecs
import math
import re
import threading
from collections.abc import Iterator
from functools import cache

from zhfix.codec_names import codec_name
from zhfix.model import UNIT, Model, load
from zhfix.mojibake.codepages import decode as decode_strict
from zhfix.mojibake.seven_bit import seven_bit
from zhfix.named import NamedTuple

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = ["Decoded", "decode", "rank", "read"]

_SAMPLE: Final = 6000  # bytes that are weighed; of a longer text, the parts that are not ASCII
_PART: Final = 2000
_FIRST: Final = 480  # bytes that settle it nearly always
_CLEAR: Final = 40 * UNIT  # a lead after which no more is read
_ERROR: Final = 12 * UNIT  # one bad byte or character
_EDGE_ERROR: Final = 6 * UNIT  # the same where a cut is to be expected
_RARE_BYTES: Final = 6 * UNIT  # characters no model knows: their bytes tell the encoding instead
_RARE: Final = {
    "gb18030": re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]|\xfe[\x50-\xa0]"),
    "big5": re.compile(rb"[\x87-\xa0][\x40-\x7e\xa1-\xfe]"),
}
_RUNS: Final = re.compile(rb"[\x80-\xff]+")
_OTHER_LETTERS: Final = ("cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "cp874")
_NO_WORD: Final = 5 * UNIT // 2  # è in Italian is no Cyrillic, which comes in words
_ALONE: Final = {
    "gb18030": 4 * UNIT,
    "big5": 3 * UNIT // 2,
}  # lead bytes before ASCII, and no other
_FEW: Final = 3
_BETWEEN: Final = re.compile("(?<=[A-Za-z])[\u3040-\u30ff\u3400-\u9fff\ufffd](?=[A-Za-z ])")
_IN_A_WORD: Final = 5 * UNIT  # nor is it a Chinese character inside a word
_NONE: Final = re.compile(rb"\Z.")
_HINT: Final = 6 * UNIT  # what a declaration or chardet's word is worth
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_PRIOR: Final = {  # what an encoding costs before a byte is seen: the Chinese prior
    "utf-8": 0, "gb18030": 2 * UNIT, "big5": 3 * UNIT, "utf-16-le": 4 * UNIT, "utf-16-be": 5 * UNIT,
    "euc-tw": 9 * UNIT, "cp932": 7 * UNIT, "euc_jp": 7 * UNIT, "cp949": 8 * UNIT,
    "windows-1252": 7 * UNIT, "cp1251": 8 * UNIT, "koi8_r": 8 * UNIT, "cp1250": 9 * UNIT,
    "cp1253": 9 * UNIT, "cp1254": 9 * UNIT, "cp1255": 9 * UNIT, "cp1256": 9 * UNIT,
    "cp874": 9 * UNIT,
}  # fmt: skip
_MEANS: Final = {  # what a label means in the wild
    "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030", "936": "gb18030",
    "gb_2312-80": "gb18030", "gb18030-2000": "gb18030", "euc-cn": "gb18030", "hz": "hz",
    "hz-gb-2312": "hz", "big5": "big5", "big5-hkscs": "big5", "cp950": "big5", "x-x-big5": "big5",
    "big5hkscs": "big5", "950": "big5", "shift_jis": "cp932", "sjis": "cp932", "cp932": "cp932",
    "windows-31j": "cp932", "euc-jp": "euc_jp", "euc_jp": "euc_jp", "euc-kr": "cp949",
    "euc_kr": "cp949", "cp949": "cp949", "iso-8859-1": "windows-1252", "latin-1": "windows-1252",
    "latin1": "windows-1252", "cp1252": "windows-1252", "windows-1252": "windows-1252",
    "windows-1251": "cp1251", "cp1251": "cp1251", "windows-1250": "cp1250", "koi8-r": "koi8_r",
    "windows-1253": "cp1253", "iso-8859-7": "cp1253", "windows-1254": "cp1254",
    "iso-8859-9": "cp1254", "windows-1255": "cp1255", "windows-1256": "cp1256",
    "windows-874": "cp874", "tis-620": "cp874", "iso-8859-11": "cp874",
    "utf8": "utf-8", "utf-8": "utf-8", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "utf-16": "utf-16", "euc-tw": "euc-tw", "iso-2022-cn": "iso-2022-cn", "utf-7": "utf-7",
}  # fmt: skip
_DECLARED: Final = re.compile(
    rb"""(?:charset|encoding)\s*=\s*["']?([A-Za-z0-9_.:-]{3,20})|-\*-.*?coding:\s*([\w-]+)""", re.I
)
_CODEC: Final = {"gb18030": "gb18030", "big5": "big5hkscs", "windows-1252": "cp1252"}
_DOUBLE: Final = ("gb18030", "big5")
_LEAN: Final = 11 * UNIT  # by which dropping a second byte must read better
_AHEAD: Final = 40  # bytes that tell where characters begin after a bad one
_REALIGN: Final = 200  # bad bytes after which nothing is sought any more
_UTF8: Final = re.compile(rb"[\xe2-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CUT_START: Final = re.compile(rb"[\x80-\xbf]{1,3}(?![\x80-\xbf])")
_CUT_END: Final = re.compile(
    rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z"
)
_ENOUGH: Final = 6


# what a label means in practice: pages that say gb2312 use all of GB18030, those that say big5 use
# the Hong Kong additions; text encodings of Python's that no file is in


class Decoded(NamedTuple):
    """Text of some bytes, the encoding it was read in, how sure that is, and what was bad.

    `errors` holds the offsets in the bytes of what could not be read; U+FFFD stands in the text.
    """

    text: str
    encoding: str
    confidence: float
    errors: tuple[int, ...]


def decode(data: bytes, *, hint: str | None = None) -> Decoded:
    """`data` as text; never fails on bytes, at worst with errors and a low confidence.

    Args:
        hint: a declared charset ("gb2312"); believed as far as the bytes allow.

    Raises: DecodeError when `hint` is no encoding; TypeError for anything but bytes.

    >>> decode("你好，世界".encode("gbk")).encoding
    'gb18030'
    """
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError(f"decode takes bytes, not {type(data).__name__}")
    data = bytes(data)
    if hint is not None:
        if not isinstance(hint, str):
            raise TypeError(f"hint is the name of an encoding, not {type(hint).__name__}")
        codec_name(_label(hint) if _label(hint) in _PRIOR else hint)  # an unknown name is an error
    for bom, name in _BOMS:
        if data.startswith(bom):
            text, errors = read(data, name)
            return Decoded(text, name, 1.0, errors)
    plain = seven_bit(data, load())
    if plain is not None:
        return Decoded(*plain, ())
    special = _plain_utf8(data)
    if special is not None:
        return special
    ranked = rank(data, hint=hint)
    name, score = ranked[0]
    lead = (score - ranked[1][1]) / UNIT if len(ranked) > 1 else 30.0
    confidence = round(1 / (1 + math.exp(-max(-30.0, min(30.0, lead)))), 4)
    if name != "utf-8" and (mixed := _by_line(data, name)) is not None:
        return mixed
    text, errors = read(data, name)
    return Decoded(text, name, confidence, errors)


def rank(data: bytes, *, hint: str | None = None) -> list[tuple[str, int]]:
    """Encodings with their scores in 1/16 nat, best first.

    >>> rank("中文".encode("big5"))[0][0]
    'big5'
    """
    model = load()
    sample = _sample(data)
    hints = {_label(h) for h in (hint, _declaration(data)) if h}
    out: list[tuple[str, int]] = []
    names = list(_PRIOR)
    for part in (sample[:_FIRST], sample):
        out = []
        for name in names:
            score = _weigh(part, name, model)
            if score is not None:
                out.append((name, score - _PRIOR[name] + (_HINT if name in hints else 0)))
        out.sort(key=lambda pair: -pair[1])
        if len(part) == len(sample) or (len(out) > 1 and out[0][1] - out[1][1] > _CLEAR):
            break
        names = [name for name, _ in out[:4]] or names  # the rest of the sample tells these apart
    if len(out) > 1 and out[0][1] - out[1][1] < 2 * _HINT:  # close: ask for a second opinion
        guess = _label(_chardet(sample) or "")
        out = [(n, s + (_HINT // 2 if n == guess else 0)) for n, s in out]
        out.sort(key=lambda pair: -pair[1])
    return out


def read(data: bytes, name: str) -> tuple[str, tuple[int, ...]]:
    """Text of `data` in an encoding, U+FFFD for what is bad, and the offsets of the bad bytes.

    >>> read(b"\\xff\\xc4\\xe3", "gb18030")
    ('\\ufffd你', (0,))
    """
    if name in ("euc-tw", "iso-2022-cn"):
        return _read_own(data, name)
    codec = _CODEC.get(name, name)
    errors: list[int] = []
    start = 1 if name in _DOUBLE and _begins_inside(data, codec) else 0
    if start:
        errors.append(0)
    text = data[start:].decode(codec, _handler(errors, start))
    return "\ufffd" * start + text, tuple(errors)


def _read_own(data: bytes, name: str) -> tuple[str, tuple[int, ...]]:
    out, errors, at = [], [], 0
    while at < len(data):
        try:
            out.append(decode_strict(data[at:], name))
            break
        except UnicodeDecodeError as error:
            out.append(decode_strict(data[at : at + error.start], name) + "\ufffd")
            errors.append(at + error.start)
            at += error.start + 1
    return "".join(out), tuple(errors)


def _handler(found: list[int], base: int) -> str:
    """The name of an error handler that notes offsets and finds the next character again."""

    def note(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        at, data, codec = error.start, error.object, error.encoding
        pair = data[at : at + 2]
        if codec == "big5hkscs" and len(pair) == 2:
            try:
                return pair.decode("cp950"), at + 2
            except UnicodeDecodeError:
                pass
        if codec in ("gb18030", "charmap") and pair[:1] == b"\x80":
            return "€", at + 1
        found.append(base + at)
        if codec not in ("gb18030", "big5hkscs"):
            return "\ufffd", error.end if codec == "utf-8" else at + 1
        is_later = len(found) < _REALIGN and _reads_better(data, at + 1, at + 2, codec, _LEAN)
        return "\ufffd", at + 2 if is_later else at + 1

    name = f"zhfix-note-{threading.get_ident()}"  # the registry is shared by all threads
    codecs.register_error(name, note)
    return name


def _begins_inside(data: bytes, codec: str) -> bool:
    """Whether the first byte is the second half of a character that was cut."""
    if data[:1] < b"\x40" or not _reads_better(data, 0, 1, codec, _ERROR):
        return False
    whole, rest = (data[at : at + _AHEAD].decode(codec, "replace") for at in (0, 1))
    return whole[1:-2] not in rest  # else only the first character differs: a rare one, not a cut


def _reads_better(data: bytes, here: int, there: int, codec: str, at_least: int) -> bool:
    scores = []
    for at in (here, there):
        text = data[at : at + _AHEAD].decode(codec, "replace")
        bad = text.count("\ufffd", 0, -2)
        score = load().score(text.replace("\ufffd", "")) - bad * _ERROR
        if codec == "gb18030":
            score += _RARE_BYTES * sum("\u3400" <= c < "\u4e00" or c > "\uffff" for c in text[:-2])
        scores.append(score)
    return scores[1] - scores[0] > at_least


def _sample(data: bytes) -> bytes:
    """All of short data; of long data three parts that hold more than ASCII."""
    if len(data) <= _SAMPLE:
        return data
    high = [m.start() for m in re.finditer(rb"[\x80-\xff]", data[:2_000_000])]
    if not high:
        return data[:_SAMPLE]
    parts = []
    for share in (0.0, 0.5, 0.9):
        at = high[int(share * (len(high) - 1))] // 4 * 4
        parts.append(data[at : at + _PART])
    return b"\n\n".join(parts) if data.count(0) * 8 < len(data) else data[:_SAMPLE]


def _weigh(data: bytes, name: str, model: Model) -> int | None:
    """Score of the bytes read so, errors paid for; None when it makes no sense to ask."""
    if name.startswith("utf-16"):
        if len(data) < 4 or not _may_be_utf16(data, name):
            return None
        text, n_bad = data[: len(data) // 2 * 2].decode(name, "replace"), 0
        n_edge = len(data) % 2
    elif name == "euc-tw":
        if not re.search(rb"[\xa1-\xfe]{2}|\x8e[\xa1-\xa7]", data):
            return None
        text, bad = read(data[:1500], name)
        if len(bad) > 8:
            return None
        n_bad, n_edge = len(bad), 0
        if len(data) > 1500:
            return None if n_bad else model.score(text) * len(data) // 1500
    else:
        text, bad = read(data, name)
        n_edge = sum(b <= 1 for b in bad[:1]) + sum(b >= len(data) - 3 for b in bad[-1:])
        n_edge = min(n_edge if name != "utf-8" else _n_cuts(data), len(bad))
        n_bad = len(bad) - n_edge
        if n_bad > 3 + len(data) // 8:
            return None
        if name == "utf-8" and 2 * n_bad > sum(c > "\x7f" for c in text) - len(bad):
            return None  # as good as nothing of it is UTF-8
        if bad and text.replace("\ufffd", "").isascii():
            return None
    lost = text.count("\ufffd")
    score = model.score(text.replace("\ufffd", "") if lost else text)
    score += _RARE_BYTES * len(_RARE.get(name, _NONE).findall(data))
    if name in _OTHER_LETTERS:
        score -= _NO_WORD * sum(len(run) < 3 for run in _RUNS.findall(data))
    if name in _DOUBLE:
        score -= _IN_A_WORD * len(_BETWEEN.findall(text))
        runs = _RUNS.findall(data)
        if all(len(run) == 1 for run in runs):
            score -= _ALONE[name] * min(len(runs), _FEW)
    return score - n_bad * _ERROR - n_edge * _EDGE_ERROR


def _n_cuts(data: bytes) -> int:
    """How many ends of UTF-8 are cut inside a character."""
    return bool(_CUT_START.match(data)) + bool(_CUT_END.search(data))


def _may_be_utf16(data: bytes, name: str) -> bool:
    """Zero bytes on one side, or code points on that side that are Han."""
    high = data[1::2] if name == "utf-16-le" else data[::2]
    low = data[::2] if name == "utf-16-le" else data[1::2]
    plausible = sum(0x4E <= b <= 0x9F or b in (0, 0x20, 0x30, 0xFF) for b in high)
    plausible -= sum(b == c == 0x20 for b, c in zip(high, low, strict=False))  # spaces, no daggers
    return plausible * 10 >= len(high) * 9 and (len(set(low)) > 1 or len(low) < 4)


def _plain_utf8(data: bytes) -> Decoded | None:
    """Valid UTF-8 with so many sequences that nothing else can look like it by chance."""
    if len(_UTF8.findall(data[:4000])) < _ENOUGH:
        return None
    try:
        return Decoded(data.decode("utf-8"), "utf-8", 0.999, ())
    except UnicodeDecodeError:
        return None


def _by_line(data: bytes, name: str) -> Decoded | None:
    """Lines of UTF-8 among lines of something else, each read as what it is."""
    lines = data.split(b"\n")
    if len(lines) < 2 or b"\0" in data:
        return None
    utf8 = [_is_long_utf8(line) and _is_utf8(line) for line in lines]
    if not any(utf8) or all(ok or line.isascii() for ok, line in zip(utf8, lines, strict=True)):
        return None
    out: list[str] = []
    errors: list[int] = []
    at = 0
    for ok, line in zip(utf8, lines, strict=True):
        text, bad = read(line, "utf-8" if ok else name)
        out.append(text)
        errors += [at + b for b in bad]
        at += len(line) + 1
    return Decoded("\n".join(out), f"utf-8+{name}", 0.8, tuple(errors))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_long_utf8(line: bytes) -> bool:
    """Valid UTF-8 that two-byte text would not be by chance."""
    return len(re.findall(rb"[\xe3-\xe9\xef][\x80-\xbf]{2}", line)) >= 2


def _declaration(data: bytes) -> str | None:
    found = _DECLARED.search(data[:2048])
    return (found[1] or found[2]).decode("ascii") if found else None


def _label(name: str) -> str:
    return _MEANS.get(name.strip().lower().replace(" ", ""), name.lower())


def _chardet(data: bytes) -> str | None:
    guess: str | None = _detector()(data)["encoding"]
    return guess


@cache
def _detector():  # type: ignore[no-untyped-def]  # chardet ships no types for detect in all versions
    import chardet  # 60 ms to import, and needed only when two readings are close

    return chardet.detect


def lines(data: bytes, name: str) -> Iterator[str]:
    """Lines of `data` read in one encoding, errors as U+FFFD."""
    yield from read(data, name)[0].splitlines()
