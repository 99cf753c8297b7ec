"""What words kept by hand say against the form at a place, and the record of a doubt."""

from __future__ import annotations

from zhfix.convert.rivals import forms_of, standard
from zhfix.convert.sound import MAYBE
from zhfix.convert.suspects import by_hand, near
from zhfix.convert.told import SELDOM, told_by_word
from zhfix.convert.ways import Ways
from zhfix.named import NamedTuple

__all__ = ["Doubt", "by_row", "by_word", "seldom", "told_wrong"]

_HAND = 5.0  # nats for a row kept by hand
_SELDOM = 3.0  # the same for a spelling that is seldom seen


class Doubt(NamedTuple):
    """A character at `at` for which the context prefers `after`: by `gap` nats, over all text."""

    at: int
    char: str
    after: str
    gap: float
    credit: float  # nats that sound text has on its side: a name, a spelling that regions prefer
    told: float  # what the place itself says about the whole, in nats
    is_shared: bool  # it is what Simplified text would have too: 后 for 後
    most: float  # how sure it is at most, where nothing else around is damaged
    is_certain: bool  # a phrase of the dictionary has the other form, and goes on
    why: str
    is_row: bool = False  # a row with a neighbour says so


def by_row(i: int, ways: Ways) -> tuple[str, str]:
    """The word kept by hand that a place has, and its right form, in the standard one."""
    told, right = told_by_word(ways.stands, i)
    if not told:
        beside = near(ways.meant, i)
        told, right = by_hand((near(ways.text, i), f"{beside[0]}{ways.text[i]}{beside[2]}"))
    return told, standard(right)


def told_wrong(i: int, char: str, told: str, right: str, *, is_shared: bool) -> Doubt:
    """The doubt that such a word tells."""
    why, is_row = f"{told}: the right form is {right}", told != char
    return Doubt(i, char, right, _HAND, 0.0, 0.0, is_shared, 1.0, True, why, is_row=is_row)


def by_word(i: int, ways: Ways) -> Doubt | None:
    """The doubt where the text is written again as it stands: where a character is no choice
    between forms, since Simplified has kept it as it is, but a word kept by hand has another one
    (藉給), or is seldom spelled so.
    """
    if (found := seldom(i, ways)) or ways.hans[i] in forms_of():
        return found
    char, (told, right) = ways.text[i], by_row(i, ways)
    if told in ("", char) or right == ways.stands[i]:
        return None
    return told_wrong(i, char, told, right, is_shared=char == ways.hans[i])


def seldom(i: int, ways: Ways) -> Doubt | None:
    """The doubt about a spelling that native text hardly ever has in this word: a hint."""
    char, (word, form) = ways.text[i], told_by_word(ways.stands, i, SELDOM)
    if not word:
        return None
    why, is_shared = f"{word}: mostly spelled with {form}", char == ways.hans[i]
    return Doubt(i, char, form, _SELDOM, 0.0, 0.0, is_shared, MAYBE, False, why)
