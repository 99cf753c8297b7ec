"""Marks between telling neighbours: the engine finds the same without any help."""

from __future__ import annotations

import random
import sys
from importlib import import_module

import pytest

from zhfix.rules.pinyin import NOTE, NOTED
from zhfix.shapes import Shape, found_at, has_word, words_at

escape = import_module("zhfix.rules.escape")
gloss = import_module("zhfix.rules.gloss")
paired = import_module("zhfix.rules.paired_gloss")
protect = import_module("zhfix.protect")

SEARCHED = [
    (NOTE, (NOTED,)),
    (gloss._FUNCTION, (gloss._CALLED,)),
    (gloss._WORD, (gloss._OPEN,)),
    (paired._OTHER, (paired.PAIRED,)),
    (escape._SHAPE, escape._MARKED),
    (protect._CODE, protect._FENCES),
]
ALPHABET = "()（）區区qūaé1 &#%\\u=~`{u4e中\U00020000\ud800\n"
WORDS = ("://", "www.", "@", "-{", ",。", ")(", "~~~")


@pytest.mark.parametrize("size", [0, 50, 5_000])
@pytest.mark.parametrize("is_bulk", [False, True])
def test_the_same_matches_are_found_as_by_the_pattern_alone(
    size: int, is_bulk: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_bulk:
        pytest.importorskip("numpy")
    else:
        monkeypatch.setitem(sys.modules, "numpy", None)
    chance = random.Random(size)
    for _ in range(20):
        text = "".join(chance.choices(ALPHABET, k=size))
        for made, shapes in SEARCHED:
            found = [match.span() for match in found_at(made, text, *shapes)]
            assert found == [match.span() for match in made.finditer(text)]


@pytest.mark.parametrize("size", [3, 40, 5_000])
def test_words_are_found_where_they_stand(size: int) -> None:
    chance = random.Random(size)
    for _ in range(20):
        text = "".join(chance.choices(":/w.@-{,。()~好", k=size))
        for word in WORDS:
            want = [i for i in range(len(text)) if text.startswith(word, i)]
            assert has_word(text, word) == bool(want)
            if word != "~~~":  # it overlaps itself
                assert list(words_at(text, word)) == want


def test_nothing_stands_before_the_text_and_behind_it() -> None:
    pytest.importorskip("numpy")
    text = "(" + "a" * 5_000 + "("
    made = import_module("re").compile(r"\(")
    assert list(found_at(made, text, Shape("(", before="a-z", behind="a-z"))) == []
    assert [match.start() for match in found_at(made, text, Shape("(", behind="a-z"))] == [0]
    assert [match.start() for match in found_at(made, text, Shape("(", before="a-z"))] == [5_001]
