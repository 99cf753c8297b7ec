"""Where each neighbour by itself says so much for a form that its rivals cannot win, at one place:
margins_bulk.py without arrays. A pair of characters comes again far sooner than three do.
"""

from __future__ import annotations

from functools import cache

from zhfix.convert.attested import likely_beside
from zhfix.convert.suspects import (
    PHRASE,
    contest_of,
    hand_rows,
    is_strange,
    neighbours,
    phrase_sides,
    told_beside,
)

__all__ = ["is_settled"]

_NEVER = float("-inf")
_LEAST = 1e-6  # nats: nearer to each other, the forms are compared as suspects.py does it
_N_KNOWN = 1 << 14  # pairs remembered for each side, about 2 MB; then the memory starts anew
_KNOWN: tuple[dict[str, float], dict[str, float]] = {}, {}


def is_settled(place: str) -> bool:
    """Whether the middle one of three characters is no suspect, by what each neighbour says.

    >>> is_settled("在後面"), is_settled("皇後的")
    (True, False)
    """
    left, right = place[:2], place[1:]
    before = _KNOWN[0].get(left)
    if before is None:
        before = _learned(0, left, place[1], place[0])
    behind = _KNOWN[1].get(right)
    if behind is None:
        behind = _learned(1, right, place[1], place[2])
    return before + behind > _LEAST


def _learned(side: int, pair: str, char: str, beside: str) -> float:
    known = _KNOWN[side]
    if len(known) > _N_KNOWN:
        known.clear()
    known[pair] = margin = _margin(side, char, beside)
    return margin


def _margin(side: int, char: str, beside: str) -> float:
    """By how many nats a neighbour prefers a form to the best of its rivals, at least."""
    contest, counted = contest_of(char), neighbours().get(beside, beside)
    if is_strange(char) or not _spoken().isdisjoint(((char, side, beside), (char, side, counted))):
        return _NEVER
    if not contest.is_open:
        return _NEVER if contest.forms else -_NEVER
    if len(contest.forms) < 2:  # nothing contests it
        return -_NEVER
    own, *others = likely_beside(contest.forms, counted, side)
    own -= contest.handicap if side == 0 else 0.0
    names = "Rr" if side else "Ll"
    form = contest.forms[0]
    return min(
        own
        - nats
        + (habit if side == 0 else 0.0)
        # what phrases say for a form speaks of no spelling
        - (0.0 if habit or not _is_of_phrase(counted, form, other, names) else PHRASE)
        for other, nats, habit in zip(contest.forms[1:], others, contest.habits, strict=True)
    )


def _is_of_phrase(char: str, form: str, other: str, names: str) -> bool:
    """Whether phrases have a neighbour beside the other form, and never beside this one."""
    known, own = phrase_sides(other), phrase_sides(form)
    return any(char in known.get(name, "") and char not in own.get(name, "") for name in names)


@cache
def _spoken() -> frozenset[tuple[str, int, str]]:
    """The neighbours that words kept by hand name, by form and side."""
    found: set[tuple[str, int, str]] = set()
    for form, pairs in told_beside().items():
        found.update((form, 0, before) if before else (form, 1, behind) for before, behind in pairs)
    for row in hand_rows():
        before, bracket, rest = row.partition("[")
        if bracket:
            found.update(((rest[0], 0, before[-1:]), (rest[0], 1, rest[2:3])))
    return frozenset(one for one in found if one[2])
