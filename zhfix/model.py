"""How likely a text is, character by character: the evidence that every repair is weighed with.

One character n-gram model for Chinese in any script (Simplified, Traditional, naive one-to-one
Traditional, and mixtures: one-to-one forms share an entry) and, as the greatest share any of fifty
languages gives it, for other letters. Scores are integers, natural logarithms times 16, so they are
the same on every machine. Source: docs/tables.md#model; format: zhfix/tables/build_model.py.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache

from zhfix.tables import load_view

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

    # of a list of characters: the price of each by itself; the first one with each number, numbers
    # in order; others, with the first one of their number; places of those priced one by one
    Listed = tuple[list[int], dict[int, int], list[tuple[int, int]], list[int]]

UNIT: Final = 16  # one nat
_MAGIC: Final = b"zhngram1"
_BLOCKS: Final = (
    *("ids", "uni", "back", "starts", "next", "cost"),
    *("pairs", "bases", "second", "sizes", "back3", "third", "cost3"),
)
_KEEP: Final = 1 << 15  # cached steps; about 6 MB when full
_LISTS: Final = 512  # remembered by `steps`; about 4 MB when full
_FEW: Final = 5  # characters of a row that are read in the time one of them is searched
_ASCII, _ASCII_AFTER, _CONTROL = 48, 72, 224  # 3, 4.5 and 14 nats
_SIGNS: Final = frozenset("’‘“”–—…•·«»°©®€£¥§×→¿¡ªº\xa0\u200b")  # good neighbours of ASCII
_SIGN: Final = 96
_REPEATED, _AGAIN, _RAREST = 80, 24, 248  # 甡甡; a name; no character is out of reach
_STRANGE: Final = 48
_LAST_ASCII: Final = 28  # ids: 2 is any digit, 3..28 are a..z
_UPPER_FIRST, _UPPER_NEXT, _UPPER_INSIDE = 40, 12, 64  # price of a capital by its neighbour


class Model:
    """The character model; `load()` gives the one of the package.

    >>> model = load()
    >>> model.score("中文") > model.score("涓枃")
    True
    """

    def __init__(self, data: bytes | memoryview) -> None:
        if data[:8] != _MAGIC:
            raise ValueError("not a zhfix model file: rebuild it with zhfix.tables.build_model")
        at = 8 + 4 * len(_BLOCKS)
        sizes = _array("I", data[8:at])
        part: dict[str, bytes | memoryview] = {}
        for name, size in zip(_BLOCKS, sizes, strict=True):
            part[name] = data[at : at + size]
            at += size
        self._ids = _array("H", part["ids"])  # by code point; one-to-one forms share an id
        self._letters = max(self._ids[0xC0:0x590]) + 1  # ids grow with the code point
        self._uni = _array("H", part["uni"])
        self._back = bytes(part["back"])
        self._starts = _array("I", part["starts"])
        self._next = _array("H", part["next"])
        self._cost = bytes(part["cost"])
        self._pairs = _array("I", part["pairs"])
        self._bases = _array("I", part["bases"])
        self._second = _array("H", part["second"])
        self._sizes = bytes(part["sizes"])
        self._back3 = bytes(part["back3"])
        self._third = _array("H", part["third"])
        self._cost3 = bytes(part["cost3"])
        self._seen: dict[str, int] = {}
        self._lists: dict[tuple[str, ...], Listed] = {}

    def step(self, context: str, char: str) -> int:
        """Score of `char` after `context`, in 1/16 nat: at most 0, higher is likelier.

        Only the last two characters of the context count; an empty context is allowed.

        >>> load().step("中", "国") > load().step("中", "囯")
        True
        """
        key = context[-2:] + char
        found = self._seen.get(key)
        return self._miss(key) if found is None else found

    def steps(self, context: str, chars: Sequence[str], listed: Listed | None = None) -> list[int]:
        """`step` of each of `chars` after `context`, for Chinese characters and marks; `listed` is
        what `listed` tells of them, for who asks for the same ones often.

        >>> load().steps("中", ("国", "囯")) == [load().step("中", char) for char in "国囯"]
        True

        Cost: about 0.2 µs a character, far less than one by one.
        """
        key = context[-2:]
        before = key[-1:]
        one = self._id(before) or self._id(before.lower()[:1])
        two = self._id(key[0]) if len(key) == 2 and one else 0
        if not one:
            return [self.step(key, char) for char in chars]
        first, last, least = self._thirds(two, one)
        alone, places, twins, odd = listed or self.listed(tuple(chars))
        rest = least + (self._back[one] - 64) * 2
        top = _RAREST - rest
        prices = [price + rest if price < top else _RAREST for price in alone]
        if rest < 0:
            prices = [price if price > 0 else 0 for price in prices]
        following, cost = self._next, self._cost
        at, end = self._starts[one], self._starts[one + 1]
        if _FEW * len(chars) > end - at:
            row = dict(zip(following[at:end], cost[at:end], strict=True))
            for symbol in places.keys() & row.keys():
                prices[places[symbol]] = min(max(row[symbol] + least, 0), _RAREST)
        else:
            for symbol, i in places.items():  # in order
                at = bisect_left(following, symbol, at, end)
                if at == end:
                    break
                if following[at] == symbol:
                    prices[i] = min(max(cost[at] + least, 0), _RAREST)
        if first < last:
            triples = dict(zip(self._third[first:last], self._cost3[first:last], strict=True))
            for symbol in places.keys() & triples.keys():
                prices[places[symbol]] = min(triples[symbol], _RAREST)
        for i, first_one in twins:
            prices[i] = prices[first_one]
        for i in odd:
            prices[i] = -self.step(key, chars[i])
        if before in chars:
            again = -self.step(key, before)
            prices = [
                again if char == before else price
                for char, price in zip(chars, prices, strict=True)
            ]
        return [-price for price in prices]

    def listed(self, chars: tuple[str, ...]) -> Listed:
        """What `steps` needs to know of these characters, remembered."""
        found = self._lists.get(chars)
        if found is None:
            if len(self._lists) >= _LISTS:
                self._lists.clear()
            symbols = [self._id(char) for char in chars]
            places = {symbol: symbols.index(symbol) for symbol in sorted(symbols)}
            twins = [(i, places[x]) for i, x in enumerate(symbols) if places[x] != i]
            prices = [self._uni[symbol] for symbol in symbols]
            odd = [i for i, char in enumerate(chars) if char < "\u3400" or not symbols[i]]
            found = self._lists[chars] = (prices, places, twins, odd)
        return found

    def score(self, text: str) -> int:
        """Sum of the steps over `text`: comparable between any two strings, 0 for "".

        The difference of two scores is the evidence for one reading against the other; 320 is
        20 nats. Cost: about 0.2 µs a character once its neighbourhood was met.

        >>> load().score("")
        0
        """
        if not text:
            return 0
        keys = [text[0], text[:2]] if len(text) > 1 else [text]
        keys += [text[i : i + 3] for i in range(len(text) - 2)]
        try:
            return sum(map(self._seen.__getitem__, keys))
        except KeyError:
            seen, miss = self._seen, self._miss
            return sum([seen[k] if k in seen else miss(k) for k in keys])

    def scores(self, texts: Iterable[str]) -> list[int]:
        """`score` of each text.

        >>> load().scores(["", "好"])[0]
        0
        """
        return [self.score(t) for t in texts]

    def unigram(self, char: str) -> int:
        """Score of a character by itself.

        >>> load().unigram("的") > load().unigram("旳")
        True
        """
        found = self._seen.get(char)
        return self._miss(char) if found is None else found

    def symbol(self, char: str) -> int:
        """The model's number for a character; characters it holds for the same share one. 0 for
        none.

        >>> load().symbol("中") > 0, load().symbol("\\ue000")
        (True, 0)
        """
        return self._id(char)

    def followers(self, char: str) -> Iterable[tuple[int, int]]:
        """Numbers of the characters that were seen right after `char`, with their scores there.

        >>> load().symbol("国") in dict(load().followers("中"))
        True
        """
        one = self._id(char)
        start, end = (self._starts[one], self._starts[one + 1]) if one else (0, 0)
        scores = [-min(cost, _RAREST) for cost in self._cost[start:end]]
        return zip(self._next[start:end], scores, strict=True)

    def tables(self) -> tuple[array[int], array[int]]:
        """The number of each character of the BMP, and what each number costs by itself."""
        return self._ids, self._uni

    def _id(self, char: str) -> int:
        return self._ids[ord(char)] if "" < char < "\U00010000" else 0

    def _miss(self, key: str) -> int:
        if len(self._seen) >= _KEEP:
            self._seen.clear()  # bounded memory on endless input
        value = self._seen[key] = -self._price(key)
        return value

    def _price(self, key: str) -> int:
        char, before = key[-1], key[-2:-1]
        if char < "\x80":
            if char < " " and char not in "\t\n\r":
                return _CONTROL
            return _ASCII if before < "\u0250" else _ASCII_AFTER
        symbol = self._id(char)
        if symbol and key == char >= "\u3400":  # what the prefilter asks, a third of all
            return min(self._uni[symbol], _RAREST)
        if not symbol:
            low = char.lower()
            symbol = self._id(low) if len(low) == 1 and low != char else 0
            if not symbol:
                return _odd(char, before)
            extra = (
                _UPPER_FIRST if not before.isalpha()
                else _UPPER_NEXT if before.isupper() else _UPPER_INSIDE
            )  # fmt: skip
        else:
            lone = char < "\u0590" and before.isupper() and key[:1].isupper() and len(key) == 3
            extra = _UPPER_INSIDE if lone and char.islower() else 0
        one = self._id(before) or self._id(before.lower()[:1])
        two = self._id(key[0]) if len(key) == 3 and one else 0
        price = self._triple(two, one, symbol) + extra
        if char == before and (char >= "\u2010" or key == 3 * char):
            price = min(price, _REPEATED if char >= "\u3400" else _AGAIN)
        elif char >= "\u3400":
            price = min(price, _RAREST)
        if char in _SIGNS and before < "\u0250":
            return min(price, _SIGN)
        return price

    def _pair(self, one: int, symbol: int) -> int:
        start, end = self._starts[one], self._starts[one + 1]
        at = bisect_left(self._next, symbol, start, end)
        if at < end and self._next[at] == symbol:
            return self._cost[at]
        price = self._uni[symbol] + (self._back[one] - 64) * 2
        if symbol < self._letters and one < self._letters:  # letters no language puts together
            price += _STRANGE if one > _LAST_ASCII else _STRANGE // 2
        return price

    def _triple(self, two: int, one: int, symbol: int) -> int:
        if not one:
            return self._uni[symbol]
        if not two:
            return max(self._pair(one, symbol), 0)
        first, last, back = self._thirds(two, one)
        found = bisect_left(self._third, symbol, first, last)
        if found < last and self._third[found] == symbol:
            return self._cost3[found]
        return max(self._pair(one, symbol) + back, 0)

    def _thirds(self, two: int, one: int) -> tuple[int, int, int]:
        """Where those stand that were seen after two characters, and what others cost beside the
        price after one of them.
        """
        start, end = (self._pairs[two], self._pairs[two + 1]) if two else (0, 0)
        at = bisect_left(self._second, one, start, end)
        if at == end or self._second[at] != one:
            return 0, 0, 0
        first = self._bases[two] + sum(self._sizes[start:at])
        return first, first + self._sizes[at], (self._back3[at] - 64) * 2


def _array(kind: str, data: bytes | memoryview) -> array[int]:
    out: array[int] = array(kind)
    out.frombytes(data)
    if sys.byteorder == "big":
        out.byteswap()
    return out


def _odd(char: str, before: str) -> int:
    """Price of a character that no language model knows, by its kind and neighbour."""
    point = ord(char)
    near = before and ord(before) >> 7 == point >> 7
    if 0x2500 <= point <= 0x259F:
        return _drawing(char, before)
    if char == before:
        return 24 if point > 0xFF else 64
    if 0xE000 <= point <= 0xF8FF or 0xD800 <= point <= 0xDFFF or point >= 0xF0000:
        return 256
    if point == 0xFFFD or 0x80 <= point <= 0x9F or point == 0xAD:
        return 224
    if 0xFF61 <= point <= 0xFF9F:
        return 80 if near else 112
    if 0xFF00 <= point <= 0xFF5E:
        return 72 if near else 136
    if char in _SIGNS:
        return 104
    if point in (0x200D, 0xFE0F, 0x20E3):
        return 48
    if 0x1F000 <= point < 0x1FB00 or 0x2600 <= point < 0x2800:
        return 112 if near else 136
    if 0x2000 <= point < 0x2C00:
        return 112 if near else 136
    if 0x3200 <= point < 0x3400 or 0x3100 <= point < 0x3200:
        return 96 if near else 144
    if 0x3400 <= point < 0x4DC0 or 0xF900 <= point < 0xFB00 or point >= 0x20000:
        return 208
    if char in "°±²³¼½¾µ¹":
        return 96 if before.isdigit() or (before.isascii() and before.isalpha()) else 160
    if point < 0x300:
        return 176
    return 144 if near else 176


_DRAWN: Final = {
    c: family
    for family, chars in enumerate(("─│┌┐└┘├┤┬┴┼╭╮╰╯", "━┃┏┓┗┛┣┫┳┻╋", "═║╔╗╚╝╠╣╦╩╬", "█▀▄░▒▓▌▐"))
    for c in chars
}


def _drawing(char: str, before: str) -> int:
    """Price of a line of a table: cheap beside its own kind, dear in a mixture."""
    if char == before:
        return 24
    family = _DRAWN.get(char, -1)
    if family < 0:
        return 160
    if before in _DRAWN:
        return 64 if _DRAWN[before] == family else 128
    return 80 if before in ("", " ", "\n") else 128


@cache
def load() -> Model:
    """The model of the package, read once: a few milliseconds, 4.1 MB.

    >>> load() is load()
    True
    """
    return Model(load_view("tables/data/model.bin"))
