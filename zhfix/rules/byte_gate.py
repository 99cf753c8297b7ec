"""Whether a page came through the sites' machine: what its glosses prove, place by place."""

from __future__ import annotations

from functools import cached_property, lru_cache

from zhfix.pattern import pattern
from zhfix.rules import tiles
from zhfix.rules.byte_page import PINYIN
from zhfix.rules.gbk import reading
from zhfix.rules.pinyin import listed
from zhfix.script import HAN_CLASS, meets
from zhfix.shapes import Shape, found_at

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = ["CLOSED", "GLOSS_END", "PROVEN", "Gate", "gate_of", "has_gloss_end", "is_mirror_page"]

PROVEN: Final = 4.0  # log-odds that bytes were replaced on a page whose glosses prove it
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
# a gloss ends in a toned vowel and at most two plain letters (uān-g, iǎ-o, xiàn)
GLOSS_END = pattern(rf"\)(?:(?<=[{_TONED}]\))|(?<=[{_TONED}][a-z]\))|(?<=[{_TONED}][a-z]{{2}}\)))")
_VOWELS = frozenset(_TONED)
CLOSED = Shape(")", f"a-z{_TONED}")
_ALIGNED = pattern(rf"\((?<=(?P<han>[{HAN_CLASS}])\()(?P<pinyin>{PINYIN})\)")
_OPEN = Shape("(", HAN_CLASS, PINYIN[1 : PINYIN.index("]")])


def has_gloss_end(text: str) -> bool:
    """Whether a toned vowel stands before a `)`; a look for such vowels tells clean pages."""
    return meets(text, _VOWELS) and next(found_at(GLOSS_END, text, CLOSED), None) is not None


def is_mirror_page(text: str, to: str = "keep") -> bool:
    """Whether glosses show that the text, or a part of it, came through the sites' machine.

    Cost: a search for toned vowels before `)`; where some are, a count of the page.
    """
    return has_gloss_end(text) and gate_of(text, to).is_proven


@lru_cache(maxsize=2)
def gate_of(text: str, to: str) -> Gate:
    """What the glosses of a text prove, counted once for all who ask."""
    return Gate(text, to)


class Gate:
    """Whether the page came through the sites' machine, place by place."""

    def __init__(self, text: str, to: str) -> None:
        self.text = text
        self._to = to

    @cached_property
    def _found(self) -> list[tuple[int, str]]:
        known = listed()
        return [
            (match.start("han"), match["han"])
            for match in found_at(_ALIGNED, self.text, _OPEN)
            if match["han"] in known and reading(match["han"]) == match["pinyin"]
        ]

    @cached_property
    def _pages(self) -> tiles.Pages:
        return tiles.Pages(self.text, self._found, [], self._to)

    def view(self, at: int) -> tiles.View | None:
        """The view of the tile at `at`."""
        return self._pages.view(at) if 0 <= at < len(self.text) else None

    @cached_property
    def is_proven(self) -> bool:
        """Whether any part of the page is proven."""
        return any(self._pages.view(at).is_proven for at, _ in self._found)

    @property
    def n_glosses(self) -> int:
        """How many glosses of listed characters the text has."""
        return len(self._found)

    def is_proven_at(self, at: int) -> bool:
        """Whether the page is proven around `at`."""
        view = self.view(at)
        return view is not None and view.is_proven

    def evidence(self, at: int) -> float:
        """Log-odds that bytes were replaced around `at`."""
        view = self.view(at)
        if view is None:
            return 0.0
        return PROVEN if view.is_proven else max(-6.0, min(view.logit, 2.0))
