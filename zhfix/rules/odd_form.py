"""Forms that some converters write for everyday characters, and nobody else does: 処理, 躰騐, 鞦天
for 處理, 體驗, 秋天, 壹個 for 一個, and 冇有 for 沒有.

The first takes the rarest Traditional form of each character. Some of its forms stand in old prints
and in Korean (竝 嵗 畱), and are repaired only beside others that stand nowhere (処 縂 縯).
The second writes 壹 for every 一: the text has none left, and 壹 in words with which nobody counts
(壹起, 壹般). Sites of novels write 冇有, which is no Mandarin; Cantonese and others have 冇.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from zhfix.named import NamedTuple
from zhfix.pattern import compiled, pattern
from zhfix.report import Edit
from zhfix.rules.classical import is_of_today
from zhfix.rules.quoted import (
    SHORT_QUOTE,
    is_about,
    is_alone,
    is_mentioned,
    is_table,
    quotation,
)
from zhfix.rules.registry import Context, Stage, Wake, rule
from zhfix.script import HAN, KANA, evidence, meets
from zhfix.shapes import Shape, found_at
from zhfix.tables import load_rows

__all__ = ["odd_form"]

_SURE, _HINT, _NAMED = 0.9, 0.45, 0.4
_KINDS = 2  # different forms that prove the converter, one of them in no print
_KANA = 0.01  # kana for each Han character: a Japanese page has more
_HANGUL = pattern("[\uac00-\ud7a3]")
_ONE, _NO = "壹", "冇"
_ONES = 3  # of them from which on they are the converter's
_LEFT = 0.05  # 一 for each of them
# words in which nobody counts: one thing, one day and the first of them are written so in notices
_EVERYDAY = pattern("壹(?:(?<=[統统唯]壹)|(?=[般起直樣样些定切旦邊边面共律向致眼旁同]))")
# what is no sum, share or name of a firm
_COUNTED = pattern(
    "壹(?<![零〇拾佰仟貳贰叁參肆伍陸陆柒捌玖]壹)"
    "(?![週周傳传電电讀读蘋苹號号基玖零貳贰叁參肆伍陸陆柒捌拾佰仟萬万億亿元圓圆角整、]|分(?![鐘钟為为之析享布]))"
)
_NONE = pattern("(?<!有)冇有")
_NONES = 3  # of 冇 from which on they are no joke
# Cantonese, and text about it and the other languages that have 冇
_DIALECT = pattern(
    "[嘅佢哋唔喺咗啲嗰咁畀嚟嘢瞓攞搵諗㗎囉]|[真就都]係|有冇|[粵粤閩闽湘贛赣]|方言|客家|湖南|江西|福建"
)
_EACH, _NOT = pattern("冇"), pattern("[沒没]")
_SUMS = pattern("[貳贰叁肆伍陸陆柒捌玖拾佰仟]")
_LONG = 40  # characters of a line that is no mere word list
_PROOF, _PAGE = "proof", "page"
_SWING = "韆"  # the one word of 鞦


_Known = dict[tuple[int, str], bool]  # what is known of a line, by where it begins


class _Form(NamedTuple):
    """A form at `at`, the one of today, and what it tells: proof where it stands nowhere else, page
    where it tells nothing by itself.
    """

    at: int
    char: str
    after: str
    tells: str


def _is_possible(text: str) -> bool:
    """a form of one of the two converters, such as `処` or `壹`"""
    return meets(text, _chars())


@cache
def _chars() -> frozenset[str]:
    return frozenset((*_characters(), _ONE, _NO))


def _wakes(_: object) -> Iterator[Wake]:
    yield Wake(Shape("".join(_characters())), _is_real)
    yield Wake(Shape(_ONE), _is_often)
    yield Wake(Shape(_NO, behind="有"))


def _is_real(text: str, places: Sequence[int]) -> bool:
    """Whether a form that stands nowhere else is among them."""
    made, rows = _table()
    found = (made.match(text, at) for at in places)
    return any(match and rows[int(str(match.lastgroup)[1:])][1] == _PROOF for match in found)


def _is_often(text: str, places: Sequence[int]) -> bool:
    return len(places) >= _ONES


@rule(
    "odd-form",
    stage=Stage.QUOTE,  # before the rules on scripts, which shall read the forms of today
    sure=0.9,
    since="0.2",
    trigger=_is_possible,
    wakes=_wakes,
    fixes=[
        ("具躰位置不詳，我們何処去找？", "具體位置不詳，我們何處去找？"),
        ("儅時是鞦天，他蓡加了縯出。", "當時是秋天，他參加了演出。"),
        (
            "這是壹個關鍵，壹般人都不懂，壹定要大家壹起想辦法。",
            "這是一個關鍵，一般人都不懂，一定要大家一起想辦法。",
        ),
    ],
    leaves=[
        "日本語の処理と体験",
        "竝非如此，嵗月不居，畱連忘返。",
        "人民幣壹萬元整，壹式貳份，甲乙雙方各執壹份。",
        "遺失身分證壹枚、駕照壹張、印章壹枚，壹個月內聲明作廢。",
        "《壹週刊》是一本雜誌，壹傳媒是一家公司，壹電視也是。",
        "有冇有錢唔緊要，佢冇有嘢講。",
        "湖南人也說冇有：我冇有錢，他冇有來。",
    ],
)
def odd_form(text: str, ctx: Context) -> Iterator[Edit]:
    """Forms that a converter took for everyday characters: 処理, 躰騐, 鞦天, 壹, 冇有."""
    known: _Known = {}
    yield from _forms(text, ctx, known)
    yield from _ones(text, ctx, known)
    yield from _nones(text, ctx, known)


def _forms(text: str, ctx: Context, known: _Known) -> Iterator[Edit]:
    found = [form for form in _found(text) if not ctx.is_protected(form.at, form.at + 1)]
    if not any(form.tells == _PROOF for form in found):
        return
    if _HANGUL.search(text) or len(KANA.findall(text)) > _KANA * len(HAN.findall(text)):
        return
    told = {(form.char, form.tells) for form in found if not _is_quoted(text, form.at)}
    n_kinds = len({char for char, tells in told if tells != _PAGE})
    n_proof = sum(tells == _PROOF for _, tells in told)
    is_proven = n_kinds >= _KINDS and (n_proof > _KINDS or (n_proof > 0 and is_of_today(text)))
    for form in found:
        if form.tells == _PROOF or is_proven:
            sure = _SURE if is_proven else _HINT
            if is_alone(text, form.at) or _is_named(text, form.at, form.after, known):
                sure = _NAMED
            why = f"a converter's {form.char} for {form.after}"
            yield ctx.edit(form.at, form.at + 1, form.after, sure, why)


def _found(text: str) -> Iterator[_Form]:
    """The forms in the text."""
    made, rows = _table()
    for match in found_at(made, text, Shape("".join(_characters()))):
        at = match.start()
        after, tells = rows[int(str(match.lastgroup)[1:])]
        if tells != _PAGE or _SWING not in text[max(0, at - 1) : at + 2]:
            yield _Form(at, text[at], after, tells)


def _is_quoted(text: str, at: int) -> bool:
    """Whether a form stands in a short quotation, which may speak of it."""
    low, high = quotation(_line(text, at), at - text.rfind("\n", 0, at) - 1)
    return 0 < high - low <= SHORT_QUOTE


def _is_named(text: str, at: int, after: str, known: _Known) -> bool:
    """Whether the line of a place speaks of the forms, or has the right one beside the other; what
    is `known` of a line is not asked again.
    """
    key = text.rfind("\n", 0, at), after
    if key not in known:
        known[key] = _speaks(_line(text, at), after)
    return known[key]


def _speaks(line: str, after: str) -> bool:
    is_set_against = after in line and len(line) < _LONG
    return is_set_against or is_about(line) or is_mentioned(line) or is_table(line)


def _ones(text: str, ctx: Context, known: _Known) -> Iterator[Edit]:
    n_ones = text.count(_ONE)
    if n_ones < _ONES or text.count("一") > _LEFT * n_ones or _SUMS.search(text):
        return
    found = [match.start() for match in _EVERYDAY.finditer(text)]
    words = {text[max(0, at - 1) : at + 2] for at in found}
    if len(words) < _KINDS or len(found) < _ONES:
        return
    for at in [match.start() for match in _COUNTED.finditer(text)]:
        if not ctx.is_protected(at, at + 1):
            sure = _NAMED if _is_named(text, at, "一", known) else _SURE
            yield ctx.edit(at, at + 1, "一", sure, "a converter's 壹 for 一: the text has no other")


def _nones(text: str, ctx: Context, known: _Known) -> Iterator[Edit]:
    if not _NONE.search(text) or _DIALECT.search(text):
        return
    # such a site writes 冇 for each 没: 冇聽見
    is_each = not _NOT.search(text) and "的" in text
    made = _EACH if is_each else _NONE
    places = [match.start() for match in made.finditer(text)]
    seen = evidence(text)
    after = "沒" if seen.n_hant > seen.n_hans else "没"
    for at in places:
        if not ctx.is_protected(at, at + 1):
            sure = _SURE if len(places) >= _NONES else _HINT
            if _is_named(text, at, after, known):
                sure = _NAMED
            yield ctx.edit(at, at + 1, after, sure, f"{_NO}有 is no Mandarin, and no Cantonese")


def _line(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 : text.find("\n", at) % (len(text) + 1)]


@cache
def _characters() -> tuple[str, ...]:
    cells = " ".join(row[0] for row in load_rows("hand/odd-forms"))
    return tuple(dict.fromkeys(word[word.index("[") + 1] for word in cells.split(" ")))


@cache
def _table() -> tuple[re.Pattern[str], list[tuple[str, str]]]:
    """The forms, each matched at its character, with the form of today and what they tell."""
    parts: list[str] = []
    rows: list[tuple[str, str]] = []
    for cell, form, kind, _ in load_rows("hand/odd-forms"):
        words = []
        for word in cell.split(" "):
            left, _, rest = word.partition("[")
            behind = f"(?={rest[2:]})" if rest[2:] else ""
            words.append((f"(?<={left})" if left else "") + rest[0] + behind)
        parts.append(f"(?P<w{len(rows)}>{'|'.join(words)})")
        rows.append((form, kind))
    return compiled("|".join(parts)), rows
