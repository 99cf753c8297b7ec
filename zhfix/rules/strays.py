"""Which characters of a text are not of its script or not its forms, for the rules mixed-script and
over-converted, which share this one reading of the text.

The forms of Traditional lines are weighed together, since a page is converted as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress

from zhfix.convert.by_word import Doubt
from zhfix.convert.doubts import doubts_each, weighed
from zhfix.convert.regional import region_of
from zhfix.convert.sound import MAYBE
from zhfix.convert.target import differences
from zhfix.convert.writer import to_hans, to_hant
from zhfix.convert.yue import is_own_word
from zhfix.kept import kept
from zhfix.named import NamedTuple
from zhfix.pattern import pattern
from zhfix.protect import Span
from zhfix.rules.brief import edited_among
from zhfix.rules.classical import has_only_variants, is_classical
from zhfix.rules.doubtful import (
    DOUBT,
    EVEN,
    QUOTED,
    form_doubt,
    likely,
    minor_share,
    stray_doubt,
)
from zhfix.rules.habits import habits
from zhfix.rules.quoted import is_about, is_alone, is_noted
from zhfix.rules.script_wakes import open_lines
from zhfix.rules.stretches import (
    Line,
    Place,
    Stream,
    both_among,
    can_differ,
    differ_among,
    has_both,
    judged,
    stretches,
)
from zhfix.rules.telling_lines import TELLS, telling
from zhfix.script import HAN, HAN_CLASS, Evidence, marks, meets, odds

__all__ = [
    "OTHER",
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

_ASKED = 0.95  # sure: the caller named the script
_OTHER_SIDE = 0.45  # the same of what may be right as well: under what counts as damage
OTHER = "other side"  # the kind of these
UNASKED = 0.79  # a hint just under the default floor
_MO = pattern("(?<=[什甚怎那这這多要])[麽麼]")  # elsewhere a name, as of the 麽些
_BEYOND = pattern(rf"[ \t　]*\n[ \t　]*[{HAN_CLASS}]")
_NUMBER = pattern(r"[0-9０-９}][*_~`'\"]*[ 　]?(?:[十百千萬億餘多]+[ 　]?)?$")
_AFTER_YU = pattern(f"[0-9０-９{HAN_CLASS}]")  # 作於1330年; a surname stands before a mark


class Stray(NamedTuple):
    """One character or word to be written otherwise; `kind` is the rule that reports it."""

    start: int
    end: int
    after: str
    kind: str
    sure: float
    why: str


@kept(4)
def strays(text: str, place: Place) -> tuple[Stray, ...]:
    """Every stray of `text`, in order."""
    return tuple(sorted(_strays(text, place)))


def _strays(text: str, place: Place) -> Iterator[Stray]:
    found = list(stretches(text, place))
    foreign: list[Stray] = []
    is_hant = place.to.startswith("hant")
    if not is_hant:
        # 像 brings most lines here, and nothing in them would be written otherwise
        lines = [part for part in found if part[2] == "hans"]
        is_open = open_lines(text, [part[:2] for part in lines])
        lines = list(compress(lines, is_open))
        foreign += _hans(text, list(judged(text, lines, place)), place)
        yield from foreign
    doubtful = [part for part in found if (is_hant if part[2] == "hans" else not place.is_proven)]
    if not doubtful:
        return
    if place.is_brief and all(stray.kind == "mixed-script" for stray in foreign):
        parts = [(0, start, text[start:end]) for start, end, _ in doubtful]
        if not edited_among([text], parts, lambda: _region(text, place.to)):
            return
    region = _region(text, place.to)
    told = doubts_each([text[start:end] for start, end, _ in doubtful], region)
    for (start, end, script), (doubts, naive) in zip(doubtful, told, strict=True):
        if script == "hant":
            known = {start + doubt.at for doubt in doubts}
            yield from _habits(text, (start, end), known)
        if not doubts and script == "hant":
            continue
        forms = _hant(text, (start, end), place, doubts, naive)
        yield from forms if script == "hant" else _unwritten(text, start, end, place, forms)


def _habits(text: str, span: Span, known: set[int]) -> Iterator[Stray]:
    for at, after, why in habits(text, span):
        if at not in known:
            yield Stray(at, at + 1, after, "over-converted", MAYBE, why)


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
            open_ = edited_among(texts, parts, region.__str__)
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
        yield from _foreign(text, part, written, line, place)


def _all_to_hans(lines: Sequence[str]) -> list[str]:
    """Lines in hans, converted together: nothing that converts looks beyond its line."""
    joined = "".join([line if line[-1] == "\n" else line + "\n" for line in lines])
    made = to_hans(joined).split("\n")[:-1]
    if len(made) != len(lines):
        return [to_hans(line) for line in lines]
    return [
        after + "\n" if line[-1] == "\n" else after for line, after in zip(lines, made, strict=True)
    ]


def _foreign(text: str, part: str, written: str, line: Line, place: Place) -> Iterator[Stray]:
    """What of a `part`, a line of hans, is not as it is `written` in hans."""
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
            sure, doubt = stray_doubt(text, line, (a, b), after)
            why += f"; but {doubt}" if doubt else ""
        # 著 for 着 is a habit of some Simplified text, but none of one that writes 着 elsewhere
        is_habit = after != "着" or "着" not in text
        is_asked = not place.is_open and (_MO.match(part, a) or not is_habit)
        if not (is_mark or line.minor or is_asked):
            sure = min(sure, DOUBT)
        yield Stray(line.start + a, line.start + b, after, kind, sure, why)
    if place.is_open and not place.is_brief and place.least <= _OTHER_SIDE:
        yield from _other_side(text, line, written)


def _other_side(text: str, line: Line, hans: str) -> Iterator[Stray]:
    """The characters of the script that a line has more of, where it may be the stray one as well;
    `hans` is the line in Simplified.
    """
    share = minor_share(text, line)
    part = text[line.start : line.end]
    if share is None or 1 - share < _LEAST or len(hans) != len(part):
        return
    written = to_hant(hans, region_of(text)) if line.script == "hans" else hans
    other = "hant" if line.script == "hans" else "hans"
    for i, (char, after) in enumerate(zip(part, written, strict=False), line.start):
        if marks().get(char) == line.script and char != after:
            sure, doubt = stray_doubt(text, line, (i - line.start, i - line.start + 1), after)
            if doubt == EVEN:
                sure = min(_OTHER_SIDE, 1 - share)
                yield Stray(i, i + 1, after, OTHER, sure, f"stray in {other} text; but {EVEN}")


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
    if is_open and place.least:
        found = likely(text, span, found, place.least, is_capped=naive <= 0)
        if not found:
            return
    is_other = is_open and not place.is_brief and place.least <= _OTHER_SIDE
    if is_other and meets(text, telling(1)):
        lines = dict.fromkeys(_lines_at(text, [start + doubt.at for doubt in found], span))
        for line in judged(text, list(lines), place):
            if line.minor:
                yield from _other_side(text, line, to_hans(text[line.start : line.end]))
    # what Simplified has too is right in text that shows nothing else: 心里, beside 像
    is_told = bool(not is_open or place.stream or meets(text, telling(-1)))
    for line, whole, doubt, wrong in _weighed(text, span, place, found, naive):
        if doubt.is_shared and not is_told:
            continue
        at = start + doubt.at
        here = at - line.start
        if doubt.char == "隻" and _is_counted(whole, here):
            continue
        if marks().get(doubt.char) == "hans":
            sure, why, kind = _ASKED, "stray in hant text", "mixed-script"
            if is_open:
                sure, reason = stray_doubt(text, line, (here, here + 1), doubt.after)
                why += f"; but {reason}" if reason else ""
        else:
            kind = "over-converted" if not doubt.is_shared or not line.minor else "mixed-script"
            why = doubt.why
            most = 1.0 if line.seen.marked_hans or naive > 0 else doubt.most
            sure = wrong = min(wrong, most)
            if is_open:
                if sure < place.least:  # it is not made surer
                    continue
                sure, reason = form_doubt(whole, line, here, sure, is_row=doubt.is_row)
                why += f"; but {reason}" if reason else ""
            elif is_alone(whole, here) or is_noted(whole, here) or is_about(whole):
                sure = min(wrong, QUOTED)
            elif wrong >= _from(text, line, doubt, naive) and most == 1:
                # the caller wants this script, and the text is damaged: the likelier form
                sure = max(0.8, wrong)
            else:
                sure = min(UNASKED, wrong)
            if _is_wrapped(text, line, at):
                sure = min(sure, DOUBT)
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
    open_ = [
        (doubt, wrong)
        for doubt, wrong in weighed(found, naive, [0.0] * len(found))
        if (wrong if naive > 0 else min(wrong, doubt.most)) >= _LEAST
    ]
    lines = _lines_at(text, [start + doubt.at for doubt, _ in open_], span)
    for (low, high, script), (doubt, wrong) in zip(lines, open_, strict=True):
        yield Line(low, high, script, _SILENT, 0, 0), text[low:high], doubt, wrong


def _is_wrapped(text: str, line: Line, at: int) -> bool:
    """Whether a character stands where a long line was cut, so that its word may go on beyond, with
    or without an indent.
    """
    if line.end - line.start < _WRAPPED:
        return False
    if _BEYOND.match(text, at + 1):
        return True
    is_first = line.start > 1 and not text[line.start : at].strip()
    return is_first and HAN.match(text, line.start - 2) is not None


def _is_counted(line: str, at: int) -> bool:
    """Whether a number in digits, or a place for one, stands before a character: 100 隻有效,
    **12** 隻, {n} 隻.
    """
    return _NUMBER.search(line, max(0, at - _REACH), at) is not None


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


_REACH = 12  # characters of the end of a number, with its marks
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
