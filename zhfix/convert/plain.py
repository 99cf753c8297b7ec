"""Conversion with the standard library alone: the engine for short text, and without numpy."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from zhfix.convert.chain import BLOCK, Chain, Piece
from zhfix.convert.engine import Engine
from zhfix.convert.lexicon import CharMap, code_table
from zhfix.pattern import char_class, compiled

# Windows are short and come again: 99 in 100 of them are at most this long.
_SHORT = 16
# At most 3 MB of strings; then it starts anew.
_MEMORY = 1 << 13

# Characters after which the larger table is worth its making, 2 ms.
_LONG = 100_000

# Places looked at phrase by phrase before the pairs of all phrases are collected, which takes as
# long as 5,000 such looks for s2t: a line of text on the command line never needs them.
_FEW = 1000


class Windows(dict[str, str]):
    """What each window of text becomes, remembered for the short ones."""

    def __init__(self, chain: Chain) -> None:
        super().__init__()
        self._chain = chain

    def __missing__(self, window: str) -> str:
        value = self._chain.convert(window)
        if len(window) <= _SHORT:
            if len(self) >= _MEMORY:
                self.clear()
            self[window] = value
        return value


class Plain(Engine):
    """Maps all characters at once, then mends the windows in which a phrase matters."""

    def __init__(self, chain: Chain) -> None:
        super().__init__(chain)
        self._table: CharMap | list[int] | array[int] = CharMap(chain.chars)
        self._hits = chain.hits
        # those beyond the BMP are converted one by one: the larger table does not have them
        self._alone = self._hits.alone.union(char for char in chain.chars if char > "\uffff")
        self._anchors = compiled(char_class(self._hits.anchors)).finditer
        self._n_seen = 0
        self.windows = Windows(chain)
        self._n_looks = 0

    def convert(self, text: str) -> str:
        done = self.seen(text)[1]
        return text if done == text else done

    def seen(self, text: str) -> tuple[str, str]:
        """The text as the dictionaries see it, without compatibility ideographs, and what it
        becomes.
        """
        if len(text) <= BLOCK:
            return self._block(text)
        seen, done = zip(*map(self._block, self.chain.blocks(text)), strict=True)
        return "".join(seen), "".join(done)

    def _block(self, text: str) -> tuple[str, str]:
        mapped = self._mapped(text)
        done: list[str] = []
        last = 0
        for start, end in self._spans(text):
            if start < 0:
                return self._block(self.chain.normalized(text))
            done += mapped[last:start], self.windows[text[start:end]]
            last = end
        if not done:
            return text, mapped
        done.append(mapped[last:])
        return text, "".join(done)

    def pieces(self, text: str) -> Iterator[Piece]:
        plain = self.chain.normalized(text)
        mapped = self._mapped(plain)
        last = 0
        for start, end in (*self._spans(plain), (len(text), len(text))):
            if mapped[last:start] != text[last:start]:
                for at in range(last, start):
                    if mapped[at] != text[at]:
                        yield at, at + 1, mapped[at]
            for left, right, value in self.chain.pieces(plain[start:end]):
                if value != text[start + left : start + right]:
                    yield start + left, start + right, value
            last = end

    def _mapped(self, text: str) -> str:
        if isinstance(self._table, CharMap):
            self._n_seen += len(text)  # a guess that threads may blur
            if self._n_seen > _LONG:
                self._table = code_table(self.chain.chars)
        return text.translate(self._table)

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans around hits, cut where nothing joins; (-1, -1) if the text must be normalised."""
        before, after, alone = self._hits.before, self._hits.after, self._alone
        last = 0
        # text[-1:1] is no pair either
        hits = [
            at
            for match in self._anchors(text)
            if text[(at := match.start()) - 1 : at + 1] in before
            or text[at : at + 2] in after
            or text[at] in alone
        ]
        for at in hits:
            if at < last:
                continue
            if text[at] in self.chain.compat:
                yield -1, -1
                return
            start, end = at, at + 1
            while start > last and self._is_joined(text, start):
                start -= 1
            while end < len(text) and self._is_joined(text, end):
                end += 1
            yield start, end
            last = end

    def _is_joined(self, text: str, at: int) -> bool:
        """Whether what is before and after a place must be converted together."""
        if self._n_looks < _FEW:
            self._n_looks += 1
            return self.chain.is_joined(text, at)
        return text[at - 1 : at + 1] in self.chain.joins
