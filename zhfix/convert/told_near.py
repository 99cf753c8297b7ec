"""Where the longer words kept by hand may want another form: what stands beside it there."""

from __future__ import annotations

from functools import cache

from zhfix.tables import load_rows

__all__ = ["told_near"]


@cache
def told_near() -> dict[str, set[tuple[str, str]]]:
    """The characters that words of hand/told and hand/seldom want in another form, each with what
    they have right before and behind it, nothing where they end.

    >>> ("一", "") in told_near()["發"]  # 千鈞一[發]
    True
    """
    found: dict[str, set[tuple[str, str]]] = {}
    for cell, form, _ in (*load_rows("hand/told"), *load_rows("hand/seldom")):
        for word in cell.split(" "):
            left, _, rest = word.partition("[")
            if rest[0] != form:
                found.setdefault(rest[0], set()).add((left[-1:], rest[2:3]))
    return found
