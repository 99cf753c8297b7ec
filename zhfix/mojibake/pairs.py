"""Whether two neighbours may be damage at all: what their bytes would say in each chain.

The cheap question between the prefilter and the search. A rare name is dear to the model as well,
but its bytes, read in another code page, are hardly ever everyday Chinese.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from zhfix.model import UNIT, Model, load
from zhfix.mojibake.codepages import RIGHT, WRONG, decode_one, encode, encode_one

__all__ = ["Chain", "is_narrow", "may_be", "narrow_may_be"]

Chain = tuple[str, str]
_WIDE: Final = WRONG[:6]  # the double-byte code pages
_NARROW: Final = WRONG[6:]
_LEAST: Final = 6 * UNIT  # what two neighbours gain in nearly all damage of four characters
_PART: Final = 3 * UNIT  # price of a third of a character that the pair does not hold whole
_OUT: Final = 9999  # price of what damage was not
_CHINESE: Final = re.compile("[\u3400-\u9fff\u2014\u2018-\u201d\u2026\u3001-\u3011\uff01-\uff5e·]")
_UTF8: Final = re.compile(rb"[\xe2-\xef][\x80-\xbf]")
_CODEC: Final = (("gb18030", "gbk"), ("big5", "big5hkscs"))
_MARKS: Final = "‘’“”–—…·"  # of Chinese itself
_KEEP: Final = 1 << 15


def is_narrow(char: str) -> bool:
    """Whether a character is a letter, sign or line of a single-byte code page."""
    return "\x7f" < char < "\u2e80"


@lru_cache(_KEEP)
def may_be(pair: str, least: int = _LEAST) -> tuple[Chain, ...]:
    """The chains under which two neighbours, one of them wide, would be far likelier Chinese.

    >>> may_be("浣犲"), may_be("拜占")
    ((('cp936', 'utf-8'),), ())
    """
    one, two = _forms(pair[0]), _forms(pair[1])
    most = one[0] + two[0] - least
    found: list[Chain] = []
    for wrong, (raw, gb, big5), (raw2, gb2, big52) in zip(_WIDE, one[1], two[1], strict=True):
        if not raw or not raw2:
            continue
        if gb + gb2 <= most:
            found.append((wrong, "gb18030"))
        if big5 + big52 <= most:
            found.append((wrong, "big5"))
        if wrong in ("cp932", "euc_jp") and len(raw) + len(raw2) < 4:  # half-width kana beside Han
            found += [(wrong, right) for right in RIGHT]
        elif _price_as_utf8(raw + raw2) <= most:
            found.append((wrong, "utf-8"))
    return tuple(found)


def _price_as_utf8(raw: bytes) -> int:
    """Price of three or four bytes inside UTF-8, of which one whole character is known at most."""
    rest = _PART * (len(raw) - 3)
    for at in range(len(raw) - 2):
        if 0xE2 <= raw[at] <= 0xEF:
            return _price(decode_one(raw[at : at + 3], "utf-8")) + rest
    if len(raw) == 4 and 0xE2 <= raw[3] <= 0xEF and all(0x80 <= b <= 0xBF for b in raw[:3]):
        return 11 * UNIT  # the end of one character and the beginning of the next
    return _OUT


def _price(char: str) -> int:
    return -load().unigram(char) if char and _CHINESE.match(char) else _OUT


_Form = tuple[bytes, int, int]  # bytes in a wrong code page; price of what they are in GBK, Big5


@lru_cache(_KEEP)
def _forms(char: str) -> tuple[int, tuple[_Form, ...]]:
    """Price of a character, and what its bytes are in each double-byte code page."""
    out = []
    for wrong in _WIDE:
        raw = encode_one(char, wrong) if char > "\x7f" else b""
        gb, big5 = (decode_one(raw, right) if len(raw) == 2 else "" for right in RIGHT[1:])
        out.append(
            (
                raw,
                _price(gb) if gb != char else _OUT,
                _price(big5) if big5 != char else _OUT,
            )
        )
    return -load().unigram(char), tuple(out)


@lru_cache(1 << 12)
def narrow_may_be(run: str) -> bool:
    """Whether a run of narrow characters may be Chinese bytes read in a single-byte code page.

    >>> narrow_may_be("ÄãºÃ"), narrow_may_be("é"), narrow_may_be("……")
    (True, False, False)
    """
    if not run.strip(_MARKS):
        return False
    model = load()
    most = -model.score(run) - _LEAST
    for wrong in _NARROW:
        try:
            raw = encode(run, wrong)
        except UnicodeEncodeError:
            continue
        if _UTF8.search(raw):
            return True
        if any(
            _price_as_double(raw[at:], codec, model) <= most for at in (0, 1) for _, codec in _CODEC
        ):
            return True
    return False


def _price_as_double(raw: bytes, codec: str, model: Model) -> int:
    text = raw.decode(codec, "ignore")
    if 3 * len(text) < len(raw) or not text:
        return _OUT
    return sum(-model.unigram(c) if _CHINESE.match(c) else 2 * _LEAST for c in text)
