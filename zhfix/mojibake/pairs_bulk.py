"""The second question of the prefilter, asked of all places of a long text over arrays: most rare
names are cleared here, before anything is looked up one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from zhfix.codes import FAR, codes, codes_of, text_of
from zhfix.model import load
from zhfix.mojibake.codepages import encode
from zhfix.mojibake.oddities import EMOJI, GONE, LOST
from zhfix.mojibake.pairs import CHINESE, LEAST, MARKS, OUT, PART, WIDE
from zhfix.mojibake.prefilter import beside
from zhfix.named import NamedTuple
from zhfix.pattern import ranges
from zhfix.windows_bulk import Windows

if TYPE_CHECKING:
    from zhfix.codes import Table

__all__ = ["likely", "unknown"]

_PART: Final = 4  # gains are kept in quarters of a nat, rounded up
_LOW, _HIGH = -64, 63  # two of them are no more than a byte holds
_DEAREST: Final = 248  # what the model asks at most for a character
_BMP: Final = 1 << 16
_LF: Final = 10
_LEADS, _TRAILS = range(0x81, 0xFF), range(0x40, 0xFF)
# blocks in which each character costs what the model has, or what one costs that it does not know
_REGULAR: Final = ((0x3400, 0x4DC0, "\u3400"), (0x4E00, 0xA000, "一"), (0xAC00, 0xD7A4, "갂"))
_CODECS: Final = {name: name for name in WIDE[1:]} | {"gb18030": "gb18030"}
_AS: Final = {"cp936": "gb18030"}
# one byte in a double-byte code page, and what one writes but does not read back
_OPEN_SPECS: Final = (LOST, GONE, EMOJI, "\ud800-\udfff" + chr(FAR), "\uff61-\uff9f€¥‾¢£¬‖•−∼〜☉♁")
# left to the exact question; one of MARKS; not wide; of three bytes in EUC-JP; of any there
_OPEN, _MARK, _NARROW, _LONG, _JAPANESE = 1, 2, 4, 8, 16
_AROUND: Final = np.arange(-2, 3)[:, None]


_FEW: Final = 24  # places, below which the arrays cost more
_WORTH: Final = 1000  # places, from which the tables pay: they take as long as a few thousand
_n_left = [_WORTH]  # a guess that threads may blur


def _is_worth(n: int) -> bool:
    if n < _FEW:
        return False
    if _n_left[0] > 0:
        _n_left[0] -= n
    return _n_left[0] <= 0


class _Tables(NamedTuple):
    """By code point."""

    gains: Table  # for each pair of code pages, what reading the character through it gains
    best: Table  # the most of it
    leaves: Table  # two bits a code page: the first bytes of UTF-8 that it ends in, and of the next
    takes: Table  # and whether it goes on with them
    raws: Table  # its two bytes in each wrong code page, or 0
    prices: Table  # what it costs
    chinese: Table  # and what it costs as the reading of bytes
    kinds: Table


def likely(text: str, places: Sequence[int]) -> list[int]:
    """Those of `places` that the exact second question must be asked of; the others have the
    answer no. The first thousand are all left to it: the tables cost what they do.

    >>> likely("的圈子，浣犲ソ", [1, 5] * 600)[:1]
    [5]
    """
    return _likely(text, places) if _is_worth(len(places)) else list(places)


def _likely(text: str, places: Sequence[int]) -> list[int]:
    units = codes(text).units
    tables = _tables()
    at = np.array(places, np.int64)
    around = at + _AROUND  # a row for each of the five
    near = units.take(around, mode="clip")
    near[(around < 0) | (around >= len(units))] = 0  # beyond the ends, as ASCII is
    kinds = tables.kinds.take(near)
    is_wide, is_ascii = (kinds & _NARROW) == 0, near < 0x80
    ask = ((kinds[1] | kinds[2] | kinds[3]) & _OPEN) != 0
    ask |= is_wide[2] & ((near[3] == ord("?")) | (is_ascii[1] & is_ascii[3]))
    # a narrow one is judged with those beside it, but for one or a few marks
    is_mark = (kinds & _MARK) != 0
    is_few = is_mark[2]
    for side, next_ in ((1, 0), (3, 4)):
        is_few &= is_wide[side] | (is_mark[side] & is_wide[next_])
    ask |= ~(is_wide[2] | is_few)
    pairs = _may_be(near[1:3], near[2:4], tables) & ~(is_ascii[1:3] | is_ascii[2:4])
    ask |= pairs[1] | (pairs[0] & is_wide[2])
    left: list[int] = at[ask].tolist()
    return left


def unknown(text: str, places: Sequence[int]) -> Sequence[int]:
    """`likely` for places that come again and again: those it has cleared are known by what stands
    beside them.
    """
    if len(places) < _FEW:
        return places
    new: list[int] = _CLEARED.new(text, np.array(places, np.int64)).tolist()
    told = {at: _LIKELY.get(_near(text, at)) for at in new}
    asked = [at for at in new if told[at] is None]
    left = {*(_likely if _is_worth(len(asked)) else _left)(text, asked)}
    if len(_LIKELY) > _N_KNOWN:
        _LIKELY.clear()
    _LIKELY.update((here, at in left) for at in asked if (here := _near(text, at)))
    cleared = [at for at in asked if at not in left and text[at] >= _WIDE_FROM]
    _CLEARED.remember(text, [at for at in cleared if 0 < at < len(text) - 1])
    return [at for at in new if told[at] or at in left]


def _left(text: str, places: Sequence[int]) -> list[int]:
    """Those of a few places that have not the answer no to the exact second question."""
    return [at for at in places if text[at] < _WIDE_FROM or beside(text, at) is not False]


# places that need no more questions, and of others whether they do; only memories
_CLEARED = Windows()
_LIKELY: dict[str, bool] = {}
_N_KNOWN = 1 << 13
_WIDE_FROM: Final = "\u2e80"


def _near(text: str, at: int) -> str:
    """All that decides about a place before its line is asked: the characters beside a wide one,
    two on each side of another; nothing at the ends of a text.
    """
    reach = 1 if text[at] >= _WIDE_FROM else 2
    return text[at - reach : at + reach + 1] if reach <= at < len(text) - reach else ""


def _may_be(one: Table, two: Table, tables: _Tables) -> Table:
    """Whether `pairs.may_be` may find anything: never no where it does."""
    kinds = tables.kinds.take(one), tables.kinds.take(two)
    out: Table = ((kinds[0] & _LONG) != 0) & ((kinds[1] & _JAPANESE) != 0)
    out |= ((kinds[0] & _JAPANESE) != 0) & ((kinds[1] & _LONG) != 0)
    # nine in ten pairs are cleared by what each of the two has at best
    is_open = tables.best.take(one) + tables.best.take(two) >= LEAST // _PART
    is_open |= (tables.leaves.take(one) & tables.takes.take(two)) != 0
    left = is_open.nonzero()
    if len(left[0]):
        out[left] |= _is_likelier(one[left], two[left], tables)
    return out


def _is_likelier(one: Table, two: Table, tables: _Tables) -> Table:
    """Whether the bytes of two neighbours are likelier Chinese in some code page."""
    out: Table = (tables.gains[one] + tables.gains[two]).max(-1) >= LEAST // _PART
    own = tables.prices.take(one).astype(np.int16) + tables.prices.take(two)
    out |= (own[..., None] - _utf8(tables.raws[one], tables.raws[two], tables)).max(-1) >= LEAST
    return out


def _utf8(one: Table, two: Table, tables: _Tables) -> Table:
    """What the bytes of two neighbours cost as a character of UTF-8 and a third of another."""
    a, b, c, d = one >> 8, one & 0xFF, two >> 8, two & 0xFF
    is_first = (a >= 0xE2) & _continues(b)
    is_second = (b >= 0xE2) & _continues(a) & _continues(d)
    lead, middle, last = (np.where(is_first, *pair) for pair in ((a, b), (b, c), (c, d)))
    is_read = (is_first | is_second) & _continues(c) & (lead < 0xF0)
    code = (lead & 0xF) << 12 | (middle & 0x3F) << 6 | last & 0x3F
    out: Table = np.where(is_read, tables.chinese.take(code).astype(np.int16) + PART, OUT)
    return out


def _continues(byte: Table) -> Table:
    out: Table = (byte & 0xC0) == 0x80
    return out


@cache
def _tables() -> _Tables:
    pairs = np.stack(np.meshgrid(_LEADS, _TRAILS, indexing="ij"), -1).reshape(-1, 2)
    pairs = pairs.astype(np.uint8)
    decoded = {name: _read(pairs, codec) for name, codec in _CODECS.items()}
    big5 = decoded["big5hkscs"]
    shown = decoded["gb18030"], np.where(big5 == 0, decoded["cp950"], big5)
    chars = {name: _kept(decoded[_AS.get(name, name)]) for name in WIDE}
    prices = _prices(np.concatenate([codes_of(every) for every in chars.values()]))
    is_chinese = np.zeros(_BMP, bool)
    for first, last in ranges(CHINESE.pattern[1:-1]):
        is_chinese[first : last + 1] = True
    raws = np.zeros((_BMP, len(WIDE)), np.uint16)
    gains = np.full((_BMP, len(WIDE) * len(shown)), _LOW, np.int8)
    for k, name in enumerate(WIDE):
        char = codes(chars[name]).units
        raw = np.frombuffer(encode(chars[name], name), ">u2").astype(np.int64)
        place = ((raw >> 8) - _LEADS[0]) * len(_TRAILS) + (raw & 0xFF) - _TRAILS[0]
        raws[char, k] = raw
        for column, table in enumerate(shown, len(shown) * k):
            after = table[place]
            value = -((prices[after] - prices[char]) // _PART)
            value[~is_chinese[after] | (after == char)] = _LOW
            gains[char, column] = value.clip(_LOW, _HIGH)
    kinds = np.zeros(_BMP, np.uint8)
    for kind, specs in ((_OPEN, _OPEN_SPECS), (_MARK, (MARKS,)), (_NARROW, ("\x80-\u2e7f",))):
        for first, last in (span for spec in specs for span in ranges(spec)):
            kinds[first : last + 1] |= kind
    # the second plane of EUC-JP is three bytes long
    long = _read(np.insert(pairs[pairs.min(1) > 0xA0], 0, 0x8F, 1), "euc_jp")
    kinds[long] |= _LONG | _JAPANESE
    kinds[codes(chars["euc_jp"]).units] |= _JAPANESE
    kinds[(prices > 0xFF) & (prices < OUT)] |= _OPEN
    costs = prices.clip(0, 0xFF).astype(np.uint8)
    chinese = np.where(is_chinese, costs, 0xFF).astype(np.uint8)
    return _Tables(gains, gains.max(1), *_phases(raws), raws, costs, chinese, kinds)


def _phases(raws: Table) -> tuple[Table, Table]:
    """What the two bytes in each code page may be of a character in UTF-8."""
    one, two = raws >> 8, raws & 0xFF
    leads = [(byte >= 0xE2) & (byte < 0xF0) for byte in (one, two)]
    follows = [_continues(byte) for byte in (one, two)]
    leaves, takes = np.zeros((2, len(raws)), np.uint16)
    for k in range(len(WIDE)):
        for bit, ends, goes_on in (
            (1, leads[0] & follows[1], follows[0]),
            (2, follows[0] & leads[1], follows[0] & follows[1]),
        ):
            leaves[ends[:, k]] |= bit << 2 * k
            takes[goes_on[:, k]] |= bit << 2 * k
    return leaves, takes


def _read(data: Table, codec: str) -> Table:
    """The one character of the BMP that each row of bytes is, or 0."""
    rows = np.full((len(data), data.shape[1] + 1), _LF, np.uint8)  # a line end ends what is cut
    rows[:, :-1] = data
    found = codes_of("\n" + rows.tobytes().decode(codec, "replace"))
    ends = np.flatnonzero(found == _LF)[1:]
    out = np.where(found[ends - 2] == _LF, found[ends - 1], 0)
    out[(out > FAR) | (out == 0xFFFD)] = 0
    return out.astype(np.uint16)


def _kept(units: Table) -> str:
    """The characters, each once, but for private ones, and the euro sign, which is one byte."""
    is_kept = np.zeros(_BMP, bool)
    is_kept[units] = True
    is_kept[:0x80] = is_kept[0xD800:0xF900] = is_kept[ord("€")] = False
    return text_of(np.flatnonzero(is_kept).astype(np.uint32))


def _prices(chars: Table) -> Table:
    """What each of some characters costs by itself, by code point."""
    model = load()
    prices = np.full(_BMP, OUT, np.int32)
    ids, by_id = (np.frombuffer(part, np.uint16) for part in model.tables())
    for start, end, unknown in _REGULAR:
        here = ids[start:end]
        known = np.minimum(by_id[here], _DEAREST)
        prices[start:end] = np.where(here == 0, -model.unigram(unknown), known)
    for code in chars[prices[chars] == OUT].tolist():
        prices[code] = -model.unigram(chr(code))
    return prices
