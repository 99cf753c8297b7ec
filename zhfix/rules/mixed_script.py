"""Characters of the other script: 经濟 in Simplified text, 书 in Traditional text."""

from __future__ import annotations

from collections.abc import Iterator

from zhfix.report import Edit
from zhfix.rules.over_converted import UNASKED, together
from zhfix.rules.registry import Context, Stage, Wake, rule
from zhfix.rules.strays import OTHER, both_among, has_both, strays
from zhfix.rules.telling_lines import traditional
from zhfix.script import marks

__all__ = ["mixed_script"]


@rule(
    "mixed-script",
    stage=Stage.SCRIPT,
    sure=0.85,
    since="0.2",
    trigger=has_both,
    wakes=lambda _: [Wake(traditional())],
    among=both_among,
    fixes=[
        ("这个国家的经濟发展得很快", "这个国家的经济发展得很快"),
        ("我們昨天去圖書館看书，發現那裡關門了。", "我們昨天去圖書館看書，發現那裡關門了。"),
        ("他头髮很长，性格也很随和", "他头发很长，性格也很随和"),
    ],
    leaves=[
        "他在論文裡引用了「关于劳动的论述」這句話，並加以說明。",
        "头发（頭髮）",
        "简体字“发”对应繁体字“發”和“髮”。",
        "國國国",
        "陶喆 陶吉吉 方大同",
    ],
)
def mixed_script(text: str, ctx: Context) -> Iterator[Edit]:
    """A character that stands in the other script only, in a line that is clearly in one. Where a
    line has as much of both, the characters of both are hints.
    """
    end = -1  # of what is made before, with which a character is one word (關於)
    every = strays(text, ctx.place())
    proven = together(text, every) if ctx.to == "auto" else frozenset()
    for stray in every:
        if stray.kind == OTHER and stray.sure < ctx.floor:  # never made: both would change places
            yield ctx.edit(*stray[:3], stray.sure, stray.why)
        if stray.kind == "mixed-script":
            is_plain = ctx.to != "auto" or text[stray.start : stray.end] in marks()
            is_plain = is_plain or stray.start in proven
            sure = stray.sure if is_plain or stray.start == end else min(stray.sure, UNASKED)
            end = stray.end if sure >= ctx.floor else -1
            yield ctx.edit(stray.start, stray.end, stray.after, sure, stray.why)
