"""Characters of written Cantonese that stand for another form elsewhere: 做吓功課, 响度, 我隻貓."""

from __future__ import annotations

from collections.abc import Iterator

from zhfix.convert.choice import YUE_MARKS
from zhfix.tables import load_rows

__all__ = ["is_own_word", "own_words"]

_SPELLED = "吓响"  # those of them that conversion to Traditional writes otherwise


def is_own_word(text: str, i: int) -> bool:
    """Whether the character at `i` is a word of Cantonese where it stands.

    >>> is_own_word("打吓波", 1), is_own_word("吓一跳", 0), is_own_word("佢响屋企，唔响學校嘅", 1)
    (True, False, True)
    """
    for char, before, behind, is_marked, _ in load_rows("hand/yue"):
        if char == text[i]:
            is_other = text[i - 1 : i] in before if i and before else False
            is_other = is_other or (bool(text[i + 1 : i + 2]) and text[i + 1] in behind)
            return not is_other and (is_marked == "no" or _is_yue(text, i))
    return False


def own_words(text: str) -> list[tuple[int, int]]:
    """Where a text has words of Cantonese that conversion to Traditional would write otherwise.

    >>> own_words("打吓波啦，嚇親我")
    [(1, 2)]
    """
    places = (i for char in _SPELLED if char in text for i in _places(text, char))
    return [(i, i + 1) for i in sorted(places) if is_own_word(text, i)]


def _places(text: str, char: str) -> Iterator[int]:
    at = text.find(char)
    while at >= 0:
        yield at
        at = text.find(char, at + 1)


def _is_yue(text: str, i: int) -> bool:
    """Whether the line shows a character that only Cantonese uses."""
    low, high = max(0, i - _REACH), i + _REACH
    start, end = text.rfind("\n", low, i) + 1 or low, text.find("\n", i, high)
    return not YUE_MARKS.isdisjoint(text[start : high if end < 0 else end])


_REACH = 40  # characters on each side: a sentence or two
