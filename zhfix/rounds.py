"""One block through the rounds of repair: the rules stage by stage, then the target script.

Each round reads the text that the rounds before it made; its edits are settled (the earlier place
wins), made, and carried back to offsets of the input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import is_

from zhfix.active import active_rules, is_idle, stages
from zhfix.arrays import read
from zhfix.blocks import BLOCK, blocks
from zhfix.convert.punctuation import quotation_pieces
from zhfix.convert.regional import is_left, with_own_forms
from zhfix.convert.target import engine_pieces, has_forms, target_pieces, target_text
from zhfix.convert.yue import own_words
from zhfix.gate import HANS, IDLE, SPANS, UNREAD, Gate
from zhfix.options import SURE, Options
from zhfix.protect import Span, free_spans, protected_spans
from zhfix.report import Edit, Report, counts, each_once
from zhfix.rules import RULES, Asked, Context, Stage
from zhfix.rules.byte_gate import is_mirror_page
from zhfix.rules.gloss import taught_characters
from zhfix.rules.mojibake import misread
from zhfix.rules.settled import ON_SCRIPTS, is_settled
from zhfix.rules.shifted_bytes import unread_runs, without_run_kana
from zhfix.rules.strays import UNASKED, Place, Stream
from zhfix.rules.stretches import has_both
from zhfix.rules.verdict import verdict_of
from zhfix.script import Evidence, evidence, has_kana, outside
from zhfix.work import Work

__all__ = [
    "LIKELY",
    "SCRIPT",
    "UNLIKELY",
    "awake_among",
    "fixed",
    "is_plain",
    "repaired",
    "reported",
]

_AGAIN = 4  # wrong code pages on top of each other; two are the most seen
UNLIKELY = 0.1  # a hint no surer than this comes to nothing in any surroundings
SCRIPT = "script"  # beside the rules that are awake: the text may have to be converted
LIKELY = 0.5  # a finding at least this sure counts as damage in a report, made or not
_COUNTED = LIKELY - 0.001  # what may be rounded to that


def repaired(
    text: str,
    options: Options,
    *,
    is_explained: bool = False,
    is_hinted: bool = True,
    stream: Stream | None = None,
) -> Work:
    """The block `text` through all rounds. Without `is_explained`, only `current` of the result is
    complete; without `is_hinted`, hints that come to nothing may be left out. `stream` counts the
    telling characters of hans and hant before the text.
    """
    read(len(text))
    work = Work(text, options, is_explained=is_explained, stream=stream)
    wanted = is_explained, is_explained and is_hinted
    awake = _awake(work, *wanted)
    work.is_free = awake is not None and SPANS not in awake
    work.is_read = awake is not None and UNREAD not in awake
    if awake is not None and awake <= IDLE:
        return work
    is_few = awake is not None and awake <= ON_SCRIPTS | IDLE
    if is_few and is_settled(text, _place(work, *wanted)):
        return work
    is_put_off = _is_mirrored(text, options, awake)
    is_seen = _passed(work, *wanted, is_put_off=is_put_off)
    for _ in range(_AGAIN):
        # what a repair or a change of script has made may be read in another way: a second repair
        # would then find something, so it is done now. An engine that was named converts once.
        is_left = work.current == text or (not is_seen and not has_forms(text, options.to))
        if not is_put_off and (is_left or options.engine != "default"):
            break
        text, is_put_off = work.current, False
        hints, work.hints, work.proven = work.hints, [], set()
        is_seen = _passed(work, *wanted)
        work.hints = hints if work.current == text else _without_made(hints, work)
    work.hints = each_once(work.hints)
    return work


def _without_made(hints: list[Edit], work: Work) -> list[Edit]:
    """The hints of an earlier pass and of the last one, each once, without what was made since."""
    made = {(edit.start, edit.end, edit.after) for edit in work.edits}
    every = {(hint.start, hint.end, hint.after): hint for hint in (*work.hints, *hints)}
    return [hint for key, hint in every.items() if key not in made]


def _awake(work: Work, is_explained: bool, is_hinted: bool) -> frozenset[str] | None:
    """The rules that have to be asked of the text as it stands, and SCRIPT where it may have to be
    converted; None where that is not known.
    """
    options = work.options
    # of a page that was converted one to one more has to be asked
    if work.proven or not _is_gated(options):
        return None
    gate = _gate(options, is_explained, is_hinted or options.sure <= UNLIKELY, _is_brief(work))
    awake = gate.awake_in(work.current)
    if awake is None:
        return None
    if work.stream:  # one script alone may be the other one's drift
        awake |= {rule.name for rule in RULES.values() if rule.stage == Stage.SCRIPT}
    return awake if _is_told(options) else awake | {SCRIPT}


def _is_gated(options: Options) -> bool:
    return not (options.user_words or options.punctuation == "target")


def _is_told(options: Options) -> bool:
    """Whether the gate tells if the text has to be converted."""
    is_plain = options.engine == "default" and options.vocabulary == "keep"
    return options.to == "keep" or (options.to in ("auto", "hans") and is_plain)


def awake_among(texts: Sequence[str], options: Options) -> list[frozenset[str] | None]:
    """The rules that `fixed` has to ask of each of many texts, as far as one search for all of them
    tells, and SCRIPT where it may have to be converted; None where that is not known.
    """
    if not _is_gated(options):
        return [None] * len(texts)
    is_brief = all(isinstance(item, str) for item in options.protect)
    gate = _gate(options, False, options.sure <= UNLIKELY, is_brief)
    told = gate.awake_among(texts)
    if _is_told(options):
        return told
    return [None if awake is None else awake | {SCRIPT} for awake in told]


def _is_brief(work: Work) -> bool:
    """Whether the text is wanted, and nothing else."""
    options = work.options
    return not (work.is_explained or options.user_words or options.punctuation == "target")


@lru_cache(maxsize=64)
def _gate(options: Options, is_explained: bool, is_hinted: bool, is_brief: bool) -> Gate:
    rules = active_rules(options, is_explained=is_explained)
    is_brief = is_brief and options.to == "auto" and options.sure > UNASKED
    asked = Asked(options.to, is_brief, is_hinted, bool(options.protect))
    return _gate_of(tuple(rule.name for rule in rules), asked)


@lru_cache(maxsize=8)
def _gate_of(names: tuple[str, ...], asked: Asked) -> Gate:
    return Gate((RULES[name] for name in names), asked)


def _is_mirrored(text: str, options: Options, awake: frozenset[str] | None) -> bool:
    """Whether wrong code pages are looked for once the text is read again: a mirror site's shifted
    runs look like them, each costs a search, and they are gone then.
    """
    every = stages(options)
    return (
        options.engine == "default"
        and len(every) > 1
        and every[0][0].stage == Stage.MOJIBAKE
        and (awake is None or any(rule.name in awake for rule in every[0]))
        and is_mirror_page(text, options.to)
        and any(rule.is_triggered(text) for rule in every[0])
    )


def _passed(work: Work, is_explained: bool, is_hinted: bool, *, is_put_off: bool = False) -> bool:
    """The text as it stands through all rounds, once; whether some rule saw anything in it.
    `is_put_off`: without the first stage.
    """
    options = work.options
    asked, awake = work.current, _awake(work, is_explained, is_hinted)
    # lines that tell no script are read as those beside them, which may change theirs
    is_seen = options.to not in ("auto", "keep") and has_both(work.current)
    least = _least(options, is_explained, is_hinted)
    for stage in stages(options)[is_put_off:]:
        is_script = stage[0].stage == Stage.SCRIPT
        if is_script and is_idle(options, is_explained):
            continue
        # a repaired code page may show another one below it: again, until nothing is found
        for _ in range(_AGAIN if stage[0].stage <= Stage.ESCAPE else 1):
            if work.current is not asked or work.proven:
                asked, awake = work.current, _awake(work, is_explained, is_hinted)
            active = [
                rule
                for rule in stage
                # in a stream, one script alone may be the other one's drift
                if (awake is None or rule.name in awake)
                and (rule.is_triggered(work.current) or (is_script and work.stream))
            ]
            if not active:
                break
            is_early = stage[0].stage <= Stage.ESCAPE
            protected = work.named() if is_early else work.protected()
            if is_script:
                protected = _unconverted(work)
            if stage[0].stage == Stage.SHIFTED_BYTES and has_kana(work.current):
                plain = without_run_kana(work.current, options.to, options.sure)
                protected = protected_spans(plain, work.named())
            if stage[0].stage > Stage.SHIFTED_BYTES and (unread := _unread(work)):
                protected = protected_spans(work.current, [*protected, *unread])
            before = work.current
            proposed = [
                edit
                for rule in active
                for edit in rule.propose(work.current, _context(work, protected, rule.name, least))
            ]
            is_seen = is_seen or any(edit.sure > UNLIKELY for edit in proposed)
            # `keep` repairs no script, unless a rule for it is asked for by name
            is_kept = is_script and options.to == "keep" and not options.rules
            if stage[0].stage == Stage.MOJIBAKE:
                work.misread = work.current, list(misread(proposed))
            work.round(proposed, protected, is_made=not is_kept)
            if work.current is before:
                break
    if options.user_words:
        work.round(_words(work), work.protected())
    is_written = awake is not None and not (work.proven or awake & {SCRIPT, HANS})
    is_written = is_written and work.current is asked
    if options.to != "keep" and not work.current.isascii() and not is_written:
        protected = _unconverted(work)
        if work.is_explained or options.engine != "default":
            work.round(_script(work, protected), protected)
        else:
            made = target_text(
                work.current,
                options.to,
                one_to_one="one-to-one" in work.proven,
                vocabulary=options.vocabulary,
                protected=protected,
                sure=options.sure,
            )
            if "one-to-one" not in work.proven:  # else what stands is the map's, not the region's
                made = with_own_forms(work.current, made, options.to)
            work.current = made
        if options.punctuation == "target":
            work.round(_punctuation(work), work.protected())
    return is_seen


def _context(work: Work, protected: Sequence[Span], rule: str, least: float) -> Context:
    """What a rule is given with the text as it stands."""
    options = work.options
    return Context(
        *(work.current, protected, rule, work.proven),
        *(options.to, work.stream, options.sure),
        is_brief=_is_brief(work),
        least=least,
    )


def _place(work: Work, is_explained: bool, is_hinted: bool) -> Place:
    """What the rules on scripts read the text for, where no other rule is awake."""
    least = _least(work.options, is_explained, is_hinted)
    return _context(work, _unconverted(work), "", least).place()


def _least(options: Options, is_explained: bool, is_hinted: bool) -> float:
    """How sure a hint must be to be read: a report counts what is likely, and nothing else."""
    return _COUNTED if is_explained and not is_hinted and options.to == "keep" else 0.0


def fixed(text: str, options: Options, *, stream: Stream | None = None) -> str:
    """All of a text through all rounds; the same object when there is nothing to do."""
    if len(text) <= BLOCK:
        return repaired(text, options, stream=stream).current
    parts = list(blocks(text))
    made = [repaired(part, options, stream=stream).current for part in parts]
    if all(map(is_, parts, made)):
        return text
    out = "".join(made)
    return text if out == text else out


def is_plain(options: Options) -> bool:
    """Whether text that no rule finds anything in is converted by `target_text`, or not at all."""
    is_converted = options.to != "keep"
    return not (
        options.user_words
        or (is_converted and (options.protect or options.engine != "default"))
        or (is_converted and (options.punctuation == "target" or options.sure > SURE))
    )


def _words(work: Work) -> Iterator[Edit]:
    known = dict(work.options.user_words)
    for start, end in _word_spans(work.current, work.options):
        word = work.current[start:end]
        if known.get(word, word) != word:
            yield Edit(start, end, word, known[word], "word", 1.0, "your own word")


def _word_spans(text: str, options: Options) -> Iterator[Span]:
    """Where user words and their results stand, longest first; a result is not changed again."""
    words = {word for pair in options.user_words for word in pair if word}
    ordered = sorted(words, key=lambda word: (-len(word), word))
    pattern = "|".join(re.escape(word) for word in ordered)
    return (match.span() for match in re.finditer(pattern, text))


def _unread(work: Work) -> list[Span]:
    """Runs of shifted bytes that nobody can read."""
    is_read = work.is_read and work.current is work.text
    return [] if is_read or "?" not in work.current else [*unread_runs(work.current)]


def _unconverted(work: Work) -> list[Span]:
    """Spans that keep their script, remembered: those on scripts are asked in two ways."""
    known = work.unconverted
    if known is None or known[0] is not work.current or known[1] is not work.misread:
        known = work.unconverted = work.current, work.misread, _kept_spans(work)
    return known[2]


def _kept_spans(work: Work) -> list[Span]:
    """The same: protected spans, user words, and glosses left as lessons."""
    options, text, spans = work.options, work.current, work.protected()
    if options.user_words:
        spans = protected_spans(text, [*spans, *_word_spans(text, options)])
    if options.to.startswith("hant") and ("(" in text or "（" in text):
        spans = protected_spans(text, [*spans, *taught_characters(text)])
    if options.to.startswith("hant") and ("吓" in text or "响" in text):
        spans = protected_spans(text, [*spans, *own_words(text)])
    if unread := _unread(work):
        spans = protected_spans(text, [*spans, *unread])
    if work.misread[1] and work.misread[0] is text:
        spans = protected_spans(text, [*spans, *work.misread[1]])
    return spans


def _script(work: Work, protected: Sequence[Span]) -> Iterator[Edit]:
    options, text = work.options, work.current
    if options.engine == "default":
        changes = target_pieces(
            text,
            options.to,
            one_to_one="one-to-one" in work.proven,
            vocabulary=options.vocabulary,
            protected=protected,
        )
    else:
        changes = engine_pieces(
            text, options.to, options.engine, vocabulary=options.vocabulary, protected=protected
        )
    for start, end, after, sure, why in changes:
        is_own = options.engine == "default" and "one-to-one" not in work.proven
        if is_own and is_left(text, start, after, options.to):
            continue
        yield Edit(start, end, text[start:end], after, "script", sure, why)


def _punctuation(work: Work) -> Iterator[Edit]:
    to = work.options.to
    to = evidence(work.current).majority if to == "auto" else to
    if to != "shared":
        for start, end, after in quotation_pieces(work.current, to):
            why = "quotation mark of the target script"
            yield Edit(start, end, work.current[start:end], after, "punctuation", 1.0, why)


def reported(
    text: str, found: Sequence[Edit], seen: Evidence, spans: Sequence[Span] | None = None
) -> Report:
    """The report on `text`: the verdict without Japanese and other protected spans, and the damage
    found. `seen` is the evidence of all of it; `spans` are the protected ones, if they are known.
    """
    free = text
    spans = protected_spans(text) if spans is None else spans
    if spans and any(seen):
        free = "".join(text[a:b] for a, b in free_spans(len(text), spans))
        seen = outside(text, spans, seen)
    marked = seen.n_hans + seen.n_hant
    share = min(seen.n_hans, seen.n_hant) / marked if marked else 0.0
    verdict, confidence = verdict_of(free, seen)
    return Report(
        verdict,
        seen.n_hans,
        seen.n_hant,
        seen.n_shared,
        round(share, 4),
        confidence,
        counts(found),
    )
