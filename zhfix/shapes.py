"""Where a mark stands between characters that make it interesting: what rules search for first.

Nearly every parenthesis, question mark or ampersand of a text is what it seems. Where numpy is
loaded, one look-up of a long text finds for all rules together the marks that have the right
neighbours; elsewhere the text is searched mark by mark.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from zhfix.script import characters

__all__ = ["Shape", "found_at", "has_shape"]

_ARRAYS = 4_000  # characters from which arrays pay where numpy is loaded
_DENSE = 16  # characters for each mark, below which the engine is as fast by itself


class Shape(NamedTuple):
    """One of some `marks` behind one of the characters `before` and before one of those `behind`,
    which are classes as in a regular expression, without escapes; empty for anything, or nothing.
    """

    marks: str
    before: str = ""
    behind: str = ""


def found_at(made: re.Pattern[str], text: str, *shapes: Shape) -> Iterator[re.Match[str]]:
    """What `made.finditer(text)` finds, where every match begins with a mark of one of `shapes`.

    >>> made = re.compile("[(<].")
    >>> [match.span() for match in found_at(made, "a(b <c", Shape("(", behind="a-z"), Shape("<"))]
    [(1, 3), (4, 6)]

    Cost: a search for the marks, which takes a twentieth of what the engine takes for a character
    that may begin a match.
    """
    done = 0
    for at in _places(text, shapes):
        if at >= done and (match := made.match(text, at)):
            done = match.end()
            yield match


def has_shape(text: str, shape: Shape) -> bool:
    """Whether a shape of one mark with one character behind it stands in the text.

    >>> has_shape("好,。", Shape(",", behind="。")), has_shape("好,", Shape(",", behind="。"))
    (True, False)
    """
    if _has_arrays(text):
        return bool(_places(text, (shape,)))
    seen = characters(text)
    return shape.marks in seen and shape.behind in seen and shape.marks + shape.behind in text


def _has_arrays(text: str) -> bool:
    return len(text) >= _ARRAYS and bool(sys.modules.get("numpy"))


def _places(text: str, shapes: Sequence[Shape]) -> Sequence[int]:
    """Offsets of the marks, at least of those that stand as one of the shapes has it."""
    if _has_arrays(text):
        from zhfix import shapes_bulk  # numpy: where it is loaded

        return shapes_bulk.places(text, shapes)
    seen = characters(text)
    marks = [mark for shape in shapes for mark in shape.marks if mark in seen]
    places: list[int] = []
    for mark in marks:
        at = text.find(mark)
        while at >= 0:
            places.append(at)
            at = text.find(mark, at + 1)
    return sorted(places) if len(marks) > 1 else places
