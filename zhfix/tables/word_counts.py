"""Words of Simplified text, how often each is met, its Traditional forms, and its class.

The counts are jieba's and McBopomofo's, the classes jieba's. How much more often one class follows
another than chance would have it is counted in the corpora, cut into words by jieba. Build time
only.
"""

from __future__ import annotations

import logging
import lzma
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from zhfix.convert.choice import is_han
from zhfix.convert.choice_bulk import Array
from zhfix.convert.choice_rows import read_style
from zhfix.named import NamedTuple
from zhfix.tables.forms import Forms, to_hans
from zhfix.tables.learn import counted_words

__all__ = ["UNKNOWN", "Words", "folding", "read_words"]

UNKNOWN = "\0"  # stands for a form that the word does not decide
LONGEST = 6  # characters; jieba's longer words are sayings and names, whose ends meet nothing else
SHARE = 0.5  # of McBopomofo's counts beside jieba's, both brought to the same sum
OTHERWISE = 0.1  # share of a word's other spelling from which its form is not known
N_SPEECH, N_LAW = 15_000, 1_500  # lines cut into words: the shares of classes no longer move
SMOOTH = 0.5  # one half of a pair of classes more, so that a pair never met is not ruled out
LEAST, MOST = 0.02, 20.0  # what a pair of classes may divide or multiply by
ALONE = "1"  # behind the class of a word of one character
NAME = "nr"  # jieba's class of names; those of three characters come from one corpus of news
SAME = frozenset("了瞭")  # 了解 瞭解: spellings that no pair of choice-style names


class Words(NamedTuple):
    """Aligned: every word of the list, once."""

    text: list[str]
    counts: Array
    forms: list[str]  # as Forms folds them; UNKNOWN where several may stand
    kind: Array  # number of its class
    is_odd: Array  # a name that only one corpus has: no pair is made of it
    follows: Array  # [class, class]: how much likelier the second is behind the first
    spellings: frozenset[frozenset[str]]  # pairs of forms that tell nothing of words


def read_words(forms: Forms, corpus: Path, convert: Callable[[str], str]) -> Words:
    """The words, in order; `convert` writes Simplified text in Traditional."""
    counts, classes = _jieba()
    fold = folding(forms)
    native: dict[str, Counter[str]] = defaultdict(Counter)
    for hans, hant, n in counted_words(corpus / "mcbopomofo-phrase.occ.xz"):
        native[hans][hant.translate(fold)] += n + 1
    n_native = sum(sum(spelt.values()) for spelt in native.values())
    scale = SHARE * sum(counts.values()) / n_native
    text = sorted(counts.keys() | native.keys())
    nothing = Counter[str]()
    met = [native.get(word, nothing) for word in text]
    count = [
        counts.get(word, 0) + scale * spelt.total() for word, spelt in zip(text, met, strict=True)
    ]
    spellings = frozenset({frozenset(pair.translate(fold)) for pair in read_style("")} | {SAME})
    written = convert("\n".join(text)).translate(fold).split("\n")
    known = [
        _known(forms, word, hant, spelt, spellings)
        for word, hant, spelt in zip(text, written, met, strict=True)
    ]
    kinds = [classes.get(word) or _class(word, "n" if len(word) > 1 else "v") for word in text]
    names = sorted(set(kinds))
    numbers = {name: number for number, name in enumerate(names)}
    return Words(
        text,
        np.array(count),
        known,
        np.array([numbers[kind] for kind in kinds]),
        np.array(
            [len(word) > 2 and classes.get(word) == NAME and word not in native for word in text]
        ),
        _follows(_lines(corpus), classes, numbers),
        spellings,
    )


def _jieba() -> tuple[dict[str, int], dict[str, str]]:
    """Count and class of jieba's words."""
    import jieba

    counts, classes = {}, {}
    rows = Path(jieba.__file__).with_name("dict.txt").read_text("utf-8").splitlines()
    for row in rows:
        word, n, kind = row.split(" ")
        if len(word) <= LONGEST and all(map(is_han, word)):
            # the particles have classes of two letters, names are kept from other nouns
            is_fine = kind[0] == "u" or kind[:2] in (NAME, "ns")
            counts[word] = int(n)
            classes[word] = _class(word, kind[:2] if is_fine else kind[0])
    return counts, classes


def folding(forms: Forms) -> dict[int, int]:
    """What `str.translate` writes regional variants as one form with."""
    return {i: int(form) for i, form in enumerate(forms.fold) if i != form}


def _class(word: str, kind: str) -> str:
    """One of one character behaves otherwise: 手 seldom stands before a noun like 表面."""
    return kind if len(word) > 1 else kind + ALONE


def _known(
    forms: Forms,
    word: str,
    hant: str,
    native: Counter[str],
    spellings: frozenset[frozenset[str]],
) -> str:
    """The forms of a word, UNKNOWN for a character alone and where native text has another too."""
    if len(word) == 1:
        return UNKNOWN if forms.is_ambiguous[ord(word)] else hant
    made = list(hant)
    for other, n in native.items():
        if n < OTHERWISE * native.total():
            continue
        for i, (char, mine, its) in enumerate(zip(word, hant, other, strict=True)):
            if (
                mine != its
                and forms.is_ambiguous[ord(char)]
                and frozenset((mine, its)) not in spellings
            ):
                made[i] = UNKNOWN
    return "".join(made)


def _lines(corpus: Path) -> Iterator[str]:
    """Lines from all over the corpora, in Simplified."""
    for name, n in (("hant-speech", N_SPEECH), ("hant-law", N_LAW)):
        with lzma.open(corpus / f"{name}.txt.xz", "rt", encoding="utf-8") as file:
            lines = file.read().split("\n")
        yield from to_hans("\n".join(lines[:: max(1, len(lines) // n)])).split("\n")


def _follows(lines: Iterable[str], classes: dict[str, str], numbers: dict[str, int]) -> Array:
    """How much likelier each class (second index) is behind each other than anywhere."""
    import jieba

    jieba.setLogLevel(logging.ERROR)  # what it loads is its own affair
    met = np.zeros((len(numbers), len(numbers)))
    for line in lines:
        cut = [
            numbers.get(classes.get(word) or _class(word, "n")) if is_han(word[0]) else None
            for word in jieba.cut(line, HMM=False)
        ]
        for pair in pairwise(cut):
            if None not in pair:
                met[pair] += 1
    chance = np.outer(met.sum(1), met.sum(0)) / met.sum()
    likelier: Array = np.clip((met + SMOOTH) / (chance + SMOOTH), LEAST, MOST)
    return likelier
