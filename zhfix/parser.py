"""The whole parser of the command line, for help, mistakes and rare ways of writing."""

from __future__ import annotations

import argparse
import os
import sys
from typing import NoReturn

from zhfix.flags import FLAGS, parser_arguments

__all__ = ["parser"]


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
        sys.stderr.write(f"zhfix: {message}; see zhfix --help\n")
        raise SystemExit(2)


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
