"""Encodings that are ASCII to the eye: HZ, ISO-2022-CN, UTF-7."""

from __future__ import annotations

import re

from zhfix.model import UNIT, Model
from zhfix.mojibake.codepages import decode

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = ["seven_bit"]

_HZ: Final = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e])+~\}")
_UTF7: Final = re.compile(rb"\+[A-Za-z0-9+/]{3,}-?")
_ISO_CN: Final = re.compile(rb"\x1b\$[)*][AGH]")


def seven_bit(data: bytes, model: Model) -> tuple[str, str, float] | None:
    """Text, encoding and confidence of bytes below 0x80, or None where others stand.

    >>> from zhfix.model import load
    >>> seven_bit(b"~{VPND~}", load())
    ('中文', 'hz', 0.99)
    """
    if not data.isascii():
        return None
    for name, pattern in (("iso-2022-cn", _ISO_CN), ("hz", _HZ), ("utf-7", _UTF7)):
        if not pattern.search(data):
            continue
        try:
            text = decode(data, name)
        except UnicodeDecodeError:
            continue
        han = [c for c in text if c > "\x7f"]
        if han and model.score("".join(han)) > -8 * UNIT * len(han) - 10 * UNIT:
            return text, name, 0.99
    if b"\x1b$" in data:
        try:
            return data.decode("iso2022_jp_2"), "iso2022_jp_2", 0.9
        except UnicodeDecodeError:
            pass
    if b"\0" in data:
        return None
    return data.decode("ascii"), "ascii", 1.0
