"""Japanese words in a Chinese sentence: 他們說「ありがとう」的時候."""

from __future__ import annotations

from zhfix.pattern import pattern
from zhfix.script import KANA

__all__ = ["quoted_spans"]

_MARKS = pattern(
    r"「[^「」\n]*」|『[^『』\n]*』|《[^《》\n]*》|“[^“”\n]*”|（[^（）\n]*）|\([^()\n]*\)"
)
# what Japanese has in no word without kana, at most in one
_CHINESE = pattern("[们們这這吗嗎吧您她么麼没沒很说說]|[」』》”）)]的|[的是了不在有和也都]")
_LEAST = 2  # different words that make a sentence Chinese


def quoted_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where a Chinese sentence quotes Japanese, marks included; nothing where the sentence itself
    may be Japanese.

    >>> quoted_spans("他們說「ありがとう」的時候", 0, 13)
    [(3, 10)]
    >>> quoted_spans("「ありがとう」と言う", 0, 10)
    []
    """
    found = [m.span() for m in _MARKS.finditer(text, start, end) if KANA.search(m.group())]
    edges = [start, *(edge for span in found for edge in span), end]
    around = list(zip(edges[::2], edges[1::2], strict=True))
    if not found or any(KANA.search(text, a, b) for a, b in around):
        return []
    # the mark before 的 belongs to the words around
    words = {word for a, b in around for word in _CHINESE.findall(text, max(start, a - 1), b)}
    return found if len(words) >= _LEAST else []
