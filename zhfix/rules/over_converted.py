"""Wrong forms of the right script, as conversion character by character makes them: 皇後, 頭發."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from zhfix.report import Edit
from zhfix.rules.brief import CONFIRMED, LEFT, TIMES, confirmed
from zhfix.rules.registry import Asked, Context, Stage, Wake, rule
from zhfix.rules.script_wakes import has_hant_line, has_open_line
from zhfix.rules.strays import UNASKED, Stray, can_differ, differ_among, strays
from zhfix.rules.telling_lines import both, traditional
from zhfix.rules.wrong_words import has_word_at, has_wrong_words, word_wakes, wrong_words
from zhfix.script import marks

__all__ = ["UNASKED", "over_converted", "together"]

_SURER = 0.95  # how sure forms of both kinds must be that prove each other


def _is_possible(text: str) -> bool:
    """Traditional forms that may be wrong where they stand, or words no script has (着名)."""
    return can_differ(text) or has_wrong_words(text)


def _among(texts: Sequence[str]) -> list[bool]:
    words = has_wrong_words("\n".join(texts))
    told = differ_among(texts)
    return (
        [one or has_wrong_words(text) for one, text in zip(told, texts, strict=True)]
        if words
        else told
    )


def _wakes(asked: Asked) -> Iterator[Wake]:
    yield Wake(traditional())
    if asked.to.startswith("hant"):
        yield Wake(both())  # of text that tells no script: 知道瞭
    else:
        # without Traditional a line counts as hant by what it has rather than hans; or it is hans,
        # and something in it would be written otherwise
        yield Wake(both(), has_hant_line, is_cut=True)
        if not asked.is_brief:
            yield Wake(both(), has_open_line, is_cut=True)
    for shape in word_wakes():
        yield Wake(shape, has_word_at)


@rule(
    "over-converted",
    stage=Stage.SCRIPT,
    sure=0.85,
    since="0.2",
    trigger=_is_possible,
    wakes=_wakes,
    among=_among,
    fixes=[
        ("皇後的頭發很長", "皇后的頭髮很長"),
        ("他是村裡的乾部，這是一個裡程碑。", "他是村裡的幹部，這是一個里程碑。"),
        ("走了三公裏，隻有他一個人。", "走了三公里，只有他一個人。"),
        ("經濟髮展得很快", "經濟發展得很快"),
        ("这是最着名的干隆年间瓷器，成效显着。", "这是最著名的乾隆年间瓷器，成效显著。"),
    ],
    leaves=[
        "皇后在宮裡，王后在後面。",
        "乾隆皇帝的乾女兒",
        "瞭解之後，一目瞭然，遠眺瞭望。",
        "范先生和余小姐、于先生、岳飛、沈從文在台上。",
        "書上寫作「皇後」，是錯字。",
        "他胸前挂着名牌，拿着作业本，本着作为老师的良心，看着土著人。",
    ],
)
def over_converted(text: str, ctx: Context) -> Iterator[Edit]:
    """A Traditional form whose words want another one with the same Simplified form."""
    for word in wrong_words(text):
        yield ctx.edit(word.start, word.end, word.after, word.sure, word.why)
    every = strays(text, ctx.place())
    proven = together(text, every) if ctx.to == "auto" else frozenset()
    for stray in every:
        if stray.kind == "over-converted":
            is_left = ctx.to == "auto" and stray.start not in proven
            # nobody asked for a script: one wrong form may be a habit, its spelling stays
            sure = min(stray.sure, UNASKED) if is_left else stray.sure
            yield ctx.edit(stray.start, stray.end, stray.after, sure, stray.why)


@lru_cache(maxsize=4)
def together(text: str, found: tuple[Stray, ...]) -> frozenset[int]:
    """Where those of some strays begin that confirm each other as a machine's: wrong forms, those
    that Simplified text has too among them.
    """
    known = marks()
    wrong = [
        stray
        for stray in found
        if stray.sure >= CONFIRMED
        and (
            stray.kind == "over-converted"
            or (stray.kind == "mixed-script" and text[stray.start] not in known)
        )
    ]
    seen = Counter(stray.after for stray in wrong if text[stray.start] in LEFT)
    often = {after for after, n in seen.items() if n >= TIMES and after not in text}
    again = [x.start for x in wrong if text[x.start] in LEFT and x.after in often]
    own = [stray.start for stray in wrong if stray.kind == "over-converted"]
    # 關于 near 法制|作業 is a slip of its own: both kinds together must be surer
    every = [x.start for x in wrong if x.sure >= _SURER or text[x.start] in LEFT]
    return frozenset((*again, *confirmed(text, own), *confirmed(text, every)))
