"""Which stretches of a text the rules on scripts look into, with the script that each is in.

Lines are judged one by one, by the characters that tell a script. Those that show nothing are left
out before anything is counted: that is nearly all of sound text.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import cache

from zhfix.convert.suspects import spots_among, suspects
from zhfix.convert.target import text_lines
from zhfix.kept import kept
from zhfix.named import NamedTuple
from zhfix.protect import Span, free_spans
from zhfix.rules.telling_lines import BOTH, HANS, HANT, WORDS, Seeker, bits_of, telling
from zhfix.script import Evidence, evidence, evidences, majorities, meets

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from zhfix.rules.stretches_bulk import Lines

__all__ = [
    "Line",
    "Place",
    "Stream",
    "both_among",
    "can_differ",
    "differ_among",
    "has_both",
    "is_of_table",
    "judged",
    "stretches",
]

Stream = tuple[int, int]  # telling characters of hans and hant seen before this text

_STREAM = 6  # telling characters of the other script alone: a segment of its own, not drift
_SHORT = 2_000  # characters up to which the suspects are asked for first
# OpenCC's own forms, which both Taiwan and Hong Kong write otherwise: of 10,600 lines of theirs
# none has one (dev pairs); old prints and those of the mainland do, so they prove nothing
_OF_TABLE = frozenset("爲衆喫僞脣竈糉")
# characters from which to find some lines is cheaper than to read all, and to read all over arrays
_SOUGHT, _PAGE = 500, 5_000
_FEW = 64  # lines


class Place(NamedTuple):
    """What a text is read for: the target, what must stay, and what was seen before it."""

    to: str
    protected: tuple[Span, ...] = ()
    stream: Stream | None = None
    is_proven: bool = False  # its Traditional is known to be converted one to one
    is_brief: bool = False  # hints are not read: what is no more than one need not be found
    least: float = 0.0  # hints less sure than this are not read

    @property
    def is_open(self) -> bool:
        """Whether nobody named the script."""
        return self.to in ("auto", "keep")


class Line(NamedTuple):
    """A line that was judged: telling characters of its script, those of the stream included, and
    of the other one.
    """

    start: int
    end: int
    script: str
    seen: Evidence
    major: int
    minor: int


def has_both(text: str) -> bool:
    """characters of both scripts."""
    return meets(text, telling(1)) and meets(text, telling(-1))


def is_of_table(text: str) -> bool:
    """Whether a form stands in the text that only a converter's table writes. Cost: a set test."""
    return meets(text, _OF_TABLE)


def can_differ(text: str) -> bool:
    """Traditional characters, in a short text such as may be wrong where they stand, or such as
    Simplified text has in few words only.
    """
    if meets(text, BOTH):
        return True
    if not meets(text, telling(-1)):
        return False
    # a page nearly always holds a suspect, a string of Traditional hardly ever
    is_open = len(text) >= _SHORT or meets(text, telling(1)) or is_of_table(text)
    return is_open or bool(suspects(text).spots)


def both_among(texts: Sequence[str]) -> list[bool]:
    """`has_both` of each of many texts."""
    return [bool(bits & HANS) and bool(bits & HANT) for bits in _bits_among(texts)]


def differ_among(texts: Sequence[str]) -> list[bool]:
    """`can_differ` of each of many texts."""
    bits = _bits_among(texts)
    told = [bool(bit & WORDS or (bit & HANT and bit & HANS)) for bit in bits]
    hant = [i for i, bit in enumerate(bits) if bit & HANT and not told[i]]
    asked = [texts[i] for i in hant]
    spots, has_table = spots_among(asked), is_of_table("\n".join(asked))
    for n, i in enumerate(hant):
        told[i] = n in spots or len(texts[i]) >= _SHORT or (has_table and is_of_table(texts[i]))
    return told


def _bits_among(texts: Sequence[str]) -> list[int]:
    """HANS, HANT and WORDS for each of many texts."""
    if sys.modules.get("numpy"):
        return _lines().bits(texts)
    sets = (HANS, telling(1)), (HANT, telling(-1)), (WORDS, BOTH)
    return [sum(bit for bit, chars in sets if not chars.isdisjoint(text)) for text in texts]


def stretches(text: str, place: Place) -> Iterator[tuple[int, int, str]]:
    """Single lines that are `hans` and have something to look into, also where `hant` is asked for,
    and runs of lines that are `hant`. Where hints are not read, lines of `hans` without Traditional
    are left out: other forms of their words come to a hint at most.
    """
    run: Span | None = None
    for start, end, script in _scripts(text, place):
        if run and run[1] == start and script in ("hant", ""):
            run = run[0], end
            continue
        if run:
            yield *run, "hant"
        run = (start, end) if script == "hant" else None
        if script == "hans":
            yield start, end, script
    if run:
        yield *run, "hant"


def _scripts(text: str, place: Place) -> Iterator[tuple[int, int, str]]:
    """Every line, or stretch of lines alike: `hans`, `hant`, `-` where there is nothing to look
    into, and nothing for lines that do not tell their script.
    """
    # a block of one script needs no look at each line
    is_alone = place.stream is None
    is_hans = is_alone and not meets(text, telling(-1))
    is_hant = is_alone and not is_hans and not meets(text, telling(1))
    if is_hans and not meets(text, BOTH):
        return
    if is_hans and place.to.startswith("hant") and not meets(text, telling(1)):
        # nothing tells its script, so its words are looked at: 知道瞭; without a script that was
        # named it may be Simplified as well (像有十五只吊桶)
        is_hant = True
    if is_hant:
        script = "-" if place.to == "hans" else "hant"
        yield from ((start, end, script) for start, end in free_spans(len(text), place.protected))
        return
    if is_hans and place.to.startswith("hant"):
        return  # written anew as a whole
    lines = _told_lines(text, place, is_hans=is_hans)
    if not is_alone:
        for start, end, bits in lines:
            yield start, end, _line_script(text, (start, end), bits, place)
        return
    plain, known = _plain_scripts(place.to), list(lines)
    open_ = [line[:2] for line in known if plain[line[2]] is None]
    among = {told: _script_among(told, place) for told in ("hans", "hant", "shared")}
    counted = iter(_majorities(text, open_))
    for start, end, bits in known:
        told = plain[bits]
        script = among[next(counted)] if told is None else told
        if script != "hans" or bits & HANT or not place.is_brief:
            yield start, end, script


def _majorities(text: str, lines: Sequence[Span]) -> list[str]:
    """The scripts of lines; of a few in a long text all is counted, since that is asked next."""
    if len(lines) <= _FEW and len(text) >= _PAGE:
        return [seen.majority for seen in _evidences(text, lines)]
    return majorities(text, lines)


def _told_lines(text: str, place: Place, *, is_hans: bool) -> Iterator[tuple[int, int, int]]:
    """The lines outside of protected spans with their bits; outside streams, only those that
    matter, and neighbours alike may be one. `is_hans`: no character of the text tells of hant.
    """
    spans = free_spans(len(text), place.protected)
    if place.stream is not None or not (is_hans or len(text) >= _SOUGHT):
        for start, end in spans:
            yield from ((a, b, bits_of(text[a:b])) for a, b in text_lines(text, start, end))
        return
    # of the first lines of a process nobody asks what hans writes otherwise, nor where what stands
    # beside a place may be protected
    is_calm = len(text) >= _SOUGHT and not place.protected
    seeker = Seeker(text, is_hans=is_hans, is_brief=place.is_brief, is_calm=is_calm)
    if seeker.is_for_arrays:
        yield from _lines().runs(text, place.protected, _kinds(place.to))
        return
    for start, end in spans:
        yield from seeker.lines(start, end)


@cache
def _lines() -> Lines:
    from zhfix.rules.stretches_bulk import Lines  # numpy: long text where it is loaded

    return Lines((telling(1), telling(-1), BOTH))


_KINDS = {"": 0, "-": -1, "hant": 2}  # as Lines.runs has them; 1 is for what must be counted


@cache
def _kinds(to: str) -> tuple[int, ...]:
    """What lines are by their bits."""
    return tuple(1 if script is None else _KINDS[script] for script in _plain_scripts(to))


@cache
def _plain_scripts(to: str) -> tuple[str | None, ...]:
    """The scripts of lines by their bits, outside of streams."""
    return tuple(_plain_script(bits, Place(to)) for bits in range(8))


def _plain_script(bits: int, place: Place) -> str | None:
    """The script of a line by its bits alone; None where its characters must be counted."""
    has_hans, has_hant = bits & HANS, bits & HANT
    if has_hant and not has_hans and place.stream is None:
        return "-" if place.to == "hans" else "hant"  # written anew as a whole
    if not has_hant:
        if place.to.startswith("hant"):
            return "-" if has_hans else ""  # written anew as a whole
        if not bits & WORDS and (place.stream is None or not has_hans):
            return "-" if has_hans else ""
    return None


def _line_script(text: str, span: Span, bits: int, place: Place) -> str:
    script = _plain_script(bits, place)
    if script is not None:
        return script
    return _counted_script(evidence(text[span[0] : span[1]]), place)


def _counted_script(seen: Evidence, place: Place) -> str:
    return _script_among(_script(seen, place), place)


def _script_among(script: str, place: Place) -> str:
    """What a line with most of one script is to the target."""
    if not place.is_open and script != place.to[:4]:
        return "-" if place.to == "hans" else "hans" if script == "hans" else "hant"
    return script if script in ("hans", "hant") else ""


def _script(seen: Evidence, place: Place) -> str:
    """The script of a line; in a stream, short ones are in the stream's."""
    if place.stream and place.is_open:
        hans, hant = place.stream
        if hans >= 3 * max(1, hant) and not (seen.n_hant >= _STREAM and not seen.n_hans):
            return "hans"
        if hant >= 3 * max(1, hans) and not (seen.n_hans >= _STREAM and not seen.n_hant):
            return "hant"
    return seen.majority


def _evidences(text: str, spans: Sequence[Span]) -> list[Evidence]:
    """What lines say, remembered: they are asked again for the next of their characters."""
    if len(text) < _PAGE:
        return evidences(text, spans)
    known = _counted_lines(text)
    new = [span for span in spans if span not in known]
    known.update(zip(new, evidences(text, new), strict=True))
    return [known[span] for span in spans]


@kept(2)
def _counted_lines(_: str) -> dict[Span, Evidence]:
    return {}


def judged(text: str, spans: Sequence[tuple[int, int, str]], place: Place) -> Iterator[Line]:
    """Lines, each with the script that it is in, with what their characters say."""
    counted = _evidences(text, [span[:2] for span in spans])
    for (start, end, script), seen in zip(spans, counted, strict=True):
        major, minor = seen.n_hant, seen.n_hans
        if script == "hans":
            major, minor = minor, major
        if place.stream and place.is_open:
            major += place.stream[script == "hant"]
        yield Line(start, end, script, seen, major, minor)
