"""Chinese written as escapes where text should stand: `&#20013;&#25991;` is 中文."""

from __future__ import annotations

from collections.abc import Iterator

from zhfix.mojibake.escapes import repairs
from zhfix.report import Edit
from zhfix.rules.registry import Context, Stage, rule

__all__ = ["escape"]


@rule(
    "escape",
    stage=Stage.ESCAPE,
    sure=0.96,
    since="0.1",
    triggers=("&", "\\", "%", "=?", "=", "~{", "#U"),
    fixes=[
        ("標題 &#20013;&#25991;", "標題 中文"),
        ("=?gb2312?B?1tDOxA==?=", "中文"),
        ("%E4%B8%AD%E6%96%87.txt", "中文.txt"),
    ],
    leaves=[
        "R&#38;D costs 20%",
        "https://example.com/%E4%B8%AD%E6%96%87",
        'text = "\\u4e2d\\u6587"',
        "a=b, c == d & e",
    ],
)
def escape(text: str, ctx: Context) -> Iterator[Edit]:
    """HTML entities, \\uXXXX, %XX, MIME words, quoted-printable, HZ that hold Chinese, outside
    code.
    """
    for found in repairs(text):
        yield ctx.edit(found.start, found.end, found.after, found.sure, found.why)
