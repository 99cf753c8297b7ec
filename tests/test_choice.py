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
from zhfix.convert.engine import Engine, plain_for
from zhfix.convert.writer import _writer, choice_for, to_hans, to_hant

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
            form = choice._best(seen, position, state[1])
            if form != state[1]:
                every.append(choice._reasoned(seen, position, state[1], form))
    assert plain == every
    fused = Fused(plain_for(config), choice).convert(text)
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

    return Fused(plain_for(config), choice_for(region, variants))


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


def test_a_firm_row_outweighs_what_touches_it() -> None:
    rows = [("干乾", "-"), ("怎么[干]", "乾"), ("么[干]", "乾"), ("[干]涉我", "乾")]
    assert Choice((), [*rows, ("[干]涉", "干")]).apply("怎么干涉我", "怎麼干涉我") == "怎麼乾涉我"
    assert Choice((), [*rows, ("![干]涉", "干")]).apply("怎么干涉我", "怎麼乾涉我") == "怎麼干涉我"
    with pytest.raises(ValueError, match="wider than any window"):
        Choice((), [("![干]涉内政", "干")])


@pytest.mark.parametrize("text", ["我们系的同学在晒太阳", "猫咪系着铃铛", "咪咕是移动系的平台"])
def test_what_mandarin_writes_too_is_no_mark_of_cantonese(text: str) -> None:
    assert "係" not in to_hant(text, "hant-hk")


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


# a word, and the same characters where they are no word
WORDS = """
荔枝干 荔枝乾 / 抑制剂 抑制劑 / 落地签 落地簽 / 系领带 繫領帶 / 坎特伯里 坎特伯里 / 余秋雨 余秋雨 / 范振宗 范振宗
钟小姐敲钟 鍾小姐敲鐘 / 头发干了 頭髮乾了 / 昨天台风 昨天颱風 / 自制了一个 自製了一個 / 嫩姜 嫩薑 / 党项人 党項人 / 喂孩子 餵孩子
这里许多人 這裡許多人 / 心里巴不得 心裡巴不得 / 捆绑发售 捆綁發售 / 迅速干预 迅速干預 / 代表带队 代表帶隊 / 对抗台独 對抗臺獨
世界杯面临 世界盃面臨 / 提醒面试 提醒面試 / 各自愈来愈好 各自愈來愈好 / 立刻制止 立刻制止 / 皇帝后来 皇帝後來 / 先生克服 先生克服
研发小组 研發小組 / 蒸发量 蒸發量 / 关于洋葱 關於洋蔥 / 对于敏感 對於敏感 / 其余文章 其餘文章 / 规范文字 規範文字 / 五分钟家 五分鐘家
上面包含 上面包含 / 参加姜 參加姜 / 手表示 手表示 / 宿舍此时 宿舍此時 / 一只猫只吃鱼 一隻貓只吃魚 / 村里的里长 村裡的里長
"""
PAIRS = [pair.split() for row in WORDS.strip().splitlines() for pair in row.split(" / ")]


@pytest.mark.parametrize(("text", "want"), [(pair[0], pair[-1]) for pair in PAIRS])
def test_words_and_what_only_looks_like_them(text: str, want: str) -> None:
    assert to_hant(text, "hant-tw") == want


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
