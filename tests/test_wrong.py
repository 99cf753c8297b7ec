"""What is known of a doubtful form depends on its clause alone, so that it may be remembered."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhfix.convert import readings as remembered
from zhfix.convert.configs import CONFIGS, NORMALIZE
from zhfix.convert.doubts import doubts, doubts_each
from zhfix.tables import load_map

CASES = Path(__file__).parent / "cases"
TEXTS = [
    json.loads(line)["text"]
    for name in ("synthetic", "negative", "wild")
    for line in (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
]
# characters with rivals, their neighbours, and what ends a clause or shows Cantonese
_PARTS = st.sampled_from(
    [*"後后裡里面麵隻只有發髮頭干乾部係系嘅，。\n1", "關係統計", "皇後", "聲明瞭"]
)


def _forget() -> None:
    remembered._known("hant").clear()


@pytest.mark.parametrize("config", ["s2t", "t2s", "s2tw", "s2hk"])
def test_no_dictionary_changes_the_length(config: str) -> None:
    spec = CONFIGS[config]
    layers = (spec.segment, *spec.steps, ((NORMALIZE,),))
    for name in {name for step in layers for layer in step for name in layer}:
        assert all(
            len(key) == len(form) for key, forms in load_map(name).items() for form in forms.split()
        )


@given(st.lists(_PARTS, max_size=40).map("".join))
def test_what_is_remembered_is_what_is_found_out(text: str) -> None:
    _forget()
    new = doubts(text)
    assert doubts(text) == new
    for line in text.split("\n"):  # its clauses come from other texts
        doubts(line)
    _forget()
    for line in reversed(text.split("。")):
        doubts(line)
    assert doubts(text) == new


def test_texts_together_are_doubted_as_each() -> None:
    texts = random.Random(3).sample(TEXTS, 400)
    together = doubts_each(texts)
    _forget()
    assert [doubts(text) for text in texts] == together
    assert any(found for found, _ in together)


def test_the_memory_is_bounded() -> None:
    rng = random.Random(5)
    known = remembered._known("hant")
    largest = 0
    for _ in range(8):
        doubts("".join(rng.choices("後后裡里面麵隻只發髮頭，", k=1500)))
        largest = max(largest, len(known))
    assert remembered._KEPT < largest <= remembered._KEPT + 1500
