"""Shifted bytes: a mirror site's gloss that matched across two characters and threw the bytes
behind it out of step (人們?nèi)绾闻c for 人们如何與).

The sites search bytes, not characters, so the two bytes of a listed character are also found in the
second half of one character and the first half of the next. docs/mirror-damage.md tells how such a
run comes about and is read back; zhfix/rules/byte_runs.py does the reading. Here stands where to
look; zhfix/rules/byte_gate.py tells whether the page is damaged at all, byte_edits.py how sure a
reading is and what of it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial

from zhfix.options import SURE
from zhfix.pattern import pattern
from zhfix.protect import Span, overlaps
from zhfix.report import Edit, apply
from zhfix.rules.byte_gate import CLOSED, GLOSS_END, PROVEN, Gate, gate_of, has_gloss_end
from zhfix.rules.byte_page import FOLDED, GLOSS, PINYIN, QUERY, Page
from zhfix.rules.gbk import FULL_WIDTH, code
from zhfix.rules.registry import Asked, Context, Stage, Wake, rule
from zhfix.script import HAN_CLASS, KANA, has_kana
from zhfix.shapes import Shape, found_at, has_word

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from zhfix.rules.byte_runs import Run

__all__ = ["shifted_bytes", "unread_runs", "unread_wake", "without_run_kana"]

_BROKEN_TAG = pattern(r"\?(?:/[a-z][a-z0-9]{0,9}>|[a-z]{1,9} [a-z-]+=\"|br ?/?>)")
_SPOT = pattern(
    rf"\?(?:{PINYIN}\)|[、。，！？；：,;:!?]|/?[a-z][a-z0-9]{{0,9}}(?:>| /?>| [a-z-]+=))"
    rf"|\((?<=[@-~]\(){PINYIN}\)"
)
_OPENING = Shape("?"), Shape("(", before="@-~")
_NOTE = pattern(rf"\({PINYIN}\)")
_REAL = pattern(r"[\s　，。！？；：、\u3400-\u9fff]\?|\?[\s　\u3400-\u9fff]")
_HAN, _NEAR = pattern(f"[{HAN_CLASS}]"), 30
_ASKS = pattern(
    "(?:[什甚怎]麼|[什怎]么|[嗎吗呢吧]|[誰谁哪幾几]|[為为]何|如何|何[時时以]|多少|是否|是不是|能不能)"
    "[^，。！？；,.!?;\n]*$"
)  # a question, whose mark is its own
_CLAUSE = 40  # characters in which it is sought
_BEFORE = 200  # characters of context: a quotation is opened in them
_SHOWN = 0.3  # noise of which it is less sure is no hint
_UNREAD = pattern(rf"\?{PINYIN}\)")
_COPYRIGHT = pattern(r"\?(?<=(?:[Cc]opyright|COPYRIGHT) \?)(?= ?(?:19|20)\d\d)")
_COMMA = pattern(rf"(?<=[{HAN_CLASS}]),(?=[,;:!?，。、！？；：](?![,，]))")
_TAGGED, _DATED = Shape("?", behind="/a-z"), Shape("?", before=" ")
_BEFORE_MARK = Shape(",", HAN_CLASS, ",;:!?，。、！？；：")


def _is_marked(text: str) -> bool:
    """a toned vowel before `)`, `?` before a tag, `Copyright ?` before a year, `,、` or `,。`"""
    if has_gloss_end(text):
        return True
    if has_word(text, ",、") or has_word(text, ",。"):
        return True
    return any(
        next(found_at(made, text, shape), None) is not None
        for made, shape in ((_BROKEN_TAG, _TAGGED), (_COPYRIGHT, _DATED))
    )


def _wakes(_: Asked) -> Iterator[Wake]:
    for made, shape in ((GLOSS_END, CLOSED), (_BROKEN_TAG, _TAGGED), (_COPYRIGHT, _DATED)):
        yield Wake(shape, partial(_is_found, made))
    yield Wake(Shape(",", behind="、。"))


def _is_found(made: re.Pattern[str], text: str, places: Sequence[int]) -> bool:
    return any(made.match(text, at) for at in places)


@rule(
    "shifted-bytes",
    stage=Stage.SHIFTED_BYTES,
    sure=0.97,
    since="0.2",
    trigger=_is_marked,
    wakes=_wakes,
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
    # what reads bytes is imported where something is marked: 3 ms that no sound line pays
    from zhfix.rules.byte_edits import edits_of, is_lost, is_noisy, slack_of

    gate = gate_of(text, ctx.to)
    page, runs = _read(text, ctx.to, ctx.floor)
    n_noisy = sum(is_lost(run, text) and is_noisy(run) for run, _ in runs)
    slack = slack_of([run for run, _ in runs], gate.n_glosses)
    found: list[Edit] = []
    for run, edits in runs:
        if run.doubts or (n_noisy and is_lost(run, text)):
            edits = list(edits_of(run, gate, ctx, n_noisy, slack))
        found += edits
        if edits:
            found += _whole_mark(page, run.start, min(edits).sure, ctx)
    if any(edit.sure >= ctx.floor for edit in found):
        ctx.proven.add("one-to-one")
    spans = [(run.start, run.end) for run, _ in runs]
    found += _symbols(text, ctx)
    found += _commas(text, gate, ctx)
    found += _noise(page, gate, ctx, spans)
    if gate.is_proven and _REAL.search(text):
        found += _lost(text, ctx, spans)
    return found


@lru_cache(maxsize=1)
def _read(text: str, to: str, floor: float) -> tuple[Page, list[tuple[Run, list[Edit]]]]:
    """The page and its runs: asked for by the rule, and by who looks for Japanese before it."""
    gate = gate_of(text, to)
    page = Page(text, lambda: gate.is_proven)
    ctx = Context(text, (), "shifted-bytes", set(), to, floor=floor)
    return page, list(_runs(page, gate, ctx))


def _runs(page: Page, gate: Gate, ctx: Context) -> Iterator[tuple[Run, list[Edit]]]:
    """The runs of a page with the edits that each asks for by itself, which the next ones are read
    behind.
    """
    from zhfix.rules.byte_edits import edits_of
    from zhfix.rules.byte_runs import read_run
    from zhfix.rules.byte_stripped import stripped_spots

    text, at, before = page.text, 0, ""
    for start, end in stripped_spots(page) if page.is_stripped else _spots(text):
        if start < at:
            continue  # in a run that is read already
        before = (before + _NOTE.sub("", text[at:start]))[-_BEFORE:]
        run = read_run(page, start, before)
        if run is None:
            at, before = end, (before + text[start:end])[-_BEFORE:]
            continue
        edits = list(edits_of(run, gate, ctx))
        yield run, edits
        sure = [edit for edit in edits if edit.sure >= ctx.floor]
        here = [edit._replace(start=edit.start - start, end=edit.end - start) for edit in sure]
        written = apply(text[start : run.end], here)
        at, before = run.end, (before + written)[-_BEFORE:]


def _spots(text: str) -> Iterator[Span]:
    """Where a run may begin, near Chinese, which each shows, and where to look on if none does.

    >>> list(_spots("le(s) fichier(s)?, déplacé(s)")), list(_spots("人們?nèi)绾闻c"))
    ([], [(2, 7)])
    """
    for match in found_at(_SPOT, text, *_OPENING):
        start, end = match.start() - (match[0][0] != "?"), match.end()
        if _HAN.search(text, max(0, start - _NEAR), end + _NEAR):
            yield start, end


def unread_runs(text: str) -> Iterator[Span]:
    """Runs that could not be read: written in another script their bytes would be lost as well."""
    page, done = None, 0
    for match in _UNREAD.finditer(text):
        start = match.start()
        if start >= done:
            from zhfix.rules.byte_runs import read_run

            page = page or Page(text, lambda: False)
            run = read_run(page, start, _NOTE.sub("", text[max(0, start - _BEFORE) : start]))
            done = run.end if run else match.end()
            yield start, done


def unread_wake() -> Wake:
    """The places without which a text has no such runs."""
    return Wake(Shape("?", behind=PINYIN[1 : PINYIN.index("]")]), partial(_is_found, _UNREAD))


def without_run_kana(text: str, to: str = "keep", floor: float = SURE) -> str:
    """`text` with 一 for the kana that shifted bytes show: they make no sentence Japanese.

    >>> without_run_kana("因?yàn)槊刻熳呷ソ鹛?hào)做")
    '因?yàn)槊刻熳呷一鹛?hào)做'
    """
    if not _UNREAD.search(text) or not has_kana(text):
        return text
    out = [text]
    for run, _ in reversed(_read(text, to, floor)[1]):
        if _UNREAD.match(text, run.start):
            shown = KANA.sub("一", out[-1][run.start : run.end])
            out[-1:] = [out[-1][run.end :], shown, out[-1][: run.start]]
    return "".join(reversed(out))


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


def _commas(text: str, gate: Gate, ctx: Context) -> Iterator[Edit]:
    """Commas that some of these sites put before other marks."""
    from zhfix.rules.byte_edits import sigmoid

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
            yield ctx.edit(start, end + 1, FULL_WIDTH[mark], sigmoid(evidence), why)
        else:
            yield ctx.edit(start, end, "", sigmoid(evidence), why)


def _noise(page: Page, gate: Gate, ctx: Context, runs: list[Span]) -> Iterator[Edit]:
    """Pairs of random characters before marks, as some of these sites insert them."""
    from zhfix.rules.byte_edits import sigmoid
    from zhfix.rules.byte_noise import strewn

    text = page.text
    if not (GLOSS_END.search(text) or _BROKEN_TAG.search(text)):
        return  # nothing shows that bytes were replaced, and such characters stand in any text
    for found in strewn(page):
        start, end = found.groups[0][0], found.groups[-1][1]
        gain = max(-30.0, found.gain) - 3.0
        if sigmoid(gain + PROVEN) < _SHOWN or overlaps(start, end, runs):
            continue  # whatever stands around: the gate is dear
        sure = sigmoid(gain + gate.evidence(start))
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
        if overlaps(at, at + 1, runs) or _ASKS.search(text, max(0, at - _CLAUSE), at):
            continue
        why = "stands for a blank or a symbol that GBK lacks; which one cannot be known"
        yield Edit(at, at + 1, "?", " ", "lost", 0.3, why)
