"""Characters of a long text counted by what they tell, with the standard library alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from zhfix import script
from zhfix.pattern import pattern

__all__ = ["told"]

_FAR = pattern("[\U00010000-\U0010ffff]")
_NOT_HAN = 255
_ZERO = 128  # the number of what tells nothing; numbers of others are as far from it as they tell
# most characters of any text: they are counted and taken out before the rest is told apart
_MOST = _ZERO, _NOT_HAN, _ZERO + script.MARK, _ZERO - script.MARK


def told(text: str) -> Iterator[tuple[int, int]]:
    """What the Han characters of a text tell, each with how often.

    >>> sorted(told("头发很長，"))
    [(-80, 1), (0, 1), (80, 2)]

    Cost: half of what a `Counter` takes: characters become bytes, which are counted as such.
    """
    # what is beyond the table, and so beyond the BMP, is left standing
    left = text.translate(_numbers()).encode("latin-1", "ignore")
    has_far = len(left) < len(text)
    for number in (*_MOST, *{*left.translate(None, bytes(_MOST))}):
        rest = left.translate(None, bytes((number,)))  # three times as fast as to count one byte
        if len(rest) < len(left) and number != _NOT_HAN:
            yield number - _ZERO, len(left) - len(rest)
        left = rest
    if has_far:
        for char in _FAR.findall(text):
            if script.is_han(char):
                yield script.odds().get(char, 0), 1


@cache
def _numbers() -> bytes:
    """By code point of the BMP, the number of what a character tells."""
    numbers = bytearray([_NOT_HAN]) * (1 << 16)
    for match in script.HAN.finditer("".join(map(chr, range(1 << 16)))):
        numbers[match.start()] = _ZERO
    for char, odd in script.odds().items():
        if char <= "\uffff":
            numbers[ord(char)] = _ZERO + odd
    return bytes(numbers)
