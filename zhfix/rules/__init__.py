"""The rules, one file per kind of damage; importing this package fills the registry in the order of
stages.
"""

from zhfix.rules import (  # noqa: F401  # importing a rule file registers it
    doubled_gloss,
    escape,
    gloss,
    mojibake,
    quote,
    shifted_bytes,
)
from zhfix.rules.registry import RULES, Context, Rule, Stage

__all__ = ["RULES", "Context", "Rule", "Stage"]
