"""The phrases of one conversion step as text: the rows that begin with one character are one string
in which a phrase is searched for.

A dictionary of 49,000 phrases takes 13 MB as a dict of strings and 1.5 MB like this, and only what
begins with a character of the text is cut out of the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from zhfix.named import NamedTuple
from zhfix.tables import Sorted

__all__ = ["Part", "Phrases"]

_AT_ONCE = 256  # first characters whose phrases are listed together
_MANY = 500  # first characters; from then on the rows of all of them are cut at once


class Part(NamedTuple):
    """One layer of a step: its single characters, and its phrases, of which the first table with a
    key counts.
    """

    chars: Mapping[str, str]
    phrases: tuple[Sorted, ...]

    def near(self, first: str) -> dict[str, str]:
        """The phrases that begin with a character."""
        rows: dict[str, str] = {}
        for table in reversed(self.phrases):
            rows.update((row[0], row[1]) for row in table.near(first))
        return rows


class Phrases:
    """The phrases of layers, of which an earlier one hides what begins with a key of its own.

    >>> table = Sorted.of({"头发": "頭髮", "头发上": "頭髮上", "发展": "發展"})
    >>> phrases = Phrases([Part({}, (table,))])
    >>> phrases.match("头发上面", 0), phrases.match("头发上面", 1)
    ((3, '頭髮上'), None)
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        # first character -> "\n" and a row for each phrase, sorted; "" for none
        self._groups: dict[str, str] = {}
        self._is_whole = False

    def match(self, text: str, start: int) -> tuple[int, str] | None:
        """Where the longest phrase that stands at `start` ends, and what it becomes."""
        first = text[start]
        group = self._groups.get(first)
        if group is None:
            group = self._near(first)
        begin = "\n" + text[start : start + 2]
        last = group.rfind(begin)
        if last < 0 or len(begin) < 3:
            return None
        # rows that begin with the same two characters stand together, the longer ones behind
        end = group.index("\n", last + 1)
        for row in reversed(group[group.find(begin, 0, last + 3) + 1 : end].split("\n")):
            key, _, value = row.partition("\t")
            if text.startswith(key, start):
                return start + len(key), value
        return None

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self.items())

    def items(self) -> Iterator[tuple[str, str]]:
        """All phrases with what they become, those of one first character together."""
        groups = iter(self._every().values())
        while some := [*islice(groups, _AT_ONCE)]:
            cells = "".join(some).split()  # no cell holds white space
            yield from zip(cells[::2], cells[1::2], strict=True)

    @cached_property
    def longest(self) -> int:
        """Characters of the longest phrase; 1 where there is none."""
        return max(map(len, self), default=1)

    def _near(self, first: str) -> str:
        if self._is_whole:
            return ""
        if len(self._groups) >= _MANY:
            return self._every().get(first, "")
        group = self._groups[first] = self._joined(first)
        return group

    def _every(self) -> dict[str, str]:
        """The rows of all first characters."""
        if self._is_whole:
            return self._groups
        tables = [table for part in self._parts for table in part.phrases]
        n_holding: dict[str, int] = {}
        groups: dict[str, str] = {}
        for table in tables:
            for first, rows in table.groups():
                n_holding[first] = n_holding.get(first, 0) + 1
                groups[first] = "\n" + rows
        for first, n in n_holding.items():
            if n > 1 or len(self._parts) > 1:
                groups[first] = self._joined(first)
        self._groups = groups
        self._is_whole = True
        for table in tables:
            table.forget()
        return groups

    def _joined(self, first: str) -> str:
        """The rows of one first character as all layers have them."""
        rows: dict[str, str] = {}
        for part in self._parts:
            found = part.near(first)
            if rows:
                found = {key: value for key, value in found.items() if not _is_hidden(key, rows)}
            rows.update(found)
            if first in part.chars:
                break
        return "".join([f"\n{key}\t{rows[key]}" for key in sorted(rows)]) + "\n" if rows else ""


def _is_hidden(key: str, rows: Mapping[str, str]) -> bool:
    """Whether a key of the layers so far is a prefix of `key`, or `key` itself."""
    return any(key[:size] in rows for size in range(2, len(key) + 1))
