"""Words of another language beside mojibake: `François; ÄãºÃ` is François and 你好, not Fran鏾is.

In double-byte code pages no character has a byte below 40 (hex) behind its lead byte, but for the
four-byte ones of GB18030: blanks, digits and most punctuation part a line into tokens that are
read each by itself. A token that somebody may have written stays what it is unless it gains by its
reading.
"""

from __future__ import annotations

from zhfix.model import UNIT, Model
from zhfix.mojibake.codepages import decode, encode
from zhfix.mojibake.evidence import Span, measure, n_ascii
from zhfix.mojibake.gaps import MARK
from zhfix.mojibake.half_decoded import WRONG
from zhfix.mojibake.lattice import SINGLE
from zhfix.pattern import pattern

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = ["is_written", "loses", "parted", "without_words"]

_LATIN: Final = ("windows-1252", "latin-1")
_WRONG: Final = SINGLE | {WRONG}
_TOKEN: Final = pattern("([^\x00-/:-?]*)([\x00-/:-?]*)")
# what a token must gain by its reading, by characters that are not ASCII; less is chance
_LEAST: Final = (-UNIT, -UNIT, UNIT)
_EACH: Final = 3 * UNIT // 2  # and for each of more
_WITHIN: Final = 6 * UNIT  # and what one must that stands within a word: 吴vres
# and so much less where words of other languages are not read by the wrong code page, or hardly
_RARE: Final = 6 * UNIT
_HALF: Final = 2 * UNIT  # the same in half-decoded text
_LETTERS: Final = pattern("[A-Za-z]{2}")
# letters with what may stand before, between and behind them; a sign by itself
_WRITTEN: Final = pattern(
    "[@[{|~«‹“‘„¿¡°µ]*(?:[A-Za-z’‘·\xad]|(?![ªµº×÷_])\\w|[\u0300-\u036f\u0591-\u1fff])*"
    "[»›”’…®™©°ºª²³¹]?[]}|~]*"
    "|[@[{|~]*[°±½¼¾×÷§©®€£¥·«»¹²³µ¶–—…•][]}|~]*"
)
_APART: Final = pattern("([\x00-/:-?]+)([^\x00-/:-?]+)")
_LATIN_WORD: Final = pattern("[A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\u024f]+")
# Greek, Cyrillic, Hebrew, Arabic, Thai; degrees, backwards as well
_OTHER_WORD: Final = pattern(
    "[\u0370-\u03ff]{3,}|[\u0400-\u04ff]{3,}|[\u0590-\u05ff]{3,}|[\u0600-\u06ff]{3,}"
    "|[\u0e00-\u0e7f]{3,}|[CF]?°|°[CF]?"
)
_ACCENT: Final = pattern("[\xc0-\xd6\xd8-\xf6\xf8-\xff][A-Za-z|]")
_QUOTED: Final = pattern("«[^»]*»(?![\xa1-\xff])")


def is_written(token: str, line: str) -> bool:
    """Whether letters and signs between two ASCII characters are such as people write.

    >>> [is_written(token, "") for token in ("François", "°C", "d’été", "nº", "Ç¢", "╤╗")]
    [True, True, True, True, False, False]
    >>> is_written("«u", "«u"), is_written("«u", "«u est»")
    (False, True)
    """
    if "«" in token and not _QUOTED.search(line):
        return False
    return _WRITTEN.fullmatch(token) is not None


def without_words(beside: str) -> str:
    """What touches a repair, nearest first, up to a word that a blank or a mark parts from it.

    >>> without_words(" ;siotçnarF "), without_words("¢Ç;"), without_words("çnarF")
    (' ;', '¢Ç;', 'çnarF')
    """
    m = _APART.match(beside)
    return m[1] if m is not None and _is_word(m[2]) else beside


def _is_word(token: str) -> bool:
    """Whether a token is clearly a word of another language: Latin letters, of ASCII as many as
    others, or letters of one other script.
    """
    letters = _LATIN_WORD.fullmatch(token)
    n_high = len(token) - n_ascii(token)
    if letters is not None and token != token.upper() and 2 * n_high <= len(token):
        return True
    return _OTHER_WORD.fullmatch(token) is not None


def parted(line: str, span: Span, model: Model) -> Span:
    """The repair without the tokens that are likelier as they stand.

    >>> from zhfix.model import load
    >>> line = "François; ÄãºÃ£¬ÊÀ½ç"
    >>> span = Span(4, 20, "鏾is; 你好，世界", 100, ("latin-1", "gb18030"))
    >>> parted(line, span, load())[:3]
    (10, 20, '你好，世界')
    """
    wrong, right = span.chain[0], span.chain[-1]
    if len(span.chain) != 2 or wrong not in _WRONG or right == "utf-8":
        return span
    start, end = span.start, span.end
    while start and "?" < line[start - 1] < "\x80":  # the letters of a word around the span
        start -= 1
    while "?" < line[end : end + 1] < "\x80":
        end += 1
    whole = line[start : span.start] + span.after + line[span.end : end]
    old, new = _TOKEN.findall(line, start, end), _TOKEN.findall(whole)
    if [apart for _, apart in old] != [apart for _, apart in new]:
        return span
    done = line[max(0, start - 2) : start]  # the last characters before a token, as they are read
    after: list[str] = []
    is_kept = False
    for (token, apart), (text, _) in zip(old, new, strict=True):
        if wrong in _LATIN and _ACCENT.search(token):
            text, read = _with_words(token, text, right, model), text
            is_kept |= text != read
        if text != token:
            beside = apart[:2] or line[end : end + 2]
            if (
                is_written(token, line) and _stays(token, wrong, text, done, beside, model)
            ) or _is_utf8(token, wrong, text, done, beside, model):
                text, is_kept = token, True
        after += text, apart
        done = (done + text + apart)[-2:]
    return measure(line, start, end, "".join(after), span.chain, model) if is_kept else span


def loses(piece: str, marked: str) -> bool:
    """Whether a reading with U+FFFD for what was lost has nothing else of a token that shows no
    loss: that token was damaged in another way, or not at all.

    >>> loses("Örn, ä½\xa0å", "\ufffdrn, 你\ufffd"), loses("ä½\xa0å", "你\ufffd")
    (True, False)
    """
    old, new = _TOKEN.findall(piece), _TOKEN.findall(marked)
    return [apart for _, apart in old] == [apart for _, apart in new] and any(
        MARK in text and MARK not in token and text.replace(MARK, "").isascii()
        for (token, _), (text, _) in zip(old, new, strict=True)
    )


def _with_words(token: str, text: str, right: str, model: Model) -> str:
    """What a token reads as, with the accents inside its words: `¡¶François¡·` is 《François》.

    >>> from zhfix.model import load
    >>> _with_words("¡¶François¡·", "《Fran鏾is》", "gb18030", load())
    '《François》'
    """
    out, at = "", 0
    for i, char in enumerate(text):
        shown = token[at : at + len(encode(char, right))]
        at += len(shown)
        if _ACCENT.fullmatch(shown) and out[-1:].isascii() and out[-1:].isalpha():
            before, after = out[-2:], text[i + 1 : i + 3]
            if model.score(before + shown + after) > model.score(before + char + after):
                char = shown
        out += char
    return out


def _stays(token: str, wrong: str, text: str, before: str, after: str, model: Model) -> bool:
    gain = model.score(before + text + after) - model.score(before + token + after)
    n_read = len(text) - n_ascii(text)
    least = _LEAST[min(n_read, 2)] + _EACH * max(0, n_read - 2)
    if n_read == 1 and _LETTERS.search(text) and text.isalpha():
        least += _WITHIN
    if wrong not in _LATIN:
        least -= _HALF if wrong == WRONG else _RARE
    return gain < least


def _is_utf8(token: str, wrong: str, text: str, before: str, after: str, model: Model) -> bool:
    """Whether a token is likelier UTF-8, of any language."""
    if wrong not in _LATIN:
        return False
    try:
        other = decode(encode(token, wrong), "utf-8")
    except UnicodeError:
        return False
    if len(other) == 1 and other > "\xff":  # one pair of bytes is UTF-8 by chance
        return False
    return model.score(before + other + after) > model.score(before + text + after)
