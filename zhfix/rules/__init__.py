"""The rules, one file per kind of damage; importing this package fills the registry in the order of
stages.
"""

from zhfix.rules import doubled_gloss, gloss, quote, shifted_bytes  # noqa: F401  # importing a rule file registers it
from zhfix.rules.registry import RULES, Context, Rule, Stage

__all__ = ["RULES", "Context", "Rule", "Stage"]
