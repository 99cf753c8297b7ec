"""The dictionary engine: exactly what OpenCC does with a config, on plain `str`.

Normalization, then segmentation by forward maximum matching (a run without a match is one segment),
then each step inside each segment: at every place the first dictionary of the step with a match
wins, and its longest key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from zhfix.convert.configs import CONFIGS
from zhfix.tables import load_map

__all__ = ["Engine", "Piece", "engine_for"]

Piece = tuple[int, int, str]  # start, end in code points of the input, and what replaces them


class _Dictionary:
    """Longest-match look-up in one dictionary."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self.table = table
        lengths: dict[str, set[int]] = {}
        for key in table:
            if len(key) > 1:
                lengths.setdefault(key[:2], set()).add(len(key))
        self.lengths = {
            start: tuple(sorted(sizes, reverse=True)) for start, sizes in lengths.items()
        }

    def longest(self, text: str, at: int) -> int:
        """Length of the longest key that starts at `at`, 0 when none does."""
        for size in self.lengths.get(text[at : at + 2], ()):
            if text[at : at + size] in self.table and at + size <= len(text):
                return size
        return 1 if text[at] in self.table else 0


class _Step:
    """Dictionaries of which the first one with any match wins; characters that none holds stay."""

    def __init__(self, tables: list[Mapping[str, str]]) -> None:
        self.dictionaries = [_Dictionary(table) for table in tables]
        first = "".join(sorted({key[0] for table in tables for key in table}))
        self.start = re.compile(f"[{re.escape(first)}]")

    def pieces(self, text: str) -> Iterator[Piece]:
        """Matches from left to right, those that change nothing included."""
        at = 0
        while match := self.start.search(text, at):
            at = match.start()
            for dictionary in self.dictionaries:
                if size := dictionary.longest(text, at):
                    yield at, at + size, dictionary.table[text[at : at + size]]
                    at += size
                    break
            else:
                at += 1

    def convert(self, text: str) -> str:
        out: list[str] = []
        done = 0
        for start, end, value in self.pieces(text):
            out += (text[done:start], value)
            done = end
        return "".join(out) + text[done:] if out else text


class Engine:
    """One config, ready to convert; immutable, so threads may share it."""

    def __init__(self, name: str) -> None:
        config = CONFIGS[name]
        compat = load_map(config.normalization)
        self._normal = {ord(key): value for key, value in compat.items()}
        self._odd = re.compile(f"[{''.join(sorted(compat))}]")
        self._segmenter = _Step([load_map(config.segmentation)]) if config.segmentation else None
        self._steps = [_Step([load_map(table) for table in tables]) for tables in config.steps]

    def convert(self, text: str) -> str:
        """The converted text; the same object when nothing changes."""
        out = text.translate(self._normal) if self._odd.search(text) else text
        if self._segmenter is None:
            for step in self._steps:
                out = step.convert(out)
        else:
            out = "".join(self._convert_segment(out[a:b]) for a, b in self._segments(out))
        return text if out == text else out

    def pieces(self, text: str) -> Iterator[Piece]:
        """The changed spans of `text` with what replaces them, from left to right and as short as
        possible.
        """
        normal = text.translate(self._normal)  # one character for one: offsets hold
        for a, b in self._segments(normal) if self._segmenter else self._words(normal):
            out = self._convert_segment(normal[a:b])
            yield from _shortest(text[a:b], out, a)

    def phrases(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans of the phrases (two characters or more) that the config's first step matches."""
        normal = text.translate(self._normal)
        for start, end, _ in (self._segmenter or self._steps[0]).pieces(normal):
            if end - start > 1:
                yield start, end

    def _convert_segment(self, segment: str) -> str:
        for step in self._steps:
            segment = step.convert(segment)
        return segment

    def _segments(self, text: str) -> Iterator[tuple[int, int]]:
        assert self._segmenter is not None
        done = 0
        for start, end, _ in self._segmenter.pieces(text):
            if done < start:
                yield done, start
            yield start, end
            done = end
        if done < len(text):
            yield done, len(text)

    def _words(self, text: str) -> Iterator[tuple[int, int]]:
        for start, end, _ in self._steps[0].pieces(text):
            yield start, end


def _shortest(before: str, after: str, offset: int) -> Iterator[Piece]:
    """The difference as pieces: character by character when the lengths agree, else one piece
    without the common ends.
    """
    if before == after:
        return
    if len(before) == len(after):
        for i, (x, y) in enumerate(zip(before, after, strict=True)):
            if x != y:
                yield offset + i, offset + i + 1, y
        return
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    yield offset + head, offset + len(before) - tail, after[head : len(after) - tail]


@cache
def engine_for(name: str) -> Engine:
    """The engine of one of OpenCC's configs; built once, tables loaded at that time.

    >>> engine_for("s2t").convert("头发")
    '頭髮'
    """
    return Engine(name)
