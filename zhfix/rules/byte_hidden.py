"""Pairs of bytes that show nothing: what two characters they may have belonged to.

Out of step, every pair is the second byte of one character and the first of the next. One in
sixteen such pairs (areas AAA1-AFFE, F8A1-FEFE, A140-A7A0 and odd cells) has no character; a raw
page shows a private-use character, a stored collection nothing, and both bytes are gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from zhfix.model import UNIT, load
from zhfix.rules.byte_page import Page
from zhfix.rules.gbk import code, gbk, keys

__all__ = ["hidden_keys", "hidden_runs"]

_RARE = -15 * UNIT  # an unlikelier character is not tried
_COMMONEST = 5  # characters tried for the second one of a pair, beside those seen behind the first
_TRIED = 9  # first characters tried
_FOUND = 8  # pairs of characters kept
_TRIED_FAR, _FOUND_FAR = 5, 4  # the same where two pairs in a row show nothing
_MIDDLES = 9  # characters tried between them
_NEXT = 7  # characters tried of those that the model knows to follow, for each second byte


def hidden_runs(page: Page, out: str, hand: int, first: int) -> list[tuple[int, str]]:
    """The likeliest two or three characters after `out` with nothing but pairs that show nothing
    between them: the first one begins with `hand`, the last one ends with `first`. With their
    scores.
    """
    step, before = page.steps, out[-1:]
    pairs: list[tuple[int, str]] = []
    middles: list[tuple[int, int, str]] = []
    for i, (score, lead, one) in enumerate(_firsts(page, out, hand)):
        context = before + one
        if len(pairs) < _FOUND or score > pairs[_FOUND - 1][0]:  # a further step only costs
            twos = _seconds(page, one, lead, first)
            pairs += [
                (score + more, one + two)
                for more, two in zip(step(context, twos), twos, strict=True)
            ]
            pairs.sort(reverse=True)
        if i < _TRIED_FAR:
            trails, twos = _middles(one, lead)
            found = zip(step(context, twos), trails, twos, strict=True)
            middles += [(score + more, trail, one + two) for more, trail, two in found]
    middles.sort(reverse=True)
    triples: list[tuple[int, str]] = []
    for score, trail, two in middles[:_TRIED_FAR]:
        threes = _seconds(page, two[-1], trail, first)
        triples += [
            (score + more, two + three)
            for more, three in zip(step(two, threes), threes, strict=True)
        ]
    triples.sort(reverse=True)
    return pairs[:_FOUND] + triples[:_FOUND_FAR]


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
    return [item for item in found[:_TRIED] if item[0] > _RARE]


def _seconds(page: Page, one: str, lead: int, first: int) -> tuple[str, ...]:
    """Characters that end with `first`, hidden behind `lead`: those known to follow `one`, in the
    model or on the page, and the commonest ones.
    """
    own, known = page.followers(one), _known_seconds(one, lead, first)
    if own and (shown := own.intersection(_hidden_by(lead, first))):
        return (*known, *sorted(shown.difference(known)))
    return known


@lru_cache(maxsize=1 << 13)
def _known_seconds(one: str, lead: int, first: int) -> tuple[str, ...]:
    commonest = _hidden_by(lead, first)[:_COMMONEST]
    return tuple(dict.fromkeys((*commonest, *_followers(one, lead).get(first, ()))))


@lru_cache(maxsize=2048)
def _middles(one: str, lead: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Likely characters behind `one`, hidden behind `lead`, whose second byte leads such pairs
    again: their second bytes and they.
    """
    step, after = load().step, _followers(one, lead)
    known = [
        (step(one, two), trail, two)
        for trail in sorted(gbk().hidden)
        for two in (*after.get(trail, ()), *_hidden_by(lead, trail)[:1])
    ]
    known.sort(reverse=True)
    found = dict.fromkeys((trail, two) for _, trail, two in known[:_MIDDLES])
    return tuple(trail for trail, _ in found), tuple(two for _, two in found)


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
    """Characters that end with `trail` and whose first byte, behind `lead`, shows nothing; the
    commonest ones first.
    """
    hidden = gbk().hidden[lead]
    found = (char for char in gbk().by_trail.get(trail, ()) if code(char) >> 8 in hidden)
    unigram = load().unigram
    return tuple(sorted(found, key=lambda char: (-unigram(char), char)))


@lru_cache(maxsize=2048)
def _followers(one: str, lead: int) -> dict[int, list[str]]:
    """By second byte, characters hidden behind `lead` that the model knows to follow `one`."""
    hidden, out = gbk().hidden[lead], dict[int, list[str]]()
    for two, pair in _known_after(one):
        if pair >> 8 in hidden:
            out.setdefault(pair & 0xFF, []).append(two)
    step = load().step
    for trail, found in out.items():
        if len(found) > _NEXT:
            out[trail] = sorted(found, key=lambda two: (-step(one, two), two))[:_NEXT]
    return out


def _known_after(one: str) -> Iterator[tuple[str, int]]:
    by_id = _by_id()
    for symbol in load().followers(one):
        for two in by_id.get(symbol, ()):
            yield two, code(two)


@cache
def _by_id() -> dict[int, tuple[str, ...]]:
    """The model's number of each character of such a page, with the characters."""
    out: dict[int, tuple[str, ...]] = {}
    symbol = load().symbol
    for char in sorted(gbk().plain):
        one = symbol(char)
        out[one] = (*out.get(one, ()), char)
    out.pop(0, None)
    return out
