"""Writing a text in a script without touching what already stands in it: which lines to convert,
and which characters.

A line of the other script is converted as a whole. In a line that is in the target script already,
only characters that stand in the other script alone are replaced; 后 in a Traditional line may be
an empress, and stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from zhfix.convert.chain import Piece
from zhfix.convert.engine import can_use_arrays, chain_for, engine_for
from zhfix.convert.one_to_one import is_mapped, unmapped
from zhfix.convert.routes import config_for
from zhfix.convert.writer import reasons, to_hans, to_hant
from zhfix.protect import Span, free_spans
from zhfix.script import characters, evidence, majority, marks
from zhfix.tables import load_map, load_rows

__all__ = [
    "Change",
    "differences",
    "engine_pieces",
    "has_forms",
    "is_foreign",
    "line_plan",
    "marked_bits",
    "regional_forms",
    "target_pieces",
    "target_text",
    "text_lines",
    "written",
]

_ASKED = 0.95  # sure: the caller named the script
_SAMPLE = 400  # characters that mostly show already that there is something to do
_LONG = 50_000  # characters from which arrays tell lines apart


class Change(NamedTuple):
    """One change of script: `start`..`end` of the text becomes `after`; `sure` and `why` as in an
    edit.
    """

    start: int
    end: int
    after: str
    sure: float
    why: str


@cache
def _marked(script: str, region: str = "") -> frozenset[str]:
    rewritten = regional_forms(region) if region else {}
    return frozenset(
        char for char, mark in marks().items() if mark == script and ord(char) not in rewritten
    )


@cache
def regional_forms(to: str) -> dict[int, str]:
    """What the region `to` writes in place of characters that tell a script; a line is judged by
    it, so that it is judged alike before and after: Hong Kong's 税 tells nothing, so 稅 must not.
    """
    name = {"hant-tw": "TWVariants", "hant-hk": "HKVariants"}.get(to)
    if name is None:
        return {}
    forms = {old: new for old, new in load_map(name).items() if len(old) == len(new) == 1}
    for old, new in load_map(f"{name}Phrases").items():
        if len(old) == len(new):
            forms = dict(zip(old, new, strict=True)) | forms
    return {ord(old): new for old, new in forms.items() if old != new and old in marks()}


def is_foreign(text: str, to: str) -> bool:
    """Whether `text` holds a character that stands only in the script that `to` is not. Cost: one
    set test.
    """
    return not _marked("hant" if to == "hans" else "hans").isdisjoint(characters(text))


@cache
def _traditional() -> frozenset[str]:
    folded = {char for char, hans in load_map("TSCharacters").items() if hans != char}
    forms = {row[0] for row in load_rows("forms") if row[1] == "T"}
    both = {row[0] for row in load_rows("forms") if row[1] == "S"}
    # the first level of GB 2312 is what Simplified text uses every day, 像 and 么 for two
    daily = {char for char in forms if b"\xb0" <= char.encode("gb2312", "ignore") < b"\xd8"}
    return (_marked("hant") | folded | forms) - both - daily


def has_forms(text: str, to: str) -> bool:
    """Whether Traditional forms stand in a `text` that has to be written in Traditional: beside
    what was written they may turn out to be wrong (祇能够, 祇能夠). Cost: a set test.
    """
    return to.startswith("hant") and not _traditional().isdisjoint(characters(text))


class _Plan(NamedTuple):
    """What to do with the lines of a text: the action of each, and how to carry it out."""

    to: str
    one_to_one: bool
    vocabulary: bool
    majority: str  # of the whole text
    untold: str = ""  # what a text is taken for that tells no script: hans, or nothing

    def action(self, line: str, bits: int) -> str:
        """`convert`, `refold`, `keep` (strays and regional forms), or nothing to do."""
        if self.to == "auto":
            return self._auto_action(line)
        has_hans, has_hant = bool(bits & 1), bool(bits & 2)
        if has_hans != has_hant:
            script = "hans" if has_hans else "hant"
        else:  # no bit at all: nothing to weigh
            here = majority(line.translate(regional_forms(self.to))) if bits else "shared"
            script = here if here != "shared" else self.majority
        if self.to == "hans":
            return "convert" if script == "hant" else "keep" if has_hant else ""
        if "hans" in (script, self.untold if script == "shared" else ""):
            return "convert"
        if self.one_to_one:
            return "refold"
        return "keep" if has_hans or self.to != "hant" else ""

    def _auto_action(self, line: str) -> str:
        if self.one_to_one and evidence(line).majority != "hans" and self.majority == "hant":
            return "refold"
        return ""


def target_pieces(
    text: str,
    to: str,
    *,
    one_to_one: bool = False,
    vocabulary: str = "keep",
    protected: Sequence[Span] = (),
) -> Iterator[Change]:
    """What has to change so that `text` stands in `to`, in offsets of `text`; `to` may be `auto`.

    `auto` leaves lines as they are, but for a page that is `one_to_one`: its Traditional was made
    character by character, so it is read as the Simplified text behind it.
    """
    for start, end, action, plan in _runs(text, to, one_to_one, vocabulary, protected):
        part = text[start:end]
        for change in _ACTIONS[action](part, plan):
            yield Change(start + change.start, start + change.end, *change[2:])


def target_text(
    text: str,
    to: str,
    *,
    one_to_one: bool = False,
    vocabulary: str = "keep",
    protected: Sequence[Span] = (),
    sure: float = 0.0,
    untold: str = "",
) -> str:
    """`text` with all that `target_pieces` names changed, as far as it is `sure` enough.

    `untold` is the script of a text that tells none: with hans, 手表 is 手錶 in hant, and what is
    sound Traditional as well (皇后, 公里) comes out as it is. The same object when nothing changes.
    Much faster than to make the pieces and apply them.
    """
    out: list[str] = []
    done = 0
    for start, end, action, plan in _runs(text, to, one_to_one, vocabulary, protected, untold):
        out += (text[done:start], written(text[start:end], action, plan, sure))
        done = end
    out.append(text[done:])
    fixed = "".join(out)
    return text if fixed == text else fixed


def _runs(
    text: str,
    to: str,
    one_to_one: bool,
    vocabulary: str,
    protected: Sequence[Span],
    untold: str = "",
) -> Iterator[tuple[int, int, str, _Plan]]:
    """Neighbouring lines with the same thing to do, where there is something to do."""
    if text.isascii():
        return
    if to == "auto" and not one_to_one:
        return
    if to != "auto" and not one_to_one and not protected and text.find("\n", 0, -1) < 0:
        plan = line_plan(to, vocabulary, untold)
        if action := plan.action(text, marked_bits(text, to)):
            yield 0, len(text), action, plan
        return
    is_foreign_text = to == "auto" or is_foreign(text[:_SAMPLE], to) or is_foreign(text, to)
    is_plain = to in ("hans", "hant") and vocabulary == "keep" and not one_to_one
    if is_plain and not is_foreign_text and not _is_doubtful(text, to, untold):
        return
    lines = _marked_lines(text, protected, to)
    plan = _Plan(to, one_to_one, vocabulary == "region", _majority(text, lines, to), untold)
    before = 0, 0, ""
    for start, end, bits in lines:
        action = plan.action(text[start:end], bits)
        if action == before[2] and start == before[1]:
            before = before[0], end, action
            continue
        if before[2]:
            yield *before, plan
        before = start, end, action
    if before[2]:
        yield *before, plan


def _is_doubtful(text: str, to: str, untold: str) -> bool:
    """Whether text without a mark of the other script may be in it all the same: 皇后的面前."""
    seen = evidence(text)
    if seen.majority == "shared" and untold not in ("", to):
        return True
    return seen.majority not in (to, "shared") or bool(seen.hant if to == "hans" else seen.hans)


def _majority(text: str, lines: Sequence[tuple[int, int, int]], to: str) -> str:
    """The script of most of the text, for lines that do not tell theirs.

    Counted in lines whose characters tell one script; where there is none, by the evidence in all.
    """
    hans = sum(end - start for start, end, bits in lines if bits == 1)
    hant = sum(end - start for start, end, bits in lines if bits == 2)
    if hans != hant:
        return "hans" if hans > hant else "hant"
    weighed = "".join(text[start:end] for start, end, _ in lines)
    return evidence(weighed.translate(regional_forms(to))).majority


def _marked_lines(text: str, protected: Sequence[Span], to: str) -> list[tuple[int, int, int]]:
    """Lines, or runs of lines alike, outside of protected spans: 1 is for characters of hans alone,
    2 for hant, 4 if others are to be weighed.
    """
    if len(text) >= _LONG and can_use_arrays(len(text)):
        from zhfix.convert.lines_bulk import line_runs  # numpy, for long text

        if (runs := line_runs(text, to, protected)) is not None:
            return runs
    return [
        (a, b, marked_bits(text[a:b], to))
        for start, end in free_spans(len(text), protected)
        for a, b in text_lines(text, start, end)
    ]


def marked_bits(line: str, to: str = "") -> int:
    """What the characters of a line tell, as `_marked_lines` has it; `to` is the target."""
    has_hant = not _marked("hant", to).isdisjoint(characters(line))
    return is_foreign(line, "hant") + 2 * has_hant or 4


def line_plan(to: str, vocabulary: str, untold: str = "") -> _Plan:
    """What to do with a line that stands alone."""
    return _Plan(to, False, vocabulary == "region", "shared", untold)


def text_lines(text: str, start: int, end: int) -> Iterator[Span]:
    """The lines of a span with their line ends."""
    while start < end:
        stop = text.find("\n", start, end) + 1 or end
        yield start, stop
        start = stop


def written(part: str, action: str, plan: _Plan, sure: float = 0.0) -> str:
    """The lines of `part`, which have one action, after it."""
    if sure > _ASKED:
        return part
    if action == "refold":
        return _refolded(part, plan)
    if action == "keep":
        return _kept(part, plan.to)
    if plan.to == "hans":
        if plan.one_to_one and not plan.vocabulary:
            return unmapped(part, to_hans(part))
        return to_hans(part, vocabulary="hant" if plan.vocabulary else "")
    out = to_hant(part, plan.to, vocabulary=plan.vocabulary)
    # the streets of Hong Kong keep a form of their own, which the region's table knows as they
    # come out: 天文台道 is 天文臺道
    return _in_region(out, plan.to) if plan.to == "hant-hk" else out


def _convert(part: str, plan: _Plan) -> Iterator[Change]:
    out = written(part, "convert", plan)
    chosen = reasons(part, plan.to)
    why = f"written in {plan.to}"
    for start, end, after in differences(part, out):
        spoken = chosen.get(start)
        yield Change(start, end, after, _ASKED, f"{why}: {spoken}" if spoken else why)


def _refold(part: str, plan: _Plan) -> Iterator[Change]:
    for start, end, after in differences(part, _refolded(part, plan)):
        yield Change(start, end, after, _ASKED, "the page was converted character by character")


def _refolded(part: str, plan: _Plan) -> str:
    """A one-to-one line read as the Simplified text behind it and converted properly.

    A Traditional form that the map does not write gives way to a phrase or to the learned choice
    only: where the dictionary falls back to its first form of a character, it knows no better.
    """
    to = "hant" if plan.to == "auto" else plan.to
    folded = unmapped(part, to_hans(part))
    out = to_hant(folded, to, vocabulary=plan.vocabulary)
    if not len(part) == len(out) == len(folded):
        return out
    spans = chain_for("s2t").phrases(folded)
    known = {i for start, end in spans for i in range(start, end)} | reasons(folded, to).keys()
    hant = _marked("hant")
    kept = [
        after if before not in hant or i in known or is_mapped(before, folded[i]) else before
        for i, (before, after) in enumerate(zip(part, out, strict=True))
    ]
    return _in_region("".join(kept), to)


def _keep(part: str, plan: _Plan) -> Iterator[Change]:
    for start, end, after in differences(part, _kept(part, plan.to)):
        yield Change(start, end, after, _ASKED, f"stray in text that is {plan.to} already")


def _kept(part: str, to: str) -> str:
    """A line that is in the target script already: strays, then the forms of the region."""
    if to == "hans":  # 著 and 乾 tell no script: their words decide
        return to_hans(part)
    out = list(part)
    if is_foreign(part, to):
        folded = engine_for("t2s").convert(part)
        made = to_hant(folded, to)
        if len(made) == len(part):
            strays = _marked("hans")
            out = [new if old in strays else old for old, new in zip(part, made, strict=True)]
    return _in_region("".join(out), to)


_ACTIONS: dict[str, Callable[[str, _Plan], Iterator[Change]]] = {
    "convert": _convert,
    "refold": _refold,
    "keep": _keep,
}


def engine_pieces(
    text: str, to: str, engine: str, *, vocabulary: str = "keep", protected: Sequence[Span] = ()
) -> Iterator[Change]:
    """The same by a named engine alone: all of `text` goes through its config for `to`."""
    to = evidence(text).majority if to == "auto" else to
    if to == "shared":
        return
    from zhfix.convert.front import convert  # front stands on this module

    for start, end in free_spans(len(text), protected):
        out = convert(text[start:end], to, vocabulary=vocabulary, engine=engine)
        for a, b, after in differences(text[start:end], out):
            yield Change(start + a, start + b, after, _ASKED, f"written in {to} by {engine}")


def _in_region(line: str, to: str) -> str:
    """Traditional text in the forms of the region `to`; general Traditional takes any."""
    for name in config_for("hant", to) if to.startswith("hant") else ():
        line = engine_for(name).convert(line)
    return line


def differences(before: str, after: str) -> Iterator[Piece]:
    """The changed characters, one by one where the lengths agree, else by common runs."""
    if before == after:
        return
    if len(before) == len(after):
        for i, (old, new) in enumerate(zip(before, after, strict=True)):
            if old != new:
                yield i, i + 1, new
        return
    from difflib import SequenceMatcher  # only where regional vocabulary changed the length

    for start, end in _line_pairs(before, after):
        old, new = before[start[0] : start[1]], after[end[0] : end[1]]
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag != "equal":
                yield start[0] + a, start[0] + b, new[c:d]


def _line_pairs(before: str, after: str) -> Iterator[tuple[Span, Span]]:
    """Lines that correspond; conversion never changes their number."""
    olds, news = text_lines(before, 0, len(before)), text_lines(after, 0, len(after))
    if before.count("\n") != after.count("\n"):
        yield (0, len(before)), (0, len(after))
        return
    yield from zip(olds, news, strict=False)
