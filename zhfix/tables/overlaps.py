"""Examples of two words that overlap in one character: in 总发电量 the dictionary finds 总发, in
百年历程 it finds 年历, in 生理发育 理发.

Longest match takes the word that begins first. Of two words of very different frequency the
frequent one is meant, whichever begins first; where they are nearly as frequent nothing is said.
Build time only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from zhfix.convert.choice_rows import read_style
from zhfix.tables.forms import Forms

__all__ = ["overlaps"]

FREQUENT = 30  # times the meant word is met in the word list, at least
TIMES = 8  # how much more frequent than the other it must be
WEIGHT = 1.0  # beside 1 of a place in running text

Word = tuple[str, str, int]  # hans, hant, count


def overlaps(forms: Forms, words: Iterable[Word]) -> Iterator[tuple[str, str, float]]:
    """Three characters, of which the first two are a word and the last two as well, where the two
    want different forms of the one between; (hans, hant, weight), in order.
    """
    first, last = _sides(forms, words)
    spellings = {frozenset(pair) for pair in read_style("")}  # these tell nothing of words
    for char in sorted(first.keys() & last.keys()):
        for before, (hant_before, n_before) in sorted(last[char].items()):
            for after, (hant_after, n_after) in sorted(first[char].items()):
                most, least = max(n_before, n_after), min(n_before, n_after)
                if hant_before[1] == hant_after[0] or most < max(FREQUENT, TIMES * (least + 1)):
                    continue
                if frozenset((hant_before[1], hant_after[0])) in spellings:
                    continue
                meant = hant_before[1] if n_before > n_after else hant_after[0]
                yield before + char + after, hant_before[0] + meant + hant_after[1], WEIGHT


Side = dict[str, dict[str, tuple[str, int]]]


def _sides(forms: Forms, words: Iterable[Word]) -> tuple[Side, Side]:
    """Character in doubt -> neighbour -> word and count; words it begins, words it ends."""
    first: Side = defaultdict(dict)
    last: Side = defaultdict(dict)
    known = {hans: (hant, 0) for hans, hant in forms.phrases.items()}
    known.update((hans, (hant, count)) for hans, hant, count in words)
    for hans, (hant, count) in known.items():
        if len(hans) != 2 or len(hant) != 2 or max(hans + hant) > "\uffff":
            continue
        hant = "".join(chr(forms.fold[ord(form)]) for form in hant)
        for at, side in enumerate((first, last)):
            if forms.is_ambiguous[ord(hans[at])]:
                side[hans[at]][hans[1 - at]] = hant, count
    return first, last
