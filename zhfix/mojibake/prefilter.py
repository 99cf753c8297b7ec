"""Where damage may be: what clears clean text at the price of a scan.

Three questions, each asked only where the one before said yes: a character, or two or three side by
side, that clean text seldom holds; two neighbours whose bytes would be likelier Chinese; a stretch
around them that some chain improves. `hits` is the same with and without numpy.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import Final

from zhfix.model import UNIT, Model
from zhfix.mojibake.lattice import gains
from zhfix.mojibake.pairs import is_narrow, may_be, narrow_may_be
from zhfix.tables import load_map

__all__ = ["hits", "is_hit", "lines", "may_be_name", "specs"]

_ODD_DRAWN: Final = "╒╓╕╖╘╙╛╜╞╟╡╢╤╥╧╨╪╫"  # single and double lines mixed: in tables of nobody
_LOST: Final = "\ue000-\uf8ff\x80-\x9f\ufffd"
_SIGN: Final = "\xa1-\xbfƒ‘’“”‚„†‡•…‰‹›€™–—"
_GREEK: Final = "αßΓπΣσµτΦΘΩδ∞φε∩≡≥≤⌠⌡÷≈°∙√ⁿ²■"
_CYRILLIC: Final = "\u0400-\u045f"
_PAIRS: Final = (  # two neighbours that no language puts side by side
    ("а-яё", "А-ЯЁ"),
    (_CYRILLIC, "\xa1-\xaa\xac-\xba\xbc-\xffƒ‚†‡•‰‹›€™\u2500-\u25ff√≈≤≥⌠"),
    ("ЂЃЄЅІЇЈЉЊЋЌЎЏђѓєѕіїјљњћќўџґҐ", "ЂЃЄЅЉЊЋЌЏђѓѕљњћќџґҐ" + _SIGN),
    (_SIGN, _SIGN + _CYRILLIC),
    ("\u2500-\u259f" + _GREEK, _GREEK + _CYRILLIC + "\xa1-\xff"),
    (_GREEK, "\u2500-\u259f"),
    ("ñªº¿⌐¬½¼¡«»\u2501-\u259f" + _GREEK, "A-Z"),
    ("\uac00-\ud7a3", "\u4e00-\u9fff"),
    ("\uff61-\uff9f", "\u4e00-\u9fff"),
)
_BULK: Final = 2000  # characters from which a scan over arrays pays, where numpy is loaded
_RUN: Final = 16  # narrow characters looked at around a hit
_REACH: Final = 8  # characters on each side that a first reading takes in
_GAIN: Final = 3 * UNIT  # what it must gain
_LITTLE: Final = 2 * UNIT  # what two neighbours must gain in a name
_ALONE: Final = re.compile("[" + _LOST + "]")


@cache
def specs() -> tuple[str, tuple[tuple[str, str], ...], str]:
    """Character classes, ranges as a-b: hot ones, pairs of classes side by side, and those of
    which three side by side count.
    """
    kinds = load_map("hot")
    hot, warm, mild = (
        "".join(chr(int(code, 16)) for code, kind in kinds.items() if name in kind.split("+"))
        for name in ("hot", "warm", "mild")
    )
    warm += "\xa1-\xff"
    return hot + _LOST + _ODD_DRAWN, ((warm, warm), *_PAIRS), mild


@cache
def _pattern() -> re.Pattern[str]:
    hot, pairs, mild = specs()
    after = "|".join(f"(?<=[{one}])(?=[{two}])" for one, two in pairs)
    first = "".join(one for one, _ in pairs)
    # one leading class, so that the engine skips clean text at full speed
    return re.compile(
        f"[{hot}{mild}{first}](?:(?<=[{hot}])|{after}|(?<=[{mild}])(?=[{mild}]{{2}}))"
    )


def is_hit(text: str) -> bool:
    """Whether the text holds what clean text does not: a hot character, two warm ones, three mild
    ones, an odd pair.

    >>> is_hit("浣犲ソ"), is_hit("你好，世界")
    (True, False)
    """
    return _pattern().search(text) is not None


def hits(text: str) -> Iterator[int]:
    """Offsets of all characters at which such a place begins."""
    if len(text) >= _BULK and "numpy" in sys.modules:
        try:
            from zhfix.mojibake.scan_bulk import found  # numpy: only where it is loaded
        except ImportError:  # pragma: no cover
            pass
        else:
            yield from found(text)
            return
    for match in _pattern().finditer(text):
        yield match.start()


def lines(text: str, model: Model) -> Iterator[tuple[int, int]]:
    """The lines of a text that may hold damage, as offsets."""
    done = 0
    for at in hits(text):
        if at < done or not _may_begin(text, at, model):
            continue
        begin = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        done = len(text) if end < 0 else end
        yield begin, done


def may_be_name(text: str) -> bool:
    """The second question for each place of a short text, which has too few characters to show a
    hot one.
    """
    if "?" in text or _ALONE.search(text):
        return True
    if any(map(is_narrow, text)):
        return True
    lone = len(text) - sum(c < "\x80" for c in text) < 3
    return lone or any(may_be(text[i : i + 2], _LITTLE) for i in range(len(text) - 1))


def _may_begin(text: str, at: int, model: Model) -> bool:
    """The second and third question for the place at an offset."""
    char = text[at]
    if _ALONE.match(char):
        return True
    if is_narrow(char):
        return _narrow(text, at)
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if after == "?" or "\ufffd" in (before, after) or (before < "\x80" and after < "\x80"):
        return True
    for start in range(max(at - 1, 0), at + 1):
        pair = text[start : start + 2]
        if len(pair) == 2 and min(pair) > "\x7f" and _pair(text, start, model):
            return True
    return False


def _narrow(text: str, at: int) -> bool:
    start = end = at
    while start and at - start < _RUN and is_narrow(text[start - 1]):
        start -= 1
    while end < len(text) and end - at < _RUN and is_narrow(text[end]):
        end += 1
    if end - start == 1 and not text[end : end + 1].isascii():
        return bool(may_be(text[at : at + 2]))
    return narrow_may_be(text[start:end])


def _pair(text: str, at: int, model: Model) -> bool:
    chains = may_be(text[at : at + 2])
    if not chains:
        return False
    start = max(0, at - _REACH, text.rfind("\n", max(0, at - _REACH), at) + 1)
    end = text.find("\n", at, at + _REACH + 2)
    part = text[start : at + _REACH + 2 if end < 0 else end]
    return any(gains(part, at - start, chain, model) > _GAIN for chain in chains)
