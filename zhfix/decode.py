"""Bytes of unknown encoding to text: marks and declarations first, then UTF-8, then chardet's guess
with errors counted.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from zhfix.errors import DecodeError

__all__ = ["Decoded", "codec_name", "decode"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([A-Za-z0-9_.:-]{2,20})""")
_HEAD = 4096  # bytes: where HTML and XML declare their charset
# what a label means in practice: pages that say gb2312 use all of GB18030, those that say big5 use
# the Hong Kong additions
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "hz": "hz",
    "big5": "big5hkscs",
}
# text encodings of Python's that no file is in
_NO_FILES = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"}
_CANDIDATES = ("utf-8", "gb18030", "big5hkscs", "big5", "utf-16")


class Decoded(NamedTuple):
    """`text`, the Python name of the `encoding` used, how sure that is (0..1), and at how many
    places bytes made no sense.

    Each such place is U+FFFD in the text.
    """

    text: str
    encoding: str
    confidence: float
    errors: int


def codec_name(label: str) -> str:
    """Python's name for an encoding label, widened as the web uses it.

    >>> codec_name("GB2312"), codec_name("Big5"), codec_name("UTF8")
    ('gb18030', 'big5hkscs', 'utf-8')

    Raises: DecodeError for a name that Python does not know as a text encoding.
    """
    try:
        info = codecs.lookup(label.strip())
    except (LookupError, ValueError):
        info = None
    if info is None or not info._is_text_encoding or info.name in _NO_FILES:
        raise DecodeError(
            f"unknown encoding {label!r}: try utf-8, gb18030, big5hkscs or utf-16"
        ) from None
    return _WIDER.get(info.name, info.name)


def decode(data: bytes, *, hint: str | None = None) -> Decoded:
    """Text from `data`, whose encoding is not known; never fails on bytes.

    >>> decode("质量发展大会在广州召开".encode("gbk"))[:2]
    ('质量发展大会在广州召开', 'gb18030')

    Args:
        hint: the encoding that a header or the user named; taken when the bytes fit it.

    Raises: DecodeError when `hint` is no encoding; TypeError for anything but bytes.
    """
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError(f"decode takes bytes, not {type(data).__name__}")
    data = bytes(data)
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _decoded(data, name, 1.0)
    if hint is not None:
        name = codec_name(hint)
        if (found := _strict(data, name)) is not None:
            return Decoded(found, name, 0.99, 0)
    if (found := _strict(data, "utf-8")) is not None:
        return Decoded(found, "utf-8", 1.0 if data.isascii() else 0.99, 0)
    if declared := _DECLARED.search(data[:_HEAD]):
        try:
            name = codec_name(declared[1].decode("ascii"))
        except DecodeError:
            name = ""
        if name and (found := _strict(data, name)) is not None:
            return Decoded(found, name, 0.95, 0)
    return _guessed(data)


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, UnicodeError):
        return None


def _decoded(data: bytes, name: str, confidence: float) -> Decoded:
    text = data.decode(name, "replace")
    errors = text.count("\ufffd")
    return Decoded(
        text, name, round(confidence * (1 - min(1.0, errors / max(1, len(text)))), 3), errors
    )


def _guessed(data: bytes) -> Decoded:
    """chardet's guess among the encodings of Chinese, then the others by how few bytes they make no
    sense of.
    """
    import warnings

    import chardet  # 42 ms, and only for bytes that are not UTF-8

    with warnings.catch_warnings():  # chardet warns when no candidate fits; None says it too
        warnings.simplefilter("ignore", UserWarning)
        guess = chardet.detect(data, prefer_superset=True, include_encodings=list(_CANDIDATES))
    label = guess["encoding"]
    names = [codec_name(label)] if label else []
    names += [name for name in ("gb18030", "big5hkscs", "utf-8") if name not in names]
    tried = [_decoded(data, name, 0.6) for name in names]
    best = min(tried, key=lambda one: one.errors)
    if best is tried[0] and not best.errors:
        best = best._replace(confidence=round(0.6 + 0.39 * float(guess["confidence"] or 0.0), 3))
    return best
