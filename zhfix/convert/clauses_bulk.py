"""The clauses around many places of a long text at once, over arrays: clauses.py without them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from zhfix.codes import codes
from zhfix.convert.choice import HAN_RANGES

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["clause_bounds"]

_WIDTH = 16  # characters looked at on each side; few clauses have more


def clause_bounds(text: str, places: Sequence[int]) -> list[tuple[int, int]]:
    """Start and end of the clause around each of some places, as clauses.py has them; (0, 0) where
    it is longer than is looked at, or reaches the end of the text.

    >>> clause_bounds("。" * 16 + "皇后的頭發很長。" + "長" * 40, [19, 40])
    [(15, 24), (0, 0)]
    """
    units, at = codes(text).units, np.array(places, np.int64)[:, np.newaxis]
    steps = np.arange(1, _WIDTH + 1)
    before, behind = at - steps, at + steps
    is_within = (before[:, -1] >= 0) & (behind[:, -1] < len(units))
    ends = [_is_other().take(units.take(side, mode="clip")) for side in (before, behind)]
    is_known = is_within & ends[0].any(1) & ends[1].any(1)
    starts = at[:, 0] - 1 - ends[0].argmax(1)
    stops = at[:, 0] + 2 + ends[1].argmax(1)
    starts[~is_known] = stops[~is_known] = 0
    return list(zip(starts.tolist(), stops.tolist(), strict=True))


@cache
def _is_other() -> NDArray[np.bool_]:
    """By code unit, whether no context knows it as a Han character."""
    told = np.ones(1 << 16, bool)
    for first, last in HAN_RANGES:
        told[first : last + 1] = False
    return told
