"""Characters of a long text counted over arrays, and what they say of its script."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from zhfix import script

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Tally"]

_HAN = ((0x3007, 0x3008), (0x3400, 0xA000), (0xF900, 0xFB00))  # what script.HAN has in the BMP


@cache
def _weights() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Code points of the BMP that tell something, and what."""
    known = {ord(char): odd for char, odd in script.odds().items() if char <= "\uffff"}
    return np.array(list(known), np.int64), np.array(list(known.values()), np.int64)


class Tally:
    """How often each character of the BMP stands in a text."""

    def __init__(self, counts: NDArray[np.int64]) -> None:
        self._counts = counts

    @classmethod
    def of(cls, text: str) -> Tally | None:
        """The tally of `text`; None where characters beyond the BMP stand."""
        units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
        if len(units) != len(text):
            return None
        return cls(np.bincount(units, minlength=1 << 16))

    def characters(self) -> frozenset[str]:
        """The distinct characters."""
        units = np.flatnonzero(self._counts).astype("<u2")
        # apart, so that two lone surrogates next to each other do not become one character
        parts = units[units < 0xDC00], units[units >= 0xDC00]
        return frozenset(
            "".join(part.tobytes().decode("utf-16-le", "surrogatepass") for part in parts)
        )

    def evidence(self, stray: int, mark: int) -> tuple[int, ...]:
        """What `script.evidence` counts, in the order of its fields."""
        codes, weights = _weights()
        n = self._counts[codes]
        present = weights[n > 0]
        hans, hant = weights >= stray, weights <= -stray
        n_hans, n_hant = int(n[hans].sum()), int(n[hant].sum())
        n_all = sum(int(self._counts[a:b].sum()) for a, b in _HAN)
        return (
            int((n * weights)[weights > 0].sum()),
            -int((n * weights)[weights < 0].sum()),
            max(0, int(present.max(initial=0))),
            max(0, -int(present.min(initial=0))),
            n_hans,
            n_hant,
            n_all - n_hans - n_hant,
            int(n[weights == mark].sum()),
            int(n[weights == -mark].sum()),
        )
