"""Wrong code pages: the prefilter asks the same with and without numpy, and clears clean text."""

from __future__ import annotations

import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zhfix
from zhfix.mojibake import codepages
from zhfix.mojibake.codepages import decode, encode, twins
from zhfix.mojibake.oddities import hits, specs
from zhfix.mojibake.prefilter import lines
from zhfix.mojibake.search import repairs

CLEAN = (
    "四乡镇的水患地区大部份与北港溪水位暴涨有关,包括斗南镇新仑里港墘地区、大埤乡怡然地区",
    "于是所罗门王差遣耶何耶大的儿子比拿雅，将亚多尼雅杀死。",
    "拉麦生挪亚；挪亚生闪、含、雅弗。摩押的灾殃临近；她的苦难速速来到。",
    "一簇簇来自中国的礼花腾空怒放,姹紫嫣红,辉映著凡尔赛宫的夜空。",
    "雅弗的兒子是歌篾、瑪各、瑪代、雅完、土巴、米設、提拉。",
    "嗱，剛才呢，個個會議進程呢，係非常之好嘅……——佢未完個……",
    "«Привет», — сказал он. «Как дела?» Zwölf »Äpfel« für Öl, créée à l’été…",
    "젯밥에 관심이 많은 겟아웃, 깁스 뜀박질 얕은 물",
)
FIELDS = (  # text, its code page, the wrong one: no byte is lost
    *(
        ("天气预报说明天有大雨", "utf-8", w)
        for w in ("cp936", "windows-1252", "mac_roman", "latin-1")
    ),
    *(("如果只是一个传说", "gb18030", w) for w in ("cp950", "euc_jp", "latin-1", "koi8_r")),
    *(("如果只是一個傳說", "big5", w) for w in ("cp936", "latin-1", "cp437")),
)
SOUND = "我们今天讨论这个问题，{}，大家有什么意见？"


def test_the_scan_over_arrays_finds_the_same_places() -> None:
    pytest.importorskip("numpy")
    from zhfix.mojibake.scan_bulk import found

    classes = specs()
    pairs = (*classes[1], *classes[2])
    telling = classes[0] + classes[3] + "".join(one + two for one, two in pairs)
    for at in range(0, len(telling), 500):
        text = telling[at : at + 500] + "好"
        assert list(found(text)) == list(hits(text))


@given(text=st.text(alphabet=st.characters(exclude_categories=()), max_size=80))
def test_the_scan_over_arrays_finds_the_same_places_in_any_text(text: str) -> None:
    pytest.importorskip("numpy")
    from zhfix.mojibake.scan_bulk import found

    assert list(found(text)) == list(hits(text))


BYTES = ("gbk", "big5", "cp932", "euc_jp", "cp949", "latin-1", "cp1252", "cp1251", "utf-8")


def _misread(text: str, right: str, wrong: str) -> str:
    return text.encode(right, "ignore").decode(wrong, "replace")


@given(
    text=st.one_of(
        st.text(alphabet=st.characters(exclude_categories=()), max_size=40),
        st.builds(
            _misread,
            st.text(alphabet="你好，世界这个問題圈子賸…—?\n A", max_size=12),
            *(st.sampled_from(BYTES),) * 2,
        ),
    )
)
def test_the_second_question_over_arrays_never_says_no_where_it_is_yes(text: str) -> None:
    pytest.importorskip("numpy")
    from zhfix.mojibake.pairs_bulk import likely
    from zhfix.mojibake.prefilter import begins

    places = list(hits(text))
    every = places * (1000 // max(1, len(places)) + 24)  # so many are worth the arrays
    left = set(likely(text, every))
    assert set(begins(text, places)) <= left <= set(places)


def test_the_second_question_over_arrays_clears_most_rare_names() -> None:
    pytest.importorskip("numpy")
    from zhfix.mojibake.pairs_bulk import likely

    text = "拉麦生挪亚；挪亚生闪、含、雅弗。一簇簇来自中国的礼花腾空怒放……姹紫嫣红——" * 400
    places = list(hits(text))
    assert len(places) > 1000
    assert not likely(text, places)


@pytest.mark.parametrize(
    "text",
    [
        "I direktivnummer %u er ikkje Â«%sÂ» etterfÃ¸lgt av eit komma.",  # as a .mo of today has it
        "-f ficheru-guiÃ³n, --file=ficheru-guiÃ³n",
        "«source_version» har ei ugyldig plassering",
        "ÃƒÂ©tÃƒÂ©",
    ],
)
def test_other_languages_never_become_chinese(text: str) -> None:
    out = zhfix.fix(text, "keep")
    assert not any(c >= "\u2e80" for c in out)
    assert "«" in out or "Â«" not in text


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_is_not_searched(text: str) -> None:
    assert list(lines(text)) == []


@pytest.mark.parametrize(("piece", "right", "wrong"), FIELDS)
def test_a_field_inside_good_text(piece: str, right: str, wrong: str) -> None:
    text = SOUND.format(decode(encode(piece, right), wrong))
    (edit,) = [e for e in repairs(text) if e.before != e.after]
    assert text[: edit.start] + edit.after + text[edit.end :] == SOUND.format(piece)
    assert edit.sure >= 0.9


def test_an_endless_line_is_repaired_where_it_is_damaged() -> None:
    sound = "今天天气很好，我们去公园玩。"
    shown = "浣犲ソ锛屼笘鐣岋紒"
    for before, between, after in ((700, 900, 700), (0, 40, 900), (900, 300, 0), (400, 30, 400)):
        text = sound * before + shown + sound * between + shown * 40 + sound * after
        want = text.replace(shown, "你好，世界！")
        assert zhfix.fix(text) == want
        assert zhfix.fix(want) is want


LOST = "天气预报说明天有大雨，请大家出门时带上雨伞，路上注意安全。"


@pytest.mark.parametrize("codec", ["gbk", "gb18030"])
def test_lost_bytes_are_filled_or_stay_marks(codec: str) -> None:
    made = LOST.encode().decode(codec, "replace")
    out = zhfix.fix(made, to="keep")
    assert len(out) == len(LOST)
    assert all(one in (two, "\ufffd") for one, two in zip(out, LOST, strict=True))
    assert out.count("\ufffd") * 10 < len(LOST)


def test_a_short_line_is_marked_only_beside_others() -> None:
    lines_of = ["目录结构说明如下", "配置文件的位置", "数据库连接参数", "独立的客户端"]
    made = [line.encode().decode("gbk", "replace") for line in lines_of]
    alone = zhfix.fix(made[3], to="keep")
    together = zhfix.fix("\n".join(made), to="keep").split("\n")
    assert alone in (made[3], lines_of[3])
    assert all(
        len(one) == len(two) and sum(a != b for a, b in zip(one, two, strict=True)) <= 1
        for one, two in zip(together, lines_of, strict=True)
    )


def test_many_lines_of_one_mark_are_all_read() -> None:
    mark = "，".encode().decode("cp1252")
    assert zhfix.fix(f"{mark}\n" * 60, to="keep") == "，\n" * 60


def test_a_hint_is_given_once() -> None:
    names = ("мУп║цВ", "юНдх", "уен╟", "е╥яТпч", "Ёбк╪т╤", "аУяС", "утцТ")
    hints = zhfix.explain("\n".join(f"{i},{name}" for i, name in enumerate(names)), "keep").hints
    assert hints
    assert len({(hint.start, hint.end, hint.after) for hint in hints}) == len(hints)


SOUND_LINES = (
    "Café;Ñandú;10 €",
    "鮟鱇 鯧魚 鱸",
    "Łódź, Gdańsk",
    "▲ 1.5% ▼ 2.3%",
    "«Où êtes-vous ?»",
)


@pytest.mark.parametrize("chain", FIELDS, ids=str)
def test_a_column_of_names_comes_back_and_sound_lines_in_it_stay(
    chain: tuple[str, str, str],
) -> None:
    _, right, wrong = chain
    made, want = [], []
    for name in (
        "王小明",
        "歐陽修",
        "司馬光",
        "周杰倫",
        "林志玲",
        "登入成功",
        "資料庫連線失敗",
    ) * 3:
        with suppress(UnicodeError):  # what loses bytes is for the tests above
            made.append(f"7;{decode(encode(name, right), wrong)};F")
            want.append(f"7;{name};F")
    sound = [f"7;{line}" for line in SOUND_LINES * 5]
    text = [line for pair in zip(made, sound, strict=False) for line in pair]
    out = zhfix.fix("\n".join(text), to="keep").split("\n")
    assert out[1::2] == text[1::2]
    assert all(a in (b, c) for a, b, c in zip(out[::2], want, made, strict=True))
    assert sum(a == b for a, b in zip(out[::2], want, strict=True)) * 4 >= len(want) * 3


@pytest.mark.parametrize(
    "piece",
    ["‚Äú‚Äù", "â\x80\x94", "ÁöÑ", "ï¼Œ", "вЂњвЂќ", "\x85\n", "%E4%B8 ", "锟斤拷"],
)
def test_a_long_line_of_one_damage_costs_no_more_for_each_character(piece: str) -> None:
    counts = []
    for n in (300, 1_200):
        text = (piece * (n // len(piece) + 1))[:n]
        counts.append(_steps(text) / n)
    assert counts[1] < 2 * counts[0] + 200


def _steps(text: str) -> int:
    """Calls of functions that a repair takes: what it costs, and no clock."""
    count = 0

    def called(frame: object, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        zhfix.fix(text, to="keep")
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("to", ["auto", "hans", "hant"])
def test_what_may_be_mojibake_keeps_its_characters(to: str) -> None:
    """In another script its bytes would be lost as well, and nobody could repair it any more."""
    text = "绯荤粺淇ˉ绋嬪簭"
    assert zhfix.fix(text, to=to) is text
    assert [hint.after for hint in zhfix.explain(text, to=to).hints] == ["系统修补程序"]


def test_characters_with_two_forms_stand_in_the_rows_that_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = twins("cp932")
    monkeypatch.setattr(codepages, "_TWIN_LEADS", {})
    assert found == twins.__wrapped__("cp932") and len(found) > 300


def test_user_defined_rows_of_windows() -> None:
    for char, data in (("\ue000", b"\xfa\x40"), ("\ueeb8", b"\x81\x40")):
        assert (encode(char, "cp950"), decode(data, "cp950")) == (data, char)
    for char in ("\uf8ff", "é", "😀"):
        with pytest.raises(UnicodeEncodeError):
            encode(char, "cp950")
    with pytest.raises(UnicodeDecodeError):
        decode(b"\xff\x40", "cp950")


def test_half_decoded_letters_beside_what_is_no_character() -> None:
    assert zhfix.fix("ÄãÃÇ¿¼ÂǹýΪ\udc80") == "你们考虑过为\udc80"
