"""Wrong forms of the right script, as conversion character by character makes them: 皇後, 頭發."""

from __future__ import annotations

from collections.abc import Iterator

from zhfix.report import Edit
from zhfix.rules.registry import Context, Stage, rule
from zhfix.rules.strays import NEAR, UNASKED, Stray, can_differ, differ_among, strays

__all__ = ["UNASKED", "over_converted"]

_SURE = 0.88  # both of them


@rule(
    "over-converted",
    stage=Stage.SCRIPT,
    sure=0.85,
    since="0.2",
    trigger=can_differ,
    among=differ_among,
    fixes=[
        ("皇後的頭發很長", "皇后的頭髮很長"),
        ("他是村裡的乾部，這是一個裡程碑。", "他是村裡的幹部，這是一個里程碑。"),
        ("走了三公裏，隻有他一個人。", "走了三公里，只有他一個人。"),
        ("經濟髮展得很快", "經濟發展得很快"),
    ],
    leaves=[
        "皇后在宮裡，王后在後面。",
        "乾隆皇帝的乾女兒",
        "瞭解之後，一目瞭然，遠眺瞭望。",
        "范先生和余小姐、于先生、岳飛、沈從文在台上。",
        "書上寫作「皇後」，是錯字。",
    ],
)
def over_converted(text: str, ctx: Context) -> Iterator[Edit]:
    """A Traditional form whose words want another one with the same Simplified form."""
    found = [stray for stray in strays(text, ctx.place()) if stray.kind == "over-converted"]
    for i, stray in enumerate(found):
        sure = stray.sure
        if ctx.to == "auto" and not _is_confirmed(text, found, i):
            # nobody asked for a script: one wrong form may be a habit, its spelling stays
            sure = min(sure, UNASKED)
        yield ctx.edit(stray.start, stray.end, stray.after, sure, stray.why)


def _is_confirmed(text: str, found: list[Stray], i: int) -> bool:
    """Whether another form beside this one is wrong as well: then a machine wrote both."""
    this = found[i]
    return this.sure >= _SURE and any(
        text[other.start : other.end] != text[this.start : this.end]
        and abs(other.start - this.start) > 1  # the two of one word are one reading (宮里麵)
        for step in (-1, 1)
        for other in _beside(found, i, step)
        if other.sure >= _SURE
    )


def _beside(found: list[Stray], i: int, step: int) -> Iterator[Stray]:
    at, i = found[i].start, i + step
    while 0 <= i < len(found) and abs(found[i].start - at) <= NEAR:
        yield found[i]
        i += step
