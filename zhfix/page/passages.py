"""The places of a text that changed, each with a little of what stands around it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from zhfix.named import NamedTuple
from zhfix.report import Edit, Repair

__all__ = ["Note", "Passage", "Spot", "passages"]

_LINE = 400  # characters: a line up to this long is shown whole, and no passage is much longer
_AROUND = 40  # characters shown before and behind the edits in a longer line
_GAP = 100  # characters between two edits of a long line that are still shown together


class Note(NamedTuple):
    """An edit to be explained, and whether it was made; a hint was not.

    `n` counts the edits it was joined of, where they touch and have one reason.
    """

    edit: Edit
    is_made: bool
    n: int = 1


class Spot(NamedTuple):
    """One mark on the text, `edit.start`..`edit.end`, and what there is to say about it."""

    edit: Edit
    is_made: bool
    notes: tuple[Note, ...]


class Passage(NamedTuple):
    """`start`..`end` of the text with its spots; `line` and `column` of its start count from 1.

    `is_cut` tells whether the line goes on before it, and behind it.
    """

    start: int
    end: int
    line: int
    column: int
    spots: tuple[Spot, ...]
    is_cut: tuple[bool, bool]


def passages(repair: Repair) -> Iterator[Passage]:
    """The passages of a repair in order; they do not overlap, and every edit and hint is in one.

    >>> import zhfix
    >>> text = "好\\n廣州市番禺區(qū)召開大會"
    >>> [(p.line, text[p.start : p.end], len(p.spots)) for p in passages(zhfix.explain(text))]
    [(2, '廣州市番禺區(qū)召開大會', 1)]
    """
    text = repair.source
    line, line_start, counted, done = 1, 0, 0, 0
    groups = list(_groups(text, _spots(repair)))
    for group, following in zip_longest(groups, groups[1:]):
        first, last = group[0].edit.start, max(spot.edit.end for spot in group)
        low, high = _line_around(text, first, last)
        if high - low > _LINE:
            low, high = max(low, first - _AROUND), min(high, last + _AROUND)
        low = max(low, done)
        if following:
            high = min(high, following[0].edit.start)
        line += text.count("\n", counted, low)
        line_start = text.rfind("\n", counted, low) + 1 or line_start
        is_cut = (low > line_start, high < len(text) and "\n" not in text[high - 1 : high + 1])
        counted, done = low, high
        if high > last and text[high - 1 : high + 1] == "\r\n":
            high -= 1
        yield Passage(low, high, line, low - line_start + 1, tuple(group), is_cut)


def _line_around(text: str, first: int, last: int) -> tuple[int, int]:
    """Start and end, without its LF, of the line or lines that hold first..last; the search ends
    where they are longer than what is shown.
    """
    low = text.rfind("\n", max(0, first - _LINE), first) + 1 or max(0, first - _LINE)
    if text[last - 1 : last] == "\n" and last > first:
        return low, last  # the edit takes the line end with it
    high = text.find("\n", last, last + _LINE)
    return low, high if high >= 0 else min(len(text), last + _LINE)


def _groups(text: str, spots: Sequence[Spot]) -> Iterator[list[Spot]]:
    """Spots to be shown together: those of a short line, or of one stretch of a long line."""
    group: list[Spot] = []
    start = end = 0
    for spot in spots:
        edit = spot.edit
        if group and _is_apart(text, (start, end), edit):
            yield group
            group = []
        if not group:
            start = end = edit.start
        group.append(spot)
        end = max(end, edit.end)
    if group:
        yield group


def _is_apart(text: str, span: tuple[int, int], edit: Edit) -> bool:
    """Whether an edit is too far from the span before it to be shown with it."""
    start, end = span
    gap = edit.start - end
    if gap > _LINE or edit.end - start > _LINE or "\n" in text[max(0, end - 1) : edit.start]:
        return True
    if gap <= _GAP:
        return False
    low, high = _line_around(text, start, edit.end)
    return high - low > _LINE


def _spots(repair: Repair) -> list[Spot]:
    """Marks in the order of the text, none on top of another: a hint on characters that are marked
    is a note of that mark.
    """
    both = [Note(edit, True) for edit in repair.edits] + [
        Note(hint, False) for hint in repair.hints
    ]
    both.sort(key=lambda note: (note.edit.start, not note.is_made, note.edit.end))
    starts = [edit.start for edit in repair.edits]
    spots: list[Spot] = []
    for note in both:
        edit, last = note.edit, spots[-1] if spots else None
        if note.is_made:
            if last and last.is_made and len(last.notes) == 1 and _is_one(last.edit, edit):
                note = Note(_joined(last.edit, edit), True, last.notes[0].n + 1)
                spots.pop()
            spots.append(Spot(note.edit, True, (note,)))
        elif last and edit.start < last.edit.end:
            spots[-1] = last._replace(notes=(*last.notes, note))
        else:
            at = bisect_right(starts, edit.start)
            if at < len(starts) and starts[at] < edit.end:  # an edit begins inside: mark up to it
                cut = starts[at]
                edit = edit._replace(end=cut, before=edit.before[: cut - edit.start])
            spots.append(Spot(edit, False, (note,)))
    return spots


def _is_one(one: Edit, other: Edit) -> bool:
    """Whether two edits that touch are shown as one: replacements for one reason."""
    return (
        one.end == other.start
        and (one.rule, one.why) == (other.rule, other.why)
        and bool(one.after and other.after)
        and len(one.before) < _AROUND
    )


def _joined(one: Edit, other: Edit) -> Edit:
    return one._replace(
        end=other.end,
        before=one.before + other.before,
        after=one.after + other.after,
        sure=min(one.sure, other.sure),
    )
