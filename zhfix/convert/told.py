"""Words kept by hand that tell which form is right where the neighbours look like another word:
國王|後 and 猶太|後裔 are sound, 聲明瞭 and 裡麵包含 are not. Others tell what is seldom written so.
"""

from __future__ import annotations

from functools import cache

from zhfix.convert.rivals import standard
from zhfix.tables import load_rows

__all__ = ["SELDOM", "TOLD", "told_by_word"]

TOLD, SELDOM = "hand/told", "hand/seldom"


def told_by_word(text: str, i: int, table: str = TOLD) -> tuple[str, str]:
    """The longest word of the table around the character at `i`, and the form that it says is
    right there; nothing where it knows none. All in standard forms.

    >>> told_by_word("打敗國王後，他登基了", 4), told_by_word("和王後一起", 2)
    (('國王[後]', '後'), ('', ''))
    """
    for left, right, form in _words(table).get(text[i], ()):
        if text.endswith(left, 0, i) and text.startswith(right, i + 1):
            return f"{left}[{text[i]}]{right}", form
    return "", ""


@cache
def _words(table: str) -> dict[str, list[tuple[str, str, str]]]:
    """What stands on both sides of each character, longest first, and the right form."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for cell, form, _ in load_rows(table):
        for word in standard(cell).split(" "):
            left, _, rest = word.partition("[")
            found.setdefault(rest[0], []).append((left, rest[2:], standard(form)))
    for words in found.values():
        words.sort(key=lambda word: -len(word[0] + word[1]))
    return found
