"""What the glosses of a page say together: is this the mirror sites' work, or somebody's lesson?

The text is looked at in tiles of about 200 characters, cut at line ends; a tile is judged alone and
together with up to three neighbours, and the best supported view counts, so that a damaged page
inside a longer text is seen and a clean neighbour does not hide it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from zhfix.named import NamedTuple
from zhfix.pattern import pattern
from zhfix.rules.pinyin import LETTERS, folded, listed, ranks
from zhfix.script import HAN, HAN_CLASS, evidence, odds

__all__ = ["TEACHING", "Pages", "Tile", "View", "line_bounds"]

# code points; two screens of text, where even sparse pages (rank 2) show about four glosses
# code points: a paragraph; four of them are two screens, where even sparse pages show glosses
_TILE = 200
_NEIGHBOURS = 3
_CLEAR = 4.0  # a view this clear needs no neighbours
_FOR_MAPPED, _MOST_MAPPED = (
    1.0,
    1.5,
)  # native text writes 最後, 裡面, 複雜; other converters err too
_RESTORED = 0.2  # share that bare characters weigh beside restored ones
_UNLISTED = 1.0  # weight against: of 3,810 glosses of mirror sites all were of the list
_ALONE_SHARE = 0.6  # of what a gloss in a list of words weighs
_RANK_SLACK = 3  # places in the list are known to about +-5 (research: damage section 4)
# looked for from its first character, which makes it six times as fast
TEACHING = pattern(
    "(?=[HLMP_p一两个二個偏兩加发唸填声多字异形念怎拼新横橫注生異發破笔第筆等简簡組繁组聲要說課讀说读课部韵韻])(?:"
    "拼音|读音|讀音|注音|多音|破音字|发音|發音|加点字|加點字|生字|生词|生詞|读作|讀作|读如|讀如|念作|唸作|声母|聲母|韵母|韻母|声调|聲調"
    "|偏旁|_{2,}|填空|填字|填上|横线上|橫線上|说文|說文|笔画|筆畫|字形|[等二一两兩个個]字"
    "|第[一二三四]声|第[一二三四]聲|部首|繁体字|繁體字|简体字|簡體字|异体字|異體字|形近字|第[一二三四五六七八九十\\d]+[课課]"
    "|要念|要唸|唸成|讀成|读成|怎麼念|怎麼讀|怎么念|怎么读|組詞|组词|新字|[课課]文"
    "|[Pp]inyin|HSK|Mandarin|Learn Chinese)"
)
_OTHER = pattern(f"[^{HAN_CLASS}]+")
_LATIN_NOTE = pattern(rf"[(（] ?[{LETTERS}]{{1,9}}[0-5]? ?[)）]")
_GLOSS_NOTE = pattern(r"[(（][^()（）]{1,12}[)）]")
_ITEM = 5  # Han characters: longer pieces are phrases, not words of a list
_SEPARATORS = pattern(r"[\s、,，;；:：|/()（）]+")
# 網(wǎng)：用繩線織成的 and 「創(chuàng)」字: the character is what is spoken of
_MARKS = frozenset("\n\t 　、，。：；！？「」『』“”‘’【】《》〈〉<>:,;/|")
_ALONE = pattern(
    rf"[^\s(（][(（][^()（）]{{1,11}}[)）](?:$|[{re.escape(''.join(sorted(_MARKS)))}])"
)
# what the sites' map, one character to one, makes of everyday words (research: damage section 6)
_MAPPED = pattern(
    "(?=[之事于什今以位制反后哪多家對屬干復心怎旅最游炎然用由病癌癥等聯至這那里重關隨面])(?:"
    "[最之然以今隨事]后|后[來面者期果]|[這那哪心家]里|里[面邊]|[對由關屬至等位用]于|于[是此]"
    "|[什這那多怎]么|旅游|游[客戲泳]|[重反]復|復[雜習印]|[癌炎病]癥|癥狀|干[凈燥]|制[造作]|面[條包]|[聯關]系)"
)
_TAG = pattern("<[^<>]*>")
_LATIN = pattern("[A-Za-z]")


class Tile(NamedTuple):
    """Counts over start..end of the text: glosses of listed characters, the same characters bare,
    and what speaks against.
    """

    start: int
    end: int
    glossed: Counter[str]  # listed character (Traditional form) -> glosses with its listed reading
    bare: Counter[str]  # listed character -> times it stands without a gloss, in either script
    n_foreign: (
        int  # pinyin that the mirror sites never insert: other readings, words, other characters
    )
    n_teaching: int  # words of teaching text
    n_listed: int  # glosses in lists of short words, or in lines that are mostly Latin
    n_mapped: int  # words as the sites' one-to-one map writes them
    n_alone: int  # glosses of characters that stand alone between marks, as a headword does
    unlisted: Counter[str]  # other Traditional character -> glosses with its first reading
    unlisted_bare: Counter[str]  # the same characters without one
    n_han: int
    hans: int  # evidence for Simplified, tenths of nats, glossed characters not counted
    hant: int


class View(NamedTuple):
    """Neighbouring tiles taken together, with the log-odds that a listed gloss in them is damage.

    A single gloss that nothing speaks against has 1.65.
    """

    logit: float
    n: int
    n_distinct: int
    n_bare: int  # glossed characters that also stand bare
    n_early: int  # bare characters that a page with these glosses would have glossed
    n_foreign: int
    n_teaching: int
    n_listed: int
    n_alone: int
    n_unlisted: int  # glosses that are not on the list, though such ones might be
    hans: int
    hant: int

    @property
    def is_proven(self) -> bool:
        """Whether the glosses alone show that this page came through the mirror sites' machine."""
        return self.n_distinct >= 3 and self.n >= 4 and self.logit >= 2.5


def line_bounds(text: str, at: int) -> tuple[int, int]:
    """Start and end of the line that holds offset `at`, line end excluded."""
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end


class Pages:
    """The tiles of a text, each counted when first looked at: few of them hold a gloss.

    `glosses` are (offset, listed character), `foreign` offsets of other pinyin, both sorted,
    `unlisted` (offset, Traditional character that is not on the list, with its first reading).
    `is_restored`: bytes were restored in it, and what they hold stands bare for that reason alone.
    Where the text will be written in Traditional (`to`), Simplified neighbours say nothing: when
    the result is read again they are gone.
    """

    def __init__(
        self,
        text: str,
        glosses: Iterable[tuple[int, str]],
        foreign: list[int],
        to: str = "keep",
        unlisted: Sequence[tuple[int, str]] = (),
        *,
        is_restored: bool = False,
    ) -> None:
        self._text = text
        self._is_hant = to.startswith("hant")
        self._glosses = list(glosses)
        self._foreign = foreign
        self._unlisted = unlisted
        self._is_restored = is_restored
        self.ends: list[int] = []
        end = 0
        while end < len(text):
            end = text.find("\n", end + _TILE) + 1 or len(text)
            self.ends.append(end)
        self._tiles: dict[int, Tile] = {}
        self._views: dict[int, View] = {}

    def view(self, at: int) -> View:
        """What the page around offset `at` shows: its tile, alone or with neighbours.

        The view that speaks most clearly for damage.
        """
        i = bisect_right(self.ends, at)
        if i not in self._views:
            self._views[i] = self._best(i)
        return self._views[i]

    def _best(self, i: int) -> View:
        best = self._view([self._tile(i)])
        for size in range(2, _NEIGHBOURS + 2):
            if best.logit >= _CLEAR and best.is_proven:
                break
            for low in range(i - size + 1, i + 1):
                if low >= 0 and low + size <= len(self.ends):
                    best = max(best, self._view([self._tile(k) for k in range(low, low + size)]))
        return best

    def _view(self, group: list[Tile]) -> View:
        return _seen(group, is_restored=self._is_restored)

    def _tile(self, i: int) -> Tile:
        if i not in self._tiles:
            self._tiles[i] = self._counted(self.ends[i - 1] if i else 0, self.ends[i])
        return self._tiles[i]

    def _counted(self, start: int, end: int) -> Tile:
        simple = folded()
        low, high = bisect_left(self._glosses, (start,)), bisect_left(self._glosses, (end,))
        here = self._glosses[low:high]
        glossed = Counter(char for _, char in here)
        chunk = self._text[start:end]
        plain = _LATIN_NOTE.sub("", chunk)
        n_foreign = bisect_left(self._foreign, end) - bisect_left(self._foreign, start)
        n_teaching, n_mapped = len(TEACHING.findall(plain)), len(_MAPPED.findall(plain))
        if not self._glosses and not self._unlisted:  # what stands bare says nothing
            seen, none = evidence(plain), Counter[str]()
            hans = 0 if self._is_hant else seen.hans
            fields = (
                none,
                none,
                n_foreign,
                n_teaching,
                0,
                n_mapped,
                0,
                none,
                none,
                0,
                hans,
                seen.hant,
            )
            return Tile(start, end, *fields)
        chars = Counter(plain)
        bare = Counter[str]()
        for char in chars.keys() & _watched():
            bare[simple.get(char, char)] += chars[char]  # both scripts count as one
        bare.subtract(glossed)
        low, high = (bisect_left(self._unlisted, (at,)) for at in (start, end))
        unlisted = Counter(char for _, char in self._unlisted[low:high])
        n_han = len(_OTHER.sub("", plain))
        known = odds()
        told = [known[char] * chars[char] for char in chars.keys() & known.keys()]
        hans = sum(odd for odd in told if odd > 0)
        return Tile(
            start,
            end,
            glossed,
            bare,
            n_foreign,
            n_teaching,
            _n_listed(chunk, [at - start for at, _ in here]),
            n_mapped,
            sum(_is_alone(chunk, at - start) for at, _ in here) if n_han > len(here) else 0,
            unlisted,
            Counter({char: chars[char] - n for char, n in unlisted.items()}),
            n_han,
            0 if self._is_hant else hans,
            # glossed characters do not vouch for themselves
            max(0, hans - sum(told) - 80 * len(here)),
        )


@cache
def _watched() -> frozenset[str]:
    """Listed characters in both scripts."""
    return frozenset(listed()).union(folded())


def _n_listed(chunk: str, places: list[int]) -> int:
    """How many of the glosses at `places` stand in a list of at least three short words, or in
    Latin text.
    """
    n = at = k = 0
    while k < len(places):
        start, end = line_bounds(chunk, places[k])
        here = k
        while k < len(places) and places[k] < end:
            k += 1
        line = chunk[start:end]
        if _is_latin(line) or _is_short(line):
            n += k - here
        at = end
    lines = chunk.count("\n", 0, at) + 1
    return n if lines >= 3 or _is_words(chunk) else 0


def _is_alone(chunk: str, at: int) -> bool:
    """Whether the glossed character at `at` stands alone between marks."""
    return (not at or chunk[at - 1] in _MARKS) and _ALONE.match(chunk, at) is not None


def _is_latin(line: str) -> bool:
    plain = _TAG.sub("", _GLOSS_NOTE.sub("", line))
    return len(_LATIN.findall(plain)) > 2 * len(HAN.findall(plain))


def _is_short(line: str) -> bool:
    """Whether every piece of the line is as short as a word."""
    plain = _GLOSS_NOTE.sub("", line)
    return all(len(piece) <= _ITEM for piece in _SEPARATORS.split(plain))


def _is_words(chunk: str) -> bool:
    """Whether the chunk has three pieces or more, or is mostly Latin."""
    plain = _GLOSS_NOTE.sub("", chunk)
    return len([p for p in _SEPARATORS.split(plain) if p]) >= 3 or _is_latin(chunk)


def _seen(group: list[Tile], *, is_restored: bool) -> View:
    glossed, bare = Counter[str](), Counter[str]()
    for tile in group:
        glossed.update(tile.glossed)
    if glossed:  # else no rank is reached, and what is bare says nothing
        for tile in group:
            bare.update(tile.bare)
    rank = ranks()
    lowest = sorted(rank[char][0] for char in glossed)
    # the highest lower bound of the page's rank; with many glosses one outlier does not decide
    reached = (lowest[-2] if len(lowest) >= 6 else lowest[-1]) + 1 if lowest else 0
    early = sum(
        n
        for char, n in bare.items()
        if char not in glossed and rank[char][1] + _RANK_SLACK <= reached
    )
    n, n_distinct = sum(glossed.values()), len(glossed)
    n_bare = sum(bare[char] for char in glossed)
    unlisted, unlisted_bare = Counter[str](), Counter[str]()
    for tile in group if any(tile.unlisted for tile in group) else ():
        unlisted.update(tile.unlisted)
        unlisted_bare.update(tile.unlisted_bare)
    n_stray = sum(n for char, n in unlisted.items() if unlisted_bare[char] > 0)
    n_unlisted = unlisted.total() - n_stray
    n_foreign = sum(tile.n_foreign for tile in group) + n_stray
    n_teaching = sum(tile.n_teaching for tile in group)
    n_han = sum(tile.n_han for tile in group)
    hans, hant = sum(tile.hans for tile in group), sum(tile.hant for tile in group)
    # one contradiction among many glosses is a slip of the page (research: 4 in 3,810)
    calm = 1 + 0.25 * n
    gain = 0.6 + 0.9 * min(n_distinct, 6) + 0.15 * min(n, 20)
    n_mapped = sum(tile.n_mapped for tile in group)
    gain += min(_MOST_MAPPED, _FOR_MAPPED * n_mapped)
    bare_weight = _RESTORED if is_restored else 1.0
    against = bare_weight * (3.0 * n_bare + 1.5 * early) + 2.0 * n_foreign + _UNLISTED * n_unlisted
    taught = 2.0 * n_teaching / (1 + 0.08 * n)
    n_listed = sum(tile.n_listed for tile in group)
    n_alone = sum(tile.n_alone for tile in group)
    in_lists = 5.0 * max(n_listed, _ALONE_SHARE * n_alone) / n if n else 0.0
    in_lists *= 0.8 if n_mapped else 1.0  # the menu of a page is a list as well
    crowded = 4.0 if n >= 4 and n > 0.45 * n_han else 0.0
    other_script = 2.5 if hans > hant else 0.0
    logit = gain - against / calm - taught - in_lists - crowded - other_script
    return View(
        *(logit, n, n_distinct, n_bare, early, n_foreign, n_teaching, n_listed, n_alone),
        *(n_unlisted, hans, hant),
    )
