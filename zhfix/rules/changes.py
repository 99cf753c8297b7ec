"""What hans writes otherwise, asked of single characters where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from operator import ne

from zhfix.convert.engine import joined_span
from zhfix.convert.suspects import near
from zhfix.convert.writer import is_settled_in_hans, to_hans, to_hans_characters
from zhfix.pattern import one_of

__all__ = ["are_changed", "changing", "changing_places", "is_changed", "open_part"]

_CONTEXT = 2  # characters beside a phrase that the choice between forms looks at
_N_KNOWN = 1 << 13  # places remembered
_LONGEST = 200  # characters of a part that is remembered
_GROUP = 32  # places asked at once: nearly all text that has a changed one has many


@cache
def changing() -> frozenset[str]:
    """The characters that are written otherwise in hans, by themselves or in some word."""
    return to_hans_characters()


def is_changed(text: str, places: Sequence[int]) -> bool:
    """Whether hans writes something otherwise at one of some places.

    >>> is_changed("著名", [0]), is_changed("说著", [1])
    (False, True)
    """
    for i in range(0, len(places), _GROUP):
        parts = (open_part(text, at) for at in places[i : i + _GROUP])
        if any(are_changed([part for part in parts if part])):
            return True
    return False


def open_part(text: str, at: int) -> str:
    """What has to be converted to know whether hans writes something otherwise at a place; nothing
    where it is known to stand.
    """
    here = near(text, at)
    if here in _SETTLED:
        return ""
    start, end = joined_span("t2s", text, at)
    if end - start == 1 and is_settled_in_hans(text, at):
        if len(_SETTLED) > _N_KNOWN:
            _SETTLED.clear()
        _SETTLED.add(here)
        return ""
    # nothing that converts looks beyond its line
    before, _, _ = text[at : end + _CONTEXT].partition("\n")
    return text[max(0, start - _CONTEXT) : at].rpartition("\n")[2] + before


def are_changed(parts: Sequence[str]) -> list[bool]:
    """Whether hans writes something otherwise in each of some parts.

    >>> are_changed(["是著名的", "他说著话"])
    [False, True]

    Cost: those that nobody has met are converted together.
    """
    told = [_KNOWN.get(part) for part in parts]
    new = {part for part, one in zip(parts, told, strict=True) if one is None}
    if new:
        lines = [*new]
        written = to_hans("\n".join(lines)).split("\n")
        found = dict(zip(lines, map(ne, lines, written), strict=True))
        if len(_KNOWN) > _N_KNOWN:
            _KNOWN.clear()
        _KNOWN.update((part, is_one) for part, is_one in found.items() if len(part) <= _LONGEST)
        told = [found[part] if one is None else one for part, one in zip(parts, told, strict=True)]
    return [bool(one) for one in told]


def changing_places(line: str) -> list[int]:
    """Where a line has characters of `changing`."""
    return [match.start() for match in _finder().finditer(line)]


@cache
def _finder() -> re.Pattern[str]:
    return one_of(changing())


# characters between two neighbours that show by themselves that it stands, and whether parts are
# written otherwise; only memories
_SETTLED: set[str] = set()
_KNOWN: dict[str, bool] = {}
