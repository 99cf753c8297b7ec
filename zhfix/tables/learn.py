"""Learns choice.tsv: which contexts call for which Traditional form.

Native Traditional text is written in Simplified, the dictionary converts it back, and for every
Simplified character with several forms an L1 logistic regression learns from the contexts where
the dictionary is right and where it is not. Words of OpenCC's phrases and of McBopomofo are further
examples. The order of the input and a fixed seed decide everything: two runs give the same rows.
Build time only: needs numpy, scipy and scikit-learn (extra `learn`).
"""

from __future__ import annotations

import lzma
import math
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from zhfix.convert.choice import OTHER, REACH, WINDOWS, is_han, symbol
from zhfix.convert.choice_bulk import KIND_DIGIT, Array, mix, neighbours
from zhfix.named import NamedTuple
from zhfix.tables.forms import Forms, to_hans
from zhfix.tables.overlaps import overlaps

__all__ = ["choice_rows"]

STRENGTH = (
    0.35  # inverse of the L1 penalty; 0.25: 30 % fewer rows; 0.8: twice the rows, more errors
)
SCALE = 16  # weights are sixteenths of a nat
MARGIN = 16  # what another form must have over the dictionary's: one nat, tuned on pairs/ (dev)
DOUBT = 0.5  # nats at least by which the dictionary is ahead where no context speaks
# The corpora are government's, which writes 計畫 throughout: one context of theirs is no evidence.
HOUSE = {"畫": 6.0}
WORD_WEIGHT = 3.0  # a word of a dictionary counts as three places in running text
N_MOST = 15_000  # examples of one character, form and agreement with the dictionary; then thinned
PSEUDO = 0.5  # one invented example, so that a form never seen has a finite doubt
SEED = 7
SAME_REACH = 3  # places equal this far on both sides are one example


class Examples(NamedTuple):
    """Places in text: aligned arrays, one entry per place."""

    hans: Array  # the character
    want: Array  # form of the source text
    answer: Array  # the dictionary's form, 0 where it may not be asked
    contexts: Array  # hash of every context, 0 where there is none
    weight: Array
    text: Array  # whole text the places lie in, to spell contexts
    position: Array
    offset: int  # number of places before these, in the whole training set


def spell(text: Array, position: int, column: int) -> str:
    """The context of one column as choice.py writes it."""

    n_left, n_right = WINDOWS[column]
    around = [
        symbol(chr(text[at])) if 0 <= at < len(text) else OTHER
        for at in range(position - n_left, position + n_right + 1)
    ]
    around[n_left] = f"[{chr(text[position])}]"
    return "".join(around)


def units(text: str) -> Array:
    """One uint16 per character; a character outside the plane becomes a lone surrogate."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.where(points > 0xFFFF, 0xD800, points).astype(np.uint16)


def number_contexts(near: Array, inside: tuple[Array, Array] | None = None) -> Array:
    """A number for every context, one row per window; 0 where a place has no such context.

    `inside` limits the reach to each side, for words that stand alone. The order of the numbers is
    the order in which the regression meets the contexts, so that another order would give other
    rows: they are not the hashes that choice_bulk.py looks up.
    """
    is_far = [near[REACH + step] > KIND_DIGIT for step in (-1, 1)]
    reach = [np.where(far, REACH, 1) for far in is_far]
    if inside:
        reach = [np.minimum(*pair) for pair in zip(reach, inside, strict=True)]
    numbers = np.empty((len(WINDOWS), near.shape[1]), np.uint64)
    for i, (n_left, n_right) in enumerate(WINDOWS):
        state = mix(near[REACH], np.uint64(1000 + i))
        for step in (*range(-n_left, 0), *range(1, n_right + 1)):
            state = mix(state, near[REACH + step])
        exists = (n_left <= reach[0]) & (n_right <= reach[1])
        numbers[i] = np.where(exists, state | np.uint64(1), 0)
    return numbers


def distinct(near: Array, want: Array, answer: Array) -> Array:
    """Indices of the first place of every context with its outcome: repeated law counts once."""
    state = mix(want.astype(np.uint64), answer.astype(np.uint64))
    for row in near:
        state = mix(state, row)
    return np.sort(np.unique(state, return_index=True)[1])


def running_text(forms: Forms, lines: Iterable[str], offset: int) -> Examples:
    """Examples of a corpus of lines of native Traditional text."""
    kept = [(hans, line) for line in lines if (hans := to_hans(line)) and len(hans) == len(line)]
    text = units("\n".join(pair[0] for pair in kept))
    position = np.flatnonzero(forms.is_ambiguous[text])
    want = forms.fold[units("\n".join(pair[1] for pair in kept))[position]]
    said = units("\n".join(forms.dictionary(pair[0]) for pair in kept))
    answer = forms.fold[said[position]]
    first = distinct(neighbours(text, position, SAME_REACH), want, answer)
    position, want, answer = position[first], want[first], answer[first]
    contexts = number_contexts(neighbours(text, position)).T
    weight = np.ones(len(position))
    return Examples(text[position], want, answer, contexts, weight, text, position, offset)


def word_list(
    forms: Forms, words: list[tuple[str, str, float]], offset: int, ask: bool
) -> Examples:
    """Examples of a list of words (hans, hant, weight); `ask` for the dictionary's answer too."""
    text = units("\n".join(word[0] for word in words))
    position = np.flatnonzero(forms.is_ambiguous[text])
    want = forms.fold[units("\n".join(word[1] for word in words))[position]]
    answer = np.zeros(len(position), np.uint16)
    if ask:
        said = units("\n".join(forms.dictionary(word[0]) for word in words))
        answer = forms.fold[said[position]]
    lengths = np.array([len(word[0]) for word in words])
    starts = np.cumsum(lengths + 1) - lengths - 1
    which = np.repeat(np.arange(len(words)), lengths + 1)[position]
    start = starts[which]
    inside = (position - start, start + lengths[which] - 1 - position)
    contexts = number_contexts(neighbours(text, position), inside).T
    weight = np.array([word[2] for word in words])[which] * WORD_WEIGHT
    return Examples(text[position], want, answer, contexts, weight, text, position, offset)


def own_phrases(forms: Forms) -> list[tuple[str, str, float]]:
    """OpenCC's phrases: the dictionary's own words, of weight 1."""
    return [
        (hans, hant, 1.0)
        for hans, hant in sorted(forms.phrases.items())
        if len(hans) == len(hant) and max(hans + hant) <= "\uffff"
    ]


def counted_words(path: Path) -> Iterator[tuple[str, str, int]]:
    """McBopomofo's words and how often each was met."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            word, count, *_ = [*line.split(), "", ""]
            if len(word) < 2 or not count.lstrip("-").isdigit() or not all(map(is_han, word)):
                continue
            hans = to_hans(word)
            if len(hans) == len(word) and all(map(is_han, hans)):
                yield hans, word, max(0, int(count))


def weight_of(count: int) -> float:
    """A word met 1000 times or more has four times the weight of one never met."""
    return 1.0 + min(3.0, math.log10(1 + count))


class Fit(NamedTuple):
    """What was learned of one character: (pattern, form, weight in nats)."""

    hans: str
    rows: list[tuple[str, str, float]]


def fit(forms: Forms, char: str, parts: list[Examples], places: Array) -> Fit:
    """Logistic regression, one form against the others, over the places of one character."""
    from scipy.sparse import csr_matrix  # build time only
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    legal = [ord(form) for form in forms.of(char)]
    bounds = [part.offset for part in parts] + [sys.maxsize]
    chosen = [
        (part, places[(places >= low) & (places < high)] - low)
        for part, low, high in zip(parts, bounds, bounds[1:], strict=False)
    ]
    want = np.concatenate([part.want[i] for part, i in chosen])
    answer = np.concatenate([part.answer[i] for part, i in chosen])
    weight = np.concatenate([part.weight[i] for part, i in chosen])
    context = np.concatenate([part.contexts[i] for part, i in chosen])
    origin = np.concatenate([np.full(len(i), n) for n, (_, i) in enumerate(chosen)])
    where = np.concatenate([part.position[i] for part, i in chosen])
    keep, weight = thin(want, answer, weight, legal)
    want, answer, weight, context, origin, where = (
        column[keep] for column in (want, answer, weight, context, origin, where)
    )
    hashes, first, inverse = np.unique(context, return_index=True, return_inverse=True)
    inverse = inverse.reshape(context.shape)
    reach = np.bincount(inverse.ravel(), np.repeat(weight, context.shape[1]), len(hashes))
    useful = (hashes > 0) & (reach * STRENGTH >= 1)  # a lighter one can never leave zero
    column = np.cumsum(useful) - 1
    n_contexts = int(useful.sum())
    place, slot = np.nonzero(useful[inverse])
    asked = np.flatnonzero(np.isin(answer, legal))
    answer_column = {form: n_contexts + k for k, form in enumerate(legal)}
    n_places, n_forms = len(want), len(legal)
    row = np.concatenate([place, asked, n_places + np.arange(2 * n_forms)])
    col = np.concatenate(
        [
            column[inverse[place, slot]],
            np.array([answer_column[int(form)] for form in answer[asked]], np.int64),
            n_contexts + np.repeat(np.arange(n_forms), 2),
        ]
    )
    shape = (n_places + 2 * n_forms, n_contexts + n_forms)
    matrix = csr_matrix((np.ones(len(row)), (row, col)), shape=shape)
    target = np.concatenate([want, np.repeat(np.array(legal, want.dtype), 2)])
    weight = np.concatenate([weight, np.full(2 * n_forms, PSEUDO)])
    names = [
        spell(parts[origin[at]].text, int(where[at]), int(slot_of))
        for at, slot_of in zip(*np.divmod(first[useful], context.shape[1]), strict=True)
    ]
    rows = []
    learned: dict[int, tuple[float, Array]] = {}
    for form in legal[1:] if n_forms == 2 else legal:
        model = LogisticRegression(
            C=STRENGTH, l1_ratio=1, solver="liblinear", max_iter=60, tol=1e-3, random_state=SEED
        )
        with warnings.catch_warnings():
            # rounds are bounded on purpose: what is left to gain is less than a row's sixteenth
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(matrix, target == form, sample_weight=weight)
        learned[form] = float(model.intercept_[0]), model.coef_[0]
        weights = model.coef_[0][:n_contexts]
        rows += [(names[i], chr(form), float(weights[i])) for i in np.flatnonzero(weights)]
    zero: tuple[float, Array] = 0.0, np.zeros(shape[1])
    for said in legal:
        at = answer_column[said]
        base = {}
        for form in legal:
            bias, weights = learned.get(form, zero)
            base[form] = bias + float(weights[at])
        rows += [
            (f"={chr(said)}", chr(form), min(-DOUBT, base[form] - base[said]) - margin(form))
            for form in legal
            if form != said
        ]
    return Fit(char, rows)


def margin(form: int) -> float:
    """Nats another form must have over the dictionary's."""
    return MARGIN / SCALE + HOUSE.get(chr(form), 0.0)


def thin(want: Array, answer: Array, weight: Array, legal: list[int]) -> tuple[Array, Array]:
    """Places to keep, at most N_MOST of each outcome, and weights that make up for the rest."""
    rng = np.random.default_rng(SEED)
    keep = np.isin(want, legal)
    weight = weight.copy()
    for form in legal:
        for agrees in (True, False):
            group = np.flatnonzero((want == form) & ((answer == form) == agrees))
            if len(group) > N_MOST:
                keep[rng.choice(group, len(group) - N_MOST, replace=False)] = False
                weight[group] *= len(group) / N_MOST
    return keep, weight


def rows(fits: list[Fit]) -> Iterator[tuple[str, str, str, str]]:
    """Rows of the table; a weight that rounds to zero is left out."""
    for hans, learned in fits:
        for pattern, form, nats in learned:
            weight = max(-255, min(255, round(nats * SCALE)))
            if weight or pattern[0] == "=":
                yield hans, pattern, form, str(weight)


def gather(forms: Forms, corpora: list[Path], words: Path) -> list[Examples]:
    """Examples of the corpora, of OpenCC's phrases, of the word list and of words that overlap."""
    parts: list[Examples] = []

    def offset() -> int:
        return parts[-1].offset + len(parts[-1].hans) if parts else 0

    for path in corpora:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            parts.append(running_text(forms, (line.rstrip("\n") for line in lines), offset()))
    parts.append(word_list(forms, own_phrases(forms), offset(), ask=False))
    counted = list(counted_words(words))
    weighted = [(hans, hant, weight_of(count)) for hans, hant, count in counted]
    parts.append(word_list(forms, weighted, offset(), ask=True))
    parts.append(word_list(forms, list(overlaps(forms, counted)), offset(), ask=True))
    return parts


def learn(forms: Forms, parts: list[Examples]) -> list[Fit]:
    """What the examples say, character by character."""
    hans = np.concatenate([part.hans for part in parts])
    order = np.argsort(hans, kind="stable")
    present, starts = np.unique(hans[order], return_index=True)
    ends = np.append(starts[1:], len(order))
    return [
        fit(forms, chr(unit), parts, order[start:end])
        for unit, start, end in zip(present, starts, ends, strict=True)
    ]


def choice_rows(speech: Path, law: Path, words: Path) -> Iterator[tuple[str, str, str, str]]:
    """The learned table from the corpora, in about a minute on one core."""
    forms = Forms.from_opencc()
    return rows(learn(forms, gather(forms, [speech, law], words)))
