"""What the mirror sites' machine does to a page, step by step, so that its inverse can be tested.

Written after research/damage.md and checked against its simulator and against real fragments. Beside
the damaged text it tells which characters came out of step, so that repairs can be counted.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from zhfix.tables import load_map, load_rows

__all__ = ["PAGE", "Damaged", "damage", "key_list", "traditional"]

Keys = Sequence[tuple[str, str]]

# one-to-many characters that the pages do change, each with the form it shows
_SEEN = (
    "台臺准準着著症癥复復划劃几幾叶葉丰豐术術种種党黨与與万萬听聽据據帘簾胜勝确確发發汇匯历歷钟鐘获獲当當尽盡团團坛壇"
    "冲沖适適纤纖苏蘇签簽恶惡启啟净凈墙墻闲閑艳艷叹嘆嘱囑弥彌为為伪偽线線内內温溫户戶强強录錄说說产產众眾别別断斷联聯"
    "阅閱锐銳脱脫悦悅税稅兑兌锈銹厨廚厕廁厢廂厦廈鲶鯰凉涼减減决決况況冻凍凑湊卧臥吴吳吕呂妆妝姗姍宁寧彦彥怜憐晒曬栖棲"
    "浆漿濒瀕牵牽痒癢盖蓋秆稈羡羨脉脈脏臟艺藝荐薦莅蒞蒋蔣虫蟲蚕蠶蜡蠟衅釁谣謠赞贊踪蹤蹿躥躯軀酱醬鉴鑒钩鉤锤錘镰鐮阔闊"
    "韵韻颓頹颜顏飒颯驴驢骂罵鱼魚鸡雞鹅鵝麸麩鼹鼴价價广廣极極厂廠挂掛杆桿湿濕哗嘩参參毁毀须須"
)
# one-to-many characters that they leave: the Simplified form is itself a Traditional character
_LEFT = (
    "云峰群床才里后干于制余了采系周只游布么征志斗谷松御卜占并杰范郁致伙柜涂淀筑尸舍托涌欲愿仆朴注表板家困向面曲升折借克冬咸累泄栗"
    "恤凶吁岳幸厘秋千沈辟蒙漓胡蔑挽雇溪吊呆唇奸富岩弊彝戚梁棱灶炮狸皂秘繁考肴腌膻虱裙褒豹酬雕霉麻"
)
_MARKS = "、。，！？；："
_HALF = {"！": b"!", "？": b"?", "，": b","}  # what variant B makes half-width


class Damaged(NamedTuple):
    """A damaged text, the Traditional text behind it, and the stretches of that which came out of
    step.
    """

    text: str
    original: str  # one-to-one Traditional, before any byte was replaced; ? for what GBK lacks
    spots: tuple[tuple[int, int], ...]  # start, end in `original`


def key_list(rank: int = 72) -> list[tuple[str, str]]:
    """The (character, pinyin) list of a page of this rank: the first entries of the one list."""
    found = []
    for char, pinyin, low, high, _ in load_rows("hand/glosses"):
        middle = (int(low) + int(high)) / 2
        if int(high) <= rank or (int(low) < rank and middle <= rank):
            found.append((char, pinyin))
    return found


def traditional(text: str) -> str:
    """`text` through the sites' own map, one character to one character."""
    return text.translate(_table())


def _table() -> dict[int, str]:
    if not _TABLE:
        forms = {row[0]: row[2].split(" ") for row in load_rows("forms") if row[1] == "S"}
        for char, first in load_map("STCharacters").items():
            if len(char) == 1:
                _TABLE[ord(char)] = char if char in forms.get(char, ()) else first
        _TABLE.update((ord(a), b) for a, b in zip(_SEEN[::2], _SEEN[1::2], strict=True))
        _TABLE.update((ord(char), char) for char in _LEFT)
    return _TABLE


_TABLE: dict[int, str] = {}


def damage(
    clean: str,
    keys: Keys,
    *,
    marks: str = "",
    share: float = 1.0,
    variant: str = "A",
    is_raw: bool = False,
    seed: int = 0,
    noise: bytes = b"\0",
) -> Damaged:
    """`clean` Simplified text as a mirror site shows it.

    `marks` are the punctuation marks that `noise` is put before, each with chance `share`. Variant B
    rather makes ！？， half-width after the glosses. `is_raw` keeps undefined pairs as private-use
    characters; stored collections have lost them.
    """
    chance = random.Random(seed)
    original = traditional(clean)
    pairs = [_bytes(char) for char in original]
    original = "".join(
        char if pair != b"?" else "?" for char, pair in zip(original, pairs, strict=True)
    )
    # every byte with the place of its character, or -1 when it was inserted
    data = bytearray(b"".join(pairs))
    home = [i for i, pair in enumerate(pairs) for _ in pair]
    for mark in _MARKS:
        if mark in marks:
            key = mark.encode("gbk")
            data, home = _replaced(
                data, home, key, lambda: noise if chance.random() < share else b"", b""
            )
    for char, pinyin in keys:
        gloss = b"(" + pinyin.encode("gbk") + b")"
        data, home = _replaced(data, home, char.encode("gbk"), lambda: b"", gloss)
    if variant == "B":
        for mark, half in _HALF.items():
            at = 0
            while (at := data.find(mark.encode("gbk"), at)) >= 0:
                data[at : at + 2] = half
                del home[at + 1]
                at += 1
    text, intact = _shown(bytes(data), home, is_raw=is_raw, is_kept=variant == "B")
    return Damaged(text, original, tuple(_stretches(original, pairs, intact)))


def _bytes(char: str) -> bytes:
    return b"?" if "\ud800" <= char <= "\udfff" else char.encode("gbk", "replace")


def _replaced(
    data: bytearray, home: list[int], key: bytes, before: object, after: bytes
) -> tuple[bytearray, list[int]]:
    """Like bytes.replace(key, before + key + after), with the homes carried along."""
    out, homes, at = bytearray(), list[int](), 0
    while (found := data.find(key, at)) >= 0:
        put = before()  # type: ignore[operator]
        out += data[at:found] + put + key + after
        homes += home[at:found] + [-1] * len(put)
        homes += home[found : found + len(key)] + [-1] * len(after)
        at = found + len(key)
    return out + data[at:], homes + home[at:]


def _shown(data: bytes, home: list[int], *, is_raw: bool, is_kept: bool) -> tuple[str, set[int]]:
    """`data` as code page 936 shows it, and the characters whose own bytes show as themselves.

    `is_kept`: of a pair that cannot be, only the first byte goes.
    """
    out: list[str] = []
    intact: set[int] = set()
    i = 0
    while i < len(data):
        first = data[i]
        if first < 0x80:
            out.append(chr(first) if first else "")
            if home[i] >= 0 and home[i] not in (home[i - 1 : i] or [-1]):
                intact.add(home[i])
            i += 1
        elif first in (0x80, 0xFF) or i + 1 == len(data):
            out.append({0x80: "€", 0xFF: ""}.get(first, "?"))
            i += 1
        elif data[i + 1] < 0x40 or data[i + 1] in (0x7F, 0xFF):
            if not is_kept:
                out.append("?")
            i += 1 if is_kept else 2
        else:
            pair = data[i : i + 2]
            try:
                out.append(pair.decode("gbk"))
            except UnicodeDecodeError:
                out.append(pair.decode("gb18030", "ignore") if is_raw else "")
            if home[i] == home[i + 1]:
                intact.add(home[i])
            i += 2
    return "".join(out), intact


def _stretches(original: str, pairs: list[bytes], intact: set[int]) -> Iterator[tuple[int, int]]:
    start = -1
    for i in range(len(original) + 1):
        if i < len(original) and i not in intact:
            start = i if start < 0 else start
        elif start >= 0:
            yield start, i
            start = -1


# written for the tests; every kind of run is in it
PAGE = (
    "<p>我们如何在知识的海洋里寻找方向？因为经济的发展离不开每个人的努力，他们在日常工作中不断学习。</p>\n"
    "<p>展状况的统计，“现象”与“规律”，在我们日常开发中占据重要位置。其中，Facebook的用户很多。</p>\n"
    "<p>在那里却玩得很开心，我们为彼此留下了许多回忆。头发长了就去理发店，复杂的问题要重复讨论。</p>\n"
    "<p>创新驱动发展，网络与产业联合执行新的规划，优化农业结构，建设美丽乡村，环境保护的责任重大。</p>\n"
)
