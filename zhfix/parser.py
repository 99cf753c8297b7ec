"""The whole parser of the command line, for help, mistakes and rare ways of writing."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from zhfix.files import shown
from zhfix.flags import FLAGS, parser_arguments
from zhfix.words import tell

__all__ = ["parsed", "parser"]


class _Help(argparse.HelpFormatter):
    """Help as wide as the terminal; argparse would import shutil to ask, at every start."""

    def __init__(self, prog: str) -> None:
        try:
            width = os.get_terminal_size().columns
        except (OSError, ValueError, AttributeError):
            width = 80
        super().__init__(prog, width=width - 2)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        tell(f"zhfix: {message}; see zhfix --help\n")
        raise SystemExit(2)

    def print_help(self, file: object = None) -> None:
        sys.stdout.write(self.format_help())  # argparse's own hides that a disk is full


def unknown(words: Sequence[str]) -> str:
    """What is wrong with words that are no flags, and what may have been meant.

    >>> unknown(["--inplace"]), unknown(["-x"])
    ('there is no flag --inplace: is it --in-place?', 'there is no flag -x')
    """
    word = words[0]
    said = f"there is no flag {shown(word)}"
    if os.path.lexists(word):  # noqa: PTH110, RUF100  # pathlib takes 4 ms
        return f"{said}: write ./{shown(word)} for the file"
    from difflib import get_close_matches

    near = get_close_matches(
        word, [name for flag in FLAGS for name in flag.names if name[1] == "-"], 1
    )
    return f"{said}: is it {near[0]}?" if near else said


def parser() -> argparse.ArgumentParser:
    """The parser made from the list of flags."""
    made = _Parser(
        prog="zhfix",
        allow_abbrev=False,
        formatter_class=_Help,
        description="Repair damaged Chinese text, from files or standard input to standard output.",
        epilog="Exit codes: 0 done, 1 --check or --diff found something, 2 error.",
    )
    made.add_argument("files", nargs="*", metavar="FILE", help="files to read; - is standard input")
    for flag in FLAGS:
        made.add_argument(*flag.names, **parser_arguments(flag))
    return made


def parsed(argv: Sequence[str]) -> dict[str, object]:
    """The values of all flags, and `files`. `SystemExit` from --help and from mistakes."""
    made = parser()
    values, rest = made.parse_known_intermixed_args(argv)
    if rest:
        made.error(unknown(rest))
    return vars(values)
