"""The five seed documents: the two damaged ones come out as their gold, the three clean ones as
they are.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import zhfix
from zhfix.script import marks

DAMAGED, CLEAN = ("000", "001"), ("002", "003", "004")


@pytest.mark.parametrize("name", DAMAGED)
def test_hans_is_the_gold(name: str, seeds: dict[str, str], shared: Path) -> None:
    gold = next((shared / "data/seeds").glob(f"{name}_*.hans.txt")).read_bytes().decode("utf-8")
    assert zhfix.fix(seeds[name], to="hans") == gold


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize("to", ["hant", "hant-tw", "hant-hk", "auto"])
def test_hant_has_no_gloss_and_no_simplified_character(
    name: str, to: str, seeds: dict[str, str]
) -> None:
    fixed = zhfix.fix(seeds[name], to=to)
    assert "(" not in fixed
    assert [char for char in fixed if marks().get(char) == "hans"] == []
    assert zhfix.fix(fixed, to=to) == fixed


def test_hant_is_written_properly(seeds: dict[str, str]) -> None:
    fixed = zhfix.fix(seeds["000"], to="hant") + zhfix.fix(seeds["001"], to="hant")
    for word in ("戰鬥號角", "苦幹實幹", "製造業", "建築面積", "湧動著"):
        assert word in fixed


@pytest.mark.parametrize("name", CLEAN)
@pytest.mark.parametrize("to", ["hans", "auto", "keep"])
def test_clean_seed_is_the_same_object(name: str, to: str, seeds: dict[str, str]) -> None:
    assert zhfix.fix(seeds[name], to=to) is seeds[name]


def test_every_closing_quote_comes_back(seeds: dict[str, str]) -> None:
    repair = zhfix.explain(seeds["000"], to="hans")
    assert repair.counts()["quote"] == 19
    assert repair.text.count("“") == repair.text.count("”")
