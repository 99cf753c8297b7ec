"""What of a reading is written: how sure it is on its page, and the edits that it asks for."""

from __future__ import annotations

import math
from collections.abc import Iterator

from zhfix.model import UNIT
from zhfix.pattern import pattern
from zhfix.report import Edit
from zhfix.rules.byte_gate import Gate
from zhfix.rules.byte_odds import all_right, doubtful, odds_of, pieces, rights_of, unknown
from zhfix.rules.byte_page import LOST
from zhfix.rules.byte_runs import Run
from zhfix.rules.registry import Context
from zhfix.script import HAN_CLASS

__all__ = ["edits_of", "is_lost", "is_noisy", "sigmoid", "slack_of"]

_CLEAR = 5 * UNIT  # gain of a run that needs no look at the rest of the page
_LOST_FIRST = pattern(r"\?[、。，！？；：,;:!?]")  # a byte was lost before a mark
_ENDED = pattern(r"\?\?[，！？；：,;:!?]")  # 。 was found in it and the mark, and the mark as well
_BOTH_HAN = pattern(f"[{HAN_CLASS}]{{2}}")
_NOISY = 10 * UNIT  # gain of a run that nothing else explains
_MOST_NOISY = 4  # such runs, each a nat: a page with them has noise everywhere
_PAGE = 400  # characters of text that tell how a page writes
_EACH = 0.9995  # beside the doubts, each character: a reading that was never tried
# a piece beside one that is left open: there the right reading was oftener none of those tried.
# Odds, fitted on simulated pages of four kinds
_BESIDE = 0.6
_ALONE = 1.2  # what a doubt weighs in a fragment, which does not tell how its page writes
# On a proven page what stands in a run is wrong where it is not read back, so a run is written
# whole although it is less sure than the floor: by so much where that spoils few of all edits,
# which is where there are so many glosses for each such run. It is announced at the floor
_LESS = 0.2
_GLOSSES = 8


def slack_of(runs: list[Run], n_glosses: int) -> float:
    """How much less sure than the floor a run may be that is written whole, on a proven page.

    >>> slack_of([], 0)
    0.2
    """
    n_doubtful = sum(bool(run.doubts) for run in runs)
    return min(_LESS, _LESS * n_glosses / max(1, _GLOSSES * n_doubtful)) if n_doubtful else _LESS


def _odds(run: Run, text: str) -> list[float]:
    is_ended = _ENDED.match(text, run.start) is not None
    is_quoted = text[run.start + 1 : run.start + 2] in ("！", "!")
    return odds_of(run, is_lost=is_lost(run, text), is_ended=is_ended, is_quoted=is_quoted)


def is_lost(run: Run, text: str) -> bool:
    """Whether a run begins with a byte that was lost before a mark."""
    return _LOST_FIRST.match(text, run.start) is not None


def is_noisy(run: Run) -> bool:
    """Whether a run that begins so can be nothing else."""
    return len(run.text) > 2 and run.gain > _NOISY


def edits_of(
    run: Run, gate: Gate, ctx: Context, n_noisy: int = 0, slack: float = _LESS
) -> Iterator[Edit]:
    """The edits that a run asks for: what is sure, marks for what is not, and that as a hint.

    `n_noisy`: runs of the page that can be nothing but noise before marks; `slack`: how much less
    sure than the floor it may be on a proven page.
    """
    machine = _machine(run, gate, ctx, n_noisy)
    why = "bytes were swallowed before a mark"
    if run.n_keys:
        why = f"{run.n_keys} gloss{'es' * (run.n_keys > 1)} matched the bytes across characters"
    is_page = len(ctx.text) >= _PAGE and gate.is_proven_at(run.start)
    doubt = 1.0 if is_page or not run.doubts else _ALONE
    odds = _odds(run, ctx.text)
    rights = rights_of(run, odds)
    open_ = unknown(run, ctx.text)
    sure = machine * _sure(rights, doubt)
    needed = ctx.floor - (min(slack, 1 - ctx.floor) if is_page else 0)
    if not open_ and run.doubts and needed <= sure:
        if sure < ctx.floor:
            why += f"; right in {round(100 * sure)} of 100 such places"
        yield _trimmed(ctx, run, run.text, max(sure, ctx.floor), why)
        return
    least = min(0.99, ctx.floor / max(machine * _EACH ** len(rights), 0.01))
    open_ = doubtful(run, open_, odds, rights, 1 - (1 - _raw(least)) / doubt)
    if not open_ or 2 * len(open_) > len(run.text):
        yield _trimmed(ctx, run, run.text, min(sure, 0.9 * ctx.floor) if open_ else sure, why)
        return
    for (one, start), (two, end), is_open in pieces(run, open_):
        before = ctx.text[run.start + start : run.start + end]
        read = run.text[one:two]
        shown = "".join("?" if i in open_ else char for i, char in enumerate(read, one))
        if before != shown:
            kept = [right for i, right in enumerate(rights[one:two], one) if i not in open_]
            sure = machine * _beside(_sure(kept, doubt))
            yield ctx.edit(run.start + start, run.start + end, shown, sure, why)
        read = read.replace(LOST, "?")
        if is_open and read != shown:
            why_open = f"{why}; what was lost is guessed"
            sure = machine * min(_beside(_sure(rights[one:two], doubt)), 0.9 * ctx.floor)
            yield ctx.edit(run.start + start, run.start + end, read, sure, why_open)


def _machine(run: Run, gate: Gate, ctx: Context, n_noisy: int) -> float:
    """How sure it is that bytes were replaced where the run stands."""
    begins_lost = is_lost(run, ctx.text)
    n_tags = run.text.count("<") - ctx.text.count("<", run.start, run.end)
    is_plain = run.n_keys and not run.n_guessed and run.gain > _CLEAR
    evidence = 0.0 if is_plain else gate.evidence(run.start)
    # a tag costs what its place costs (byte_ends) beside what it proves
    evidence += 4.0 * run.n_keys + 5.0 * n_tags + 0.3 * run.gain / UNIT
    if begins_lost and evidence > 3.0:
        evidence += min(n_noisy, _MOST_NOISY)
    machine = sigmoid(evidence - 3.0)
    around = ctx.text[max(0, run.start - 1) : run.start] + ctx.text[run.end : run.end + 1]
    if len(run.text) == 1 and run.text.isascii() and _BOTH_HAN.fullmatch(around):
        return min(machine, 0.6)  # 茖W(xué)計: rather the end of a run whose start is not seen
    return machine


def _sure(rights: list[float], doubt: float) -> float:
    """How sure it is that all these characters are right, a doubt weighed by `doubt`."""
    return max(0.0, 1 - doubt * (1 - all_right(rights))) * _EACH ** len(rights)


def _beside(sure: float) -> float:
    """How sure a piece is beside one that is left open."""
    return sure * _BESIDE / (sure * _BESIDE + 1 - sure)


def _raw(sure: float) -> float:
    """What a piece must be by itself to be so sure beside one that is left open."""
    return sure / (sure + _BESIDE * (1 - sure))


def _trimmed(ctx: Context, run: Run, after: str, sure: float, why: str) -> Edit:
    """The edit without what stays the same at both ends."""
    after = after.replace(LOST, "?")
    before = ctx.text[run.start : run.end]
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return ctx.edit(run.start + head, run.end - tail, after[head : len(after) - tail], sure, why)


def sigmoid(logit: float) -> float:
    """The chance that log-odds stand for."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
