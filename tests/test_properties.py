"""What holds for any text: nothing raises, repairs are idempotent, spans rebuild the output, pieces
equal the whole.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zhfix
from zhfix import blocks, protect, script
from zhfix.options import TARGETS
from zhfix.report import Edit, apply, compose
from zhfix.rules import RULES

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
# lone surrogates included
ANY = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)
PARTS = st.sampled_from(
    [
        *(
            "區(qū)",
            "發(fā)",
            "經(jīng)濟(jì)",
            "学",
            "學(xué)習(xí)",
            "“",
            "”",
            '"',
            "(",
            "）",
            "头发",
            "頭髮",
        ),
        *(
            "后",
            "著",
            "\n",
            "の",
            "は",
            "<b>",
            "`",
            "https://a.cn/發",
            "a",
            " ",
            "，",
            "。",
            "長(zhǎng)",
        ),
        *("我(wǒ)", "区(區)", "\ud83d", "𠀀"),
    ]
)
DAMAGED = st.lists(PARTS, max_size=25).map("".join)
TEXT = st.one_of(ANY, DAMAGED)


@given(text=TEXT, to=st.sampled_from(TARGETS))
def test_spans_rebuild_the_output(text: str, to: str) -> None:
    repair = zhfix.explain(text, to=to)
    out, done = "", 0
    for edit in repair.edits:
        assert done <= edit.start <= edit.end <= len(text)
        assert text[edit.start : edit.end] == edit.before
        out += text[done : edit.start] + edit.after
        done = edit.end
    assert out + text[done:] == repair.text == zhfix.fix(text, to=to)
    assert all(hint.before == text[hint.start : hint.end] for hint in repair.hints)
    for i in range(len(repair.text) + 1):
        assert 0 <= repair.to_input(i) <= len(text)
    repair.to_json().encode("utf-8")
    assert repr(repair) and repair._repr_html_()


@given(text=TEXT, to=st.sampled_from(TARGETS))
def test_idempotent(text: str, to: str) -> None:
    fixed = zhfix.fix(text, to=to)
    assert zhfix.fix(fixed, to=to) == fixed


@given(text=st.text(alphabet=st.characters(max_codepoint=0x2FF), max_size=60))
def test_text_without_chinese_is_the_same_object(text: str) -> None:
    assert zhfix.fix(text) is text


@given(text=TEXT)
def test_detect_changes_nothing_and_agrees_with_explain(text: str) -> None:
    report = zhfix.detect(text)
    assert report.verdict in ("hans", "hant", "mixed", "shared", "none")
    assert 0 <= report.mixed_share <= 0.5
    assert 0 <= report.confidence <= 1
    assert report == zhfix.explain(text, to="keep").report


@given(
    texts=st.lists(st.one_of(st.none(), TEXT), max_size=8),
    to=st.sampled_from(TARGETS),
    options=st.sampled_from(
        [
            {},
            {"sure": 0.3},
            {"sure": 0.97},
            {"punctuation": "target"},
            {"user_words": {"学": "学習"}},
        ]
    ),
)
def test_fix_many_equals_fix(texts: list[str | None], to: str, options: dict[str, object]) -> None:
    fixer = zhfix.Fixer(to, **options)
    assert fixer.fix_many(texts) == [None if text is None else fixer.fix(text) for text in texts]


def test_fix_many_equals_fix_on_many() -> None:
    lines = [text for path in SEEDS for text in path.read_text(encoding="utf-8").splitlines()]
    texts = [line[i : i + 30] for line in lines for i in range(0, len(line), 30)] * 3
    assert len("".join(texts)) > 30_000
    for to in TARGETS:
        fixer = zhfix.Fixer(to)
        assert fixer.fix_many(texts) == [fixer.fix(text) for text in texts]


@given(text=TEXT, other=TEXT, name=st.sampled_from(list(RULES)))
def test_a_rule_without_work_in_lines_has_none_in_one_of_them(
    text: str, other: str, name: str
) -> None:
    rule = RULES[name]
    if rule.is_triggered(text):
        assert rule.is_triggered(f"{text}\n{other}")
        assert rule.is_triggered(f"{other}\n{text}")


@given(text=DAMAGED)
def test_a_pickled_fixer_does_the_same(text: str) -> None:
    fixer = zhfix.Fixer("hant", skip=["quote"], user_words={"软件": "軟體"}, protect=["x+", (0, 2)])
    for other in (pickle.loads(pickle.dumps(fixer)), copy.deepcopy(fixer), copy.copy(fixer)):
        assert other == fixer and hash(other) == hash(fixer)
        assert other.fix(text) == fixer.fix(text)


def test_threads_give_the_same_result(seeds: dict[str, str]) -> None:
    fixer = zhfix.Fixer("hans")
    want = [fixer.fix(text) for text in seeds.values()]
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(fixer.fix, list(seeds.values()) * 8))
    assert got == want * 8


def test_a_fixer_does_not_change() -> None:
    fixer = zhfix.Fixer()
    with pytest.raises(AttributeError, match="make a new one"):
        fixer.options = zhfix.Options()  # type: ignore[misc]


def test_long_text_is_repaired_in_blocks(
    seeds: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = seeds["001"] + "\n"
    whole = page * (blocks.BLOCK // len(page) + 2)
    fixer = zhfix.Fixer("hans")
    assert fixer.fix(whole) == fixer.fix(page) * (len(whole) // len(page))
    assert "".join(fixer.fix_lines(blocks.lines(whole))) == fixer.fix(whole)
    repair = fixer.explain(whole)
    assert apply(whole, repair.edits) == repair.text == fixer.fix(whole)


@given(
    source=st.text(alphabet="abcdefgh", min_size=1, max_size=12),
    data=st.data(),
)
def test_compose_is_one_edit_after_the_other(source: str, data: st.DataObject) -> None:
    first = data.draw(_edits(source))
    middle = apply(source, first)
    second = data.draw(_edits(middle))
    both = compose(source, first, middle, second)
    assert apply(source, both) == apply(middle, second)
    assert all(source[edit.start : edit.end] == edit.before for edit in both)


@st.composite
def _edits(draw: st.DrawFn, text: str) -> list[Edit]:
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    edits = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        after = draw(st.text(alphabet="XYZ", max_size=3))
        if after != text[start:end]:
            edits.append(Edit(start, end, text[start:end], after, "r", 0.9, "w"))
    return edits


@given(
    sizes=st.lists(st.sampled_from([0, 1, 60, 199, 200, 201, 4_999, 5_000, 5_001]), max_size=12),
    ends=st.lists(st.sampled_from(["\n", "，", "好\n"]), min_size=12, max_size=12),
)
def test_blocks_of_a_string_are_those_of_a_stream(sizes: list[int], ends: list[str]) -> None:
    text = "".join("好" * n + end for n, end in zip(sizes, ends, strict=False))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", 200)
        patch.setattr(blocks, "LONGEST_LINE", 5_000)
        whole = [text] if 0 < len(text) <= 200 else list(blocks.gathered(blocks.lines(text)))
        assert list(blocks.blocks(text)) == whole


@given(st.lists(st.sampled_from(
    ["http", "https", "ftp", "://", "www.", "@", ".", "a", "b1", "中", "發", "/", "=", "?", " ", "-", "，"]
), max_size=14).map("".join))  # fmt: skip
def test_addresses_are_found_from_their_marks(text: str) -> None:
    if "www." not in text:  # a local part that holds www. is cut there
        tried = [match.span() for match in protect._ADDRESS.finditer(text)]
        assert list(protect._addresses(text)) == tried


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_characters_are_counted_alike_over_arrays(text: str) -> None:
    classes = pytest.importorskip("zhfix.classes_bulk")
    for chars in (script.kana(), frozenset("好\ud800\uffff\U00020000"), frozenset("a")):
        assert classes.meets(text, chars) == (not chars.isdisjoint(text))
    counts = pytest.importorskip("zhfix.counts_bulk")
    assert counts.characters(text) == set(text)
    assert counts.evidence(text, script._STRAY_SHORT, script.MARK) == script._counted(
        script._told(text)
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: zhfix.Fixer().fix_many("发展"), "fix_many takes a list of strings, not str"),
        (lambda: zhfix.Fixer().fix_many(None), "fix_many takes a list of strings, not NoneType"),
        (lambda: zhfix.convert_many("发展", "hant"), "convert_many takes a list of strings"),
        (lambda: list(zhfix.Fixer().fix_lines(None)), "fix_lines takes lines, not NoneType"),
        (lambda: list(zhfix.Fixer().fix_lines("发")), "fix_lines takes lines, not str"),
        (lambda: zhfix.Fixer().fix("发", after="发"), "after is the report of an earlier repair"),
        (lambda: zhfix.decode(b"a", hint=1), "hint is the name of an encoding, not int"),
        (lambda: zhfix.Fixer.from_dict(None), "options are a mapping of names to values"),
    ],
)
def test_a_wrong_type_is_told(call: Callable[[], object], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        call()


def test_a_wrong_option_is_told() -> None:
    for wrong in ({1: 2}, {"user-words": [1]}):
        with pytest.raises(zhfix.OptionError):
            zhfix.Fixer.from_dict(wrong)


REPEATED = (
    "後裡",
    "皇後",
    "发發",
    "乾干",
    "以着称",
    "头發",
    "裡",
    "着着",
    "區(qū)",
    "壹",
    "冇有",
    "処躰",
    "Ä",
    "浣",
    "\ufffd中",
    "の",
    "(s)",
)


@pytest.mark.parametrize("to", ["auto", "hans", "hant"])
@pytest.mark.parametrize("unit", REPEATED)
def test_a_unit_that_never_ends_is_read_once(unit: str, to: str) -> None:
    text = unit * (900 // len(unit))  # farther than any rule looks around a place
    out = zhfix.fix(text, to=to)
    assert zhfix.fix(out, to=to) == out
    assert zhfix.explain(text, to=to).text == out
