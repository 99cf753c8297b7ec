"""The Traditional forms that rival each other, since they are one character in Simplified, and the
standard spelling of each.
"""

from __future__ import annotations

from functools import cache

from zhfix.tables import load_map, load_rows

__all__ = ["forms_of", "is_spelling", "rivals", "standard", "standards"]

# variants to the tables, words of their own in use
_APART = frozenset("梁樑么麼幺只衹才纔核覈針鍼參蔘皁皂")


@cache
def standards() -> dict[int, str]:
    """The regional forms, by code point, to OpenCC's standard ones: what `standard` writes."""
    found: dict[int, str] = {}
    for name in ("TWVariantsRev", "HKVariantsRev"):
        for char, forms in load_map(name).items():
            form = forms.split()[0]
            if len(char) == len(form) == 1 and not {char, form} & _APART:
                found.setdefault(ord(char), form)
    return found


def standard(text: str) -> str:
    """Traditional `text` with regional forms (裡 為) in OpenCC's standard ones (裏 爲), one by
    one.
    """
    if len(text) == 1:
        return standards().get(ord(text), text)
    return text.translate(standards())


@cache
def forms_of() -> dict[str, tuple[str, ...]]:
    """Every Traditional form of a Simplified character that has several, the naive one first."""
    return {row[0]: tuple(row[2].split()) for row in load_rows("forms") if row[1] == "S"}


@cache
def rivals() -> dict[str, tuple[str, ...]]:
    """Each form in its standard spelling to all forms of its Simplified characters."""
    found: dict[str, dict[str, None]] = {}
    for simple, forms in forms_of().items():
        known = dict.fromkeys(map(standard, (simple, *forms)))
        for form in known:
            found.setdefault(form, {}).update(known)
    return {form: tuple(known) for form, known in found.items() if len(known) > 1}


def is_spelling(a: str, b: str) -> bool:
    """Whether two forms are spellings of one word that regions prefer."""
    return a + b in _spellings() or b + a in _spellings()


@cache
def _spellings() -> frozenset[str]:
    return frozenset(
        row[0] for name in ("choice-style", "spellings") for row in load_rows(f"hand/{name}")
    )
