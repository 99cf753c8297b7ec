"""Writing a text in a script without touching what already stands in it: which lines to convert,
and which characters.

A line of the other script is converted as a whole. In a line that is in the target script already,
only characters that stand in the other script alone are replaced; 后 in a Traditional line may be
an empress, and stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

from zhfix.convert.chain import Piece
from zhfix.convert.engine import can_use_arrays, engine_for, phrases_in
from zhfix.convert.joined import each_joined
from zhfix.convert.lines import (
    Plan,
    every_bits,
    has_open,
    is_foreign,
    line_majority,
    marked,
    marked_bits,
    text_lines,
)
from zhfix.convert.one_to_one import is_mapped, unmapped
from zhfix.convert.writer import fused_for, in_region, reasons, to_hans, to_hant
from zhfix.named import NamedTuple
from zhfix.protect import Span, free_spans
from zhfix.script import SPEAKS, evidence, majorities, meets
from zhfix.tables import load_map, load_rows

__all__ = [
    "Change",
    "differences",
    "engine_pieces",
    "has_forms",
    "is_foreign",
    "target_pieces",
    "target_text",
    "text_lines",
    "written",
]

_STRETCH = 64  # characters compared at once: most are the same
_ASKED = 0.95  # sure: the caller named the script
_SAMPLE = 400  # characters that mostly show already that there is something to do
_MANY_BLOCKS = 1 << 17  # characters of a text from which a sample of it is cheaper
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
def _traditional() -> frozenset[str]:
    folded = {char for char, hans in load_map("TSCharacters").items() if hans != char}
    forms = {row[0] for row in load_rows("forms") if row[1] == "T"}
    both = {row[0] for row in load_rows("forms") if row[1] == "S"}
    # the first level of GB 2312 is what Simplified text uses every day, 像 and 么 for two
    daily = {char for char in forms if b"\xb0" <= char.encode("gb2312", "ignore") < b"\xd8"}
    return (marked("hant") | folded | forms) - both - daily


def has_forms(text: str, to: str) -> bool:
    """Whether Traditional forms stand in a `text` that has to be written in Traditional: beside
    what was written they may turn out to be wrong (祇能够, 祇能夠). Cost: a set test.
    """
    return to.startswith("hant") and meets(text, _traditional())


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
    plan = Plan(to, one_to_one, vocabulary == "region", "shared")
    runs = _sight(text, plan, protected)
    if runs is None:
        plan, runs = _lines(text, plan, protected)
    for start, end, action in runs:
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
    plan = Plan(to, one_to_one, vocabulary == "region", "shared", untold)
    runs = _sight(text, plan, protected)
    if runs is None:
        is_plain = not (one_to_one or protected or plan.vocabulary or sure > _ASKED)
        made = _in_one_pass(text, plan._replace(majority="")) if is_plain else None
        if made is not None:
            return made
        plan, runs = _lines(text, plan, protected)
    parts = _written_runs(text, runs, plan, sure)
    out: list[str] = []
    done = 0
    for (start, end, _), part in zip(runs, parts, strict=True):
        out += text[done:start], part
        done = end
    out.append(text[done:])
    fixed = "".join(out)
    return text if fixed == text else fixed


Run = tuple[int, int, str]  # start and end of lines side by side that have one action


def _sight(text: str, plan: Plan, protected: Sequence[Span]) -> list[Run] | None:
    """What is to be done with a text whose lines need not be told apart; None for any other."""
    if text.isascii() or (plan.to == "auto" and not plan.one_to_one):
        return []
    if plan.to == "auto" or plan.one_to_one:
        return None
    if not protected and text.find("\n", 0, -1) < 0:
        action = plan.action(text, marked_bits(text, plan.to))
        return [(0, len(text), action)] if action else []
    if plan.to not in ("hans", "hant") or plan.vocabulary:
        return None
    is_long = len(text) > _MANY_BLOCKS
    if (is_long and is_foreign(text[:_SAMPLE], plan.to)) or is_foreign(text, plan.to):
        return None
    is_open = plan.to == "hans" and has_open(text)
    return None if is_open or _is_doubtful(text, plan, protected) else []


def _in_one_pass(text: str, plan: Plan) -> str | None:
    """The text after the plan; None where that is not for arrays."""
    if plan.to == "auto" or (engine := fused_for(plan.to, len(text))) is None:
        return None
    from zhfix.convert.lined import lined  # numpy, for long text

    return lined(engine, plan.to).convert(text, plan)


def _lines(text: str, plan: Plan, protected: Sequence[Span]) -> tuple[Plan, list[Run]]:
    """The plan for all of the text, and neighbouring lines with the same thing to do, where there
    is something to do.
    """
    lines = _marked_lines(text, protected, plan.to)
    plan = plan._replace(majority=_majority(text, lines, plan.to))
    runs: list[Run] = []
    for start, end, bits in lines:
        action = plan.action(text[start:end], bits)
        if not action:
            continue
        if runs and runs[-1][1:] == (start, action):
            start = runs.pop()[0]
        runs.append((start, end, action))
    return plan, runs


def _written_runs(text: str, runs: Sequence[Run], plan: Plan, sure: float) -> list[str]:
    """The runs after their actions, all of one action at once."""
    parts = [text[start:end] for start, end, _ in runs]
    sorts: dict[tuple[str, bool], list[int]] = {}
    for i, (_, _, action) in enumerate(runs):
        # one with strays does not go with others that have none: it costs more
        is_stray = action == "keep" and is_foreign(parts[i], plan.to)
        sorts.setdefault((action, is_stray), []).append(i)
    for (action, _), which in sorts.items():
        run = partial(written, action=action, plan=plan, sure=sure)
        given = [parts[i] for i in which]
        # what is made of one-to-one lines depends on their neighbours where lengths change
        made = [*map(run, given)] if action == "refold" else each_joined(run, given)
        for i, part in zip(which, made, strict=True):
            parts[i] = part
    return parts


def _is_doubtful(text: str, plan: Plan, protected: Sequence[Span]) -> bool:
    """Whether text without a mark of the other script may be in it all the same: 皇后的面前."""
    seen = evidence(text)
    if seen.majority not in (plan.to, "shared"):
        return True
    if seen.majority == "shared" and plan.untold not in ("", plan.to):
        return True
    weak = seen.hant if plan.to == "hans" else seen.hans
    if protected or len(text) > _MANY_BLOCKS:
        return bool(weak)
    if weak < SPEAKS:  # no line has more
        return False
    other = "hant" if plan.to == "hans" else "hans"
    return other in majorities(text, list(text_lines(text, 0, len(text))))


def _majority(text: str, lines: Sequence[tuple[int, int, int]], to: str) -> str:
    """The script of most of the text, for lines that do not tell theirs.

    Counted in lines whose characters tell one script; where there is none, by the evidence in all.
    """
    hans = sum(end - start for start, end, bits in lines if bits == 1)
    hant = sum(end - start for start, end, bits in lines if bits == 2)
    if hans != hant:
        return "hans" if hans > hant else "hant"
    return line_majority("".join(text[start:end] for start, end, _ in lines), to)


def _marked_lines(text: str, protected: Sequence[Span], to: str) -> list[tuple[int, int, int]]:
    """Lines, or runs of lines alike, outside of protected spans: 1 is for characters of hans alone,
    2 for hant, 4 if others are to be weighed.
    """
    if len(text) >= _LONG and can_use_arrays(len(text)):
        from zhfix.convert.lines_bulk import line_runs  # numpy, for long text

        return line_runs(text, to, protected)
    runs = []
    for start, end in free_spans(len(text), protected):
        lines = text[start:end].split("\n")
        if not lines[-1]:
            lines.pop()
        at, held = start, 0
        for size, bits in zip(map(len, lines), every_bits(lines, to), strict=True):
            if bits != held or bits > 2:
                if held:
                    runs.append((start, at, held))
                start, held = at, bits
            at += size + 1
        runs.append((start, end, held))
    return runs


def written(part: str, action: str, plan: Plan, sure: float = 0.0) -> str:
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
    return in_region(out, plan.to) if plan.to == "hant-hk" else out


def _convert(part: str, plan: Plan) -> Iterator[Change]:
    out = written(part, "convert", plan)
    chosen = reasons(part, plan.to)
    why = f"written in {plan.to}"
    for start, end, after in differences(part, out):
        spoken = chosen.get(start)
        yield Change(start, end, after, _ASKED, f"{why}: {spoken}" if spoken else why)


def _refold(part: str, plan: Plan) -> Iterator[Change]:
    for start, end, after in differences(part, _refolded(part, plan)):
        yield Change(start, end, after, _ASKED, "the page was converted character by character")


def _refolded(part: str, plan: Plan) -> str:
    """A one-to-one line read as the Simplified text behind it and converted properly.

    A Traditional form that the map does not write gives way to a phrase or to the learned choice
    only: where the dictionary falls back to its first form of a character, it knows no better.
    """
    to = "hant" if plan.to == "auto" else plan.to
    folded = unmapped(part, to_hans(part))
    out = to_hant(folded, to, vocabulary=plan.vocabulary)
    if not len(part) == len(out) == len(folded):
        return out
    spans = phrases_in("s2t", folded)
    known = {i for start, end in spans for i in range(start, end)} | reasons(folded, to).keys()
    hant = marked("hant")
    kept = [
        after if before not in hant or i in known or is_mapped(before, folded[i]) else before
        for i, (before, after) in enumerate(zip(part, out, strict=True))
    ]
    return in_region("".join(kept), to)


def _keep(part: str, plan: Plan) -> Iterator[Change]:
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
            strays = marked("hans")
            out = [new if old in strays else old for old, new in zip(part, made, strict=True)]
    return in_region("".join(out), to)


_ACTIONS: dict[str, Callable[[str, Plan], Iterator[Change]]] = {
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


def differences(before: str, after: str) -> Iterator[Piece]:
    """The changed characters, one by one where the lengths agree, else by common runs."""
    if before == after:
        return
    if len(before) == len(after):
        for at in range(0, len(before), _STRETCH):
            olds, news = before[at : at + _STRETCH], after[at : at + _STRETCH]
            if olds != news:
                for i, (old, new) in enumerate(zip(olds, news, strict=True), at):
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
