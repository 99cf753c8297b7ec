"""Characters of a long text counted over arrays."""

from __future__ import annotations

import numpy as np

__all__ = ["counted"]


def counted(text: str) -> dict[str, int] | None:
    """Character to its number in `text`; None where characters beyond the BMP stand."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    if len(units) != len(text):
        return None
    counts = np.bincount(units)
    found = np.flatnonzero(counts)
    return {chr(code): n for code, n in zip(found.tolist(), counts[found].tolist(), strict=True)}
