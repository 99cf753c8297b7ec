"""The first short texts of a process are read the slow way; what comes out is the same."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhfix.convert import suspects
from zhfix.convert.chain import Chain
from zhfix.convert.choice import Choice
from zhfix.convert.configs import CONFIGS, OURS
from zhfix.convert.engine import _load, chain_for, engine_for
from zhfix.convert.writer import choice_for
from zhfix.mojibake import oddities
from zhfix.rules import byte_noise
from zhfix.rules.gbk import EURO, char_at, code, gbk, is_defined
from zhfix.tables import load_near, load_rows

_PLANE = [chr(point) for point in range(0x10000) if not 0xD800 <= point < 0xE000]
_HAN = [char for char in _PLANE if "\u3400" <= char <= "\u9fff"]
_PHRASES = [row[0] for row in load_rows("STPhrases")]
_SOUND = st.lists(
    st.one_of(st.sampled_from(_PHRASES), st.sampled_from(_HAN), st.sampled_from("的了，。a1\n")),
    max_size=30,
).map("".join)


@pytest.mark.parametrize("name", ["STPhrases", "choice", "attested", "TSPhrases"])
def test_rows_of_some_characters_are_those_of_the_whole_table(name: str) -> None:
    rows = load_rows(name)
    for char in ("", "一", "发", "□", "龥", "a", "\U0010ffff", rows[0][0][0], rows[-1][0][0]):
        assert list(load_near(name, char)) == [row for row in rows if char and row[0][0] == char]
    assert list(load_near(name, {row[0][0] for row in rows})) == list(rows)


@pytest.mark.parametrize("config", [*CONFIGS, *OURS])
@settings(max_examples=60)
@given(text=_SOUND)
def test_a_few_lines_are_converted_as_with_whole_dictionaries(config: str, text: str) -> None:
    chain = Chain(config, partial(_load))  # it has cut nothing out of its dictionaries yet
    plain = chain.normalized(text)
    assert chain.convert(plain) == engine_for(config, bulk=False).convert(text)
    list(chain_for(config)._first.phrases.items())
    assert list(chain.phrases(text)) == list(chain_for(config).phrases(text))


@pytest.mark.parametrize(
    ("region", "variants"), [("", "TWVariants"), ("tw", "TWVariants"), ("hk", "HKVariants")]
)
@given(text=_SOUND)
def test_a_few_lines_get_the_forms_of_the_whole_choice(
    region: str, variants: str, text: str
) -> None:
    hant = engine_for("s2hk" if region == "hk" else "s2tw", bulk=False).convert(text)
    if len(hant) == len(text):
        near = Choice.read(region, variants, frozenset(text))
        assert near.override(text, hant) == choice_for(region, variants).override(text, hant)


@given(text=_SOUND)
def test_a_few_lines_are_written_in_hans_as_by_the_whole_choice(text: str) -> None:
    hans = engine_for("t2s", bulk=False).convert(text)
    if len(hans) == len(text):
        near = Choice.to_hans(frozenset(text))
        assert near.override(text, hans) == choice_for("hans", "").override(text, hans)


def test_characters_with_other_forms_are_the_same_ones_one_by_one() -> None:
    found = suspects._pattern().findall("".join(_PLANE))
    assert found == [char for char in _PLANE if suspects._is_looked_at(char)]
    assert 3000 < len(found) < 4000


_ODD = [char for char in _PLANE if oddities._is_first(char)]


@given(st.text(st.one_of(st.sampled_from(_ODD), st.sampled_from("你好a б"), st.characters())))
def test_oddities_are_the_same_ones_one_by_one(text: str) -> None:
    found = [match.start() for match in oddities._pattern().finditer(text)]
    assert found == [i for i in range(len(text)) if oddities._is_odd(text, i)]


def test_oddities_hold_for_every_character_beside_some() -> None:
    for beside in ("", "你", "æ", "а", "■", "½", "A"):
        text = beside.join(_ODD)
        found = [match.start() for match in oddities._pattern().finditer(text)]
        assert found == [i for i in range(len(text)) if oddities._is_odd(text, i)]
        assert found or beside == "你"


def test_noise_is_found_the_same_one_by_one() -> None:
    shown = "".join(gbk().codes)
    for text in (shown, "。".join(shown), "!".join(shown), "".join(_HAN)):
        found = [match.start() for match in byte_noise._third().finditer(text)]
        assert found
        assert found == [
            i for i in range(len(text)) if byte_noise._is_third(text[i], text[i + 1 : i + 2])
        ]


def test_code_page_936_is_the_same_from_both_sides() -> None:
    assert {char: code(char) for char in gbk().codes} == {**gbk().codes, "€": EURO}
    assert {char for char in _PLANE if is_defined(char)} == set(gbk().chars.values())
    found = {pair: char_at(pair) for pair in range(0x10000)}
    assert {pair: char for pair, char in found.items() if char} == gbk().chars
    assert 15_000 < len(gbk().plain) < 20_000


@pytest.mark.parametrize(
    ("text", "to", "want"),
    [
        ("皇后的头发很干净", "hant", "皇后的頭髮很乾淨"),
        ("皇后的頭髮很乾淨", "hans", "皇后的头发很干净"),
        ("皇后的頭髮很乾淨", "auto", "皇后的頭髮很乾淨"),
    ],
)
def test_one_line_reads_no_large_dictionary(text: str, to: str, want: str) -> None:
    program = (
        "import zhfix\n"
        f"print(zhfix.fix({text!r}, {to!r}))\n"
        "from zhfix.tables import load_map, load_rows\n"
        "n = load_map.cache_info().misses; load_map('STPhrases')\n"
        "assert load_map.cache_info().misses == n + 1, 'it was read'\n"
        "n = load_rows.cache_info().misses; load_rows('choice'); load_rows('attested')\n"
        "assert load_rows.cache_info().misses == n + 2, 'they were read'\n"
    )
    root = Path(__file__).parent.parent
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program],
        capture_output=True, text=True, encoding="utf-8", cwd=root, check=False,
    )  # fmt: skip
    assert (run.stdout.strip(), run.stderr) == (want, "")
