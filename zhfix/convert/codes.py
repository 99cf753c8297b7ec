"""Text as an array of code points, and back: five times as fast as by way of UTF-16, and lone
surrogates pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]
    Places = NDArray[np.int64]
    Units = NDArray[np.uint16]

__all__ = ["codes_of", "fold", "text_of"]

_BMP = np.uint32(0xFFFF)


def codes_of(text: str) -> Codes:
    """The code points of `text`.

    >>> codes_of("好😀").tolist()
    [22909, 128512]
    """
    if not text:
        return np.zeros(0, np.uint32)
    return np.array([text], f"U{len(text)}").view(np.uint32)


def text_of(codes: Codes) -> str:
    """The text of contiguous code points.

    >>> text_of(codes_of("好😀\\0")) == "好😀\\0"
    True
    """
    if not len(codes):
        return ""
    text: str = codes.view(f"U{len(codes)}").item()
    return text + "\0" * (len(codes) - len(text))  # numpy takes NUL at the end for no character


def fold(codes: Codes, out: Units) -> Places:
    """Write each code point to `out` as one 16-bit number, and give the places of those beyond the
    BMP: there it is the first half of the pair that UTF-16 would need.
    """
    np.copyto(out, codes, casting="unsafe")
    if not len(codes) or codes.max() <= _BMP:
        return np.zeros(0, np.int64)
    far = np.flatnonzero(codes > _BMP)
    out[far] = 0xD7C0 + (codes[far] >> np.uint32(10))
    return far
