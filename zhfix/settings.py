"""What the flags and `[tool.zhfix]` say together; flags win."""

from __future__ import annotations

import os

from zhfix.arguments import Arguments
from zhfix.codec_names import codec_name
from zhfix.errors import OptionError, ZhfixError
from zhfix.flags import FLAGS, Flag

TYPE_CHECKING = False  # a command of one line does not wait for typing
if TYPE_CHECKING:
    from typing import Any

__all__ = ["n_processes", "settle"]


def settle(args: Arguments) -> dict[str, Any]:
    """The options of the repair; settings that stand in `[tool.zhfix]` are put into `args` where
    no flag was given.

    Raises: OptionError for what cannot be meant.
    """
    values = {} if args.no_config else _configured(args)
    for flag in FLAGS:
        given = getattr(args, flag.dest)
        if flag.key and given is not None and given != []:
            values[flag.key] = _value(flag, given)
    return values


def _value(flag: Flag, given: Any) -> Any:
    if flag.key == "sure":
        try:
            return float(given)
        except ValueError:
            raise OptionError(f"--sure {given!r}: give a number from 0 to 1") from None
    return dict(_pair(word) for word in given) if flag.key == "user_words" else given


def _pair(written: str) -> tuple[str, str]:
    source, equals, target = written.partition("=")
    if not source or not equals:
        raise OptionError(f"--word {written!r}: write FROM=TO")
    return source, target


def _configured(args: Arguments) -> dict[str, Any]:
    """Options of the nearest `[tool.zhfix]`; keys are options, or flags by their long names."""
    from zhfix.options import Options, find_config

    try:
        folder = os.getcwd()  # noqa: PTH109
    except OSError:  # it was deleted, and nothing is configured there
        return {}
    found = find_config(folder)
    if not found:
        return {}
    path, table = found
    if not isinstance(table, dict):
        raise OptionError(f"{path}: tool.zhfix is no table: write [tool.zhfix]")
    settings = {flag.dest: flag for flag in FLAGS if flag.is_setting}
    renamed = {flag.dest: flag for flag in FLAGS if flag.key}
    values: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name in settings:
            given = getattr(args, name)
            if given is None or given == []:
                setattr(args, name, _setting(path, settings[name], value))
        elif name in renamed and isinstance(value, list) and renamed[name].key == "user_words":
            try:
                values["user_words"] = dict(_pair(str(word)) for word in value)
            except OptionError as error:
                raise OptionError(f"{path}: {error}") from None
        else:
            values[renamed[name].key if name in renamed else name] = value
    try:
        Options.from_dict(values)
    except (OptionError, TypeError) as error:
        raise OptionError(f"{path}: {error}") from None
    return values


def _setting(path: str, flag: Flag, value: object) -> str | list[str]:
    """A setting as its flag would have given it."""
    name = flag.names[-1].lstrip("-")
    if flag.is_repeated:
        parts = [value] if isinstance(value, str) else value
        if isinstance(parts, list) and all(isinstance(part, str) for part in parts):
            return parts
        raise OptionError(f"{path}: {name} is a string or a list of strings")
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise OptionError(f"{path}: {name} is no {type(value).__name__}: {flag.help}")
    if flag.choices and value not in flag.choices:
        raise OptionError(f"{path}: {name} is {value!r}: use one of {', '.join(flag.choices)}")
    try:
        if flag.dest == "jobs":
            n_processes(str(value))
        elif flag.dest in ("encoding", "output_encoding") and value != "auto":
            codec_name(str(value))
    except ZhfixError as error:
        raise OptionError(f"{path}: {error}") from None
    return str(value)


def n_processes(written: str) -> int:
    """The number that --jobs gives.

    Raises: OptionError where it is none.
    """
    try:
        n = int(written)
    except ValueError:
        n = -1
    if n < 0:
        raise OptionError(f"--jobs {written!r}: give a number of processes, 0 for one each core")
    return n
