"""Which rules a text wakes: one search for all of them, before any is asked.

Every rule says at what places it may find something (`Rule.wakes`). Nearly all of sound text has
none of these places, or such as a second look clears, and then no rule has to read it. A rule that
sleeps would have found nothing; one that is awake may still find nothing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

from zhfix.arrays import is_long
from zhfix.mojibake.oddities import NAME
from zhfix.pattern import ranges
from zhfix.protect import free_spans, protected_spans, signs
from zhfix.rules import Asked, Rule, Wake
from zhfix.rules.script_wakes import changed, is_changed
from zhfix.rules.shifted_bytes import unread_wake
from zhfix.shapes import Shape

if TYPE_CHECKING:
    from zhfix.gate_bulk import Table

__all__ = ["HANS", "SPANS", "Gate"]

# beside the rules: something has to be written in hans; something is protected
HANS, SPANS = "to hans", "spans"
_UNREAD = "unread"  # shifted bytes that nobody can read, and that are left alone
_ARRAYS = 300  # characters from which arrays pay where numpy is loaded
_BUILD = 200_000  # characters from which to prepare the search pays: it takes 20 to 100 ms
_FAR = "\U00010000-\U0010ffff"

Found = dict[Shape, list[int]]
IsReal = Callable[[str, Sequence[int]], bool]


class Gate:
    """The places that wake some rules, and who is woken."""

    def __init__(self, rules: Iterable[Rule], asked: Asked) -> None:
        self._always: set[str] = set()  # those that do not say: their trigger decides
        told: list[tuple[str, Wake]] = []
        for rule in rules:
            if rule.wakes is None:
                self._always.add(rule.name)
            else:
                told += ((rule.name, wake) for wake in rule.wakes(asked))
        told += ((SPANS, Wake(shape)) for shape in signs())
        told.append((_UNREAD, unread_wake()))
        if asked.to == "hans":
            told.append((HANS, Wake(changed(), is_changed, is_cut=True)))
        self.shapes = tuple(dict.fromkeys(wake.shape for _, wake in told))
        self._plain: dict[Shape, list[str]] = {}  # who needs no second look
        self._asked: dict[Shape, list[tuple[str, Wake]]] = {}
        for name, wake in told:
            if wake.is_real is None:
                self._plain.setdefault(wake.shape, []).append(name)
            else:
                self._asked.setdefault(wake.shape, []).append((name, wake))
        self._is_protected = asked.is_protected
        self._kinds: dict[str, list[tuple[Shape, re.Pattern[str]]]] = {}
        self._n_seen = 0
        self._last: tuple[str, frozenset[str]] = "", frozenset()

    def awake_in(self, text: str) -> frozenset[str] | None:
        """The same where it pays: None for short texts and the first ones, which all rules read."""
        if len(text) <= NAME:
            return None
        if self._n_seen < _BUILD:
            self._n_seen += len(text)  # a guess that threads may blur
            if not is_long():
                return None
        last, awake = self._last  # of one thread, as one object
        if last is not text:
            awake = self.awake(text)
            self._last = text, awake
        return awake

    def awake(self, text: str) -> frozenset[str]:
        """The rules that may find something in `text`, as far as their places tell."""
        found = self.found(text)
        if not found:
            return frozenset(self._always)
        awake = {*self._always}
        for shape in found:
            awake.update(self._plain.get(shape, ()))
        asked: dict[tuple[bool, str, IsReal], list[int]] = {}
        for shape, places in found.items():
            for name, (_, is_real, back, is_cut) in self._asked.get(shape, ()):
                if is_real and name not in awake:
                    here = [at - back for at in places] if back else places
                    asked.setdefault((is_cut, name, is_real), []).extend(here)
        for is_cut, name, is_real in sorted(asked, key=lambda one: one[0]):
            if name in awake:
                continue
            places = sorted({*asked[is_cut, name, is_real]})
            parts = self._parts(text, awake, places) if is_cut else [(text, places)]
            if parts is None or any(is_real(part, here) for part, here in parts if here):
                awake.add(name)
        return frozenset(awake - {_UNREAD})

    def _parts(
        self, text: str, awake: set[str], places: list[int]
    ) -> list[tuple[str, list[int]]] | None:
        """What stands between protected spans, each part with those of the places that are in it;
        None where these spans are not known: other rules find some.
        """
        if self._is_protected or not awake.isdisjoint((_UNREAD, "mojibake")):
            return None
        if SPANS not in awake:
            return [(text, places)]
        return [
            (text[a:b], [at - a for at in places if a <= at < b])
            for a, b in free_spans(len(text), protected_spans(text))
        ]

    def found(self, text: str) -> Found:
        """The places of each shape that stands in a text."""
        if len(text) >= _ARRAYS and sys.modules.get("numpy"):
            return self._table.found(text)
        return self.found_by_search(text)

    def found_by_search(self, text: str) -> Found:
        """The same without arrays."""
        found: dict[Shape, list[int]] = {}
        for match in self._search.finditer(text):
            at = match.start()
            for shape, exact in self._kinds_of(text[at]):
                if exact.match(text, at):
                    found.setdefault(shape, []).append(at)
        return dict(found)

    def is_at(self, shape: Shape, text: str, at: int) -> bool:
        """Whether a shape stands at a place."""
        return any(
            one is shape and exact.match(text, at) for one, exact in self._kinds_of(text[at])
        )

    def _kinds_of(self, char: str) -> list[tuple[Shape, re.Pattern[str]]]:
        """The shapes that have a character as their mark, each as a pattern."""
        kinds = self._kinds.get(char)
        if kinds is None:
            kinds = self._kinds[char] = [
                (shape, _exact(shape)) for shape in self.shapes if _has(shape.marks, char)
            ]
        return kinds

    @cached_property
    def _table(self) -> Table:
        from zhfix.gate_bulk import Table  # numpy: where it is loaded

        return Table(self.shapes, self.is_at)

    @cached_property
    def _search(self) -> re.Pattern[str]:
        """What finds all shapes, and little else: one leading class, so that the engine skips sound
        text at full speed; any character beyond the BMP, since it looks those up one by one.
        """
        marks = {shape: _class(shape.marks, is_near=True) for shape in self.shapes}
        alone = "".join(marks[shape] for shape in marks if not (shape.before or shape.behind))
        sides: dict[tuple[str, str], str] = {}
        for shape, mark in marks.items():
            if shape.before or shape.behind:
                key = shape.before, shape.behind
                sides[key] = sides.get(key, "") + mark
        parts = [f"(?<=[{alone}{_FAR}])"]
        for (before, behind), mark in sides.items():
            look = f"(?<={f'[{_class(before)}]' if before else ''}[{mark}])"
            parts.append(look + (f"(?=[{_class(behind)}])" if behind else ""))
        return re.compile(f"[{''.join(marks.values())}{_FAR}](?:{'|'.join(parts)})")


def _has(spec: str, char: str) -> bool:
    """Whether a class of a shape has a character."""
    return char in spec or any(first <= ord(char) <= last for first, last in _wide(spec))


@cache
def _wide(spec: str) -> tuple[tuple[int, int], ...]:
    """The ranges of a class."""
    return tuple((first, last) for first, last in ranges(spec) if first < last)


def _class(spec: str, *, is_near: bool = False) -> str:
    """What a class of a shape has, as in a regular expression; `is_near`: of the BMP alone."""
    return "".join(
        re.escape(chr(a)) + ("-" + re.escape(chr(b)) if b > a else "")
        for a, b in ranges(spec)
        if not (is_near and b > 0xFFFF)
    )


@cache
def _exact(shape: Shape) -> re.Pattern[str]:
    """The neighbours of a mark that stands at a place."""
    before = f"(?<=[{_class(shape.before)}].)" if shape.before else ""
    behind = f"(?=[{_class(shape.behind)}])" if shape.behind else ""
    return re.compile(f".{before}{behind}", re.DOTALL)
