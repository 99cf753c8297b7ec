"""What is known of suspects in their clauses, remembered: all that decides whether a form is wrong
stands in its clause, and the same clauses come again and again.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from zhfix.convert.by_word import Doubt, by_word
from zhfix.convert.clauses import Spot
from zhfix.convert.ways import Ways, ways_each, with_base
from zhfix.convert.wrong import doubt_at, told_at

__all__ = ["Reading", "readings"]

_KEPT = 1 << 11  # suspects remembered for a region, 2 MB; then the memory starts anew
_LONG = 100  # characters; hardly a clause is longer, and none of them comes again


class Reading:
    """What its clause says of a suspect: the doubt about its form, with its offset in the clause,
    whether another one is written there, and whether Simplified text has another character.
    """

    __slots__ = ("_at", "_told", "_ways", "doubt", "is_other", "is_own")

    def __init__(self, at: int, ways: Ways) -> None:
        stands, meant = ways.stands[at], ways.meant[at]
        self.is_own = stands != ways.hans[at]
        self.is_other = stands != meant
        doubt: Doubt | None = doubt_at(at, ways) if self.is_other else by_word(at, ways)
        if doubt and doubt.after == meant:
            doubt = doubt._replace(after=ways.written[at])
        self.doubt = doubt
        self._at = at
        self._ways: Ways | None = ways
        self._told = 0.0

    def told(self) -> float:
        """What the suspect says for (nats) a conversion of all the text, character by character;
        found out when it is asked for, which it seldom is.
        """
        if (ways := self._ways) is not None:
            self._told = told_at(self._at, with_base(ways))
            self._ways = None  # last: another thread may ask
        return self._told


def readings(spots: Sequence[Spot], to: str) -> list[Reading]:
    """What is known of each of the spots; `to` names the region whose forms are written.

    >>> [reading.doubt.after for reading in readings([("，皇后的頭發。\\n", 5)], "hant")]
    ['髮']

    Cost: clauses that are not remembered are converted together.
    """
    known = _known(to)
    found = [known.get(spot) for spot in spots]
    new: dict[str, list[int]] = {}
    for (line, at), reading in zip(spots, found, strict=True):
        if reading is None:
            new.setdefault(line, []).append(at)
    made = {
        (line, at): Reading(at, ways)
        for (line, places), ways in zip(new.items(), ways_each(new, to), strict=True)
        for at in places
    }
    if len(known) > _KEPT:
        known.clear()
    known.update((spot, reading) for spot, reading in made.items() if len(spot[0]) <= _LONG)
    return [reading or made[spot] for spot, reading in zip(spots, found, strict=True)]


@cache
def _known(_: str) -> dict[Spot, Reading]:
    """The memory of one region."""
    return {}
