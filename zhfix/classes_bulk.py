"""Which classes of characters a text has, by one table look-up for all classes."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

import numpy as np

from zhfix.codes import FAR, codes

__all__ = ["meets"]

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
