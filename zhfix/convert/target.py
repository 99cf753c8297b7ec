"""Writing a text in a script without touching what already stands in it: which lines to convert,
and which characters.

A line of the other script is converted as a whole. In a line that is in the target script already,
only characters that stand in the other script alone are replaced; 后 in a Traditional line may be
an empress, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from zhfix.convert.chain import Piece
from zhfix.convert.engine import Engine, engine_for
from zhfix.convert.routes import WITH_VOCABULARY, config_for
from zhfix.protect import Span, free_spans
from zhfix.script import HAN, Evidence, evidence, marks

__all__ = [
    "HANS_CHAIN",
    "HANT_CHAINS",
    "WITH_VOCABULARY",
    "Change",
    "engine_pieces",
    "is_foreign",
    "target_pieces",
]

# general Traditional is written with the forms that Taiwan, and most native text, uses (裡 為 群),
# not OpenCC's own (裏 爲 羣)
HANT_CHAINS = {"hant": "s2tw", "hant-tw": "s2tw", "hant-hk": "s2hk"}
HANS_CHAIN = "tw2s"  # knows 著 as 着 and as 著作; the rest as in t2s
_WORD_LIST = re.compile(r"(?:[^\s。！？!?]{1,8}[\s；;、/|]+){2,}[^\s。！？!?]{0,8}\s*")
_PAIRS = "「」『』“”‘’《》〈〉（）【】()[]\"\"''"
_QUOTATION = re.compile(
    "|".join(
        f"{re.escape(a)}[^{re.escape(a + b)}]{{1,40}}{re.escape(b)}"
        for a, b in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)
    )
)
# sure: the caller named the script; a stray; a stray in doubt; one in marks of its own
_ASKED, _STRAY, _DOUBT, _QUOTED = 0.95, 0.85, 0.6, 0.4
_MIN_MAJORITY, _MIN_RATIO = 3, 3  # telling characters of the majority, in all and per stray


class Change(NamedTuple):
    """One change of script: `start`..`end` of the text becomes `after`; `sure` and `why` as in an
    edit.
    """

    start: int
    end: int
    after: str
    sure: float
    why: str


@cache
def _marked(script: str) -> frozenset[str]:
    return frozenset(char for char, mark in marks().items() if mark == script)


def is_foreign(text: str, to: str) -> bool:
    """Whether `text` holds a character that stands only in the script that `to` is not. Cost: one
    set test.
    """
    return not _marked("hant" if to == "hans" else "hans").isdisjoint(text)


def _is_mixed(text: str) -> bool:
    """Whether `text` holds characters of both scripts that stand in one only."""
    return is_foreign(text, "hans") and is_foreign(text, "hant")


def target_pieces(
    text: str,
    to: str,
    *,
    one_to_one: bool = False,
    vocabulary: str = "keep",
    protected: Sequence[Span] = (),
) -> Iterator[Change]:
    """What has to change so that `text` stands in `to` (auto, hans, hant, hant-tw, hant-hk), in
    offsets of `text`.

    `auto` repairs lines that mix the scripts and leaves lines that are in one. `one_to_one`: the
    Traditional of `text` was made character by character, so it is read as the Simplified text
    behind it.
    """
    if text.isascii() or (to == "auto" and not one_to_one and not _is_mixed(text)):
        return
    whole = evidence(
        "".join(text[a:b] for a, b in free_spans(len(text), protected)) if protected else text
    )
    if to == "auto":
        if not one_to_one and min(whole.strongest_hans, whole.strongest_hant) < _STRAY_EVIDENCE:
            return
    elif to in ("hans", "hant") and vocabulary == "keep" and not one_to_one:
        other = whole.hant if to == "hans" else whole.hans
        if whole.majority in (to, "shared") and not other:
            return
    for start, end in _lines(text, protected):
        line = text[start:end]
        if HAN.search(line):
            for change in _line(line, to, whole, one_to_one, vocabulary == "region"):
                yield change._replace(start=start + change.start, end=start + change.end)


_STRAY_EVIDENCE = 80  # tenths of nats: only characters that stand in one script alone


def engine_pieces(
    text: str, to: str, engine: str, *, vocabulary: str = "keep", protected: Sequence[Span] = ()
) -> Iterator[Change]:
    """The same by a named engine alone: all of `text` goes through its config for `to`."""
    to = evidence(text).majority if to == "auto" else to
    if to == "shared":
        return
    from zhfix.convert.front import convert  # front stands on this module

    for start, end in free_spans(len(text), protected):
        out = convert(text[start:end], to, vocabulary=vocabulary, engine=engine)
        for a, b, after in _differences(text[start:end], out):
            yield Change(start + a, start + b, after, _ASKED, f"written in {to} by {engine}")


def _lines(text: str, protected: Sequence[Span]) -> Iterator[Span]:
    for start, end in free_spans(len(text), protected):
        at = start
        while at < end:
            stop = text.find("\n", at, end) + 1 or end
            yield at, stop
            at = stop


def _line(line: str, to: str, whole: Evidence, one_to_one: bool, region: bool) -> Iterator[Change]:
    here = evidence(line)
    script = here.majority if here.majority != "shared" else whole.majority
    if to == "auto":
        yield from _auto(line, here, script, one_to_one)
    elif to == "hans":
        if script == "hant":
            yield from _changes(line, _engine(HANS_CHAIN, region).pieces(line), "written in hans")
        elif is_foreign(line, to):
            pieces = _strays(line, engine_for("t2s").convert(line), "hant")
            yield from _changes(line, pieces, "stands in hant only")
    elif script == "hans":
        yield from _changes(line, _engine(HANT_CHAINS[to], region).pieces(line), f"written in {to}")
    elif one_to_one:
        yield from _changes(
            line, _refolded(line, to, region), "the page was converted character by character"
        )
    else:
        yield from _changes(line, _kept_hant(line, to), f"written in {to}")


def _auto(line: str, here: Evidence, script: str, one_to_one: bool) -> Iterator[Change]:
    if one_to_one and script == "hant":
        pieces = _refolded(line, "hant", False)
        yield from _changes(line, pieces, "the page was converted character by character")
        return
    if min(here.strongest_hans, here.strongest_hant) < _STRAY_EVIDENCE:
        return
    if script == "hans":
        pieces = _strays(line, engine_for("t2s").convert(line), "hant")
    else:
        pieces = _kept_hant(line, "hant")
    major, minor = (here.n_hans, here.n_hant) if script == "hans" else (here.n_hant, here.n_hans)
    quoted = [match.span() for match in _QUOTATION.finditer(line)]
    for start, end, after in pieces:
        sure, why = _STRAY, f"stray in {script} text"
        if major < max(_MIN_MAJORITY, _MIN_RATIO * minor):
            sure, why = (
                _DOUBT,
                f"{why}; but the scripts are too evenly mixed to tell",
            )
        elif not (_is_common(line[start:end]) and _is_common(after)):
            sure, why = _DOUBT, f"{why}; but a rare character may be meant, as in a name"
        elif _WORD_LIST.fullmatch(line):
            sure, why = _DOUBT, f"{why}; but this looks like a list of words in both scripts"
        elif any(a <= start < b for a, b in quoted):
            sure, why = _QUOTED, f"{why}; but it stands in a quotation, a title or parentheses"
        yield Change(start, end, after, sure, why)


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


def _changes(line: str, pieces: Iterator[Piece], why: str) -> Iterator[Change]:
    """The pieces as changes; a phrase of equal length changes only where its characters do."""
    for start, end, after in pieces:
        if end - start != len(after):
            yield Change(start, end, after, _ASKED, why)
            continue
        for i, char in enumerate(after, start):
            if char != line[i]:
                yield Change(i, i + 1, char, _ASKED, why)


def _engine(name: str, region: bool) -> Engine:
    return engine_for(WITH_VOCABULARY.get(name, name) if region else name)


def _refolded(line: str, to: str, region: bool) -> Iterator[Piece]:
    """A one-to-one line read as the Simplified text behind it and converted properly.

    A Traditional form that stands in the line gives way to a phrase only: where the dictionary
    falls back to its first form of a character, it knows no better than the page.
    """
    folded = engine_for(HANS_CHAIN).convert(line)
    engine = _engine(HANT_CHAINS[to], region)
    out = engine.convert(folded)
    if len(line) != len(out) or len(line) != len(folded):
        yield from _differences(line, out)
        return
    in_phrase = {i for start, end in engine.chain.phrases(folded) for i in range(start, end)}
    hant = _marked("hant")
    kept = [
        before if before in hant and i not in in_phrase else after
        for i, (before, after) in enumerate(zip(line, out, strict=True))
    ]
    yield from _differences(line, _in_region("".join(kept), to))


def _kept_hant(line: str, to: str) -> Iterator[Piece]:
    """A line that is Traditional already: strays, then the forms of the region asked for."""
    out = line
    if is_foreign(line, to):
        made = engine_for(HANT_CHAINS[to]).convert(engine_for("t2s").convert(line))
        chars = list(line)
        for start, _, after in _strays(line, made, "hans"):
            chars[start] = after
        out = "".join(chars)
    return _differences(line, _in_region(out, to))


def _in_region(line: str, to: str) -> str:
    """Traditional text in the forms of the region `to`; general Traditional takes any."""
    for name in config_for("hant", to):
        line = engine_for(name).convert(line)
    return line


def _strays(line: str, out: str, script: str) -> Iterator[Piece]:
    """The characters of `line` that stand in `script` only, with what stands at their place in
    `out`.
    """
    if len(line) == len(out):
        marked = _marked(script)
        for i, char in enumerate(line):
            if char in marked and out[i] != char:
                yield i, i + 1, out[i]


def _differences(line: str, out: str) -> Iterator[Piece]:
    if len(line) == len(out):
        yield from ((i, i + 1, out[i]) for i, char in enumerate(line) if char != out[i])
        return
    from difflib import SequenceMatcher  # only where regional vocabulary changed the length

    for tag, a, b, c, d in SequenceMatcher(None, line, out, autojunk=False).get_opcodes():
        if tag != "equal":
            yield a, b, out[c:d]
