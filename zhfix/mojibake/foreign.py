"""Whether bytes that read as Chinese are another language's: `ÆÄÀÏ` is 파일 of Korean, not 颇老.

Korean, Japanese, Thai, Arabic and Cyrillic pages read as Latin-1 look like Chinese ones, and pairs
of their bytes are characters of GBK. The model knows their letters as well, so the reading by which
the bytes are likelier is theirs; Chinese is written only where it is clearly the better one.
"""

from __future__ import annotations

from collections.abc import Iterator

from zhfix.model import UNIT, Model
from zhfix.mojibake.codepages import encode
from zhfix.pattern import pattern
from zhfix.script import has_kana, is_han, kana

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = ["MOST", "is_chance", "leads", "unread"]

_CODECS: Final = (
    "cp949", "euc_jp", "cp932", "cp1251", "koi8_r", "cp866", "cp874", "cp1256", "cp1253", "cp1255",
)  # fmt: skip
_JAPANESE: Final = ("euc_jp", "cp932")
_WELL: Final = 6 * UNIT  # what a character of good Chinese costs at the most: nothing else is asked
_CLOSE: Final = UNIT // 2  # nats by which Chinese must be better, for each character beyond these
_FEW: Final = 8  # and by which it may be worse for each that is wanting
_KANA: Final = 2 * UNIT  # by which it must be better for each of its kana, up to so many
_MANY_KANA: Final = 4
_HAN: Final = 6 * UNIT  # by which Han alone must be better
_BAD: Final = 10  # characters for each that another code page may lack
# marks of Thai where they may stand: the model does not know what they follow
_MARK: Final = pattern(
    "(?<=[\u0e01-\u0e2e])[\u0e31\u0e34-\u0e3a]|(?<=[\u0e01-\u0e3a])[\u0e47-\u0e4e]"
)
_MARK_NATS: Final = 7 * UNIT // 2
_CHANCE: Final = 4  # so many of which all are rare are what bytes of UTF-8 give by chance
_RARE: Final = 11 * UNIT
MOST: Final = 15 * UNIT  # what one repair tells at the most
_UNREAD: Final = pattern("[\xa1-\xff]{3}.*")  # the first of a line


def leads(before: str, after: str, right: str, model: Model) -> dict[str, int]:
    """By how much more than is asked for a code page is likelier than Chinese for the bytes of a
    repair, 1/16 nat, at most so much either way; a positive one says nearly as much, or more.

    >>> from zhfix.model import load
    >>> max(leads("ÆÄÀÏ", "颇老", "gb18030", load()).values()) > 0  # 파일
    True
    >>> leads("»ÈÍÑÊýË¡", "蝗脱数恕", "gb18030", load())["euc_jp"] > 0  # 使用方法
    True
    >>> max(leads("ÎÄ¼þ", "文件", "gb18030", load()).values()) > 0
    False
    """
    n_read = sum(char > "\x7f" for char in after)
    score = model.score(after)
    # kana have the same bytes in GBK and in Japanese
    if not n_read or (-score <= _WELL * n_read and not has_kana(after)):
        return dict.fromkeys(_CODECS, -MOST)
    n_kana = min(_MANY_KANA, sum(char in kana() for char in after))
    least = score - _CLOSE * (n_read - _FEW) - _KANA * n_kana
    out = dict.fromkeys(_CODECS, -MOST)
    for data in _datas(before, after, right):
        for codec in _CODECS:
            text = data.decode(codec, "replace")
            if _BAD * text.count("\ufffd") > len(text):
                continue
            # Han alone may be names, of Chinese as well
            is_name = codec in _JAPANESE and not has_kana(text)
            asked = max(least, score) + _HAN if is_name else least
            out[codec] = min(MOST, max(out[codec], _score(text, model) - asked))
    return out


def is_chance(after: str, model: Model) -> bool:
    """Whether a reading as UTF-8 is a few rare characters: `ã¹¢` is ในข of Thai, not 㹢.

    >>> from zhfix.model import load
    >>> is_chance("㹢", load()), is_chance("漢", load()), is_chance("…", load())
    (True, False, False)
    """
    others = [char for char in after if char > "\x7f"]
    costs = [-model.unigram(char) for char in others]
    if not 0 < len(costs) <= _CHANCE:
        return False
    # a rare Han character may be a name's; a rare letter of another script is hardly ever met
    return (min if any(map(is_han, others)) else max)(costs) >= _RARE


def unread(text: str, known: set[int]) -> int:
    """How many lines have letters side by side as bytes stand, those of the known numbers apart.

    >>> unread("ÆÄÀÏ\\nÎÄ¼þ\\ncafé", {0})
    1
    """
    number = counted = n = 0
    for m in _UNREAD.finditer(text):
        number += text.count("\n", counted, m.start())
        counted = m.start()
        n += number not in known
    return n


def _datas(before: str, after: str, right: str) -> Iterator[bytes]:
    """The bytes of a repair, and those that windows-1252 shows as what it replaces."""
    seen = b""
    for text, name in ((after.replace("\ufffd", ""), right), (before, "windows-1252")):
        try:
            data = encode(text, name)
        except UnicodeEncodeError:
            continue
        if data != seen:
            yield data
        seen = data


def _score(text: str, model: Model) -> int:
    bare, n_marks = _MARK.subn("", text)
    return model.score(bare) - _MARK_NATS * n_marks
