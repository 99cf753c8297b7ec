"""What the glosses of a page say together: is this the mirror sites' work, or somebody teaching a
reading?

A page is looked at in tiles of about 800 characters, cut at line ends; a tile is judged alone and
with its neighbours, and the best supported view counts, so a damaged page inside a longer text is
seen and a clean neighbour does not hide it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from zhfix.rules.pinyin import folded, listed, ranks
from zhfix.script import evidence

__all__ = ["TEACHING", "Tile", "View", "line_bounds", "tiles", "views"]

# code points; two screens of text, where even sparse pages (rank 2) show about four glosses
_TILE = 800
_RANK_SLACK = 3  # places in the list are known to about +-5 (research: damage section 4)
TEACHING = re.compile(
    "拼音|读音|讀音|注音|多音字|发音|發音|生字|生词|生詞|读作|讀作|念作|唸作|声母|聲母|韵母|韻母|部首|繁体字|繁體字|简体字|簡體字|异体字"
    "|異體字|形近字|[Pp]inyin|HSK"
)


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


def tiles(text: str, glosses: Iterator[tuple[int, str]], foreign: list[int]) -> list[Tile]:
    """Tiles of `text`; `glosses` are (offset, listed character), sorted, `foreign` offsets of other
    pinyin, sorted.
    """
    bounds, start = [], 0
    while start < len(text):
        end = text.find("\n", start + _TILE) + 1 or len(text)
        bounds.append((start, end))
        start = end
    found = list(glosses)
    known, simple = listed(), folded()
    out, i, j = [], 0, 0
    for start, end in bounds:
        glossed = Counter[str]()
        while i < len(found) and found[i][0] < end:
            glossed[found[i][1]] += 1
            i += 1
        n_foreign = 0
        while j < len(foreign) and foreign[j] < end:
            n_foreign += 1
            j += 1
        chunk = text[start:end]
        bare = Counter[str]()
        for char, n in Counter(chunk).items():
            char = simple.get(char, char)  # noqa: PLW2901  # both scripts count as one
            if char in known:
                bare[char] += n
        bare.subtract(glossed)
        seen = evidence("".join(chunk.split()))
        weight = sum(
            80 * n for n in glossed.values()
        )  # glossed characters do not vouch for themselves
        n_han = seen.n_hans + seen.n_hant + seen.n_shared
        n_teaching = len(TEACHING.findall(chunk))
        hant = max(0, seen.hant - weight)
        out.append(Tile(start, end, glossed, bare, n_foreign, n_teaching, n_han, seen.hans, hant))
    return out


def views(found: list[Tile], i: int) -> Iterator[View]:
    """The views of tile i: alone, with each neighbour, with both."""
    for low, high in ((i, i), (i - 1, i), (i, i + 1), (i - 1, i + 1)):
        if low >= 0 and high < len(found):
            yield _view(found[low : high + 1])


def _view(group: list[Tile]) -> View:
    glossed = sum((tile.glossed for tile in group), Counter[str]())
    bare = sum((tile.bare for tile in group), Counter[str]())
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
    n_foreign = sum(tile.n_foreign for tile in group)
    n_teaching = sum(tile.n_teaching for tile in group)
    n_han = sum(tile.n_han for tile in group)
    hans, hant = sum(tile.hans for tile in group), sum(tile.hant for tile in group)
    # one contradiction among many glosses is a slip of the page (research: 4 in 3,810)
    calm = 1 + 0.25 * n
    gain = 0.6 + 0.9 * min(n_distinct, 6) + 0.15 * min(n, 20)
    against = 3.0 * n_bare + 1.5 * early + 2.0 * n_foreign + 2.0 * n_teaching
    crowded = 4.0 if n >= 4 and n > 0.45 * n_han else 0.0
    other_script = 2.5 if hans > hant else 0.0
    logit = gain - against / calm - crowded - other_script
    return View(logit, n, n_distinct, n_bare, early, n_foreign, n_teaching, hans, hant)
