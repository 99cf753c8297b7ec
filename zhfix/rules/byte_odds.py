"""How sure the reading of a run is of each of its characters, and which pieces of it are sure.

Every reading that was given up left a doubt behind: the characters it is about, and by how much it
was worse. What a margin is worth was fitted on simulated pages.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import groupby, pairwise

from zhfix.model import UNIT
from zhfix.rules.byte_page import LOST
from zhfix.rules.byte_runs import Cut, Run
from zhfix.rules.byte_steps import Doubt

__all__ = ["all_right", "doubtful", "odds_of", "pieces", "rights_of", "unknown"]

# how sure a reading is of a character: the odds of each other reading are `rivals` times e to the
# minus margin / `heat`, fitted on 3,969 runs of simulated pages of nine kinds
_CERTAIN, _GUESSED = 0.996, 0.99
_OTHER = 1.35, 1.12  # rivals, heat
_QUOTED = 1.92, 0.92  # 。 read as the character that lost a byte before ！, mostly 。”
_STOP = 0.85, 1.15  # 。 before another mark
_FIRST = 0.8, 1.5  # another character there
_ENDED = 0.8, 0.9  # one whose second byte, with the first one of the mark behind it, made a 。
_SWALLOWED = 1.25, 0.81  # a character whose second byte took an ASCII character along


def unknown(run: Run, text: str) -> set[int]:
    """Characters of a reading that nothing can tell."""
    open_ = {i for i, char in enumerate(run.text) if char == LOST}
    if run.n_guessed and not run.start and not run.text.startswith(text[:1]):
        open_.add(0)  # a first character: nothing stands before it that could tell
    return open_


def doubtful(
    run: Run, known: set[int], odds: list[float], rights: list[float], floor: float
) -> set[int]:
    """Characters of a reading of which it is not as sure as `floor`, and those `known` to be so."""
    open_ = set(known)
    touched = [_touched(doubt, run) for doubt in run.doubts]
    for i, right in enumerate(rights):
        if right < floor and i not in open_:
            doubts = [(odd, j) for j, odd in enumerate(odds) if i in touched[j]]
            open_.update(touched[max(doubts)[1]] if doubts else (i,))
    for _ in run.doubts:  # a piece may be less sure than each of its characters
        poor = next((kept for kept in _kept(run, open_) if _all(rights, kept) < floor), [])
        left = [i for i in poor if rights[i] < _GUESSED]
        if not left:
            break
        low = min(left, key=rights.__getitem__)
        open_.update(touched[max((odd, j) for j, odd in enumerate(odds) if low in touched[j])[1]])
    return open_


def all_right(rights: Iterable[float]) -> float:
    """How sure a reading is of all these characters of it. Neighbours of which it is as sure are
    one doubt.

    >>> round(all_right([0.9, 0.9, 0.8]), 2)
    0.73
    """
    doubts = [right / _GUESSED for right, _ in groupby(rights) if right < _GUESSED]
    return _GUESSED * math.prod(doubts) if doubts else 1.0


def _all(rights: list[float], chars: list[int]) -> float:
    return all_right(rights[i] for i in chars)


def _kept(run: Run, open_: set[int]) -> list[list[int]]:
    """The characters of each piece that are not left open."""
    if not open_:
        return [list(range(len(run.text)))]
    found = pieces(run, open_)
    return [[i for i in range(one[0], two[0]) if i not in open_] for one, two, _ in found]


def rights_of(run: Run, odds: list[float]) -> list[float]:
    """How sure the reading is of each of its characters."""
    against = [0.0] * len(run.text)
    for doubt, odd in zip(run.doubts, odds, strict=True):
        for i in _touched(doubt, run):
            against[i] += odd
    return [_GUESSED / (1 + odd) if odd else _CERTAIN for odd in against]


def odds_of(
    run: Run, *, is_lost: bool, is_ended: bool = False, is_quoted: bool = False
) -> list[float]:
    """Odds that the other reading of each doubt is right; `is_lost`: the first character lost a
    byte before a mark; `is_ended`: it lost both to two marks, the one behind it stands;
    `is_quoted`: that mark is ！.
    """
    out = []
    for start, end, margin in run.doubts:
        rivals, heat = _OTHER
        if is_ended and (start, end) == (0, 1):
            rivals, heat = _ENDED
        elif is_lost and (start, end) == (0, 1):
            is_stop = run.text[0] == "。"
            rivals, heat = (_QUOTED if is_quoted else _STOP) if is_stop else _FIRST
        elif run.text[end - 1 : end] in ("<", " ", "\n", LOST):
            rivals, heat = _SWALLOWED
        out.append(rivals * math.exp(-margin / (heat * UNIT)))
    return out


def _touched(doubt: Doubt, run: Run) -> range:
    """The characters that a doubt is about; both neighbours where the other reading has more."""
    start, end = doubt.start, doubt.end
    if start == end:
        start, end = start - 1, end + 1
    return range(max(0, start), min(len(run.text), end))


def pieces(run: Run, open_: set[int]) -> list[tuple[Cut, Cut, bool]]:
    """The run in pieces that are sure or doubtful in turn: where each begins and ends, and whether
    it is doubtful.
    """
    if not run.cuts:
        return [((0, 0), (len(run.text), run.end - run.start), False)]
    cuts = [cut for i, cut in enumerate(run.cuts) if not i or cut[1] > run.cuts[i - 1][1]]
    cuts[-1] = run.cuts[-1]  # the last step may use nothing of what is displayed
    out: list[tuple[Cut, Cut, bool]] = []
    for one, two in pairwise(cuts):
        is_open = not open_.isdisjoint(range(one[0], two[0]))
        if out and (out[-1][2] == is_open or out[-1][0][0] == out[-1][1][0]):
            one = out.pop()[0]
        out.append((one, two, is_open))
    if len(out) > 1 and out[-1][0][0] == out[-1][1][0]:  # a piece without characters
        (_, end, _), (start, _, is_open) = out.pop(), out.pop()
        out.append((start, end, is_open))
    return out
