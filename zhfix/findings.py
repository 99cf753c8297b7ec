"""What there is to say of each file: --detect, --explain and --diff."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from zhfix.api import Fixer, detect
from zhfix.arguments import Arguments
from zhfix.blocks import lines
from zhfix.errors import OptionError
from zhfix.files import STDIN, opened, quoted, read_errors, recorded, shown
from zhfix.intake import Intake, reason
from zhfix.job import DONE, FAILED, FOUND
from zhfix.meter import Meter, coloured, has_colour
from zhfix.noted import noted
from zhfix.sinks import write_all
from zhfix.stream import texts

__all__ = ["Findings"]


class Findings:
    """Files read and reported on; `mode` is detect, explain or diff."""

    def __init__(self, args: Arguments, mode: str, fixer: Fixer) -> None:
        if args.jsonl or args.csv or args.tsv:
            raise OptionError(
                f"--{mode} reads plain text, not records: use --check, with --report for a page"
            )
        if args.output:
            raise OptionError(f"--output and --{mode} do not go together")
        self._names: Sequence[str] = args.files or [STDIN]
        self._intake = Intake(args)
        if mode == "detect" and args.report is not None:
            raise OptionError("--report shows edits, and --detect makes none: give one of them")
        self._noted = noted(args, fixer)
        self._repairs = self._noted or fixer
        self._meter = Meter(is_quiet=args.quiet)
        self._has_colour = has_colour(args.color or "auto")
        tell: dict[str, Callable[[str, Iterator[str]], int]] = {
            "detect": self._detect,
            "explain": self._explain,
            "diff": self._diff,
        }
        self._tell = tell[mode]

    def run(self) -> int:
        """All files; the exit code."""
        worst = DONE
        for name, folder_error in self._intake.found(self._names):
            if self._noted:
                self._noted.begin(name)
                self._noted.section()
            try:
                if folder_error:
                    raise folder_error
                with opened(name) as file:
                    if self._intake.is_left_out(name, self._names, file):
                        continue
                    code = self._tell(name, texts(*self._intake.text_of(file)))
            except BrokenPipeError:
                raise
            except read_errors() as error:
                self._meter.say(f"{shown(name)}: {reason(error)}")
                code = FAILED
                if self._noted:
                    self._noted.fail(name, reason(error))
            worst = max(worst, code)
        return worst if not self._noted or self._noted.write(self._meter) else FAILED

    def _detect(self, name: str, blocks: Iterator[str]) -> int:
        reports = [detect(block) for block in blocks]
        _print_json({"file": recorded(name), **_summed(reports)})
        return DONE

    def _explain(self, name: str, blocks: Iterator[str]) -> int:
        """Edits and hints with offsets of the whole file."""
        offset = 0
        for block in blocks:
            repair = self._repairs.explain(block)
            for edits, is_made in ((repair.edits, True), (repair.hints, False)):
                for edit in edits:
                    moved = edit._replace(start=edit.start + offset, end=edit.end + offset)
                    _print_json({"file": recorded(name), "made": is_made, **moved._asdict()})
            offset += len(block)
        return DONE

    def _diff(self, name: str, blocks: Iterator[str]) -> int:
        """A unified diff without context, with lines of the whole file."""
        line = 0
        is_changed = False
        for block in blocks:
            fixed = self._repairs.fix(block)
            if fixed != block:
                self._print_diff(quoted(name), block, fixed, line, has_head=not is_changed)
                is_changed = True
            line += block.count("\n")
        return FOUND if is_changed else DONE

    def _print_diff(
        self, name: str, before: str, after: str, first_line: int, *, has_head: bool
    ) -> None:
        from difflib import unified_diff  # only where something changed

        rows = list(unified_diff(list(lines(before)), list(lines(after)), name, name, n=0))
        for row in rows if has_head else rows[2:]:
            out = _hunk(row, first_line) if row.startswith("@@") else row
            out += "" if out.endswith("\n") else "\n\\ No newline at end of file\n"
            out = coloured(out) if self._has_colour else out
            write_all(out.encode("utf-8", "surrogateescape"), sys.stdout.buffer)


def _hunk(row: str, first_line: int) -> str:
    """A hunk head with its line numbers moved to those of the whole file."""
    import re

    return re.sub(r"([-+])(\d+)", lambda match: f"{match[1]}{int(match[2]) + first_line}", row)


def _print_json(values: dict[str, Any]) -> None:
    import json

    line = json.dumps(values, ensure_ascii=False) + "\n"
    write_all(line.encode("utf-8", "backslashreplace"), sys.stdout.buffer)


def _summed(reports: Sequence[Any]) -> dict[str, Any]:
    """The reports on the blocks of a file as one: counts added, the verdict of what they say
    together.
    """
    if len(reports) == 1:
        summary: dict[str, Any] = reports[0].as_dict()
        return summary
    from zhfix.report import merged

    return merged(reports).as_dict()
