"""Text that was converted character by character, read back: the Simplified text behind it.

The mirror sites' map (docs/mirror-damage.md) turns each Simplified character into one Traditional
one. Where a page is known to be its work, the way back is known as well: 逕 was 迳, not 径; 妳 and
座 are no characters that it writes, so they stood in the source.
"""

from __future__ import annotations

import re
from functools import cache

from zhfix.pattern import compiled
from zhfix.tables import load_map, load_rows

__all__ = ["is_mapped", "unmapped"]


def unmapped(text: str, folded: str) -> str:
    """The Simplified text that the map made `text` of; `folded` is its usual conversion to hans,
    which decides where the map leaves a choice (著) or did not write what stands there (後).

    >>> unmapped("妳逕自坐在座標後面，說著著作", "你径自坐在坐标后面，说着著作")
    '妳迳自坐在座标后面，说着著作'
    """
    if len(text) != len(folded):
        return folded
    table, choices = _tables()
    out = text.translate(table)
    chars = list(out)
    for match in choices.finditer(text):
        chars[match.start()] = folded[match.start()]
    return "".join(chars)


def is_mapped(char: str, source: str) -> bool:
    """Whether the map writes `char` for the Simplified `source`.

    >>> is_mapped("墻", "墙"), is_mapped("牆", "墙"), is_mapped("后", "后")
    (True, False, True)
    """
    return _map().get(source, source) == char


@cache
def _map() -> dict[str, str]:
    """Simplified character to what the map writes; others stay as they are."""
    own = load_map("hand/one_to_one")
    forms = {row[0]: row[2].split(" ") for row in load_rows("forms") if row[1] == "S"}
    out = {
        char: char if char in forms.get(char, ()) else form
        for char, form in load_map("STCharacters").items()
        if len(char) == 1
    }
    return out | own


@cache
def _tables() -> tuple[dict[int, str], re.Pattern[str]]:
    """Traditional character to the Simplified one that the map writes it for; and those of which
    the usual conversion knows better.
    """
    usual = load_map("TSCharacters")
    sources = {
        ord(form): char
        for char, form in _map().items()
        # 缐 becomes 線 as well, but 线 is what text is written with
        if char != form and _is_in("gbk" if usual.get(form) == char else "gb2312", char)
    }
    choices = {char for char, simple in usual.items() if char != simple and _is_in("gbk", simple)}
    choices.difference_update(map(chr, sources))
    del sources[ord("著")]  # of 着, or of itself
    return sources, compiled(f"[{''.join(sorted(choices))}著]")


def _is_in(charset: str, char: str) -> bool:
    """Whether Simplified text of that character set can hold `char`."""
    return len(char.encode(charset, "ignore")) == 2
