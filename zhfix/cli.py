"""The `zhfix` filter: text in, repaired text out; and the same for files, as a check, a diff, a
verdict, an explanation.

Exit codes: 0 done or nothing to do, 1 `--check` or `--diff` found something, 2 an error (other
files are still done).
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from zhfix.errors import OptionError, ZhfixError
from zhfix.flags import FLAGS, parser_arguments

if TYPE_CHECKING:
    from zhfix.page import Page
    from zhfix.page.section import Section

__all__ = ["main", "run"]

_DONE, _FOUND, _FAILED = 0, 1, 2
_STDIN = "-"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"zhfix: {message}; see zhfix --help\n")
        raise SystemExit(_FAILED)


def run() -> NoReturn:
    """The console script: `main`, with a closed pipe and Ctrl-C ending it quietly."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # help and names in any locale
    if sys.stdout is None:
        raise SystemExit(_FAILED)  # nowhere to write to
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # whoever read our output has seen enough; point stdout elsewhere so that the flush at exit
        # is quiet too
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = _DONE
    except KeyboardInterrupt:
        code = 130  # what a shell gives for an interrupted program
    raise SystemExit(code)


def main(argv: Sequence[str]) -> int:
    """Run the command; returns the exit code. `SystemExit` only from --help, --version and wrong
    flags.
    """
    parser = _parser()
    args = parser.parse_args(argv)
    if args.version:
        import zhfix

        sys.stdout.write(f"zhfix {zhfix.__version__}\n")
        return _DONE
    if args.rules:
        return _list_rules()
    try:
        job = _Job(args)
    except (ZhfixError, TypeError) as error:
        sys.stderr.write(f"zhfix: {error}\n")
        return _FAILED
    worst = _DONE
    for name in args.files or [_STDIN]:
        try:
            found = job.do(name)
        except BrokenPipeError:
            raise
        except OSError as error:
            found = job.failed(_shown(name), error.strerror or str(error))
        except ZhfixError as error:
            found = job.failed(_shown(name), str(error))
        worst = max(worst, found)
    return max(worst, job.write_page())


def _parser() -> _Parser:
    parser = _Parser(
        prog="zhfix",
        allow_abbrev=False,
        description="Repair damaged Chinese text, from files or standard input to standard output.",
        epilog="Exit codes: 0 done, 1 --check or --diff found something, 2 error.",
    )
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="files to read; - is standard input"
    )
    for flag in FLAGS:
        parser.add_argument(*flag.names, **parser_arguments(flag))
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    return parser


def _list_rules() -> int:
    from zhfix.rules import RULES

    for rule in sorted(RULES.values(), key=lambda rule: rule.stage):
        sys.stdout.write(f"{rule.name}\t{'on' if rule.is_on else 'off'}\t{rule.summary}\n")
    return _DONE


def _shown(name: str) -> str:
    """A file name for a message, whatever bytes it holds."""
    return "standard input" if name == _STDIN else name.encode("utf-8", "backslashreplace").decode()


class _Job:
    """What the flags ask for, done file by file."""

    def __init__(self, args: argparse.Namespace) -> None:
        from zhfix.api import Fixer
        from zhfix.decode import codec_name

        modes = [
            name
            for name in ("check", "diff", "detect", "explain", "in_place")
            if getattr(args, name)
        ]
        if len(modes) > 1:
            flags = " and ".join("--" + mode.replace("_", "-") for mode in modes)
            raise OptionError(f"{flags} do not go together: give one of them")
        self.mode = modes[0] if modes else "filter"
        if self.mode == "in_place" and (not args.files or _STDIN in args.files):
            raise OptionError("--in-place needs the names of files")
        self.fixer = Fixer.from_dict(_options(args))
        label = args.encoding or "utf-8"
        self.encoding = "auto" if label == "auto" else codec_name(label)
        self.target = codec_name(args.output_encoding) if args.output_encoding else ""
        self.is_unbuffered = args.unbuffered
        self.fix: Callable[[str], str] = self.fixer.fix
        self.page: Page | None = None
        self.section: Section | None = None
        if args.report is not None:
            from zhfix.page import Page, usable

            if self.mode == "detect":
                raise OptionError("--report shows edits, and --detect makes none: give one of them")
            self.page_path = usable(Path(args.report), args.files)
            self.page = Page(self.fixer)

    def failed(self, name: str, why: str) -> int:
        """Say why a file was not done, or not to its end; returns the exit code."""
        sys.stderr.write(f"zhfix: {name}: {why}\n")
        if self.page:
            self.page.fail(name, why)
        return _FAILED

    def write_page(self) -> int:
        """Write what --report asks for; returns the exit code."""
        if not self.page:
            return _DONE
        try:
            self.page.write(self.page_path)
        except OSError as error:
            sys.stderr.write(f"zhfix: {_shown(str(self.page_path))}: {error.strerror or error}\n")
            return _FAILED
        return _DONE

    def do(self, name: str) -> int:
        """One file; returns its exit code."""
        if name == _STDIN:
            if sys.stdin is None:
                raise OptionError("standard input is closed: name a file")
            return self._do(name, sys.stdin.buffer)
        with Path(name).open("rb") as file:
            return self._do(name, file)

    def _do(self, name: str, file: BinaryIO) -> int:
        from zhfix.stream import concrete

        encoding = self.encoding
        if encoding == "auto":
            file, encoding = _guessed(file)
        file, encoding = concrete(file, encoding)
        if self.page:
            self.section = self.page.start(_shown(name))
            self.fix = self.section.fix
        if self.mode in ("detect", "explain", "diff"):
            return self._report(name, file, encoding)
        if self.mode == "in_place":
            return self._in_place(Path(name), file, encoding)
        is_changed = False
        for data, changed in self._repaired(file, encoding):
            is_changed |= changed
            if self.mode == "filter":
                sys.stdout.buffer.write(data)
                if self.is_unbuffered:
                    sys.stdout.buffer.flush()
        if self.mode == "check" and is_changed:
            sys.stderr.write(f"{_shown(name)}: would change\n")
            return _FOUND
        return _DONE

    def _repaired(self, file: BinaryIO, encoding: str) -> Iterator[tuple[bytes, bool]]:
        from zhfix.stream import read_blocks, repaired_bytes

        target = self.target or encoding
        if self.section:
            self.section.clear()  # -i reads a file twice
        if self.is_unbuffered:
            if len("\n".encode(encoding)) > 1:
                raise OptionError(f"-u reads lines, and {encoding} has none to read: leave it out")
            for line in iter(file.readline, b""):
                text = line.decode(encoding, "surrogateescape")
                yield repaired_bytes([(line, text)], self.fix, encoding, target)
            return
        for block in read_blocks(file, encoding):
            yield repaired_bytes(block, self.fix, encoding, target)

    def _in_place(self, path: Path, file: BinaryIO, encoding: str) -> int:
        from zhfix.stream import replace_file

        if not path.is_file():
            raise OptionError("--in-place changes regular files only")
        if not any(changed for _, changed in self._repaired(file, encoding)) and not self.target:
            return _DONE  # the file is not touched, its time stays
        file.seek(0)
        replace_file(path, (data for data, _ in self._repaired(file, encoding)))
        sys.stderr.write(f"{_shown(str(path))}: repaired\n")
        return _DONE

    def _report(self, name: str, file: BinaryIO, encoding: str) -> int:
        """--detect, --explain and --diff: what is there to say of each block, with offsets and
        lines of the whole file.
        """
        from zhfix.api import detect
        from zhfix.stream import read_blocks

        offset = line = 0
        is_changed = False
        reports = []
        for block in read_blocks(file, encoding):
            text = "".join(piece for _, piece in block)
            if self.mode == "detect":
                reports.append(detect(text))
            elif self.mode == "explain":
                self._explain(name, text, offset)
            else:
                is_changed |= self._diff(name, text, line)
            offset += len(text)
            line += text.count("\n")
        if self.mode == "detect":
            _print_json({"file": _shown(name), **_summed(reports)})
        return _FOUND if is_changed else _DONE

    def _explain(self, name: str, text: str, offset: int) -> None:
        repair = self.fixer.explain(text)
        if self.section:
            self.section.add(repair)
        for edits, is_made in ((repair.edits, True), (repair.hints, False)):
            for edit in edits:
                moved = edit._replace(start=edit.start + offset, end=edit.end + offset)
                _print_json({"file": _shown(name), "made": is_made, **moved._asdict()})

    def _diff(self, name: str, text: str, first_line: int) -> bool:
        fixed = self.fix(text)
        if fixed == text:
            return False
        from difflib import unified_diff  # only where something changed

        shown = _shown(name)
        rows = list(unified_diff(_split(text), _split(fixed), shown, shown, n=0))
        for row in rows if first_line == 0 else rows[2:]:
            out = _hunk(row, first_line) if row.startswith("@@") else row
            out += "" if out.endswith("\n") else "\n\\ No newline at end of file\n"
            sys.stdout.buffer.write(out.encode("utf-8", "surrogateescape"))
        return True


def _split(text: str) -> list[str]:
    from zhfix.blocks import lines

    return list(lines(text))


def _hunk(row: str, first_line: int) -> str:
    """A hunk head with its line numbers moved to those of the whole file."""
    import re

    return re.sub(r"([-+])(\d+)", lambda match: f"{match[1]}{int(match[2]) + first_line}", row)


def _print_json(values: dict[str, Any]) -> None:
    import json

    line = json.dumps(values, ensure_ascii=False) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace"))


def _summed(reports: Sequence[Any]) -> dict[str, Any]:
    """The reports on the blocks of a file as one: counts added, the verdict of what they say
    together.
    """
    if len(reports) == 1:
        summary: dict[str, Any] = reports[0].as_dict()
        return summary
    from zhfix.report import merged

    return merged(reports).as_dict()


def _guessed(file: BinaryIO) -> tuple[BinaryIO, str]:
    """The file from its start, and the encoding that its first megabyte is in."""
    from zhfix.decode import codec_name, decode
    from zhfix.stream import rejoined

    head = file.read(1 << 20)
    name = decode(head[: head.rfind(b"\n") + 1] or head).encoding
    name = "utf-8" if name == "ascii" else name  # what comes later may be more
    return rejoined(head, file), name if name.startswith("utf") else codec_name(name)


def _options(args: argparse.Namespace) -> dict[str, Any]:
    """Options from [tool.zhfix], overridden by the flags given."""
    values: dict[str, Any] = {}
    if not args.no_config:
        from zhfix.options import find_config

        found = find_config(Path.cwd())
        if found and not isinstance(found[1], dict):
            raise OptionError(f"{found[0]}: tool.zhfix is no table: write [tool.zhfix]")
        values.update(
            (key.replace("-", "_"), value) for key, value in (found[1] if found else {}).items()
        )
    for flag in FLAGS:
        given = getattr(args, flag.names[-1].lstrip("-").replace("-", "_"))
        if not flag.key or given is None or given == []:
            continue
        if flag.key == "sure":
            given = _number(given)
        elif flag.key == "user_words":
            given = dict(_pair(word) for word in given)
        values[flag.key] = given
    return values


def _number(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        raise OptionError(f"--sure {written!r}: give a number from 0 to 1") from None


def _pair(written: str) -> tuple[str, str]:
    source, equals, target = written.partition("=")
    if not source or not equals:
        raise OptionError(f"--word {written!r}: write FROM=TO")
    return source, target


if __name__ == "__main__":
    run()
