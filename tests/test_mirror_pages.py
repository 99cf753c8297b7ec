"""What a whole mirror page tells: whether it is one, how boldly its lost bytes are guessed, and that
steps of the model taken together are the steps taken one by one.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import corruptor
import pytest
from corruptor import PAGE
from hypothesis import given
from hypothesis import strategies as st

import zhfix
from zhfix.model import load
from zhfix.options import SURE
from zhfix.rules.byte_edits import slack_of
from zhfix.rules.byte_ends import LOST, Ends
from zhfix.rules.byte_gate import is_mirror_page
from zhfix.rules.byte_hidden import hidden_runs
from zhfix.rules.byte_odds import all_right
from zhfix.rules.byte_page import Page
from zhfix.rules.byte_runs import Run, read_run
from zhfix.rules.gbk import gbk

MARKS = "、。，！？；："
SPOKEN = "<p>他对我们说：天啊，这里的海水真清。「我的朋友啊，你们从哪里来？」大家都笑了，谁也没有回答。</p>\n"


def test_sure_of_several_doubts_is_their_product() -> None:
    """Two doubts make a reading less sure than either one; neighbours as sure are one doubt."""
    assert all_right([0.9, 1.0, 0.9]) < all_right([0.9, 0.9]) == all_right([0.9]) == 0.9


def test_a_particle_before_a_mark_is_read_where_noise_hides_it_everywhere() -> None:
    made = corruptor.damage(PAGE + SPOKEN, corruptor.key_list(72), marks=MARKS, is_raw=True)
    assert "天??，" in made.text and "天啊，" not in made.text
    assert "天啊，" in zhfix.fix(made.text, to="keep")


def test_a_question_mark_before_a_mark_stays_where_nothing_shows_noise() -> None:
    made = corruptor.damage(PAGE + SPOKEN, corruptor.key_list(72), is_raw=True)
    text = made.text.replace("天啊，", "天?，")
    assert "天?，" in zhfix.fix(text, to="keep")


@pytest.mark.parametrize("options", [{}, {"skip": ("gloss", "shifted-bytes")}, {"sure": 0.99}])
def test_a_wrong_code_page_on_a_mirror_page_is_found_all_the_same(options: dict[str, Any]) -> None:
    made = corruptor.damage(PAGE, corruptor.key_list(72), is_raw=True)
    assert is_mirror_page(made.text)
    assert zhfix.fix(f"{made.text}浣犲ソ锛屼笘鐣岋紒\n", "keep", **options).endswith(
        "你好，世界！\n"
    )


def test_mirror_pages_are_told_from_lessons_and_clean_text(seeds: dict[str, str]) -> None:
    assert is_mirror_page(corruptor.damage(PAGE, corruptor.key_list(72)).text)
    assert not is_mirror_page(PAGE)
    assert not is_mirror_page(
        "汉语(hànyǔ)是世界上使用人数最多的语言。我(wǒ)們(mén)學(xué)習(xí)漢(hàn)語(yǔ)。" * 9
    )
    assert [is_mirror_page(text) for _, text in sorted(seeds.items())][2:] == [False] * 3


def _doubtful_runs(text: str) -> list[Run]:
    page = Page(text, lambda: True)
    at = [i for i, char in enumerate(text) if char == "?"]
    found = [read_run(page, i, text[max(0, i - 9) : i]) for i in at]
    return [run for run in found if run is not None and run.doubts]


def test_doubtful_runs_are_written_where_glosses_stand_close() -> None:
    """The more glosses a page has for each doubtful run, the less sure one may be; by a fifth at
    most.
    """
    runs = _doubtful_runs(corruptor.damage(PAGE + SPOKEN, corruptor.key_list(72), marks=MARKS).text)
    slacks = [slack_of(runs, n) for n in (0, 1, 10, 100, 10_000)]
    assert runs and slacks == sorted(slacks)
    assert slacks[0] == 0 < slacks[1] < slacks[2] < slacks[3] == slacks[4] == 0.2


@pytest.mark.parametrize(
    ("rank", "floor", "is_bold"),
    [(72, 0.97, True), (31, 0.9, True), (72, 0.8, False), (72, 0.5, False), (72, 1.0, False)],
)
def test_what_is_written_below_the_floor_is_announced_at_it(
    rank: int, floor: float, is_bold: bool
) -> None:
    made = corruptor.damage((PAGE + SPOKEN) * 3, corruptor.key_list(rank), marks=MARKS)
    repair = zhfix.explain(made.text, to="keep", sure=floor)
    assert all(edit.sure >= floor for edit in repair.edits)
    below = [edit for edit in repair.edits if edit.why.endswith("of 100 such places")]
    assert bool(below) is is_bold and all(edit.sure == floor for edit in below)


def test_a_piece_beside_an_open_one_is_less_sure_than_by_itself() -> None:
    text = corruptor.damage(PAGE + SPOKEN, corruptor.key_list(72), marks=MARKS).text
    repair = zhfix.explain(text, to="keep")
    open_ = [hint for hint in repair.hints if hint.why.endswith("what was lost is guessed")]
    assert all(hint.sure < SURE for hint in open_)


def test_doubtful_stretches_are_no_evidence_of_line_ends() -> None:
    plain = f"好。</p>\n他說{LOST}\n" * 5
    pairs = Counter(a + b for a, b in pairwise(plain))
    assert Ends(plain, Counter(plain), pairs).chars == ("0",)


@given(
    st.text("的一國中，。a1主啊\n?", max_size=3),
    st.lists(st.sampled_from(sorted(gbk().plain)), max_size=40),
)
def test_steps_taken_together_are_the_steps_one_by_one(before: str, chars: list[str]) -> None:
    assert load().steps(before, chars) == [load().step(before, char) for char in chars]


@given(st.text("的一國中，。a1主啊" + LOST, max_size=3))
def test_steps_of_a_page_taken_together_are_its_steps_one_by_one(before: str) -> None:
    page = Page(corruptor.damage(PAGE, corruptor.key_list(10)).text, lambda: True)
    chars = page.with_trail(0xA1)
    assert page.steps(before, chars) == [page.step(before, char) for char in chars]


def test_steps_remembered_from_pairs_that_show_nothing_are_the_steps_of_the_page() -> None:
    page, fresh = (
        Page(corruptor.damage(PAGE, corruptor.key_list(10)).text, lambda: True) for _ in "ab"
    )
    found = [hidden_runs(page, "因為", 0xCB, first) for first in (0xB5, 0xF1, 0xCD)]
    assert all(found) and len(page.known) > 20
    assert page.known == {key: fresh.step(key[:-1], key[-1]) for key in page.known}


def test_of_many_readings_of_what_shows_nothing_the_likeliest_is_found() -> None:
    made = corruptor.damage(PAGE + "<p>因为他偷偷打开训导处的门。</p>\n", corruptor.key_list())
    assert zhfix.fix(made.text, to="keep") == made.original
