"""Which lines of a text hold characters that tell a script, or such as Simplified text has in few
words only. In text of one script nearly all lines are passed over in one search.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import compress, islice

from zhfix.kept import kept
from zhfix.pattern import one_of
from zhfix.rules.changes import changed_among
from zhfix.script import has_arrays, meets, odds
from zhfix.shapes import Shape

__all__ = [
    "BOTH",
    "HANS",
    "HANT",
    "TELLS",
    "WORDS",
    "Seeker",
    "bits_of",
    "both",
    "slight",
    "telling",
    "traditional",
    "unsound",
]

TELLS = 50  # tenths of nats from which a character counts as one of its script
# Simplified text has these too, in other words: 乾坤 瞭望 著名
BOTH = frozenset("乾著瞭徵藉夥薴麽餘鍾覆像")
# a line holds telling characters of one script; of BOTH, which nobody asks where hant is told
HANS, HANT, WORDS = 1, 2, 4
_PAGE = 5_000  # characters from which arrays pay
_RARE = 50  # characters for each place, from which on to list them all pays


@cache
def telling(sign: int) -> frozenset[str]:
    """The characters that tell one script: 1 hans, -1 hant."""
    is_telling = TELLS.__le__ if sign > 0 else (-TELLS).__ge__
    return frozenset(compress(odds(), map(is_telling, odds().values())))


@cache
def traditional() -> Shape:
    """A character that tells of hant."""
    return Shape("".join(sorted(telling(-1))))


@cache
def both() -> Shape:
    """A character that Simplified text has too, in few words."""
    return Shape("".join(sorted(BOTH)))


def bits_of(line: str) -> int:
    """HANS, HANT and WORDS of a line."""
    bits = 0 if telling(1).isdisjoint(line) else HANS
    if _others().isdisjoint(line):  # nearly every line is read through once only
        return bits
    return bits | (WORDS if telling(-1).isdisjoint(line) else HANT)


@cache
def _others() -> frozenset[str]:
    return telling(-1) | BOTH


@cache
def slight() -> frozenset[str]:
    """The characters that are rarer in hans, and tell too little by themselves."""
    return frozenset(char for char, odd in odds().items() if -TELLS < odd < 0)


class Seeker:
    """Finds the lines of a text that matter to the rules on scripts.

    `is_hans`: no character of the text tells of hant. `is_brief`: what hans would write otherwise
    does not matter in lines without one; `is_calm`: nor do lines where it writes nothing otherwise.
    """

    def __init__(self, text: str, *, is_hans: bool, is_brief: bool, is_calm: bool) -> None:
        self._text, self._chars = text, _sought(is_hans=is_hans, is_brief=is_brief)
        self._listed = unsound(text, is_brief=is_brief) if is_calm else None

    @property
    def is_for_arrays(self) -> bool:
        """Whether characters are so many that to look at all lines at once is cheaper."""
        is_long = len(self._text) >= _PAGE and has_arrays(self._text)
        return is_long and self._listed is None

    def lines(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """The lines between two places that have more than characters of hans, with their bits, and
        those behind them that tell nothing. Lines of hant are one with those behind them that are
        no others.
        """
        text, at, is_next = self._text, start, False
        places = self._places(start, end)
        found = next(places, end)
        hans = -1  # where the next character of hans stands
        while at < end:
            if not is_next:
                if found == end:
                    return
                at = text.rfind("\n", at, found) + 1 or at
            stop = text.find("\n", at, end) + 1 or end
            line, is_sought = text[at:stop], found < stop
            is_hant = False
            while found < stop and not is_hant:
                is_hant = text[found] in telling(-1)
                found = next(places, end)
            bits = 0 if telling(1).isdisjoint(line) else HANS
            if is_hant:
                bits |= HANT
            elif (is_sought or not bits) and not BOTH.isdisjoint(line):
                bits |= WORDS
            is_next = bits != HANS
            if bits == HANT:
                if hans < stop:
                    hans = next(_found(telling(1), text, stop, end), end)
                stop = self._end_of_hant(stop, text.rfind("\n", stop, hans) + 1 or stop)
            if is_hant:
                places = self._places(stop, end)
                found = next(places, end)
            if is_next:
                yield at, stop, bits
            at = stop

    def _places(self, start: int, end: int) -> Iterator[int]:
        """Where such characters stand between two places."""
        listed = self._listed
        if listed is None:
            yield from _found(self._chars, self._text, start, end)
            return
        for i in range(bisect_left(listed, start), len(listed)):
            if listed[i] >= end:
                return
            yield listed[i]

    def _end_of_hant(self, start: int, end: int) -> int:
        """Where the first of some lines begins that has characters of BOTH and none of hant; the
        lines have none of hans.
        """
        text, stop = self._text, start
        for at in _found(BOTH, text, start, end):
            if at >= stop:
                begin = text.rfind("\n", start, at) + 1 or start
                stop = text.find("\n", at, end) + 1 or end
                if telling(-1).isdisjoint(text[begin:stop]):
                    return begin
        return end


def unsound(text: str, *, is_brief: bool = False) -> list[int] | None:
    """The places of a text that are of hant, or of BOTH in lines in which hans writes something
    otherwise, without the latter if `is_brief`; None where there are many.
    """
    most = len(text) // _RARE
    if len(text) >= _PAGE and has_arrays(text):
        from zhfix.rules.changes_bulk import unsound_places  # numpy: where it is loaded

        shown = _sought(is_hans=False, is_brief=True)
        return unsound_places(text, BOTH, shown, most, is_brief=is_brief)
    known = _unsound(text)
    if is_brief not in known:
        known[is_brief] = _searched(text, most, is_brief=is_brief)
    return known[is_brief]


@kept(2)
def _unsound(_: str) -> dict[bool, list[int] | None]:
    return {}


def _searched(text: str, most: int, *, is_brief: bool) -> list[int] | None:
    """The same without arrays."""
    chars = _sought(is_hans=not meets(text, telling(-1)), is_brief=is_brief)
    found = [*islice(_found(chars, text, 0, len(text)), most + 1)]
    if is_brief or len(found) > most:
        return found if len(found) <= most else None
    starts, stops, stop = [], [], 0
    for at in found:
        if at >= stop:
            start, stop = text.rfind("\n", 0, at) + 1, text.find("\n", at) + 1 or len(text)
            starts.append(start)
        stops.append(stop)
    spans = list(zip(starts, dict.fromkeys(stops), strict=True))
    told = changed_among([text[start:stop] for start, stop in spans])
    is_open = {stop for (_, stop), is_one in zip(spans, told, strict=True) if is_one}
    words = BOTH - telling(-1)
    return [
        at
        for at, stop in zip(found, stops, strict=True)
        if text[at] not in words or stop in is_open
    ]


def _found(chars: frozenset[str], text: str, start: int, end: int) -> Iterator[int]:
    found = _finder(chars).finditer(text, start, end)  # lets all of planes 2 and 3 through
    return (match.start() for match in found if match[0] in chars)


@cache
def _sought(*, is_hans: bool, is_brief: bool) -> frozenset[str]:
    """What may make a line matter."""
    words = frozenset[str]() if is_brief else BOTH
    return words | slight() | (frozenset() if is_hans else telling(-1))


@cache
def _finder(chars: frozenset[str]) -> re.Pattern[str]:
    return one_of(chars)
