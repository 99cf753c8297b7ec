"""The learned choice between forms: the bulk path and the plain path agree with counting every vote."""

from __future__ import annotations

import functools
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhfix.convert import chain as chain_module
from zhfix.convert.chain import line_blocks
from zhfix.convert.choice import Change, Choice
from zhfix.convert.engine import Engine, chain_for
from zhfix.convert.writer import _COMPAT, _writer, choice_for, to_hans, to_hant

pytest.importorskip("numpy", reason="needs numpy: pip install 'zhfix[fast]'")

STYLES = [
    ("s2tw", "TWVariants", ""),
    ("s2tw", "TWVariants", "tw"),
    ("s2hk", "HKVariants", "hk"),
    ("t2s", "", "hans"),
]
# what a text may hold besides: marks of Cantonese, characters of two units (some of them change
# their number of units), compatibility ideographs, edges
NOISE = [
    *"统单如□a1，。\n嘅唔他的在有了解😀\0",
    "折足覆𫗧",
    "周𫖮系统",
    "嘅𫖮系",
    "😀" * 12,
    "\uf90a",
    "\U0002f800",
]


def noise(chars: list[str], n: int, seed: int) -> str:
    """Characters in doubt and NOISE at random."""
    rng = random.Random(seed)
    return "".join(rng.choice(chars) if rng.random() < 0.7 else rng.choice(NOISE) for _ in range(n))


@pytest.mark.parametrize(("config", "variants", "region"), STYLES)
def test_three_paths_agree(config: str, variants: str, region: str, shared: Path) -> None:
    from zhfix.convert.fused import Fused

    choice, writer = choice_for(region, variants), _writer(config, variants, region)
    chars = sorted({char for char, _ in choice.doubts})
    lines = [
        json.loads(line)["t" if config == "t2s" else "s"]
        for path in sorted((shared / "data/pairs").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    text = "\n".join(lines) + noise(chars, 50_000, 5)
    seen, said = writer.read(text)
    plain = choice.override(seen, said)
    every: list[Change] = []
    for position, state in enumerate(zip(seen, said, strict=True)):
        if state in choice.doubts:
            change = choice._decide(seen, position, state[1])
            every += [change] if change else []
    assert plain == every
    fused = Fused(chain_for(config), choice, writer._plain).convert(text)
    assert fused == "".join(map(writer._plain, line_blocks(text)))
    written = list(said)
    for change in plain:
        written[change.position] = change.form
    assert fused == "".join(written)


@pytest.mark.parametrize(("config", "variants", "region"), STYLES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_fused_is_plain(config: str, variants: str, region: str, data: st.DataObject) -> None:
    writer = _writer(config, variants, region)
    chars = sorted({char for char, _ in choice_for(region, variants).doubts})
    fused = _fused(config, variants, region)
    text = noise(chars, data.draw(st.integers(0, 200)), data.draw(st.integers(0, 10**6)))
    text += data.draw(st.text(max_size=9))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chain_module, "BLOCK", data.draw(st.integers(1, 60)))
        want = "".join(map(writer._plain, line_blocks(text)))
        assert fused.convert(text) == want
    if want == text:
        assert fused.convert(text) is text
        assert writer.convert(text) is text


@functools.cache
def _fused(config: str, variants: str, region: str) -> Engine:
    from zhfix.convert.fused import Fused

    plain = _writer(config, variants, region)._plain
    return Fused(chain_for(config), choice_for(region, variants), plain)


def test_compatibility_ideographs_stand_in_the_ranges_looked_for() -> None:
    assert all(_COMPAT.match(char) for char in chain_for("s2t").compat)


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
