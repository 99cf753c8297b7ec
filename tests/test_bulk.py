"""What is read over arrays, or for many texts at once, says what each text by itself says."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zhfix
from zhfix.convert import suspects as suspected
from zhfix.convert import target as written
from zhfix.convert.suspects import suspects, suspects_each
from zhfix.mojibake.oddities import is_possible, possible_among
from zhfix.rules.stretches import both_among, can_differ, differ_among, has_both
from zhfix.script import evidence, evidences
from zhfix.shapes import Shape, found_at

CASES = Path(__file__).parent / "cases"
TEXTS = [
    json.loads(line)["text"]
    for name in ("synthetic", "negative", "wild")
    for line in (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
]
SHORT = [text for text in TEXTS if len(text) < 300]


@pytest.fixture
def _arrays() -> None:
    pytest.importorskip("numpy", reason="needs numpy: pip install 'zhfix[fast]'")


@given(st.text("(（a<b\n字", max_size=60), st.integers(0, 40))
def test_marks_find_what_the_engine_finds(text: str, n: int) -> None:
    text = "好" * n + text + "好" * n
    for shape in (r"[(（][ab]*", r"[(（](?<=字[(（])", r"[(（].?[(（]"):
        made = re.compile(shape)
        found = [match.span() for match in found_at(made, text, Shape("(（"))]
        assert found == [match.span() for match in made.finditer(text)]


@pytest.mark.usefixtures("_arrays")
@given(
    st.text("头頭发發的𠀀𪮳\ud800a\n", min_size=2_000, max_size=2_200),
    st.lists(st.integers(0, 2_000), min_size=16, max_size=40, unique=True),
)
def test_evidence_of_spans_is_that_of_each(text: str, cuts: list[int]) -> None:
    spans = list(pairwise(sorted(cuts)))
    for some in (spans, spans[::2], spans[::5]):
        assert evidences(text, some) == [evidence(text[a:b]) for a, b in some]


@pytest.mark.usefixtures("_arrays")
def test_suspects_of_many_texts_are_those_of_each() -> None:
    rng = random.Random(7)
    known = "".join(TEXTS)
    strange = ["".join(rng.choices(known, k=30)) for _ in range(200)]
    texts = [*SHORT, *strange, "", "\n", "後𠀀後", "頭\ud800發"]
    assert suspects_each(texts) == [suspects(text) for text in texts]


@given(
    st.lists(
        st.sampled_from(
            [
                "皇后的面前",
                "公里之后",
                "范先生",
                "頭髮",
                "头发",
                "我睡不著",
                "你好",
                "说",
                "於",
                "里",
                "\n",
            ]
        ),
        max_size=40,
    ).map("".join),
    st.sampled_from(["hans", "hant"]),
    st.sampled_from(["", "hans"]),
)
def test_lines_weighed_together_are_those_read_one_by_one(text: str, to: str, untold: str) -> None:
    for some in (text, text * 9):
        made = written.target_text(some, to, untold=untold)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(written, "_is_doubtful", lambda *_: True)
            assert written.target_text(some, to, untold=untold) == made


@pytest.mark.usefixtures("_arrays")
def test_what_neighbours_settle_is_no_suspect() -> None:
    import numpy as np

    from zhfix.codes import FAR, codes
    from zhfix.convert.margins import is_settled as by_pairs
    from zhfix.convert.margins_bulk import Margins

    rng = random.Random(9)
    forms = suspected._pattern().pattern[1:-1]
    contested = [form for form in forms if suspected.contest_of(form).is_open]
    told = [row.replace("[", "").replace("]", "") for row in suspected.hand_rows()]
    beside = [*"\n，。1aＡ台里𠀀", *"".join(TEXTS[::20]), *"".join(told)]
    places = [
        rng.choice(beside) + form + rng.choice(beside)
        for form in (*forms, *contested * 40, *suspected.hand_characters())
    ]
    places += (
        "".join((rng.choice(beside), *row, rng.choice(beside)))[i : i + 3]
        for row in told
        for i in range(len(row))
    )
    margins = Margins()
    n_settled = 0
    for place in places:
        units = codes(place).units
        first = np.zeros(1, np.int64)
        if FAR not in units and not len(margins.open_among(units, units[1:2], first)):
            n_settled += 1
            assert not suspected._is_suspect(place), place
        assert not (by_pairs(place) and suspected._is_suspect(place)), place
    assert n_settled > len(places) / 5


@pytest.mark.usefixtures("_arrays")
def test_triggers_of_many_texts_are_those_of_each() -> None:
    texts = [*SHORT, "", "\n", "𪮳頭", "ab"]
    assert both_among(texts) == [has_both(text) for text in texts]
    assert differ_among(texts) == [can_differ(text) for text in texts]
    assert possible_among(texts) == [is_possible(text) for text in texts]


@pytest.mark.parametrize("to", ["auto", "hans", "hant", "hant-hk", "keep"])
def test_many_strings_come_out_as_each_would(to: str) -> None:
    fixer = zhfix.Fixer(to)
    pieces = [text[at : at + 30] for text in SHORT[:80] for at in range(0, len(text), 30)]
    for texts in (SHORT[::6], pieces):
        assert fixer.fix_many(texts) == [fixer.fix(text) for text in texts]


def test_numpy_is_loaded_by_a_long_stream_and_not_before() -> None:
    pytest.importorskip("numpy", reason="needs numpy: pip install 'zhfix[fast]'")
    run = (
        "import sys, zhfix; fixer = zhfix.Fixer(); line = '今天天气很好，我们去公园玩。\\n' * 1000;"
        "fixer.fix(line); before = 'numpy' in sys.modules;"
        "[fixer.fix(line) for _ in range(80)]; print(before, 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
