"""Characters of a long text counted over arrays."""

from __future__ import annotations

from collections import Counter

import numpy as np

__all__ = ["counted"]


def counted(text: str) -> dict[str, int]:
    """Character to its number in `text`."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    beyond: dict[str, int] = {}
    if len(units) != len(text):  # characters beyond the BMP are few: counted one by one
        wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        is_beyond = wide > 0xFFFF
        beyond = Counter(map(chr, wide[is_beyond].tolist()))
        units = wide[~is_beyond].astype(np.uint16)
    counts = np.bincount(units)
    found = np.flatnonzero(counts)
    # surrogates that stand alone are one character each, even where two would make a pair
    is_plain = not counts[0xD800:0xE000].any()
    chars = found.astype("<u2").tobytes().decode("utf-16-le") if is_plain else map(chr, found)
    return dict(zip(chars, counts[found].tolist(), strict=True)) | beyond
