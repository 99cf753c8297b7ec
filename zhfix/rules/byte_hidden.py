"""Pairs of bytes that show nothing: what two characters they may have belonged to.

Out of step, every pair is the second byte of one character and the first of the next. One in
sixteen such pairs (areas AAA1-AFFE, F8A1-FEFE, A140-A7A0 and odd cells) has no character; a raw
page shows a private-use character, a stored collection nothing, and both bytes are gone.
"""

from __future__ import annotations

from functools import cache, lru_cache

from zhfix.model import UNIT, load
from zhfix.rules.byte_page import Page
from zhfix.rules.gbk import code, gbk, keys

__all__ = ["hidden_keys", "hidden_runs"]

_RARE = -15 * UNIT  # an unlikelier character is not tried
_TRIED = 12  # first characters tried
_FOUND, _ALIKE = 20, 10  # pairs of characters kept, and how many of them begin alike
_SPAN = 10 * UNIT  # a pair this far behind the best one is given up
_TRIED_FAR, _FOUND_FAR = 3, 4  # the same where two pairs in a row show nothing
_WELL = -10 * UNIT  # where one pair explains as much no two in a row are tried
_MIDDLES = 6  # characters tried between them


def hidden_runs(page: Page, out: str, hand: int, first: int) -> list[tuple[int, str]]:
    """The likeliest two or three characters after `out` with nothing but pairs that show nothing
    between them: the first one begins with `hand`, the last one ends with `first`. With their
    scores.
    """
    step, known, before = page.steps, page.known, out[-1:]
    pairs: list[tuple[int, str]] = []
    firsts = _firsts(page, out, hand)
    for score, lead, one in firsts:
        # a further step only costs, and one so far behind the best is not read on
        least = pairs[0][0] - _SPAN if pairs else 2 * _RARE
        least = max(least, pairs[-1][0] if len(pairs) == _FOUND else least) - score
        if least < 0:
            twos = _seconds(page, lead, first)
            found = [
                (more, two)
                for more, two in zip(step(before + one, twos), twos, strict=True)
                if more > _RARE and more > least
            ]
            found.sort(reverse=True)
            del found[_ALIKE:]
            known.update((before + one + two, more) for more, two in found)
            pairs += [(score + more, one + two) for more, two in found]
            pairs.sort(reverse=True)
            del pairs[_FOUND:]
    if pairs and pairs[0][0] > _WELL:
        return pairs
    middles: list[tuple[int, int, str]] = []
    for score, lead, one in firsts[:_TRIED_FAR]:
        middles += [
            (score + page.step(before + one, two), trail, one + two)
            for trail, two in _middles(one, lead)
        ]
    middles.sort(reverse=True)
    triples: list[tuple[int, str]] = []
    for score, trail, two in middles[:_TRIED_FAR]:
        threes = _seconds(page, trail, first)
        steps = zip(step(two, threes), threes, strict=True)
        triples += [(score + more, two + three) for more, three in steps if more > _RARE]
    triples.sort(reverse=True)
    both = pairs + triples[:_FOUND_FAR]
    least = max(both)[0] - _SPAN if both else 0
    return [item for item in both if item[0] > least]


def hidden_keys(page: Page, out: str, hand: int, pinyin: str) -> list[str]:
    """Two characters after `out` where the second one is a character with the gloss `pinyin`."""
    return [
        one + two
        for _, lead, one in _firsts(page, out, hand)
        for trail in sorted(gbk().hidden[lead])
        for two in keys(trail, pinyin, is_open=False)
    ]


def _firsts(page: Page, out: str, hand: int) -> list[tuple[int, int, str]]:
    leads, chars = _hiding(hand)
    found = sorted(zip(page.steps(out, chars), leads, chars, strict=True), reverse=True)
    firsts = [item for item in found[:_TRIED] if item[0] > _RARE]
    page.known.update((out[-2:] + one, score) for score, _, one in firsts)
    return firsts


def _seconds(page: Page, lead: int, trail: int) -> tuple[str, ...]:
    """Characters that end with `trail` and whose first byte, behind `lead`, shows nothing."""
    return page.usual(lead << 8 | trail, _hidden_by(lead, trail))


@lru_cache(maxsize=2048)
def _middles(one: str, lead: int) -> tuple[tuple[int, str], ...]:
    """Likely characters behind `one`, hidden behind `lead`, whose second byte leads such pairs
    again: their second bytes and they.
    """
    known = _leading(lead)
    likely = [(score, known[x]) for x, score in load().followers(one) if x in known]
    return tuple((code(two) & 0xFF, two) for _, two in sorted(likely, reverse=True)[:_MIDDLES])


@cache
def _leading(lead: int) -> dict[int, str]:
    """Common characters whose first byte, behind `lead`, shows nothing, and whose second one leads
    such pairs; by the model's numbers.
    """
    hidden, common, symbol = gbk().hidden, gbk().common, load().symbol
    found = (char for trail in sorted(hidden) for char in _hidden_by(lead, trail))
    return {symbol(char): char for char in found if char in common}


@cache
def _hiding(hand: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Second bytes of those characters with the byte `hand` whose second byte leads pairs that show
    nothing, and the characters.
    """
    hidden, chars = gbk().hidden, gbk().by_lead.get(hand, ())
    found = [(code(char) & 0xFF, char) for char in chars if code(char) & 0xFF in hidden]
    return tuple(lead for lead, _ in found), tuple(char for _, char in found)


@cache
def _hidden_by(lead: int, trail: int) -> tuple[str, ...]:
    hidden = gbk().hidden[lead]
    return tuple(char for char in gbk().by_trail.get(trail, ()) if code(char) >> 8 in hidden)
