"""Forms that a region writes beside those of its standard: 說 in Hong Kong, 裏 in Taiwan.

Conversion writes the standard's forms. A repair leaves these where they stand, or nearly every
sound line of the region would change.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from zhfix.convert.writer import in_region
from zhfix.kept import kept
from zhfix.script import has_arrays
from zhfix.tables import load_map, load_rows

__all__ = ["is_left", "region_of", "with_own_forms"]

_TABLES = {"hant-tw": "TWVariants", "hant-hk": "HKVariants"}
_HK, _TW = frozenset("裏着衞説脱綫羣麪"), frozenset("裡著衛說脫線群麵")


@kept(4)
def region_of(text: str) -> str:
    """`hant-hk` or `hant`: whose forms a Traditional text has more of. Remembered: every stretch
    of a text asks for it.

    >>> region_of("他説這裏有"), region_of("他說這裡有"), region_of("他有")
    ('hant-hk', 'hant', 'hant')
    """
    if has_arrays(text):
        from zhfix.classes_bulk import counts  # numpy: where it is loaded

        n_hk, n_tw = counts(text, _HK, _TW)
    else:
        n_hk, n_tw = (
            sum(text.count(char) for char in forms if char in text) for forms in (_HK, _TW)
        )
    return "hant-hk" if n_hk > n_tw else "hant"


@cache
def _own(to: str) -> dict[str, frozenset[str]]:
    """Each form that the region `to` has in use to those of its standard: by itself, and in words
    (滙豐).
    """
    region = to.removeprefix("hant-")
    found: dict[str, set[str]] = {
        row[0]: {in_region(row[0], to)} for row in load_rows("hand/regional") if row[1] == region
    }
    for word, after in load_map(f"{_TABLES[to]}Phrases").items():
        for form, one in zip(word, after.split()[0], strict=False):
            if form in found:
                found[form].add(one)
    return {form: frozenset(after - {form}) for form, after in found.items()}


@cache
def _foreign(to: str) -> frozenset[str]:
    """What the region does not write at all: a line with it comes from elsewhere."""
    known = load_map(_TABLES[to]) if to in _TABLES else {}
    return frozenset(form for form, after in known.items() if after != form) - _own(to).keys()


@cache
def _pattern(to: str) -> re.Pattern[str] | None:
    forms = "".join(sorted(_own(to))) if to in _TABLES else ""
    return re.compile(f"[{forms}]") if forms else None


def is_left(text: str, at: int, after: str, to: str) -> bool:
    """Whether the character at `at` is as good as `after` in the region `to`, and its line is not
    from elsewhere.

    >>> is_left("他說", 1, "説", "hant-hk"), is_left("裏面看着", 0, "裡", "hant-tw")
    (True, False)
    """
    if to not in _TABLES or after not in _own(to).get(text[at], ()):
        return False
    return _is_at_home(text, *_line(text, at), to)


def _line(text: str, at: int) -> tuple[int, int]:
    return text.rfind("\n", 0, at) + 1, text.find("\n", at) + 1 or len(text)


@lru_cache(maxsize=4)
def _is_at_home(text: str, start: int, end: int, to: str) -> bool:
    """Whether nothing in a line comes from elsewhere; a long one is read once."""
    return _foreign(to).isdisjoint(text[start:end])


def with_own_forms(text: str, written: str, to: str) -> str:
    """`written`, which was made of `text`, with the forms that are as good as they stand; the same
    object where there are none.
    """
    known = _pattern(to)
    if written is text or known is None or len(text) != len(written):
        return written
    out: list[str] = []
    done = end = 0
    for match in known.finditer(text):
        i = match.start()
        if written[i] == text[i] or written[i] not in _own(to)[text[i]]:
            continue
        if i >= end:
            start, end = _line(text, i)
        if _is_at_home(text, start, end, to):
            out += written[done:i], text[i]
            done = i + 1
    made = "".join((*out, written[done:])) if out else written
    return text if made == text else made
