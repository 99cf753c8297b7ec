"""A Traditional text as the Simplified text behind it, and as that is written again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

from zhfix.convert.engine import engine_for, joined_span, phrases_in
from zhfix.convert.suspects import standard
from zhfix.convert.writer import to_hans, to_hant
from zhfix.named import NamedTuple

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


class _Part(NamedTuple):
    """A part of a text that phrases may hold together."""

    start: int
    end: int
    phrases: list[tuple[int, int]]  # in order, from the start of the part


def phrase_at(hans: str, i: int) -> tuple[int, int]:
    """How many characters of the dictionary's phrase there stand before a place, and from it on; 0,
    0 where there is none.
    """
    part = _part_at(hans, i)
    at = bisect_right(part.phrases, (i - part.start, part.end)) - 1
    if at < 0 or i - part.start >= part.phrases[at][1]:
        return 0, 0
    start, end = part.phrases[at]
    return i - part.start - start, end - (i - part.start)


def _part_at(hans: str, i: int) -> _Part:
    """The part around a place; a long one of doubts is read once."""
    parts = _parts(hans)
    at = bisect_right(parts, i, key=lambda part: part.start) - 1
    if at >= 0 and i < parts[at].end:
        return parts[at]
    start, end = joined_span("s2t", hans, i)
    part = _Part(start, end, phrases_in("s2t", hans[start:end]))
    parts.insert(at + 1, part)
    return part


@lru_cache(maxsize=4)
def _parts(hans: str) -> list[_Part]:
    """The parts of a text that were asked for, in order."""
    return []
