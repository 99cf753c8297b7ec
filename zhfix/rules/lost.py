"""What no rule can restore: characters that a decoder threw away. Reported, never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhfix.report import Edit
from zhfix.rules.registry import Context, Stage, rule
from zhfix.script import HAN_CLASS

__all__ = ["lost"]

_LOST = re.compile(
    "(?P<replaced>\ufffd+)"
    "|(?P<twice>(?:锟斤拷|錕斤拷)+锟?)"
    "|(?P<memory>[烫燙]{3,}|屯{3,})"
    rf"|(?<=[{HAN_CLASS}，。、：；])(?P<marks>\?{{2,}})(?=[{HAN_CLASS}，。、：；])"
)
_WHY = {
    "replaced": "U+FFFD stands for bytes that a decoder dropped",
    "twice": "U+FFFD written as UTF-8 and read as GBK: the characters before it are gone",
    "memory": "unset memory read as GBK: there never was a text",
    "marks": "question marks stand for characters that an encoding did not have",
}
_SURE = {"replaced": 0.75, "twice": 0.75, "memory": 0.6, "marks": 0.5}


@rule(
    "lost",
    stage=Stage.WORD,
    sure=0.75,
    since="0.2",
    triggers=("\ufffd", "斤拷", "烫烫烫", "燙燙燙", "屯屯屯", "??"),
    fixes=[],
    leaves=[
        "中\ufffd\ufffd文",
        "锟斤拷锟斤拷",
        "烫烫烫烫烫烫",
        "中???文",
        "你说什么??",
        "很烫，屯兵，十斤拷问",
    ],
)
def lost(text: str, ctx: Context) -> Iterator[Edit]:
    """Characters that were lost for good: reported as hints, never changed."""
    for match in _LOST.finditer(text):
        kind = match.lastgroup or "replaced"
        yield ctx.edit(*match.span(), match.group(), _SURE[kind], _WHY[kind])
