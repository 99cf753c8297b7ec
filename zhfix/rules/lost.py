"""What no rule can restore: characters that a decoder threw away. Reported, never changed.

锟斤拷 and the like are reported by the rule mojibake, which knows how they came about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zhfix.pattern import pattern
from zhfix.report import Edit
from zhfix.rules.registry import Context, Stage, Wake, rule
from zhfix.script import HAN_CLASS
from zhfix.shapes import Shape, found_at

__all__ = ["lost"]

_LOST = pattern(
    "(?P<replaced>\ufffd+)"
    rf"|(?<=[{HAN_CLASS}，。、：；])(?P<marks>\?{{2,}})(?=[{HAN_CLASS}，。、：；])"
)
_SHAPES = Shape("\ufffd"), Shape("?", behind="?")
_WHY = {
    "replaced": "U+FFFD stands for bytes that a decoder dropped",
    "marks": "question marks stand for characters that an encoding did not have",
}
_SURE = {"replaced": 0.75, "marks": 0.5}


def _is_real(text: str, places: Sequence[int]) -> bool:
    return any(_LOST.match(text, at) for at in places)


@rule(
    "lost",
    stage=Stage.WORD,
    sure=0.75,
    since="0.2",
    triggers=("\ufffd", "??"),
    wakes=lambda _: [Wake(shape, _is_real) for shape in _SHAPES],
    fixes=[],
    leaves=[
        "中\ufffd\ufffd文",
        "中???文",
        "你说什么??",
        "真的吗??",
    ],
)
def lost(text: str, ctx: Context) -> Iterator[Edit]:
    """Characters that were lost for good: reported as hints, never changed."""
    for match in found_at(_LOST, text, *_SHAPES):
        kind = match.lastgroup or "replaced"
        yield ctx.edit(*match.span(), match.group(), _SURE[kind], _WHY[kind])
