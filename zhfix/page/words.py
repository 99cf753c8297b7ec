"""What the page says, in English and Chinese: its own words, the kinds of edit, the rules' reasons.

Everything that is said is there in each language of the page, marked by `lang`; the style shows the
one that is ticked.
"""

from __future__ import annotations

import os
import re
from functools import cache, lru_cache
from html import escape

from zhfix.named import NamedTuple
from zhfix.page.marks import shown
from zhfix.tables import load_rows

__all__ = [
    "LANGUAGES",
    "Kind",
    "counted",
    "first_language",
    "in_chinese",
    "kind",
    "kind_name",
    "kind_what",
    "reason",
    "say",
]

LANGUAGES = ("en", "zh")
_CLAUSES = re.compile(r"(; then |; but |; )")
_LINKS = {"; then ": "；然后：", "; but ": "；但", "; ": "；"}


class Kind(NamedTuple):
    """A kind of edit: its rule, its name in Chinese, what it is in both languages, and the hue of
    its marks.
    """

    rule: str
    zh: str
    what: str
    what_zh: str
    hue: int


def first_language() -> str:
    """The language that the reader's locale asks for: zh or en."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if set_ := os.environ.get(name):
            return "zh" if set_.lower().startswith("zh") else "en"
    return "en"


def say(key: str, **values: object) -> str:
    """The words of `key` as HTML, in both languages; `values` fill its places, escaped.

    >>> say("line", n=3)
    '<span lang="en">line 3</span><span lang="zh">第 3 行</span>'
    """
    return _both(*(escape(text).format(**_cells(values)) for text in _words()[key]))


def counted(key: str, n: int) -> str:
    """The words of `key` for a number of things: `key.one` or `key.n`."""
    return say(f"{key}.one") if n == 1 else say(f"{key}.n", n=f"{n:,}")


@cache
def kind(rule: str) -> Kind:
    """The kind of edit that a rule makes; a rule the table does not know is described by itself."""
    for row in load_rows("hand/page-kinds"):
        if row[0] == rule:
            rule, zh, what, what_zh, hue = row
            return Kind(rule, zh, what, what_zh, int(hue))
    from zhfix.rules import RULES

    what = RULES[rule].summary if rule in RULES else ""
    return Kind(rule, rule, what, what, sum(map(ord, rule)) % 240 + 120)


def kind_name(rule: str) -> str:
    """The name of a kind as HTML."""
    return _both(shown(rule), shown(kind(rule).zh))


def kind_what(rule: str) -> str:
    """What a kind is, as HTML."""
    return _both(escape(kind(rule).what), escape(kind(rule).what_zh))


def reason(why: str) -> str:
    """A rule's reason as HTML, in both languages."""
    return _both(shown(why), shown(in_chinese(why)))


@lru_cache(maxsize=4096)
def in_chinese(why: str) -> str:
    """A rule's reason in Chinese, clause by clause; a clause that has no translation stays.

    >>> in_chinese("qū is no reading of 池; but other pinyin stands beside it")
    'qū 不是“池”的读音；但旁边另有别的拼音'
    """
    parts = _CLAUSES.split(why)
    return "".join(
        _LINKS[part] if i % 2 else "，".join(_translated(part)) for i, part in enumerate(parts)
    )


def _translated(part: str) -> list[str]:
    """A list of clauses between commas; the longest that is known is taken first."""
    pieces, out, i = part.split(", "), [], 0
    while i < len(pieces):
        for j in range(len(pieces), i, -1):
            clause = ", ".join(pieces[i:j])
            chinese = _clause(clause)
            if chinese or j == i + 1:
                out.append(chinese or clause)
                i = j
                break
    return out


def _clause(clause: str) -> str:
    for pattern, chinese in _reasons():
        if match := pattern.fullmatch(clause):
            found = match.groupdict()
            if "s" in found:
                found["s"] = _words()[f"script.{found['s']}"][1]
            return chinese.format(**found)
    return ""


@cache
def _reasons() -> list[tuple[re.Pattern[str], str]]:
    """Each clause as a pattern, and what it is in Chinese."""
    places = {"n": r"-?[\d+]+", "s": "|".join(_scripts())}
    return [
        (
            re.compile(
                re.sub(
                    r"\\\{(\w)\\\}",
                    lambda match: f"(?P<{match[1]}>{places.get(match[1], '[^,]{1,60}?')})",
                    re.escape(english),
                )
            ),
            chinese,
        )
        for _, english, chinese in load_rows("hand/page-reasons")
    ]


def _scripts() -> list[str]:
    """The scripts by name, longest first."""
    names = [key.removeprefix("script.") for key in _words() if key.startswith("script.")]
    return sorted(names, key=lambda name: -len(name))


@cache
def _words() -> dict[str, tuple[str, str]]:
    return {key: (english, chinese) for key, english, chinese in load_rows("hand/page-words")}


def _cells(values: dict[str, object]) -> dict[str, str]:
    return {name: shown(str(value)) for name, value in values.items()}


def _both(english: str, chinese: str) -> str:
    if english == chinese:
        return english
    return f'<span lang="en">{english}</span><span lang="zh">{chinese}</span>'
