"""Code pages as programs really use them: Windows cp936 and cp950, WHATWG gb18030, EUC-TW, ...

Python's codecs differ from what damaged real text: cp936 has the euro sign at 0x80 and private-use
characters in its user-defined areas, WHATWG's windows-1252 has C1 controls in its holes, and EUC-TW
and ISO-2022-CN are missing. Source: WHATWG Encoding, Windows best-fit tables, CNS 11643.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from functools import cache, lru_cache

from zhfix.pattern import pattern

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

# how mojibake arises: bytes of a right code page shown through a wrong one
WRONG: Final = (
    "cp936", "cp950", "big5hkscs", "cp932", "euc_jp", "cp949", "windows-1252", "latin-1",
    "cp1250", "cp1251", "cp1254", "koi8_r", "cp437", "cp850", "cp866", "mac_roman", "cp874",
)  # fmt: skip
RIGHT: Final = ("utf-8", "gb18030", "big5")
_CODEC: Final = {
    "cp936": "gbk", "cp950": "cp950", "big5": "big5hkscs", "windows-1252": "cp1252",
    "cp1254": "cp1254", "cp874": "cp874", "cp1250": "cp1250", "cp1251": "cp1251",
}  # fmt: skip
_HANDLERS: Final = frozenset(("cp936", "cp950", "big5", "windows-1252", "cp1250", "cp1254"))
_LOST_FORMS: Final = ("\ufffd".encode(), "\ufffd".encode("gb18030"))
_KEEP: Final = 1 << 13  # characters remembered: endless input must not fill the memory
_USER_ROWS: Final = (  # Windows cp950: rows of user-defined characters, first code point
    (0xFA, 0xFE, 0xE000), (0x8E, 0xA0, 0xE311), (0x81, 0x8D, 0xEEB8),
)  # fmt: skip
# where the vendors' rows of cp932 repeat the standard's and each other's
_TWIN_LEADS: Final = {"cp932": (0x81, 0x87, 0xED, 0xEE, 0xFA, 0xFB, 0xFC)}
# CNS 11643 index, Big5 index, length: both standards list the characters in nearly the same order
_CNS: Final = {
    1: "0 0 5 6 6 15 21 23 2 24 22 1 29 29 44 73 74 1 74 73 1 75 75 22 98 98 1 100 100 27 127 128 1"
    " 128 127 1 129 129 19 148 149 1 149 148 1 150 150 4 155 21 1 156 156 78 282 234 29 312 264 1"
    " 314 266 142 470 6101 20 3290 471 1412 4702 1884 424 5126 1883 1 5127 2308 1876 7003 4571 1"
    " 7004 4184 387 7391 4572 525 7916 5286 1 7917 5097 105 8023 5203 83 8106 5287 84 8190 5517 1"
    " 8191 5371 54 8245 5426 1 8246 5425 1 8247 5427 90 8337 5518 354",
    2: "0 6280 10 10 6291 33 43 6372 1 44 6324 48 92 6373 46 138 6586 1 139 6419 167 306 6587 1840"
    " 2146 9074 1 2147 8428 108 2255 8537 537 2792 8427 1 2793 9075 100 2893 8536 1 2894 9175 399"
    " 3293 9575 1637 4930 11761 1 4931 11212 146 5077 11899 1 5078 11358 287 5365 12508 1"
    " 5366 11645 116 5482 11762 137 5619 11900 104 5723 12425 1 5724 12004 222 5946 12227 198"
    " 6144 12426 82 6226 12509 86 6312 12226 1 6313 12595 8 6321 12604 153 6474 12758 56"
    " 6530 13114 1 6531 12814 113 6644 12603 1 6645 12927 142 6787 12757 1 6788 13069 45"
    " 6833 13115 71 6904 13380 1 6905 13186 194 7099 13381 490 7589 13914 1 7590 13871 43"
    " 7633 13915 1 7634 13917 11 7645 13916 1 7646 13928 4",
}


def encode(text: str, name: str) -> bytes:
    """Bytes of `text` in a code page of this module; UnicodeEncodeError when it has no such form.

    >>> encode("€", "cp936"), encode("\\x9d", "windows-1252")
    (b'\\x80', b'\\x9d')
    """
    if name in _HANDLERS:
        return text.encode(_CODEC.get(name, name), _handler(name))
    return text.encode(name)


def decode(data: bytes, name: str) -> str:
    """Text of `data` in a code page of this module; UnicodeDecodeError when it is not valid.

    >>> decode(b"\\x80", "cp936")
    '€'
    """
    if name in _HANDLERS:
        return data.decode(_CODEC.get(name, name), _handler(name))
    if name == "euc-tw":
        return euc_tw(data)
    if name == "iso-2022-cn":
        return iso_2022_cn(data)
    return data.decode(name)


def new_one(data: bytes, name: str) -> str:
    """The one character that `data` is, or "" when it is not exactly one; for those who ask once.

    >>> new_one(b"\\xc4\\xe3", "gb18030"), new_one(b"\\xff", "utf-8")
    ('你', '')
    """
    # a marked error costs a twentieth of a raised one
    text = data.decode(_CODEC.get(name, name), "replace")
    if name in _HANDLERS and "\ufffd" in text:
        if name != "big5":
            return _one_of(data, name)
        text = data.decode("cp950", "replace")
    return text if len(text) == 1 and (text != "\ufffd" or data in _LOST_FORMS) else ""


def _one_of(data: bytes, name: str) -> str:
    try:
        text = decode(data, name)
    except UnicodeDecodeError:
        return ""
    return text if len(text) == 1 else ""


def new_bytes(char: str, name: str) -> bytes:
    """The bytes of one character, or b"" when the code page lacks it; for those who ask once.

    >>> new_bytes("你", "cp936"), new_bytes("你", "latin-1")
    (b'\\xc4\\xe3', b'')
    """
    data = char.encode(_CODEC.get(name, name), "ignore")  # what is missing costs no exception
    if data or name not in _HANDLERS:
        return data
    if name == "cp936":
        data = b"\x80" if char == "€" else char.encode("gb18030", "ignore")
        return data if len(data) <= 2 else b""
    if name == "cp950":
        return _user_big5()[1].get(char, b"") if "\ue000" <= char < "\uf900" else b""
    if name == "big5":
        return char.encode("cp950", "ignore")
    return bytes((ord(char),)) if "\x80" <= char < "\xa0" else b""


decode_one: Final = lru_cache(_KEEP)(new_one)
encode_one: Final = lru_cache(_KEEP)(new_bytes)


def _handler(name: str) -> str:
    """The name of the error handler that adds what Python's codec lacks; registered once."""
    key = "zhfix-" + name
    try:
        codecs.lookup_error(key)
    except LookupError:
        codecs.register_error(key, _ADDERS.get(name, _add_c1))
    return key


def _add_cp936(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeEncodeError):
        char = error.object[error.start]
        data = b"\x80" if char == "€" else char.encode("gb18030", "ignore")
        if not 1 <= len(data) <= 2:
            raise error
        return data, error.start + 1
    assert isinstance(error, UnicodeDecodeError)
    pair = error.object[error.start : error.start + 2]
    if pair[:1] == b"\x80":
        return "€", error.start + 1
    if len(pair) == 2 and (0x40 <= pair[1] <= 0x7E or 0x80 <= pair[1] <= 0xFE) and pair[0] < 0xFF:
        return pair.decode("gb18030"), error.start + 2
    raise error


def _add_cp950(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeEncodeError):
        char = error.object[error.start]
        if not "\ue000" <= char < "\uf900" or char not in _user_big5()[1]:
            raise error
        return _user_big5()[1][char], error.start + 1
    assert isinstance(error, UnicodeDecodeError)
    pair = error.object[error.start : error.start + 2]
    if pair not in _user_big5()[0]:
        raise error
    return _user_big5()[0][pair], error.start + 2


def _add_big5(error: UnicodeError) -> tuple[str | bytes, int]:
    """Big5 as it is met: HKSCS first, then what only Windows has (• ‧ ╳ and the euro sign)."""
    if isinstance(error, UnicodeEncodeError):
        return error.object[error.start].encode("cp950"), error.start + 1
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.start + 2].decode("cp950"), error.start + 2


def _add_c1(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeEncodeError):
        point = ord(error.object[error.start])
        if not 0x80 <= point <= 0x9F:
            raise error
        return bytes((point,)), error.start + 1
    assert isinstance(error, UnicodeDecodeError)
    if not 0x80 <= error.object[error.start] <= 0x9F:
        raise error
    return chr(error.object[error.start]), error.start + 1


_ADDERS: Final[dict[str, Callable[[UnicodeError], tuple[str | bytes, int]]]] = {
    "cp936": _add_cp936, "cp950": _add_cp950, "big5": _add_big5,
}  # fmt: skip


@cache
def _user_big5() -> tuple[dict[bytes, str], dict[str, bytes]]:
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    decoded = {}
    for first, last, point in _USER_ROWS:
        for lead in range(first, last + 1):
            for trail in trails:
                decoded[bytes((lead, trail))] = chr(point)
                point += 1
    for row in range(0xC6, 0xC9):
        for k, trail in enumerate(trails):
            if row > 0xC6 or trail >= 0xA1:
                decoded[bytes((row, trail))] = chr(0xF6B1 + (row - 0xC6) * 157 + k - 63)
    return decoded, {c: b for b, c in decoded.items()}


@cache
def _cns(plane: int) -> dict[int, str]:
    numbers = list(map(int, _CNS[plane].split()))
    out = {}
    for cns, big5, n in zip(*[iter(numbers)] * 3, strict=True):
        for k in range(n):
            lead, trail = divmod(big5 + k, 157)
            pair = bytes((lead + 0xA1, trail + 0x40 if trail < 63 else trail - 63 + 0xA1))
            out[cns + k] = pair.decode("cp950")
    return out


def _cns_char(plane: int, row: int, cell: int) -> str:
    return _cns(plane).get(row * 94 + cell, "") if plane in _CNS else ""


def euc_tw(data: bytes) -> str:
    """Text of EUC-TW bytes, planes 1 and 2 of CNS 11643: all that Big5 has.

    >>> euc_tw(b"\\xc4\\xe3\\xc5\\xc6")
    '中文'
    """
    out, i = [], 0
    while i < len(data):
        if data[i] < 0x80:
            out.append(chr(data[i]))
            i += 1
            continue
        wide = data[i] == 0x8E
        unit = data[i : i + (4 if wide else 2)]
        plane = unit[1] - 0xA0 if wide and len(unit) == 4 else 1
        char = _cns_char(plane, unit[-2] - 0xA1, unit[-1] - 0xA1) if len(unit) > 1 else ""
        if not char:
            raise UnicodeDecodeError("euc-tw", data, i, i + 1, "not a character of planes 1 and 2")
        out.append(char)
        i += len(unit)
    return "".join(out)


_SET: Final = pattern(rb"\x1b\$([)*])([AGH])")


def iso_2022_cn(data: bytes) -> str:
    """Text of ISO-2022-CN bytes: GB2312 and CNS 11643 behind shift codes.

    >>> iso_2022_cn(b"\\x1b$)A\\x0eVPND\\x0f!")
    '中文!'
    """
    out: list[str] = []
    i, shifted, g1, g2 = 0, False, "", ""
    while i < len(data):
        byte = data[i]
        escape = _SET.match(data, i)
        if escape:
            chosen = escape[2].decode()
            g1, g2 = (chosen, g2) if escape[1] == b")" else (g1, chosen)
            i = escape.end()
        elif byte in (0x0E, 0x0F):
            shifted = byte == 0x0E
            i += 1
        elif data[i : i + 2] == b"\x1bN" and len(data) >= i + 4:
            out.append(_shifted(data, i + 2, g2))
            i += 4
        elif shifted and byte >= 0x21 and len(data) >= i + 2:
            out.append(_shifted(data, i, g1))
            i += 2
        elif byte < 0x80 and byte != 0x1B:
            if byte == 0x0A:
                shifted = False
            out.append(chr(byte))
            i += 1
        else:
            raise UnicodeDecodeError("iso-2022-cn", data, i, i + 1, "not a character or a shift")
    return "".join(out)


def _shifted(data: bytes, i: int, charset: str) -> str:
    if charset == "A":
        return bytes((data[i] | 0x80, data[i + 1] | 0x80)).decode("gb2312")
    char = _cns_char({"G": 1, "H": 2}.get(charset, 0), data[i] - 0x21, data[i + 1] - 0x21)
    if not char:
        raise UnicodeDecodeError("iso-2022-cn", data, i, i + 2, "no such character")
    return char


@cache
def twins(name: str) -> dict[str, tuple[bytes, ...]]:
    """Characters with more than one byte form in a double-byte codec of Python, and the forms.

    >>> len(twins("cp932")["∵"])
    3
    """
    leads = _TWIN_LEADS.get(name, range(0x81, 0xFF))
    pairs = [bytes((lead, trail)) for lead in leads for trail in range(0x40, 0xFF)]
    # no pair ends with a line end or takes the next one along
    chars = b"\n".join(pairs).decode(name, "replace").split("\n")
    forms: dict[str, list[bytes]] = {}
    for char, data in zip(chars, pairs, strict=True):
        if len(char) == 1 and char != "\ufffd":
            forms.setdefault(char, []).append(data)
    return {c: tuple(f) for c, f in forms.items() if len(f) > 1}
