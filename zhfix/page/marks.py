"""Text as HTML: escaped, and what nobody sees made visible.

Every character that has no shape of its own, steers what stands around it, or cannot be written as
UTF-8 is shown by its code point, so that no text can change the page it is shown on.
"""

from __future__ import annotations

import re
from html import escape

__all__ = ["attribute", "clipped", "shown"]

# controls but tab and LF, marks of direction (also those that only join), blanks without width,
# line separators, byte order marks, noncharacters, lone surrogates, private use, tags
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_JOINERS = re.compile("[\u200c\u200d\ufe00-\ufe0f]")  # they belong to the emoji or letter before
_HEAD, _TAIL = 240, 60  # characters shown of a text that is longer than both


def shown(text: str, *, is_edit: bool = False) -> str:
    """`text` as HTML. In an edit the joiners of letters and emoji are shown as well, and so are
    line ends.

    >>> shown("<b>\\x00"), shown("a\\nb", is_edit=True)
    ('&lt;b&gt;<i class="c">U+0000</i>', 'a<i class="c">⏎</i>\\nb')
    """
    out = _UNSEEN.sub(_chip, escape(text))
    if is_edit:
        out = _JOINERS.sub(_chip, out).replace("\n", '<i class="c">⏎</i>\n')
    return out


def clipped(text: str) -> str:
    """A long edit as HTML: its head, how much is left out, its tail."""
    if len(text) <= _HEAD + _TAIL + 20:
        return shown(text, is_edit=True)
    left = len(text) - _HEAD - _TAIL
    head, tail = shown(text[:_HEAD], is_edit=True), shown(text[-_TAIL:], is_edit=True)
    return f'{head}<i class="c">⋯ {left:,} ⋯</i>{tail}'


def attribute(text: str) -> str:
    """`text` for an attribute in double quotes, on one line.

    >>> attribute('a"\\n\\u202e')
    'a&quot; [U+202E]'
    """
    flat = escape(text).replace("\n", " ")
    return _UNSEEN.sub(lambda match: f"[{_code(match[0])}]", flat)


def _chip(match: re.Match[str]) -> str:
    return f'<i class="c">{_code(match[0])}</i>'


def _code(char: str) -> str:
    return f"U+{ord(char):04X}"
