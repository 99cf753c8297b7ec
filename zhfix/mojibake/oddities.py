"""The first question of the prefilter: a character, or two or three side by side, that clean text
seldom holds. It needs one table and no code page, so a clean line costs a command nothing more.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate

from zhfix.first_lines import is_few
from zhfix.pattern import compiled, ranges
from zhfix.script import distinct
from zhfix.shapes import Shape
from zhfix.tables import load_map, load_sorted

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = [
    "EMOJI",
    "GONE",
    "LOST",
    "NAME",
    "hits",
    "is_for_arrays",
    "is_possible",
    "possible_among",
    "shapes",
    "specs",
]

_ODD_DRAWN: Final = "╒╓╕╖╘╙╛╜╞╟╡╢╤╥╧╨╪╫"  # single and double lines mixed: in tables of nobody
LOST: Final = "\ue000-\uf8ff\x80-\x9f\ufffd"
GONE: Final = "锟嚙烫屯"  # 锟斤拷 and the like, which search.lost reports
EMOJI: Final = "馃"  # F09F, how UTF-8 of emoji begins, read as GBK
_SIGN: Final = "\xa1-\xbfƒ‘’“”‚„†‡•…‰‹›€™–—"
_GREEK: Final = "αßΓπΣσµτΦΘΩδ∞φε∩≡≥≤⌠⌡÷≈°∙√ⁿ²■"
_CYRILLIC: Final = "\u0400-\u045f"
_BEHIND: Final = (  # two neighbours that no language puts side by side, the rarer one last
    ("а-яё", "А-ЯЁ"),
    (_CYRILLIC, "\xa1-\xaa\xac-\xba\xbc-\xffƒ‚†‡•‰‹›€™\u2500-\u25ff√≈≤≥⌠"),
)
_PAIRS: Final = (  # and first
    ("ЂЃЄЅІЇЈЉЊЋЌЎЏђѓєѕіїјљњћќўџґҐ", "ЂЃЄЅЉЊЋЌЏђѓѕљњћќџґҐ" + _SIGN),
    (_SIGN, _SIGN + _CYRILLIC),
    ("\u2500-\u259f" + _GREEK, _GREEK + _CYRILLIC + "\xa1-\xff"),
    (_GREEK, "\u2500-\u259f"),
    ("ñªº¿⌐¬½¼¡«»\u2501-\u259f" + _GREEK, "A-Z"),
    ("烫", "烫"),
    ("屯", "屯"),
    ("\uac00-\ud7a3", "\u4e00-\u9fff"),
    ("\uff61-\uff9f", "\u4e00-\u9fff"),
)
_ALWAYS: Final = LOST + GONE[:2] + EMOJI + _ODD_DRAWN  # hot, whatever the table says
_BULK: Final = 2000  # characters that nearly always hold a first character of the pattern
_ARRAYS: Final = 300  # characters from which a scan over arrays pays, where numpy is loaded
NAME: Final = 16  # a text up to this is weighed without the prefilter: names, titles, fields


@cache
def specs() -> tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...], str]:
    """Character classes, ranges as a-b: hot ones; pairs of which the second, and of which the
    first counts as the place; those of which three side by side count.
    """
    kinds = load_map("hot")
    hot, warm, mild = (
        "".join(chr(int(code, 16)) for code, kind in kinds.items() if name in kind.split("+"))
        for name in ("hot", "warm", "mild")
    )
    warm += "\xa1-\xff"
    return hot + _ALWAYS, _BEHIND, ((warm, warm), *_PAIRS), mild


def shapes() -> Iterator[tuple[Shape, int]]:
    """The same as shapes of single marks, each with the characters between a hit and its mark."""
    hot, behind, pairs, mild = specs()
    yield Shape(hot), 0
    yield Shape(mild, mild, mild), 1
    for one, two in pairs:
        yield Shape(one, behind=two), 0
    for one, two in behind:
        yield Shape(two, before=one), 0


@cache
def _pattern() -> re.Pattern[str]:
    hot, behind, pairs, mild = specs()
    after = "|".join(f"(?<=[{one}])(?=[{two}])" for one, two in pairs)
    before = "|".join(f"(?<=[{one}][{two}])" for one, two in behind)
    firsts, seconds = ("".join(pair[k] for pair in pairs) for k in (0, 1))
    last = "".join(two for _, two in behind)
    # one leading class, so that the engine skips clean text at full speed; then one for what may
    # follow, which is seldom there
    return compiled(
        f"[{hot}{mild}{firsts}{last}](?:(?<=[{hot}])"
        f"|(?=[{seconds}{mild}])(?:{after}|(?<=[{mild}])(?=[{mild}]{{2}}))"
        f"|(?<=[{last}])(?:{before}))"
    )


@cache
def _is_first(char: str) -> bool:
    """Whether the pattern may begin with a character. Asked of each character once, this is
    cheaper for a line or two than to compile the pattern.
    """
    return bool(load_sorted("hot").get(f"{ord(char):04X}")) or any(
        first <= ord(char) <= last for first, last in _first_ranges()
    )


@cache
def _first_ranges() -> tuple[tuple[int, int], ...]:
    """The same characters but for those of the table."""
    classes = [one for one, _ in _PAIRS] + [two for _, two in _BEHIND]
    return tuple(ranges("".join([*classes, "\xa1-\xff", _ALWAYS])))


def is_possible(text: str) -> bool:
    """a character, or a few side by side, that clean text seldom holds, or is a short name."""
    if text.isascii():
        return False
    return len(text) <= NAME or len(text) >= _BULK or next(hits(text), None) is not None


def possible_among(texts: Sequence[str]) -> list[bool]:
    """`is_possible` of each of many texts, which are scanned as one."""
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    hit = {bisect_right(starts, at) - 1 for at in hits("\n".join(texts))}
    return [
        not text.isascii() and (i in hit or len(text) <= NAME or len(text) >= _BULK)
        for i, text in enumerate(texts)
    ]


def is_for_arrays(text: str) -> bool:
    """Whether a text is long enough to be scanned over arrays, and numpy is loaded."""
    return len(text) >= _ARRAYS and sys.modules.get("numpy") is not None


def hits(text: str) -> Iterator[int]:
    """Offsets of all characters at which the first question says yes: a hot character, two warm
    ones, three mild ones, an odd pair.

    >>> list(hits("浣犲ソ")), list(hits("你好，世界"))
    ([1], [])
    """
    if is_for_arrays(text):
        from zhfix.mojibake.scan_bulk import found  # numpy: only where it is loaded

        yield from found(text)
        return
    # long text holds some first character nearly always, and counting it costs three scans
    if len(text) < _BULK and not any(map(_is_first, distinct(text))):
        return
    if is_few("oddities", text):
        yield from (i for i in range(len(text)) if _is_odd(text, i))
        return
    for match in _pattern().finditer(text):
        yield match.start()


def _is_odd(text: str, i: int) -> bool:
    """Whether the pattern matches at a place, for a few lines, which cost less than to compile it.

    >>> _is_odd("浣犲ソ", 1), _is_odd("浣犲ソ", 2)
    (True, False)
    """
    char, behind, following = text[i], text[i - 1 : i], text[i + 1 : i + 2]
    if not _is_first(char):
        return False
    kinds = _kinds(char)
    if "hot" in kinds or _is_in(_ALWAYS, char):
        return True
    if "mild" in kinds and all("mild" in _kinds(text[j : j + 1]) for j in (i + 1, i + 2)):
        return True
    if "warm" in kinds and "warm" in _kinds(following):
        return True
    return any(_is_in(one, char) and _is_in(two, following) for one, two in _PAIRS) or any(
        _is_in(one, behind) and _is_in(two, char) for one, two in _BEHIND
    )


def _kinds(char: str) -> list[str]:
    found = load_sorted("hot").get(f"{ord(char):04X}").split("+") if char else []
    return [*found, "warm"] if "\xa1" <= char <= "\xff" else found


def _is_in(spec: str, char: str) -> bool:
    return bool(char) and any(first <= ord(char) <= last for first, last in ranges(spec))
