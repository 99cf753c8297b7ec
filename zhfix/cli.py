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
from zhfix.flags import FLAGS
from zhfix.words import forget, tell

TYPE_CHECKING = False  # a command of one line does not wait for typing
if TYPE_CHECKING:
    from typing import NoReturn

__all__ = ["main", "run"]

_DONE, _FAILED, _INTERRUPTED = 0, 2, 130  # 130 is what a shell gives for an interrupted program
_MODES = ("check", "diff", "detect", "explain", "in_place")


def run() -> NoReturn:
    """The console script: `main`, ended quietly by a closed pipe, Ctrl-C and being told to end."""
    is_closed = _stand_in()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # help and names in any locale
    _end_cleanly()
    # numpy's algebra, which nothing of ours uses, would start a thread a core: 60 ms of any stream
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        code = _ended(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        code = _DONE  # whoever read our output has seen enough
        forget(sys.stdout)
    except OSError as error:
        why = "it is closed: name a file with -o" if is_closed else error.strerror or error
        tell(f"zhfix: cannot write the output: {why}\n")
        code = _FAILED
        forget(sys.stdout)
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except MemoryError:
        tell("zhfix: out of memory\n")
        code = _FAILED
    raise SystemExit(code)


def _ended(argv: Sequence[str]) -> int:
    """`main`, with the exit code of --help and wrong flags: their words may not go out either."""
    try:
        return main(argv)
    except SystemExit as stop:
        if stop.code not in (None, _DONE, _FAILED):
            raise  # told to end: at once
        return stop.code if isinstance(stop.code, int) else _DONE


def _stand_in() -> bool:
    """Something in the place of standard streams that whoever started us closed; whether the output
    is. Else the next file that is opened would get their numbers, and what is meant for them.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_WRONLY if number == 2 else os.O_RDONLY)
    if sys.stderr is None:  # the exit code must do
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    is_closed = sys.stdout is None
    if is_closed:  # what is written there fails; -i and -o write nothing
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    return is_closed


def _end_cleanly() -> None:
    """Being told to end (by a batch system, a closed terminal) unwinds as Ctrl-C does."""
    import signal

    def end(number: int, frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, end)


def main(argv: Sequence[str]) -> int:
    """Run the command; returns the exit code. `SystemExit` only from --help and wrong flags."""
    args = given(_spelled_out(argv))
    if args.version or args.rules or args.man or args.completion:
        sys.stdout.write(_asked(args))
        return _DONE
    try:
        return _work(args)
    except (ZhfixError, TypeError) as error:
        tell(f"zhfix: {error}\n")
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

# nothing left out, nothing protected; a suffix is looked at where it is used
_MAY_BE_EMPTY = ("skip", "protect", "backup")


def _check(args: Arguments) -> None:
    """What was written on the command line; the same settings may stand in a configuration."""
    for flag in FLAGS:
        value = getattr(args, flag.dest)
        if "" in (value if isinstance(value, list) else [value]) and flag.dest not in _MAY_BE_EMPTY:
            raise OptionError(
                f"{flag.names[-1]} is empty (an unset variable?): give {flag.metavar}"
            )
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
