"""`convert` and `convert_many`: script conversion alone, without repair."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from zhfix.convert.engine import engine_for
from zhfix.convert.joined import each_joined
from zhfix.convert.routes import config_for
from zhfix.convert.target import target_text
from zhfix.convert.writer import to_hans, to_hant
from zhfix.errors import EngineError, OptionError
from zhfix.options import target_name

__all__ = ["convert", "convert_many", "need_str", "need_texts"]

_SOURCES = ("any", "hans", "hant", "hant-tw", "hant-hk")


def convert(
    text: str, to: str, *, source: str = "any", vocabulary: str = "keep", engine: str = "default"
) -> str:
    """`text` written in the script `to`; the same object when nothing changes. Repairs nothing: see
    `fix`.

    >>> convert("头发变白了", "hant")
    '頭髮變白了'
    >>> convert("網路軟體", "hans", source="hant-tw", vocabulary="region")
    '网络软件'

    Args:
        to: hans, hant, hant-tw or hant-hk, or a language tag that means one of them.
        source: the script `text` is in; `any` looks at each line, and leaves lines that stand in
        `to` already; text that tells no script is taken for hans.
        vocabulary: `region` also exchanges words between the mainland and the region named (软件,
        軟體).
        engine: `default`; `dictionary` for OpenCC's output exactly (config by source and to:
        docs/api.md); `opencc` for
            whichever `opencc` package is installed.

    Raises: OptionError for unknown values, EngineError when no opencc is installed, TypeError for
    anything but `str`.
    """
    need_str(text, "convert")
    return _converter(*_checked(to, source, vocabulary, engine))(text)


def convert_many(
    texts: Iterable[str | None],
    to: str,
    *,
    source: str = "any",
    vocabulary: str = "keep",
    engine: str = "default",
) -> list[str | None]:
    """`convert` for each of `texts`, in order; None stays None.

    >>> convert_many(["头发", None], "hant")
    ['頭髮', None]
    """
    chosen = _checked(to, source, vocabulary, engine)
    given = need_texts(texts, "convert_many")
    if not set(map(type, given)) <= {str, type(None)}:
        for one in given:
            if one is not None:
                need_str(one, "convert_many")
    if engine == "dictionary":
        for name in config_for(chosen[1], chosen[0], vocabulary=chosen[2]):
            given = engine_for(name).convert_many(given)
        return given
    strings = [text for text in given if text is not None]
    run = _converter(*chosen)
    if engine == "opencc":
        made = [run(text) for text in strings]
    elif chosen[1] == "any":
        from zhfix.convert.many import each_target  # one text does not wait for it

        made = each_target(strings, chosen[0], vocabulary=vocabulary, untold="hans")
    else:
        made = each_joined(run, strings)
    if len(strings) == len(given):
        return list(made)
    results = iter(made)
    return [None if text is None else next(results) for text in given]


def need_str(text: object, name: str) -> None:
    """Raise the TypeError that names the way out when `text` is no `str`."""
    if not isinstance(text, str):
        hint = (
            "; decode it first: zhfix.decode(data).text"
            if isinstance(text, (bytes, bytearray))
            else ""
        )
        raise TypeError(f"{name} takes str, not {type(text).__name__}{hint}")


def need_texts(texts: Iterable[str | None], name: str) -> list[str | None]:
    """The texts as a list; a TypeError for one string, whose characters nobody means."""
    if isinstance(texts, (str, bytes)) or not isinstance(texts, Iterable):
        raise TypeError(f"{name} takes a list of strings, not {type(texts).__name__}")
    return list(texts)


def _checked(to: str, source: str, vocabulary: str, engine: str) -> tuple[str, str, bool, str]:
    to = target_name(to)
    if to in ("auto", "keep"):
        raise OptionError(
            f"convert needs a script to convert to, not {to!r}: use hans, hant, hant-tw or hant-hk"
        )
    source = source if source == "any" else target_name(source)
    if source not in _SOURCES:
        raise OptionError(f"source is {source!r}: use one of {', '.join(_SOURCES)}")
    if vocabulary not in ("keep", "region"):
        raise OptionError(f"vocabulary is {vocabulary!r}: use keep or region")
    if engine not in ("default", "dictionary", "opencc"):
        raise OptionError(f"engine is {engine!r}: use default, dictionary or opencc")
    return to, source, vocabulary == "region", engine


@cache
def _converter(to: str, source: str, region: bool, engine: str) -> Callable[[str], str]:
    if engine == "default":
        return _default(to, source, region)
    configs = config_for(source, to, vocabulary=region)
    if engine == "opencc":
        return _chained([_installed_opencc(name) for name in configs])
    return _chained([engine_for(name).convert for name in configs])


def _default(to: str, source: str, region: bool) -> Callable[[str], str]:
    if source == "any":
        words = "region" if region else "keep"
        return lambda text: target_text(text, to, vocabulary=words, untold="hans")
    if source == to:
        return lambda text: text
    if source == "hans":
        return _same(lambda text: to_hant(text, to, vocabulary=region))
    if to == "hans":
        return _same(lambda text: to_hans(text, vocabulary=source if region else ""))
    return _chained([engine_for(name).convert for name in config_for(source, to)])


def _same(run: Callable[[str], str]) -> Callable[[str], str]:
    def checked(text: str) -> str:
        out = run(text)
        return text if out == text else out

    return checked


def _chained(runs: list[Callable[[str], str]]) -> Callable[[str], str]:
    def run(text: str) -> str:
        out = text
        for one in runs:
            out = one(out)
        return text if out == text else out

    return run


def _installed_opencc(name: str) -> Callable[[str], str]:
    """The converter of the installed `opencc` module, whichever package it came from."""
    try:
        import opencc  # the user's own package, asked for by name
    except ImportError:
        raise EngineError(
            "engine='opencc' needs an opencc package: pip install 'zhfix[opencc]' (or opencc)"
        ) from None
    make = getattr(opencc, "OpenCC", None)
    if make is None:
        raise EngineError(
            "the installed opencc has no OpenCC class: two opencc packages overwrote each other; "
            "pip uninstall both, then install one"
        )
    try:
        made = make(name)
    except Exception as error:  # each of the packages raises its own kind
        raise EngineError(f"the installed opencc has no config {name}: {error}") from None
    run: Callable[[str], str] = made.convert
    return run
