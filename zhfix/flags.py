"""The command's flags, each once: parser, help, documentation and `[tool.zhfix]` are made from this
list.
"""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["FLAGS", "Flag", "parser_arguments"]


class Flag(NamedTuple):
    """One flag. `key` is the option of `Options` it sets, or empty; `metavar` is empty for a
    switch.
    """

    names: tuple[str, ...]
    metavar: str
    help: str
    key: str = ""
    is_repeated: bool = False
    default: str | None = None
    example: str = ""


FLAGS: tuple[Flag, ...] = (
    Flag(
        ("-t", "--to"),
        "SCRIPT",
        "script to write: auto, keep, hans, hant, hant-tw, hant-hk, or a tag such as zh-TW",
        "to",
        example="zhfix --to hans page.txt",
    ),
    Flag(("--only",), "RULES", "run these rules only, separated by commas", "rules"),
    Flag(("--skip",), "RULES", "leave these rules out, separated by commas", "skip"),
    Flag(("--sure",), "P", "make only edits at least this sure, 0 to 1", "sure"),
    Flag(
        ("--protect",),
        "PATTERN",
        "leave what this regular expression matches alone; may be repeated",
        "protect",
        is_repeated=True,
    ),
    Flag(
        ("--word",),
        "FROM=TO",
        "a conversion of your own; may be repeated",
        "user_words",
        is_repeated=True,
        example="zhfix --to hant --word 软件=軟體 < in > out",
    ),
    Flag(
        ("--punctuation",),
        "WHICH",
        "quotation marks: keep, or target for 「」 and “”",
        "punctuation",
    ),
    Flag(
        ("--vocabulary",), "WHICH", "words: keep, or region to exchange 软件 and 軟體", "vocabulary"
    ),
    Flag(("--engine",), "NAME", "conversion: default, dictionary or opencc", "engine"),
    Flag(("-i", "--in-place"), "", "repair the files themselves, each replaced in one step"),
    Flag(
        ("--check",),
        "",
        "change nothing; exit 1 when a file would change",
        example="zhfix --check docs/*.md",
    ),
    Flag(("--diff",), "", "print what would change as a diff; exit 1 when something would"),
    Flag(("--detect",), "", "print the verdict on each file as a line of JSON"),
    Flag(("--explain",), "", "print each edit and hint as a line of JSON"),
    Flag(
        ("--report",),
        "OUT",
        "also write an HTML page that shows each edit and hint with its reason",
        example="zhfix --check --report changes.html docs/*.md",
    ),
    Flag(
        ("-e", "--encoding"),
        "NAME",
        "encoding of the input, kept for the output; auto to guess it",
        default="utf-8",
        example="zhfix -e gb18030 --output-encoding utf-8 old.txt",
    ),
    Flag(("--output-encoding",), "NAME", "encoding of the output, when it shall differ"),
    Flag(("-u", "--unbuffered"), "", "judge and write each line as it comes, for tail -f"),
    Flag(("--no-config",), "", "do not read [tool.zhfix] of pyproject.toml"),
    Flag(("--rules",), "", "list the rules and exit"),
)


def parser_arguments(flag: Flag) -> dict[str, Any]:
    """What argparse's `add_argument` is given for a flag."""
    if not flag.metavar:
        return {"action": "store_true", "help": flag.help}
    return {
        "metavar": flag.metavar,
        "help": flag.help + (f" (default {flag.default})" if flag.default else ""),
        "default": [] if flag.is_repeated else None,
        "action": "append" if flag.is_repeated else "store",
    }
