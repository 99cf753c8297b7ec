"""Chinese written as escapes where text should stand: `&#20013;&#25991;` is 中文."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zhfix.pattern import pattern
from zhfix.report import Edit
from zhfix.rules.registry import Context, Stage, Wake, rule
from zhfix.script import HAN
from zhfix.shapes import Shape, found_at

__all__ = ["escape"]

# what may stand behind each mark
_MARKED = (
    Shape("&", behind="#A-Za-z0-9+,"),
    Shape("\\", behind="uU23"),
    Shape("%", behind="uU89A-Fa-f"),
    Shape("#", behind="uU"),
    Shape("=", behind="?89A-F"),
    Shape("~", behind="{"),
)
# one leading class, so that the engine skips text without an escape at full speed; of bytes in
# octal or behind percent signs one is none: %d and \\377 stand in programs
_SHAPE = pattern(
    r"[&\\%#=~](?:(?<=&)(?:#|[A-Za-z0-9+,]+-|[lr][ds]o;)|(?<=[\\%#])[uU][0-9A-Fa-f]|(?<=\\)[23][0-7][0-7]\\"
    r"|(?<=%)[89A-Fa-f][0-9A-Fa-f][@-~]?%|(?<==)(?:\?|[89A-F][0-9A-F]=)|(?<=~)\{)"
)

# quotation marks of HTML that lost two letters, as some sites of novels have them
_MARKS = {"&ldo;": "“", "&rdo;": "”", "&lso;": "‘", "&rso;": "’"}
_MARK = pattern("&[lr][ds]o;")
_NEAR = 3  # characters beside one, of which one is Chinese


def has_escape(text: str) -> bool:
    """`&#`, `\\u`, `%u`, `#U`, `\\312\\`, `%E4%`, `=?`, `=E4=`, `~{`, `&ldo;` or `&…-`."""
    return next(found_at(_SHAPE, text, *_MARKED), None) is not None


def _is_real(text: str, places: Sequence[int]) -> bool:
    return any(_SHAPE.match(text, at) for at in places)


@rule(
    "escape",
    stage=Stage.ESCAPE,
    sure=0.96,
    since="0.1",
    trigger=has_escape,
    wakes=lambda _: [Wake(shape, _is_real) for shape in _MARKED],
    fixes=[
        ("標題 &#20013;&#25991;", "標題 中文"),
        ("=?gb2312?B?1tDOxA==?=", "中文"),
        ("%E4%B8%AD%E6%96%87.txt", "中文.txt"),
        ("他說&ldo;好&rdo;，便走了", "他說“好”，便走了"),
    ],
    leaves=[
        "R&#38;D costs 20%",
        "https://example.com/%E4%B8%AD%E6%96%87",
        'text = "\\u4e2d\\u6587"',
        "a=b, c == d & e",
        "say &ldo;yes&rdo; in code",
    ],
)
def escape(text: str, ctx: Context) -> Iterator[Edit]:
    """HTML entities, \\uXXXX, %XX, MIME words, quoted-printable, HZ that hold Chinese, outside
    code.
    """
    from zhfix.mojibake.escapes import repairs  # codecs that hardly any text needs

    for found in repairs(text):
        yield ctx.edit(found.start, found.end, found.after, found.sure, found.why)
    for match in _MARK.finditer(text) if "o;" in text else ():
        start, end = match.span()
        is_code = text.count("`", text.rfind("\n", 0, start) + 1, start) % 2
        if not is_code and HAN.search(text[max(0, start - _NEAR) : end + _NEAR]):
            why = "a quotation mark of HTML that lost two letters"
            yield ctx.edit(start, end, _MARKS[match[0]], 0.9, why)
