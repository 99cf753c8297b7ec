"""Which script a text is in: counts of the characters that stand in one script only, and the
verdict from them.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from types import ModuleType

from zhfix.kept import kept
from zhfix.named import NamedTuple
from zhfix.pattern import one_of, pattern
from zhfix.tables import load_map

__all__ = [
    "HAN",
    "HAN_CLASS",
    "KANA",
    "MARK",
    "SPEAKS",
    "Evidence",
    "distinct",
    "evidence",
    "evidences",
    "has_arrays",
    "has_han",
    "has_kana",
    "is_han",
    "kana",
    "majorities",
    "marks",
    "meets",
    "odds",
    "outside",
    "summed",
    "tell",
]

# Han characters: URO with extension A, 〇, compatibility ideographs, planes 2 and 3
HAN_CLASS = "㐀-鿿〇\uf900-\ufaff\U00020000-\U0003347f"
HAN = pattern(f"[{HAN_CLASS}]")
# hiragana, katakana, their extensions and half-width forms, without marks both languages use
_KANA_RANGES = ((0x3041, 0x3096), (0x30A1, 0x30FA), (0x31F0, 0x31FF), (0xFF66, 0xFF9D))
KANA = pattern("[" + "".join(f"{chr(a)}-{chr(b)}" for a, b in _KANA_RANGES) + "]")


def has_kana(text: str) -> bool:
    """Whether `text` holds kana. Cost: one set test, several times faster than a search."""
    if len(text) > _MANY_BLOCKS and not has_arrays(text):
        return KANA.search(text) is not None
    return meets(text, kana())


def has_han(text: str) -> bool:
    """Whether `text` holds a Han character. Cost: where it holds none, a scan."""
    return not text.isascii() and HAN.search(text) is not None


@cache
def kana() -> frozenset[str]:
    """The characters of `KANA`."""
    return frozenset(chr(code) for a, b in _KANA_RANGES for code in range(a, b + 1))


def is_han(char: str) -> bool:
    """Whether one character is a Han character."""
    return HAN.match(char) is not None


@cache
def marks() -> dict[str, str]:
    """Character to `hans` or `hant` for the characters that stand in one script only."""
    return load_map("marks")


@cache
def odds() -> dict[str, int]:
    """Tenths of nats for hans (+) or hant (-) of the characters that tell something, marked ones
    included.
    """
    found = {char: int(tenths) for char, tenths in load_map("odds").items()}
    found = {char: max(1 - MARK, min(MARK - 1, tenths)) for char, tenths in found.items()}
    weights = {"hans": MARK, "hant": -MARK}
    found.update(zip(marks(), map(weights.__getitem__, marks().values()), strict=True))
    return found


MARK = 80  # tenths of nats: what one character that stands in one script only is worth
SPEAKS = 20  # evidence below 2 nats says nothing: `shared`
# a character counts as stray from this weight on; in long text rarer slips of sound text add up, so
# it must say more
_STRAY_SHORT, _STRAY_LONG, _LONG = 50, 60, 12
_CLAUSE = 30  # characters up to which they are asked one by one
_LINE = 100  # and up to which they are counted so
_COMPILED = 20_000  # characters asked about from which to compile the classes pays
_BLOCK = 500  # characters from which a set of them pays
# characters from which each one is counted once, and from which arrays pay where numpy is loaded
_BULK, _ARRAYS = 2_000, 600
_MANY_BLOCKS = 1 << 17  # characters of a text that is asked for little as a whole
_MANY = 8  # spans from which counting all of a text pays


class Evidence(NamedTuple):
    """What the characters of a text say: summed tenths of nats and strongest single character, for
    each script.
    """

    hans: int
    hant: int
    strongest_hans: int
    strongest_hant: int
    n_hans: int
    n_hant: int
    n_shared: int
    marked_hans: int  # characters that stand in one script alone
    marked_hant: int

    @property
    def verdict(self) -> str:
        """`hans`, `hant`, `mixed`, `shared` or `none`."""
        if not self.n_hans + self.n_hant + self.n_shared:
            return "none"
        n = self.n_hans + self.n_hant + self.n_shared
        stray = _STRAY_SHORT if n <= _LONG else _STRAY_LONG
        if self.strongest_hans >= stray and self.strongest_hant >= stray:
            return "mixed"
        if max(self.hans, self.hant) < SPEAKS:
            return "shared"
        return self.majority

    @property
    def confidence(self) -> float:
        """How sure the verdict is, 0..1: from the margin of the evidence (hans, hant) or from the
        weaker side (mixed).
        """
        verdict = self.verdict
        if verdict == "none":
            return 1.0
        if verdict == "shared":
            n = self.n_shared
            return round(n / (n + 8), 3)  # long text without a mark is rare, short text is not
        tenths = min(self.hans, self.hant) if verdict == "mixed" else abs(self.hans - self.hant)
        return round(1 - math.exp(-tenths / 40), 3)

    @property
    def majority(self) -> str:
        """`hans` or `hant`, whichever has more evidence; `shared` when neither has any.

        Characters that both scripts have count a third where characters of one script alone stand.
        """
        return _outweighs(self.hans, self.hant, self.marked_hans, self.marked_hant)


def summed(parts: Sequence[Evidence]) -> Evidence:
    """The evidence of a text from that of its parts.

    >>> summed([evidence("头发"), evidence("很長")]) == evidence("头发很長")
    True
    """
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return evidence("")
    hans, hant, top_hans, top_hant, *counts = zip(*parts, strict=True)
    n = map(sum, counts)
    return Evidence(sum(hans), sum(hant), max(top_hans), max(top_hant), *n)


def outside(text: str, spans: Sequence[tuple[int, int]], seen: Evidence) -> Evidence:
    """The evidence of `text` without the spans, which are sorted and do not overlap, from that of
    all of it: spans without Han characters, such as addresses, need no second count.

    >>> outside("头发 OK", [(2, 5)], evidence("头发 OK")) == evidence("头发")
    True
    """
    inside = "".join(text[start:end] for start, end in spans)
    if inside.isascii() or not any(evidence(inside)):
        return seen
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    return evidence("".join(text[a:b] for a, b in zip(ends, starts, strict=True)))


def _outweighs(hans: int, hant: int, marked_hans: int, marked_hant: int) -> str:
    if max(hans, hant) < SPEAKS:
        return "shared"
    if marked_hans or marked_hant:
        weak = (hans - hant) - MARK * (marked_hans - marked_hant)
        return "hans" if 3 * MARK * (marked_hans - marked_hant) + weak > 0 else "hant"
    return "hans" if hans > hant else "hant"


def majority(text: str, known: Mapping[str, int]) -> str:
    """`evidence(text).majority` with the odds `known`, and nothing else counted: for the many lines
    of a text.

    >>> majority("皇后", odds()), majority("你好", odds())
    ('hans', 'shared')
    """
    told = [known[char] for char in text if char in known]
    hans = sum(odd for odd in told if odd > 0)
    return _outweighs(hans, hans - sum(told), told.count(MARK), told.count(-MARK))


def distinct(text: str) -> frozenset[str] | str:
    """The distinct characters of a long text, remembered; a short text itself."""
    return text if len(text) < _BLOCK else _distinct(text)


def meets(text: str, chars: frozenset[str]) -> bool:
    """Whether `text` holds one of `chars`, a set that does not change: of each block it is asked
    whether there is kana, a character of one script and the like.

    >>> meets("头发", frozenset("头")), meets("头发", frozenset("頭"))
    (True, False)
    """
    if has_arrays(text):
        return bool(_classes().meets(text, chars))
    if len(text) < _CLAUSE or (len(text) < _BULK and _Asked.is_little(len(text))):
        return not chars.isdisjoint(distinct(text))
    known = _met(text)
    if chars not in known:
        known[chars] = any(match[0] in chars for match in _finder(chars).finditer(text))
    return known[chars]


def tell(text: str, chars: frozenset[str], *, is_met: bool) -> None:
    """Say what `meets` would find out, where another search has shown it."""
    if not has_arrays(text):
        _met(text)[chars] = is_met


@cache
def _counter() -> Callable[[str], Iterable[tuple[int, int]]]:
    from zhfix.counts_plain import told  # a table of what each character tells: 20 ms

    return told


class _Asked:
    """How many characters were asked about, as threads may blur it."""

    n = 0

    @classmethod
    def is_little(cls, size: int) -> bool:
        """Whether that is little yet: a class is compiled in 3 ms, and read ten times as fast as
        characters one by one.
        """
        if cls.n >= _COMPILED:
            return False
        cls.n += size
        return True


@kept(4)
def _met(_: str) -> dict[frozenset[str], bool]:
    """What was asked of a text; remembered, since every rule asks it."""
    return {}


@cache
def _finder(chars: frozenset[str]) -> re.Pattern[str]:
    return one_of(chars)


@cache
def _classes() -> ModuleType:
    from zhfix import classes_bulk  # numpy: where it is loaded

    return classes_bulk


@lru_cache(maxsize=4)
def _distinct(text: str) -> frozenset[str]:
    if len(text) < _BULK:
        return frozenset(text)
    if has_arrays(text):
        from zhfix.counts_bulk import characters  # numpy: where it is loaded

        return characters(text)
    # numbers are told apart three times as fast as characters
    units = memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")
    return frozenset(map(chr, set(units)) if len(units) == len(text) else text)


def has_arrays(text: str) -> bool:
    """Whether a text is long enough for arrays to pay, and numpy is loaded."""
    return len(text) >= _ARRAYS and bool(sys.modules.get("numpy"))


def evidence(text: str) -> Evidence:
    """The evidence for each script in `text`, every Han character counted.

    >>> evidence("头发").verdict, evidence("皇后").majority, evidence("头發").verdict
    ('hans', 'hans', 'mixed')
    """
    is_kept = len(text) >= _BLOCK or has_arrays(text)
    return _evidence(text) if is_kept else _counted(_told(text))


@kept(8)
def _evidence(text: str) -> Evidence:
    """Remembered: a text is asked for its evidence by the report and by several rules."""
    if has_arrays(text):
        from zhfix.counts_bulk import evidence  # numpy: where it is loaded

        return Evidence(*evidence(text, _STRAY_SHORT, MARK))
    return _counted(_told(text))


class _Told(dict[str, int]):
    """What a character tells, _NOTHING for one that is not Han; found out when it is first met."""

    def __missing__(self, char: str) -> int:
        told = odds().get(char, 0) or (0 if HAN.match(char) else _NOTHING)
        self[char] = told
        return told


_NOTHING = 1 << 20


@cache
def _known() -> _Told:
    return _Told()


def _told(text: str) -> Iterable[tuple[int, int]]:
    """What the characters tell, each with how often; a text of a few lines is counted by that."""
    if len(text) < _LINE or (len(text) < _BULK and _Asked.is_little(len(text))):
        known = _known()
        return Counter(map(known.__getitem__, text)).items()
    return _counter()(text)


def _counted(told: Iterable[tuple[int, int]]) -> Evidence:
    hans = hant = top_hans = top_hant = n_hans = n_hant = n_all = in_hans = in_hant = 0
    for odd, n in told:
        if odd == _NOTHING:
            continue
        n_all += n
        if odd > 0:
            hans += n * odd
            top_hans = max(top_hans, odd)
            n_hans += n * (odd >= _STRAY_SHORT)
            in_hans += n * (odd == MARK)
        elif odd:
            hant -= n * odd
            top_hant = max(top_hant, -odd)
            n_hant += n * (odd <= -_STRAY_SHORT)
            in_hant += n * (odd == -MARK)
    n_shared = n_all - n_hans - n_hant
    return Evidence(hans, hant, top_hans, top_hant, n_hans, n_hant, n_shared, in_hans, in_hant)


def evidences(text: str, spans: Sequence[tuple[int, int]]) -> list[Evidence]:
    """The evidence in each of `spans`, which are sorted and do not overlap.

    >>> evidences("头发很長", [(0, 2), (2, 4)]) == [evidence("头发"), evidence("很長")]
    True

    Cost: over arrays, where numpy is loaded, one pass over the text for all of them.
    """
    if len(spans) < _MANY or not has_arrays(text):
        return [evidence(text[start:end]) for start, end in spans]
    from zhfix.counts_bulk import each_evidence  # numpy: long text where it is loaded

    found = each_evidence(text, spans, _STRAY_SHORT, MARK)
    return [Evidence(*counted) for counted in found]


def majorities(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """`evidence(…).majority` of each of `spans`, which are sorted and do not overlap.

    >>> majorities("头发很長", [(0, 2), (2, 4)])
    ['hans', 'hant']
    """
    if len(spans) < _MANY or not has_arrays(text):
        return [majority(text[start:end], odds()) for start, end in spans]
    from zhfix.counts_bulk import each_majority  # numpy: long text where it is loaded

    return each_majority(text, spans, MARK, SPEAKS)
