"""The default engine: the dictionary's conversion, then the learned choice between forms, then the
region's forms.

hans to hant is s2t, with the forms that the context calls for (choice.py), then t2tw or t2hk. hant
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

__all__ = ["reasons", "to_hans", "to_hant"]

# (target, with vocabulary) -> the config that turns OpenCC's standard forms into the region's;
# general Traditional is
# written with the forms of Taiwan and most native text (裡 為 群), not OpenCC's own (裏 爲 羣)
_REGION = {
    ("hant", False): "t2tw",
    ("hant", True): "t2tw",
    ("hant-tw", False): "t2tw",
    ("hant-tw", True): "t2twp",
    ("hant-hk", False): "t2hk",
    ("hant-hk", True): "t2hkp",
}
_BACK = {"hant": "tw2tp", "hant-tw": "tw2tp", "hant-hk": "hk2tp"}
_STYLE = {"hant": "", "hant-tw": "tw", "hant-hk": "hk"}
_LONG = 4_096  # characters from which arrays pay, as in engine.Choice
_WORTH = 300_000  # characters seen in long texts before the arrays are built


def to_hant(text: str, to: str, *, vocabulary: bool = False) -> str:
    """Simplified `text` in `to` (hant, hant-tw, hant-hk).

    >>> to_hant("他系着领带，里面干净", "hant-hk")
    '他繫着領帶，裏面乾淨'
    """
    done = []
    for block in _blocks(text):
        hant = engine_for("s2t").convert(block)
        if len(hant) == len(block):
            hant = _chosen(block, hant, _STYLE[to])
        done.append(engine_for(_REGION[to, vocabulary]).convert(hant))
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
        done.append(_chosen(hant, hans, "hans") if len(hans) == len(hant) else hans)
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
    base = engine_for("t2s" if to == "hans" else "s2t").convert(text)
    if len(base) != len(text):
        return {}
    choice = _choice("hans" if to == "hans" else _STYLE[to])
    return {change.position: change.reason for change in choice.override(text, base)}


def _chosen(text: str, base: str, style: str) -> str:
    if len(text) >= _LONG and (bulk := _Bulk.ready(style, len(text))):
        return bulk.apply_text(text, base)
    return _choice(style).apply(text, base)


@cache
def _choice(style: str) -> Choice:
    """The tables of one direction and region: "" (general), tw, hk, or hans."""
    return Choice.to_hans() if style == "hans" else Choice.read(style)


class _Bulk:
    """When to use arrays: for long texts, once enough has been seen, where numpy is installed."""

    seen = 0

    @classmethod
    def ready(cls, style: str, size: int) -> BulkChoice | None:
        """The choice over arrays, or None while it does not pay."""
        cls.seen += size  # a guess that threads may blur: it only decides when tables are built
        return _bulk(style) if cls.seen >= _WORTH else None


@cache
def _bulk(style: str) -> BulkChoice | None:
    try:
        from zhfix.convert.choice_bulk import BulkChoice  # numpy: 100 ms, long text only
    except ImportError:
        return None
    return BulkChoice(_choice(style))
