"""The command's flags, each once: parser, help, documentation, man page, completion and
`[tool.zhfix]` are made from this list.
"""

from __future__ import annotations

from zhfix.named import NamedTuple

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Any

__all__ = ["FLAGS", "Flag", "parser_arguments"]


class Flag(NamedTuple):
    """One flag. `metavar` is empty for a switch. `key` is the option of `Options` it sets, or
    empty; with `is_setting` it may also stand in `[tool.zhfix]`, under its long name.
    `choices` are all the values there are; `takes` is what completion offers: file, or nothing.
    """

    names: tuple[str, ...]
    metavar: str
    help: str
    key: str = ""
    is_repeated: bool = False
    default: str | None = None
    example: str = ""
    choices: tuple[str, ...] = ()
    is_setting: bool = False
    takes: str = ""

    @property
    def dest(self) -> str:
        """The name of the flag's value in what argparse gives.

        >>> Flag(("-e", "--output-encoding"), "NAME", "").dest
        'output_encoding'
        """
        return self.names[-1].lstrip("-").replace("-", "_")


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
    Flag(
        ("-o", "--output"),
        "FILE",
        "write to this file, in one step when all is done; .gz and .zst are compressed",
        example="zhfix --to hans shard.jsonl.gz --jsonl -o clean.jsonl.zst",
        takes="file",
    ),
    Flag(
        ("-i", "--in-place"),
        "",
        "repair the files themselves, each replaced in one step; -i.bak is -i --backup .bak",
        example="zhfix -i.bak --to hant corpus/*.txt",
    ),
    Flag(
        ("--backup",),
        "SUFFIX",
        "with -i, keep the old version under its name with this suffix",
        is_setting=True,
    ),
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
        takes="file",
    ),
    Flag(
        ("-e", "--encoding"),
        "NAME",
        "encoding of the input, kept for the output; auto to guess it",
        default="utf-8",
        example="zhfix -e gb18030 --output-encoding utf-8 old.txt",
        is_setting=True,
    ),
    Flag(
        ("--output-encoding",),
        "NAME",
        "encoding of the output, when it shall differ",
        is_setting=True,
    ),
    Flag(
        ("--jsonl",),
        "",
        "the input is JSON lines: repair fields, leave every other byte",
        example="zhfix --jsonl --field text --field meta.title -j 4 shard-*.jsonl.gz > out.jsonl",
    ),
    Flag(
        ("--field",),
        "NAME",
        "field to repair with --jsonl, a.b for a field inside another; may be repeated",
        is_repeated=True,
        default="text",
        is_setting=True,
    ),
    Flag(
        ("--csv",),
        "",
        "the input is CSV: repair columns, leave every other byte",
        example="zhfix --csv --column title --column 3 -i list.csv",
    ),
    Flag(
        ("--tsv",),
        "",
        "the input is a table with tabs and no quoting: as --csv (both: quoted tabs)",
    ),
    Flag(
        ("--column",),
        "NAME",
        "column to repair with --csv or --tsv, by its name in the first row or its number from 1;"
        " may be repeated",
        is_repeated=True,
        is_setting=True,
    ),
    Flag(
        ("--on-error",),
        "WHAT",
        "a record that cannot be read is reported, and then: keep, skip or stop",
        default="keep",
        choices=("keep", "skip", "stop"),
        is_setting=True,
    ),
    Flag(
        ("-r", "--recursive"),
        "",
        "search folders for files, but for hidden and binary ones",
        example="zhfix -r -i --include '*.txt' --exclude old corpus/",
    ),
    Flag(
        ("--include",),
        "GLOB",
        "with -r, take files whose name or path matches; may be repeated",
        is_repeated=True,
        is_setting=True,
    ),
    Flag(
        ("--exclude",),
        "GLOB",
        "with -r, leave out files and folders whose name or path matches; may be repeated",
        is_repeated=True,
        is_setting=True,
    ),
    Flag(
        ("-j", "--jobs"),
        "N",
        "processes that repair, 0 for one per processor; the output is the same",
        default="1",
        is_setting=True,
    ),
    Flag(("-u", "--unbuffered"), "", "judge and write each line as it comes, for tail -f"),
    Flag(("--stats",), "", "print counts to standard error at the end, as a line of JSON"),
    Flag(("-q", "--quiet"), "", "say nothing but errors, and show no progress"),
    Flag(
        ("--color",),
        "WHEN",
        "colour in --diff: auto (a terminal, and NO_COLOR is not set), always or never",
        default="auto",
        choices=("auto", "always", "never"),
        is_setting=True,
    ),
    Flag(("--no-config",), "", "do not read [tool.zhfix] of pyproject.toml"),
    Flag(("--rules",), "", "list the rules and exit"),
    Flag(
        ("--completion",),
        "SHELL",
        "print the completion for a shell, bash, zsh or fish, and exit",
        choices=("bash", "zsh", "fish"),
        example="zhfix --completion bash > ~/.local/share/bash-completion/completions/zhfix",
    ),
    Flag(("--man",), "", "print the manual page and exit", example="zhfix --man | man -l -"),
    Flag(("--version",), "", "print the version and exit"),
)


def parser_arguments(flag: Flag) -> dict[str, Any]:
    """What argparse's `add_argument` is given for a flag."""
    shown = flag.help.replace("%", "%%")
    if not flag.metavar:
        return {"action": "store_true", "help": shown}
    return {
        "metavar": flag.metavar,
        "help": shown + (f" (default {flag.default})" if flag.default else ""),
        "default": [] if flag.is_repeated else None,
        "action": "append" if flag.is_repeated else "store",
        "choices": flag.choices or None,
    }
