"""Which script a text is in, counted with arrays and without, and the cheap look for wrong forms."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zhfix
from zhfix import script
from zhfix.convert.suspects import suspects
from zhfix.script import evidence, is_han

LONG = "皇后的頭髮，头发与頭發。范先生於裡面干活\n"


@pytest.mark.parametrize(
    ("char", "is_one"),
    [("中", True), ("〇", True), ("豈", True), ("\uf900", True), ("\U00020000", True)]
    + [(char, False) for char in ("가", "\ue000", "\ud800", "か", "ー", "A", "，", "\ufb00")],
)
def test_han_is_han(char: str, is_one: bool) -> None:
    assert is_han(char) is is_one
    assert evidence(char).verdict in (("shared", "hans", "hant") if is_one else ("none",))


@given(st.text(st.characters(exclude_categories=[]), max_size=50))
def test_counted_with_arrays_and_without(text: str) -> None:
    counts = pytest.importorskip("zhfix.counts_bulk")
    for each in (text, text + LONG * 3):
        counted = counts.evidence(each, script._STRAY_SHORT, script.MARK)
        assert counted == script._counted(script._told(each))


@given(st.text("后後里裡裏于於髮發头頭了瞭，\n的長在", max_size=40))
def test_lines_of_a_long_text_are_judged_as_alone(text: str) -> None:
    """Suspects do not depend on what stands in other lines."""
    spots = suspects(text)[0]
    at, alone = 0, []
    for line in text.split("\n"):
        alone += [at + spot for spot in suspects(line)[0]]
        at += len(line) + 1
    assert spots == alone


def test_a_name_is_no_suspect_and_a_word_is() -> None:
    assert suspects("摩里臣山道")[0] == []
    assert suspects("獨立于瀏覽器")[0] == [2]
    assert suspects("皇後的頭發")[0] == [1, 4]


def test_one_damaged_line_in_a_long_clean_text_is_found_where_it_stands() -> None:
    clean = "他在論文裡引用了這句話，並加以說明。\n" * 200
    text = clean + "皇後的頭發很長。\n" + clean
    found = [hint for hint in zhfix.explain(text, to="keep").hints if hint.rule == "over-converted"]
    assert [(hint.before, hint.after, hint.start - len(clean)) for hint in found] == [
        ("後", "后", 1),
        ("發", "髮", 4),
    ]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("什么", "hans"),
        ("里面", "hans"),
        ("只有一个", "hans"),
        ("位于", "hans"),
        ("什么想法，說來聽聽", "mixed"),
        ("對于這個問題", "mixed"),
        ("裝進胡子裡", "mixed"),
        # what both scripts have, in words that both have
        ("皇后和太后", "shared"),
        ("余光中", "shared"),
        ("里斯本", "shared"),
        ("范先生", "shared"),
        ("于右任", "shared"),
        ("后宮始建", "hant"),
        ("飛往里斯本", "hant"),
        ("澤于兀自", "hant"),
        ("皇后在宮裡", "hant"),
    ],
)
def test_words_tell_the_script_of_characters_that_both_have(text: str, verdict: str) -> None:
    assert zhfix.detect(text).verdict == verdict


@given(st.lists(st.sampled_from(
    ["皇後", "的頭發", "很長", "，", "。\n", "頭髮", "裡面", "里程", "只有", "隻有", "这个", "發展", "乾部", "幹部", "著"]
), max_size=14).map("".join))  # fmt: skip
def test_a_text_that_is_only_repaired_is_repaired_as_one_that_is_explained(text: str) -> None:
    """Doubts that come to no more than hints are not looked into where nobody reads them."""
    fixer = zhfix.Fixer()
    assert fixer.fix(text) == fixer.explain(text).text == fixer.fix_many([text, text])[0]
    page = text + "\n" + LONG[:300]
    assert fixer.fix(page) == fixer.explain(page).text


@given(st.text(st.characters(exclude_categories=[]), max_size=50))
def test_counted_as_bytes_and_one_by_one(text: str) -> None:
    from zhfix.counts_plain import told

    each = Counter(map(script._Told().__getitem__, text + LONG))
    assert script._counted(told(text + LONG)) == script._counted(each.items())


@given(st.text("头頭著像のa\n\U00020000\U0001f600\ud800", max_size=12), st.booleans())
def test_a_class_is_met_in_long_text_as_in_short(text: str, is_behind: bool) -> None:
    long = LONG * 100
    text = long + text if is_behind else text + long
    assert len(text) >= script._BULK
    for chars in (frozenset("頭"), frozenset("著\U00020000"), script.kana()):
        assert script.meets(text, chars) == (not chars.isdisjoint(text))
        assert bool(script._finder(chars).search(text)) >= (not chars.isdisjoint(text))


@given(st.lists(st.text("后後里裡裏于於髮發头頭了瞭，长像著\U00020000", max_size=9), min_size=9))
def test_the_majority_of_many_lines_is_that_of_each(lines: list[str]) -> None:
    pytest.importorskip("numpy")
    text = "\n".join([*lines, LONG * 40])
    spans, at = [], 0
    for line in lines:
        spans += [(at, at + len(line))] * bool(line)
        at += len(line) + 1
    told = [script.majority(text[a:b], script.odds()) for a, b in spans]
    assert script.majorities(text, spans) == told
    assert told == [evidence(text[a:b]).majority for a, b in spans]
