"""Bytes to text: marks, hints, declarations, guesses, damage, and wrong arguments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zhfix

TEXT = "质量发展大会在广州市番禺区召开，深入学习重要讲话精神。"
HANT = "質量發展大會在廣州市番禺區召開，深入學習重要講話精神。"


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (TEXT.encode(), "utf-8", TEXT),
        (b"", "ascii", ""),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8-sig", TEXT),
        (TEXT.encode("utf-16"), "utf-16", TEXT),
        (TEXT.encode("gb18030"), "gb18030", TEXT),
        (HANT.encode("big5"), "big5", HANT),
        (
            b'<meta charset="gb2312">' + "镕基".encode("gbk"),
            "gb18030",
            '<meta charset="gb2312">镕基',
        ),
    ],
)
def test_decode(data: bytes, encoding: str, text: str) -> None:
    decoded = zhfix.decode(data)
    assert (decoded.text, decoded.encoding, decoded.errors) == (text, encoding, ())
    assert decoded.confidence > 0.5


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("揾，機場", "big5hkscs"),  # a first character that only Hong Kong has is no cut one
        ("哋友幫我", "big5hkscs"),
        ("㧟不喜欢", "gb18030"),  # four bytes, two of which look like digits
        ("苏㭎尔语", "gb18030"),
        ("登登登起", "gb18030"),
    ],
)
def test_rare_characters_tell_their_encoding(text: str, encoding: str) -> None:
    assert zhfix.decode(text.encode(encoding)).text == text


def test_an_overwritten_byte_costs_one_character() -> None:
    data = bytearray(TEXT.encode("gb18030"))
    data[20] = 0xFF
    assert zhfix.decode(bytes(data)).text == TEXT[:10] + "\ufffd" + TEXT[11:]


def test_latin_letters_are_no_broken_utf8() -> None:
    assert zhfix.decode("l’été déjà passé, là-bas".encode("cp1252")).encoding == "windows-1252"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("δεν είναι δυνατή η ροή δεδομένων", "cp1253"),
        ("ไม่สามารถเปิดแฟ้มข้อมูลนี้ได้", "cp874"),
        ("הפקודה לא נמצאה במערכת", "cp1255"),
        ("فشلت كتابة البيانات إلى الملف", "cp1256"),
        ("WARC çıktısı için dosya adı girilmedi", "cp1254"),
        ("Se il file non è specificato, così può già bastare", "cp1252"),
        ("Uso: %s [OPÇÃO]... ARQUIVO", "cp1252"),
        ("                         nazwa użytkownika", "cp1250"),
        ("Dólar guayanés", "cp1252"),
        ("Не удалось открыть файл", "koi8_r"),
        ("ファイルを開けません", "shift_jis"),
        ("파일을 열 수 없습니다", "euc_kr"),
    ],
)
def test_other_languages_are_not_garbled(text: str, encoding: str) -> None:
    assert zhfix.decode(text.encode(encoding)).text == text


def test_hint_is_taken_when_it_fits() -> None:
    assert zhfix.decode("好".encode("gbk"), hint="GB2312")[:2] == ("好", "gb18030")
    assert zhfix.decode(TEXT.encode(), hint="big5").text != ""


def test_a_bad_byte_is_counted_not_fatal() -> None:
    decoded = zhfix.decode(TEXT.encode("gb18030") + b"\xff" + TEXT.encode("gb18030"))
    assert len(decoded.errors) >= 1 and "广州市番禺区" in decoded.text


@given(data=st.binary(max_size=80))
def test_any_bytes_decode(data: bytes) -> None:
    decoded = zhfix.decode(data)
    assert all(0 <= at <= len(data) for at in decoded.errors) and 0 <= decoded.confidence <= 1


def test_wrong_arguments() -> None:
    with pytest.raises(zhfix.DecodeError, match="try utf-8"):
        zhfix.decode(b"a", hint="utf-9")
    with pytest.raises(TypeError, match="bytes"):
        zhfix.decode("文")  # type: ignore[arg-type]


def test_fixer_decodes_and_repairs() -> None:
    assert zhfix.Fixer("hans").decode("區(qū)".encode()).text == "区"


def test_fix_bytes() -> None:
    assert zhfix.Fixer("hans").fix_bytes("區(qū)發(fā)展".encode("gb18030")) == "区发展"


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs", "utf-8", "utf-16-le"])
@pytest.mark.parametrize("text", ["廣州市的經濟發展計畫在今天公布了"])
def test_a_few_characters_are_enough(encoding: str, text: str) -> None:
    assert zhfix.decode(text.encode(encoding)).text == text
