"""What holds for a whole damaged page while its shifted runs are read: how it writes, which marks
it uses, and how likely a character is on it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise

from zhfix.model import UNIT, load
from zhfix.pattern import pattern
from zhfix.rules.byte_ends import LOST, Ends
from zhfix.rules.gbk import FULL_WIDTH, code, gbk, keys, reading
from zhfix.script import distinct

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from zhfix.model import Listed

    # what the model knows of a list, what the page shows of it, what is rare in it
    _Shares = tuple[Listed, list[tuple[int, str, float]], list[int]]

__all__ = ["FOLDED", "GLOSS", "LOST", "MARKS", "OPENING", "PINYIN", "QUERY", "Page"]

PINYIN = "[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüêńňǹɡ]{1,6}"
GLOSS = pattern(rf"\(({PINYIN})\)")
QUERY = pattern(rf"\?({PINYIN})\)")  # a ? took the parenthesis
MARKS = frozenset("、。，！？；：")  # before these some pages insert a byte that shows nothing
FOLDED = frozenset(",;:!?")
OPENING = dict(zip("「『“‘《〈（【", "」』”’》〉）】", strict=True))
_CLOSING = {closing: opening for opening, closing in OPENING.items()}

_HALF = pattern("[!?,](?<=[\u4e00-\u9fff].)")
_SURELY_TAKEN = pattern(rf"{QUERY.pattern}|\?/?[a-z][a-z0-9]{{0,9}} ?/?>")
_TAKEN = pattern(rf"{_SURELY_TAKEN.pattern}|\?[、。，！？；：,;:!?]")
_QUOTES = frozenset("「」『』“”‘’")
# what may be out of step behind a ?: up to the first sound mark or ASCII character, where runs end
_DOUBTFUL = pattern(rf"\?(?:{PINYIN}\))?[^\x00-\x7f，。]{{0,40}}")
_STRANGE = 8 * UNIT  # price of a Simplified character, kana, a Greek letter and the like
_RARE = 5 * UNIT // 2  # price of a character outside GB 2312 that the page does not show elsewhere
_PAGE = 400  # characters of text that tell how a page writes
_PAIRED = 2 * UNIT  # gain of a closing mark that was opened; a stray one costs twice that
_FAR = 150  # characters before a run from which on a quotation must have been opened in them
_OWN = 0.2  # share of the page's own counts in a step, fitted with the next line's weights
_PAIRS, _TRIPLES = 6, 3  # weight of the page's shorter contexts, in counts
# share of the model in a step, by its price there
_MODEL = tuple((1 - _OWN) * math.exp(-price / UNIT) for price in range(2048))


Ranked = list[tuple[int, str]]
_Shown = tuple[str, Counter[str], Counter[str], Counter[str]]


@lru_cache(maxsize=1)  # a page's takes up to 7 MB
def _shown(text: str, is_stripped: bool = False) -> _Shown:
    """How often a page shows each character, pair and triple; glosses left out, and what follows a
    `?`, so that a run is no evidence for itself. Remembered: several pages are made of one text.
    """
    if is_stripped:  # a run may follow any ! and any gloss that its character does not have
        plain = GLOSS.sub(lambda match: "" if _is_own(match) else "?", text).replace("!", "?")
    else:
        plain = GLOSS.sub("", text)
    plain = _DOUBTFUL.sub(LOST, plain)
    pairs = Counter(map("".join, pairwise(plain)))
    triples = Counter(map("".join, zip(plain, plain[1:], plain[2:], strict=False)))
    return plain, Counter(plain), pairs, triples


def _is_own(gloss: re.Match[str]) -> bool:
    """Whether the character before a gloss has it."""
    return reading(gloss.string[gloss.start() - 1 : gloss.start()]) == gloss[1]


class Page:
    """A damaged text with what holds for all of it. `prove` says whether glosses of characters that
    are not on the list count.
    """

    def __init__(self, text: str, prove: Callable[[], bool]) -> None:
        self.text = text
        self._prove = prove
        self._model = load().step
        self.known: dict[str, int] = {}  # steps that were taken, by their last three characters
        self._lists: dict[int, tuple[str, ...]] = {}
        self._shared: dict[tuple[str, ...], _Shares] = {}
        # what may have lost a byte, likeliest first: characters and marks, by context and list
        self.ranked: dict[tuple[str, str], tuple[Ranked, Ranked]] = {}
        # readings still tried: work is bounded on any text; dense pages take 1.7 a character
        self.n_left = 10_000 + 3 * len(text)

    @cached_property
    def _plain(self) -> frozenset[str]:
        return gbk().plain

    @cached_property
    def _common(self) -> frozenset[str]:
        return gbk().common

    @cached_property
    def is_open(self) -> bool:
        """Whether glosses of characters that are not on the list count."""
        return self._prove()

    @cached_property
    def is_raw(self) -> bool:
        """Whether undefined pairs still show, as private-use characters."""
        return re.search("[\ue000-\uf8ff]", self.text) is not None

    @cached_property
    def is_folded(self) -> bool:
        """Whether the collection folded full-width marks to half width; it left those behind a ?,
        which is no Chinese character.
        """
        return re.search("(?<![?])[，！？；：]", self.text) is None

    @cached_property
    def is_stripped(self) -> bool:
        """Whether the page may be one of those that lose a first byte without a trace (variant B):
        ！ ？ ， do not stand on it, ! ? , do, and no ? took a parenthesis or the < of a tag.
        """
        return (
            _HALF.search(self.text) is not None
            and self.shown.isdisjoint("！？，")
            and (_TAKEN if self.is_folded else _SURELY_TAKEN).search(self.text) is None
        )

    @property
    def is_surely_stripped(self) -> bool:
        """Whether it can be no other: ； or ： shows that no collection folded its marks."""
        return self.is_stripped and not self.is_folded

    @cached_property
    def shown(self) -> frozenset[str]:
        """The characters of the page."""
        return frozenset(distinct(self.text))

    @cached_property
    def unused_quotes(self) -> frozenset[str]:
        """Quotation marks that the page never shows, while it shows others; these pages were
        Simplified ones, so without any it is “” that is expected.
        """
        unused = [pair for pair in ("「」", "『』", "“”", "‘’") if self.shown.isdisjoint(pair)]
        return frozenset("".join(unused) if len(unused) < 4 else "「」『』")

    @cached_property
    def _own(self) -> _Shown:
        return _shown(self.text, self.is_stripped)

    @cached_property
    def _ones(self) -> Counter[str]:
        return self._own[1]

    @cached_property
    def _pairs(self) -> Counter[str]:
        return self._own[2]

    @cached_property
    def _triples(self) -> Counter[str]:
        return self._own[3]

    @cached_property
    def _n_own(self) -> int:
        return self._ones.total() + 2000

    @cached_property
    def ends(self) -> Ends:
        """What ASCII stands behind which characters of the page."""
        return Ends(self._own[0], self._ones, self._pairs)

    def keys(self, lead: int, pinyin: str) -> tuple[str, ...]:
        """Characters that begin with the byte `lead` and get the gloss `pinyin` on this page."""
        found = keys(lead, pinyin, is_open=False)
        return found or (keys(lead, pinyin, is_open=True) if self.is_open else ())

    def step(self, out: str, char: str) -> int:
        """The model's step after `out`, mixed with what the page itself shows: names and topics
        come back on a page. Dear for what Traditional text is not written with.
        """
        key = out[-2:] + char
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._price(key.replace(LOST, "，"))
        return found

    def with_lead(self, lead: int) -> tuple[str, ...]:
        """Characters that may stand on such a page and begin with the byte `lead`."""
        return self.usual(lead, gbk().by_lead.get(lead, ()))

    def with_trail(self, trail: int) -> tuple[str, ...]:
        """The same of those that end with the byte `trail`."""
        return self.usual(trail + 0x100, gbk().by_trail.get(trail, ()))

    def usual(self, slot: int, every: tuple[str, ...]) -> tuple[str, ...]:
        """Those of `every` that this page may be written with: common characters and what it shows;
        all of them in a fragment, which does not show much. Remembered under `slot`.
        """
        if len(self.text) < _PAGE:
            return every
        found = self._lists.get(slot)
        if found is None:
            common, ones = self._common, self._ones
            found = tuple(char for char in every if char in common or char in ones)
            self._lists[slot] = found
        return found

    def steps(self, out: str, chars: Sequence[str]) -> list[int]:
        """`step` of each of `chars`, which are what Traditional text is written with."""
        before = out[-2:].replace(LOST, "，")
        listed, shown, rare = self._shares(tuple(chars))
        scores = load().steps(before, chars, listed)
        pairs, triples, last = self._pairs, self._triples, before[-1:]
        n_one, n_two = self._ones.get(last, 0) + _PAIRS, pairs.get(before, 0) + _TRIPLES
        is_seen = n_two > _TRIPLES
        for i, char, own in shown:
            if last:
                own = (pairs.get(last + char, 0) + _PAIRS * own) / n_one
                if len(before) == 2:
                    n = triples.get(before + char, 0) if is_seen else 0
                    own = (n + _TRIPLES * own) / n_two
            scores[i] = round(math.log(_MODEL[-scores[i]] + _OWN * own) * UNIT)
        for i in rare:
            scores[i] -= _RARE
        return scores

    def _shares(self, chars: tuple[str, ...]) -> _Shares:
        """What the model knows of `chars`; those that the page shows, each with its place and
        share; and the places of rare ones that it does not show.
        """
        found = self._shared.get(chars)
        if found is None:
            ones, common = self._ones, self._common
            shown = [(i, char, ones[char]) for i, char in enumerate(chars) if char in ones]
            found = self._shared[chars] = (
                load().listed(chars),
                [(i, char, n / self._n_own) for i, char, n in shown],
                [
                    i
                    for i, c in enumerate(chars)
                    if c > "\x7f" and c not in ones and c not in common
                ],
            )
        return found

    def _price(self, key: str) -> int:
        before, char = key[:-1], key[-1]
        score = self._model(before, char)
        if char > "\x7f" and char not in self._plain:
            return score - _STRANGE
        n = self._ones.get(char, 0)
        if not n:
            return score - _RARE if char > "\x7f" and char not in self._common else score
        own = n / self._n_own
        if before:
            own = (self._pairs.get(key[-2:], 0) + _PAIRS * own) / (self._ones[key[-2]] + _PAIRS)
            if len(key) == 3:
                own = self._triples.get(key, 0) + _TRIPLES * own
                own /= self._pairs.get(before, 0) + _TRIPLES
        return round(math.log(_MODEL[-score] + _OWN * own) * UNIT)

    def mark_price(self, before: str, char: str) -> int:
        """Price of a mark that does not fit what stands before; negative for one that fits well."""
        if char in self.unused_quotes:
            # a page without any tells nothing but what such pages mostly use
            return 2 * _PAIRED if self.shown.isdisjoint(_QUOTES) else 6 * _PAIRED
        if char in _CLOSING:
            opened, closed = before.rfind(_CLOSING[char]), before.rfind(char)
            if opened > closed:
                return -_PAIRED
            return 2 * _PAIRED if len(before) > _FAR or closed >= 0 else 0
        if char in OPENING:
            return 0 if before.rfind(char) <= before.rfind(OPENING[char]) else 2 * _PAIRED
        if char == "。":  # a sentence of one character is none, and titles hold no sentences
            is_title = before.rfind("《") > before.rfind("》")
            return 3 * _PAIRED if is_title or before[-2:-1] in OPENING else 0
        return 0

    def mark_at(self, at: int) -> str:
        """The mark that shows at `at`, in full width; "" where none does."""
        char = self.text[at : at + 1]
        if char in FOLDED and self.is_folded:
            return FULL_WIDTH[char]
        return char if char in MARKS else ""

    @staticmethod
    def last_byte(out: str) -> int:
        """Second byte of the character that `out` ends with; 0 where it has none."""
        last = out[-1:]
        pair = code(FULL_WIDTH.get(last, last)) if last else 0
        return pair & 0xFF if pair > 0xFF else 0
