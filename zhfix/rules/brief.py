"""Which doubts about Traditional forms come to an edit where nobody named a script: those that
stand together, since one wrong form may be a habit, and several are a machine's. Where hints are
not read, only these have to be weighed, hardly any of sound text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence

from zhfix.convert.doubts import doubts_at, naive_share
from zhfix.convert.suspects import spots_among
from zhfix.script import marks
from zhfix.tables import load_map

__all__ = ["CONFIRMED", "LEFT", "TIMES", "Part", "confirmed", "edited_among"]

CONFIRMED = 0.88  # how sure two forms must be wrong that prove each other
_NEAR = 60  # characters; in 5 M clean ones no two different forms so near look wrong
_FAR, _KINDS = 300, 3  # nor three different ones in so many on both sides, of 4 M clean ones
# one of the forms that Simplified has too and sound Traditional in few words, so often in a text
# that has the right one nowhere: no habit
LEFT, TIMES = frozenset("于后里么并准"), 4

Part = tuple[int, int, str]  # of which text, where it begins there, and what stands there


def edited_among(
    texts: Sequence[str], parts: Sequence[Part], region: Callable[[], str]
) -> set[int]:
    """The texts in whose parts doubts may come to more than a hint: there is Simplified among them,
    or two different forms near each other are wrong by what their places say. `region` says whose
    forms are written; it is seldom asked.
    """
    spots: dict[int, list[int]] = {}
    for n, places in spots_among([part for _, _, part in parts]).items():
        i, start, _ = parts[n]
        spots.setdefault(i, []).extend([start + at for at in places])
    open_ = {i: _open(texts[i], places) for i, places in spots.items()}
    asked = [part for part in parts if open_.get(part[0])]
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


def confirmed(text: str, places: Sequence[int]) -> set[int]:
    """Those of the places, which are sorted and hold forms that look wrong, that others confirm: a
    different form stands near, and not beside it (宮里麵 is one reading), or two stand farther off;
    and then the same form farther off as well.

    >>> sorted(confirmed("皇後的頭發很長", [1, 4])), confirmed("皇後和太後", [1, 4])
    ([1, 4], set())
    """
    apart = [at for at, before in zip(places, (-2, *places), strict=False) if at - before > 1]
    found = {at for at in places if _is_paired(text, at, places)}
    found |= _among_kinds(text, apart, places)
    return found | _repeated(text, sorted(found), places) if found else found


def _repeated(text: str, found: Sequence[int], places: Sequence[int]) -> set[int]:
    """The places that hold a form again that was `found` not far from them."""
    known: dict[str, list[int]] = {}
    for at in found:
        known.setdefault(text[at], []).append(at)
    again: set[int] = set()
    for at in places:
        same = known.get(text[at], [])
        i = bisect_left(same, at - _FAR)
        if i < len(same) and same[i] <= at + _FAR:
            again.add(at)
    return again


def _among_kinds(text: str, counted: Sequence[int], places: Sequence[int]) -> set[int]:
    """The places with several kinds of those that are counted around them."""
    seen = Counter[str]()
    low = high = 0
    found: set[int] = set()
    for at in places:
        while high < len(counted) and counted[high] <= at + _FAR:
            seen[text[counted[high]]] += 1
            high += 1
        while low < high and counted[low] < at - _FAR:
            char = text[counted[low]]
            seen[char] -= 1
            if not seen[char]:
                del seen[char]
            low += 1
        if len(seen) >= _KINDS:
            found.add(at)
    return found


def _open(text: str, spots: Sequence[int]) -> list[int]:
    """Those of the places, which are sorted, that may be more than a hint: what they hold says so,
    or others may confirm them.
    """
    seen = Counter(text[at] for at in spots)
    kinds = _among_kinds(text, spots, spots) if len(seen) >= _KINDS else ()
    often = {char for char in LEFT if seen[char] >= TIMES}
    return [
        at
        for at in spots
        if _is_marked(text[at]) or text[at] in often or at in kinds or _is_paired(text, at, spots)
    ]


def _is_marked(char: str) -> bool:
    """Whether a suspect is in Simplified alone, or a form that only Traditional has of a character
    that is none in Simplified.
    """
    mark = marks().get(char)
    return mark == "hans" or (mark is not None and char not in load_map("TSCharacters"))


def _is_paired(text: str, at: int, places: Sequence[int]) -> bool:
    low, high = bisect_left(places, at - _NEAR), bisect_right(places, at + _NEAR)
    return any(abs(other - at) > 1 and text[other] != text[at] for other in places[low:high])
