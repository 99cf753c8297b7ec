"""Which classes of characters a text has, by one table look-up for all classes."""

from __future__ import annotations

from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from zhfix.codes import FAR, codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["counts", "meets"]

_MOST = 16  # classes: bits of the table
_table = np.zeros(1 << 16, np.uint16)
_bits: dict[frozenset[str], int] = {}
_writing = Lock()


def meets(text: str, chars: frozenset[str]) -> bool:
    """Whether `text` has one of `chars`, a set that is asked for again and again.

    >>> meets("好\\U00020000", frozenset("x\\U00020000")), meets("好", frozenset("x"))
    (True, False)
    """
    bit = _bits.get(chars) or _bit(chars)
    return bool(_held(text, len(_bits)) & bit) if bit else not chars.isdisjoint(text)


def _bit(chars: frozenset[str]) -> int:
    """The bit of a class that is asked for the first time; 0 when there is none left."""
    with _writing:
        if chars not in _bits and len(_bits) < _MOST and chr(FAR) not in chars:
            bit = 1 << len(_bits)
            _table[[ord(char) for char in chars if char <= "\uffff"]] |= bit
            _bits[chars] = bit  # last: whoever sees it sees the table as well
        return _bits.get(chars, 0)


@lru_cache(maxsize=4)
def _held(text: str, n_classes: int) -> int:
    """The bits of the classes that a text has, as far as there are `n_classes`."""
    found = codes(text)
    held = int(np.bitwise_or.reduce(_table.take(found.units), initial=0))
    if len(found.far):
        wide = frozenset(map(chr, found.wide.tolist()))
        for chars, bit in list(_bits.items()):
            held |= bit * (not chars.isdisjoint(wide))
    return held


def counts(text: str, *classes: frozenset[str]) -> list[int]:
    """How many characters of a text are in each of some classes, which are apart and of the BMP.

    >>> counts("頭髮很長", frozenset("長頭"), frozenset("短"))
    [2, 0]
    """
    which = _numbers(classes).take(codes(text).units)
    return [int(np.count_nonzero(which == i)) for i in range(1, len(classes) + 1)]


@cache
def _numbers(classes: tuple[frozenset[str], ...]) -> NDArray[np.uint8]:
    """By character, the number of its class, the first one 1."""
    numbers = np.zeros(1 << 16, np.uint8)
    for i, chars in enumerate(classes, 1):
        numbers[[*map(ord, chars)]] = i
    return numbers
