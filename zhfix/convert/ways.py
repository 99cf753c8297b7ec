"""A Traditional text as the Simplified text behind it, and as that is written again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from zhfix.convert.engine import engine_for, joined_span, phrases_in
from zhfix.convert.suspects import standard
from zhfix.convert.writer import to_hans, to_hant

__all__ = ["Ways", "phrase_at", "ways_of"]


class Ways(NamedTuple):
    """A text folded and written again, character for character."""

    text: str
    hans: str
    base: str  # as the dictionary alone writes it
    written: str
    stands: str  # the text, and what was written, in standard forms
    meant: str


def ways_of(text: str, to: str, spots: Iterable[int] | None = None) -> Ways | None:
    """None where folding and writing again changes the length. Without `base` where nothing at the
    `spots` is written otherwise: nobody asks for it then.
    """
    if not text:  # nothing suspicious: a clean line loads no dictionary
        return Ways("", "", "", "", "", "")
    hans = to_hans(text)
    written = to_hant(hans, to)
    if not len(text) == len(hans) == len(written):
        return None
    stands, meant = standard(text), standard(written)
    if spots is not None and all(stands[i] == meant[i] for i in spots):
        return Ways(text, hans, "", written, stands, meant)
    base = engine_for("s2t").convert(hans)
    return Ways(text, hans, base, written, stands, meant) if len(base) == len(text) else None


def phrase_at(hans: str, i: int) -> tuple[int, int]:
    """How many characters of the dictionary's phrase there stand before a place, and from it on; 0,
    0 where there is none.
    """
    low, high = joined_span("s2t", hans, i)
    spans = _phrases(hans[low:high])
    at = bisect_right(spans, (i - low, high)) - 1
    is_there = at >= 0 and i - low < spans[at][1]
    return (i - low - spans[at][0], spans[at][1] - (i - low)) if is_there else (0, 0)


@lru_cache(maxsize=4)
def _phrases(part: str) -> list[tuple[int, int]]:
    """The phrases of a part of a line, in order; a long one of doubts is read once."""
    return list(phrases_in("s2t", part))
