"""Readings that a site inserted twice or more: 物(wu)(wu)質(zhi)(zhi).

Some copying sites run their text through the inserting machine again and again, on any character
and without tones. Nobody writes a reading twice, so the repetition alone is the proof; and on a
page where it comes again, the single readings without tones are the same machine's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from zhfix.pattern import pattern
from zhfix.report import Edit
from zhfix.rules.pinyin import LETTERS, is_syllable, readings, syllable
from zhfix.rules.registry import Context, Stage, Wake, rule
from zhfix.script import HAN_CLASS
from zhfix.shapes import Shape

__all__ = ["doubled_gloss"]

_PROOF = 3  # repeated readings from which on the single ones go too
_FAR = 600  # characters from a repeated reading up to which they do
_READ = 0.9  # share of the single ones that must be readings of their characters

_TWICE = pattern(
    rf"\((?<=(?P<han>[{HAN_CLASS}])\()(?P<pinyin>[{LETTERS}]{{1,6}})\)(?:\((?P=pinyin)\))+"
)
_ONCE = pattern(rf"\((?<=(?P<han>[{HAN_CLASS}])\()(?P<pinyin>[a-zü]{{1,6}})\)(?!\()")


@rule(
    "doubled-gloss",
    stage=Stage.SHIFTED_BYTES,
    sure=0.95,
    since="0.2",
    triggers=(")(",),
    wakes=lambda _: [Wake(Shape(")", behind="("))],
    fixes=[
        ("物(wu)(wu)質(zhi)(zhi)文明", "物質文明"),
        ("發(fa)(fa)(fa)展", "發展"),
        (
            "華(hua)麗的(de)(de)枝(zhi)形,帶有花紋的(de)(de)石膏線,真正的(de)(de)壁爐造(zao)型(xing)",
            "華麗的枝形,帶有花紋的石膏線,真正的壁爐造型",
        ),
    ],
    leaves=[
        "函數f(x)(x)",
        "好(hao)(hào)兩讀",
        "長(zhǎng)(cháng)",
        "他(he)(she)說",
        "貨(kg)(kg)物",
    ],
)
def doubled_gloss(text: str, ctx: Context) -> Iterator[Edit]:
    """The same reading twice or more behind one character, and single ones on such a page."""
    places: list[int] = []
    for match in _TWICE.finditer(text):
        read = syllable(match["pinyin"])
        known = [letters for letters, _ in readings(match["han"])]
        if read is None or not is_syllable(read):
            continue
        is_own = read[0] in known
        sure = 0.95 if is_own or not known else 0.3
        why = f"{match['pinyin']} stands behind {match['han']} more than once"
        yield ctx.edit(*match.span(), "", sure, why)
        if sure > 0.5 and not ctx.is_protected(*match.span()):
            places.append(match.start())
    if len(places) >= _PROOF:
        yield from _single(text, ctx, places)


def _single(text: str, ctx: Context, places: list[int]) -> Iterator[Edit]:
    """The readings that stand once, without tones, near the repeated ones at `places`."""
    found: list[tuple[int, int]] = []
    n_read = 0
    for match in _ONCE.finditer(text, max(0, places[0] - _FAR), places[-1] + _FAR):
        at = bisect_left(places, match.start())
        near = places[max(0, at - 1) : at + 1]
        if min(abs(match.start() - place) for place in near) > _FAR:
            continue
        read = syllable(match["pinyin"])
        if read is None or not is_syllable(read) or ctx.is_protected(*match.span()):
            continue
        known = [letters for letters, _ in readings(match["han"])]
        found.append(match.span())
        n_read += not known or read[0] in known
    if n_read >= _READ * len(found):
        for start, end in found:
            why = "a reading without a tone among repeated ones"
            yield ctx.edit(start, end, "", 0.9, why)
