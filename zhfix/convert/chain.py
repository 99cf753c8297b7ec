"""One config, exactly: what the text becomes, and where a shortcut through it is allowed.

Nearly all text converts character by character. `Chain` says where it does not: a *hit* is a place
where a phrase may begin or end whose value differs from the values of its characters; *joins* are
the pairs of neighbours that some phrase holds together. Between two characters that are no join
the text may be cut and each side converted alone. So an engine maps all characters, looks for
hits, and sends only the window around a hit, up to the next cut on both sides, through `convert`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import chain as chained

from zhfix.convert.configs import CONFIGS, NORMALIZE, OURS
from zhfix.convert.lexicon import CharMap, Lexicon, Load, Pairs, lexicon
from zhfix.named import NamedTuple
from zhfix.pattern import pattern

# Characters converted at a time: many, since some hundred array operations have a fixed cost each,
# but not so many that what is between input and output grows with the text. Measured: 2^17 takes a
# fifth longer than 2^19, 2^20 as long.
BLOCK = 1 << 19

# Different compatibility ideographs in one text up to which replacing them one by one is faster
# than translating the text.
_FEW = 24

# Between keys that are written into one string: a lone surrogate, which no key has.
_BETWEEN = "\udfff"

# The most frequent characters of data/pairs, both scripts, the most frequent one last.
_COMMON = (
    "心民于必做小想果道起公而使些日十跟然及理同第面時天时成或很主本看说說方者自耶部但生好其分能多前行來定"
    "来为為作因如会會去年下家那法子事都得出用地这這個个所和也中們之们可上到大就要了以你他人不在有一是我的"
)

# Where a text without line ends is cut: no phrase and no context reaches over a stop or a blank.
_STOP = pattern("[\\s。！？；]")

Piece = tuple[int, int, str]


def line_blocks(text: str) -> Iterator[str]:
    """The text in parts of at least `BLOCK` characters that end with a line, or with a sentence if
    that line is long.

    No phrase or context crosses such a place, so what needs both can take them one by one.
    """
    start = 0
    while len(text) - start > BLOCK:
        end = text.find("\n", start + BLOCK - 1, start + 2 * BLOCK) + 1
        if not end:
            stop = _STOP.search(text, start + 2 * BLOCK)
            end = stop.end() if stop else len(text)
        yield text[start:end]
        start = end
    if start < len(text) or not text:
        yield text[start:] if start else text


class Hits(NamedTuple):
    """Where conversion by characters may be wrong: at an anchor, if its neighbour agrees."""

    before: frozenset[str]  # pairs whose second character is the anchor
    after: frozenset[str]  # pairs whose first character is the anchor
    alone: frozenset[str]  # anchors whatever their neighbours are
    anchors: frozenset[str]


class Chain:
    """The dictionaries of one config, and the exact conversion through them."""

    def __init__(self, config: str, load: Load) -> None:
        spec = CONFIGS.get(config) or OURS[config]
        self.compat = Lexicon(((NORMALIZE,),), load).chars
        self._segment: Lexicon | None = lexicon(spec.segment, load) if spec.segment else None
        self._first = lexicon(spec.steps[0], load)
        self._second: Lexicon | None = lexicon(spec.steps[1], load) if spec.steps[1:] else None

    @cached_property
    def normalize(self) -> CharMap:
        """Compatibility ideographs -> the characters the dictionaries know."""
        return CharMap(self.compat)

    def normalized(self, text: str) -> str:
        """The text without compatibility ideographs; the same object where it has none."""
        found = self.compat.keys() & set(text)
        if len(found) > _FEW:
            return text.translate(self.normalize)
        for char in sorted(found):
            text = text.replace(char, self.compat[char])
        return text

    @cached_property
    def chars(self) -> dict[str, str]:
        """What each character becomes on its own, where that is one other character."""
        first, second = self._first.chars, self._second.chars if self._second else {}
        plain = {**second, **first}
        if second:
            plain = {key: second.get(value, value) for key, value in first.items()}
            plain.update((key, value) for key, value in second.items() if key not in first)
        plain.update((key, plain.get(value, value)) for key, value in self.compat.items())
        return {key: value for key, value in plain.items() if len(value) == 1}

    @cached_property
    def hits(self) -> Hits:
        """The places to look at, as small sets; see `Hits`."""
        anchors: set[str] = set()
        before, after = _telling_pairs(self._first, anchors)
        if self._second:
            source = self._source
            anchors = {self._first.chars.get(char, char) for char in anchors}
            found = _telling_pairs(self._second, anchors)
            for pairs, ours in zip(found, (before, after), strict=True):
                for pair in pairs:
                    a, b = pair[0], pair[1]
                    ours.update(_pairs(source.get(a, a), source.get(b, b)))
        alone = frozenset(self.compat).union(self._stretched())
        anchors = {pair[1] for pair in before} | {pair[0] for pair in after}
        return Hits(frozenset(before), frozenset(after), alone, alone | anchors)

    @cached_property
    def joins(self) -> Pairs:
        """Pairs of neighbours that a phrase of any step may hold together; a superset.

        Pairs of a second step are looked for in what the first step makes of the text, so they
        are entered as every pair of characters that can become them.
        """
        early = [lexicon.inner_pairs() for lexicon in self._early]
        return Pairs(chained(self._later_joins, *early))

    @cached_property
    def _later_joins(self) -> set[str]:
        """The joins of the second step."""
        pairs: set[str] = set()
        if self._second:
            last, first = self._edges()
            for pair in {*self._second.inner_pairs()}:
                a, b = pair[0], pair[1]
                pairs.update(_pairs(last.get(a, a), first.get(b, b)))
        return pairs

    @cached_property
    def _early(self) -> list[Lexicon]:
        """The lexicons whose phrases are matched with the text itself."""
        if self._segment is None or self._is_segmented:
            return [self._first]
        return [self._first, self._segment]

    def is_joined(self, text: str, at: int) -> bool:
        """Whether a phrase may hold the characters before and after a place together.

        Slower than to look the pair up in `joins`, but nothing has to be collected first. It says
        no more often, as it sees whole phrases; either answer is safe for any place.
        """
        if text[at - 1 : at + 1] in self._later_joins:
            return True
        return any(lexicon.is_across(text, at) for lexicon in self._early)

    def blocks(self, text: str) -> Iterator[str]:
        """The text in parts of about `BLOCK` characters that may be converted one by one."""
        start = 0
        while len(text) - start > BLOCK:
            end = start + BLOCK
            while text[end - 1 : end + 1].translate(self.normalize) in self.joins:
                end += 1
            yield text[start:end]
            start = end
        yield text[start:] if start else text

    def convert(self, text: str) -> str:
        """What OpenCC makes of `text`, which has no compatibility ideographs; the slow way."""
        return "".join([value for _, _, value in self.pieces(text)])

    def pieces(self, text: str) -> Iterator[Piece]:
        """Source span and value of each piece that conversion treats as one, in order."""
        for start, end in self._segments(text):
            segment = text[start:end]
            pieces = _spans(segment, self._first)
            if self._second:
                middle = "".join([value for _, _, value in pieces])
                pieces = _compose(pieces, _spans(middle, self._second))
            for left, right, value in pieces:
                yield start + left, start + right, value

    def phrases(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans of the phrases of two characters or more that the first step matches in `text`."""
        start = 0
        for end, value in self._first.cut(text):
            if value is not None and end - start > 1:
                yield start, end
            start = end

    def _segments(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans that later steps see one by one: each matched phrase, and each run between."""
        start = run = 0
        for end, value in self._segment.cut(text) if self._segment else ():
            if value is not None:
                if run < start:
                    yield run, start
                yield start, end
                run = end
            start = end
        if run < len(text):
            yield run, len(text)

    @cached_property
    def _source(self) -> dict[str, str]:
        """Character of the first step's output -> the characters that become it."""
        return _inverse(self._first.chars)

    def _edges(self) -> tuple[dict[str, str], dict[str, str]]:
        """Like `_source`, for a character at the end and at the start of a piece."""
        last, first = dict(self._source), dict(self._source)
        several = [(key, value) for key, value in self._first.chars.items() if len(value) > 1]
        # a phrase that is its own segment is never joined to its neighbours
        phrases = () if self._is_segmented else self._first.phrases.items()
        for key, value in chained(phrases, several):
            for source, a, b in ((last, key[-1], value[-1]), (first, key[0], value[0])):
                if a not in source.setdefault(b, b):
                    source[b] += a
        return last, first

    @property
    def _is_segmented(self) -> bool:
        """Whether the text is cut by the very phrases of the first step."""
        return self._segment is not None and self._segment.phrases is self._first.phrases

    def _stretched(self) -> Iterator[str]:
        """Characters that become several on their own."""
        second = self._second.chars if self._second else {}
        for key, value in self._first.chars.items():
            if len(second.get(value, value)) != 1:
                yield key
        for key, value in second.items():
            if len(value) != 1:
                yield from self._source.get(key, key)


def _telling_pairs(step: Lexicon, anchors: set[str]) -> tuple[set[str], set[str]]:
    """A pair for each phrase whose value is not that of its characters: `Hits.before`, `.after`.

    The fewer and the rarer the anchors, the less of a text has to be looked at. In most phrases
    one ambiguous character differs, and there are few of those: they are the anchors. Any
    character can stand for the other phrases, so that is an anchor they have, or a rare one.
    """
    table = CharMap(step.chars)  # not kept: it grows by every character that it meets
    by_chars = _BETWEEN.join(step.phrases).translate(table).split(_BETWEEN)
    found: list[tuple[str, int]] = []
    others: list[str] = []
    # without any phrase there is still one piece
    for (key, value), plain in zip(step.phrases.items(), by_chars, strict=False):
        if value == plain:
            continue
        if len(key) == len(value) == len(plain):
            places = [place for place, char in enumerate(plain) if char != value[place]]
            if len(places) == 1:
                found.append((key, places[0]))
                continue
        others.append(key)
    anchors.update(key[place] for key, place in found)
    for key in others:
        ranks = [(char not in anchors, _COMMON.find(char)) for char in key]
        found.append((key, ranks.index(min(ranks))))
        anchors.add(key[found[-1][1]])
    before = {key[place - 1 : place + 1] for key, place in found if place}
    after = {key[:2] for key, place in found if not place}
    return before, after


def _pairs(left: str, right: str) -> list[str]:
    return [a + b for a in left for b in right]


def _inverse(chars: Mapping[str, str]) -> dict[str, str]:
    """Value -> all characters with that value, itself included if it stays what it is."""
    source: dict[str, str] = {}
    for key, value in chars.items():
        if value not in source:
            source[value] = value if chars.get(value, value) == value else ""
        if key != value:
            source[value] += key
    # a character that never comes out has no source; it must not stand for itself
    for key in chars:
        source.setdefault(key, "")
    return source


def _spans(text: str, step: Lexicon) -> list[Piece]:
    start, pieces = 0, []
    for end, value in step.cut(text):
        pieces.append((start, end, text[start:end] if value is None else value))
        start = end
    return pieces


def _compose(first: list[Piece], second: list[Piece]) -> list[Piece]:
    """Pieces of two steps in a row, cut where both cut, with spans of the first one's source."""
    ends: dict[int, int] = {}
    middle = 0
    for _, end, value in first:
        middle += len(value)
        ends[middle] = end
    pieces: list[Piece] = []
    start, values = 0, []
    for _, middle, value in second:
        values.append(value)
        if middle in ends:
            pieces.append((start, ends[middle], "".join(values)))
            start, values = ends[middle], []
    return pieces
