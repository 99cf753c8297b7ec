"""Drift in short segments of a stream, and what the rules on scripts leave alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import zhfix

CASES = Path(__file__).parent / "cases"
KINDS = {"mixed-script", "over-converted"}
_AD_WORDS = [
    json.loads(line) for line in (CASES / "ad-word.jsonl").read_text(encoding="utf-8").splitlines()
]

HANS = ["今天我们来谈谈人工智能的发展", "首先是語言模型", "它能写出流暢的文字", "但是也有一些問題"]
HANT = ["歡迎收聽今天的節目", "我們要談談經濟發展", "首先请來到我們的来宾", "对", "沒错"]


@pytest.mark.parametrize(
    ("segments", "want"),
    [
        (HANS, ["今天我们来谈谈人工智能的发展", "首先是语言模型", "它能写出流畅的文字", "但是也有一些问题"]),
        (HANT, ["歡迎收聽今天的節目", "我們要談談經濟發展", "首先請來到我們的來賓", "對", "沒錯"]),
    ],
)  # fmt: skip
def test_segments_are_judged_by_the_script_of_the_stream(
    segments: list[str], want: list[str]
) -> None:
    fixer, report, out = zhfix.Fixer(), None, []
    for segment in segments:
        repair = fixer.explain(segment, after=report)
        assert fixer.fix(segment, after=report) == repair.text
        assert fixer.fix(repair.text, after=report) == repair.text
        report = repair.report
        out.append(repair.text)
    assert out == want


@pytest.mark.parametrize(
    "text",
    [
        "我們今天要談談經濟發展與國際關係",  # a segment of its own, not drift
        "hello",
        "知乎",
        "東京の街を歩く",
        "乾坤大挪移，著名的武功",
        "",
    ],
)
def test_a_stream_leaves_these(text: str) -> None:
    report = zhfix.detect(HANS[0])
    assert zhfix.Fixer().fix(text, after=report) is text


def test_a_line_mostly_simplified_is_written_as_a_whole() -> None:
    assert (
        zhfix.fix("下於该年占领了城池，他的头發很长", to="hant")
        == "下於該年佔領了城池，他的頭髮很長"
    )


def test_text_about_characters_keeps_what_it_speaks_of() -> None:
    text = "書上把「皇后」寫作「皇後」，是錯字。"
    assert zhfix.fix(text, to="hant") is text


def test_without_a_stream_a_segment_in_one_script_stays() -> None:
    assert zhfix.fix("首先是語言模型") == "首先是語言模型"


def test_names_places_classics_hanja_and_japanese_are_hardly_ever_called_damaged() -> None:
    lines = (CASES / "negative-script.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    wrong = [text for text in texts if KINDS & zhfix.detect(text).damage.keys()]
    assert len(texts) >= 200
    assert len(wrong) <= 0.05 * len(texts), wrong


@pytest.mark.parametrize("text", ["面、麵、麪", "里、裡、裏", "后、後", "發", "书", "髮→发"])
def test_a_list_of_forms_stays_whatever_is_asked_for(text: str) -> None:
    hant = zhfix.fix(text, to="hant")
    assert [
        old for old, new in zip(text, hant, strict=True) if old != new and old in "面麵裡裏后後發"
    ] == []


@pytest.mark.parametrize("case", _AD_WORDS, ids=lambda case: case["id"])
def test_words_of_advertising_text(case: dict[str, str]) -> None:
    text, want = case["text"], case["want"]
    assert zhfix.fix(text, rules=["ad-word"]) == want
    assert zhfix.fix(want, rules=["ad-word"]) == want
    assert zhfix.fix(text) == text
