"""The doubts about the Traditional forms of whole texts, and how sure they are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from zhfix.convert.by_word import Doubt
from zhfix.convert.clauses import Clauses, clauses_each
from zhfix.convert.readings import Reading, readings
from zhfix.convert.suspects import FIRST, KINDS, NO_COUNTS, NONE, OTHER, Suspects
from zhfix.convert.wrong import FIRST_FORM, LEAST_SOUND, NO_FORM, OTHER_FORM

__all__ = ["doubts", "doubts_at", "doubts_each", "naive_share", "weighed"]

_PRIOR = -6.5  # log-odds that a text was converted character by character, before it is read
_FLOOR = 0.4  # how likely a form is wrong that Traditional text alone has, before it is read
_LEFT = 0.15  # the same of characters that Simplified text has too


def doubts(text: str, to: str = "hant") -> tuple[list[Doubt], float]:
    """Where the context prefers another form than `text` has, and the log-odds that all of it was
    converted character by character. `to` names the region whose forms are written.

    Only clauses with suspects are converted back and forth; of the others, the forms that a naive
    table would hardly write speak against a conversion of the whole.
    """
    return doubts_each([text], to)[0]


def doubts_each(texts: Sequence[str], to: str = "hant") -> list[tuple[list[Doubt], float]]:
    """`doubts` of each of several texts, whose clauses are converted together."""
    return [_doubts(*each) for each in _read(clauses_each(texts), to)]


def doubts_at(
    texts: Sequence[str], spots: Sequence[list[int]], to: str = "hant"
) -> list[list[Doubt]]:
    """The doubts at some of the suspects of several texts, without what they say of the whole."""
    asked = clauses_each(texts, [Suspects(here, NO_COUNTS) for here in spots])
    return [_found(*each) for each in _read(asked, to)]


def _read(asked: Iterable[Clauses], to: str) -> Iterator[tuple[Clauses, list[Reading]]]:
    """The clauses of texts with what is known of their suspects."""
    every = list(asked)
    found = iter(readings([spot for each in every for spot in each.spots], to))
    for each in every:
        yield each, [next(found) for _ in each.spots]


# what a character that may stand where it does says for a conversion of the whole, in nats
_SOUND = tuple(math.log({FIRST: FIRST_FORM, OTHER: OTHER_FORM, NONE: NO_FORM}[k]) for k in KINDS)
# what one suspect says at most for it, unless Simplified text has it too, and against it
_TOLD, _DENIED = math.log(FIRST_FORM / LEAST_SOUND), -math.log(NO_FORM)
_SURELY = 30.0  # nats beyond which naive_share tells no difference


def _doubts(asked: Clauses, known: Sequence[Reading]) -> tuple[list[Doubt], float]:
    """The doubts of a text, and the log-odds of its conversion as a whole."""
    found = _found(asked, known)
    has_other = any(each.is_other for each in known)
    if not (found and has_other):  # without it, words kept by hand alone told what was found
        return found, _PRIOR
    # before its suspects are weighed
    sound = _PRIOR + sum(n * nats for n, nats in zip(asked.counts, _SOUND, strict=True))
    if _is_settled(sound, known):
        return found, -_SURELY
    doubted = (each for each in known if each.doubt)
    told = [doubt._replace(told=each.told()) for doubt, each in zip(found, doubted, strict=True)]
    return told, sum((each.told() for each in known), sound)


def _found(asked: Clauses, known: Sequence[Reading]) -> list[Doubt]:
    """The doubts with their places in the text."""
    return [
        Doubt(start + each.doubt.at, *each.doubt[1:])
        for start, each in zip(asked.starts, known, strict=True)
        if each.doubt
    ]


def _is_settled(sound: float, known: Sequence[Reading]) -> bool:
    """Whether the sound forms of a page show that it was not converted as a whole, whatever its
    suspects say, or the first of them with the sound ones.
    """
    own = [each for each in known if each.is_own]  # others say nothing for it
    most = sound + len(own) * _TOLD + _DENIED
    for each in own:
        if most < -_SURELY:
            return True
        most += each.told() - _TOLD
    return most < -_SURELY


def naive_share(odds: float) -> float:
    """The probability that log-odds stand for."""
    return 1 / (1 + math.exp(-max(-_SURELY, min(_SURELY, odds))))


def weighed(
    found: Sequence[Doubt], odds_: float, left: Iterable[float]
) -> Iterator[tuple[Doubt, float]]:
    """Each doubt with how sure it is that the character is wrong, 0..1.

    `left`: for each, the share of Simplified among the characters around that tell the script,
    which is how likely a shared character was left unconverted.
    """
    for doubt, hans_share in zip(found, left, strict=True):
        # what the place says of the whole must not count for itself
        slip = hans_share
        if not doubt.is_shared:  # in Simplified text, a stray may come from any converter
            slip = max(naive_share(odds_ - doubt.told), hans_share / 2)
        slip = min(slip, 1 - _FLOOR)
        slip += (1 - slip) * (_LEFT if doubt.is_shared else _FLOOR) * math.exp(-doubt.credit)
        yield doubt, naive_share(doubt.gap + math.log(slip / (1 - slip) if slip < 0.5 else 1.0))
