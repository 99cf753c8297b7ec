"""The dictionaries of one conversion step, merged so that the longest key is always right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property, lru_cache, partial
from itertools import groupby
from operator import add

from zhfix.convert.configs import Layer, Layers

Load = Callable[[str], Mapping[str, str]]
_KEPT = 64  # all dictionaries
_FEW = 8  # those of one config


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


def code_list(chars: Mapping[str, str]) -> list[int]:
    """A table for `str.translate`, twice as fast as a CharMap, half a megabyte; it leaves
    characters beyond the BMP as they are.
    """
    codes = _every_code().copy()
    for char, value in chars.items():
        if char <= "\uffff":
            codes[ord(char)] = ord(value)
    return codes


@cache
def _every_code() -> list[int]:
    return [*range(0x10000)]


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
        self.chars: dict[str, str] = {}
        self.phrases: dict[str, str] = {}
        for layer in layers:
            chars, phrases = _split(layer, load)
            if self.phrases or self.chars:
                phrases = {key: value for key, value in phrases.items() if not self._hides(key)}
            # an earlier layer's own value stands: it goes in last
            self.chars = {**chars, **self.chars} if self.chars else chars
            if not self.phrases:
                self.phrases = phrases
            elif phrases:
                self.phrases = {**phrases, **self.phrases}

    def _hides(self, key: str) -> bool:
        """Whether a key of the layers so far is a prefix of `key`, or `key` itself."""
        if key[0] in self.chars:
            return True
        return any(key[:size] in self.phrases for size in range(2, len(key) + 1))

    @cached_property
    def table(self) -> CharMap:
        """The single characters as a table for `str.translate`."""
        return CharMap(self.chars)

    @cached_property
    def longest(self) -> dict[str, int]:
        """First character of a phrase -> length of the longest phrase that begins so."""
        longest: dict[str, int] = {}
        for size, joined in self._by_length():
            longest.update(dict.fromkeys(joined[::size], size))
        return longest

    def inner_pairs(self) -> Iterator[str]:
        """All pairs of neighbours inside the phrases, some of them several times."""
        for size, joined in self._by_length():
            for start in range(size - 1):
                yield from map(add, joined[start::size], joined[start + 1 :: size])

    def _by_length(self) -> Iterator[tuple[int, str]]:
        """The phrases of each length, the short ones first, written into one string."""
        for size, keys in groupby(sorted(self.phrases, key=len), len):
            yield size, "".join(keys)

    def is_across(self, text: str, at: int) -> bool:
        """Whether a phrase begins before `at` and ends after it."""
        longest, phrases, n = self.longest, self.phrases, len(text)
        for start in range(max(at - self._reach, 0), at):
            last = start + longest.get(text[start], 1)
            if last > at and any(
                text[start:end] in phrases for end in range(at + 1, min(last, n) + 1)
            ):
                return True
        return False

    @cached_property
    def _reach(self) -> int:
        """How far before a place a phrase can begin that ends after it."""
        return max(self.longest.values(), default=1) - 1

    def cut(self, text: str) -> list[tuple[int, str | None]]:
        """Forward longest match: the end of each piece and its value, None for no match.

        An unmatched character is a piece of its own. Cost: O(len(text) * longest phrase).
        """
        pieces: list[tuple[int, str | None]] = []
        chars, phrases, longest = self.chars, self.phrases, self.longest
        start, n = 0, len(text)
        while start < n:
            end = min(start + longest.get(text[start], 1), n)
            while end > start + 1:
                value = phrases.get(text[start:end])
                if value is not None:
                    break
                end -= 1
            else:
                value = chars.get(text[start])
            pieces.append((end, value))
            start = end
        return pieces


def lexicon(layers: Layers, load: Load) -> Lexicon:
    """The merged dictionaries of a step; one object for all configs that share the step."""
    return (_passing if isinstance(load, partial) else _lasting)(layers, load)


def _split(layer: Layer, load: Load) -> tuple[dict[str, str], dict[str, str]]:
    return (_passing_split if isinstance(load, partial) else _lasting_split)(layer, load)


def _parted(layer: Layer, load: Load) -> tuple[dict[str, str], dict[str, str]]:
    """The single characters and the phrases of a layer; a tie goes to the first dictionary."""
    merged = dict(load(layer[-1]))
    for name in reversed(layer[:-1]):
        merged.update(load(name))
    chars = {key: merged[key] for key in merged if len(key) == 1}
    if len(chars) == len(merged):
        return merged, {}
    for key in chars:
        del merged[key]
    return chars, merged


# what a few lines needed of the dictionaries (a `partial` load) is of no use to the next ones
_lasting, _passing = lru_cache(_KEPT)(Lexicon), lru_cache(_FEW)(Lexicon)
_lasting_split, _passing_split = lru_cache(_KEPT)(_parted), lru_cache(_FEW)(_parted)
