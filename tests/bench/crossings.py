"""How often two words that meet are written as a third one would be: `python tests/bench/crossings.py`.

Pairs of words of jieba's and McBopomofo's lists are joined where a character at the edge of one word has another form beside the edge of
the next (学|制作, 头发|布满), as often as counts and classes let expect them (zhfix/tables/meetings.py), and converted. Wrong is a pair of
which a word does not have the forms it has alone, if all ways to cut the pair into words together give these forms nine tenths or more.
The judge is not the model that picked the contexts of crossings.tsv: it knows the ends of the pair, and each pair by itself.

    python tests/bench/crossings.py ../shared/corpus    about two minutes
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from zhfix.convert.choice import Choice
from zhfix.convert.engine import plain_for
from zhfix.convert.fused import Fused
from zhfix.tables.build_crossings import Pairs, Place, without_crossings
from zhfix.tables.forms import Forms
from zhfix.tables.learn import units
from zhfix.tables.native_contexts import native_text
from zhfix.tables.word_counts import LONGEST, Words, read_words

LEAST = 0.01  # times in 90 million words
SURE = 0.9
N_SHOWN = 40


class Judge:
    """What the whole pair says: all ways to cut it into words, weighed."""

    def __init__(self, words: Words) -> None:
        self._number = {word: number for number, word in enumerate(words.text)}
        self._share = (words.counts / words.counts.sum()).tolist()
        self._kind = words.kind.tolist()
        self._follows = words.follows.tolist()
        self._forms = words.forms

    def share(self, place: Place) -> float:
        """The share of the meant form at a place; a word that does not decide speaks against it."""
        text, at = place.pair, place.at
        n = len(text)
        starting: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for start in range(n):
            for end in range(start + 1, min(n, start + LONGEST) + 1):
                number = self._number.get(text[start:end])
                if number is not None:
                    starting[start].append((end, number))
        ahead: list[dict[int, float]] = [{} for _ in range(n + 1)]  # by class of the last word
        own: list[dict[int, float]] = [{} for _ in range(n + 1)]  # of these, with the meant form
        for start in range(n):
            if start and not ahead[start]:
                continue
            for end, number in starting[start]:
                kind, share = self._kind[number], self._share[number]
                every, meant = share, share
                if start:
                    every = share * sum(p * self._follows[k][kind] for k, p in ahead[start].items())
                    meant = share * sum(p * self._follows[k][kind] for k, p in own[start].items())
                if start <= at < end and self._forms[number][at - start] != place.form:
                    meant = 0.0
                ahead[end][kind] = ahead[end].get(kind, 0.0) + every
                own[end][kind] = own[end].get(kind, 0.0) + meant
        every = sum(ahead[n].values())
        return sum(own[n].values()) / every if every else 0.0


def wrong(pairs: Pairs, choice: Choice, judge: Judge) -> list[Place]:
    """The places of wrong pairs, the pair most often to be expected first."""
    found = [place for place in pairs.wrong(choice) if judge.share(place) >= SURE]
    return sorted(found, key=lambda place: (-place.times, place))


def native(corpus: Path, forms: Forms) -> Counter[str]:
    """Characters of native text that the table mends, spoils, or writes otherwise as wrongly."""
    found = Counter[str]()
    choices = {"without": without_crossings(), "with": Choice.read()}
    for hans, hant in native_text(corpus):
        want = forms.fold[units(hant)]
        made = {
            name: forms.fold[units(Fused(plain_for("s2t"), choice).convert(hans))]
            for name, choice in choices.items()
        }
        changed = made["with"] != made["without"]
        better, worse = made["with"] == want, made["without"] == want
        found["characters"] += len(want)
        found["better"] += int((changed & better).sum())
        found["worse"] += int((changed & worse).sum())
        found["other"] += int((changed & ~better & ~worse).sum())
    return found


def shown(places: Iterable[Place]) -> str:
    """Places, with the form that is meant."""
    return " ".join(f"{p.pair[: p.at]}[{p.pair[p.at]}{p.form}]{p.pair[p.at + 1 :]}" for p in places)


def main(argv: list[str]) -> int:
    """Print the shares."""
    corpus = Path(argv[0] if argv else "../shared/corpus")
    forms = Forms.from_opencc()
    words = read_words(forms, corpus, Fused(plain_for("s2t"), without_crossings()).convert)
    pairs, judge = Pairs(words, forms, LEAST, whole=True), Judge(words)
    print(f"{len(pairs.pairs):,} pairs, expected {pairs.times.sum():,.0f} times")
    print("| table | wrong places | wrong, by expected frequency |\n|---|---|---|")
    for name, choice in (("without", without_crossings()), ("with", Choice.read())):
        found = wrong(pairs, choice, judge)
        share = sum(place.times for place in found) / pairs.times.sum()
        print(f"| {name} | {len(found):,} | {share:.2%} |", flush=True)
    met = native(corpus, forms)
    print(
        f"\nin {met['characters']:,} characters of native text {met['better']} places are right with the table alone, "
        f"{met['worse']} without it alone; {met['other']} wrong with both"
    )
    print(f"\nstill wrong, the most frequent: {shown(found[:N_SHOWN])}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
