"""Whether two neighbours may be damage at all: what their bytes would say in each chain.

The cheap question between the prefilter and the search. A rare name is dear to the model as well,
but its bytes, read in another code page, are hardly ever everyday Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from operator import add

from zhfix.model import UNIT, Model, load
from zhfix.mojibake.codepages import RIGHT, WRONG, decode_one, encode, new_bytes, new_one
from zhfix.named import NamedTuple
from zhfix.pattern import pattern

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = [
    "CHINESE",
    "LEAST",
    "MARKS",
    "OUT",
    "PART",
    "WIDE",
    "Chain",
    "is_narrow",
    "may_be",
    "narrow_may_be",
]

Chain = tuple[str, str]
WIDE: Final = WRONG[:6]  # the double-byte code pages
_CHAINS: Final = tuple((wrong, right) for wrong in WIDE for right in RIGHT[1:])
_NARROW: Final = WRONG[6:]
LEAST: Final = 6 * UNIT  # what two neighbours gain in nearly all damage of four characters
PART: Final = 3 * UNIT  # price of a third of a character that the pair does not hold whole
OUT: Final = 9999  # price of what damage was not
CHINESE: Final = pattern("[\u3400-\u9fff\u2014\u2018-\u201d\u2026\u3001-\u3011\uff01-\uff5e·]")
_UTF8: Final = pattern(rb"[\xe2-\xef][\x80-\xbf]")
_CODEC: Final = (("gb18030", "gbk"), ("big5", "big5hkscs"))
# as Thai is written, which the model hardly knows: a vowel before its consonant, a mark and a tone
# behind it, no long row of consonants, none of the three that nobody writes any more
_THAI: Final = pattern(
    "(?!.*[\u0e01-\u0e2e]{6})(?!.*[\u0e03\u0e05\u0e26])"
    "[\u0e31\u0e34-\u0e3a]?[\u0e47-\u0e4e]?[\u0e30\u0e32\u0e33\u0e45]?"
    "(?:[\u0e40-\u0e44]?[\u0e01-\u0e2e][\u0e31\u0e34-\u0e3a]?[\u0e47-\u0e4e]?"
    "[\u0e30\u0e32\u0e33\u0e45]?[\u0e2f\u0e46]?)+"
    "[\u0e40-\u0e44]?[“”‘’–—…·]*"
)
_WORD: Final = 7  # letters: fewer come together by chance
MARKS: Final = "‘’“”–—…·"  # of Chinese itself
_NO_PRICES: Final = [OUT] * len(RIGHT[1:])
_KEEP: Final = 1 << 13  # a form takes a kilobyte


def is_narrow(char: str) -> bool:
    """Whether a character is a letter, sign or line of a single-byte code page."""
    return "\x7f" < char < "\u2e80"


@lru_cache(_KEEP)
def may_be(pair: str, least: int = LEAST) -> tuple[tuple[Chain, int], ...]:
    """The chains under which two neighbours, one of them wide, would be far likelier Chinese, and
    what is gained, by single characters.

    >>> may_be("浣犲"), may_be("拜占")
    (((('cp936', 'utf-8'), 296),), ())
    """
    one, two = _forms(pair[0]), _forms(pair[1])
    own = one.price + two.price
    most = own - least
    found: list[tuple[Chain, int]] = []
    prices = list(map(add, one.prices, two.prices))
    if min(prices) <= most:
        found += [(c, own - p) for c, p in zip(_CHAINS, prices, strict=True) if p <= most]
    phases = one.leaves & two.takes
    if phases:
        for wrong, raw, raw2 in zip(WIDE, one.raws, two.raws, strict=True):
            if phases & 7 and raw and raw2:
                found += _as_utf8(wrong, raw, raw2, own, least)
            phases >>= 3
    return tuple(found)


def _as_utf8(
    wrong: str, raw: bytes, raw2: bytes, own: int, least: int
) -> Iterator[tuple[Chain, int]]:
    if wrong in ("cp932", "euc_jp") and len(raw) + len(raw2) < 4:  # half-width kana beside Han
        for right in RIGHT:
            yield (wrong, right), OUT
    elif (gain := own - _price_as_utf8(raw + raw2)) >= least:
        yield (wrong, "utf-8"), gain


def _price_as_utf8(raw: bytes) -> int:
    """Price of three or four bytes inside UTF-8, of which one whole character is known at most."""
    rest = PART * (len(raw) - 3)
    for at in range(len(raw) - 2):
        if 0xE2 <= raw[at] <= 0xEF:
            return _price(decode_one(raw[at : at + 3], "utf-8")) + rest
    if len(raw) == 4 and 0xE2 <= raw[3] <= 0xEF and all(0x80 <= b <= 0xBF for b in raw[:3]):
        return 11 * UNIT  # the end of one character and the beginning of the next
    return OUT


def _price(char: str) -> int:
    return -load().unigram(char) if char and CHINESE.match(char) else OUT


class _Form(NamedTuple):
    """What a character costs, and what its bytes may be in each double-byte code page."""

    price: int
    prices: tuple[int, ...]  # of what the bytes are by each of _CHAINS
    raws: tuple[bytes, ...]
    leaves: int  # three bits a code page: what of UTF-8 it ends in
    takes: int  # and what it continues


@lru_cache(_KEEP)
def _forms(char: str) -> _Form:
    prices: list[int] = []
    raws = []
    leaves = takes = 0
    for k, wrong in enumerate(WIDE):
        raw = new_bytes(char, wrong) if char > "\x7f" else b""
        raws.append(raw)
        if len(raw) != 2:
            prices += _NO_PRICES
            if raw:
                leaves, takes = leaves | 7 << 3 * k, takes | 7 << 3 * k
            continue
        for right in RIGHT[1:]:
            after = new_one(raw, right)
            prices.append(_price(after) if after != char else OUT)
        ends, goes_on = _phases(*raw)
        leaves |= ends << 3 * k
        takes |= goes_on << 3 * k
    return _Form(-load().unigram(char), tuple(prices), tuple(raws), leaves, takes)


def _phases(one: int, two: int) -> tuple[int, int]:
    """Where in a UTF-8 character of three bytes a pair may end, and what it may come after."""
    leads, follows = 0xE2 <= one <= 0xEF, 0x80 <= one <= 0xBF
    if leads and 0x80 <= two <= 0xBF:
        return 1, 4  # its first two bytes, after a whole one
    if follows and 0xE2 <= two <= 0xEF:
        return 2, 1  # the last byte, and the first of the next
    if follows and 0x80 <= two <= 0xBF:
        return 4, 2  # the last two bytes
    if follows and two < 0x80:
        return 4, 1  # the last byte, and ASCII that it swallowed
    return 0, 0


@lru_cache(1 << 12)
def narrow_may_be(run: str) -> bool:
    """Whether a run of narrow characters may be Chinese bytes read in a single-byte code page.

    >>> narrow_may_be("ÄãºÃ"), narrow_may_be("é"), narrow_may_be("……"), narrow_may_be("ภาษาไทย")
    (True, False, False, False)
    """
    if not run.strip(MARKS) or (len(run) >= _WORD and _THAI.fullmatch(run)):
        return False
    model = load()
    most = -model.score(run) - LEAST
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
    from zhfix.mojibake import half_decoded  # few texts hold runs that come this far

    raw = half_decoded.likeliest(run) if half_decoded.may_be(run) else b""
    return any(
        _price_as_double(raw[at:], codec, model) <= most
        for at in (0, 1)
        for _, codec in _CODEC
        if raw
    )


def _price_as_double(raw: bytes, codec: str, model: Model) -> int:
    text = raw.decode(codec, "ignore")
    if 3 * len(text) < len(raw) or not text:
        return OUT
    return sum(-model.unigram(c) if CHINESE.match(c) else 2 * LEAST for c in text)
