"""The rules, one file per kind of damage; importing this package fills the registry in the order of
stages.
"""

from zhfix.rules import escape, gloss, mojibake, quote  # noqa: F401  # importing registers them
from zhfix.rules.registry import RULES, Context, Rule, Stage

__all__ = ["RULES", "Context", "Rule", "Stage"]
