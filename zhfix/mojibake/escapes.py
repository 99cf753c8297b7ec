"""Chinese written as escapes where text should stand: `&#20013;`, `\\u4e2d`, `%E4%B8%AD`, HZ, MIME.

An escape is undone when it gives Chinese that reads well and when it stands in text; inside code, a
tag, JSON or a URL it is right as it is, so there it is at most a hint.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Callable
from functools import lru_cache

from zhfix.decode import rank, read
from zhfix.model import UNIT, Model, load
from zhfix.mojibake.decide import Repair
from zhfix.named import NamedTuple
from zhfix.pattern import pattern
from zhfix.protect import overlaps

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

SURE: Final = 0.96
IN_CODE: Final = 0.5  # a hint: the escape may be meant
_WELL: Final = 10.0 * UNIT  # a character of the result may cost this on average
_NEAR: Final = 1000  # characters before an escape that tell whether it stands in code or a tag
_BESIDE: Final = 200  # characters behind it that may show what it says
_HAN: Final = pattern("[\u3400-\u9fff\U00020000-\U0003ffff]")
_CODE: Final = re.compile(
    r"""["'`]\s*$|[=:(,\[{]\s*["'`][^"'`\n]*$|\b(?:const|let|var|def|return|import|printf?)\b"""
)
# a string of a program; in a mail's header a name stands between quotes as well
_ASSIGNED: Final = re.compile(r"""[=(\[{]\s*[bBrRuU]?["'`][^"'`\n]*$""")
_BYTES: Final = re.compile(r"(?:\\u00[0-9A-Fa-f]{2}){3,}")
_VALUE: Final = re.compile(r"""[:,\[]\s*"[^"\n]*$""")
_RANGE: Final = re.compile(r"(?<=[-\[])|\\u[0-9A-Fa-f]{4}-\\u")
_URL: Final = re.compile(r"(?:[a-z][a-z0-9+.-]{1,11}://|www\.|mailto:|[?&][\w.-]+=)\S*$", re.I)
_TAG: Final = re.compile(r"<[A-Za-z!/][^<>]*$")


class Kind(NamedTuple):
    """One way of escaping: what every escape holds, its pattern, and its text or None when it is
    not that after all.
    """

    name: str
    mark: str
    pattern: re.Pattern[str]
    undo: Callable[[str], str | None]


def repairs(text: str, model: Model | None = None) -> list[Repair]:
    """Edits that put Chinese in the place of its escapes, in order and without overlap.

    >>> [(e.after, e.sure) for e in repairs("&#x4E2D;&#x6587; %u6587")]
    [('中文', 0.96), ('文', 0.96)]
    >>> repairs("R&#38;D costs 20%")
    []
    """
    model = model or load()
    found: list[Repair] = []
    for kind in KINDS:
        taken = sorted((e.start, e.end) for e in found)
        for m in kind.pattern.finditer(text) if kind.mark in text else ():
            if overlaps(*m.span(), taken):
                continue
            after = kind.undo(m[0])
            if after is None or after == m[0] or not _reads_well(after, model):
                continue
            is_meant = _is_meant(text, *m.span(), kind.name, after)
            sure = IN_CODE if is_meant else SURE
            why = kind.name + (" inside code or an address" if is_meant else "")
            found.append(Repair(m.start(), m.end(), m[0], after, sure, why))
    return sorted(found)


def _reads_well(text: str, model: Model) -> bool:
    if not _HAN.search(text) or "\ufffd" in text:
        return False
    others = sum(c > "\x7f" for c in text)
    odd = sum(c > "\x7f" and not _HAN.match(c) and not "\u2010" <= c <= "\uffef" for c in text)
    ascii_price = sum(-model.step(text[max(0, i - 2) : i], c) for i, c in enumerate(text)
                      if c < "\x80")  # fmt: skip
    return odd * 4 <= others and -model.score(text) - ascii_price <= _WELL * others + 4 * UNIT


def _is_meant(text: str, start: int, end: int, name: str, after: str) -> bool:
    """Whether the escape stands where escapes belong, or beside what it says."""
    low = max(0, start - _NEAR)  # a long line of escapes must not be read for each of them
    line = text[text.rfind("\n", low, start) + 1 or low : start]
    if after in line or after in text[end : end + _BESIDE].partition("\n")[0]:
        return True
    if name == "MIME word":
        return bool(_ASSIGNED.search(line))
    if _URL.search(line) or _TAG.search(line):
        return True
    if _BYTES.fullmatch(text, start, end) and _VALUE.search(line):
        return False  # no JSON means the bytes of a character: an exporter took them for Latin-1
    if _CODE.search(line) or (name == "\\u escape" and _RANGE.match(text, start)):
        return True
    return name == "HTML entity" and bool(re.search(r"<[a-z/!][^<>\n]*>", text[:4000], re.I))


def _from_points(found: list[str], base: int) -> str | None:
    try:
        units = [int(x, base) for x in found]
        if all(u < 0x100 for u in units):
            return bytes(units).decode("utf-8")  # \u00e4\u00b8\u00ad: bytes, one by one
        if any(u > 0xFFFF for u in units):
            return "".join(map(chr, units))
        return b"".join(u.to_bytes(2, "big") for u in units).decode("utf-16-be")
    except (ValueError, UnicodeDecodeError, OverflowError):
        return None


def _entities(text: str) -> str | None:
    decimal = re.findall(r"&#(?:([xX][0-9A-Fa-f]+)|(\d+));", text)
    return _from_points([str(int(h[1:], 16)) if h else d for h, d in decimal], 10)


def _unicode(text: str) -> str | None:
    return _from_points(re.findall(r"[uU]\+?([0-9A-Fa-f]{4})", text), 16)


@lru_cache(1 << 8)
def _bytes(data: bytes) -> str | None:
    """Bytes of an escape in whichever encoding reads best, when they are whole.

    >>> _bytes(b"\\xd6\\xd0"), _bytes(b"\\xe4\\xb8")
    ('中', None)
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end == len(data) and error.reason == "unexpected end of data":
            return None  # UTF-8 that was cut is no GBK: E4 B8 is 中 or 不 or 上, never 涓
    ranked = rank(data)
    out, errors = read(data, ranked[0][0])
    return out if not errors and ranked[0][0] in ("gb18030", "big5") else None


def _octal(text: str) -> str | None:
    return _bytes(re.sub(rb"\\([0-3][0-7]{2})", lambda m: bytes((int(m[1], 8),)), text.encode()))


def _percent(text: str) -> str | None:
    return _bytes(re.sub(rb"%([0-9A-Fa-f]{2})", lambda m: bytes((int(m[1], 16),)), text.encode()))


def _quoted(text: str) -> str | None:
    return _bytes(quopri.decodestring(text.encode()))


def _mime(text: str) -> str | None:
    data, label = b"", ""
    for charset, how, body in re.findall(r"=\?([\w.-]+)(?:\*\w+)?\?([BbQq])\?([^?\s]*)\?=", text):
        try:
            if how in "Bb":
                data += base64.b64decode(body + "=" * (-len(body) % 4))
            else:
                data += quopri.decodestring(body.replace("_", " ").encode())
        except (binascii.Error, ValueError):
            return None
        label = charset
    ranked = rank(data, hint=label) if data else []
    if not ranked:
        return None
    out, errors = read(data, ranked[0][0])
    return None if errors else out


def _hz(text: str) -> str | None:
    try:
        return text.encode("ascii").decode("hz")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return None


def _imap(text: str) -> str | None:
    body = text[1:-1].replace(",", "/")
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True).decode("utf-16-be")
    except (binascii.Error, ValueError):
        return None


_MIME_WORD: Final = r"=\?[\w.-]+(?:\*\w+)?\?[BbQq]\?[^?\s]*\?="


def _run(unit: str, least: int = 1) -> re.Pattern[str]:
    """`unit` at least so often, written so that the engine skips to its first character."""
    return re.compile(rf"{unit}(?:{unit}){'*' if least == 1 else '+'}")


KINDS: Final = (
    Kind("MIME word", "=?", re.compile(rf"{_MIME_WORD}(?:\s+{_MIME_WORD})*"), _mime),
    Kind("HTML entity", "&#", _run(r"&#(?:[xX][0-9A-Fa-f]{2,6}|\d{3,7});"), _entities),
    Kind(
        "\\u escape",
        "\\",
        re.compile(r"\\(?<!\\\\)[uU](?:0000)?[0-9A-Fa-f]{4}(?:\\[uU](?:0000)?[0-9A-Fa-f]{4})*"),
        _unicode,
    ),
    Kind("%u escape", "%u", _run(r"%u[0-9A-Fa-f]{4}"), _unicode),
    Kind("#U escape of a zip name", "#U", _run(r"#U[0-9A-Fa-f]{4}"), _unicode),
    Kind("octal bytes", "\\", _run(r"\\[23][0-7]{2}", 2), _octal),
    Kind(
        "percent bytes",
        "%",
        _run(r"%[89A-Fa-f][0-9A-Fa-f](?:%[4-7][0-9A-Fa-f]|(?<=%..)[@-~](?=%))?", 2),
        _percent,
    ),
    Kind(
        "quoted-printable",
        "=",
        _run(r"=[89A-F][0-9A-F](?:=\r?\n)?(?:=[4-7][0-9A-F]|[@-~](?==[89A-F]))?", 2),
        _quoted,
    ),
    Kind("HZ", "~{", re.compile(r"~\{(?:[!-w][!-~])+~\}"), _hz),
    Kind("modified UTF-7", "&", re.compile(r"&(?=[A-Za-z0-9+,]{3,64}-)[A-Za-z0-9+,]+-"), _imap),
)
