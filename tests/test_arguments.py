"""The command line read without argparse, and patterns compiled with less work: the same as with all of it."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zhfix import arguments, pattern
from zhfix.flags import FLAGS
from zhfix.parser import parser

WORDS = ["a.txt", "-", "hans", "keep", "0.9", "-1", "", "--", "软件=軟體", "--to=hant", "-j2", "-ri", "--no-such", "@x", "a b"]  # fmt: skip
NAMES = [name for flag in FLAGS for name in flag.names] + ["--help", "-h"]
ARGV = st.lists(st.sampled_from(NAMES + WORDS * 3), max_size=6)


@given(ARGV)
@example(["a.txt", "-t", "hans", "b.txt"])
@example(["-t"])
@example(["--color", "red"])
@example(["--word", "a=b", "--word", "c=d", "-t", "s", "-t", "t"])
def test_what_is_plain_is_what_argparse_reads(argv: list[str]) -> None:
    plain = arguments._plain(argv)
    if plain is None:
        return  # argparse reads it
    assert plain == vars(parser().parse_intermixed_args(argv))


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["--no-config"],
        ["-t", "hans", "-j", "2", "a", "b"],
        ["a", "-q", "b"],
        ["-i", "a.txt"],
        ["-"],
    ],
)
def test_a_plain_line_is_read_without_argparse(argv: list[str]) -> None:
    assert arguments._plain(argv) is not None


@pytest.mark.parametrize(
    "argv",
    [
        *(["a", "-q", "b"], ["a", "--to=hans", "b"], ["a", "-qr", "--", "b"], ["-qr", "a", "b"]),
        *(["-q", "--", "a", "b"], ["--to=hans", "--", "a", "b"], ["-qr", "a", "--", "b"]),
    ],
)
def test_files_may_stand_among_the_flags(argv: list[str]) -> None:
    args = arguments.given(argv)
    assert args.files == ["a", "b"] and (args.quiet or args.to == "hans")


@pytest.mark.parametrize("flags", [["-q"], ["-qr"], []])
def test_names_behind_two_dashes(flags: list[str]) -> None:
    assert arguments.given([*flags, "--", "-weird.txt", "--", "-q"]).files == [
        "-weird.txt",
        "--",
        "-q",
    ]


def test_repeated_values_are_not_shared() -> None:
    first, second = arguments.given(["--word", "a=b"]), arguments.given([])
    assert (first.word, second.word, first.column) == (["a=b"], [], [])


CLASSES = [
    "[㐀-鿿]", "[㐀-鿿〇豈-﫿𠀀-𳑿]", "[^㐀-鿿〇豈-﫿𠀀-𳑿]", r"[\s　，。！？；：、\u3400-\u9fff]", r"[^\W㐀-鿿]", "[!-\U0010ffff]",
    "[āáǎàēéěèīíǐìōóǒòūúǔùa-z]", "[^āáǎàēéěèīíǐìōóǒòūúǔùa-z𠮷]", "[\ud800-\udfff一-鿿]", "[^\0-\uffff]", r"[\d一-龥-]",
]  # fmt: skip


@pytest.mark.parametrize("written", CLASSES)
def test_a_class_holds_the_same_characters(written: str) -> None:
    every = "".join(map(chr, range(0x20000))) + "\U00020000\U00033fff\U00034000\U0010ffff"
    for flags in (0, re.IGNORECASE, re.ASCII):
        assert pattern.pattern(written, flags).findall(every) == re.findall(written, every, flags)


WRITTEN = [
    r"(?P<han>[㐀-鿿〇豈-﫿𠀀-𳑿])\((?P<pinyin>[a-zāáǎàēéěèīíǐì]{1,6})\)",
    r"[(（](?<=(?P<han>[㐀-鿿〇豈-﫿])[(（])(?P<other>[㐀-鿿])[)）]|x(?![一-鿿])y*?",
    r"(?:[一-鿿]{2,}|(a))(?(1)[㐀-鿿]|[^㐀-鿿])",
    r"(?s:.[一-鿿])+(?#[一-鿿])",
    r"(?i:[a一-鿿])b|^[㐀-鿿]|[一-鿿]$",
]


@given(st.text("一二(（)）abāǎxy〇\n", max_size=12))
def test_a_pattern_finds_the_same(text: str) -> None:
    for written in WRITTEN:
        ours = [(m.span(), m.groups()) for m in pattern.pattern(written).finditer(text)]
        assert ours == [(m.span(), m.groups()) for m in re.finditer(written, text)]


def test_without_the_inside_of_re_patterns_are_compiled_as_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(re, "_constants", raising=False)
    monkeypatch.setitem(sys.modules, "re._constants", None)
    assert pattern.pattern("[㐀-鿿]+").findall("a一二b") == ["一二"]


def test_errors_are_those_of_re() -> None:
    with pytest.raises(re.error):
        pattern.pattern("[一-鿿").search("")
