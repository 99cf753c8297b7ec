"""The default engine: the dictionary's conversion, then the learned choice between forms, then the
region's forms.

hans to hant is s2tw or s2hk, with the forms that the context calls for (choice.py). hant
to hans is t2s, with 著, 乾, 徵 and the like decided by their words. Everything here takes one
script and gives the other; what to convert at all is decided in target.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from zhfix.convert.chain import BLOCK
from zhfix.convert.choice import Choice
from zhfix.convert.engine import engine_for

if TYPE_CHECKING:
    from zhfix.convert.choice_bulk import BulkChoice

__all__ = ["choice_for", "reasons", "to_hans", "to_hant"]

# target -> the dictionary's config, the table of its regional forms, and the choice's region;
# general
# Traditional is written with the forms of Taiwan and most native text (裡 為 群), not OpenCC's own
# (裏 爲 羣)
_TARGETS = {
    "hant": ("s2tw", "TWVariants", ""),
    "hant-tw": ("s2tw", "TWVariants", "tw"),
    "hant-hk": ("s2hk", "HKVariants", "hk"),
}
# with vocabulary: words change after the choice, which wants one character for one
_VOCABULARY = {"hant": "t2tw", "hant-tw": "t2twp", "hant-hk": "t2hkp"}
_BACK = {"hant": "tw2tp", "hant-tw": "tw2tp", "hant-hk": "hk2tp"}
_TO_HANS = ("hans", "")
_LONG = 4_096  # characters from which arrays pay, as in engine.Choice
_WORTH = 300_000  # characters seen in long texts before the arrays are built


def to_hant(text: str, to: str, *, vocabulary: bool = False) -> str:
    """Simplified `text` in `to` (hant, hant-tw, hant-hk).

    >>> to_hant("他系着领带，里面干净", "hant-hk")
    '他繫着領帶，裏面乾淨'
    """
    config, variants, region = _TARGETS[to]
    if vocabulary:
        config, variants = "s2t", ""
    done = []
    for block in _blocks(text):
        hant = engine_for(config).convert(block)
        if len(hant) == len(block):
            hant = _chosen(block, hant, (region, variants))
        done.append(engine_for(_VOCABULARY[to]).convert(hant) if vocabulary else hant)
    return done[0] if len(done) == 1 else "".join(done)


def to_hans(text: str, *, vocabulary: str = "") -> str:
    """Traditional `text` in Simplified; `vocabulary` names the region whose words are exchanged.

    >>> to_hans("著名的作家說著話")
    '著名的作家说着话'
    """
    done = []
    for block in _blocks(text):
        hant = engine_for(_BACK[vocabulary]).convert(block) if vocabulary else block
        hans = engine_for("t2s").convert(hant)
        done.append(_chosen(hant, hans, _TO_HANS) if len(hans) == len(hant) else hans)
    return done[0] if len(done) == 1 else "".join(done)


def _blocks(text: str) -> Iterator[str]:
    """Parts of at least `BLOCK` characters, cut at line ends, which no phrase or context crosses.

    What one step makes of a block is still in the processor's cache when the next step reads it.
    """
    start = 0
    while len(text) - start > BLOCK:
        end = text.find("\n", start + BLOCK) + 1 or len(text)
        yield text[start:end]
        start = end
    if start < len(text) or not text:
        yield text[start:] if start else text


def reasons(text: str, to: str) -> dict[int, str]:
    """Offsets of the characters that the learned choice decides, and the row that spoke."""
    config, variants, region = ("t2s", "", "hans") if to == "hans" else _TARGETS[to]
    base = engine_for(config).convert(text)
    if len(base) != len(text):
        return {}
    changes = choice_for(region, variants).override(text, base)
    return {change.position: change.reason for change in changes}


def _chosen(text: str, base: str, style: tuple[str, str]) -> str:
    if len(text) >= _LONG and (bulk := _Bulk.ready(style, len(text))):
        return bulk.apply_text(text, base)
    return choice_for(*style).apply(text, base)


@cache
def choice_for(region: str, variants: str) -> Choice:
    """The tables of one region and its forms, or of the way to hans."""
    if (region, variants) == _TO_HANS:
        return Choice.to_hans()
    return Choice.read(region, variants)


class _Bulk:
    """When to use arrays: for long texts, once enough has been seen, where numpy is installed."""

    seen = 0

    @classmethod
    def ready(cls, style: tuple[str, str], size: int) -> BulkChoice | None:
        """The choice over arrays, or None while it does not pay."""
        cls.seen += size  # a guess that threads may blur: it only decides when tables are built
        return _bulk(*style) if cls.seen >= _WORTH else None


@cache
def _bulk(region: str, variants: str) -> BulkChoice | None:
    try:
        from zhfix.convert.choice_bulk import BulkChoice  # numpy: 100 ms, long text only
    except ImportError:
        return None
    return BulkChoice(choice_for(region, variants))
