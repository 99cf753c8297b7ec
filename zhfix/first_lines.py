"""The first short texts of a process: they are read the slow way, character by character, since
what a long text is read with takes longer to prepare than a command has for its one line.
"""

from __future__ import annotations

__all__ = ["FEWER", "is_few"]

_TEXTS = 24  # texts of each kind; about as many cost what the preparation does
FEWER = 6  # of work that costs 3 to 5 ms a text; 10 to 20 would cost what 40 to 80 ms prepare
_LENGTH = 200  # characters; a longer text is worth it

_n_asked: dict[str, int] = {}  # texts so far, for each kind; a guess that threads may blur


def is_few(kind: str, text: str, n_texts: int = _TEXTS) -> bool:
    """Whether this is one of the first short texts of a kind of work; to ask counts as one.

    >>> [is_few("example", "短") for _ in range(100)].count(True) == _TEXTS
    True
    """
    n = _n_asked.get(kind, 0)
    if n >= n_texts or len(text) > _LENGTH:
        return False
    _n_asked[kind] = n + 1
    return True
