"""What speaks for a stray where nobody named a script: the text around it is meant so, or nothing
tells which script is meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from zhfix.convert.by_word import Doubt
from zhfix.convert.doubts import naive_share
from zhfix.convert.target import is_foreign
from zhfix.kept import kept
from zhfix.protect import Span
from zhfix.rules.classical import has_only_variants, is_classical, is_of_today
from zhfix.rules.quoted import (
    SHORT_QUOTE,
    is_about,
    is_alone,
    is_beside_note,
    is_divided,
    is_even,
    is_mentioned,
    is_noted,
    is_other,
    is_table,
    is_word_list,
    item,
    quotation,
)
from zhfix.rules.stretches import Line
from zhfix.script import Evidence, evidence, has_kana, marks

__all__ = ["DOUBT", "EVEN", "QUOTED", "form_doubt", "likely", "minor_share", "stray_doubt"]

EVEN = "the scripts are too evenly mixed to tell"

# sure: a stray; a stray in doubt; one in marks of its own; under what counts as damage
_STRAY, DOUBT, QUOTED, _UNTOLD = 0.85, 0.6, 0.4, 0.45
_MIN_MAJORITY, _MIN_RATIO = 3, 3  # telling characters of the majority, in all and per stray
_LIKELIEST, _PER_CHARACTER = 0.74, 0.08  # shares of those that have less, where it is not clear
# the same of a line, per stray, whose text has so many times as many of the majority elsewhere
_BACKED_RATIO, _BACKING = 2, 6


def stray_doubt(text: str, seen: Line, span: Span, after: str) -> tuple[float, str]:
    """How sure a stray at a span of its line is one, under auto, and the doubt."""
    line, (start, end) = text[seen.start : seen.end], span
    low, high = quotation(line, start)
    if is_divided(line) or (high and is_other(line[low:high], seen.script)):
        return QUOTED, "it stands in a quotation, a title or parentheses"
    if is_about(line) or is_mentioned(line):
        return QUOTED, "the text speaks about characters"
    if high and is_even(line[low:high]):
        return DOUBT, "it stands in a quotation or a title that has both scripts"
    is_apart = is_word_list(line) and is_other(item(line, start), seen.script)
    if is_apart or is_table(line):
        return QUOTED, "this looks like a list of words in both scripts"
    if (share := minor_share(text, seen)) is not None:
        return share, EVEN
    if seen.script == "hant" and has_only_variants(line):
        sure = DOUBT if is_of_today(line) else _UNTOLD
        return sure, "variants older than Simplified stand in Traditional print as well"
    if not (_is_common(line[start:end]) and _is_common(after)):
        return DOUBT, "a rare character may be meant, as in a name"
    return _STRAY, ""


def minor_share(text: str, line: Line) -> float | None:
    """How likely the script that a line has less of is the one that strayed into it; None where it
    is clear. Of texts that were mixed at all rates, half are of either script where both have as
    many characters, and three in four where one has three more.
    """
    if line.major >= max(_MIN_MAJORITY, _MIN_RATIO * line.minor) or _is_backed(text, line):
        return None
    return min(_LIKELIEST, 0.5 + _PER_CHARACTER * max(0, line.major - line.minor))


def _is_backed(text: str, line: Line) -> bool:
    """Whether the rest of the text is in the script of a line, which needs to show less then."""
    whole, seen = _whole(text), line.seen
    major, minor = whole.n_hant - seen.n_hant, whole.n_hans - seen.n_hans
    if line.script == "hans":
        major, minor = minor, major
    # Japanese has characters of both scripts
    is_clear = line.major >= _BACKED_RATIO * line.minor and not has_kana(text)
    return is_clear and major >= _BACKING * max(1, minor)


@kept(2)
def _whole(text: str) -> Evidence:
    return evidence(text)


def likely(
    text: str, span: Span, found: Iterable[Doubt], least: float, *, is_capped: bool
) -> list[Doubt]:
    """Those of the doubts about forms in a span that may be as sure as `least`, by what they say
    themselves; `is_capped`: without Simplified in its line, none becomes surer than its `most`.
    """
    known, (low, high) = marks(), span
    return [
        doubt
        for doubt in found
        if known.get(doubt.char) == "hans"
        or (
            naive_share(doubt.gap) >= least
            and not (
                is_capped
                and doubt.most < least
                and _marked().isdisjoint(_line_at(text, low + doubt.at, low, high))
            )
        )
    ]


def _line_at(text: str, at: int, low: int, high: int) -> str:
    return text[text.rfind("\n", low, at) + 1 or low : text.find("\n", at, high) + 1 or high]


@cache
def _marked() -> frozenset[str]:
    """The characters that stand in Simplified alone."""
    return frozenset(char for char, script in marks().items() if script == "hans")


def form_doubt(line: str, seen: Line, at: int, sure: float, *, is_row: bool) -> tuple[float, str]:
    """The same for a wrong form."""
    if is_alone(line, at):
        return min(sure, QUOTED), "it stands alone"
    if is_beside_note(line, at) or is_noted(line, at):
        return min(sure, QUOTED), "it stands beside a note"
    if is_table(line):
        return min(sure, QUOTED), "this looks like a list of words"
    low, high = quotation(line, at)
    inside = line[low:high]
    if is_divided(line) or (high and is_foreign(inside, "hant") and is_other(inside, "hant")):
        return min(sure, QUOTED), "it stands in a quotation of Simplified text"
    if is_about(line) or is_mentioned(line):
        return min(sure, QUOTED), "the text speaks about characters"
    if is_classical(line, 0, len(line)) and not seen.seen.marked_hans:
        most = DOUBT if is_row else _UNTOLD
        return min(sure, most), "verse and classical prose have words of their own"
    if high and high - low <= SHORT_QUOTE:
        return min(sure, DOUBT), "it stands in a short quotation or a title"
    if seen.minor and seen.major < max(_MIN_MAJORITY, _MIN_RATIO * seen.minor):
        # without a character that Traditional text never has, 后 may be a word of its own
        doubt = DOUBT if seen.seen.marked_hans or not _is_daily(line[at]) else _UNTOLD
        return min(sure, doubt), EVEN
    if seen.minor and is_word_list(line):
        return min(sure, QUOTED), "this looks like a list of words in both scripts"
    return sure, ""


@cache
def _is_common(char: str) -> bool:
    """Whether a character is everyday: in GB 2312, or in the first level of Big5."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return _is_daily(char)
    return True


def _is_daily(char: str) -> bool:
    """Whether a character is in the first level of Big5."""
    try:
        return char.encode("big5") < b"\xc6\xa1"  # where the second level begins
    except UnicodeEncodeError:
        return False
