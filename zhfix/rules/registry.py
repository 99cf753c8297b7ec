"""What a rule is, and the one list of them: flags, docs, statistics and parametrised tests are read
off it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum

from zhfix.named import NamedTuple
from zhfix.options import SURE
from zhfix.protect import Span, overlaps
from zhfix.report import Edit
from zhfix.rules.strays import UNASKED, Place, Stream
from zhfix.shapes import Shape, has_word

__all__ = ["RULES", "Asked", "Context", "Rule", "Stage", "Wake", "rule"]


class Stage(IntEnum):
    """The order of repairs: a later stage reads the text that the earlier ones repaired."""

    MOJIBAKE = 1
    ESCAPE = 2
    SHIFTED_BYTES = 3
    GLOSS = 4
    QUOTE = 5
    SCRIPT = 6
    WORD = 7


class Context:
    """What a rule is given beside the text: the protected spans, a maker of edits, and what earlier
    stages proved.
    """

    def __init__(
        self,
        text: str,
        protected: Sequence[Span],
        name: str,
        proven: set[str],
        to: str = "keep",
        stream: Stream | None = None,
        floor: float = SURE,
        *,
        is_brief: bool = False,
        least: float = 0.0,
    ) -> None:
        self.text = text
        self.is_brief = is_brief  # hints are not read, and only edits change the text
        self.least = least  # nor those that are less sure than this
        self.floor = floor  # how sure an edit must be to be made, as in Options
        self.to = to  # the target script, as in Options
        self.stream = stream  # what was seen of each script before this text
        self.protected = protected
        self.rule = name
        self.proven = proven  # e.g. "one-to-one": the page was converted character by character

    def edit(self, start: int, end: int, after: str, sure: float, why: str) -> Edit:
        """An edit of this rule; `sure` below the caller's floor makes it a hint."""
        return Edit(start, end, self.text[start:end], after, self.rule, round(sure, 3), why)

    def place(self) -> Place:
        """What the rules on scripts read a text for."""
        is_proven = "one-to-one" in self.proven
        is_brief = self.is_brief and self.to == "auto" and self.floor > UNASKED
        is_brief = is_brief and self.stream is None and not is_proven
        protected = tuple(self.protected)
        return Place(self.to, protected, self.stream, is_proven, is_brief, self.least)

    def is_protected(self, start: int, end: int) -> bool:
        """Whether any character of start..end must stay as it is."""
        return overlaps(start, end, self.protected)


Propose = Callable[[str, Context], Iterable[Edit]]
Trigger = Callable[[str], bool]
Among = Callable[[Sequence[str]], list[bool]]  # the same of each of many short texts


class Asked(NamedTuple):
    """What a rule is asked for, as far as that decides which places wake it."""

    to: str = "keep"  # the target script, as in Options
    is_brief: bool = False  # as in Context
    is_hinted: bool = False  # hints that come to nothing (UNLIKELY) are read as well
    is_protected: bool = False  # the caller protects spans


class Wake(NamedTuple):
    """Places without which a rule finds nothing in a text: `shape` is sought in the text for all
    rules together (its marks may be ranges too), `is_real` asked of all places that were found for
    it, sorted. A place is `back` characters before its mark. `is_cut`: what stands in protected
    spans is no context, so `is_real` is asked of what stands between them.

    >>> Wake(Shape(")", behind="(")).is_real is None  # nothing more is asked
    True
    """

    shape: Shape
    is_real: Callable[[str, Sequence[int]], bool] | None = None
    back: int = 0
    is_cut: bool = False


Wakes = Callable[[Asked], Iterable[Wake]]


class Rule(NamedTuple):
    """One kind of damage. `propose` yields edits and never builds text; it runs only where a
    trigger is in the text.

    `fixes` are pairs (damaged, repaired), `leaves` texts it must not touch, at least as many;
    `needs` are patterns of which one must be found as well, where triggers alone are too common.
    `trigger`, when there is one, is asked instead of the substrings; its docstring says for what.
    `among` says it of many short texts, several times as fast as one by one.
    `wakes` gives all places that can wake the rule, by what it is asked for: text without any never
    asks for the trigger (zhfix/gate.py). Without it the trigger is asked of every text.
    `summary` is the first paragraph of its documentation, `is_on` whether it runs unless asked for.
    `sure` is what its plainest case is sure of.
    """

    name: str
    stage: Stage
    sure: float
    since: str
    triggers: tuple[str, ...]
    fixes: tuple[tuple[str, str], ...]
    leaves: tuple[str, ...]
    summary: str
    is_on: bool
    propose: Propose
    needs: tuple[re.Pattern[str], ...] = ()
    trigger: Trigger | None = None
    among: Among | None = None
    wakes: Wakes | None = None

    def triggered_among(self, texts: Sequence[str], joined: str) -> Iterable[int]:
        """Which of many short texts trigger the rule; `joined` are the same as lines."""
        if not self.is_triggered(joined):
            return ()
        if self.among:
            return (i for i, is_found in enumerate(self.among(texts)) if is_found)
        return self._in_groups(texts, range(len(texts)), _GROUPS)

    def _in_groups(
        self, texts: Sequence[str], which: Sequence[int], sizes: Sequence[int]
    ) -> Iterator[int]:
        """A rule that has no work in lines together has none in one of them: they are asked in
        groups, then in smaller ones.
        """
        for at in range(0, len(which), sizes[0]):
            group = which[at : at + sizes[0]]
            if self.is_triggered("\n".join([texts[i] for i in group])):
                yield from self._in_groups(texts, group, sizes[1:]) if sizes[1:] else group

    def is_triggered(self, text: str) -> bool:
        """Whether the text holds one of the triggers, and what the rule needs beside it."""
        if self.trigger:
            return self.trigger(text)
        if not any(not trigger or has_word(text, trigger) for trigger in self.triggers):
            return False
        return not self.needs or any(pattern.search(text) for pattern in self.needs)


_GROUPS = 64, 8, 1  # short texts asked at once
RULES: dict[str, Rule] = {}  # by name, in the order of stages once zhfix.rules is imported


def rule(
    name: str,
    *,
    stage: Stage,
    sure: float,
    since: str,
    triggers: Iterable[str] = (),
    trigger: Trigger | None = None,
    among: Among | None = None,
    wakes: Wakes | None = None,
    fixes: Iterable[tuple[str, str]],
    leaves: Iterable[str],
    is_on: bool = True,
    needs: Iterable[re.Pattern[str]] = (),
) -> Callable[[Propose], Propose]:
    """Register the decorated function as the rule `name`."""

    def register(propose: Propose) -> Propose:
        summary = " ".join((propose.__doc__ or "").partition("\n\n")[0].split())
        made = Rule(
            name,
            stage,
            sure,
            since,
            tuple(triggers),
            tuple(fixes),
            tuple(leaves),
            summary,
            is_on,
            propose,
            tuple(needs),
            trigger,
            among,
            wakes,
        )
        is_said = summary or sys.flags.optimize > 1  # python -OO drops docstrings
        if len(made.leaves) < len(made.fixes) or not is_said:
            raise ValueError(f"rule {name}: needs a docstring and at least as many leaves as fixes")
        RULES[name] = made
        for known in sorted(RULES, key=lambda known: RULES[known].stage):
            RULES[known] = RULES.pop(known)
        return propose

    return register
