"""Quotation marks of the target script: 「」『』 in Traditional text, “”‘’ in Simplified text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhfix.convert.chain import Piece
from zhfix.pattern import pattern

__all__ = ["quotation_pieces"]

_CURLY = pattern("[“”‘’]")
_CORNER = str.maketrans("「」『』", "“”‘’")
_TO_CORNER = {"“": "「", "”": "」", "‘": "『", "’": "』"}
_CLOSES = {"“": "”", "‘": "’"}


def quotation_pieces(text: str, to: str) -> Iterator[Piece]:
    """Marks to replace so that quotations in `text` are marked as `to` (hans, hant, hant-tw,
    hant-hk) marks them.

    Only marks that pair up inside a line change, so the apostrophe in don’t stays.

    >>> list(quotation_pieces("他说“好”", "hant")), list(quotation_pieces("don’t", "hant"))
    ([(2, 3, '「'), (4, 5, '」')], [])
    """
    if to == "hans":
        for match in re.finditer("[「」『』]", text):
            yield match.start(), match.end(), match.group().translate(_CORNER)
        return
    opened: list[re.Match[str]] = []
    found: list[Piece] = []
    for match in _CURLY.finditer(text):
        if opened and "\n" in text[opened[0].start() : match.start()]:
            opened.clear()
        mark = match.group()
        if mark in _CLOSES:
            opened.append(match)
        elif opened and _CLOSES[opened[-1].group()] == mark:
            start = opened.pop()
            found.append((start.start(), start.end(), _TO_CORNER[start.group()]))
            found.append((match.start(), match.end(), _TO_CORNER[mark]))
    yield from sorted(found)
