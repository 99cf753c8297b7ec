"""The parts of the page as HTML: the counts with the filter, the files, the passages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from zhfix.page.marks import attribute, clipped, shown
from zhfix.page.passages import Note, Passage, Spot
from zhfix.page.words import LANGUAGES, counted, kind, kind_name, kind_what, reason, say
from zhfix.report import Edit
from zhfix.tables import load_bytes

__all__ = ["filters", "language_switch", "passage_html", "style"]

_ROWS = 40  # reasons listed for a passage
_PAIRS = 16  # changes listed for a reason
_OPEN = 3  # reasons that are shown without a click
_TICKS = ("checked", "not(:checked)")
# what a mark looks like whose kind is not ticked: like the text around it
_PLAIN = "background:none;box-shadow:none;text-decoration:none;padding:0;margin:0"
_TITLE = {"en": "English", "zh": "中文"}

Counts = Mapping[str, Sequence[int]]  # edits and hints of each rule


def passage_html(
    passage: Passage, text: str, index: Mapping[str, int], langs: Sequence[str]
) -> str:
    """One passage: where it is, the text before and after, the reasons; `index` numbers the kinds,
    `langs` are the languages of the two texts.
    """
    where = say("line", n=f"{passage.line:,}")
    if passage.column > 1:
        where += say("column", n=f"{passage.column:,}")
    before, after = _sides(passage, text, index)
    notes = [note for spot in passage.spots for note in spot.notes]
    seen = {f"{'e' if note.is_made else 'h'}{index[note.edit.rule]}" for note in notes}
    n_made, n_hints = (
        sum(note.n for note in notes if note.is_made is made) for made in (True, False)
    )
    heads = [counted("changes", n_made)] * bool(n_made)
    heads += [counted("hints", n_hints)] * bool(n_hints)
    rows = _reasons(notes, index)
    is_open = " open" if len(rows) <= _OPEN else ""
    return (
        f'<article class="p {" ".join(sorted(seen))}"><div class="sides">'
        f'<div class="side"><p class="which">{where} · {say("before")}</p>'
        f'<div class="text" lang="{langs[0]}">{before}</div></div>'
        f'<div class="side"><p class="which">{say("after")}</p>'
        f'<div class="text" lang="{langs[1]}">{after}</div></div></div>'
        f"<details{is_open}><summary>{' · '.join(heads)}</summary>"
        f'<ul class="whys">{"".join(rows)}</ul></details></article>\n'
    )


def _sides(passage: Passage, text: str, index: Mapping[str, int]) -> tuple[str, str]:
    """The two texts, edits and hints marked in both."""
    before: list[str] = []
    after: list[str] = []
    done = passage.start
    for spot in passage.spots:
        edit = spot.edit
        same = shown(text[done : edit.start])
        done = max(done, edit.end)
        name = f"k{index[edit.rule]}"
        if spot.is_made:  # hints on the same characters
            below = {index[note.edit.rule] for note in spot.notes if not note.is_made}
            name += "".join(f" q q{i}" for i in sorted(below))
        mark = f'class="{name}" title="{_title(spot)}"'
        if spot.is_made:
            before += (same, _deleted(edit, mark))
            after += (same, f"<ins {mark}>{clipped(edit.after)}</ins>")
        else:
            marked = f"<mark {mark}>{clipped(edit.before)}</mark>"
            before += (same, marked)
            after += (same, marked)
    rest = shown(text[done : passage.end])
    more = '<i class="c">…</i>'
    head, tail = (more if is_cut else "" for is_cut in passage.is_cut)
    return head + "".join(before) + rest + tail, head + "".join(after) + rest + tail


def _deleted(edit: Edit, mark: str) -> str:
    """What an edit takes away: struck out where nothing takes its place."""
    if not edit.before:
        return ""
    shape = "" if edit.after else "<s>"
    return f"<del {mark}>{shape}{clipped(edit.before)}{shape.replace('<', '</')}</del>"


def _title(spot: Spot) -> str:
    return attribute("; ".join(f"{note.edit.rule}: {note.edit.why}" for note in spot.notes[:3]))


def _reasons(notes: Iterable[Note], index: Mapping[str, int]) -> list[str]:
    """A row for each reason with the changes made for it."""
    groups: dict[tuple[bool, str, str], list[Note]] = {}
    for note in notes:
        key = (not note.is_made, note.edit.rule, note.edit.why)
        groups.setdefault(key, []).append(note)
    rows = [
        f'<li class="{"h" if is_hint else "e"}{index[rule]}">'
        f'<span class="kind k{index[rule]}">{kind_name(rule)}</span> '
        f'<span class="what">{_pairs(group, index[rule])}</span> '
        f'<span class="why">{reason(why)}</span> <span class="sure">{_sure(group)}</span></li>'
        for (is_hint, rule, why), group in list(groups.items())[:_ROWS]
    ]
    left = sum(note.n for group in list(groups.values())[_ROWS:] for note in group)
    return rows + ([f'<li class="more">{say("left", n=f"{left:,}")}</li>'] if left else [])


def _sure(group: Sequence[Note]) -> str:
    sure = min(note.edit.sure for note in group)
    # 0.996 is not certain
    return say("sure", n=100 if sure == 1 else min(99, round(100 * sure)))


def _pairs(group: Sequence[Note], index: int) -> str:
    """What was changed into what, each pair once."""
    pairs: dict[tuple[str, str], list[Note]] = {}
    for note in group:
        pairs.setdefault((note.edit.before, note.edit.after), []).append(note)
    out = [
        _pair(same[0].edit, same[0].is_made, index) + (f" ×{len(same)}" if len(same) > 1 else "")
        for same in list(pairs.values())[:_PAIRS]
    ]
    left = sum(note.n for same in list(pairs.values())[_PAIRS:] for note in same)
    return ", ".join(out) + (", " + say("left.all", n=f"{left:,}") if left else "")


def _pair(edit: Edit, is_made: bool, index: int) -> str:
    after = clipped(edit.after) or "∅"
    if is_made:
        mark = f'class="k{index}"'
        old = _deleted(edit, mark) or "∅"
        return f"{old} → " + (f"<ins {mark}>{after}</ins>" if edit.after else after)
    old = f"<mark>{clipped(edit.before)}</mark>" if edit.before else "∅"
    return old if edit.after == edit.before else f"{old} → {after} ?"


def filters(counts: Counts, index: Mapping[str, int]) -> str:
    """The counts per kind as a chart whose rows are ticked, and so are edits and hints."""
    most = max((sum(pair) for pair in counts.values()), default=1)
    rows = []
    for rule, (n_edits, n_hints) in sorted(counts.items(), key=lambda item: -sum(item[1])):
        i = index[rule]
        parts = [counted("changes", n_edits)] * bool(n_edits)
        parts += [counted("hints", n_hints)] * bool(n_hints)
        bars = "".join(
            f'<i class="{name}" style="width:{100 * n / most:.2f}%"></i>'
            for name, n in ((f"bar k{i}", n_edits), ("bar hint", n_hints))
            if n
        )
        rows.append(
            f'<li><label><input type="checkbox" value="k{i}" checked> '
            f'<b class="kind k{i}">{kind_name(rule)}</b> '
            f'<span class="n">{" · ".join(parts)}</span></label>'
            f'<span class="bars" aria-hidden="true">{bars}</span>'
            f'<span class="about">{kind_what(rule)}</span></li>'
        )
    n_edits, n_hints = (sum(pair[i] for pair in counts.values()) for i in (0, 1))
    ticks = "".join(
        f'<label><input type="checkbox" value="{value}" checked> {say(value)} '
        f'<span class="n">{n:,}</span></label>'
        for value, n in (("changes", n_edits), ("hints", n_hints))
    )
    return (
        f'<form class="filter" method="dialog"><fieldset><legend>{say("kinds")}</legend>'
        f'<ul class="kinds">{"".join(rows)}</ul></fieldset>'
        f'<fieldset class="ticks"><legend>{say("filter")}</legend>{ticks}'
        f'<button type="reset">{say("reset")}</button></fieldset></form>'
    )


def language_switch(first: str) -> str:
    """The choice of language; `first` is ticked."""
    choices = "".join(
        f'<label lang="{"zh-Hans" if name == "zh" else name}"><input type="radio" name="language" '
        f'value="{name}"{" checked" * (name == first)}> {_TITLE[name]}</label>'
        for name in LANGUAGES
    )
    return (
        f'<form class="language" method="dialog"><fieldset><legend>{say("language")}</legend>'
        f"{choices}</fieldset></form>"
    )


def style(index: Mapping[str, int]) -> str:
    """The style sheet, with a colour and a filter for each kind."""
    rules = [_sheet(), ".zhfix .p{display:none}"]
    for rule, i in index.items():
        ticked, unticked = (f".zhfix:has([value=k{i}]:{is_on})" for is_on in _TICKS)
        rules += [
            f".zhfix .k{i}{{--hue:{kind(rule).hue}}}",
            f"{ticked}:has([value=changes]:checked) .p.e{i}{{display:block}}",
            f"{ticked}:has([value=hints]:checked) .p.h{i}{{display:block}}",
            f"{unticked} :is(.whys .e{i},.whys .h{i}){{display:none}}",
            f"{unticked} .text :is(.k{i},.k{i} s){{{_PLAIN}}}",
            f"{unticked} .q{i}{{outline:none}}",
        ]
    for value, marks, row in (("changes", "del,del s,ins", "e"), ("hints", "mark", "h")):
        unticked = f".zhfix:has([value={value}]:not(:checked))"
        rules += [
            f"{unticked} .text :is({marks}){{{_PLAIN}}}",
            f"{unticked} .whys li[class^={row}]{{display:none}}",
        ]
    rules.append(".zhfix:has([value=hints]:not(:checked)) .q{outline:none}")
    return "\n".join(rules)


@cache
def _sheet() -> str:
    return load_bytes("page/page.css").decode("utf-8")
