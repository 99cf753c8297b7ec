"""The front door: runs the rules stage by stage, settles their edits, and writes the result in the
target script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from zhfix.blocks import BLOCK, blocks, gathered, lines
from zhfix.convert.front import convert, convert_many, need_str
from zhfix.convert.punctuation import quotation_pieces
from zhfix.convert.target import engine_pieces, target_pieces
from zhfix.decode import Decoded, decode
from zhfix.options import Options
from zhfix.protect import Span, free_spans, overlaps, protected_spans
from zhfix.report import Edit, Repair, Report, apply, compose, counts
from zhfix.rules import RULES, Context, Rule
from zhfix.script import evidence

__all__ = ["Fixer", "convert", "convert_many", "decode", "detect", "explain", "fix"]


def fix(text: str, to: str = "auto", **options: Any) -> str:
    """`text` repaired and written in the script `to`; the same object when there is nothing to do.

    >>> fix("廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會")
    '廣州市番禺區召開高質量發展大會'
    >>> fix("廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會", to="hans")
    '广州市番禺区召开高质量发展大会'

    Args:
        to: `auto` (the script most of the text is in), `hans`, `hant`, `hant-tw`, `hant-hk`, or
        `keep` (repair only).
        **options: see `Options`.

    Raises: OptionError for an unknown option or value; TypeError for anything but `str`.
    """
    return Fixer(to, **options).fix(text)


def explain(text: str, to: str = "auto", **options: Any) -> Repair:
    """What `fix` does to `text`, with every edit and every hint explained.

    >>> repair = explain("廣州市番禺區(qū)召開大會")
    >>> [(e.start, e.end, e.before, e.after, e.rule) for e in repair.edits]
    [(6, 10, '(qū)', '', 'gloss')]
    """
    return Fixer(to, **options).explain(text)


def detect(text: str) -> Report:
    """Which script `text` is in, and what damage it shows; changes nothing.

    >>> detect("头发").verdict, detect("頭髮").verdict, detect("头髮").verdict, detect("OK").verdict
    ('hans', 'hant', 'mixed', 'none')
    >>> detect("高質(zhì)量發(fā)展").damage
    {'gloss': 2}
    """
    need_str(text, "detect")
    return _detector().explain(text).report


@cache
def _detector() -> Fixer:
    return Fixer("keep")


class Fixer:
    """A repair configured once: `fix`, `explain`, `fix_many`, `fix_lines` and `decode` with these
    options.

    Immutable, so it pickles, copies, compares, and threads may share it.

    >>> fixer = Fixer("hans", skip=["quote"])
    >>> fixer.fix("發(fā)展"), Fixer.from_dict(fixer.as_dict()) == fixer
    ('发展', True)
    """

    __slots__ = ("options",)
    options: Options

    def __init__(self, to: str = "auto", **options: Any) -> None:
        object.__setattr__(self, "options", Options.of(to, **options))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Fixer does not change: make a new one to set {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Fixer does not change: {name} stays")

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], Fixer], tuple[dict[str, Any]]]:
        return Fixer.from_dict, (self.as_dict(),)

    def __eq__(self, other: object) -> bool:
        return self.options == other.options if isinstance(other, Fixer) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.options)

    def __repr__(self) -> str:
        given = ", ".join(f"{key}={value!r}" for key, value in self.as_dict().items())
        return f"Fixer({given})"

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Fixer:
        """A Fixer from a mapping of options, as `as_dict` gives it or a configuration file holds
        it.
        """
        return cls(**{key.replace("-", "_"): value for key, value in values.items()})

    def as_dict(self) -> dict[str, Any]:
        """The options that differ from the defaults, as plain types."""
        return self.options.as_dict()

    def fix(self, text: str) -> str:
        """`text` repaired; the same object when there is nothing to do."""
        need_str(text, "fix")
        if len(text) <= BLOCK:
            return self._repair(text)[0]
        out = [self._repair(block)[0] for block in blocks(text)]
        fixed = "".join(out)
        return text if fixed == text else fixed

    def explain(self, text: str) -> Repair:
        """The repair of `text` with its edits, hints and report."""
        need_str(text, "explain")
        edits: list[Edit] = []
        hints: list[Edit] = []
        out: list[str] = []
        at = 0
        for block in blocks(text):
            fixed, made, left = self._repair(block)
            edits += (_moved(edit, at) for edit in made) if at else made
            hints += (_moved(hint, at) for hint in left) if at else left
            out.append(fixed)
            at += len(block)
        result = "".join(out) if edits else text
        found = [edit for edit in (*edits, *hints) if edit.rule in RULES and edit.sure >= 0.5]
        return Repair(text, result, tuple(edits), tuple(hints), _report(text, found))

    def fix_many(self, texts: Iterable[str | None]) -> list[str | None]:
        """Each of `texts` repaired on its own, in order; None stays None."""
        return [None if text is None else self.fix(text) for text in texts]

    def fix_lines(self, lines_: Iterable[str]) -> Iterator[str]:
        """The repaired lines of a stream, in order; evidence is gathered over blocks of lines,
        memory stays bounded.

        Lines keep their line ends; the result, joined, is what `fix` makes of the joined input.
        """
        for block in gathered(_checked(lines_)):
            yield from lines(self.fix(block))

    def decode(self, data: bytes, *, hint: str | None = None) -> Decoded:
        """`zhfix.decode`, then the text repaired."""
        decoded = decode(data, hint=hint)
        return decoded._replace(text=self.fix(decoded.text))

    def _repair(self, text: str) -> _Round:
        """The repaired block, its edits and its hints (both in offsets of `text`)."""
        options = self.options
        edits: list[Edit] = []
        hints: list[Edit] = []
        proven: set[str] = set()
        current = text
        for stage in _stages(options):
            active = [rule for rule in stage if rule.is_triggered(current)]
            if not active:
                continue
            protected = _protected(current, text, edits, options)
            proposed = [
                edit
                for rule in active
                for edit in rule.propose(current, Context(current, protected, rule.name, proven))
            ]
            made, unsure = _settled(proposed, options.sure, protected)
            hints += _to_source(unsure, edits)
            current, edits = _round(text, current, edits, made)
        current, edits, more = self._write(text, current, edits, "one-to-one" in proven)
        return current, edits, sorted(hints + more)

    def _write(self, text: str, current: str, edits: list[Edit], one_to_one: bool) -> _Round:
        """The last round: user words, then the target script, then its quotation marks."""
        options = self.options
        hints: list[Edit] = []
        for kind, make in (("word", _words), ("script", _script), ("punctuation", _punctuation)):
            if kind == "word" and not options.user_words:
                continue
            if kind != "word" and options.to == "keep":
                continue
            if kind == "punctuation" and options.punctuation == "keep":
                continue
            protected = _protected(current, text, edits, options)
            proposed = make(current, options, protected, one_to_one)
            made, unsure = _settled(proposed, options.sure, protected)
            hints += _to_source(unsure, edits)
            current, edits = _round(text, current, edits, made)
        return current, edits, hints


_Round = tuple[str, list[Edit], list[Edit]]


def _checked(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        need_str(part, "fix_lines")
        yield part


@cache
def _stages(options: Options) -> tuple[tuple[Rule, ...], ...]:
    """The rules to run, those of one stage together."""
    active = [
        rule
        for rule in sorted(RULES.values(), key=lambda rule: rule.stage)
        if (rule.name in options.rules if options.rules else rule.is_on)
        and rule.name not in options.skip
    ]
    stages = sorted({rule.stage for rule in active})
    return tuple(tuple(rule for rule in active if rule.stage == stage) for stage in stages)


def _protected(current: str, text: str, edits: Sequence[Edit], options: Options) -> list[Span]:
    """Protected spans of the text as it stands now; the caller's spans are offsets of the input and
    move along.
    """
    named = [
        item
        if isinstance(item, str)
        else (_to_current(item[0], edits), _to_current(item[1], edits))
        for item in options.protect
    ]
    return protected_spans(current, named)


def _to_current(at: int, edits: Sequence[Edit]) -> int:
    shift = 0
    for edit in edits:
        if edit.end > at:
            break
        shift += len(edit.after) - (edit.end - edit.start)
    return at + shift


def _to_source(hints: Iterable[Edit], edits: Sequence[Edit]) -> Iterator[Edit]:
    """Hints on the text as it stands, moved to offsets of the input."""
    for hint in hints:
        shift = 0
        for edit in edits:
            if edit.start + shift >= hint.end:
                break
            if edit.start + shift + len(edit.after) <= hint.start:
                shift += len(edit.after) - (edit.end - edit.start)
        yield _moved(hint, -shift)


def _moved(edit: Edit, by: int) -> Edit:
    return edit._replace(start=edit.start + by, end=edit.end + by)


def _settled(
    proposed: Iterable[Edit], floor: float, protected: Sequence[Span]
) -> tuple[list[Edit], list[Edit]]:
    """Edits sure enough to be made, without overlaps (the earlier one wins), and the hints; both
    sorted.
    """
    made: list[Edit] = []
    unsure: list[Edit] = []
    for edit in sorted(proposed, key=lambda edit: (edit.start, -edit.sure)):
        if edit.sure < floor or overlaps(edit.start, edit.end, protected):
            unsure.append(edit)
        elif not made or edit.start >= made[-1].end:
            made.append(edit)
    return made, unsure


def _round(text: str, current: str, edits: list[Edit], made: list[Edit]) -> tuple[str, list[Edit]]:
    """The text and all edits so far after one more round of edits."""
    if not made:
        return current, edits
    return apply(current, made), compose(text, edits, current, made)


def _words(
    current: str, options: Options, protected: Sequence[Span], one_to_one: bool
) -> Iterator[Edit]:
    known = dict(options.user_words)
    for start, end in _word_spans(current, options):
        word = current[start:end]
        if known.get(word, word) != word:
            yield Edit(start, end, word, known[word], "word", 1.0, "your own word")


def _word_spans(current: str, options: Options) -> Iterator[Span]:
    """Where user words and their results stand, longest first, so that a result is not changed
    again.
    """
    import re  # loaded by the rules already; named here since only user words need it

    words = {word for pair in options.user_words for word in pair if word}
    pattern = "|".join(
        re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))
    )
    return (match.span() for match in re.finditer(pattern, current))


def _script(
    current: str, options: Options, protected: Sequence[Span], one_to_one: bool
) -> Iterator[Edit]:
    if options.user_words:
        protected = protected_spans(current, [*protected, *_word_spans(current, options)])
    if options.engine == "default":
        pieces = target_pieces(
            current,
            options.to,
            one_to_one=one_to_one,
            vocabulary=options.vocabulary,
            protected=protected,
        )
    else:
        pieces = engine_pieces(
            current, options.to, options.engine, vocabulary=options.vocabulary, protected=protected
        )
    for piece in pieces:
        yield Edit(
            piece.start,
            piece.end,
            current[piece.start : piece.end],
            piece.after,
            "script",
            piece.sure,
            piece.why,
        )


def _punctuation(
    current: str, options: Options, protected: Sequence[Span], one_to_one: bool
) -> Iterator[Edit]:
    to = evidence(current).majority if options.to == "auto" else options.to
    if to != "shared":
        for start, end, after in quotation_pieces(current, to):
            why = "quotation mark of the target script"
            yield Edit(start, end, current[start:end], after, "punctuation", 1.0, why)


def _report(text: str, found: Sequence[Edit]) -> Report:
    """The verdict on `text`, Japanese and other protected spans left out, with the damage found."""
    spans = protected_spans(text)
    seen = evidence("".join(text[a:b] for a, b in free_spans(len(text), spans)) if spans else text)
    marked = seen.n_hans + seen.n_hant
    share = min(seen.n_hans, seen.n_hant) / marked if marked else 0.0
    return Report(
        seen.verdict,
        seen.n_hans,
        seen.n_hant,
        seen.n_shared,
        round(share, 4),
        seen.confidence,
        counts(found),
    )
