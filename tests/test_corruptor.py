"""The model of the mirror sites' machine: it agrees with shared/'s simulator and with real pages."""

from __future__ import annotations

import importlib.util
import json
import random
import sys
from pathlib import Path
from typing import Any

import corruptor
import pytest


def _load(name: str, path: Path) -> Any:
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # as some sources fold them
WORDS = "我们如何在因为知识的世界里发展经济，开发网络。“现象”失败！体验模型3个<b>理论</b>\n驱动对象；范围内的变化？展状况、Facebook ©•€・〇"


def test_agrees_with_the_simulator_on_random_text(shared: Path) -> None:
    simulator = _load("damage_simulator", shared / "tools/damage_simulator.py")
    chance = random.Random(20261122)
    for i in range(150):
        odd = "".join(
            chr(chance.choice((chance.randrange(0x20, 0x3000), 0x20000))) for _ in range(6)
        )
        clean = "".join(chance.choice(WORDS) for _ in range(120)) + odd
        rank, is_raw = chance.choice((2, 10, 31, 72)), chance.random() < 0.5
        marks = "".join(mark for mark in "、。，！？；：" if chance.random() < 0.4)
        want = simulator.damage(
            clean,
            simulator.table_for(rank),
            punct=marks,
            punct_p=0.7,
            private="map" if is_raw else "drop",
            seed=i,
        )
        made = corruptor.damage(
            clean, corruptor.key_list(rank), marks=marks, share=0.7, is_raw=is_raw, seed=i
        )
        assert made.text == want


def test_makes_real_fragments(shared: Path) -> None:
    """Every fragment that the simulator reproduces, some length of the list reproduces here."""
    path = shared / "data/gloss/fragments.jsonl"
    n = 0
    for row in map(json.loads, path.read_text("utf-8").splitlines()):
        if not row["simulator_reproduces"]:
            continue
        marks = row["simulator"]["punct"]
        wanted = row["damaged"].translate(HALF)
        made = {
            corruptor.damage(
                row["original"], corruptor.key_list(rank), marks=marks, is_raw=is_raw
            ).text.translate(HALF)
            for rank in range(-1, 73)
            for is_raw in (False, True)
        }
        assert wanted in made, row
        n += 1
    assert n >= 20


@pytest.mark.parametrize(
    ("clean", "text"),
    [
        ("等。可见", "等?梢(jiàn)"),  # the lone lead byte of 。 goes, ？ becomes a half-width one
        ("。现股东", ",F(xiàn)股東"),
        ("非常苦恼吧，", "非?鄲腊,"),
    ],
)
def test_variant_b(clean: str, text: str) -> None:
    assert corruptor.damage(clean, corruptor.key_list(72), variant="B").text == text


def test_spots_are_the_characters_out_of_step() -> None:
    made = corruptor.damage("人们如何与世界相处", corruptor.key_list(72))
    assert made.text == "人們?nèi)绾闻c世界相處"
    assert [made.original[a:b] for a, b in made.spots] == ["如何與"]
