"""source="any": whichever way a text takes, each of its lines becomes what it would alone, given the script of most of
the text.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zhfix
from zhfix.convert import chain, engine, joined, lines, target, writer
from zhfix.convert.engine import chain_for
from zhfix.convert.lines import Plan, every_bits, line_majority, marked, marked_bits
from zhfix.convert.target import target_text, written
from zhfix.script import evidence

TARGETS = ["hans", "hant", "hant-tw", "hant-hk"]
# of one script, of both, of neither; what is to be weighed and what a region writes otherwise; strays; Cantonese; odd characters
PARTS = [
    *(
        "头发",
        "頭髮",
        "皇后",
        "你好",
        "\n",
        "\n",
        "只",
        "后面",
        "著",
        "为",
        "為",
        "abc",
        "\x00",
        "\U0001f600",
    ),
    *(
        "𬬻",
        "\ud83d",
        "\ude00",
        "裡",
        "裏",
        "\r\n",
        "系",
        "佢",
        "\uf90a",
        "\U0002f800",
        "。",
        "𨥈",
        "手表",
        "干",
    ),
    *(
        "天文台道",
        "稅",
        "税",
        "群",
        "羣",
        "戶",
        "說話",
        "说话",
        "乾",
        "台灣",
        "臺",
        "甚麼",
        "祇",
        "\x85",
        "\u2028",
        " ",
    ),
]
texts = st.lists(st.sampled_from(PARTS), max_size=14).map("".join)


def by_lines(text: str, to: str, untold: str) -> str:
    """What each line becomes alone, by the plain way, as docs/api.md has it."""
    parts = [line + "\n" for line in text.split("\n")]
    parts[-1] = parts[-1][:-1]
    sizes = {1: 0, 2: 0}
    for part in parts:
        if (bits := marked_bits(part, to)) in sizes:
            sizes[bits] += len(part)
    majority = "hans" if sizes[1] > sizes[2] else "hant"
    if sizes[1] == sizes[2]:
        majority = evidence(text.translate(lines.regional_forms(to))).majority
    plan = Plan(to, False, False, majority, untold)
    made = []
    for part in parts:
        action = plan.action(part, marked_bits(part, to)) if part else ""
        made.append(written(part, action, plan) if action else part)
    return "".join(made)


@contextmanager
def arrays_for_short_text(block: int = 7) -> Iterator[None]:
    """Every text goes to the arrays, in blocks of a few characters."""
    pytest.importorskip("numpy", reason="needs numpy: pip install 'zhfix[fast]'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(target, "_LONG", 0)
        patch.setattr(engine, "LONG", 0)
        patch.setattr(writer, "LONG", 0)
        patch.setattr(writer, "BUILD", 0)
        patch.setattr(chain, "BLOCK", block)
        yield


@contextmanager
def patterns_for_few_lines() -> Iterator[None]:
    """Lines are told apart by patterns, however few they are, and arrays are never used."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_MANY", 0)
        patch.setattr(writer, "LONG", 1 << 60)
        patch.setattr(engine, "LONG", 1 << 60)
        yield


@pytest.mark.parametrize("to", TARGETS)
@settings(max_examples=150, deadline=None)
@given(text=texts, untold=st.sampled_from(["", "hans"]), block=st.integers(1, 40))
def test_every_way_is_line_by_line(to: str, text: str, untold: str, block: int) -> None:
    want = by_lines(text, to, untold)
    got = target_text(text, to, untold=untold)
    assert got == want
    with patterns_for_few_lines():
        assert target_text(text, to, untold=untold) == want
    with arrays_for_short_text(block):
        got = target_text(text, to, untold=untold)
        assert got == want
        assert got is text or got != text


@pytest.mark.parametrize("to", TARGETS)
@settings(max_examples=80, deadline=None)
@given(given=st.lists(st.one_of(st.none(), texts), max_size=9), batch=st.integers(1, 5))
def test_many_are_each_alone(to: str, given: list[str | None], batch: int) -> None:
    want = [None if text is None else by_lines(text, to, "hans") for text in given]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joined, "_BATCH", batch)
        with patterns_for_few_lines():
            assert zhfix.convert_many(given, to) == want
        with arrays_for_short_text():
            got = zhfix.convert_many(given, to)
            assert got == want
            patch.setattr(joined, "_MOST", 9)
            assert zhfix.convert_many(given, to) == want
    for before, after in zip(given, got, strict=True):
        assert after is before or after != before


@pytest.mark.parametrize("to", TARGETS)
@settings(max_examples=80, deadline=None)
@given(text=texts)
def test_lines_are_weighed_alike(to: str, text: str) -> None:
    np = pytest.importorskip("numpy", reason="needs numpy: pip install 'zhfix[fast]'")
    from zhfix.convert.lines_bulk import HANS, HANT, Lines, line_runs, line_starts, telling
    from zhfix.convert.mend import Block

    every = [line + "\n" for line in text.split("\n")]
    block = Block.of("".join(every))
    starts = line_starts(block)
    bits = telling(to).line_bits(block, starts)
    found = Lines(starts, np.diff(starts, append=len(block.codes)), bits)
    names = {"hans": HANS, "hant": HANT, "shared": 0}
    plain = [marked_bits(line, to) for line in every]
    want = [
        each if each in (1, 2) else names[line_majority(line, to)]
        for line, each in zip(every, plain, strict=True)
    ]
    assert telling(to).scripts(block, found).tolist() == want
    assert [each & 3 for each in bits.tolist()] == [each & 3 for each in plain]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_MANY", 0)
        assert every_bits(every, to) == plain
    # lines longer than a block are not cut
    whole = line_runs(block.text, to)
    with arrays_for_short_text(1):
        assert line_runs(block.text, to) == whole


@settings(max_examples=200, deadline=None)
@given(text=st.one_of(texts, st.text(), st.text("\ud83d\ude00\0a好\U0001f600\U00020bb6")))
def test_text_as_code_points(text: str) -> None:
    np = pytest.importorskip("numpy", reason="needs numpy: pip install 'zhfix[fast]'")
    from zhfix.codes import codes_of, fold, text_of

    codes = codes_of(text)
    assert codes.tolist() == [*map(ord, text)]
    assert text_of(codes) == text
    units = np.empty(len(text), np.uint16)
    assert fold(codes, units).tolist() == [i for i, char in enumerate(text) if char > "\uffff"]
    firsts = [
        int.from_bytes(char.encode("utf-16-le", "surrogatepass")[:2], "little") for char in text
    ]
    assert units.tolist() == firsts


@pytest.mark.parametrize(
    ("text", "to", "want"),
    [
        # the first block is of one script, most of the text of the other: 手表 goes with most of it
        ("頭髮很長\n手表\n" + "头发变白了\n" * 9, "hant", "頭髮很長\n手錶\n" + "頭髮變白了\n" * 9),
        ("头发变白\n手表\n" + "頭髮很長了\n" * 9, "hant", "頭髮變白\n手表\n" + "頭髮很長了\n" * 9),
        ("手表\n\n皇后", "hant", "手錶\n\n皇后"),
        ("看著\n" + "說說話\n" * 5, "hans", "看着\n" + "说说话\n" * 5),
        ("看著\n" + "说说话\n" * 5, "hans", "看著\n" + "说说话\n" * 5),
        # a stray, and a line longer than a block that is weighed as one
        ("頭髮很长\n头发\n", "hant-tw", "頭髮很長\n頭髮\n"),
        ("頭髮很長。" * 42 + "头后面\n头\n", "hant", "頭髮很長。" * 42 + "頭后面\n頭\n"),
    ],
)
def test_the_script_of_most_lines(text: str, to: str, want: str) -> None:
    assert zhfix.convert(text, to) == want
    with arrays_for_short_text():
        assert zhfix.convert(text, to) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        # four characters of hans with the line end, three of hant; as many; more of hant
        ("头发变\n手表\n頭髮了", "頭髮變\n手錶\n頭髮了"),
        ("头发变\n手表\n頭髮了了", "頭髮變\n手錶\n頭髮了了"),
        ("头发变\n手表\n頭髮了了了", "頭髮變\n手表\n頭髮了了了"),
        ("手表\n頭髮\n头", "手表\n頭髮\n頭"),
    ],
)
def test_a_majority_of_one_character(text: str, want: str) -> None:
    for each in (text, text + "\n"):
        assert by_lines(each, "hant", "hans") == zhfix.convert(each, "hant")
    assert zhfix.convert(text, "hant") == want
    with arrays_for_short_text():
        assert zhfix.convert_many([text, "", text], "hant") == [want, "", want]


@pytest.mark.parametrize("to", TARGETS)
def test_what_stands_is_the_same_object(to: str) -> None:
    script = "头发变白\n" if to == "hans" else "頭髮變白\n"
    for text in ("", "\n", "\0\n\0", "abc\n" * 9, "\ud83d\n\ude00", script * 9, "你好\n" * 9):
        assert zhfix.convert(text, to) is text
        with arrays_for_short_text():
            assert zhfix.convert(text, to) is text
            assert all(map(lambda a, b: a is b, zhfix.convert_many([text] * 3, to), [text] * 3))


def test_one_pass_keeps_the_number_of_characters() -> None:
    for config in ("t2s", "s2tw", "s2hk", "t2tw", "t2hk"):
        made = chain_for(config)
        for step in filter(None, (made._segment, made._first, made._second)):
            for key, value in (*step.chars.items(), *step.phrases.items()):
                assert len(key) == len(value)


def test_marked_characters_beyond_the_bmp_are_where_patterns_look() -> None:
    far = [char for char in marked("hans") | marked("hant") if char > "\uffff"]
    assert far
    assert all("\U00020000" <= char <= "\U0003ffff" for char in far)


def test_threads_agree() -> None:
    text = "头发干净，皇后在后面\n頭髮乾淨，皇后在後面\n手表\n说說\n" * 4_000
    want = zhfix.convert(text, "hant-hk")
    got: list[str] = []

    def run() -> None:
        got.extend(zhfix.convert(text, "hant-hk") for _ in range(3))

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [want] * 18
