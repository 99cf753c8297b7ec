"""What hans writes otherwise, asked of single characters where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from zhfix.convert.engine import joined_span
from zhfix.convert.suspects import near
from zhfix.convert.writer import is_settled_in_hans, to_hans, to_hans_characters
from zhfix.pattern import one_of

__all__ = ["changing", "is_changed", "is_changing"]

_CONTEXT = 2  # characters beside a phrase that the choice between forms looks at
_N_KNOWN = 1 << 13  # places remembered


@cache
def changing() -> frozenset[str]:
    """The characters that are written otherwise in hans, by themselves or in some word."""
    return to_hans_characters()


def is_changed(text: str, places: Sequence[int]) -> bool:
    """Whether hans writes something otherwise at one of some places.

    >>> is_changed("著名", [0]), is_changed("说著", [1])
    (False, True)
    """
    return any(near(text, at) not in _SETTLED and _is_changed_at(text, at) for at in places)


def is_changing(line: str) -> bool:
    """Whether hans writes something in a line otherwise.

    >>> is_changing("著名"), is_changing("说著")
    (False, True)
    """
    return is_changed(line, [match.start() for match in _finder().finditer(line)])


@cache
def _finder() -> re.Pattern[str]:
    return one_of(changing())


# characters between two neighbours that show by themselves that it stands; only a memory
_SETTLED: set[str] = set()


def _is_changed_at(text: str, at: int) -> bool:
    start, end = joined_span("t2s", text, at)
    if end - start == 1 and is_settled_in_hans(text, at):
        if len(_SETTLED) > _N_KNOWN:
            _SETTLED.clear()
        _SETTLED.add(near(text, at))
        return False
    return _is_changed(text[max(0, start - _CONTEXT) : end + _CONTEXT])


@lru_cache(_N_KNOWN)
def _is_changed(part: str) -> bool:
    return to_hans(part) != part
