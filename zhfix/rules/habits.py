"""Spellings that a part of native text has and conversion character by character always (計劃 for
計畫): hints where forms stand beside them that no region writes, so that a table wrote the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from zhfix.named import NamedTuple
from zhfix.protect import Span
from zhfix.rules.classical import is_classical
from zhfix.rules.quoted import is_about
from zhfix.rules.stretches import is_of_table
from zhfix.tables import load_rows

__all__ = ["Habit", "habits"]


class Habit(NamedTuple):
    """A character at `at` that is rather spelled `after`, and why."""

    at: int
    after: str
    why: str


def habits(text: str, span: Span) -> Iterator[Habit]:
    """The spellings in a span of the text, if a table wrote it.

    >>> text = "公路的計劃完成以後，會加強防護作爲"
    >>> [(text[habit.at], habit.after) for habit in habits(text, (0, len(text)))]
    [('劃', '畫')]
    """
    if not is_of_table(text):  # told of all spans at once
        return
    part = text[span[0] : span[1]]
    if not is_of_table(part) or is_about(part) or is_classical(part, 0, len(part)):
        return
    made, forms = _pattern()
    for match in made.finditer(part):
        word, form = forms[int(str(match.lastgroup)[1:])]
        yield Habit(span[0] + match.start(), form, f"{word}: a table's spelling of {form}")


@cache
def _pattern() -> tuple[re.Pattern[str], list[tuple[str, str]]]:
    """The words, each matched at the character in brackets, and their forms."""
    forms = [(word, form) for cell, form, _ in load_rows("hand/habits") for word in cell.split(" ")]
    parts = []
    for i, (word, _) in enumerate(forms):
        left, _, rest = word.partition("[")
        behind = f"(?={rest[2:]})" if rest[2:] else ""
        parts.append((f"(?<={left})" if left else "") + f"(?P<w{i}>{rest[0]}){behind}")
    return re.compile("|".join(parts)), forms
