"""The `zhfix` filter: text in, repaired text out; and the same for files, as a check, a diff, a
verdict, an explanation.

Exit codes: 0 done or nothing to do, 1 `--check` or `--diff` found something, 2 an error (other
files are still done).
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from zhfix.arguments import Arguments, given
from zhfix.errors import OptionError, ZhfixError

TYPE_CHECKING = False  # a command of one line does not wait for typing
if TYPE_CHECKING:
    from typing import NoReturn

__all__ = ["main", "run"]

_DONE, _FAILED, _INTERRUPTED = 0, 2, 130  # 130 is what a shell gives for an interrupted program
_MODES = ("check", "diff", "detect", "explain", "in_place")


def run() -> NoReturn:
    """The console script: `main`, ended quietly by a closed pipe, Ctrl-C and being told to end."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # help and names in any locale
    if sys.stdout is None:
        raise SystemExit(_FAILED)  # nowhere to write to
    if sys.stderr is None:  # closed by who started us: the exit code must do
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # to the end
    _end_cleanly()
    # numpy's algebra, which nothing of ours uses, would start a thread a core: 60 ms of any stream
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        code = _DONE  # whoever read our output has seen enough
        _forget_output()
    except OSError as error:
        sys.stderr.write(f"zhfix: cannot write the output: {error.strerror or error}\n")
        code = _FAILED
        _forget_output()
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except MemoryError:
        sys.stderr.write("zhfix: out of memory\n")
        code = _FAILED
    raise SystemExit(code)


def _end_cleanly() -> None:
    """Being told to end (by a batch system, a closed terminal) unwinds as Ctrl-C does."""
    import signal

    def end(number: int, frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, end)


def _forget_output() -> None:
    """Point standard output elsewhere, so that the flush at exit is quiet too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(argv: Sequence[str]) -> int:
    """Run the command; returns the exit code. `SystemExit` only from --help and wrong flags."""
    args = given(_spelled_out(argv))
    if args.version or args.rules or args.man or args.completion:
        sys.stdout.write(_asked(args))
        return _DONE
    try:
        return _work(args)
    except (ZhfixError, TypeError) as error:
        sys.stderr.write(f"zhfix: {error}\n")
        return _FAILED


def _work(args: Arguments) -> int:
    from zhfix.api import Fixer
    from zhfix.settings import settle

    _check(args)
    fixer = Fixer.from_dict(settle(args))
    modes = [name for name in _MODES if getattr(args, name)]
    if len(modes) > 1:
        flags = " and ".join("--" + mode.replace("_", "-") for mode in modes)
        raise OptionError(f"{flags} do not go together: give one of them")
    mode = modes[0] if modes else "filter"
    if mode in ("detect", "explain", "diff"):
        from zhfix.findings import Findings

        return Findings(args, mode, fixer).run()
    from zhfix.job import Job

    return Job(args, mode, fixer).run()


# flags that say nothing without another one: who forgot that means something else
_NEEDS = {
    "field": (("jsonl",), "--jsonl"),
    "column": (("csv", "tsv"), "--csv or --tsv"),
    "on_error": (("jsonl", "csv", "tsv"), "--jsonl, --csv or --tsv"),
    "include": (("recursive",), "-r"),
    "exclude": (("recursive",), "-r"),
    "backup": (("in_place",), "-i"),
}


def _check(args: Arguments) -> None:
    """What was written on the command line; the same settings may stand in a configuration."""
    for name, (others, shown) in _NEEDS.items():
        if getattr(args, name) and not any(getattr(args, other) for other in others):
            raise OptionError(f"--{name.replace('_', '-')} needs {shown}")


def _spelled_out(argv: Sequence[str]) -> list[str]:
    """The arguments with a suffix at -i, as sed has it, written as --backup.

    >>> _spelled_out(["-i.bak", "--in-place=~", "--", "-i.x"])
    ['-i', '--backup', '.bak', '-i', '--backup', '~', '--', '-i.x']
    """
    out: list[str] = []
    for i, arg in enumerate(argv):
        if arg == "--":
            return [*out, *argv[i:]]
        suffix = arg.removeprefix("--in-place=")
        if suffix == arg:
            suffix = arg[2:] if arg.startswith("-i") and not arg[2:3].isalnum() else ""
        out += ("-i", "--backup", suffix) if suffix else (arg,)
    return out


def _asked(args: Arguments) -> str:
    """What --version, --rules, --man and --completion print."""
    if args.version:
        import zhfix

        return f"zhfix {zhfix.__version__}\n"
    if args.rules:
        from zhfix.rules import RULES

        rules = sorted(RULES.values(), key=lambda rule: rule.stage)
        return "".join(
            f"{rule.name}\t{'on' if rule.is_on else 'off'}\t{rule.summary}\n" for rule in rules
        )
    from zhfix.shell import completion, manual

    return manual() if args.man else completion(args.completion)


if __name__ == "__main__":
    run()
