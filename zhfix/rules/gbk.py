"""The bytes behind a displayed character, as Windows code page 936 reads them.

A page that was damaged byte by byte is undone byte by byte: every displayed character stands for
one byte (ASCII, €) or two (everything else). Pairs that the code page does not define show as
private-use characters in a raw page and as nothing in stored collections.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from zhfix.tables import load_map, load_rows, load_set

__all__ = ["EURO", "FULL_WIDTH", "Gbk", "code", "gbk", "keys", "reading"]

EURO = 0x80  # cp936 reads the lone byte 80 as €; GB18030 would not
_LEADS = range(0x81, 0xFF)
_HANZI = range(0xB0, 0xF8)  # leads of the 6,763 characters of GB 2312
_TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))

_COMMON_MARKS = frozenset("。，、；：？！…—“”‘’「」『』《》〈〉（）【】·　～％")

# marks that some collections fold to half width after Chinese: their bytes were A3xx
FULL_WIDTH = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"}


class Gbk(NamedTuple):
    """Code page 936 as tables. Codes are lead << 8 | trail."""

    chars: dict[int, str]  # code to character, defined pairs only
    codes: dict[str, int]  # character to code, undefined pairs by their private-use character
    by_lead: dict[int, tuple[tuple[int, str], ...]]  # lead to (trail, character), plain ones
    by_trail: dict[int, tuple[tuple[int, str], ...]]  # trail to (lead, character), plain ones
    plain: frozenset[str]  # what the Traditional text of such a page is written with
    common: frozenset[str]  # of these, what GB 2312 becomes: nearly all of any page
    hidden: dict[int, frozenset[int]]  # lead to the trails it has no character with


@cache
def gbk() -> Gbk:
    """The tables of code page 936, made at the first call (about 15 ms).

    >>> gbk().chars[0xD751], hex(gbk().codes["們"])
    ('譗', '0x8283')
    """
    chars: dict[int, str] = {}
    codes: dict[str, int] = {}
    by_lead: dict[int, list[tuple[int, str]]] = {}
    by_trail: dict[int, list[tuple[int, str]]] = {}
    hidden: dict[int, list[int]] = {}
    plain: list[str] = []
    simplified = load_set("marks", "hans") | load_map("hand/one_to_one").keys()
    for lead in _LEADS:
        # GB18030 knows every pair, GBK the defined ones: in encoded form the others are one byte
        row = b"".join(bytes((lead, trail)) for trail in _TRAILS).decode("gb18030")
        for trail, char in zip(_TRAILS, row, strict=True):
            pair = lead << 8 | trail
            codes.setdefault(char, pair)
            if len(char.encode("gbk", "replace")) == 2 and char != "€":
                chars[pair] = char
                if char in _COMMON_MARKS or (
                    "\u4e00" <= char <= "\u9fff" and char not in simplified
                ):
                    plain.append(char)
                    by_lead.setdefault(lead, []).append((trail, char))
                    by_trail.setdefault(trail, []).append((lead, char))
            else:
                hidden.setdefault(lead, []).append(trail)
    return Gbk(
        chars,
        codes,
        {lead: tuple(found) for lead, found in by_lead.items()},
        {trail: tuple(found) for trail, found in by_trail.items()},
        frozenset(plain),
        _common(),
        {lead: frozenset(found) for lead, found in hidden.items()},
    )


def _common() -> frozenset[str]:
    """What the sites' map makes of the characters of GB 2312, and the marks."""
    one_to_one, first = load_map("hand/one_to_one"), load_map("STCharacters")
    forms = {row[0]: row[2].split(" ") for row in load_rows("forms") if row[1] == "S"}
    rows = (bytes(pair for trail in range(0xA1, 0xFF) for pair in (lead, trail)) for lead in _HANZI)
    out = set(_COMMON_MARKS)
    for char in b"".join(rows).decode("gb2312", "ignore"):
        known = forms.get(char) or first.get(char, char).split(" ")
        if char in one_to_one:
            out.add(one_to_one[char])
        elif char in known:
            out.add(char)
        else:
            out.update(known)
    return frozenset(out)


def code(char: str) -> int:
    """The byte or two bytes that show as `char`; 0 where no bytes do.

    >>> hex(code("個")), hex(code("R")), hex(code("€")), code("😀")
    ('0x8280', '0x52', '0x80', 0)
    """
    if char < "\x80":
        return ord(char)
    return EURO if char == "€" else gbk().codes.get(char, 0)


def reading(char: str) -> str:
    """The pinyin that the sites insert after a Traditional character: pypinyin's first reading.

    >>> reading("現"), reading("的")
    ('xiàn', '')
    """
    return load_map("readings").get(char, "").partition(",")[0]


@cache
def _listed() -> dict[tuple[int, str], tuple[str, ...]]:
    return _by_lead(row[0] for row in load_rows("hand/glosses"))


@cache
def _others() -> dict[tuple[int, str], tuple[str, ...]]:
    known = {row[0] for row in load_rows("hand/glosses")}
    return _by_lead(char for char in sorted(load_set("marks", "hant")) if char not in known)


def _by_lead(chars: Iterable[str]) -> dict[tuple[int, str], tuple[str, ...]]:
    out: dict[tuple[int, str], tuple[str, ...]] = {}
    codes = gbk().codes
    for char in chars:
        pair = codes.get(char, 0)
        if pair in gbk().chars:
            slot = (pair >> 8, reading(char))
            out[slot] = (*out.get(slot, ()), char)
    return out


def keys(lead: int, pinyin: str, *, is_open: bool) -> tuple[str, ...]:
    """Characters that begin with the byte `lead` and get the gloss `pinyin`: the listed ones.

    Where there is none and `is_open` (the list is longer than what is known of it), any
    Traditional character with that first reading.

    >>> keys(0xF2, "qū", is_open=False), keys(0xD4, "huà", is_open=True)
    (('驅',), ('話',))
    """
    return _listed().get((lead, pinyin), ()) or (
        _others().get((lead, pinyin), ()) if is_open else ()
    )
