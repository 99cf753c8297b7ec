"""Mojibake that lost bytes: U+FFFD, a `?` that ate a byte pair, private-use characters dropped.

The bytes that are left are read with gaps; a beam search over what each gap may have been is
scored by the model, and the share of the best reading among all readings says how sure it is.
How bytes get lost: research/mojibake.md, sections 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product

from zhfix.model import UNIT, Model
from zhfix.mojibake.codepages import encode_one
from zhfix.mojibake.gaps import EATEN, MARK, arcs, is_double, is_utf8, swallowed, units
from zhfix.named import NamedTuple
from zhfix.pattern import pattern
from zhfix.script import odds

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

CHAINS: Final = (
    ("cp936", "utf-8"), ("windows-1252", "utf-8"), ("cp932", "utf-8"), ("cp949", "utf-8"),
    ("cp1251", "utf-8"), ("windows-1252", "big5"), ("windows-1252", "gb18030"),
    ("cp1254", "gb18030"),
)  # fmt: skip
MOST_GUESSED: Final = 0.5  # a reading with more guessed characters than this is fluent nonsense
MOST_MARKED: Final = 0.3  # and one with more that are not likely
MOST_LOST, _FEW_LOST = 0.4, 3  # bytes lost for each that is known, and how few are no matter
FILL: Final = 0.4  # the probability above which a lost character is filled in and not marked
FILL_UNSEEN: Final = 0.5  # the same where bytes vanished without a mark
FILL_ALONE, _EACH = 0.88, 0.04  # and where few known ones tell what it is: 王小� is no 王小是
KNOWN: Final = 12  # characters that lost nothing: so many are worth the marks between them
GUESS: Final = 2 * UNIT  # what a guessed character takes from the evidence
WORTH: Final = 6 * UNIT  # by how much filling gaps must beat leaving them
LONGEST: Final = 1300  # characters: the search is slow
CLEAR: Final = 30 * UNIT  # evidence for one chain after which no other is tried
_BEAM: Final = 12
_FEW: Final = 12  # candidates kept for one gap
_MANY: Final = 40  # candidates weighed to tell how sure one is
_MARK_SEEN: Final = pattern("(?<=[^\x00-\x7f])\\?|\ufffd")
_PAIRED: Final = dict(zip("」』）】》〉”’", "「『（【《〈“‘", strict=True))
_CLOSES, _STANDS_ALONE = 5 * UNIT // 2, 3 * UNIT  # a bracket that closes one before it, or none
_WIDE: Final = dict(zip(",.?!:;()", "，。？！：；（）", strict=True))
_AS_WIDE: Final = str.maketrans(_WIDE)
_NOT_LAST: Final = 5 * UNIT // 2  # a comma that ends a line
_ENDING: Final = "\"')];*\n\r "
_LIFT: Final = 2 * UNIT  # the most that neighbours say of ASCII punctuation
_OTHER_SCRIPT: Final = 6 * UNIT  # the most that a character of the other script costs
_HANS_FIRST: Final = 3 * UNIT // 2  # the same where nothing tells the script: GBK is of hans


class Reading(NamedTuple):
    """What a damaged piece was most likely: share is its part of all readings weighed; marked the
    text with U+FFFD where no guess stands out, and their number.
    """

    text: str
    score: int
    share: float
    n_guesses: int
    marked: str = ""
    n_marks: int = 0


class _Gap(NamedTuple):
    """Where in the text a guess stands, and what else it may be, at which prices."""

    at: int
    chars: list[str]
    prices: list[int] | None = None
    is_seen: bool = True  # a mark shows that something is lost there

    @property
    def size(self) -> int:
        """Characters it takes."""
        return len(self.chars[0]) if self.chars else 1

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.at + self.size

    def likely(self, text: str, many: int) -> list[tuple[str, int]]:
        """What it may be, with prices: the everyday ones, and that which stands in `text`."""
        every = list(zip(self.chars, self.prices or [0] * len(self.chars), strict=True))
        known = text[self.at : self.end]
        return every[:many] + [pair for pair in every[many:] if pair[0] == known]


class _Path(NamedTuple):
    score: int
    text: str
    n_guesses: int
    mass: float  # log of the probability of all readings that end alike, nats
    gaps: tuple[_Gap, ...] = ()


class _Scene:
    """What the whole piece tells of its gaps: its script, and the ASCII that follows Chinese."""

    def __init__(self, text: str, data: list[int], right: str, model: Model) -> None:
        self.eaten = swallowed(text) if EATEN in data else {}
        codec = "utf-8" if right == "utf-8" else "gbk" if right == "gb18030" else "big5hkscs"
        known = bytes(unit for unit in data if unit >= 0).decode(codec, "ignore")
        told = sum(odds().get(c, 0) for c in known)  # tenths of nats, hans above 0
        self._told = max(-_OTHER_SCRIPT, min(_OTHER_SCRIPT, told * UNIT // 10))
        if not self._told and right != "big5":
            self._told = _HANS_FIRST
        self._model = model

    def step(self, tail: str, char: str) -> int:
        """Score of a character after `tail`, where ASCII punctuation is as good as Chinese."""
        wide = _WIDE.get(char)
        if wide and tail[-1:] > "\x7f":
            flat = self._model.step(tail, char)
            lift = self._model.step(tail, wide) - self._model.unigram(wide)
            return flat + max(-_LIFT, min(_LIFT, lift))
        return self._model.step(tail, char)

    def plain(self, tail: str, chars: str) -> int:
        """Score of characters that are known."""
        if len(chars) == 1:
            return self.step(tail, chars)
        return self.step(tail, chars[0]) + self.step(tail[-1:] + chars[0], chars[1])

    def ranked(
        self, before: str, tail: str, chars: list[str], told: list[int]
    ) -> list[tuple[int, str]]:
        """The likeliest guesses after `tail`, in a text that begins with `before`, with scores;
        `told` is what the script says of each.
        """
        if all(len(c) == 1 for c in chars):
            out = [
                (value + script + (self.closes(before, c) if c in _PAIRED else 0), c)
                for value, script, c in zip(
                    self._model.steps(tail, chars), told, chars, strict=True
                )
            ]
        else:
            out = [(self.plain(tail, c) + self.fits(before, c), c) for c in chars]
        if len(out) > _FEW:
            out.sort(reverse=True)
            del out[_FEW:]
        return out

    def in_place(self, before: str, chars: str, after: str) -> int:
        """Score of a guess between what stands before and after it."""
        text, tail, value = chars + after, before[-2:].translate(_AS_WIDE), self.fits(before, chars)
        if chars[-1] in "，、" and not after.strip(_ENDING):
            value -= _NOT_LAST
        for c in text:
            value += self.step(tail, c)
            tail = tail[-1:] + c.translate(_AS_WIDE)
        return value

    def fits(self, before: str, chars: str) -> int:
        """What script and brackets say of a guess."""
        return self.told(chars) + sum(self.closes(before, c) for c in chars if c in _PAIRED)

    def closes(self, before: str, bracket: str) -> int:
        """What a closing bracket is worth after `before`."""
        is_open = before.count(_PAIRED[bracket]) > before.count(bracket)
        return _CLOSES if is_open else -_STANDS_ALONE

    def told(self, chars: str) -> int:
        """What the script of the piece says of a guess, at most 0."""
        out = 0
        for c in chars:
            told = 0 if c in _PAIRED else odds().get(c, 0)
            if told * self._told < 0:
                out -= min(abs(told) * UNIT // 10, abs(self._told))
        return out


def pieces(line: str, wrong: str) -> Iterator[tuple[int, int]]:
    """Stretches of `line` that the wrong code page may have shown, gaps included."""
    start = -1
    for i, c in enumerate(line + "\U00100000"):
        if c < "\x80" or c == MARK or encode_one(c, wrong):
            start = i if start < 0 else start
            continue
        if start >= 0 and not line[start:i].isascii():
            yield start, i
        start = -1


def read(text: str, chain: tuple[str, ...], left: str, model: Model) -> Reading | None:
    """The best reading of a piece with gaps, or None when there is none worth having.

    >>> from zhfix.model import load
    >>> read("绠€鍗\\ufffd", ("cp936", "utf-8"), "", load()).text
    '简单'
    """
    piece = units(text, chain[0])
    data = piece.data
    is_plausible = is_utf8(piece) if chain[1] == "utf-8" else is_double(piece, chain[1])
    if not is_plausible or _is_hopeless(data):
        return None
    scene = _Scene(text, data, chain[1], model)
    best: list[dict[str, _Path]] = [{} for _ in range(len(data) + 1)]
    best[0][left[-2:]] = _Path(0, "", 0, 0.0)
    for i in range(len(data)):
        if not best[i]:
            continue
        options = list(arcs(piece, i, chain, scene.eaten))
        tolds = [
            list(map(scene.told, chars)) if guessed else [] for _, chars, _, guessed in options
        ]
        for path in sorted(best[i].values(), key=lambda p: -p.score)[:_BEAM]:
            tail = (left + path.text)[-2:].translate(_AS_WIDE)
            for (size, chars, price, guessed), told in zip(options, tolds, strict=True):
                if guessed:
                    ranked = scene.ranked(path.text, tail, chars, told)
                else:
                    ranked = [(scene.plain(tail, c), c) for c in chars]
                gaps = path.gaps
                if guessed:
                    gaps = (*gaps, _Gap(len(path.text), chars, is_seen=not price))
                elif data[i] == EATEN and chars:
                    every = [c[0] for _, c, _, _ in options], [p for _, _, p, _ in options]
                    gaps = (*gaps, _Gap(len(path.text), *every))
                for value, c in ranked:
                    gain = value - price
                    new = _Path(
                        path.score + gain, path.text + c, path.n_guesses + guessed,
                        path.mass + gain / UNIT, gaps,
                    )  # fmt: skip
                    key = new.text[-2:] if len(new.text) > 1 else tail[-1:] + new.text
                    old = best[i + size].get(key)
                    if old is not None:
                        mass = _plus(old.mass, new.mass)
                        new = (new if new.score > old.score else old)._replace(mass=mass)
                    best[i + size][key] = new
        best[i].clear()
    return _reading(list(best[-1].values()), left[-2:], scene)


def _is_hopeless(data: list[int]) -> bool:
    """Whether so many bytes are lost that the reading would be declined in the end."""
    n_known = sum(unit >= 0x80 for unit in data)
    n_lost = sum(unit < 0 for unit in data if unit != EATEN)
    return n_lost > max(_FEW_LOST, MOST_LOST * n_known)


def _reading(ends: list[_Path], left: str, scene: _Scene) -> Reading | None:
    ends = list(map(_ended, ends))
    ends.sort(key=lambda p: -p.score)
    if not ends:
        return None
    first = ends[0]
    n_others = sum(c > "\x7f" for c in first.text)
    marked, n_marks = _marked(first, left, scene)
    if first.n_guesses > max(1, MOST_GUESSED * n_others) or n_marks > max(
        1, MOST_MARKED * n_others
    ):
        return None
    total = first.mass
    for other in ends[1:]:
        total = _plus(total, other.mass)
    share = math.exp(first.score / UNIT - total)
    return Reading(first.text, first.score, share, first.n_guesses, marked, n_marks)


def _ended(path: _Path) -> _Path:
    """A path with what its end says: a guess that ends a line is seldom a comma."""
    last = len(path.text.rstrip(_ENDING)) - 1
    if not path.gaps or path.gaps[-1].at != last or path.text[last] not in "，、":
        return path
    return path._replace(score=path.score - _NOT_LAST, mass=path.mass - _NOT_LAST / UNIT)


def _marked(path: _Path, left: str, scene: _Scene) -> tuple[str, int]:
    """The text with U+FFFD for each guess that its neighbours do not make sure, and how many."""
    text, n_marks = path.text, 0
    out = list(text)
    n_known = sum(c > "\x7f" for c in text) - path.n_guesses
    gaps = list(path.gaps)
    for k, gap in enumerate(gaps):
        sides = [1.0]
        for other in gaps[max(0, k - 1) : k + 2]:  # a guess beside a guess is weighed with it
            is_beside = min(gap.end, other.end) == max(gap.at, other.at)
            if is_beside and other is not gap and not gap.prices and not other.prices:
                sides.append(_share(text, left, sorted((gap, other)), scene))
        if len(sides) == 1:
            sides.append(_share(text, left, [gap], scene))
        least = FILL if gap.is_seen else FILL_UNSEEN
        if min(sides) < max(least, FILL_ALONE - _EACH * n_known):
            out[gap.at : gap.end] = [MARK] * gap.size
            n_marks += gap.size
    return "".join(out), n_marks


def _share(text: str, left: str, gaps: list[_Gap], scene: _Scene) -> float:
    """Probability of one guess or two neighbours among all that they may be."""
    start, end = gaps[0].at, gaps[-1].end
    before, after = left + text[:start], text[end : end + 2]
    every = {
        "".join(chars): sum(prices)
        for pairs in product(*(gap.likely(text, _MANY // len(gaps) ** 2) for gap in gaps))
        for chars, prices in [zip(*pairs, strict=True)]
    }
    scores = {c: scene.in_place(before, c, after) - price for c, price in every.items()}
    mine = scores.get(text[start:end], 0)
    return 1 / max(1.0, sum(math.exp(min(9.0, (score - mine) / UNIT)) for score in scores.values()))


def _plus(a: float, b: float) -> float:
    """Logarithm of the sum of two numbers given by their logarithms."""
    return max(a, b) + math.log1p(math.exp(-abs(a - b)))


def has_gap(text: str) -> bool:
    """Whether the marks of a lost byte stand in the text.

    >>> has_gap("绠€鍗?"), has_gap("简单?")
    (True, True)
    """
    return bool(_MARK_SEEN.search(text))
