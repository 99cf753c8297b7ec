"""What the characters of a line tell of the script it is in, judged as the target's region writes
them, and what that calls for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from zhfix.named import NamedTuple
from zhfix.pattern import char_class
from zhfix.protect import Span
from zhfix.script import evidence, majority, marks, meets, odds
from zhfix.tables import load_map

__all__ = [
    "OPEN",
    "Plan",
    "every_bits",
    "has_open",
    "is_foreign",
    "line_majority",
    "line_plan",
    "marked",
    "marked_bits",
    "odds_in",
    "regional_forms",
    "text_lines",
]

OPEN = "著瞭藉"  # in words that both scripts have, and in others that only hant has
_LONG = 2_000  # characters from which it pays to count each one once
_MANY = 500  # lines from which it pays to compile a pattern for each script, 20 ms


@cache
def regional_forms(to: str) -> dict[int, str]:
    """What the region `to` writes in place of characters that tell a script; a line is judged by
    it, so that it is judged alike before and after: Hong Kong's 税 tells nothing, so 稅 must not.
    """
    name = {"hant-tw": "TWVariants", "hant-hk": "HKVariants"}.get(to)
    if name is None:
        return {}
    forms = {old: new for old, new in load_map(name).items() if len(old) == len(new) == 1}
    for old, new in load_map(f"{name}Phrases").items():
        if len(old) == len(new):
            forms = dict(zip(old, new, strict=True)) | forms
    return {ord(old): new for old, new in forms.items() if old != new and old in marks()}


@cache
def marked(script: str, region: str = "") -> frozenset[str]:
    """The characters of one script alone, without those that the region writes otherwise."""
    rewritten = regional_forms(region) if region else {}
    return frozenset(
        char for char, mark in marks().items() if mark == script and ord(char) not in rewritten
    )


@cache
def odds_in(to: str) -> Mapping[str, int]:
    """`script.odds`, each character with those of the form that `to` writes."""
    forms = regional_forms(to)
    if not forms:
        return odds()
    written = {char: odds().get(forms.get(ord(char), char), 0) for char in odds()}
    return {char: tenths for char, tenths in written.items() if tenths}


def is_foreign(text: str, to: str) -> bool:
    """Whether `text` holds a character that stands only in the script that `to` is not. Cost: one
    set test.
    """
    return meets(text, marked("hant" if to == "hans" else "hans"))


def marked_bits(line: str, to: str = "") -> int:
    """What the characters of a line tell: 1 is for characters of hans alone, 2 for hant, 4 if
    others are to be weighed; `to` is the target.
    """
    has_hant = meets(line, marked("hant", to))
    return is_foreign(line, "hant") + 2 * has_hant or 4


def line_majority(line: str, to: str) -> str:
    """`hans`, `hant` or `shared`: what all characters together tell, as `to` writes them.

    >>> line_majority("皇后", "hant"), line_majority("你好", "hant")
    ('hans', 'shared')
    """
    if len(line) < _LONG:
        return majority(line, odds_in(to))
    forms = regional_forms(to)
    for old, new in forms.items():
        if chr(old) in line:
            line = line.replace(chr(old), new)
    return evidence(line).majority


class Plan(NamedTuple):
    """What to do with the lines of a text: the action of each, and how to carry it out."""

    to: str
    one_to_one: bool
    vocabulary: bool
    majority: str  # of the whole text
    untold: str = ""  # what a text is taken for that tells no script: hans, or nothing

    def action(self, line: str, bits: int) -> str:
        """`convert`, `refold`, `keep` (strays and regional forms), or nothing to do."""
        if self.to == "auto":
            return self._auto_action(line)
        has_hans, has_hant = bool(bits & 1), bool(bits & 2)
        if has_hans != has_hant:
            script = "hans" if has_hans else "hant"
        else:  # no bit at all: nothing to weigh
            here = line_majority(line, self.to) if bits else "shared"
            script = here if here != "shared" else self.majority
        if self.is_converted(script):
            return "convert"
        if self.to == "hans":
            # a line that tells no script has particles that hans writes otherwise (睡不著)
            return "keep" if has_hant or (script == "shared" and has_open(line)) else ""
        if self.one_to_one:
            return "refold"
        return "keep" if has_hans or self.to != "hant" else ""

    def is_converted(self, script: str) -> bool:
        """Whether a line in `script`, or a text that tells `shared`, is converted as a whole."""
        if self.to == "hans":
            return script == "hant"
        return script == "hans" or (script == "shared" and self.untold == "hans")

    def _auto_action(self, line: str) -> str:
        if self.one_to_one and evidence(line).majority != "hans" and self.majority == "hant":
            return "refold"
        return ""


def has_open(text: str) -> bool:
    """Whether a text holds characters that hans has in a few words only: 睡不著, but 著名.

    >>> has_open("睡不著"), has_open("睡不好")
    (True, False)
    """
    return any(char in text for char in OPEN)


def line_plan(to: str, vocabulary: str, untold: str = "") -> Plan:
    """What to do with a line that stands alone."""
    return Plan(to, False, vocabulary == "region", "shared", untold)


def every_bits(lines: Sequence[str], to: str) -> list[int]:
    """`marked_bits` of each of many lines, several times as fast."""
    if len(lines) < _MANY:
        return [marked_bits(line, to) for line in lines]
    hans = _has_any(lines, marked("hans"))
    hant = _has_any(lines, marked("hant", to))
    return [a + 2 * b or 4 for a, b in zip(hans, hant, strict=True)]


def _has_any(lines: Sequence[str], chars: frozenset[str]) -> list[bool]:
    # a match beyond the BMP is one of many more characters
    return [
        match is not None and (match[0] <= "\uffff" or not chars.isdisjoint(match.string))
        for match in map(_finder(chars), lines)
    ]


@cache
def _finder(chars: frozenset[str]) -> Callable[[str], re.Match[str] | None]:
    return re.compile(char_class(chars)).search


def text_lines(text: str, start: int, end: int) -> Iterator[Span]:
    """The lines of a span with their line ends."""
    while start < end:
        stop = text.find("\n", start, end) + 1 or end
        yield start, stop
        start = stop
