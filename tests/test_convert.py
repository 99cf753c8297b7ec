"""Conversion: OpenCC's own cases and configs, the pairs of scripts, the three engines, and bad
arguments.
"""

from __future__ import annotations

import sys
import types

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zhfix
from zhfix.convert import chain, engine, target, writer
from zhfix.convert.routes import config_for


@pytest.mark.parametrize(
    ("source", "to", "vocabulary", "want"),
    [
        ("hans", "hant", "keep", ("s2t",)),
        ("hans", "hant-tw", "region", ("s2twp",)),
        ("hant-tw", "hans", "region", ("tw2sp",)),
        ("hant-hk", "hans", "region", ("hk2sp",)),
        ("hans", "hant-hk", "region", ("s2hkp",)),
        ("hant", "hant-hk", "keep", ("t2hk",)),
        ("hant-hk", "hant", "keep", ("hk2t",)),
        ("hant-tw", "hant-hk", "keep", ("tw2t", "t2hk")),
        ("hans", "hans", "keep", ()),
    ],
)
def test_config_for(source: str, to: str, vocabulary: str, want: tuple[str, ...]) -> None:
    assert config_for(source, to, vocabulary=vocabulary == "region") == want


@pytest.mark.parametrize(
    ("text", "to", "options", "want"),
    [
        ("皇后的头发", "hant", {}, "皇后的頭髮"),
        ("这里", "hant-hk", {"source": "hans"}, "這裏"),
        ("这里", "hant-tw", {"source": "hans"}, "這裡"),
        ("这里", "zh-TW", {}, "這裡"),
        ("為什麼", "hans", {}, "为什么"),
        ("看著名著", "hans", {}, "看着名著"),
        ("他看著一部名著，說著話", "hans", {}, "他看着一部名著，说着话"),
        ("鼠标和软件", "hant-tw", {"source": "hans", "vocabulary": "region"}, "滑鼠和軟體"),
        ("滑鼠和軟體", "hans", {"source": "hant-tw", "vocabulary": "region"}, "鼠标和软件"),
        ("里面", "hant", {"source": "hans", "engine": "dictionary"}, "裏面"),
        ("裡面", "hant-hk", {"source": "hant-tw"}, "裏面"),
        ("頭髮和干支", "hant", {}, "頭髮和干支"),
        ("", "hans", {}, ""),
        ("abc", "hant", {}, "abc"),
    ],
)
def test_convert(text: str, to: str, options: dict[str, str], want: str) -> None:
    got = zhfix.convert(text, to, **options)
    assert got == want
    if want == text:
        assert got is text


def test_convert_many_keeps_order_and_none() -> None:
    assert zhfix.convert_many(["头发", None, "好"], "hant") == ["頭髮", None, "好"]


@pytest.mark.parametrize("source", ["any", "hans"])
@pytest.mark.parametrize("engine", ["default", "dictionary"])
def test_convert_many_equals_convert(source: str, engine: str) -> None:
    texts = [
        "头发",
        "",
        "两\n行的头发\n",
        "他系",
        "着领带",
        "佢",
        "系边个",
        "\x00",
        "皇后\r",
        "𠮶个",
    ] * 3
    want = [zhfix.convert(text, "hant-hk", source=source, engine=engine) for text in texts]
    got = zhfix.convert_many(texts, "hant-hk", source=source, engine=engine)
    assert got == want


# of one script, of both, of neither; several lines; what is to be weighed; odd characters
PARTS = [
    "头发",
    "頭髮",
    "皇后",
    "你好",
    "\n",
    "只",
    "后面",
    "著",
    "为",
    "為",
    "abc",
    "\x00",
    "\U0001f600",
]
PARTS += ["𬬻", "\ud83d", "\ude00", "裡", "裏", "\r\n", "系", "佢", "\uf90a", "。", "𨥈"]


@pytest.mark.parametrize("to", ["hans", "hant", "hant-tw", "hant-hk"])
@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.lists(st.sampled_from(PARTS), max_size=5).map("".join), max_size=12))
def test_many_strings_and_long_text_by_arrays(to: str, texts: list[str]) -> None:
    pytest.importorskip("numpy", reason="needs numpy: pip install 'zhfix[fast]'")
    want = [zhfix.convert(text, to) for text in texts]
    joined = "\n".join(texts)
    want_joined = zhfix.convert(joined, to)
    assert zhfix.convert_many(texts, to) == want
    with pytest.MonkeyPatch.context() as patch:  # arrays for short text too
        patch.setattr(target, "_LONG", 0)
        patch.setattr(engine, "LONG", 0)
        patch.setattr(writer, "LONG", 0)
        patch.setattr(writer, "BUILD", 0)
        patch.setattr(chain, "BLOCK", 7)
        assert zhfix.convert_many(texts, to) == want
        assert zhfix.convert(joined, to) == want_joined


def test_convert_many_keeps_objects() -> None:
    texts = ["头发" * 9, "你好" * 9, "a\nb" * 9]
    for to in ("hans", "hant-hk"):
        for before, after in zip(texts, zhfix.convert_many(texts, to), strict=True):
            assert after is before or after != before


@pytest.mark.parametrize("to", ["auto", "keep", "klingon", ""])
def test_unknown_target(to: str) -> None:
    with pytest.raises(zhfix.OptionError, match="hans, hant"):
        zhfix.convert("头发", to)


@pytest.mark.parametrize(
    "options", [{"source": "fr"}, {"vocabulary": "slang"}, {"engine": "steam"}, {"source": "auto"}]
)
def test_unknown_option(options: dict[str, str]) -> None:
    with pytest.raises(zhfix.OptionError):
        zhfix.convert("头发", "hant", **options)


def test_bytes_name_the_way_out() -> None:
    with pytest.raises(TypeError, match="decode"):
        zhfix.convert("头发".encode(), "hant")  # type: ignore[arg-type]


def test_installed_opencc() -> None:
    pytest.importorskip("opencc", reason="needs an opencc package: pip install 'zhfix[opencc]'")
    assert zhfix.convert("头发", "hant", source="hans", engine="opencc") == "頭髮"
    assert zhfix.fix("广州市的头发", "hant", engine="opencc") == "廣州市的頭髮"


def test_broken_opencc_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from zhfix.convert import front

    front._converter.cache_clear()
    monkeypatch.setitem(sys.modules, "opencc", types.ModuleType("opencc"))
    with pytest.raises(zhfix.EngineError, match="uninstall both"):
        zhfix.convert("头发", "hant-hk", source="hans", engine="opencc")
    monkeypatch.setitem(sys.modules, "opencc", None)
    with pytest.raises(zhfix.EngineError, match="pip install"):
        zhfix.convert("头发", "hant-hk", source="hans", engine="opencc")
    front._converter.cache_clear()


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("手表", "手錶"),
        ("老板", "老闆"),
        ("吃面\n干杯", "吃麵\n乾杯"),
        ("皇后", "皇后"),
        ("公里", "公里"),
    ],
)
def test_text_that_tells_no_script_is_taken_for_hans(text: str, want: str) -> None:
    assert zhfix.convert(text, "hant") == want
    assert zhfix.convert_many([text], "hant") == [want]
    assert zhfix.convert(text, "hans") is text
    assert zhfix.fix(text, to="hant") is text  # sound text in Traditional, for all that it says


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("ab")), max_size=300))
def test_each_character_that_differs_is_named(pairs: list[tuple[str, str]]) -> None:
    before, after = ("".join(pair[k] for pair in pairs) for k in (0, 1))
    want = [(i, i + 1, new) for i, (old, new) in enumerate(pairs) if old != new]
    assert list(target.differences(before, after)) == want
