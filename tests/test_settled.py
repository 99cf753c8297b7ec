"""The short ways through sound Traditional text say what the long ones say."""

from __future__ import annotations

import random
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import zhfix
from zhfix import gate, rounds
from zhfix.convert import clauses, margins, suspects
from zhfix.many import repaired_many
from zhfix.options import Options
from zhfix.report import counts
from zhfix.rounds import LIKELY

FORMS = "後后裡里裏面麵隻只有發髮頭干乾部係系於于了瞭才纔制製台臺"
BESIDE = "皇的頭很長太一是關計家\n，。a1か𠀀\ud800國囯说說"
SOUND = ("皇后在後面說話，關係很好。", "這裡的頭髮很長，只有他知道。", "台灣的發展計畫\n")
WORDS = [
    "皇後",
    "聲明瞭",
    "头发",
    "着名",
    "姓于的",
    "「后」",
    "係唔係",
    "www.a.tw",
    "?",
    "-{后}-",
    "爲",
]
PARTS = st.sampled_from([*FORMS, *BESIDE, *SOUND, *WORDS])
TEXT = st.lists(PARTS, min_size=1, max_size=40).map("".join)


@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text goes through the gate, the first ones of a process too."""
    monkeypatch.setattr(gate, "_BUILD", 0)


@given(st.tuples(st.sampled_from(BESIDE + FORMS), st.sampled_from(FORMS), st.sampled_from(BESIDE)))
def test_what_both_neighbours_settle_is_no_suspect(place: tuple[str, str, str]) -> None:
    if margins.is_settled("".join(place)):
        assert not suspects._is_suspect("".join(place))


def test_most_sound_places_are_settled_and_no_wrong_one() -> None:
    told = [margins.is_settled(text[i : i + 3]) for text in SOUND for i in range(len(text) - 2)]
    assert sum(told) > len(told) / 2
    assert not any(map(margins.is_settled, ("皇後的", "頭發很", "聲明瞭"[1:] + "一", "的乾部")))


@given(st.lists(TEXT, max_size=6))
def test_suspects_of_many_are_those_of_each(texts: list[str]) -> None:
    each = {i: found for i, text in enumerate(texts) if (found := suspects.suspects(text).spots)}
    assert suspects.spots_among(texts) == each


@pytest.mark.skipif(not find_spec("numpy"), reason="numpy is not installed")
@given(TEXT)
def test_clauses_are_the_same_over_arrays(text: str) -> None:
    from zhfix.convert.clauses_bulk import clause_bounds

    for at, (start, end) in enumerate(clause_bounds(text, range(len(text)))):
        assert not end or (start, end) == clauses._clause(text, at)


@pytest.mark.usefixtures("_at_once")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXT)
def test_detect_counts_what_is_likely_among_all_that_is_found(text: str) -> None:
    repair = zhfix.Fixer("keep").explain(text)
    kinds = set(rounds.RULES)
    found = [edit for edit in (*repair.edits, *repair.hints) if edit.rule in kinds]
    assert zhfix.detect(text).damage == counts(edit for edit in found if edit.sure >= LIKELY)
    assert zhfix.detect(text) == repair.report


@pytest.mark.usefixtures("_at_once")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXT, st.sampled_from(["auto", "keep", "hans", "hant", "hant-hk"]))
def test_settled_text_is_what_all_rounds_make_of_it(text: str, to: str) -> None:
    fixer = zhfix.Fixer(to)
    short = fixer.explain(text), fixer.fix(text), repaired_many([text, SOUND[0]], fixer.options)[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounds, "is_settled", lambda *_: False)
        assert (fixer.explain(text), fixer.fix(text), fixer.fix(text)) == short


@pytest.mark.usefixtures("_at_once")
def test_sound_text_comes_back_as_the_same_object() -> None:
    text = "".join(SOUND) * 30
    rng = random.Random(1)
    for _ in range(20):
        part = text[rng.randrange(300) :]
        assert zhfix.fix(part) is part
        assert repaired_many([part, part[:40]], Options.of("auto"))[0] is part
