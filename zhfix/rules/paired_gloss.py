"""The gloss in the other script: 區(区) in Traditional text, 区(區) in Simplified text.

A machine that inserts it does so at every place; people do it once, for a name's own form, to tell
several forms apart, or where characters are the topic.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import cache

from zhfix.pattern import pattern
from zhfix.report import Edit
from zhfix.rules import tiles
from zhfix.rules.pinyin import BEHIND_HAN, NOTE, OPENING
from zhfix.rules.registry import Context
from zhfix.script import HAN, HAN_CLASS, evidence
from zhfix.shapes import Shape, found_at
from zhfix.tables import load_map, load_rows

__all__ = ["PAIRED", "PROTECTED", "has_pair", "other_script"]

_OTHER = pattern(rf"{BEHIND_HAN}(?P<other>[{HAN_CLASS}])[)）]")
PAIRED = Shape(OPENING, HAN_CLASS, HAN_CLASS)
PROTECTED = "stands in Japanese, code or a protected span"


def other_script(text: str, ctx: Context) -> Iterator[Edit]:
    """The gloss in the other script: 區(区) in Traditional text, 区(區) in Simplified text."""
    pairs = [
        match for match in found_at(_OTHER, text, PAIRED) if _are_pair(match["han"], match["other"])
    ]
    if not pairs:
        return
    chars = [match["han"] for match in pairs]
    simplify = load_map("TSCharacters")
    keys = {simplify.get(char, char) for char in chars}
    bare = _without(NOTE, _without(_OTHER, text))
    n_bare = sum(bare.count(char) for char in set(chars))
    is_taught = tiles.TEACHING.search(text) is not None
    end = -1
    for match in pairs:
        at = match.start("han")
        if at >= end:
            start, end = tiles.line_bounds(text, at)
            around = evidence(_without(_OTHER, text[start:end]))
        script = "hans" if simplify.get(match["other"]) == match["han"] else "hant"
        logit = 1.7 + 0.5 * min(len(keys) - 1, 4) - 2.0 * n_bare / len(pairs)
        notes = []
        if (around.hans if script == "hant" else around.hant) > 0 or around.majority not in (
            script,
            "shared",
        ):
            logit -= 3.0
            notes.append("the text around is in the other script")
        if around.majority == "shared":
            logit -= 1.0
            notes.append("nothing around tells the script")
        if is_taught:
            logit -= 2.5
            notes.append("the text is about characters")
        if _is_many(match["han"], match["other"]):
            logit -= 3.0
            notes.append("it tells one of several forms apart")
        begins = at == 0 or not HAN.match(text[at - 1])
        if script == "hans" and begins and match["han"] in load_map("hand/surnames"):
            logit -= 3.0
            notes.append("a name's own form may be meant")
        if n_bare:
            notes.append("the same characters stand without it")
        why = f"{match['other']} is {match['han']} in the other script"
        sure = 1 / (1 + math.exp(-max(-30.0, logit)))
        if ctx.is_protected(at, match.end()):
            sure, notes = 0.02, [PROTECTED]
        why = "; but ".join([why, ", ".join(notes)]) if notes else why
        yield ctx.edit(*match.span(), "", sure, why)


def has_pair(text: str, places: Sequence[int]) -> bool:
    """Whether such a gloss stands at one of some parentheses."""
    found = (_OTHER.match(text, at) for at in places)
    return any(_are_pair(match["han"], match["other"]) for match in found if match)


def _without(pattern: re.Pattern[str], text: str) -> str:
    """`text` without the notes and the characters before them."""
    out, done = [], 0
    for match in pattern.finditer(text):
        out.append(text[done : match.start("han")])
        done = match.end()
    return "".join(out) + text[done:]


def _are_pair(one: str, other: str) -> bool:
    simplify = load_map("TSCharacters")
    return one != other and (simplify.get(one) == other or simplify.get(other) == one)


def _is_many(one: str, other: str) -> bool:
    """Whether the Simplified one of the two has more than one Traditional form, so that the gloss
    says which.
    """
    return one in _many() or other in _many()


@cache
def _many() -> frozenset[str]:
    return frozenset(row[0] for row in load_rows("forms") if row[1] == "S")
