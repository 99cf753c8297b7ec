"""The dictionaries of one conversion step, merged so that the longest key is always right."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from operator import add

from zhfix.convert.configs import Layer, Layers
from zhfix.convert.phrases import Part, Phrases
from zhfix.tables import Sorted

# a large dictionary of phrases alone comes as the text it is, and stays that
Load = Callable[[str], Mapping[str, str] | Sorted]
_KEPT = 64  # all dictionaries


class CharMap(dict[int, int | str]):
    """A table for `str.translate` that answers for every character.

    Without an answer `str.translate` raises and catches a KeyError per character, several times
    the cost of a lookup; so a character that is not in the table is entered as itself when met.
    """

    def __init__(self, chars: Mapping[str, str]) -> None:
        super().__init__((ord(char), value) for char, value in chars.items())

    def __missing__(self, code: int) -> int:
        self[code] = code
        return code


def code_table(chars: Mapping[str, str]) -> list[int] | array[int]:
    """A table for `str.translate`, twice as fast as a CharMap; it leaves characters beyond the BMP
    as they are.

    A list where it reads all text. Where numpy is loaded, only short text is read by it: an array,
    a fourth slower, which takes a twentieth of the memory.
    """
    codes = array("I", range(0x10000))
    for char, value in chars.items():
        if char <= "\uffff":
            codes[ord(char)] = ord(value)
    return codes if "numpy" in sys.modules else codes.tolist()


class Pairs:
    """A set of pairs of characters: one string for each first character, a tenth of the memory that
    a set of strings takes.

    >>> pairs = Pairs(["头发", "头上"])
    >>> "头上" in pairs, "头" in pairs, "上" in pairs, sorted(pairs)
    (True, False, False, ['头上', '头发'])
    """

    def __init__(self, pairs: Iterable[str]) -> None:
        seconds: dict[str, set[int]] = {}
        for pair in pairs:
            seconds.setdefault(pair[0], set()).add(ord(pair[1]))
        self._seconds = {one: "".join(map(chr, found)) for one, found in seconds.items()}

    def __contains__(self, pair: str) -> bool:
        return len(pair) == 2 and pair[1] in self._seconds.get(pair[0], "")

    def __iter__(self) -> Iterator[str]:
        return (one + two for one, found in self._seconds.items() for two in found)


class Lexicon:
    """Single characters and phrases of one step, under plain longest match.

    OpenCC's order of dictionaries is gone here: a key that an earlier layer always beats is left
    out, after which longest match over what remains gives OpenCC's answer. That is sound because
    two keys that match at one place are prefixes of each other: if the earlier layer's key is the
    shorter, it hides the longer one everywhere; if it is the longer, it wins by length.
    """

    def __init__(self, layers: Layers, load: Load) -> None:
        self.chars: Mapping[str, str] = {}
        parts: list[Part] = []
        for layer in layers:
            part = _split(layer, load)
            # an earlier layer's own value stands: it goes in last
            self.chars = {**part.chars, **self.chars} if self.chars else part.chars
            parts.append(part)
        while parts and not parts[-1].phrases:
            parts.pop()
        self.phrases = _phrases(layers[0], load) if len(parts) < 2 else Phrases(parts)

    def inner_pairs(self) -> Iterator[str]:
        """All pairs of neighbours inside the phrases, some of them several times."""
        for size, joined in self._by_length():
            for start in range(size - 1):
                yield from map(add, joined[start::size], joined[start + 1 :: size])

    def _by_length(self) -> Iterator[tuple[int, str]]:
        """The phrases of each length, written into one string."""
        for size, keys in groupby(sorted(self.phrases, key=len), len):
            yield size, "".join(keys)

    def is_across(self, text: str, at: int) -> bool:
        """Whether a phrase begins before `at` and ends after it."""
        match = self.phrases.match
        first = max(at - self.phrases.longest + 1, 0)
        return any((found := match(text, start)) and found[0] > at for start in range(first, at))

    def cut(self, text: str) -> list[tuple[int, str | None]]:
        """Forward longest match: the end of each piece and its value, None for no match.

        An unmatched character is a piece of its own. Cost: O(len(text)).
        """
        pieces: list[tuple[int, str | None]] = []
        chars, match = self.chars, self.phrases.match
        start, n = 0, len(text)
        while start < n:
            found = match(text, start)
            if found:
                pieces.append(found)
                start = found[0]
                continue
            value = chars.get(text[start])
            start += 1
            pieces.append((start, value))
        return pieces


@lru_cache(_KEPT)
def lexicon(layers: Layers, load: Load) -> Lexicon:
    """The merged dictionaries of a step; one object for all configs that share the step."""
    return Lexicon(layers, load)


@lru_cache(_KEPT)
def _split(layer: Layer, load: Load) -> Part:
    """The single characters and the phrases of a layer; a tie goes to the first dictionary."""
    chars: Mapping[str, str] = {}
    tables: list[Sorted] = []
    for name in layer:
        table = load(name)
        if isinstance(table, Sorted):  # of phrases alone
            tables.append(table)
            continue
        phrases = {key: value for key, value in table.items() if len(key) > 1}
        if phrases:
            tables.append(Sorted.of(phrases))
        if len(phrases) < len(table):
            table = {key: table[key] for key in table.keys() - phrases} if phrases else table
            chars = {**table, **chars} if chars else table
    return Part(chars, tuple(tables))


@lru_cache(_KEPT)
def _phrases(layer: Layer, load: Load) -> Phrases:
    """The phrases of one layer; one object for all steps that have them."""
    return Phrases([_split(layer, load)])
