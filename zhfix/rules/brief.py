"""Which doubts about Traditional forms may come to an edit where nobody named a script and hints
are not read: hardly any of sound text, so that hardly any has to be weighed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from zhfix.convert.doubts import doubts_at, naive_share
from zhfix.convert.suspects import suspects_each
from zhfix.script import marks
from zhfix.tables import load_map

__all__ = ["CONFIRMED", "NEAR", "Part", "edited_among"]

CONFIRMED = 0.88  # how sure two forms must be wrong that prove each other
NEAR = 60  # characters; in 5 M clean ones no two different forms so near look wrong

Part = tuple[int, int, str]  # of which text, where it begins there, and what stands there


def edited_among(
    texts: Sequence[str], parts: Sequence[Part], region: Callable[[], str]
) -> set[int]:
    """The texts in whose parts doubts may come to more than a hint: there is Simplified among them,
    or two different forms near each other are wrong by what their places say. `region` says whose
    forms are written; it is seldom asked.
    """
    spots: dict[int, list[int]] = {}
    for (i, start, _), each in zip(
        parts, suspects_each([part for _, _, part in parts]), strict=True
    ):
        spots.setdefault(i, []).extend([start + at for at in each.spots])
    open_ = {i: _open(texts[i], places) for i, places in spots.items()}
    asked = [part for part in parts if open_[part[0]]]
    here = [
        [at - start for at in open_[i] if start <= at < start + len(part)]
        for i, start, part in asked
    ]
    found = doubts_at([part for _, _, part in asked], here, region()) if asked else []
    sure: dict[int, list[int]] = {}
    for (i, start, part), doubts in zip(asked, found, strict=True):
        for doubt in doubts:
            # surer than by itself no place becomes
            if _is_marked(part[doubt.at]) or naive_share(doubt.gap) >= CONFIRMED:
                sure.setdefault(i, []).append(start + doubt.at)
    return {i for i, places in sure.items() if _open(texts[i], places)}


def _open(text: str, spots: Sequence[int]) -> list[int]:
    """Those of the places, which are sorted, that may be more than a hint: what they hold says so,
    or another character stands at a place near it, and not beside it.
    """
    return [at for at in spots if _is_marked(text[at]) or _is_paired(text, at, spots)]


def _is_marked(char: str) -> bool:
    """Whether a suspect is in Simplified alone, or a form that only Traditional has of a character
    that is none in Simplified.
    """
    mark = marks().get(char)
    return mark == "hans" or (mark is not None and char not in load_map("TSCharacters"))


def _is_paired(text: str, at: int, places: Sequence[int]) -> bool:
    low, high = bisect_left(places, at - NEAR), bisect_right(places, at + NEAR)
    return any(abs(other - at) > 1 and text[other] != text[at] for other in places[low:high])
