"""Which characters of a text are not of its script or not its forms, for the rules mixed-script and
over-converted, which share this one reading of the text.

Lines are judged one by one, by the characters that tell a script; the forms of Traditional lines
are weighed together, since a page is converted as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from zhfix.convert.target import differences, is_foreign, text_lines
from zhfix.convert.writer import to_hans
from zhfix.convert.wrong import Doubt, doubts, weighed
from zhfix.protect import Span, free_spans
from zhfix.script import HAN, Evidence, characters, evidence, marks, odds

__all__ = ["Place", "Stray", "Stream", "can_differ", "has_both", "strays"]

Stream = tuple[int, int]  # telling characters of hans and hant seen before this text

_WORD_LIST = re.compile(r"(?:[^\s。！？!?]{1,8}[\s；;、/|]+){2,}[^\s。！？!?]{0,8}\s*")
_TABLE = re.compile(
    r"(?=.*[、／/→⇒=＝|])(?:\W*(?:\w{1,6}[、，,／/→⇒=＝|：:\s]+){2,}\w{0,6}\W*"
    r"|\w{1,6}[→⇒=＝／/|]+\w{1,6}\s*)"
)
_PAIRS = "「」『』“”‘’《》〈〉（）【】()[]\"\"''"
_QUOTATION = re.compile(
    "|".join(
        f"{re.escape(a)}[^{re.escape(a + b)}]{{1,40}}{re.escape(b)}"
        for a, b in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)
    )
)
# a text that speaks about characters names them as they are
_ABOUT = re.compile(
    '[簡简]化?[體体]?字|[繁正異异俗][體体]?字|[写寫][作成][「“‘『"]|字形|部首|[異异簡简繁][體体]'
)
# sure: the caller named the script; a stray; a stray in doubt; one in marks of its own
_ASKED, _STRAY, _DOUBT, _QUOTED = 0.95, 0.85, 0.6, 0.4
_MIN_MAJORITY, _MIN_RATIO = 3, 3  # telling characters of the majority, in all and per stray
_STREAM = 6  # telling characters of the other script alone: a segment of its own, not drift
_SHORT_QUOTE = 6  # a name or a word, quoted as it is written somewhere
_TELLS = 50  # tenths of nats from which a character counts as one of its script
_HK, _TW = frozenset("裏着衞説脱綫羣麪"), frozenset("裡著衛說脫線群麵")
# Simplified text has these too, in other words: 乾坤 瞭望 著名
_BOTH = frozenset("乾著瞭徵藉夥薴麽餘鍾覆像")


class Stray(NamedTuple):
    """One character or word to be written otherwise; `kind` is the rule that reports it."""

    start: int
    end: int
    after: str
    kind: str
    sure: float
    why: str


class Place(NamedTuple):
    """What a text is read for: the target, what must stay, and what was seen before it."""

    to: str
    protected: tuple[Span, ...] = ()
    stream: Stream | None = None
    is_proven: bool = False  # its Traditional is known to be converted one to one


class _Line(NamedTuple):
    start: int
    end: int
    script: str
    seen: Evidence
    major: int  # telling characters of its script, those of the stream included
    minor: int


@cache
def _telling(sign: int) -> frozenset[str]:
    """The characters that tell one script: 1 hans, -1 hant."""
    return frozenset(char for char, odd in odds().items() if odd * sign >= _TELLS)


def has_both(text: str) -> bool:
    """characters of both scripts."""
    seen = characters(text)
    return not (_telling(1).isdisjoint(seen) or _telling(-1).isdisjoint(seen))


def can_differ(text: str) -> bool:
    """Traditional characters, or such as Simplified text has in few words only."""
    seen = characters(text)
    return not _telling(-1).isdisjoint(seen) or not _BOTH.isdisjoint(seen)


@lru_cache(maxsize=16)
def strays(text: str, place: Place) -> tuple[Stray, ...]:
    """Every stray of `text`, in order."""
    return tuple(sorted(_strays(text, place)))


def _strays(text: str, place: Place) -> Iterator[Stray]:
    run: list[_Line] = []
    for line in _lines(text, place):
        if line.script == "hant" and (not run or run[-1].end == line.start):
            run.append(line)
            continue
        yield from _hant(text, run, place)
        run = [line] if line.script == "hant" else []
        if line.script == "hans":
            yield from _hans(text, line, place)
    yield from _hant(text, run, place)


def _lines(text: str, place: Place) -> Iterator[_Line]:
    """The lines to look into, with the script each is in."""
    is_open = place.to in ("auto", "keep")
    for start, end in free_spans(len(text), place.protected):
        for a, b in text_lines(text, start, end):
            part = text[a:b]
            has_hans, has_hant = not _telling(1).isdisjoint(part), not _telling(-1).isdisjoint(part)
            if not (has_hans or has_hant or not _BOTH.isdisjoint(part)):
                continue
            if not has_hant and place.to.startswith("hant"):
                continue  # written anew as a whole
            seen = evidence(part)
            script = _script(seen, place)
            major, minor = seen.n_hant, seen.n_hans
            if script == "hans":
                major, minor = minor, major
            if place.stream and is_open:
                major += place.stream[script == "hant"]
            if not is_open and script != place.to[:4]:
                if place.to == "hans":
                    continue  # written anew as a whole
                script = "hant"
            yield _Line(a, b, script, seen, major, minor)


def _script(seen: Evidence, place: Place) -> str:
    """The script of a line; in a stream, short ones are in the stream's."""
    if place.stream and place.to in ("auto", "keep"):
        hans, hant = place.stream
        if hans >= 3 * max(1, hant) and not (seen.n_hant >= _STREAM and not seen.n_hans):
            return "hans"
        if hant >= 3 * max(1, hans) and not (seen.n_hans >= _STREAM and not seen.n_hant):
            return "hant"
    return seen.majority


def _hans(text: str, line: _Line, place: Place) -> Iterator[Stray]:
    part = text[line.start : line.end]
    for a, b, after in differences(part, to_hans(part)):
        if part[a] == "著" and part[b : b + 1] == "《":
            continue  # who wrote the book
        if part[a] == "於" and (part[a - 1 : a] == "姓" or not HAN.match(part, a + 1)):
            continue  # a surname
        is_mark = all(odds().get(char, 0) <= -_TELLS for char in part[a:b])
        kind = "mixed-script" if is_mark else "over-converted"
        why = "stray in hans text" if is_mark else f"hans text has {after} here"
        sure = _ASKED
        if place.to in ("auto", "keep"):
            sure, doubt = _doubt(part, line, a, b, after)
            why += f"; but {doubt}" if doubt else ""
        if not is_mark and not line.minor:  # 著 for 着 is a habit of some Simplified text
            sure = min(sure, _DOUBT)
        yield Stray(line.start + a, line.start + b, after, kind, sure, why)


def _hant(text: str, run: list[_Line], place: Place) -> Iterator[Stray]:
    if not run or place.is_proven:
        return
    first = run[0].start
    part = text[first : run[-1].end]
    found, naive = doubts(part, _region(part, place.to))
    is_open = place.to in ("auto", "keep")
    i = 0
    for doubt, wrong in weighed(found, naive, [_left(text, run, first + d.at) for d in found]):
        at = first + doubt.at
        while run[i].end <= at:
            i += 1
        line = run[i]
        whole, here = text[line.start : line.end], at - line.start
        if marks().get(doubt.char) == "hans":
            sure, why, kind = _ASKED, "stray in hant text", "mixed-script"
            if is_open:
                sure, reason = _doubt(whole, line, here, here + 1, doubt.after)
                why += f"; but {reason}" if reason else ""
        else:
            kind = "over-converted" if not doubt.is_shared or not line.minor else "mixed-script"
            sure, why = wrong, doubt.why
            if is_open:
                sure, reason = _form_doubt(whole, line, here, sure)
                why += f"; but {reason}" if reason else ""
            elif wrong >= _from(line, doubt, naive):
                # the caller wants this script, and the text is damaged: the likelier form
                sure = max(0.8, wrong)
        if sure >= _LEAST:
            yield Stray(at, at + 1, doubt.after, kind, sure, why)


_LEAST = 0.3  # what is less sure is not worth a hint
# how sure a form is wrong from where on it is written anew, when the caller names the script: in a
# line with characters of hans alone, for a form that hans shares and others; in a page that was
# converted one to one; in a line that shows nothing else, where sound text has more to lose
_MIXED_SHARED, _MIXED, _NAIVE = 0.5, 0.7, 0.5
_PLAIN_SHARED, _PLAIN = 0.55, 0.75


def _from(line: _Line, doubt: Doubt, naive: float) -> float:
    """From where on the likelier form is written, when the caller names the script."""
    if line.seen.marked_hans:
        return _MIXED_SHARED if doubt.is_shared else _MIXED
    if doubt.is_shared:
        return _PLAIN_SHARED
    return _NAIVE if naive > 0 else _PLAIN


def _left(text: str, run: list[_Line], at: int) -> float:
    """The share of Simplified in the line at `at`: how likely a shared character is left over."""
    line = next(line for line in run if line.end > at)
    hans, hant = line.seen.marked_hans, line.seen.marked_hant
    return (hans + 0.5) / (hans + hant + 1) if hans else 0.0


def _region(text: str, to: str) -> str:
    """Whose forms to write: the target's, or under auto those that the text has most."""
    if to not in ("auto", "keep"):
        return to
    hk = sum(text.count(char) for char in _HK)
    return "hant-hk" if hk > sum(text.count(char) for char in _TW) else "hant"


def _doubt(line: str, seen: _Line, start: int, end: int, after: str) -> tuple[float, str]:
    """How sure a stray is one, under auto, and the doubt."""
    if seen.major < max(_MIN_MAJORITY, _MIN_RATIO * seen.minor):
        return _DOUBT, "the scripts are too evenly mixed to tell"
    if not (_is_common(line[start:end]) and _is_common(after)):
        return _DOUBT, "a rare character may be meant, as in a name"
    if _WORD_LIST.fullmatch(line) or _TABLE.fullmatch(line):
        return _DOUBT, "this looks like a list of words in both scripts"
    if any(
        low <= start < high and _is_other(line[low:high], seen.script)
        for low, high in _quoted(line)
    ):
        return _QUOTED, "it stands in a quotation, a title or parentheses"
    if _ABOUT.search(line):
        return _QUOTED, "the text speaks about characters"
    return _STRAY, ""


def _form_doubt(line: str, seen: _Line, at: int, sure: float) -> tuple[float, str]:
    """The same for a wrong form."""
    if not (HAN.match(line, at - 1) if at else None) and not HAN.match(line, at + 1):
        return min(sure, _QUOTED), "it stands alone"
    if line[at - 1 : at] in (")", "）"):
        return min(sure, _QUOTED), "it stands behind a note"
    if _TABLE.fullmatch(line):
        return min(sure, _DOUBT), "this looks like a list of words"
    for low, high in _quoted(line):
        inside = line[low:high]
        if low <= at < high and is_foreign(inside, "hant") and _is_other(inside, "hant"):
            return min(sure, _QUOTED), "it stands in a quotation of Simplified text"
    if any(low <= at < high and high - low <= _SHORT_QUOTE + 2 for low, high in _quoted(line)):
        return min(sure, _QUOTED), "it stands in a short quotation or a title"
    if _ABOUT.search(line):
        return min(sure, _QUOTED), "the text speaks about characters"
    if seen.minor and seen.major < max(_MIN_MAJORITY, _MIN_RATIO * seen.minor):
        return min(sure, _DOUBT), "the scripts are too evenly mixed to tell"
    if seen.minor and _WORD_LIST.fullmatch(line):
        return min(sure, _DOUBT), "this looks like a list of words in both scripts"
    return sure, ""


def _is_other(part: str, script: str) -> bool:
    """Whether a quotation may be meant in the other script: it has not more of `script`."""
    seen = evidence(part)
    return seen.n_hant >= seen.n_hans if script == "hans" else seen.n_hans >= seen.n_hant


@lru_cache(maxsize=64)
def _quoted(line: str) -> tuple[Span, ...]:
    return tuple(match.span() for match in _QUOTATION.finditer(line))


@cache
def _is_common(char: str) -> bool:
    """Whether a character is everyday: in GB 2312, or in the first level of Big5."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        try:
            return char.encode("big5") < b"\xc6\xa1"  # where the second level begins
        except UnicodeEncodeError:
            return False
    return True
