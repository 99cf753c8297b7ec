"""Text read in the wrong code page, back to what it was: 浣犲ソ was 你好.

The search (zhfix/mojibake) accepts a chain of code pages when the text it gives is likelier than
the text that stands by more than the prior odds of clean text, under one model of many languages.
Chinese comes first; ftfy, in a configuration that leaves Chinese punctuation alone, then looks at
what is left of UTF-8 read as Latin-1 in other languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from zhfix.model import UNIT, load
from zhfix.mojibake.oddities import is_for_arrays, is_possible, possible_among, shapes
from zhfix.pattern import pattern
from zhfix.protect import Span
from zhfix.report import Edit
from zhfix.rules.registry import Asked, Context, Stage, Wake, rule
from zhfix.shapes import Shape

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Any

__all__ = ["misread", "mojibake"]

_TESTED = 0.9  # from here on no false edit in 54 million clean characters (docs/mojibake.md)
_MAYBE, _RUN = 0.25, 4  # how sure, and how long, a hint is whose characters are kept
_BELOW = 0.49  # below it, a hint that does not count as damage
# one Greek letter again and again, between ASCII and Chinese punctuation
_SYMBOL = pattern(
    "[\x00-\x7f\u3000-\u303f\uff00-\uffef]*([\u0370-\u03ff])(?:\\1|[\x00-\x7f\u3000-\u303f\uff00-\uffef])*"
)
_EAST = {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO"}
_AROUND = 40  # characters beside a span in which it may be spoken of
_QUOTES = pattern("[\x00-\x7f‘’“”„‚–—…·«»‹›]*")  # „“%s“”. in Icelandic
_JAMO = pattern(
    "[\x00-\x7f\u3000-\u303f\u3130-\u318f]*"
)  # ㅋㅋㅋ ㅠㅠ, which is 六六六 壬壬 in Big5
# ﾃﾞｰﾀ is a word far more often than two characters of GBK none of whose bytes is above DF
_KANA = pattern("[\x00-\x7f\uff61-\uff9f]*")
_SERIES = 3  # characters, each of which follows the one before it in Unicode or a code page
_TALK = pattern("乱码|亂碼|mojibake", re.IGNORECASE)  # text about mojibake shows some on purpose
_PRIVATE = pattern("[\ue000-\uf8ff\\s]+")
# UTF-8 of Latin letters and signs read as Latin-1 or cp1252: a lead byte, then a continuation byte
_CONTINUES = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œž]"
_LATIN = pattern(f"[\xc2-\xc5\xe2]{_CONTINUES}")
# each lead by itself, which the engine finds ten times faster than one of five
_LEADS = tuple((lead, pattern(lead + _CONTINUES)) for lead in "ÂÃÄÅâ")


def _wakes(_: Asked) -> Iterator[Wake]:
    """The places of the prefilter, in text that is longer than a name."""
    for shape, back in shapes():
        yield Wake(shape, _may_begin, back)
    yield Wake(Shape("".join(lead for lead, _ in _LEADS), behind=_CONTINUES[1:-1]))


def _may_begin(text: str, places: Sequence[int]) -> bool:
    from zhfix.mojibake.prefilter import begins  # the model: only where something is odd

    if is_for_arrays(text):
        from zhfix.mojibake.pairs_bulk import unknown  # numpy: only where it is loaded

        places = unknown(text, places)
    return next(begins(text, places), None) is not None


@rule(
    "mojibake",
    stage=Stage.MOJIBAKE,
    sure=0.9,
    since="0.1",
    trigger=is_possible,
    wakes=_wakes,
    among=possible_among,
    fixes=[
        ("浣犲ソ", "你好"),
        ("ÄãºÃ£¬ÊÀ½ç", "你好，世界"),
        ("ä½ å¥½ï¼Œä¸–ç•Œ", "你好，世界"),
    ],
    leaves=[
        "PERÚ»",
        "CAFÉ® ¿qué?",
        "│ 一 │ 二 │",
        "漏网之鱼在茅屋里，路上漏了一地",
        "½ cup, 20°C ±2",
        "「浣犲ソ」是「你好」的亂碼",
        "ｱｲｳｴｵ と 半角",
    ],
)
def mojibake(text: str, ctx: Context) -> Iterator[Edit]:
    """Text that was read in the wrong code page, in one step or two, alone or inside good text."""
    from zhfix.mojibake.search import repairs  # the code pages: only where something is odd

    taken: list[tuple[int, int]] = []
    for found in repairs(text):
        if found.after == found.before:
            yield ctx.edit(found.start, found.end, found.after, 0.5, found.why)._replace(
                rule="lost"
            )
            continue
        sure = found.sure if found.sure >= _TESTED else min(found.sure, _BELOW)
        if _is_sign(found.before) or _is_shown(text, found.start, found.end, found.after):
            sure = min(sure, _BELOW)
        yield ctx.edit(found.start, found.end, found.after, sure, found.why)
        if sure >= _TESTED:
            taken.append((found.start, found.end))
    if any(lead in text and pattern.search(text) for lead, pattern in _LEADS):
        yield from _by_ftfy(text, ctx, taken)


def _is_sign(before: str) -> bool:
    """Whether a span is one sign that somebody writes (σ in a formula), or somebody's own font."""
    kinds = (_PRIVATE, _SYMBOL, _QUOTES, _JAMO, _KANA)
    return len(before) == 1 or _is_series(before) or any(kind.fullmatch(before) for kind in kinds)


def _is_series(before: str) -> bool:
    """Whether most of a span is characters in the order of a code page, as a chart shows them.

    >>> _is_series("¡¢£¤¥¦§¨©"), _is_series("ÄãºÃ£¬ÊÀ½ç")
    (True, False)
    """
    points = [ord(c) for c in before if c > " "]
    n_next = sum(b - a == 1 for a, b in pairwise(points))
    return n_next >= _SERIES and 2 * n_next >= len(points) - 1


def _is_shown(text: str, start: int, end: int, after: str) -> bool:
    """Whether the words around a span, near it in its line, speak of mojibake, or have what it
    says as well: 「浣犲ソ」是「你好」.
    """
    low = max(0, start - _AROUND)
    low = text.rfind("\n", low, start) + 1 or low
    high = text.find("\n", end, end + _AROUND)
    around = text[low:start], text[end : high if high >= 0 else end + _AROUND]
    is_word = sum(c >= "\u2e80" for c in after) > 1
    return any(_TALK.search(part) or (is_word and after in part) for part in around)


def _by_ftfy(text: str, ctx: Context, taken: list[tuple[int, int]]) -> Iterator[Edit]:
    """What ftfy repairs in lines that hold no Chinese, where the model agrees."""
    import ftfy  # 55 ms, and only where Latin-1 mojibake shows

    from zhfix.mojibake.decide import ALONE

    model = load()
    for line in re.finditer("[^\n]+", text):
        start, end = line.span()
        before = line.group()
        is_free = all(b <= start or end <= a for a, b in taken)
        if not is_free or not _LATIN.search(before):
            continue
        after = ftfy.fix_encoding_and_explain(before, _chinese_safe()).text
        gain = (model.score(after) - model.score(before)) / UNIT
        # it writes U+001A where U+FFFD stood
        is_lossy = any(after.count(mark) != before.count(mark) for mark in "\x1a\ufffd")
        if after != before and not is_lossy and gain > ALONE and _is_one_script(after):
            why = f"utf-8 read as latin-1, found by ftfy, {gain:.0f} nats"
            yield ctx.edit(start, end, after, 0.9, why)


def _is_one_script(text: str) -> bool:
    """Whether the letters are of one script beside Latin: ֻСԲ̨ is GBK read as MacRoman, and no text.

    >>> _is_one_script("Привет, “world”"), _is_one_script("ֻСԲ̨")
    (True, False)
    """
    import unicodedata  # a file of its own, and only where ftfy found something

    letters = {c for c in text if c > "\u024f" and unicodedata.category(c)[0] in "LM"}
    names = {unicodedata.name(c, "").partition(" ")[0] for c in letters}
    return (
        len(names - {"LATIN", "COMBINING", "MODIFIER"} - _EAST) + (not names.isdisjoint(_EAST)) < 2
    )


@cache
def _chinese_safe() -> Any:  # ftfy's TextFixerConfig
    """ftfy's configuration that repairs encodings and nothing else."""
    from ftfy import TextFixerConfig

    return TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        replace_lossy_sequences=False,
        decode_inconsistent_utf8=False,
        fix_c1_controls=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        normalization=None,
        explain=True,  # with False ftfy 6.3.1 ignores the options above
    )


def misread(proposed: Iterable[Edit]) -> Iterator[Span]:
    """What may well be read in a wrong code page, of the edits proposed for a text: written in
    another script its bytes would be lost as well.

    >>> list(misread([Edit(2, 9, "绯荤粺淇ˉ绋嬪", "系统修补程", "mojibake", 0.49, "lost bytes")]))
    [(2, 9)]
    """
    for edit in proposed:
        if edit.rule == "mojibake" and edit.sure >= _MAYBE and edit.end - edit.start >= _RUN:
            yield edit.start, edit.end
