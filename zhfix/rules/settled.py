"""Text that wakes no rules but those on scripts, as any Traditional text does, and in which these
find nothing: it is done, and no other rule has to be asked.
"""

from __future__ import annotations

from zhfix.convert.suspects import suspects
from zhfix.rules.strays import Place, strays
from zhfix.rules.stretches import is_of_table
from zhfix.rules.telling_lines import telling
from zhfix.rules.wrong_words import has_wrong_words
from zhfix.script import meets

__all__ = ["ON_SCRIPTS", "is_settled"]

ON_SCRIPTS = frozenset(("mixed-script", "over-converted"))


def is_settled(text: str, place: Place) -> bool:
    """Whether the rules ON_SCRIPTS have nothing to say of a text.

    >>> is_settled("皇后說話", Place("auto")), is_settled("皇後的頭發很長", Place("auto"))
    (True, False)

    Cost: what is found is remembered for these rules.
    """
    return not has_wrong_words(text) and (_is_plain(text, place) or not strays(text, place))


def _is_plain(text: str, place: Place) -> bool:
    """Whether nothing in a text tells of hans, and no form is suspect."""
    if not place.is_open or place.stream or place.protected:
        return False
    if not meets(text, telling(-1)) or meets(text, telling(1)) or suspects(text).spots:
        return False
    return place.is_brief or not is_of_table(text)
