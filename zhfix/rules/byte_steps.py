"""One step of reading a run of shifted bytes: all the ways in which a reading can go on.

A reading has at most one byte in hand. Aligned (no byte in hand) it takes characters as they show;
else the first byte of what shows next completes a character, and the second one is taken in hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from zhfix.model import UNIT, load
from zhfix.named import NamedTuple
from zhfix.pattern import pattern
from zhfix.rules.byte_ends import DIGIT
from zhfix.rules.byte_hidden import hidden_keys, hidden_runs
from zhfix.rules.byte_page import GLOSS, LOST, MARKS, OPENING, QUERY, Page
from zhfix.rules.gbk import EURO, code, gbk, reading

__all__ = ["Doubt", "Path", "Reader"]

_TAG = pattern(r"/?[A-Za-z][A-Za-z0-9]{0,9}(?:>|/>| /?>| [a-z-]+=)")
_BLOCK_TAG = pattern(r"(?:/(?:p|div|h\d|li|td|tr|ul|br)|br)\b")
_CITED = pattern(r"[0-9]{1,3}(?:[-,，、~–－][0-9]{1,3})*\]")  # a note whose [ is gone
_CITATION = 5 * UNIT  # its gain: the model knows no brackets, and ] wants one
_TAIL = pattern(r"[a-z]{3,}(?![a-z]*[)0-9_=])")  # of a word whose first letter is gone
_CAPITALS = frozenset(range(0x41, 0x5B))
_LETTER = 3 * UNIT  # its price
_FULL_WIDTH = 0xA3  # lead of ，；：！？
_TRIED = 10  # characters tried for a lost byte
_SWALLOWED = 16  # readings of one that took an ASCII character along
_WORTH = 13 * UNIT  # a hidden pair this far behind what shows without one is not read on
_ODD = -13 * UNIT  # two characters this unlikely may hide a pair that shows nothing
_LITERAL = 6 * UNIT  # price of a ? that is really a ?, before a mark
_PLAIN = 3 * UNIT  # the same, elsewhere
# gains of what most often loses its first byte before a mark: 。 (far the most often where ！ is
# found, before quotation marks), and of the characters that end in A1 the one that ends a clause
_STOP, _STOP_QUOTED, _CLAUSE = 2 * UNIT, 4 * UNIT, 3 * UNIT // 2
# the same where another mark is known to follow: a page hides 啊 at all such places, so counts of
# what it shows speak against it
_PARTICLE = 13 * UNIT // 4
_WORD = 3 * UNIT  # a character likelier than this goes on with a word: 。 gains twice as much less
_BROKEN_TAG = 12 * UNIT  # the same, before a tag without its <
_NOISE = 1 * UNIT  # price of a byte inserted before a mark
_FOLD = 2 * UNIT  # price of a mark that the collection folded to half width
_CUT = 10 * UNIT  # price of a text that ends inside a run
_WRONG_GLOSS = 8 * UNIT  # price of a gloss that does not read its character


@lru_cache(maxsize=8192)
def _stop_behind(char: str) -> int:
    """What the gain of 。 is more or less behind `char`: 幸 ends no sentence."""
    model = load()
    likelier = model.step(char, "。") - model.unigram("。")
    return max(-_STOP, min(_STOP, likelier)) // 2


class Doubt(NamedTuple):
    """Characters start..end of a reading, and by how much the best other one is worse."""

    start: int
    end: int
    margin: int


class Path(NamedTuple):
    """One reading on its way: everything left of `at` is read."""

    at: int
    hand: int  # the byte in hand, -1 when aligned
    out: str  # what is read, behind two characters of context
    score: int
    n_keys: int  # glosses that agree with the bytes
    n_guessed: int  # characters of which a byte was lost
    was_shifted: bool
    doubts: tuple[Doubt, ...]
    before: Path | None  # one step earlier


class Reader:
    """The ways to read on in one run; `before` is what stands before it."""

    def __init__(self, page: Page, before: str) -> None:
        self.page = page
        self.before = before
        self.text = page.text
        self.chars = gbk().chars
        self._hidden: dict[tuple[int, int], list[tuple[int, str]]] = {}
        self._ranked = page.ranked

    def next(self, path: Path, *, is_near: bool) -> Iterator[Path]:
        """All ways to read on; pairs that show nothing are tried where the reading `is_near` the
        best one.
        """
        if path.hand >= 0:
            return self._shifted(path, is_near)
        if self.text[path.at] == "?":
            return self._query(path)
        return self._aligned(path)

    def _moved(
        self,
        path: Path,
        at: int,
        hand: int,
        chars: str,
        price: int = 0,
        key: int = 0,
        guess: int = 0,
        is_shift: bool = True,
    ) -> Path:
        """`path` with `chars` read, up to `at`."""
        score, out = path.score - price, path.out
        for char in chars:
            score += self.page.step(out, char)
            out += char
        return Path(
            at,
            hand,
            out,
            score,
            path.n_keys + key,
            path.n_guessed + guess,
            path.was_shifted or is_shift,
            path.doubts,
            path,
        )

    def gloss_end(self, at: int, char: str) -> int:
        """End of the gloss at `at` when it is the one of `char`, else `at`."""
        if self.text[at : at + 1] == "(":
            match = GLOSS.match(self.text, at)
            if match and reading(char) == match[1]:
                return match.end()
        return at

    def _likely(
        self,
        out: str,
        found: tuple[str, ...],
        n: int = _TRIED,
        *,
        mark: str = "",
    ) -> list[tuple[int, str]]:
        """Of the characters that a lost byte may have made, the likeliest with their prices."""
        if not found:
            return []
        slot = (out[-2:], found[0])  # a first character tells which list it is
        known = self._ranked.get(slot)
        if known is None:
            steps = sorted(zip(self.page.steps(out, found), found, strict=True), reverse=True)
            han = [item for item in steps if item[1] > "\u3400"]
            han[_TRIED:] = [item for item in han[_TRIED:] if item[1] == "啊"]  # it may gain
            marks = [item for item in steps if item[1] < "\u3400" and item[1] != out[-1:]]
            known = self._ranked[slot] = han, marks
        han, marks = known
        gains: dict[str, int] = {}
        if mark and out[-1:] > "\u3400":
            stop = (_STOP_QUOTED if mark == "！" else _STOP) + _stop_behind(out[-1])
            word = han[0][0] if han else -_WORD
            particle = _PARTICLE if mark == "。" else _CLAUSE
            gains = {"。": max(0, stop - 2 * max(0, word + _WORD)), "啊": particle}
        price, before = self.page.mark_price, self.before + out
        ranked = [(score + gains.get(char, 0), char, -gains.get(char, 0)) for score, char in han]
        for score, char in marks:
            cost = price(before, char) - gains.get(char, 0)
            ranked.append((score - cost, char, cost))
        ranked.sort(reverse=True)
        return [(cost, char) for _, char, cost in ranked[:n]]

    # ---- no byte in hand

    def _aligned(self, path: Path) -> Iterator[Path]:
        text, at = self.text, path.at
        char, end, key = text[at], at + 1, 0
        if char > "\x7f":
            end = self.gloss_end(end, char)
        elif char >= "@" and text[end : end + 1] == "(":
            # a letter may have served as the second byte of a key: ，F(xiàn)
            match = GLOSS.match(text, end)
            lead = self.page.last_byte(path.out)
            found = self.chars.get(lead << 8 | ord(char), "")
            if match and found and found in self.page.keys(lead, match[1]):
                end, key = match.end(), 1
        yield self._moved(path, end, -1, char, key=key, is_shift=key > 0)

    def _query(self, path: Path) -> Iterator[Path]:
        """A `?` met while aligned: a key across two characters, a byte lost before a mark, or a
        real one.
        """
        text, at, page = self.text, path.at, self.page
        match = QUERY.match(text, at)
        lead = page.last_byte(path.out) if match else 0
        if match and lead and (found := page.keys(lead, match[1])):
            for char in found:
                hand = code(char) & 0xFF
                if hand > EURO:
                    yield self._moved(path, match.end(), hand, "", key=1)
            return
        mark = page.mark_at(at + 1)
        if mark:
            pair = code(mark)
            price = _NOISE + _FOLD * (text[at + 1] not in MARKS)
            for cost, char in self._likely(path.out, page.with_trail(pair >> 8), mark=mark):
                yield self._moved(path, at + 2, pair & 0xFF, char, price + cost, guess=1)
        if text[at + 1 : at + 2] == "?" and code(page.mark_at(at + 2) or " ") >> 8 == 0xA3:
            # 。 found across a boundary before an aligned mark: both its bytes met an inserted one
            for cost, char in self._likely(path.out, page.with_trail(0xA1), mark="。"):
                yield self._moved(path, at + 2, -1, char, 2 * _NOISE + cost, guess=1)
        price = _LITERAL if mark else _BROKEN_TAG if _TAG.match(text, at + 1) else _PLAIN
        yield self._moved(path, at + 1, -1, "?", price, is_shift=False)

    # ---- a byte in hand

    def _shifted(self, path: Path, is_near: bool) -> Iterator[Path]:
        text, at, hand = self.text, path.at, path.hand
        if hand < EURO:  # a letter that served as second byte
            yield self._moved(path, at, -1, chr(hand))
            return
        if at >= len(text) or text[at] == "\n":
            for cost, char in self._likely(path.out, self.page.with_lead(hand), 3):
                yield self._moved(path, at, -1, char, _CUT + cost, guess=1)
            return
        shown = text[at]
        if shown == "?":
            yield from self._swallowed(path)
        elif shown >= "@":
            pair = code(shown)
            char = self.chars.get(hand << 8 | (pair >> 8 or pair), "") if pair else ""
            if char:
                yield self._onward(path, pair, char)
        if shown.isdigit() and not self.page.is_raw and _CITED.match(text, at):
            # 潛力[3]: A6 5B shows nothing, and [ with it
            for trail, leads in gbk().hidden.items():
                char = self.chars.get(hand << 8 | trail, "") if 0x5B in leads else ""
                if char in gbk().plain:
                    yield self._moved(path, at, -1, char + "[", -_CITATION, guess=1)
        if not self.page.is_raw and _TAIL.match(text, at):
            yield from self._capitalized(path)
        if "!" <= shown <= "~" and self.page.is_folded:
            pair = code(chr(ord(shown) + 0xFEE0))
            char = self.chars.get(hand << 8 | pair >> 8, "")
            if char:
                yield self._moved(path, at + 1, pair & 0xFF, char, _FOLD)
        if is_near and shown >= "?" and not self.page.is_raw:
            yield from self._hidden_before(path)

    def _capitalized(self, path: Path) -> Iterator[Path]:
        """The rest of an English word: 對|E shows nothing where A6 45 is no character, and xcel is
        left. Which letter it was cannot be known.
        """
        chars = (
            self.chars.get(path.hand << 8 | trail, "")
            for trail, leads in gbk().hidden.items()
            if not leads.isdisjoint(_CAPITALS)
        )
        found = tuple(char for char in chars if char in gbk().plain)
        for cost, char in self._likely(path.out, found):
            score = path.score - cost + self.page.step(path.out, char) - _LETTER
            out = path.out + char + LOST
            n_guessed = path.n_guessed + 1
            yield Path(path.at, -1, out, score, path.n_keys, n_guessed, True, path.doubts, path)

    def _onward(self, path: Path, pair: int, chars: str, price: int = 0, guess: int = 0) -> Path:
        """`chars` are read and end with the first byte of `pair`, which shows at `path.at`."""
        text, end = self.text, path.at + 1
        # the shown pair may be a key itself; a single byte ends the character that is read
        after = self.gloss_end(end, text[path.at] if pair > 0xFF else chars[-1])
        if after == end and text[end : end + 1] == "(" and GLOSS.match(text, end):
            price += _WRONG_GLOSS
        hand = pair & 0xFF if pair > 0xFF else -1
        return self._moved(path, after, hand, chars, price, int(after > end), guess)

    def _swallowed(self, path: Path) -> Iterator[Path]:
        """A `?` met with a byte in hand: the second byte of a character, and what it swallowed."""
        text, at, hand = self.text, path.at, path.hand
        match = QUERY.match(text, at)
        if match:
            for char in self.page.keys(hand, match[1]):
                yield self._moved(path, match.end(), -1, char, key=1)
            if not match[1].isascii():
                return  # (raw) is no pinyin
        # behind an inserted byte the mark may have lost its first byte to another one
        is_mark = bool(self.page.mark_at(at + 1 + (text[at + 1 : at + 2] == "?")))
        is_tag = _TAG.match(text, at + 1) is not None
        is_end = is_tag and _BLOCK_TAG.match(text, at + 1) is not None
        ends, before = self.page.ends, text[at + 1 : at + 2]
        found: list[tuple[int, str, str]] = []
        for cost, char in self._likely(path.out, self.page.with_lead(hand)):
            score = path.score - cost + self.page.step(path.out, char)
            if is_tag:
                price = ends.price(char, "<")
                if char in OPENING and (is_end or text[at + 1] == "/"):
                    price += _BROKEN_TAG
                found.append((score - price, char, "<"))
                continue
            if is_mark:
                found.append((score - _NOISE, char, ""))
            if before == "\n":
                found.append((score - 2 * _NOISE, char, ""))
            found += [
                (score - ends.price(char, ascii_, before or "\n"), char, ascii_)
                for ascii_ in ends.chars
            ]
        found.sort(reverse=True)
        for score, char, ascii_ in found[:_SWALLOWED]:  # more would not be read on
            out = path.out + char + (LOST if ascii_ == DIGIT else ascii_)
            n_guessed = path.n_guessed + 1
            yield Path(at + 1, -1, out, score, path.n_keys, n_guessed, True, path.doubts, path)

    def _hidden_before(self, path: Path) -> Iterator[Path]:
        """A pair that shows nothing stood before what shows next."""
        text, at, hand = self.text, path.at, path.hand
        match = QUERY.match(text, at)
        slot = (at, hand)
        if text[at] == "?":
            if not match:
                return
            if slot not in self._hidden:
                found = hidden_keys(self.page, path.out, hand, match[1])
                self._hidden[slot] = [(0, chars) for chars in found]
            for _, chars in self._hidden[slot]:
                yield self._moved(path, match.end(), -1, chars, key=1, guess=2)
            return
        pair = code(text[at])
        first = pair >> 8 or pair
        direct = self.chars.get(hand << 8 | first, "")
        if slot not in self._hidden:  # the best reading comes first: its context serves all
            # behind ， every pair shows nothing, so ； and the like are no good sign
            is_right = (
                direct and hand != _FULL_WIDTH and self._looks_right(path.out, direct, at, pair)
            )
            hidden = [] if is_right else hidden_runs(self.page, path.out, hand, first)
            self._hidden[slot] = hidden
        least = self.page.step(path.out, direct) - _WORTH if direct else -_WORTH * 9
        for score, chars in self._hidden[slot]:
            if score > least:  # else not read on: it leads to where the direct reading leads
                yield self._onward(path, pair, chars, guess=len(chars))

    def _looks_right(self, out: str, char: str, at: int, pair: int) -> bool:
        """Whether the next two characters, read without a hidden pair, make sense."""
        step, text = self.page.step, self.text
        score = step(out, char)
        after = self.gloss_end(at + 1, text[at])
        following = code(text[after]) if after < len(text) and pair > 0xFF else 0
        two = self.chars.get((pair & 0xFF) << 8 | (following >> 8 or following), "")
        return score + step(out[-1:] + char, two) > _ODD if two else score > _ODD // 2
