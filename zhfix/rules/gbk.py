"""The bytes behind a displayed character, as Windows code page 936 reads them.

A page that was damaged byte by byte is undone byte by byte: every displayed character stands for
one byte (ASCII, €) or two (everything else). Pairs that the code page does not define show as
private-use characters in a raw page and as nothing in stored collections.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator
from functools import cache, cached_property, lru_cache

from zhfix.tables import load_map, load_rows, load_set, look_up

__all__ = [
    "EURO",
    "FULL_WIDTH",
    "Gbk",
    "char_at",
    "code",
    "gbk",
    "is_defined",
    "is_plain",
    "keys",
    "reading",
]

EURO = 0x80  # cp936 reads the lone byte 80 as €; GB18030 would not
_LEADS = range(0x81, 0xFF)
_HANZI = range(0xB0, 0xF8)  # leads of the 6,763 characters of GB 2312

_COMMON_MARKS = frozenset("。，、；：？！…—“”‘’「」『』《》〈〉（）【】·　～％")

# marks that some collections fold to half width after Chinese: their bytes were A3xx
FULL_WIDTH = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"}


class Gbk:
    """Code page 936 as tables, each made when it is asked for. Codes are lead << 8 | trail.

    >>> gbk().chars[0xD751], hex(gbk().codes["們"])
    ('譗', '0x8283')
    """

    @cached_property
    def _rows(self) -> tuple[tuple[str, ...], frozenset[str]]:
        """What each pair shows as, in order, and those of them that are defined: one object for
        each character, which all tables share.
        """
        units = _pairs()
        if sys.byteorder == "little":
            units.byteswap()
        # GB18030 knows every pair, GBK the defined ones
        chars = tuple(units.tobytes().decode("gb18030"))
        known = {*"".join(chars).encode("gbk", "ignore").decode("gbk")} - {"€"}
        return chars, frozenset(filter(known.__contains__, chars))

    @cached_property
    def chars(self) -> dict[int, str]:
        """Code to character, defined pairs only."""
        shown, defined = self._rows
        return {pair: char for pair, char in zip(_pairs(), shown, strict=True) if char in defined}

    @cached_property
    def codes(self) -> dict[str, int]:
        """Character to code, undefined pairs by their private-use character."""
        return dict(zip(self._rows[0], _pairs(), strict=True))

    @cached_property
    def plain(self) -> frozenset[str]:
        """What the Traditional text of such a page is written with."""
        defined = self._rows[1]
        han = frozenset(char for char in defined if "\u4e00" <= char <= "\u9fff")
        return han - _simplified() | defined & _COMMON_MARKS

    @cached_property
    def common(self) -> frozenset[str]:
        """Of these, what GB 2312 becomes: nearly all of any page."""
        return _common()

    @cached_property
    def by_lead(self) -> dict[int, tuple[str, ...]]:
        """Lead to the plain characters that begin with it."""
        found: dict[int, list[str]] = {}
        for pair, char in self._plain_pairs():
            found.setdefault(pair >> 8, []).append(char)
        return {lead: tuple(chars) for lead, chars in found.items()}

    @cached_property
    def by_trail(self) -> dict[int, tuple[str, ...]]:
        """Trail to the plain characters that end with it."""
        found: dict[int, list[str]] = {}
        for pair, char in self._plain_pairs():
            found.setdefault(pair & 0xFF, []).append(char)
        return {trail: tuple(chars) for trail, chars in found.items()}

    def _plain_pairs(self) -> Iterator[tuple[int, str]]:
        plain = self.plain
        return (row for row in self.chars.items() if row[1] in plain)

    @cached_property
    def hidden(self) -> dict[int, frozenset[int]]:
        """Lead to the trails it has no character with."""
        found: dict[int, list[int]] = {}
        for pair in _pairs():
            if pair not in self.chars:
                found.setdefault(pair >> 8, []).append(pair & 0xFF)
        return {lead: frozenset(trails) for lead, trails in found.items()}


def _pairs() -> array[int]:
    """The codes of all pairs, in order."""
    codes = array("H")
    for lead in _LEADS:
        codes.extend(range(lead << 8 | 0x40, lead << 8 | 0x7F))
        codes.extend(range(lead << 8 | 0x80, lead << 8 | 0xFF))
    return codes


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


@cache
def gbk() -> Gbk:
    """The tables of code page 936."""
    return Gbk()


@lru_cache(1 << 13)
def code(char: str) -> int:
    """The byte or two bytes that show as `char`; 0 where no bytes do.

    >>> hex(code("個")), hex(code("R")), hex(code("€")), code("😀")
    ('0x8280', '0x52', '0x80', 0)
    """
    if char < "\x80":
        return ord(char)
    if char == "€":
        return EURO
    data = char.encode("gb18030", "ignore")
    return data[0] << 8 | data[1] if len(data) == 2 else 0


@lru_cache(1 << 13)
def is_defined(char: str) -> bool:
    """Whether a pair of bytes shows as `char` in the code page itself.

    >>> is_defined("個"), is_defined("€"), is_defined("R")
    (True, False, False)
    """
    return len(char.encode("gbk", "ignore")) == 2 and char != "€"


@cache
def _simplified() -> frozenset[str]:
    changed = {char for char, form in load_map("hand/one_to_one").items() if char != form}
    return load_set("marks", "hans") | changed


@lru_cache(1 << 13)
def is_plain(char: str) -> bool:
    """Whether the Traditional text of such a page is written with `char`.

    >>> is_plain("個"), is_plain("个"), is_plain("，"), is_plain("")
    (True, False, True, False)
    """
    return _is_written(char) and is_defined(char)


def _is_written(char: str) -> bool:
    """The same of a character that the code page has."""
    return char in _COMMON_MARKS or ("\u4e00" <= char <= "\u9fff" and char not in _simplified())


@lru_cache(1 << 13)
def char_at(pair: int) -> str:
    """`gbk().chars.get(pair, "")`, for those who ask for a few.

    >>> char_at(0x8280), char_at(0xA2E3), char_at(0x4141)
    ('個', '', '')
    """
    try:
        char = pair.to_bytes(2, "big").decode("gbk")
    except UnicodeDecodeError:
        return ""
    return char if len(char) == 1 else ""


def reading(char: str) -> str:
    """The pinyin that the sites insert after a Traditional character: pypinyin's first reading.

    >>> reading("現"), reading("的")
    ('xiàn', '')
    """
    return look_up("readings", char).partition(",")[0]


@cache
def _listed() -> dict[tuple[int, str], tuple[str, ...]]:
    # the readings of that list are those of `reading`
    return _by_lead((row[0], row[1]) for row in load_rows("hand/glosses"))


@cache
def _others() -> dict[tuple[int, str], tuple[str, ...]]:
    known = {row[0] for row in load_rows("hand/glosses")}
    others = (char for char in sorted(load_set("marks", "hant")) if char not in known)
    return _by_lead((char, reading(char)) for char in others)


def _by_lead(read: Iterable[tuple[str, str]]) -> dict[tuple[int, str], tuple[str, ...]]:
    out: dict[tuple[int, str], tuple[str, ...]] = {}
    for char, pinyin in read:
        if is_defined(char):
            slot = (code(char) >> 8, pinyin)
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
