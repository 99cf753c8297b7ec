"""Reads a run of shifted bytes: what the page held before a key was found across two characters.

The reader walks the displayed text with at most one byte in hand. Aligned, it takes characters as
they show; with a byte in hand, the first byte of the next character completes a character and the
second one is taken in hand, until a single byte ends the run. What the display lost (a byte
swallowed into `?`, a pair that shows nothing) is tried in every way the bytes allow, and the
character model chooses: all readings walk on together, so the best one is known by its lead over
the others.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, cached_property
from typing import NamedTuple

from zhfix.model import UNIT, load
from zhfix.rules.gbk import EURO, FULL_WIDTH, code, gbk, keys, reading

__all__ = ["LOST", "PINYIN", "Doubt", "Page", "Run", "read_run"]

LOST = "\uffff"  # stands in a reading for an ASCII character that was swallowed
PINYIN = "[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüêńňǹɡ]{1,6}"
_GLOSS = re.compile(rf"\(({PINYIN})\)")
_NOTE = re.compile(rf"\({PINYIN}\)")
_QUERY = re.compile(rf"\?({PINYIN})\)")
_TAG = re.compile(r"/?[A-Za-z][A-Za-z0-9]{0,9}(?:>|/>| /?>| [a-z-]+=)")
_BLOCK_TAG = re.compile(r"(?:/(?:p|div|h\d|li|td|tr|ul|br)|br)\b")
_MARKS = frozenset("、。，！？；：")  # before these some pages insert a byte that shows nothing
_FOLDED = frozenset(",;:!?")

_OPENING = dict(zip("「『“‘《〈（【", "」』”’》〉）】", strict=True))
_CLOSING = {closing: opening for opening, closing in _OPENING.items()}
_USUAL = 0.9  # share of an ASCII character behind another one from which it is restored
_BEAM = 16  # readings kept at one place
_SPAN = 22 * UNIT  # a reading this far behind the best one at the same place is given up
_LONGEST = 4000  # displayed characters: longer runs do not occur, since ASCII ends them
_TRIED = 10  # characters tried for a lost byte
_NEAR, _NEAR_SPAN = 4, 8 * UNIT  # readings for which pairs that show nothing are tried
_POOR = -11 * UNIT  # where two characters are unlikelier, two such pairs in a row are tried
_TWICE = 5 * UNIT  # price of two such pairs in a row
_FOUND = 8  # pairs of characters kept for a pair that shows nothing
_ODD = -13 * UNIT  # two characters this unlikely may hide a pair that shows nothing
_RARE = -14 * UNIT  # an unlikelier character is not tried for hidden bytes
_HIDDEN = 1 * UNIT  # price of a pair that shows nothing, beside the model's own
_LITERAL = 6 * UNIT  # price of a ? that is really a ?, before a mark
_PLAIN = 3 * UNIT  # the same, elsewhere
_UNENDING = 4 * UNIT  # price of a paragraph that ends in ， and the like
_BROKEN_TAG = 12 * UNIT  # price of a ? that is really a ?, before a tag without its <
_STRANGE = 8 * UNIT  # price of a Simplified character, kana, a Greek letter and the like
_OWN = 0.3  # share of the page's own counts in a step
_STOP = 2 * UNIT  # gain of 。, which is what most often stands before a mark that is no mark
_FAR = 150
_PAIRED = 2 * UNIT  # gain of a closing mark that was opened; a stray one costs twice that
_NOISE = 1 * UNIT  # price of a byte inserted before a mark
_FOLD = 2 * UNIT  # price of a mark that the collection folded to half width
_UNKNOWN = 6 * UNIT  # price of a swallowed ASCII character that cannot be known
_CUT = 10 * UNIT  # price of a text that ends inside a run
_WRONG_GLOSS = 8 * UNIT  # price of a gloss that does not read its character


class Doubt(NamedTuple):
    """Characters start..end of a reading, and how far behind the best other reading of them is."""

    start: int
    end: int
    margin: int


class Run(NamedTuple):
    """The best reading of start..end of the displayed text."""

    start: int
    end: int
    text: str  # LOST stands where a swallowed character cannot be known
    n_keys: int  # glosses that agree with the bytes
    n_guessed: int  # characters of which a byte was lost
    gain: int  # model score over the text read as it shows, glosses dropped
    doubts: tuple[Doubt, ...]


class Page:
    """A damaged text with what holds for all of it."""

    def __init__(self, text: str, *, is_open: bool) -> None:
        self.text = text
        self.is_open = is_open  # glosses of characters that are not on the list count
        self._model = load().step
        self._steps: dict[str, int] = {}

    @cached_property
    def is_raw(self) -> bool:
        """Whether undefined pairs still show, as private-use characters."""
        return re.search("[\ue000-\uf8ff]", self.text) is not None

    @cached_property
    def is_folded(self) -> bool:
        """Whether the collection folded full-width marks to half width."""
        return re.search("[，！？；：]", self.text) is None

    @cached_property
    def _followers(self) -> tuple[Counter[str], Counter[str]]:
        """Characters with the ASCII character behind them, and those alone."""
        pairs = Counter(re.findall("[^\x00-\x7f][\x00-\x27\x29-\x3f]", self.text))
        every = Counter[str]()
        for pair, n in pairs.items():
            every[pair[1]] += n
        return pairs, every

    @cached_property
    def _own(self) -> tuple[Counter[str], Counter[str], Counter[str]]:
        """How often the page shows each character, pair and triple, glosses left out."""
        plain = _NOTE.sub("", self.text)
        pairs = Counter(map("".join, zip(plain, plain[1:], strict=False)))
        triples = Counter(map("".join, zip(plain, plain[1:], plain[2:], strict=False)))
        return Counter(plain), pairs, triples

    def step(self, out: str, char: str) -> int:
        """The model's step after `out`, mixed with what the page itself shows: names and topics
        come back on a page.
        """
        key = out[-2:] + char
        found = self._steps.get(key)
        if found is not None:
            return found
        score = self._model(out, char)
        ones, pairs, triples = self._own
        n_pair = pairs.get(key[-2:], 0) if len(key) > 1 else 0
        if n_pair > 1:
            share = (n_pair - 1) / (ones[key[-2]] + 2)
            if len(key) == 3:
                n_triple = triples.get(key, 0)
                share = (max(0, n_triple - 1) + 2 * share) / (pairs.get(key[:2], 0) + 2)
            mixed = (1 - _OWN) * math.exp(score / UNIT) + _OWN * share
            score = round(math.log(mixed) * UNIT)
        self._steps[key] = score
        return score

    @cached_property
    def unused_quotes(self) -> frozenset[str]:
        """Quotation marks that the page never shows, while it shows others."""
        unused = {mark for mark in "「」『』“”‘’" if mark not in self.text}
        return frozenset(unused if len(unused) < 8 else ())

    @cached_property
    def swallowed(self) -> list[tuple[str, int]]:
        """ASCII characters that may have been swallowed on this page, with their prices; LOST for
        any other one.
        """
        _, every = self._followers
        total = sum(every.values()) + 4
        marks = {char: n for char, n in every.items() if char in _FOLDED}
        n_marks = sum(marks.values())
        out = [(LOST, _UNKNOWN)]
        # the model says how likely a mark is here; the page says whether it is of half width
        share = n_marks / total
        out += [(char, _nats(share)) for char, n in marks.items() if n > 1]
        # a swallowed < is known by the tag behind it
        others = [(char, n) for char, n in every.items() if char in "\n\r \"'"]
        out += [(char, _nats(n / total) + 2 * UNIT) for char, n in others if n / total > 0.05]
        return out


def _nats(share: float) -> int:
    return round(-math.log(share) * UNIT)


class _Path:
    """One reading on its way: everything left of `at` is read."""

    __slots__ = ("at", "doubts", "hand", "n_guessed", "n_keys", "out", "score", "was_shifted")

    def __init__(
        self,
        at: int,
        hand: int,
        out: str,
        score: int,
        n_keys: int,
        n_guessed: int,
        was_shifted: bool,
        doubts: tuple[Doubt, ...],
    ) -> None:
        self.at = at
        self.hand = hand  # the byte in hand, -1 when aligned
        self.out = out  # what is read, behind two characters of context
        self.score = score
        self.n_keys = n_keys
        self.n_guessed = n_guessed
        self.was_shifted = was_shifted
        self.doubts = doubts


class _Reader:
    def __init__(self, page: Page, before: str, is_noisy: bool) -> None:
        self.page = page
        self.before = before
        self.is_far = len(before) > _FAR  # else a quotation may have been opened before the text
        self.text = page.text
        self.is_noisy = is_noisy
        self.model = page.step
        self.plain = gbk().plain
        self.chars = gbk().chars

    def step(self, out: str, char: str) -> int:
        """The model's step; dear for what Traditional text is not written with."""
        if char > "\x7f" and char not in self.plain:
            return self.model(out, char) - _STRANGE
        if out[-1:] == LOST:  # most often a mark was swallowed
            out = out[:-1] + "，"
        return self.model(out, char)

    # ---- one reading moves on

    def moved(
        self,
        path: _Path,
        at: int,
        hand: int,
        char: str,
        price: int = 0,
        key: int = 0,
        guess: int = 0,
    ) -> _Path:
        """`path` with `char` read, up to `at`."""
        score = path.score - price
        out = path.out
        for one in char:
            if one == LOST:
                score -= _UNKNOWN
            else:
                score += self.step(out, one)
            out += one
        return _Path(
            at, hand, out, score, path.n_keys + key, path.n_guessed + guess, True, path.doubts
        )

    def next(self, path: _Path, *, is_near: bool) -> Iterator[_Path]:
        """All ways to read on; what shows nothing is tried only for the best readings so far."""
        if path.hand < 0:
            return self.aligned(path)
        return self.shifted(path, is_near)

    def gloss_end(self, at: int, char: str) -> int:
        """End of the gloss at `at` when it is the one of `char`, else `at`."""
        if self.text[at : at + 1] == "(":
            match = _GLOSS.match(self.text, at)
            if match and reading(char) == match[1]:
                return match.end()
        return at

    def aligned(self, path: _Path) -> Iterator[_Path]:
        text, at = self.text, path.at
        char = text[at]
        was = path.was_shifted
        if char == "?":
            yield from self.query(path)
            return
        end = at + 1
        key = 0
        if char > "\x7f":
            end = self.gloss_end(end, char)
        elif char >= "@" and text[end : end + 1] == "(":
            match = _GLOSS.match(text, end)
            lead = self.last_byte(path.out)
            if match and lead and self.is_key(self.chars.get(lead << 8 | ord(char), ""), match[1]):
                end, key, was = match.end(), 1, True
        moved = self.moved(path, end, -1, char, 0, key)
        moved.was_shifted = was
        yield moved

    def is_key(self, char: str, pinyin: str) -> bool:
        return bool(char) and char in keys(code(char) >> 8, pinyin, is_open=self.page.is_open)

    def last_byte(self, out: str) -> int:
        last = out[-1:]
        pair = code(FULL_WIDTH.get(last, last)) if last else 0
        return pair & 0xFF if pair > 0xFF else 0

    def query(self, path: _Path) -> Iterator[_Path]:
        """A `?` met while aligned: a key across two characters, a byte lost before a mark, or a
        real one.
        """
        text, at = self.text, path.at
        match = _QUERY.match(text, at)
        if match:
            lead = self.last_byte(path.out)
            found = keys(lead, match[1], is_open=self.page.is_open) if lead else ()
            for char in found:
                hand = code(char) & 0xFF
                if hand > EURO:
                    path_ = self.moved(path, match.end(), hand, "", 0, 1)
                    yield path_
            if found:
                return
        after = text[at + 1 : at + 2]
        is_mark = after in _MARKS or (self.page.is_folded and after in _FOLDED)
        if after and is_mark and self.is_noisy:
            mark = FULL_WIDTH.get(after, after)
            pair = code(mark)
            price = _NOISE + (_FOLD if mark != after else 0)
            for extra, char in self.likely(path.out, gbk().by_trail[pair >> 8]):
                yield self.moved(path, at + 2, pair & 0xFF, char, price + extra, guess=1)
            third = text[at + 2 : at + 3]
            if after in "?" and FULL_WIDTH.get(third, third) in _MARKS and third:
                for extra, char in self.likely(path.out, gbk().by_trail[0xA1]):
                    yield self.moved(path, at + 2, -1, char, 2 * _NOISE + extra, guess=1)
        elif after == "?" and self.is_noisy:
            third = text[at + 2 : at + 3]
            if third and third in _MARKS and code(third) >> 8 == 0xA3:
                for extra, char in self.likely(path.out, gbk().by_trail[0xA1]):
                    yield self.moved(path, at + 2, -1, char, 2 * _NOISE + extra, guess=1)
        price = (
            _LITERAL if after and is_mark else _BROKEN_TAG if _TAG.match(text, at + 1) else _PLAIN
        )
        moved = self.moved(path, at + 1, -1, "?", price)
        moved.was_shifted = path.was_shifted
        yield moved

    def likely(
        self, out: str, found: tuple[tuple[int, str], ...], n: int = _TRIED
    ) -> list[tuple[int, str]]:
        """Of the characters that a lost byte may have made, the likeliest ones with their prices."""
        step, last = self.step, out[-1:]
        ranked = sorted(
            (
                (step(out, char) - self.mark_price(out, char), char)
                for _, char in found
                if (char != last or char > "\u3400" or char in "…—")
            ),
            reverse=True,
        )
        return [(self.mark_price(out, char), char) for _, char in ranked[:n]]

    def mark_price(self, out: str, char: str) -> int:
        """Price of a quotation mark that does not pair with what stands before."""
        if char in self.page.unused_quotes:
            return 6 * _PAIRED
        before = self.before + out
        if char in _CLOSING:
            opened, closed = before.rfind(_CLOSING[char]), before.rfind(char)
            if opened > closed:
                return -_PAIRED
            return 2 * _PAIRED if self.is_far or closed >= 0 else 0
        if char in _OPENING:
            return 0 if before.rfind(char) <= before.rfind(_OPENING[char]) else 2 * _PAIRED
        if char == "。":  # a sentence of one character is none
            return 2 * _PAIRED if before[-2:-1] in _OPENING else -_STOP * (out[-1:] > "\u3400")
        return 0

    def shifted(self, path: _Path, is_near: bool) -> Iterator[_Path]:
        text, at, hand = self.text, path.at, path.hand
        if hand < EURO:  # a letter that served as second byte
            yield self.moved(path, at, -1, chr(hand))
            return
        if at >= len(text) or text[at] == "\n":
            for extra, char in self.likely(path.out, gbk().by_lead.get(hand, ()), 3):
                yield self.moved(path, at, -1, char, _CUT + extra, guess=1)
            return
        shown = text[at]
        if shown == "?":
            yield from self.swallowed(path)
            if self.page.is_folded:
                yield from self.folded(path, "？")
        else:
            if shown >= "@":
                yield from self.completed(path, code(shown))
            if "!" <= shown <= "~" and self.page.is_folded:
                yield from self.folded(path, chr(ord(shown) + 0xFEE0))
            if shown < "@":
                return
        if is_near and not self.page.is_raw:
            yield from self.hidden(path)

    def completed(self, path: _Path, pair: int) -> Iterator[_Path]:
        """The byte in hand with the first byte of what shows next."""
        first = pair >> 8 if pair > 0xFF else pair
        char = self.chars.get(path.hand << 8 | first, "")
        if not char or not first:
            return
        yield self.onward(path, pair, char)

    def onward(self, path: _Path, pair: int, char: str, price: int = 0, guess: int = 0) -> _Path:
        """`char` is read and ends with the first byte of `pair`, which shows at `path.at`."""
        text, end = self.text, path.at + 1
        if pair > 0xFF:  # the shown pair may be a key itself: its gloss goes
            after = self.gloss_end(end, text[path.at])
            if after == end and text[end : end + 1] == "(" and _GLOSS.match(text, end):
                price += _WRONG_GLOSS
            return self.moved(path, after, pair & 0xFF, char, price, int(after > end), guess)
        after = self.gloss_end(end, char)
        if after == end and text[end : end + 1] == "(" and _GLOSS.match(text, end):
            price += _WRONG_GLOSS
        return self.moved(path, after, -1, char, price, int(after > end), guess)

    def folded(self, path: _Path, mark: str) -> Iterator[_Path]:
        pair = code(mark)
        char = self.chars.get(path.hand << 8 | pair >> 8, "")
        if char:
            yield self.moved(path, path.at + 1, pair & 0xFF, char, _FOLD)

    def swallowed(self, path: _Path) -> Iterator[_Path]:
        """A `?` met with a byte in hand: the second byte of a character, and what it swallowed."""
        text, at, hand = self.text, path.at, path.hand
        match = _QUERY.match(text, at)
        if match:
            for char in keys(hand, match[1], is_open=self.page.is_open):
                yield self.moved(path, match.end(), -1, char, 0, 1)
            return
        after = text[at + 1 : at + 2]
        is_mark = after and (after in _MARKS or (self.page.is_folded and after in _FOLDED))
        is_tag = _TAG.match(text, at + 1)
        for extra, char in self.likely(path.out, gbk().by_lead.get(hand, ())):
            if is_tag:
                one = self.moved(path, at + 1, -1, char, extra, guess=1)
                is_end = _BLOCK_TAG.match(text, at + 1) is not None
                if is_end and char in _OPENING:
                    continue
                if is_end and char in "，、；：":
                    one.score -= _UNENDING
                one.score += self.step(one.out, "\n" if is_end else "<")
                one.out += "<"
                yield one
                continue
            if is_mark and self.is_noisy:
                yield self.moved(path, at + 1, -1, char, _NOISE + extra, guess=1)
            if after == "\n":
                yield self.moved(path, at + 1, -1, char, 2 * _NOISE + extra, guess=1)
            one = self.moved(path, at + 1, -1, char, extra, guess=1)
            for ascii_, price in self.page.swallowed:
                as_shown = FULL_WIDTH.get(ascii_, "")
                price_ = price - self.step(one.out, as_shown) if as_shown else price
                two = _Path(
                    at + 1,
                    -1,
                    one.out + ascii_,
                    one.score - price_,
                    one.n_keys,
                    one.n_guessed,
                    True,
                    one.doubts,
                )
                yield two

    def hidden(self, path: _Path) -> Iterator[_Path]:
        """A pair that shows nothing stood before what shows next."""
        text, at, hand = self.text, path.at, path.hand
        shown = text[at]
        pinyin = ""
        if shown == "?":
            match = _QUERY.match(text, at)
            if not match:
                return
            pinyin = match[1]
            pair = first = 0
        else:
            pair = code(shown)
            first = pair >> 8 if pair > 0xFF else pair
            direct = self.chars.get(hand << 8 | first, "")
            if direct and self.looks_right(path.out, direct, at, pair):
                return
        step, out = self.step, path.out
        before = out[-1:]
        firsts = sorted(((step(out, one), lead, one) for lead, one in _hiding(hand)), reverse=True)[
            :_TRIED
        ]
        found: list[tuple[int, str, str]] = []
        for score, lead, one in firsts:
            if score < _RARE:
                break
            if pinyin:
                twos: tuple[str, ...] = tuple(
                    two
                    for trail in gbk().hidden[lead]
                    for two in keys(trail, pinyin, is_open=False)
                )
            else:
                twos = _hidden_by(lead, first)
            pair_ = before + one
            found += [(score + step(pair_, two), one, two) for two in twos]
        found.sort(reverse=True)
        if not pinyin and (not found or found[0][0] < _POOR):
            found = sorted(found[:_FOUND] + self.hidden_twice(out, firsts, first), reverse=True)
        for _, one, two in found[:_FOUND]:
            price = _HIDDEN if len(one) == 1 else _TWICE
            first_moved = self.moved(path, at, hand, one, price, guess=2)
            if pinyin:
                match = _QUERY.match(text, at)
                assert match
                yield self.moved(first_moved, match.end(), -1, two, 0, 1)
            else:
                yield self.onward(first_moved, pair, two)

    def hidden_twice(
        self, out: str, firsts: list[tuple[int, int, str]], last: int
    ) -> list[tuple[int, str, str]]:
        """Two pairs that show nothing in a row: two characters, then one that ends with `last`."""
        step, found = self.step, []
        for score, lead, one in firsts[: _TRIED // 2]:
            before = out[-1:] + one
            found += [
                (score + step(before, two), trail, one, two) for trail, two in _hidden_between(lead)
            ]
        found.sort(reverse=True)
        thrice = [
            (score + step(one + two, three) - _TWICE, one + two, three)
            for score, lead, one, two in found[:_FOUND]
            for three in _hidden_by(lead, last)
        ]
        return sorted(thrice, reverse=True)[:_FOUND]

    def looks_right(self, out: str, char: str, at: int, pair: int) -> bool:
        """Whether the next two characters, read without a hidden pair, make sense."""
        score = self.step(out, char)
        if pair <= 0xFF:
            return score > _ODD // 2
        text = self.text
        after = self.gloss_end(at + 1, text[at])
        following = code(text[after]) if after < len(text) else 0
        first = following >> 8 if following > 0xFF else following
        two = self.chars.get((pair & 0xFF) << 8 | first, "")
        if not two:
            return score > _ODD // 2
        return score + self.step(out[-1:] + char, two) > _ODD


@cache
def _hiding(hand: int) -> tuple[tuple[int, str], ...]:
    """(second byte, character) of those characters with the byte `hand` whose second byte leads
    pairs that show nothing.
    """
    hidden = gbk().hidden
    found = ((trail, char) for trail, char in gbk().by_lead.get(hand, ()) if trail in hidden)
    return tuple(_common(found, 12))


@cache
def _hidden_by(lead: int, trail: int) -> tuple[str, ...]:
    """Characters that end with `trail` and whose first byte, behind `lead`, shows nothing."""
    hidden = gbk().hidden[lead]
    found = ((first, char) for first, char in gbk().by_trail.get(trail, ()) if first in hidden)
    return tuple(char for _, char in _common(found, 40))


@cache
def _hidden_between(lead: int) -> tuple[tuple[int, str], ...]:
    """(second byte, character) where both bytes belong to pairs that show nothing."""
    tables = gbk()
    found = (
        (trail, char)
        for first in tables.hidden[lead]
        for trail, char in tables.by_lead.get(first, ())
        if trail in tables.hidden
    )
    return tuple(_common(found, 80))


def _common(found: Iterator[tuple[int, str]], n: int) -> list[tuple[int, str]]:
    """The commonest characters of `found`."""
    unigram = load().unigram
    return sorted(found, key=lambda item: (-unigram(item[1]), item))[:n]


def read_run(page: Page, start: int, before: str, *, is_noisy: bool) -> Run | None:
    """The best reading of the displayed text from `start`, where what stands before is `before`.

    Ends where all readings agree again. None when the text reads best as it shows. `is_noisy`:
    bytes inserted before marks are reckoned with.
    """
    reader = _Reader(page, before[:-2], is_noisy)
    text = page.text
    context = before[-2:]
    path = _Path(start, -1, context, 0, 0, 0, False, ())
    buckets: dict[int, dict[tuple[int, str], _Path]] = {start: {(-1, context): path}}
    end = len(text)
    best: _Path | None = None
    while buckets:
        at = min(buckets)
        bucket = buckets.pop(at)
        paths = sorted(bucket.values(), key=_score)
        top = paths[0]
        if at >= end and all(path.hand < 0 for path in paths):
            best = _settled(paths, len(context))
            break
        if (
            at > start
            and not buckets
            and len(paths) == 1
            and top.hand < 0
            and text[at] != "?"
            and text[at : at + 1] != "("
        ):
            best = top
            break
        if at - start > _LONGEST:
            return None
        for i, path in enumerate(paths[:_BEAM]):
            if path.score < top.score - _SPAN:
                break
            if at >= end and path.hand < 0:
                _put(buckets, path, len(context))
                continue
            is_near = i < _NEAR and path.score > top.score - _NEAR_SPAN
            for moved in reader.next(path, is_near=is_near):
                _put(buckets, moved, len(context))
    if best is None or not best.was_shifted:
        return None
    read = best.out[len(context) :]
    shown = _GLOSS.sub("", text[start : best.at])
    score, out = 0, context
    for char in shown:
        score += reader.step(out, char)
        out += char
    return Run(start, best.at, read, best.n_keys, best.n_guessed, best.score - score, best.doubts)


def _score(path: _Path) -> int:
    return -path.score


def _put(buckets: dict[int, dict[tuple[int, str], _Path]], path: _Path, n_context: int) -> None:
    """Add a reading; of two that stand alike the better one stays and remembers the other."""
    bucket = buckets.setdefault(path.at, {})
    slot = (path.hand, path.out[-2:])
    other = bucket.get(slot)
    if other is None:
        bucket[slot] = path
        return
    if other.score > path.score:
        path, other = other, path
    bucket[slot] = path
    path.doubts = _doubts(path, other, n_context)


def _settled(paths: list[_Path], n_context: int) -> _Path:
    best = paths[0]
    for other in paths[1:]:
        best.doubts = _doubts(best, other, n_context)
    return best


def _doubts(path: _Path, other: _Path, n_context: int) -> tuple[Doubt, ...]:
    """The doubts of `path`, with where `other` reads differently."""
    margin = path.score - other.score
    one, two = path.out, other.out
    if margin >= _SPAN or one == two:
        return path.doubts
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    tail = 0
    while tail < min(len(one), len(two)) - start and one[-1 - tail] == two[-1 - tail]:
        tail += 1
    end = len(one) - tail
    if len(one) != len(two):
        return (*path.doubts, Doubt(start - n_context, end - n_context, margin))
    found = []
    while start < end:
        stop = start + 1
        while stop < end and one[stop] != two[stop]:
            stop += 1
        found.append(Doubt(start - n_context, stop - n_context, margin))
        start = stop
        while start < end and one[start] == two[start]:
            start += 1
    return (*path.doubts, *found)
