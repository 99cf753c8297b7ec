"""The learned choice between forms: the bulk path and the plain path agree with counting every vote."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from zhfix.convert.choice import Change, Choice
from zhfix.convert.engine import engine_for
from zhfix.convert.writer import to_hans, to_hant

np = pytest.importorskip("numpy", reason="needs numpy: pip install 'zhfix[fast]'")

TABLES = [
    ("s2t", Choice.read, "s"),
    ("s2t", lambda: Choice.read("tw"), "s"),
    ("s2t", lambda: Choice.read("hk"), "s"),
    ("t2s", Choice.to_hans, "t"),
]


def units(text: str):
    """Code points of `text`."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@pytest.mark.parametrize(("config", "make", "side"), TABLES)
def test_three_paths_agree(
    config: str, make: Callable[[], Choice], side: str, shared: Path
) -> None:
    from zhfix.convert.choice_bulk import BulkChoice

    choice = make()
    bulk = BulkChoice(choice)
    rng = random.Random(5)
    chars = sorted({char for char, _ in choice.doubts})
    lines = [
        json.loads(line)[side]
        for path in sorted((shared / "data/pairs").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    noise = [rng.choice([*chars, *"统单如□a1，\n嘅唔他的在有了解😀"]) for _ in range(50_000)]
    text = "\n".join(lines) + "".join(noise)
    said = engine_for(config).convert(text)
    plain = choice.override(text, said)
    every: list[Change] = []
    for position, state in enumerate(zip(text, said, strict=True)):
        if state in choice.doubts:
            change = choice._decide(text, position, state[1])
            every += [change] if change else []
    assert plain == every
    positions, forms = bulk.changes(units(text), units(said))
    assert [(c.position, ord(c.form)) for c in plain] == list(
        zip(positions.tolist(), forms.tolist(), strict=True)
    )
    assert bulk.apply_text(text, said) == choice.apply(text, said)


@pytest.mark.parametrize(
    ("hans", "said", "want"),
    [
        ("白发现", "白髮現", "白發現"),
        ("佢系边个", "佢系邊個", "佢係邊個"),
        ("说明了", "說明瞭", "說明了"),
        ("", "", ""),
    ],
)
def test_examples(hans: str, said: str, want: str) -> None:
    assert Choice.read().apply(hans, said) == want


def test_unchanged_text_is_the_same_object() -> None:
    said = "皇后的頭髮"
    assert Choice.read().apply("皇后的头发", said) is said


@pytest.mark.parametrize(
    ("text", "to", "want"),
    [
        ("签合同之前，他系着领带", "hant", "簽合同之前，他繫著領帶"),
        ("这里面的头发干净", "hant-hk", "這裏面的頭髮乾淨"),
        ("这里面的头发干净", "hant-tw", "這裡面的頭髮乾淨"),
        ("佢系边个", "hant-hk", "佢係邊個"),
        ("后来在里面复习复杂的制度", "hant", "後來在裡面複習複雜的制度"),
    ],
)
def test_to_hant(text: str, to: str, want: str) -> None:
    assert to_hant(text, to) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("著名作家說著話", "著名作家说着话"),
        ("乾隆年間的乾糧", "乾隆年间的干粮"),
        ("妳瞭解牠嗎", "你了解它吗"),
        ("宮商角徵羽和特徵", "宫商角徵羽和特征"),
    ],
)
def test_to_hans(text: str, want: str) -> None:
    assert to_hans(text) == want


def test_every_override_names_its_row() -> None:
    from zhfix import explain

    edits = explain("佢系边个，签合同", "hant-hk").edits
    assert any("[" in edit.why or "meant" in edit.why for edit in edits)
