"""What stands on the command line, read without argparse where it is plain: to load and build that
takes as long as to repair a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

from zhfix.flags import FLAGS, Flag

__all__ = ["Arguments", "given"]


class Arguments(SimpleNamespace):
    """The value of each flag under its `dest`, and `files`."""


def given(argv: Sequence[str]) -> Arguments:
    """The arguments, checked. `SystemExit` from --help and from what cannot be meant.

    >>> args = given(["-t", "hans", "a.txt"])
    >>> args.to, args.files, args.jsonl, args.word
    ('hans', ['a.txt'], False, [])
    >>> given(["a.txt", "-q", "--", "-b.txt"]).files
    ['a.txt', '-b.txt']
    """
    end = argv.index("--") if "--" in argv else len(argv)  # files alone stand behind it
    values = _plain(argv[:end])
    if values is None:
        from zhfix.parser import parsed

        values = parsed(argv[:end])
    args = Arguments(**values)
    args.files += argv[end + 1 :]
    return args


def _plain(argv: Sequence[str]) -> dict[str, object] | None:
    """The values where each flag stands alone with its value behind it; None for all else."""
    flags = {name: flag for flag in FLAGS for name in flag.names}
    values: dict[str, object] = {flag.dest: _absent(flag) for flag in FLAGS}
    files: list[str] = []
    rest = iter(argv)
    for word in rest:
        if word == "-" or not word.startswith("-"):
            if not word:
                return None
            files.append(word)
            continue
        flag = flags.get(word)
        if not flag:
            return None
        if not flag.metavar:
            values[flag.dest] = True
            continue
        value = next(rest, "")
        if not value or value.startswith("-") or (flag.choices and value not in flag.choices):
            return None
        held = values[flag.dest]
        values[flag.dest] = [*held, value] if isinstance(held, list) else value
    return {"files": files, **values}


def _absent(flag: Flag) -> object:
    if not flag.metavar:
        return False
    return [] if flag.is_repeated else None
