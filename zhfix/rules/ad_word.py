"""Words that advertising text writes otherwise because the law bans superlatives: 蕞 for 最.

Whole sites replace 第一 by 头部 in every word, so 第一季度 became 头部季度; 头部企业 is a real word
and stays. The words are kept by hand with their reasons: nothing here is guessed from context.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from zhfix.report import Edit
from zhfix.rules.registry import Context, Stage, rule
from zhfix.tables import load_rows

__all__ = ["ad_word"]

_SURE = 0.9


@cache
def _words() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """A pattern for every word of the table, longest first, and what each means."""
    found = {
        key.replace("[", "").replace("]", ""): (to, why)
        for key, to, why in load_rows("hand/ad-words")
    }
    ordered = sorted(found, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, ordered))), found


@rule(
    "ad-word",
    stage=Stage.WORD,
    sure=0.9,
    since="0.2",
    triggers=("蕞", "头部", "頭部", "Z", "zui", "苐", "淂"),
    fixes=[
        ("蕞新款式，蕞低价格", "最新款式，最低价格"),
        ("2022年头部季度营收增长", "2022年第一季度营收增长"),
        ("这是全国头部个示范区", "这是全国第一个示范区"),
        ("獲得全國頭部名", "獲得全國第一名"),
    ],
    leaves=[
        "蕞尔小国，蕞爾小邦",
        "头部企业和头部主播",
        "头部受伤，头部位置疼痛",
        "头部个股领涨，头部名人带货",
        "頭部企業領先，頭部個股上漲",
        "Z世代和Zoom会议",
    ],
    is_on=False,
)
def ad_word(text: str, ctx: Context) -> Iterator[Edit]:
    """A word written otherwise to evade advertising law: 蕞 for 最, 头部季度 for 第一季度."""
    pattern, meant = _words()
    for match in pattern.finditer(text):
        after, why = meant[match.group()]
        if after != "-" and not ctx.is_protected(*match.span()):
            yield ctx.edit(*match.span(), after, _SURE, why)
