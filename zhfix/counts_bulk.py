"""Characters of a long text counted over arrays."""

from __future__ import annotations

import numpy as np

__all__ = ["counted"]

_PART = 1 << 19  # units counted at a time: bincount makes eight bytes of each


def counted(text: str) -> dict[str, int] | None:
    """Character to its number in `text`; None where lone surrogates stand beside whole ones, so
    that units cannot be told apart.

    >>> counted("后后\U00020bb6") == {"后": 2, "\U00020bb6": 1}
    True
    """
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    counts = np.zeros(0x10000, np.int64)
    for start in range(0, len(units), _PART):
        counts += np.bincount(units[start : start + _PART], minlength=0x10000)
    far: list[tuple[int, int]] = []
    if len(units) != len(text):
        heads = np.flatnonzero((units & 0xFC00) == 0xD800)
        n_low = int(counts[0xDC00:0xE000].sum())
        if len(units) - len(heads) != len(text) or n_low != len(heads):
            return None
        low = units[heads + 1].astype(np.uint32) - 0xDC00
        codes = (units[heads].astype(np.uint32) - 0xD800 << 10) + low + 0x10000
        values, times = np.unique(codes, return_counts=True)
        far = list(zip(values.tolist(), times.tolist(), strict=True))
        counts[0xD800:0xE000] = 0
    found = np.flatnonzero(counts)
    near = zip(found.tolist(), counts[found].tolist(), strict=True)
    return {chr(code): n for code, n in (*near, *far)}
