"""What hans writes otherwise, asked of single characters where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from operator import ne

from zhfix.convert.engine import joined_span
from zhfix.convert.suspects import near
from zhfix.convert.writer import is_settled_in_hans, to_hans, to_hans_characters
from zhfix.pattern import one_of

__all__ = ["are_changed", "changed_among", "changing", "is_changed", "open_parts"]

_CONTEXT = 2  # characters beside a phrase that the choice between forms looks at
_N_KNOWN = 1 << 13  # places remembered, and parts
_LONGEST = 200  # characters of a part that is; of longer ones the latest are
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
    parts = open_parts(text, places)
    while group := [*islice(parts, _GROUP)]:
        if any(are_changed(group)):
            return True
    return False


def open_parts(text: str, places: Iterable[int]) -> Iterator[str]:
    """What has to be converted to know whether hans writes something otherwise at each of some
    places, which are sorted; nothing where one is known to stand.

    >>> [*open_parts("说著话\\n著名", [1, 4])]
    ['说著话', '著名']
    """
    end, part = -1, ""
    for at in places:
        if at >= end:  # else it is in the last one: a line may have any number
            here = near(text, at)
            part = ""
            if here not in _SETTLED:
                start, end = joined_span("t2s", text, at)
                if end - start == 1 and is_settled_in_hans(text, at):
                    if len(_SETTLED) > _N_KNOWN:
                        _SETTLED.clear()
                    _SETTLED.add(here)
                else:
                    part = _part(text, start, at, end)
        yield part


def _part(text: str, start: int, at: int, end: int) -> str:
    """What stands around a place in its line: nothing that converts looks beyond that."""
    head = text[max(0, start - _CONTEXT) : at].rpartition("\n")[2]
    return head + text[at : end + _CONTEXT].partition("\n")[0]


def are_changed(parts: Sequence[str]) -> list[bool]:
    """Whether hans writes something otherwise in each of some parts.

    >>> are_changed(["是著名的", "他说著话"])
    [False, True]

    Cost: those that nobody has met are converted together.
    """
    latest = _LATEST[-1]
    told = [(_KNOWN if len(part) <= _LONGEST else latest).get(part) for part in parts]
    new = {part for part, one in zip(parts, told, strict=True) if one is None}
    if new:
        lines = [*new]
        written = to_hans("\n".join(lines)).split("\n")
        found = dict(zip(lines, map(ne, lines, written), strict=True))
        if len(_KNOWN) > _N_KNOWN:
            _KNOWN.clear()
        _KNOWN.update((part, is_one) for part, is_one in found.items() if len(part) <= _LONGEST)
        _LATEST[-1] = found
        told = [found[part] if one is None else one for part, one in zip(parts, told, strict=True)]
    return [bool(one) for one in told]


def changed_among(lines: Sequence[str]) -> list[bool]:
    """Whether hans writes something otherwise in each of some lines.

    >>> changed_among(["著名", "他说著话"])
    [False, True]
    """
    asked = [
        [*open_parts(line, (match.start() for match in _finder().finditer(line)))] for line in lines
    ]
    parts = [*{part for line in asked for part in line if part}]
    changed = {part for part, is_one in zip(parts, are_changed(parts), strict=True) if is_one}
    return [not changed.isdisjoint(line) for line in asked]


@cache
def _finder() -> re.Pattern[str]:
    return one_of(changing())


# characters between two neighbours that show by themselves that it stands, and whether parts are
# written otherwise; only memories
_SETTLED: set[str] = set()
_KNOWN: dict[str, bool] = {}
_LATEST: list[dict[str, bool]] = [{}]
