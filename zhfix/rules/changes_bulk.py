"""Which lines of a long text have something that hans would write otherwise, over arrays."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from zhfix.classes_bulk import bit_of, told
from zhfix.codes import FAR, codes, places
from zhfix.kept import kept
from zhfix.rules.changes import are_changed, changing, open_parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["unsound_places"]

_END = ord("\n")
_WORD, _SHOWN, _CHANGING = 1, 2, 4


@kept(2)
def unsound_places(
    text: str, words: frozenset[str], shown: frozenset[str], most: int, *, is_brief: bool
) -> list[int] | None:
    """The places of the characters `shown`, and, unless `is_brief`, of `words` in whose line hans
    writes something otherwise; None where there are more than `most` of all that is looked at.
    Remembered: who is woken by it asks for it again.

    >>> words, shown = frozenset("著像"), frozenset("髮")
    >>> unsound_places("著名\\n好像説著\\n头髮", words, shown, 9, is_brief=False)
    [4, 6, 9]
    """
    bit = np.uint32(bit_of(_looked_at(words, shown)))
    looked_at = (told(text) & bit) != 0
    if np.count_nonzero(looked_at) > most:
        return None
    at = places(looked_at)
    units = codes(text).units
    kinds = _kinds(words, shown).take(units.take(at))
    kinds[units.take(at) == FAR] = _SHOWN  # whatever it is
    is_shown, is_word = (kinds & _SHOWN) != 0, (kinds & _WORD) != 0
    if is_brief or not is_word.any():
        shown_at: list[int] = at[is_shown].tolist()
        return shown_at
    line = np.searchsorted(places(units == _END), at)
    has_word = np.zeros(int(line[-1]) + 1, bool)
    has_word[line[is_word]] = True
    asked = has_word[line] & ~is_shown & ((kinds & _CHANGING) != 0)
    parts = [*open_parts(text, at[asked].tolist())]
    is_open = np.zeros(len(has_word), bool)
    is_open[line[asked][are_changed(parts)]] = True
    found: list[int] = at[is_shown | (is_word & is_open[line])].tolist()
    return found


@cache
def _looked_at(words: frozenset[str], shown: frozenset[str]) -> frozenset[str]:
    return words | shown | changing()


@cache
def _kinds(words: frozenset[str], shown: frozenset[str]) -> NDArray[np.uint8]:
    """By code unit what a character is."""
    kinds = np.zeros(1 << 16, np.uint8)
    for kind, chars in ((_WORD, words), (_SHOWN, shown), (_CHANGING, changing())):
        kinds[[ord(char) for char in chars if char <= "\uffff"]] |= kind
    return kinds
