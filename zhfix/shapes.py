"""Where a mark stands between characters that make it interesting: what rules search for first.

Nearly every parenthesis, question mark or ampersand of a text is what it seems. Where numpy is
loaded, one look-up of a long text finds for all rules together the marks that have the right
neighbours; elsewhere the text is searched mark by mark.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence

from zhfix.named import NamedTuple

__all__ = ["Shape", "found_at", "has_arrays", "has_word", "places_of", "words_at"]

_FEW = 4  # marks, up to which they are sought one by one first
_ARRAYS = 4_000  # characters from which arrays pay where numpy is loaded


class Shape(NamedTuple):
    """One of some `marks` behind one of the characters `before` and before one of those `behind`,
    which are classes as in a regular expression, without escapes; empty for anything, or nothing.
    """

    marks: str
    before: str = ""
    behind: str = ""


def found_at(
    made: re.Pattern[str], text: str, *shapes: Shape, is_literal: bool = False
) -> Iterator[re.Match[str]]:
    """What `made.finditer(text)` finds, where every match begins with a mark of one of `shapes`.
    `is_literal`: there is one mark, and the pattern begins with it, so the engine can find it too.

    >>> made = re.compile("[(<].")
    >>> [match.span() for match in found_at(made, "a(b <c", Shape("(", behind="a-z"), Shape("<"))]
    [(1, 3), (4, 6)]

    Cost: a search for the marks, which takes a twentieth of what the engine takes for a character
    that may begin a match.
    """
    if is_literal and not has_arrays(text):
        yield from made.finditer(text)
        return
    if not has_arrays(text):
        marks = "".join([shape.marks for shape in shapes])
        if len(marks) <= _FEW and not any(mark in text for mark in marks):
            return
    done = 0
    for at in places_of(text, shapes):
        if at >= done and (match := made.match(text, at)):
            done = match.end()
            yield match


def words_at(text: str, word: str) -> Iterator[int]:
    """Offsets of a word that does not overlap itself.

    >>> list(words_at("http://a, ftp://b", "://"))
    [4, 13]
    """
    if has_arrays(text):
        back = len(word) - 1
        for at in places_of(text, (Shape(word[-1], word[-2:-1]),)):
            if back < 2 or text.startswith(word, at - back):
                yield at - back
        return
    if not all(char in text for char in word):
        return
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def has_word(text: str, word: str) -> bool:
    """Whether a word stands in a text.

    >>> has_word("好,。", ",。"), has_word("好,", ",。")
    (True, False)

    Cost: its characters are sought first, since two are found ten times as slowly as one.
    """
    if not _has_all(text, word):
        return False
    if len(word) > 1 and has_arrays(text):
        return next(words_at(text, word), None) is not None
    return len(word) < 2 or word in text


def _has_all(text: str, word: str) -> bool:
    """Whether each character of a word stands somewhere in a text; of a short one nobody asks."""
    if len(text) < _ARRAYS and len(word) > 1:
        return True
    return all(char in text for char in word)


def has_arrays(text: str) -> bool:
    """Whether a text is long enough to be looked up over arrays, and numpy is loaded."""
    return len(text) >= _ARRAYS and bool(sys.modules.get("numpy"))


def places_of(text: str, shapes: Sequence[Shape]) -> Sequence[int]:
    """Offsets of the marks, at least of those that stand as one of the shapes has it."""
    if has_arrays(text):
        from zhfix import shapes_bulk  # numpy: where it is loaded

        return shapes_bulk.places(text, shapes)
    marks = [mark for shape in shapes for mark in shape.marks if mark in text]
    places: list[int] = []
    for mark in marks:
        at = text.find(mark)
        while at >= 0:
            places.append(at)
            at = text.find(mark, at + 1)
    return sorted(places) if len(marks) > 1 else places
