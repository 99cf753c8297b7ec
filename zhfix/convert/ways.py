"""A Traditional text as the Simplified text behind it, and as that is written again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, compress, pairwise

from zhfix.convert.engine import engine_for, joined_span, phrases_in
from zhfix.convert.rivals import standard
from zhfix.convert.writer import to_hans, to_hant
from zhfix.named import NamedTuple

__all__ = ["Ways", "phrase_at", "ways_each", "with_base"]


class Ways(NamedTuple):
    """A line folded and written again, character for character."""

    text: str
    hans: str
    written: str
    stands: str  # the text, and what was written, in standard forms
    meant: str
    base: str  # as the dictionary alone writes it


def ways_each(lines: Mapping[str, Sequence[int]], to: str) -> Iterator[Ways]:
    """Each of some lines, which are converted together. Without `base` where nothing at the places
    that are asked for is written otherwise: hardly anybody asks for it then.

    >>> ways = next(ways_each({"皇后的頭發\\n": [4]}, "hant"))
    >>> ways.hans, ways.written
    ('皇后的头发\\n', '皇后的頭髮\\n')
    """
    text = "".join(lines)
    if not text:  # nothing suspicious: a clean line loads no dictionary
        return
    # no dictionary of theirs changes the length of anything (tests/test_tables.py)
    hans = to_hans(text)
    written = to_hant(hans, to)
    stands, meant = standard(text), standard(written)
    cuts = list(pairwise(accumulate(map(len, lines), initial=0)))
    is_open = [
        any(stands[start + at] != meant[start + at] for at in places)
        for (start, _), places in zip(cuts, lines.values(), strict=True)
    ]
    bases = engine_for("s2t").convert("".join(hans[a:b] for a, b in compress(cuts, is_open)))
    done = 0
    for (start, end), is_written in zip(cuts, is_open, strict=True):
        base = bases[done : done + end - start] if is_written else ""
        done += len(base)
        here = slice(start, end)
        yield Ways(text[here], hans[here], written[here], stands[here], meant[here], base)


def with_base(ways: Ways) -> Ways:
    """The same with `base`."""
    return ways if ways.base else ways._replace(base=engine_for("s2t").convert(ways.hans))


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
