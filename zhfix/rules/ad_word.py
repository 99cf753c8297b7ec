"""Words that advertising text writes otherwise because the law bans superlatives: 蕞 for 最.

Whole sites replace 第一 by 头部 in every word, so 第一季度 became 头部季度; 头部企业 is a real word
and stays. The words are kept by hand with their reasons: nothing here is guessed from context, and
where two readings are open (排名头部) it is a hint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from zhfix.report import Edit
from zhfix.rules.registry import Context, Stage, rule
from zhfix.tables import load_rows

__all__ = ["ad_word"]

_SURE, _HINT = 0.9, 0.6
# pinyin is no part of a longer Latin word (Audi一汽)
_BEFORE, _BEHIND = "(?<![A-Za-z0-9])", "(?![A-Za-z0-9])"


@cache
def _words() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """A pattern for every word of the table, longest first, and what each means."""
    found = {
        key.replace("[", "").replace("]", ""): (to, why)
        for key, to, why in load_rows("hand/ad-words")
    }
    ordered = sorted(found, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(_shape, ordered))), found


def _shape(word: str) -> str:
    before = _BEFORE if word[0].isascii() else ""
    return before + re.escape(word) + (_BEHIND if word[-1].isascii() else "")


def _is_possible(text: str) -> bool:
    """one of the words."""
    return _words()[0].search(text) is not None


@rule(
    "ad-word",
    stage=Stage.WORD,
    sure=0.9,
    since="0.2",
    trigger=_is_possible,
    fixes=[
        ("蕞新款式，蕞低价格", "最新款式，最低价格"),
        ("2022年头部季度营收增长", "2022年第一季度营收增长"),
        ("这是全国头部个示范区", "这是全国第一个示范区"),
        ("獲得全國頭部名", "獲得全國第一名"),
        ("zui低价，全国第①，顶ji享受", "最低价，全国第一，顶级享受"),
    ],
    leaves=[
        "蕞尔小国，蕞爾小邦",
        "头部企业和头部主播",
        "头部受伤，头部位置疼痛",
        "头部个股领涨，头部名人带货",
        "頭部企業領先，頭部個股上漲",
        "Z世代和Zoom会议，XYZ大学",
        "今年的排名头部效应",
    ],
    is_on=False,
)
def ad_word(text: str, ctx: Context) -> Iterator[Edit]:
    """A word written otherwise to evade advertising law: 蕞 for 最, 头部季度 for 第一季度."""
    pattern, meant = _words()
    for match in pattern.finditer(text):
        after, why = meant[match.group()]
        if after != "-" and not ctx.is_protected(*match.span()):
            sure = _HINT if after[0] == "?" else _SURE
            yield ctx.edit(*match.span(), after.lstrip("?"), sure, why)
