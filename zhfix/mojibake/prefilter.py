"""Where damage may be: what clears clean text at the price of a scan.

Three questions, each asked only where the one before said yes: a character, or two or three side by
side, that clean text seldom holds; two neighbours whose bytes would be likelier Chinese; a stretch
around them that some chain improves. `hits` is the same with and without numpy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from zhfix.model import UNIT, load
from zhfix.mojibake.gaps import MARK
from zhfix.mojibake.lattice import gains
from zhfix.mojibake.oddities import EMOJI, GONE, LOST, hits, is_for_arrays
from zhfix.mojibake.pairs import LEAST, is_narrow, may_be, narrow_may_be
from zhfix.pattern import pattern

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = ["begins", "beside", "has_narrow", "lines", "may_be_name"]

_LONG: Final = 4096  # characters to a line end beyond which a line is not searched as a whole
_AROUND: Final = 512  # characters searched around a place then
_RUN: Final = 16  # narrow characters looked at around a hit
_REACH: Final = 6  # characters on each side that a first reading takes in
_ENOUGH: Final = 10 * UNIT  # what two neighbours must gain that have no third beside them
_GAIN: Final = 3 * UNIT  # what it must gain
_DEAR: Final = 29 * UNIT // 2  # what two neighbours cost in damage
_LITTLE: Final = 2 * UNIT  # what two neighbours must gain in a name
_BY_ITSELF: Final = frozenset(GONE + EMOJI)
_RUNS: Final = pattern("[\x80-\u2e7f]{4,}")
_RUN_ON: Final = pattern("[\x80-\u2e7f]+")
_FIRST: Final = "\xa0"  # what is before it is a C1 control
_LOST_SEEN: Final = pattern("[" + LOST + "]")


def lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines of a text that may hold damage, as offsets; of an endless line, what is around the
    places.
    """
    done = 0
    held: tuple[int, int] | None = None
    for at in begins(text, (at for at in _places(text) if at >= done)):
        begin = text.rfind("\n", max(0, at - _LONG), at) + 1
        if not begin and at > _LONG:
            begin = at - _AROUND
        done = end = text.find("\n", at, at + _LONG)
        if end < 0:
            done = end = len(text)
        if end - at > _LONG:
            end = at + _AROUND
            done = at + _AROUND // 2  # what comes next may reach further
        if held and begin <= held[1]:
            held = held[0], end
            continue
        if held:
            yield held
        held = begin, end
    if held:
        yield held


def _places(text: str) -> Iterable[int]:
    """The hits, without those that arrays show to have the answer no."""
    if not is_for_arrays(text):
        return hits(text)
    from zhfix.mojibake.pairs_bulk import likely  # numpy: only where it is loaded

    return likely(text, list(hits(text)))


def may_be_name(text: str) -> bool:
    """The second question for each place of a short text, which has too few characters to show a
    hot one.
    """
    if "?" in text or _LOST_SEEN.search(text):
        return True
    if any(map(is_narrow, text)):
        return True
    lone = len(text) - sum(c < "\x80" for c in text) < 3
    if lone:
        return True
    unigram = load().unigram
    costs = [-unigram(c) for c in text]
    return any(
        costs[i] + costs[i + 1] >= _DEAR and may_be(text[i : i + 2], _LITTLE)
        for i in range(len(text) - 1)
    )


def has_narrow(text: str) -> bool:
    """Whether a short text holds a run of letters or signs that may be Chinese bytes."""
    return any(narrow_may_be(run) for run in _RUNS.findall(text))


def begins(text: str, places: Iterable[int]) -> Iterator[int]:
    """Those of the places at which damage may begin, in order: the second and third question. A
    short run of letters that other languages write is asked about once.
    """
    sound = 0
    for at in places:
        char = text[at]
        if at < sound and char >= _FIRST:
            continue
        if not is_narrow(char):
            if _wide(text, at):
                yield at
            continue
        start, end = _run(text, at)
        if _narrow(text, at, start, end):
            yield at
        elif end - start <= _RUN:
            sound = end


def _wide(text: str, at: int) -> bool:
    told = beside(text, at)
    if told is not None:
        return told
    part = text[max(0, at - _REACH) : at].rpartition("\n")[2]
    return _reads_better(part + text[at : at + _REACH + 1].partition("\n")[0], len(part))


def beside(text: str, at: int) -> bool | None:
    """The second question for a wide character, which those beside it decide: no, yes, or the third
    is to be asked.
    """
    char, before, after = text[at], text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if char in _BY_ITSELF or "\ue000" <= char < "\uf900" or char == MARK:
        return True
    if after == "?" or MARK in (before, after) or (before < "\x80" and after < "\x80"):
        return True
    is_pair = before > "\x7f" and may_be(before + char)
    return None if is_pair or (after > "\x7f" and may_be(char + after)) else False


def _narrow(text: str, at: int, start: int, end: int) -> bool:
    if text[at] < _FIRST:
        return True
    if end - start == 1 and not text[end : end + 1].isascii():
        return bool(may_be(text[at : at + 2]))
    return narrow_may_be(text[start:end])


def _run(text: str, at: int) -> tuple[int, int]:
    """The narrow characters around one of them, as far as a look goes."""
    start = at
    while start and at - start < _RUN and is_narrow(text[start - 1]):
        start -= 1
    found = _RUN_ON.match(text, at, at + _RUN)
    return start, found.end() if found else at


@lru_cache(1 << 13)
def _reads_better(part: str, at: int) -> bool:
    """Whether some chain improves what is around a wide character, as far as a first look tells."""
    return any(
        _pair(part, start)
        for start in range(max(at - 1, 0), min(at + 1, len(part) - 1))
        if part[start] > "\x7f" < part[start + 1]
    )


def _pair(part: str, at: int) -> bool:
    gained = may_be(part[at : at + 2])
    if not gained:
        return False
    sides = [
        dict(may_be(part[start : start + 2], _LITTLE))
        for start in (at - 1, at + 1)
        if 0 <= start < len(part) - 1 and part[start] > "\x7f" < part[start + 1]
    ]
    chains = [
        (chain, gain)
        for chain, gain in gained
        if gain >= _ENOUGH or not sides or any(chain in side for side in sides)
    ]
    if not chains:
        return False
    # a name is cheaper than its characters are one by one
    model = load()
    spared = model.step(part[max(0, at - 2) : at], part[at])
    spared += model.step(part[max(0, at - 1) : at + 1], part[at + 1])
    spared -= model.unigram(part[at]) + model.unigram(part[at + 1])
    return any(
        gain - spared >= LEAST and gains(part, at, chain, model) > _GAIN for chain, gain in chains
    )
