"""Which rules are asked, by the options, and in which order."""

from __future__ import annotations

from functools import cache

from zhfix.options import Options
from zhfix.rules import RULES, Rule, Stage

__all__ = ["active_rules", "is_idle", "stages"]


def active_rules(options: Options, *, is_explained: bool = False) -> list[Rule]:
    """The rules that `repaired` asks for edits, and, with `is_explained`, for hints."""
    return [
        rule
        for stage in stages(options)
        for rule in stage
        if not (rule.stage == Stage.SCRIPT and is_idle(options, is_explained))
    ]


def is_idle(options: Options, is_explained: bool) -> bool:
    """Whether the rules on scripts have nothing to do."""
    if options.to == "keep":  # hints at most, unless a rule is asked for by name
        return not (options.rules or is_explained)
    return options.engine != "default"  # who names an engine wants its choice


@cache
def stages(options: Options) -> tuple[tuple[Rule, ...], ...]:
    """The rules that may run, those of one stage together."""
    active = [
        rule
        for rule in sorted(RULES.values(), key=lambda rule: rule.stage)
        if (rule.name in options.rules if options.rules else rule.is_on)
        and rule.name not in options.skip
    ]
    names = sorted({rule.stage for rule in active})
    return tuple(tuple(rule for rule in active if rule.stage == stage) for stage in names)
