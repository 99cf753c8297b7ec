"""The code points of a long text as an array, read once for all who look at it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Table = np.ndarray[Any, np.dtype[Any]]

__all__ = ["FAR", "Codes", "codes", "looked_up"]

FAR = 0xFFFF  # stands for a character beyond the BMP


class Codes(NamedTuple):
    """One unit for each character of a text; those beyond the BMP are FAR, and listed apart."""

    units: NDArray[np.uint16]
    far: NDArray[np.int64]  # their offsets
    wide: NDArray[np.uint32]  # and their code points


@lru_cache(maxsize=4)
def codes(text: str) -> Codes:
    """The units of `text`, lone surrogates as they are.

    >>> found = codes("好\\U00020000嗎")
    >>> [hex(unit) for unit in found.units.tolist()], found.far.tolist()
    (['0x597d', '0xffff', '0x55ce'], [1])
    """
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    if len(units) == len(text):
        return Codes(units, np.zeros(0, np.int64), np.zeros(0, np.uint32))
    wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    far = np.flatnonzero(wide > FAR)
    return Codes(np.minimum(wide, FAR).astype(np.uint16), far, wide[far])


def looked_up(
    table: Table,
    beyond: Callable[[int], int | None],
    text: str,
    start: int = 0,
    end: int | None = None,
) -> Table:
    """What `table` has for each character of start..end, and `beyond` of the code points
    beyond the BMP.
    """
    found = codes(text)
    told: Table = table.take(found.units[start:end])
    if len(found.far):
        for at, code in zip((found.far - start).tolist(), found.wide.tolist(), strict=True):
            if 0 <= at < len(told):
                told[at] = beyond(code) or 0
    return told
