"""The places that wake the rules on scripts, and the change of script to hans: Traditional
characters, and what text in hans would write otherwise where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from zhfix.first_lines import is_few
from zhfix.protect import Span
from zhfix.rules.changes import changed_among, changing
from zhfix.rules.telling_lines import slight, telling, unsound
from zhfix.script import has_arrays, majorities, majority, meets, odds
from zhfix.shapes import Shape

__all__ = ["changed", "has_hant_line", "has_open_line", "is_open", "open_lines"]

_MANY = 12  # lines from which to count them together pays


@cache
def changed() -> Shape:
    """A character that is written otherwise in hans, by itself or in some word."""
    return Shape("".join(sorted(changing())))


def is_open(line: str) -> bool:
    """Whether hans writes something in a line otherwise, or the line is one of the first.

    >>> is_open("说著话")
    True
    """
    return is_few("changed", line) or changed_among([line])[0]


def open_lines(text: str, lines: Sequence[Span]) -> list[bool]:
    """`is_open` of each of some lines of a text, which are sorted.

    >>> open_lines("好像没有\\n说著话", [(0, 5), (5, 8)])[1]
    True

    Cost: what is not known of them is converted together.
    """
    parts = [text[start:end] for start, end in lines]
    if len(lines) >= _MANY and has_arrays(text):
        return changed_among(parts)
    is_first = [is_few("changed", part) for part in parts]
    told = iter(
        changed_among([part for part, is_one in zip(parts, is_first, strict=True) if not is_one])
    )
    return [is_one or next(told) for is_one in is_first]


def has_open_line(text: str, places: Sequence[int]) -> bool:
    """Whether hans writes something otherwise in the lines of some places.

    >>> has_open_line("好像没有\\n说著话", [1]), has_open_line("好像没有\\n说著话", [1, 6])
    (False, True)
    """
    found = unsound(text)
    if found is not None:  # perhaps in other lines
        return bool(found)
    return any(changed_among([text[start:end] for start, end in _lines(text, places)]))


def has_hant_line(text: str, places: Sequence[int]) -> bool:
    """Whether the characters in one of the lines of some places tell of hant rather than hans, or
    no character of the text tells of hans.

    >>> has_hant_line("好像没有", [1]), has_hant_line("好像很長", [1])
    (False, True)
    """
    if telling(1).isdisjoint(text):
        return True
    if has_arrays(text) and not (meets(text, telling(-1)) or meets(text, slight())):
        return False  # nothing else tells of hant
    lines = list(_lines(text, places))
    if len(lines) < _MANY:
        return any(majority(text[start:end], odds()) == "hant" for start, end in lines)
    return "hant" in majorities(text, lines)


def _lines(text: str, places: Sequence[int]) -> Iterator[Span]:
    """The lines of some places, which are sorted, each once."""
    end = -1
    for at in places:
        if at >= end:
            start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at) + 1 or len(text)
            yield start, end
