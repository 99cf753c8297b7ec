"""Which of OpenCC's configs lead from one script to another."""

from __future__ import annotations

__all__ = ["WITH_VOCABULARY", "config_for"]

# (source, target) -> the configs to run one after the other; "p" is added to the last letter for
# regional vocabulary
_PAIRS: dict[tuple[str, str], tuple[str, ...]] = {
    ("hans", "hant"): ("s2t",),
    ("hans", "hant-tw"): ("s2tw",),
    ("hans", "hant-hk"): ("s2hk",),
    ("hant", "hans"): ("t2s",),
    ("hant", "hant-tw"): ("t2tw",),
    ("hant", "hant-hk"): ("t2hk",),
    ("hant-tw", "hans"): ("tw2s",),
    ("hant-tw", "hant"): ("tw2t",),
    ("hant-tw", "hant-hk"): ("tw2t", "t2hk"),
    ("hant-hk", "hans"): ("hk2s",),
    ("hant-hk", "hant"): ("hk2t",),
    ("hant-hk", "hant-tw"): ("hk2t", "t2tw"),
    ("any", "hans"): ("t2s",),
    ("any", "hant"): ("s2t",),
    ("any", "hant-tw"): ("s2tw",),
    ("any", "hant-hk"): ("s2hk",),
}
WITH_VOCABULARY = {"s2tw": "s2twp", "s2hk": "s2hkp", "tw2s": "tw2sp", "hk2s": "hk2sp"}


def config_for(source: str, to: str, *, vocabulary: bool = False) -> tuple[str, ...]:
    """Names of OpenCC's configs that lead from `source` to `to`, in order; empty when there is
    nothing to do.

    >>> config_for("hans", "hant-tw", vocabulary=True)
    ('s2twp',)
    >>> config_for("hant-hk", "hant-tw")
    ('hk2t', 't2tw')
    >>> config_for("hans", "hans")
    ()
    """
    names = () if source == to else _PAIRS[source, to]
    return tuple(WITH_VOCABULARY.get(name, name) for name in names) if vocabulary else names
