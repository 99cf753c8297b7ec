"""Readings that a site inserted twice or more: 物(wu)(wu)質(zhi)(zhi).

Some copying sites run their text through the inserting machine again and again, on any character
and without tones. Nobody writes a reading twice, so the repetition alone is the proof.
"""

from __future__ import annotations

from collections.abc import Iterator

from zhfix.pattern import pattern
from zhfix.report import Edit
from zhfix.rules.pinyin import LETTERS, is_syllable, readings, syllable
from zhfix.rules.registry import Context, Stage, rule
from zhfix.script import HAN_CLASS

__all__ = ["doubled_gloss"]

_TWICE = pattern(
    rf"\((?<=(?P<han>[{HAN_CLASS}])\()(?P<pinyin>[{LETTERS}]{{1,6}})\)(?:\((?P=pinyin)\))+"
)


@rule(
    "doubled-gloss",
    stage=Stage.SHIFTED_BYTES,
    sure=0.95,
    since="0.2",
    triggers=(")(",),
    fixes=[("物(wu)(wu)質(zhi)(zhi)文明", "物質文明"), ("發(fa)(fa)(fa)展", "發展")],
    leaves=["函數f(x)(x)", "好(hao)(hào)兩讀", "長(zhǎng)(cháng)", "他(he)(she)說", "貨(kg)(kg)物"],
)
def doubled_gloss(text: str, ctx: Context) -> Iterator[Edit]:
    """The same reading twice or more behind one character."""
    for match in _TWICE.finditer(text):
        read = syllable(match["pinyin"])
        known = [letters for letters, _ in readings(match["han"])]
        if read is None or not is_syllable(read):
            continue
        is_own = read[0] in known
        sure = 0.95 if is_own or not known else 0.3
        why = f"{match['pinyin']} stands behind {match['han']} more than once"
        yield ctx.edit(*match.span(), "", sure, why)
