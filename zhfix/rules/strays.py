"""Which characters of a text are not of its script or not its forms, for the rules mixed-script and
over-converted, which share this one reading of the text.

The forms of Traditional lines are weighed together, since a page is converted as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from zhfix.convert.by_word import Doubt
from zhfix.convert.doubts import doubts_each, weighed
from zhfix.convert.regional import region_of
from zhfix.convert.target import differences, is_foreign
from zhfix.convert.writer import to_hans, to_hant
from zhfix.convert.yue import is_own_word
from zhfix.named import NamedTuple
from zhfix.pattern import pattern
from zhfix.protect import Span
from zhfix.rules.brief import edited_among
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
    quotation,
)
from zhfix.rules.script_wakes import is_open
from zhfix.rules.stretches import (
    TELLS,
    Line,
    Place,
    Stream,
    both_among,
    can_differ,
    differ_among,
    has_both,
    judged,
    stretches,
    telling,
)
from zhfix.script import HAN, HAN_CLASS, Evidence, marks, meets, odds

__all__ = [
    "UNASKED",
    "Place",
    "Stray",
    "Stream",
    "both_among",
    "can_differ",
    "differ_among",
    "has_both",
    "quiet_among",
    "strays",
]

# sure: the caller named the script; a stray; a stray in doubt; one in marks of its own
_ASKED, _STRAY, _DOUBT, _QUOTED = 0.95, 0.85, 0.6, 0.4
_UNTOLD = 0.45  # under what counts as damage
UNASKED = 0.79  # a hint just under the default floor
_MIN_MAJORITY, _MIN_RATIO = 3, 3  # telling characters of the majority, in all and per stray
_AFTER_YU = pattern(f"[0-9０-９{HAN_CLASS}]")  # 作於1330年; a surname stands before a mark


class Stray(NamedTuple):
    """One character or word to be written otherwise; `kind` is the rule that reports it."""

    start: int
    end: int
    after: str
    kind: str
    sure: float
    why: str


@lru_cache(maxsize=4)
def strays(text: str, place: Place) -> tuple[Stray, ...]:
    """Every stray of `text`, in order."""
    return tuple(sorted(_strays(text, place)))


def _strays(text: str, place: Place) -> Iterator[Stray]:
    found = list(stretches(text, place))
    foreign: list[Stray] = []
    is_hant = place.to.startswith("hant")
    if not is_hant:
        # 像 brings most lines here, and nothing in them would be written otherwise
        lines = [part for part in found if part[2] == "hans" and is_open(text[part[0] : part[1]])]
        foreign += _hans(text, list(judged(text, lines, place)), place)
        yield from foreign
    doubtful = [part for part in found if (is_hant if part[2] == "hans" else not place.is_proven)]
    if not doubtful:
        return
    region = _region(text, place.to)
    if place.is_brief and all(stray.kind == "mixed-script" for stray in foreign):
        parts = [(0, start, text[start:end]) for start, end, _ in doubtful]
        if not edited_among([text], parts, region):
            return
    told = doubts_each([text[start:end] for start, end, _ in doubtful], region)
    for (start, end, script), (doubts, naive) in zip(doubtful, told, strict=True):
        if not doubts and script == "hant":
            continue
        forms = _hant(text, (start, end), place, doubts, naive)
        yield from forms if script == "hant" else _unwritten(text, start, end, place, forms)


def quiet_among(texts: Sequence[str], to: str, *, is_brief: bool = False) -> list[bool]:
    """Whether each of many short texts surely has no strays: nothing in it is written otherwise in
    hans, and no form doubtful in hant; with `is_brief`, none that comes to an edit. They are
    weighed together.
    """
    place, is_hant = Place(to, is_brief=is_brief), to.startswith("hant")
    is_quiet = [True] * len(texts)
    hans: list[tuple[int, str]] = []
    hant: dict[str, list[tuple[int, int, str]]] = {}
    for i, text in enumerate(texts):
        for start, end, script in stretches(text, place):
            if script == "hant":
                hant.setdefault(_region(text, to), []).append((i, start, text[start:end]))
            elif is_hant:
                is_quiet[i] = False
            else:
                hans.append((i, text[start:end]))
    for (i, part), written in zip(hans, _all_to_hans([part for _, part in hans]), strict=True):
        is_quiet[i] = is_quiet[i] and written == part
    for region, parts in hant.items():
        if is_brief:
            open_ = edited_among(texts, parts, region)
            parts = [part for part in parts if part[0] in open_]
        told = doubts_each([part for _, _, part in parts], region)
        for (i, _, _), (found, _) in zip(parts, told, strict=True):
            is_quiet[i] = is_quiet[i] and not found
    return is_quiet


def _hans(text: str, lines: Sequence[Line], place: Place) -> Iterator[Stray]:
    if not lines:
        return
    parts = [text[line.start : line.end] for line in lines]
    for line, part, written in zip(lines, parts, _all_to_hans(parts), strict=True):
        yield from _foreign(part, written, line, place)


def _all_to_hans(lines: Sequence[str]) -> list[str]:
    """Lines in hans, converted together: nothing that converts looks beyond its line."""
    joined = "".join([line if line[-1] == "\n" else line + "\n" for line in lines])
    made = to_hans(joined).split("\n")[:-1]
    if len(made) != len(lines):
        return [to_hans(line) for line in lines]
    return [
        after + "\n" if line[-1] == "\n" else after for line, after in zip(lines, made, strict=True)
    ]


def _foreign(part: str, written: str, line: Line, place: Place) -> Iterator[Stray]:
    """What of a line of hans is not as it is `written` in hans."""
    for a, b, after in differences(part, written):
        if part[a] == "著" and part[b : b + 1] == "《":
            continue  # who wrote the book
        if part[a] == "於" and (part[a - 1 : a] == "姓" or not _AFTER_YU.match(part, a + 1)):
            continue  # a surname
        is_mark = all(odds().get(char, 0) <= -TELLS for char in part[a:b])
        kind = "mixed-script" if is_mark else "over-converted"
        why = "stray in hans text" if is_mark else f"hans text has {after} here"
        sure = _ASKED
        if place.is_open:
            sure, doubt = _doubt(part, line, a, b, after)
            why += f"; but {doubt}" if doubt else ""
        if not is_mark and not line.minor:  # 著 for 着 is a habit of some Simplified text
            sure = min(sure, _DOUBT)
        yield Stray(line.start + a, line.start + b, after, kind, sure, why)


def _unwritten(
    text: str, start: int, end: int, place: Place, doubtful: Iterator[Stray]
) -> Iterator[Stray]:
    """What a line of hans with some Traditional in it needs to become hant: all that hans has is
    written as the whole line wants it, and the Traditional forms only where they are wrong, as the
    `doubtful` ones are.
    """
    part = text[start:end]
    hans = to_hans(part)
    written = to_hant(hans, place.to)
    if not len(part) == len(hans) == len(written):
        yield from doubtful
        return
    wrong = {stray.start: stray for stray in doubtful}
    why = f"written in {place.to}"
    for i, (char, simple, after) in enumerate(zip(part, hans, written, strict=True), start):
        if char == simple and char != after and not is_own_word(text, i):
            yield Stray(i, i + 1, after, "mixed-script", _ASKED, why)
        elif char != simple and i in wrong:
            yield wrong[i]


def _hant(
    text: str, span: Span, place: Place, found: Sequence[Doubt], naive: float
) -> Iterator[Stray]:
    """Of the doubts that were `found` in a span, those that are sure enough; `naive` are the
    log-odds that it was converted as a whole.
    """
    start, is_open = span[0], place.is_open
    for line, whole, doubt, wrong in _weighed(text, span, place, found, naive):
        at = start + doubt.at
        here = at - line.start
        if doubt.char == "隻" and _is_counted(whole, here):
            continue
        if marks().get(doubt.char) == "hans":
            sure, why, kind = _ASKED, "stray in hant text", "mixed-script"
            if is_open:
                sure, reason = _doubt(whole, line, here, here + 1, doubt.after)
                why += f"; but {reason}" if reason else ""
        else:
            kind = "over-converted" if not doubt.is_shared or not line.minor else "mixed-script"
            why = doubt.why
            most = 1.0 if line.seen.marked_hans or naive > 0 else doubt.most
            sure = wrong = min(wrong, most)
            if is_open:
                sure, reason = _form_doubt(whole, line, here, sure, is_row=doubt.is_row)
                why += f"; but {reason}" if reason else ""
            elif is_alone(whole, here) or is_noted(whole, here) or is_about(whole):
                sure = min(wrong, _QUOTED)
            elif wrong >= _from(text, line, doubt, naive) and most == 1:
                # the caller wants this script, and the text is damaged: the likelier form
                sure = max(0.8, wrong)
            else:
                sure = min(UNASKED, wrong)
            if _is_wrapped(text, line, at):
                sure = min(sure, _DOUBT)
        if sure >= _LEAST:
            yield Stray(at, at + 1, doubt.after, kind, sure, why)


def _weighed(
    text: str, span: Span, place: Place, found: Sequence[Doubt], naive: float
) -> Iterator[tuple[Line, str, Doubt, float]]:
    """The doubts with their lines, and how sure each is; without those that come to nothing, where
    there is no character of hans: those lines need not be counted.
    """
    start = span[0]
    if meets(text, telling(1)):
        lines = _lines_at(text, [start + doubt.at for doubt in found], span)
        counted = list(judged(text, list(dict.fromkeys(lines)), place))
        known = {line[:2]: (line, text[line.start : line.end]) for line in counted}
        told = weighed(found, naive, (_left(known[line[:2]][0]) for line in lines))
        for (low, high, _), (doubt, wrong) in zip(lines, told, strict=True):
            yield *known[low, high], doubt, wrong
        return
    likely = [
        (doubt, wrong)
        for doubt, wrong in weighed(found, naive, [0.0] * len(found))
        if (wrong if naive > 0 else min(wrong, doubt.most)) >= _LEAST
    ]
    lines = _lines_at(text, [start + doubt.at for doubt, _ in likely], span)
    for (low, high, script), (doubt, wrong) in zip(lines, likely, strict=True):
        yield Line(low, high, script, _SILENT, 0, 0), text[low:high], doubt, wrong


def _is_wrapped(text: str, line: Line, at: int) -> bool:
    """Whether a character stands where a long line was cut, so that its word may go on beyond."""
    if line.end - line.start < _WRAPPED:
        return False
    is_last = text[at + 1 : at + 2] == "\n" and HAN.match(text, at + 2)
    is_first = at > 1 and text[at - 1] == "\n" and HAN.match(text, at - 2)
    return bool(is_last or is_first)


def _is_counted(line: str, at: int) -> bool:
    """Whether a number in digits stands before a place, with or without a blank: 100 隻有效."""
    at -= 1 + (line[at - 1 : at] == " ")
    return at >= 0 and line[at].isdecimal()


def _lines_at(text: str, places: Iterable[int], within: Span) -> list[tuple[int, int, str]]:
    """For each of the places, which are sorted, its line."""
    low, high = within
    lines: list[tuple[int, int, str]] = []
    for at in places:
        if lines and at < lines[-1][1]:
            lines.append(lines[-1])
            continue
        end = text.find("\n", at, high) + 1 or high
        lines.append((text.rfind("\n", low, at) + 1 or low, end, "hant"))
    return lines


_WRAPPED = 20  # characters from which on a line may be one of a paragraph
_SILENT = Evidence(0, 0, 0, 0, 0, 0, 0, 0, 0)  # of a line that nobody counted
_LEAST = 0.3  # what is less sure is not worth a hint
# how sure a form is wrong from where on it is written anew, when the caller names the script: in a
# line with characters of hans alone, for a form that hans shares and others; in a page that was
# converted one to one; in a line that shows nothing else, where sound text has more to lose: where
# a phrase of the dictionary has the other form, and elsewhere
_MIXED_SHARED, _MIXED, _NAIVE = 0.7, 0.9, 0.5
_PHRASE_SHARED, _PHRASE = 0.63, 0.88
_PLAIN_SHARED, _PLAIN_NAME, _PLAIN = 0.76, 0.88, 0.94
_NEVER = 2.0  # in verse and classical prose, which the tables do not know


def _from(text: str, line: Line, doubt: Doubt, naive: float) -> float:
    """From where on the likelier form is written, when the caller names the script."""
    is_sound = not line.seen.marked_hans or has_only_variants(text[line.start : line.end])
    if is_sound and not doubt.is_row and is_classical(text, line.start, line.end):
        return _NEVER
    if line.seen.marked_hans:
        return _MIXED_SHARED if doubt.is_shared else _MIXED
    if doubt.is_shared:
        shared = _PHRASE_SHARED if doubt.is_certain else _PLAIN_SHARED
        return _PLAIN_NAME if doubt.credit else shared
    if naive > 0:
        return _NAIVE
    return _PHRASE if doubt.is_certain else _PLAIN


def _left(line: Line) -> float:
    """The share of Simplified in a line: how likely a shared character is left over."""
    hans, hant = line.seen.marked_hans, line.seen.marked_hant
    return (hans + 0.5) / (hans + hant + 1) if hans else 0.0


def _region(text: str, to: str) -> str:
    """Whose forms to write: the target's, or under auto those that the text has most."""
    return region_of(text) if to in ("auto", "keep") else to


def _doubt(line: str, seen: Line, start: int, end: int, after: str) -> tuple[float, str]:
    """How sure a stray is one, under auto, and the doubt."""
    low, high = quotation(line, start)
    if is_divided(line) or (high and is_other(line[low:high], seen.script)):
        return _QUOTED, "it stands in a quotation, a title or parentheses"
    if is_about(line) or is_mentioned(line):
        return _QUOTED, "the text speaks about characters"
    if high and is_even(line[low:high]):
        return _DOUBT, "it stands in a quotation or a title that has both scripts"
    if is_word_list(line) or is_table(line):
        return _QUOTED, "this looks like a list of words in both scripts"
    if seen.major < max(_MIN_MAJORITY, _MIN_RATIO * seen.minor):
        return _DOUBT, "the scripts are too evenly mixed to tell"
    if seen.script == "hant" and has_only_variants(line):
        sure = _DOUBT if is_of_today(line) else _UNTOLD
        return sure, "variants older than Simplified stand in Traditional print as well"
    if not (_is_common(line[start:end]) and _is_common(after)):
        return _DOUBT, "a rare character may be meant, as in a name"
    return _STRAY, ""


def _form_doubt(line: str, seen: Line, at: int, sure: float, *, is_row: bool) -> tuple[float, str]:
    """The same for a wrong form."""
    if is_alone(line, at):
        return min(sure, _QUOTED), "it stands alone"
    if is_beside_note(line, at) or is_noted(line, at):
        return min(sure, _QUOTED), "it stands beside a note"
    if is_table(line):
        return min(sure, _QUOTED), "this looks like a list of words"
    low, high = quotation(line, at)
    inside = line[low:high]
    if is_divided(line) or (high and is_foreign(inside, "hant") and is_other(inside, "hant")):
        return min(sure, _QUOTED), "it stands in a quotation of Simplified text"
    if is_about(line) or is_mentioned(line):
        return min(sure, _QUOTED), "the text speaks about characters"
    if is_classical(line, 0, len(line)) and not seen.seen.marked_hans:
        most = _DOUBT if is_row else _UNTOLD
        return min(sure, most), "verse and classical prose have words of their own"
    if high and high - low <= SHORT_QUOTE:
        return min(sure, _DOUBT), "it stands in a short quotation or a title"
    if seen.minor and seen.major < max(_MIN_MAJORITY, _MIN_RATIO * seen.minor):
        # without a character that Traditional text never has, 后 may be a word of its own
        doubt = _DOUBT if seen.seen.marked_hans or not _is_daily(line[at]) else _UNTOLD
        return min(sure, doubt), "the scripts are too evenly mixed to tell"
    if seen.minor and is_word_list(line):
        return min(sure, _QUOTED), "this looks like a list of words in both scripts"
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
