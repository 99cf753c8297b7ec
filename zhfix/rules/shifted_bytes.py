"""Shifted bytes: a mirror site's gloss that matched across two characters and threw the bytes
behind it out of step (人們?nèi)绾闻c for 人们如何與).

The sites search bytes, not characters, so the two bytes of a listed character are also found in the
second half of one character and the first half of the next. docs/mirror-damage.md tells how such a
run comes about and is read back; zhfix/rules/byte_runs.py does the reading. Here stands where to
look, whether the page is damaged at all, and how sure a reading is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property

from zhfix.model import UNIT
from zhfix.pattern import pattern
from zhfix.protect import Span, overlaps
from zhfix.report import Edit, apply
from zhfix.rules import tiles
from zhfix.rules.byte_noise import strewn
from zhfix.rules.byte_odds import all_right, doubtful, odds_of, pieces, rights_of
from zhfix.rules.byte_page import FOLDED, GLOSS, LOST, PINYIN, QUERY, Page
from zhfix.rules.byte_runs import Run, read_run
from zhfix.rules.byte_stripped import stripped_spots
from zhfix.rules.gbk import FULL_WIDTH, code, reading
from zhfix.rules.pinyin import listed
from zhfix.rules.registry import Context, Stage, rule
from zhfix.script import HAN_CLASS, KANA, has_kana, meets
from zhfix.shapes import Shape, found_at, has_word

__all__ = ["shifted_bytes", "unread_runs", "without_run_kana"]

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
_VOWELS = frozenset(_TONED)
# a gloss ends in a toned vowel and at most two plain letters (uān-g, iǎ-o, xiàn)
_GLOSS_END = pattern(rf"\)(?:(?<=[{_TONED}]\))|(?<=[{_TONED}][a-z]\))|(?<=[{_TONED}][a-z]{{2}}\)))")
_BROKEN_TAG = pattern(r"\?(?:/[a-z][a-z0-9]{0,9}>|[a-z]{1,9} [a-z-]+=\"|br ?/?>)")
_SPOT = pattern(
    rf"\?(?:{PINYIN}\)|[、。，！？；：,;:!?]|/?[a-z][a-z0-9]{{0,9}}(?:>| /?>| [a-z-]+=))"
    rf"|\((?<=[@-~]\(){PINYIN}\)"
)
_LOST_FIRST = pattern(r"\?[、。，！？；：,;:!?]")  # a byte was lost before a mark
_KEY = pattern(rf"\?{PINYIN}\)|[@-~]\({PINYIN}\)")
_ALIGNED = pattern(rf"(?P<han>[{HAN_CLASS}])\((?P<pinyin>{PINYIN})\)")
_NOTE = pattern(rf"\({PINYIN}\)")
_REAL = pattern(r"[\s　，。！？；：、\u3400-\u9fff]\?|\?[\s　\u3400-\u9fff]")
_BEFORE = 200  # characters of context: a quotation is opened in them
_CLEAR = 5 * UNIT  # gain of a run that needs no look at the rest of the page
_PROVEN = 4.0  # log-odds that bytes were replaced on a page whose glosses prove it
_SHOWN = 0.3  # noise of which it is less sure is no hint
_UNREAD = pattern(rf"\?{PINYIN}\)")
_BOTH_HAN = pattern(f"[{HAN_CLASS}]{{2}}")
_COPYRIGHT = pattern(r"\?(?<=(?:[Cc]opyright|COPYRIGHT) \?)(?= ?(?:19|20)\d\d)")
_COMMA = pattern(rf"(?<=[{HAN_CLASS}]),(?=[,;:!?，。、！？；：](?![,，]))")
_CLOSED = Shape(")", f"a-z{_TONED}")
_TAGGED, _DATED = Shape("?", behind="/a-z"), Shape("?", before=" ")
_BEFORE_MARK = Shape(",", HAN_CLASS, ",;:!?，。、！？；：")
_PAGE = 400  # characters of text that tell how a page writes
# on a proven page a wrong guess harms less than elsewhere: the right character is lost there, and
# what would stand in its place is wrong as well. Where glosses stand close, few of all edits are
# guesses, so one is made from about 60 % on; where they are sparse, from 65 %
_HARM_DENSE, _HARM_SPARSE = 0.5, 0.6
_DENSE = 50  # characters of text to a gloss, at most
_HARM_ALONE = 1.05  # a fragment does not tell how its page writes


def _is_marked(text: str) -> bool:
    """a toned vowel before `)`, `?` before a tag, `Copyright ?` before a year, `,、` or `,。`"""
    if meets(text, _VOWELS) and next(found_at(_GLOSS_END, text, _CLOSED), None):
        return True
    if has_word(text, ",、") or has_word(text, ",。"):
        return True
    return any(
        next(found_at(made, text, shape), None) is not None
        for made, shape in ((_BROKEN_TAG, _TAGGED), (_COPYRIGHT, _DATED))
    )


@rule(
    "shifted-bytes",
    stage=Stage.SHIFTED_BYTES,
    sure=0.97,
    since="0.2",
    trigger=_is_marked,
    fixes=[
        ("人們?nèi)绾闻c世界相處", "人們如何與世界相處"),
        ("其中，F(xiàn)acebook的用戶", "其中，Facebook的用戶"),
        ("我們?cè)谀抢飬s玩得", "我們在那里卻玩得"),
        ("網絡發展?fàn)顩r", "網絡發展狀況"),
    ],
    leaves=[
        "這是什麼?nǐ)好",
        "人們(nèi)绾闻c",
        "函數F(x)和G(x)",
        "什么?！真的?，我不信??！",
        "他說(shuō)什麼?！",
        "A級(jí)和B(bì)級",
    ],
)
def shifted_bytes(text: str, ctx: Context) -> Iterator[Edit]:
    """Text that a gloss across two characters threw out of step, read back byte by byte."""
    yield from _found(text, ctx)


def _found(text: str, ctx: Context) -> list[Edit]:
    """All edits for `text`, sure or not."""
    gate = _Gate(text, ctx.to)
    page = Page(text, lambda: gate.is_proven)
    runs: list[Span] = []
    found: list[Edit] = []
    at, before = 0, ""
    for start, end in stripped_spots(page) if page.is_stripped else _spots(text):
        if start < at:
            continue  # in a run that is read already
        before = (before + _NOTE.sub("", text[at:start]))[-_BEFORE:]
        run = read_run(page, start, before)
        if run is None:
            at, before = end, (before + text[start:end])[-_BEFORE:]
            continue
        runs.append((run.start, run.end))
        edits = list(_edits(run, gate, ctx))
        found += edits
        if edits:
            found += _whole_mark(page, start, min(edits).sure, ctx)
        sure = [edit._replace(start=edit.start - start, end=edit.end - start) for edit in edits]
        written = apply(text[start : run.end], [edit for edit in sure if edit.sure >= ctx.floor])
        at, before = run.end, (before + written)[-_BEFORE:]
    if any(edit.sure >= ctx.floor for edit in found):
        ctx.proven.add("one-to-one")
    found += _symbols(text, ctx)
    found += _commas(text, gate, ctx)
    found += _noise(page, gate, ctx, runs)
    if _REAL.search(text) and gate.is_proven:
        found += _lost(text, ctx, runs)
    return found


def _spots(text: str) -> Iterator[Span]:
    """Where a run may begin, and where to look on if none does."""
    for match in _SPOT.finditer(text):
        yield match.start() - (match[0][0] != "?"), match.end()


def unread_runs(text: str) -> Iterator[Span]:
    """Runs that could not be read: written in another script their bytes would be lost as well."""
    page, done = None, 0
    for match in _UNREAD.finditer(text):
        start = match.start()
        if start >= done:
            page = page or Page(text, lambda: False)
            run = read_run(page, start, _NOTE.sub("", text[max(0, start - _BEFORE) : start]))
            done = run.end if run else match.end()
            yield start, done


def without_run_kana(text: str) -> str:
    """`text` with 一 for the kana that shifted bytes show: they make no sentence Japanese.

    >>> without_run_kana("因?yàn)槊刻熳呷ソ鹛?hào)做")
    '因?yàn)槊刻熳呷一鹛?hào)做'
    """
    out = [text]
    for start, end in reversed(list(unread_runs(text)) if has_kana(text) else []):
        out[-1:] = [out[-1][end:], KANA.sub("一", out[-1][start:end]), out[-1][:start]]
    return "".join(reversed(out))


def _edits(run: Run, gate: _Gate, ctx: Context) -> Iterator[Edit]:
    """The edits that a run asks for: what is sure, marks for what is not, and that as a hint."""
    n_tags = run.text.count("<") - ctx.text.count("<", run.start, run.end)
    is_plain = run.n_keys and not run.n_guessed and run.gain > _CLEAR
    evidence = 0.0 if is_plain else gate.evidence(run.start)
    # a tag costs what its place costs (byte_ends) beside what it proves
    evidence += 4.0 * run.n_keys + 5.0 * n_tags + 0.3 * run.gain / UNIT
    machine = _sigmoid(evidence - 3.0)
    around = ctx.text[max(0, run.start - 1) : run.start] + ctx.text[run.end : run.end + 1]
    if len(run.text) == 1 and run.text.isascii() and _BOTH_HAN.fullmatch(around):
        machine = min(machine, 0.6)  # 茖W(xué)計: rather the end of a run whose start is not seen
    why = "bytes were swallowed before a mark"
    if run.n_keys:
        why = f"{run.n_keys} gloss{'es' * (run.n_keys > 1)} matched the bytes across characters"
    is_page = len(ctx.text) >= _PAGE and gate.is_proven_at(run.start)
    harm = _HARM_ALONE
    if is_page:
        harm = _HARM_DENSE if gate.is_dense else _HARM_SPARSE
    odds = odds_of(run, is_lost=_LOST_FIRST.match(ctx.text, run.start) is not None)
    rights = rights_of(run, odds)
    needed = min(0.99, ctx.floor / max(machine, 0.01))
    open_ = doubtful(run, ctx.text, odds, rights, 1 - (1 - needed) / harm)
    if not open_ or 2 * len(open_) > len(run.text):
        sure = machine * (1 - harm * (1 - all_right(rights)))
        yield _trimmed(ctx, run, run.text, min(sure, 0.9 * ctx.floor) if open_ else sure, why)
        return
    for (one, start), (two, end), is_open in pieces(run, open_):
        before = ctx.text[run.start + start : run.start + end]
        read = run.text[one:two]
        shown = "".join("?" if i in open_ else char for i, char in enumerate(read, one))
        right = 1 - harm * (1 - all_right(rights[one:two]))
        if before != shown:
            kept = (right for i, right in enumerate(rights[one:two], one) if i not in open_)
            sure = machine * (1 - harm * (1 - all_right(kept)))
            yield ctx.edit(run.start + start, run.start + end, shown, sure, why)
        read = read.replace(LOST, "?")
        if is_open and read != shown:
            why_open = f"{why}; what was lost is guessed"
            sure = machine * min(right, 0.9 * ctx.floor)
            yield ctx.edit(run.start + start, run.start + end, read, sure, why_open)


def _trimmed(ctx: Context, run: Run, after: str, sure: float, why: str) -> Edit:
    """The edit without what stays the same at both ends."""
    after = after.replace(LOST, "?")
    before = ctx.text[run.start : run.end]
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return ctx.edit(run.start + head, run.end - tail, after[head : len(after) - tail], sure, why)


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def _symbols(text: str, ctx: Context) -> Iterator[Edit]:
    """A `?` where a © stood: between that word and a year no text has a question mark."""
    for match in _COPYRIGHT.finditer(text):
        yield ctx.edit(*match.span(), "©", 0.9, "© before a year; GBK lacks it")


def _whole_mark(page: Page, start: int, sure: float, ctx: Context) -> Iterator[Edit]:
    """A mark before a run, folded to half width since: its second byte was the first of the key,
    so it had two (其中,F(xiàn)acebook).
    """
    text = page.text
    mark = text[start - 1 : start]
    if mark not in FOLDED or page.is_surely_stripped:
        return
    lead = page.last_byte(mark)
    query = QUERY.match(text, start)
    gloss = query or GLOSS.match(text, start + 1)
    if not gloss:
        return
    found = page.keys(lead, gloss[1])
    if query is None:
        if not text[gloss.end() : gloss.end() + 1].isascii():
            return  # variant B writes 。現股東 as ,F(xiàn)股東: the comma was none
        found = tuple(char for char in found if code(char) == lead << 8 | ord(text[start]))
    if found:
        why = f"{found[0]} was found across it, so it was full-width"
        yield ctx.edit(start - 1, start, FULL_WIDTH[mark], sure, why)


def _commas(text: str, gate: _Gate, ctx: Context) -> Iterator[Edit]:
    """Commas that some of these sites put before other marks."""
    found = list(found_at(_COMMA, text, _BEFORE_MARK))
    # two marks with it (荼,,國 and 書記,、) are a habit, no slip: in 42 million clean characters
    # one such comma stands, alone
    kinds = {FULL_WIDTH.get(text[match.end()], text[match.end()]) for match in found}
    for match in found:
        start, end = match.span()
        evidence = gate.evidence(start) + 0.3
        if len(kinds) > 1 and not kinds.isdisjoint("、。"):
            evidence = max(evidence, 2.0)
        why = "a comma before a mark, as some mirror sites insert it"
        mark = text[end]
        if mark in FOLDED:  # it was found by the bytes that it has in full width
            yield ctx.edit(start, end + 1, FULL_WIDTH[mark], _sigmoid(evidence), why)
        else:
            yield ctx.edit(start, end, "", _sigmoid(evidence), why)


def _noise(page: Page, gate: _Gate, ctx: Context, runs: list[Span]) -> Iterator[Edit]:
    """Pairs of random characters before marks, as some of these sites insert them."""
    text = page.text
    if not (_GLOSS_END.search(text) or _BROKEN_TAG.search(text)):
        return  # nothing shows that bytes were replaced, and such characters stand in any text
    for found in strewn(page):
        start, end = found.groups[0][0], found.groups[-1][1]
        gain = max(-30.0, found.gain) - 3.0
        if _sigmoid(gain + _PROVEN) < _SHOWN or overlaps(start, end, runs):
            continue  # whatever stands around: the gate is dear
        sure = _sigmoid(gain + gate.evidence(start))
        if sure < _SHOWN:
            continue
        for one, two, char in found.groups:
            why = "two random characters were put between the bytes of a mark"
            yield ctx.edit(one, two, char, min(sure, 0.95), why)
        if text[end] in FOLDED:
            why = "its first byte was the second one of a mark, so it was full-width"
            yield ctx.edit(end, end + 1, FULL_WIDTH[text[end]], min(sure, 0.95), why)


def _lost(text: str, ctx: Context, runs: list[Span]) -> Iterator[Edit]:
    """Hints: a `?` on a proven page that stands for a blank or symbol that GBK lacks."""
    for match in _REAL.finditer(text):
        at = match.start() + match[0].index("?")
        if overlaps(at, at + 1, runs):
            continue
        why = "stands for a blank or a symbol that GBK lacks; which one cannot be known"
        yield Edit(at, at + 1, "?", " ", "lost", 0.3, why)


class _Gate:
    """Whether the page came through the sites' machine, place by place."""

    def __init__(self, text: str, to: str) -> None:
        self.text = text
        self._to = to

    @cached_property
    def _found(self) -> list[tuple[int, str]]:
        known = listed()
        return [
            (match.start(), match["han"])
            for match in _ALIGNED.finditer(self.text)
            if match["han"] in known and reading(match["han"]) == match["pinyin"]
        ]

    @cached_property
    def _pages(self) -> tiles.Pages:
        return tiles.Pages(self.text, self._found, [], self._to)

    def view(self, at: int) -> tiles.View | None:
        """The view of the tile at `at`."""
        return self._pages.view(at) if 0 <= at < len(self.text) else None

    @cached_property
    def is_proven(self) -> bool:
        """Whether any part of the page is proven."""
        return any(self._pages.view(at).is_proven for at, _ in self._found)

    @cached_property
    def is_dense(self) -> bool:
        """Whether glosses stand close to each other."""
        return len(self._found) * _DENSE >= len(self.text)

    def is_proven_at(self, at: int) -> bool:
        """Whether the page is proven around `at`."""
        view = self.view(at)
        return view is not None and view.is_proven

    def evidence(self, at: int) -> float:
        """Log-odds that bytes were replaced around `at`."""
        view = self.view(at)
        if view is None:
            return 0.0
        return _PROVEN if view.is_proven else max(-6.0, min(view.logit, 2.0))
