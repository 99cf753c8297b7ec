"""The rules, one file per kind of damage; importing this package fills the registry in the order of
stages.
"""

# importing a rule file registers it
from zhfix.rules import (  # noqa: F401
    ad_word,
    doubled_gloss,
    escape,
    gloss,
    lost,
    mixed_script,
    mojibake,
    odd_form,
    over_converted,
    quote,
    random_pair,
    rhythmic_gloss,
    shifted_bytes,
    steady_gloss,
)
from zhfix.rules.registry import RULES, Asked, Context, Rule, Stage, Wake

__all__ = ["RULES", "Asked", "Context", "Rule", "Stage", "Wake"]
