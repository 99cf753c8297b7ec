"""Whether bytes that read as Chinese are another language's: `ÆÄÀÏ` is 파일 of Korean, not 颇老.

Korean, Japanese, Thai, Arabic and Cyrillic pages read as Latin-1 look like Chinese ones, and pairs
of their bytes are characters of GBK. The model knows their letters as well, so the reading by which
the bytes are likelier is theirs; Chinese is written only where it is clearly the better one.
"""

from __future__ import annotations

from zhfix.model import UNIT, Model
from zhfix.mojibake.codepages import encode
from zhfix.script import has_kana

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = ["reading"]

_CODECS: Final = (
    "cp949", "euc_jp", "cp932", "cp1251", "koi8_r", "cp866", "cp874", "cp1256", "cp1253", "cp1255",
)  # fmt: skip
_JAPANESE: Final = ("euc_jp", "cp932")
_WELL: Final = 6 * UNIT  # what a character of good Chinese costs at the most: nothing else is asked
_CLOSE: Final = UNIT // 2  # nats by which Chinese must be better, for each character beyond these
_FEW: Final = 8  # and by which it may be worse for each that is wanting
_BAD: Final = 10  # characters for each that another code page may lack


def reading(after: str, right: str, model: Model) -> str:
    """The code page in which the bytes of `after` say nearly as much, or "".

    >>> from zhfix.model import load
    >>> reading("颇老", "gb18030", load()), reading("文件", "gb18030", load())
    ('cp949', '')
    """
    n_read = sum(char > "\x7f" for char in after)
    score = model.score(after)
    if not n_read or (-score <= _WELL * n_read and not has_kana(after)):
        return ""  # kana have the same bytes in GBK and in Japanese
    try:
        data = encode(after.replace("\ufffd", ""), right)
    except UnicodeEncodeError:
        return ""
    least = score - _CLOSE * (n_read - _FEW)
    for codec in _CODECS:
        text = data.decode(codec, "replace")
        if codec in _JAPANESE and not has_kana(text):
            continue  # Han alone may be names, of Chinese as well
        if _BAD * text.count("\ufffd") <= len(text) and model.score(text) > least:
            return codec
    return ""
