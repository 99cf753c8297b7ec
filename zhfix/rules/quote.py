"""Closing quotation marks that a page lost to ASCII: “創新城" becomes “創新城”."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from zhfix.pattern import pattern
from zhfix.report import Edit
from zhfix.rules.registry import Context, Stage, Wake, rule
from zhfix.script import HAN
from zhfix.shapes import Shape

__all__ = ["quote"]

_MARKS = pattern('[“”"]')
_MANY = 64  # marks in a text, from which nobody looks what is before each
_INCH = pattern(r"\d$")  # 5" is five inches


def can_be_lost(text: str) -> bool:
    """an opening “ and an ASCII mark."""
    return "“" in text and '"' in text


def _is_real(text: str, places: Sequence[int]) -> bool:
    """Whether a “ stands before an ASCII mark in its line."""
    if "“" not in text:
        return False
    starts = ((text.rfind("\n", 0, at) + 1, at) for at in places)
    return len(places) > _MANY or any(text.rfind("“", *line) >= 0 for line in starts)


@rule(
    "quote",
    stage=Stage.QUOTE,
    sure=0.95,
    since="0.1",
    trigger=can_be_lost,
    wakes=lambda _: [Wake(Shape('"'), _is_real)],
    fixes=[
        ('建設“智造創新城"再造新優勢', "建設“智造創新城”再造新優勢"),
        ('“千億矩陣"初具“雁型"。', "“千億矩陣”初具“雁型”。"),
    ],
    leaves=[
        '他說“你好”，又說"再見"。',
        '“他說"你好"就走了',
        '“屏幕有5"大',
        'He said “hi" and left',
    ],
)
def quote(text: str, ctx: Context) -> Iterator[Edit]:
    """An opening “ whose line has no ” left, closed by an ASCII mark, gets its ” back."""
    end = -1
    while (at := text.find('"', end + 1)) >= 0:  # only lines with an ASCII mark; they are few
        start = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if text.find("“", start, end) < 0:
            continue
        marks = [
            match
            for match in _MARKS.finditer(text, start, end)
            if not ctx.is_protected(*match.span())
        ]
        opening = [i for i, mark in enumerate(marks) if mark.group() == "“"]
        n_straight = 0  # straight marks before this “ that close none
        done = 0
        for i, stop in pairwise([*opening, len(marks)]):
            n_straight += sum(match.group() == '"' for match in marks[done:i])
            done = i + 1
            between = marks[i + 1 : stop]
            straight = [match for match in between if match.group() == '"']
            if not straight or any(match.group() == "”" for match in between):
                continue
            inner = text[marks[i].end() : straight[0].start()]
            sure, why = _judge(inner, len(straight), n_straight)
            n_straight -= len(straight) == 1
            yield ctx.edit(straight[0].start(), straight[0].end(), "”", sure, why)


def _judge(inner: str, n_straight: int, n_before: int) -> tuple[float, str]:
    """How sure the first straight mark closes the “, and why."""
    if n_straight > 1:
        return 0.4, f"one of {n_straight} straight marks may close the “"
    if n_before % 2:
        return 0.4, "it may close the straight mark before the “"
    if not HAN.search(inner):
        return 0.3, "the quotation holds no Chinese"
    if _INCH.search(inner):
        return 0.3, "it may be a sign for inches"
    return 0.95, "the “ before it is closed by an ASCII mark"
