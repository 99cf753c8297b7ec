"""The options of a repair: immutable, comparable, picklable; and how they are read from
`[tool.zhfix]`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

from zhfix.errors import OptionError
from zhfix.named import NamedTuple

TYPE_CHECKING = False  # a command of one line does not wait for typing
if TYPE_CHECKING:
    from typing import Any

__all__ = ["SURE", "TARGETS", "Options", "find_config", "target_name"]

# the floor: of edits the rules call this sure, at most 1 in 100 may be wrong
# (docs/how-it-works.md#sure)
SURE = 0.8

TARGETS = ("auto", "keep", "hans", "hant", "hant-tw", "hant-hk")

# what people write for a script: BCP 47 tags and the letters of OpenCC's configs, lower case
_ALIASES = {
    **dict.fromkeys(
        ("s", "cn", "zh-hans", "zh-cn", "zh-sg", "zh-my", "zh-hans-cn", "zh-hans-sg"), "hans"
    ),
    **dict.fromkeys(("t", "zh-hant"), "hant"),
    **dict.fromkeys(("tw", "zh-tw", "zh-hant-tw"), "hant-tw"),
    **dict.fromkeys(("hk", "mo", "zh-hk", "zh-mo", "zh-hant-hk", "zh-hant-mo"), "hant-hk"),
}


def target_name(to: str) -> str:
    """The script that a name or language tag means.

    >>> target_name("zh-TW"), target_name("s"), target_name("zh_Hant_HK")
    ('hant-tw', 'hans', 'hant-hk')

    Raises: OptionError for a name that means no script of Chinese; TypeError for anything but
    `str`.
    """
    if not isinstance(to, str):
        raise TypeError(f"the target script is a str such as 'hans', not {type(to).__name__}")
    name = to.strip().lower().replace("_", "-")
    name = _ALIASES.get(name, name)
    if name not in TARGETS:
        known = ", ".join(TARGETS)
        raise OptionError(
            f"unknown script {to!r}: use one of {known}, or a tag such as zh-Hans, zh-TW"
        )
    return name


class Options(NamedTuple):
    """Everything that steers a repair; give them by name, since new ones may come.

    `to`: target script. `rules`: names of the rules to run (empty: all that are on by default),
    `skip`: rules to leave out. `sure`: edits below this become hints. `protect`: regular
    expressions (str) or (start, end) spans that stay as they are. `user_words`: own conversions,
    longest first, made in every target script. `punctuation`: `keep`, or `target` for 「」 in
    Traditional and “” in Simplified. `vocabulary`: `keep`, or `region` to exchange words as well as
    characters. `engine`: `default`, `dictionary` (OpenCC's choice exactly) or `opencc` (an
    installed OpenCC).
    """

    to: str = "auto"
    rules: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    sure: float = SURE
    protect: tuple[str | tuple[int, int], ...] = ()
    user_words: tuple[tuple[str, str], ...] = ()
    punctuation: str = "keep"
    vocabulary: str = "keep"
    engine: str = "default"

    @classmethod
    def of(cls, to: str = "auto", **options: Any) -> Options:
        """Checked options from what a caller wrote.

        >>> Options.of("zh-CN", skip=["quote"]).skip
        ('quote',)

        Raises: OptionError for an unknown option or value, TypeError for a value of the wrong type.
        """
        unknown = sorted(set(options) - set(cls._fields))
        if unknown:
            raise OptionError(f"unknown option {unknown[0]!r}: there are {', '.join(cls._fields)}")
        made = cls(to=target_name(to), **options)
        made = made._replace(
            rules=_names("rules", made.rules),
            skip=_names("skip", made.skip),
            protect=_protect(made.protect),
            user_words=_pairs(made.user_words),
        )
        _one_of("punctuation", made.punctuation, ("keep", "target"))
        _one_of("vocabulary", made.vocabulary, ("keep", "region"))
        _one_of("engine", made.engine, ("default", "dictionary", "opencc"))
        if isinstance(made.sure, bool) or not isinstance(made.sure, (int, float)):
            raise TypeError(f"sure is a number from 0 to 1, not {type(made.sure).__name__}")
        if not 0 <= made.sure <= 1:
            raise OptionError(f"sure is {made.sure}: give a number from 0 to 1")
        return made

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Options:
        """Options from what `as_dict` gave, or from a mapping of your own."""
        return cls.of(**named(values))

    def as_dict(self) -> dict[str, Any]:
        """The options that differ from the default, as plain types; `from_dict` takes them back."""
        default = Options()
        out: dict[str, Any] = {
            name: value for name, value in self._asdict().items() if value != getattr(default, name)
        }
        if "user_words" in out:
            out["user_words"] = dict(self.user_words)
        return {
            key: list(value) if isinstance(value, tuple) else value for key, value in out.items()
        }


def named(values: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping of options by the names that Python has for them.

    >>> named({"user-words": {}})
    {'user_words': {}}
    """
    if not isinstance(values, Mapping):
        raise TypeError(f"options are a mapping of names to values, not {type(values).__name__}")
    return {str(key).replace("-", "_"): value for key, value in values.items()}


def _names(option: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, Iterable):
        raise TypeError(f"{option} is a list of rule names, not {type(value).__name__}")
    from zhfix.rules import RULES  # the registry needs this module first

    names = tuple(value)
    for name in names:
        if name not in RULES:
            raise OptionError(f"unknown rule {name!r} in {option}: there are {', '.join(RULES)}")
    return names


def _protect(value: object) -> tuple[str | tuple[int, int], ...]:
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, Iterable):
        raise TypeError(f"protect is a list of patterns or spans, not {type(value).__name__}")
    out: list[str | tuple[int, int]] = []
    for item in value:
        if isinstance(item, str):
            try:
                re.compile(item)
            except re.error as error:
                raise OptionError(f"protect: {item!r} is no regular expression ({error})") from None
            out.append(item)
            continue
        try:
            start, end = item
        except (TypeError, ValueError):
            start = end = None
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start <= end):
            raise OptionError(f"protect: {item!r} is neither a pattern nor a span (start, end)")
        out.append((start, end))
    return tuple(out)


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    items = value.items() if isinstance(value, Mapping) else value
    if not isinstance(items, Iterable) or isinstance(items, (str, bytes)):
        raise TypeError(f"user_words is a mapping of words, not {type(value).__name__}")
    out = []
    for item in items:
        pair = tuple(item) if isinstance(item, Iterable) else ()
        if len(pair) != 2 or not all(isinstance(word, str) for word in pair) or not pair[0]:
            raise OptionError(f"user_words: {item!r} is not a pair of words (from, to)")
        out.append((pair[0], pair[1]))
    return tuple(sorted(out))


def _one_of(option: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise OptionError(f"{option} is {value!r}: use one of {', '.join(known)}")


def find_config(start: str) -> tuple[str, dict[str, Any]] | None:
    """The nearest pyproject.toml at or above the folder `start` with a `[tool.zhfix]` table, and
    that table; None without one.

    Raises: OptionError when the file is not TOML, naming it.
    """
    folder, above = "", os.path.abspath(start)  # noqa: PTH100  # pathlib takes 4 ms to load
    while folder != above:
        folder, above = above, os.path.dirname(above)  # noqa: PTH120
        path = os.path.join(folder, "pyproject.toml")  # noqa: PTH118
        if not os.path.isfile(path):  # noqa: PTH113
            continue
        table = _read_toml(path).get("tool", {}).get("zhfix")
        if table is not None:
            return path, table
    return None


def _read_toml(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123
            text = file.read()
        if "zhfix" not in text:
            return {}
        import tomllib  # 20 ms, and only where a pyproject.toml speaks of us
    except ImportError:  # Python 3.10 has no TOML reader: no configuration there
        return {}
    except UnicodeDecodeError as error:
        raise OptionError(f"{path} is not valid TOML: {error}") from None
    except OSError:
        return {}
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OptionError(f"{path} is not valid TOML: {error}") from None
