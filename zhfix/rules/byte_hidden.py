"""Pairs of bytes that show nothing: what two characters they may have belonged to.

Out of step, every pair is the second byte of one character and the first of the next. One in
sixteen such pairs (areas AAA1-AFFE, F8A1-FEFE, A140-A7A0 and odd cells) has no character; a raw
page shows a private-use character, a stored collection nothing, and both bytes are gone.
"""

from __future__ import annotations

from functools import cache

from zhfix.model import UNIT, load
from zhfix.rules.byte_page import Page
from zhfix.rules.gbk import gbk, keys

__all__ = ["HIDDEN", "hidden_keys", "hidden_pairs"]

HIDDEN = 1 * UNIT  # price of a pair that shows nothing, beside the model's own
_RARE = -14 * UNIT  # an unlikelier character is not tried
_SECOND = 24  # commonest characters tried for the second one of a pair, beside the page's own
_TRIED = 7  # first characters tried after the model's own choice
_FOUND = 8  # pairs of characters kept


def hidden_pairs(page: Page, out: str, hand: int, first: int) -> list[tuple[str, str]]:
    """The likeliest (one, two) after `out`: one begins with `hand`, two ends with `first`, and the
    pair between them shows nothing.
    """
    step, before = page.step, out[-1:]
    found: list[tuple[int, str, str]] = []
    for score, lead, one in _firsts(page, out, hand):
        pair = before + one
        found += [
            (score + step(pair, two), one, two)
            for i, two in enumerate(_hidden_by(lead, first))
            if i < _SECOND or two in page.shown
        ]
    found.sort(reverse=True)
    del found[_FOUND:]
    return [(one, two) for _, one, two in found]


def hidden_keys(page: Page, out: str, hand: int, pinyin: str) -> list[tuple[str, str]]:
    """The same where two is a character with the gloss `pinyin`."""
    return [
        (one, two)
        for _, lead, one in _firsts(page, out, hand)
        for trail in sorted(gbk().hidden[lead])
        for two in keys(trail, pinyin, is_open=False)
    ]


def _firsts(page: Page, out: str, hand: int) -> list[tuple[int, int, str]]:
    step = page.step
    found = sorted(((step(out, one), lead, one) for lead, one in _hiding(hand)), reverse=True)
    return [item for item in found[:_TRIED] if item[0] > _RARE]


@cache
def _hiding(hand: int) -> tuple[tuple[int, str], ...]:
    """(second byte, character) of those characters with the byte `hand` whose second byte leads
    pairs that show nothing.
    """
    hidden = gbk().hidden
    found = ((trail, char) for trail, char in gbk().by_lead.get(hand, ()) if trail in hidden)
    return tuple(found)


@cache
def _hidden_by(lead: int, trail: int) -> tuple[str, ...]:
    """Characters that end with `trail` and whose first byte, behind `lead`, shows nothing; the
    commonest ones first.
    """
    hidden = gbk().hidden[lead]
    found = ((first, char) for first, char in gbk().by_trail.get(trail, ()) if first in hidden)
    unigram = load().unigram
    return tuple(sorted((char for _, char in found), key=lambda char: (-unigram(char), char)))
