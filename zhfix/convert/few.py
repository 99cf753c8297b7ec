"""The dictionaries and the choice of forms as far as a line or two need them.

To read STPhrases whole, 49,000 phrases, and to prepare it takes 100 ms. Only phrases that begin
with a character of the line can be in it, so the first short texts of a process are converted with
those alone, the slow way, which costs a command less.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from zhfix.convert.chain import Chain
from zhfix.convert.choice import Choice
from zhfix.first_lines import FEWER, is_few
from zhfix.pattern import pattern
from zhfix.tables import load_map, load_near

__all__ = ["choice_near", "convert", "is_for_few", "phrases"]

_LARGE = frozenset({"STPhrases"})  # the other dictionaries are read in a millisecond
# the ranges of compatibility ideographs, which conversion replaces first
_COMPAT = pattern("[\uf900-\ufaff\U0002f800-\U0002fa1f]")


def is_for_few(kind: str, text: str) -> bool:
    """Whether a text is to be converted here; to ask counts. A kind begins with its config: only
    those from Simplified have the large dictionary.
    """
    if not kind.startswith("s2") or not is_few(kind, text, FEWER):
        return False
    return not _COMPAT.search(text)


def _load(chars: frozenset[str], name: str) -> Mapping[str, str]:
    if name not in _LARGE:
        return load_map(name)
    return {row[0]: row[1] for row in load_near(name, chars)}


def _chain(config: str, text: str) -> Chain:
    # the large dictionary is in the first steps only, so the characters of the text are enough
    return Chain(config, partial(_load, frozenset(text)))


def convert(config: str, text: str) -> str:
    """What the engine for a config makes of a text without compatibility ideographs.

    >>> convert("s2t", "头发干净")
    '頭髮乾淨'
    """
    made = _chain(config, text).convert(text)
    return text if made == text else made


def phrases(config: str, text: str) -> list[tuple[int, int]]:
    """`Chain.phrases` of the text."""
    return list(_chain(config, text).phrases(text))


def choice_near(region: str, variants: str, text: str) -> Choice:
    """The choice between the forms of the characters of a text."""
    return Choice.read(region, variants, frozenset(text))
