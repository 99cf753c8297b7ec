"""Reads a run of shifted bytes: what the page held before a key was found across two characters.

Where no byte was lost there is one way to read, and it is taken (`_exact`). Else all readings walk
on together over the displayed text, weighed by the character model, until only one is left; by how
much it beat the others where they differed tells how sure each guess is.
"""

from __future__ import annotations

from itertools import pairwise

from zhfix.model import UNIT, load
from zhfix.named import NamedTuple
from zhfix.rules.byte_page import GLOSS, QUERY, Page
from zhfix.rules.byte_steps import Doubt, Path, Reader
from zhfix.rules.byte_stripped import StrippedReader
from zhfix.rules.gbk import EURO, char_at, code, is_plain, reading

__all__ = ["Cut", "Run", "read_run"]

Cut = tuple[int, int]  # characters read, displayed characters used

_BEAM = 16  # readings kept at one place
_SPAN = 7 * UNIT  # a reading this far behind the best one at the same place is given up
_NEAR, _NEAR_SPAN = 3, 5 * UNIT  # readings for which pairs that show nothing are tried
_LONGEST = 4000  # displayed characters: longer runs do not occur, since ASCII ends them
_WEIGHED = 200  # the same for runs with a choice, which cost more than their length
_DOUBTED = 10 * UNIT  # a reading this far behind is no doubt
_DOUBTS = 800  # more of them and nothing can be said; runs of pages have some hundred at most
_ODD = -12 * UNIT  # two characters this unlikely may hide a pair that shows nothing
_POOR = -10 * UNIT  # a run this unlikely on average, a character, is no run


class Run(NamedTuple):
    """The best reading of start..end of the displayed text."""

    start: int
    end: int
    text: str  # LOST stands where a swallowed character cannot be known
    n_keys: int  # glosses that agree with the bytes
    n_guessed: int  # characters of which a byte was lost
    gain: int  # model score over the text read as it shows, glosses dropped
    doubts: tuple[Doubt, ...]
    cuts: tuple[Cut, ...]  # step by step; empty where nothing is in doubt


def read_run(page: Page, start: int, before: str) -> Run | None:
    """The best reading of the displayed text from `start`, where `before` stands before it.

    Ends where all readings agree again. None when the text reads best as it shows.
    """
    return _exact(page, start, before) or _weighed(page, start, before)


def _exact(page: Page, start: int, before: str) -> Run | None:
    """The reading when the bytes leave no choice; None when they do, or when it reads badly."""
    text = page.text
    match = QUERY.match(text, start)
    lead = page.last_byte(before)
    if not match or not lead:
        return None
    found = page.keys(lead, match[1])
    if len(found) != 1:
        return None
    at, hand, out, n_keys = match.end(), code(found[0]) & 0xFF, "", 1
    if hand <= EURO:
        return None
    size = len(text)
    while hand >= 0:
        if hand < EURO:
            out += chr(hand)
            break
        if at >= size or at - start > _LONGEST:
            return None
        shown = text[at]
        if shown == "?":
            match = QUERY.match(text, at)
            found = page.keys(hand, match[1]) if match else ()
            if not match or len(found) != 1:
                return None
            out, at, n_keys = out + found[0], match.end(), n_keys + 1
            break
        pair = code(shown)
        if pair < 0x40:
            return None
        char = char_at(hand << 8 | (pair >> 8 or pair))
        if not is_plain(char) or (hand == 0xA3 and char != "，" and not page.is_raw):
            return None  # behind ， every pair shows nothing and ； may be left of ，不
        out += char
        at += 1
        if text[at : at + 1] == "(":
            match = GLOSS.match(text, at)
            if not match or reading(shown if pair > 0xFF else char) != match[1]:
                return None
            at, n_keys = match.end(), n_keys + 1
        hand = pair & 0xFF if pair > 0xFF else -1
    model = load()
    context = before[-2:]
    steps = [model.step((context + out[:i])[-2:], char) for i, char in enumerate(out)]
    score = sum(steps)
    if score < _POOR * len(out) - 4 * UNIT:
        return None
    if not page.is_raw and any(a + b < _ODD for a, b in pairwise(steps)):
        return None
    shown = GLOSS.sub("", text[start:at])
    gain = score - model.score(context + shown) + model.score(context)
    return Run(start, at, out, n_keys, 0, gain, (), ())


def _weighed(page: Page, start: int, before: str) -> Run | None:
    """The reading that the model likes best."""
    text, context = page.text, before[-2:]
    reader = (StrippedReader if page.is_stripped else Reader)(page, before[:-2])
    path = Path(start, -1, context, 0, 0, 0, False, (), None)
    buckets: dict[int, dict[tuple[int, str], Path]] = {start: {(-1, context): path}}
    while True:
        at = min(buckets)
        paths = sorted(buckets.pop(at).values(), key=_rank)
        best = paths[0]
        if at >= len(text) and all(path.hand < 0 for path in paths):
            for other in paths[1:]:
                best = best._replace(doubts=_doubts(best, other, len(context)))
            break
        if (
            at > start
            and not buckets
            and len(paths) == 1
            and best.hand < 0
            and text[at] not in "?(!"
        ):
            break
        if at - start > _WEIGHED or len(best.doubts) > _DOUBTS or page.n_left < 0:
            return None
        for i, path in enumerate(paths[:_BEAM]):
            if path.score < best.score - _SPAN:
                break
            if at >= len(text) and path.hand < 0:
                _put(buckets, path, len(context))
                continue
            is_near = i < _NEAR and path.score > best.score - _NEAR_SPAN
            for moved in reader.next(path, is_near=is_near):
                page.n_left -= 1
                _put(buckets, moved, len(context))
        if not buckets:
            return None
    if not best.was_shifted:
        return None
    shown, out, score = GLOSS.sub("", text[start : best.at]), context, 0
    for char in shown:
        score += page.step(out, char)
        out += char
    read = best.out[len(context) :]
    gain = best.score - score
    cuts = _cuts(best, start, len(context))
    return Run(start, best.at, read, best.n_keys, best.n_guessed, gain, best.doubts, cuts)


def _cuts(path: Path | None, start: int, n_context: int) -> tuple[Cut, ...]:
    """Where the steps of a reading stand."""
    out: list[Cut] = []
    while path:
        out.append((len(path.out) - n_context, path.at - start))
        path = path.before
    return tuple(reversed(out))


def _rank(path: Path) -> tuple[int, str]:
    return -path.score, path.out


def _put(buckets: dict[int, dict[tuple[int, str], Path]], path: Path, n_context: int) -> None:
    """Add a reading; of two that stand alike the better one stays and remembers the other."""
    bucket = buckets.setdefault(path.at, {})
    slot = (path.hand, path.out[-2:])
    other = bucket.get(slot)
    if other is not None:
        if other.score > path.score:
            path, other = other, path
        found = _doubts(path, other, n_context)
        if found is not path.doubts:
            path = path._replace(doubts=found)
    bucket[slot] = path


def _doubts(path: Path, other: Path, n_context: int) -> tuple[Doubt, ...]:
    """The doubts of `path`, with where `other` reads differently."""
    margin, one, two = path.score - other.score, path.out, other.out
    if margin >= _DOUBTED or one == two:
        return path.doubts
    size, start = min(len(one), len(two)), n_context
    while start < size and one[start] == two[start]:
        start += 1
    tail = 0
    while tail < size - start and one[-1 - tail] == two[-1 - tail]:
        tail += 1
    end = len(one) - tail
    if len(one) != len(two):
        return (*path.doubts, Doubt(start - n_context, end - n_context, margin))
    found = []
    while start < end:
        stop = start + 1
        while stop < end and one[stop] != two[stop]:
            stop += 1
        found.append(Doubt(start - n_context, stop - n_context, margin))
        start = next((i for i in range(stop, end) if one[i] != two[i]), end)
    return (*path.doubts, *found)
