"""The default engine: the dictionary's conversion, then the learned choice between forms, then the
region's forms.

hans to hant is s2tw or s2hk, with the forms that the context calls for (choice.py). hant
to hans is t2s, with 著, 乾, 徵 and the like decided by their words. Everything here takes one
script and gives the other; what to convert at all is decided in target.py.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache

from zhfix.arrays import is_long
from zhfix.convert.chain import line_blocks
from zhfix.convert.choice import Choice
from zhfix.convert.engine import (
    BUILD,
    IMPORT,
    LONG,
    chain_for,
    engine_for,
    is_for_few,
    plain_for,
)
from zhfix.convert.routes import config_for
from zhfix.first_lines import FEWER, is_few

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from zhfix.convert.fused import Fused

__all__ = [
    "choice_for",
    "choice_on",
    "fused_for",
    "in_region",
    "is_settled_in_hans",
    "reasons",
    "to_hans",
    "to_hans_characters",
    "to_hant",
]

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
_TO_HANS = ("t2s", "", "hans")


def to_hant(text: str, to: str, *, vocabulary: bool = False) -> str:
    """Simplified `text` in `to` (hant, hant-tw, hant-hk); the same object if nothing changes.

    >>> to_hant("他系着领带，里面干净", "hant-hk")
    '他繫着領帶，裏面乾淨'
    """
    if not vocabulary:
        return _writer(*_TARGETS[to]).convert(text)
    return _words(
        text, (_writer("s2t", "", _TARGETS[to][2]).convert, engine_for(_VOCABULARY[to]).convert)
    )


def to_hans(text: str, *, vocabulary: str = "") -> str:
    """Traditional `text` in Simplified; `vocabulary` names the region whose words are exchanged.

    >>> to_hans("著名的作家說著話")
    '著名的作家说着话'
    """
    written = _writer(*_TO_HANS).convert
    return (
        _words(text, (engine_for(_BACK[vocabulary]).convert, written))
        if vocabulary
        else written(text)
    )


def to_hans_characters() -> frozenset[str]:
    """The characters of which `to_hans` changes one at least wherever it changes anything.

    Cost: the tables are read, 10 ms.
    """
    chain = chain_for(_TO_HANS[0])
    own = {char for char, after in chain.chars.items() if after != char}
    chosen = {char for char, _ in choice_for(_TO_HANS[2], _TO_HANS[1]).doubts}
    return frozenset(own | chain.hits.anchors | chosen)


def is_settled_in_hans(text: str, at: int) -> bool:
    """Whether a character that no phrase holds stands as it is in hans, by its two neighbours
    alone.
    """
    char = text[at]
    after = chain_for(_TO_HANS[0]).chars.get(char, char)
    return after == char and choice_for(_TO_HANS[2], _TO_HANS[1]).is_settled(text, at, char)


def _words(text: str, steps: tuple[Callable[[str], str], ...]) -> str:
    """The steps one after the other, block by block: what one has made of a block is still in the
    processor's cache when the next one reads it.
    """
    done = []
    for block in line_blocks(text):
        for step in steps:
            block = step(block)
        done.append(block)
    made = "".join(done)
    return text if made == text else made


def in_region(text: str, to: str) -> str:
    """Traditional text in the forms of the region `to`; general Traditional takes any.

    >>> in_region("裏面", "hant-tw")
    '裡面'
    """
    for name in config_for("hant", to) if to.startswith("hant") else ():
        text = engine_for(name).convert(text)
    return text


def reasons(text: str, to: str) -> dict[int, str]:
    """Offsets of the characters that the learned choice decides, and the row that spoke."""
    _config, variants, region = style = _TO_HANS if to == "hans" else _TARGETS[to]
    hans, hant = _writer(*style).read(text)
    changes = choice_on(region, variants, hans).override(hans, hant)
    return {change.position: change.reason for change in changes}


@cache
def choice_for(region: str, variants: str) -> Choice:
    """The tables of one region and its forms, or of the way to hans."""
    if region == _TO_HANS[2]:
        return Choice.to_hans()
    return Choice.read(region, variants)


def choice_on(region: str, variants: str, text: str) -> Choice:
    """The choice of one region, at least for the characters of a text in hans."""
    if not is_few(f"choice {region} {variants}", text, FEWER):
        return choice_for(region, variants)
    if region == _TO_HANS[2]:
        return Choice.to_hans(frozenset(text))
    return Choice.read(region, variants, frozenset(text))


class _Writer:
    """The dictionary and the choice for one target: step by step, or both in one pass over arrays
    for long text once that pays.
    """

    def __init__(self, config: str, variants: str, region: str) -> None:
        self._config = config
        self._variants = variants
        self._region = region
        self._fused: Fused | None = None
        self._seen = 0  # a guess that threads may blur: it only decides when tables are built

    def convert(self, text: str) -> str:
        """The text as the target writes it; the same object if nothing changes."""
        fused = self.fused(len(text))
        if fused is None:
            done = "".join([self._plain(block) for block in line_blocks(text)])
            return text if done == text else done
        return fused.convert(text)

    def _plain(self, text: str) -> str:
        hans, hant = self.read(text)
        return choice_on(self._region, self._variants, hans).apply(hans, hant)

    def read(self, text: str) -> tuple[str, str]:
        """The text as contexts see it, and the dictionary's conversion of it."""
        if is_for_few(self._config, text):
            return text, chain_for(self._config).convert(text)
        return plain_for(self._config).seen(text)

    def fused(self, size: int) -> Fused | None:
        """The engine for a text of `size` characters that is long enough for it, if that pays."""
        if size < LONG:
            return None
        if self._fused is None:
            self._seen += size
            if self._seen < (BUILD if "numpy" in sys.modules else IMPORT) and not is_long():
                return None
            try:
                from zhfix.convert.fused import Fused  # numpy: 100 ms, long text only
            except ImportError:
                self._seen = -sys.maxsize
                return None
            choice = choice_for(self._region, self._variants)
            self._fused = Fused(plain_for(self._config), choice)
        return self._fused


@cache
def _writer(config: str, variants: str, region: str) -> _Writer:
    return _Writer(config, variants, region)


def fused_for(to: str, size: int) -> Fused | None:
    """The engine that writes a text of `size` characters in `to` in one pass, if that pays."""
    return _writer(*(_TO_HANS if to == "hans" else _TARGETS[to])).fused(size)
