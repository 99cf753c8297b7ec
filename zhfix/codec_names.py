"""Names of encodings: what a label means in Python, widened as the web uses it."""

from __future__ import annotations

import codecs

from zhfix.errors import DecodeError

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = ["codec_name"]

_WIDER: Final = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "big5": "big5hkscs"}
_NO_FILES: Final = {
    *("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"),
}


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
