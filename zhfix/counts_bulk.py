"""Characters of a long text counted over arrays, and what they say of its script."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from zhfix import script
from zhfix.codes import codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Tally"]

_PART = 1 << 19  # units counted at a time: bincount makes eight bytes of each
_HAN = ((0x3007, 0x3008), (0x3400, 0xA000), (0xF900, 0xFB00))  # what script.HAN has in the BMP


@cache
def _weights() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Code points of the BMP that tell something, and what."""
    known = {ord(char): odd for char, odd in script.odds().items() if char <= "\uffff"}
    return np.array(list(known), np.int64), np.array(list(known.values()), np.int64)


class Tally:
    """How often each character stands in a text."""

    def __init__(self, text: str) -> None:
        found = codes(text)
        units = np.delete(found.units, found.far) if len(found.far) else found.units
        # characters beyond the BMP are few: counted one by one
        self._beyond = Counter(map(chr, found.wide.tolist()))
        self._counts = np.zeros(1 << 16, np.int64)
        for at in range(0, len(units), _PART):
            self._counts += np.bincount(units[at : at + _PART], minlength=1 << 16)

    def characters(self) -> frozenset[str]:
        """The distinct characters."""
        units = np.flatnonzero(self._counts != 0).astype("<u2")
        # apart, so that two lone surrogates next to each other do not become one character
        parts = units[units < 0xDC00], units[units >= 0xDC00]
        found = (part.tobytes().decode("utf-16-le", "surrogatepass") for part in parts)
        return frozenset("".join((*found, *self._beyond)))

    def evidence(self, stray: int, mark: int) -> tuple[int, ...]:
        """What `script.evidence` counts, in the order of its fields."""
        codes, weights = _weights()
        n = self._counts[codes]
        n_all = sum(int(self._counts[a:b].sum()) for a, b in _HAN)
        if self._beyond:
            n_all += sum(times for char, times in self._beyond.items() if script.is_han(char))
            known = [(script.odds().get(char, 0), times) for char, times in self._beyond.items()]
            weights = np.append(weights, [odd for odd, _ in known])
            n = np.append(n, [times for _, times in known])
        present = weights[n > 0]
        hans, hant = weights >= stray, weights <= -stray
        n_hans, n_hant = int(n[hans].sum()), int(n[hant].sum())
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
