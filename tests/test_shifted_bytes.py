"""Shifted bytes read back: what is exact, what is guessed, what stays a hint, what is left alone."""

from __future__ import annotations

import random

import corruptor
import pytest
from corruptor import PAGE
from hypothesis import given
from hypothesis import strategies as st

import zhfix
from zhfix.report import apply
from zhfix.rules import RULES
from zhfix.rules.byte_page import Page
from zhfix.rules.byte_runs import read_run
from zhfix.rules.gbk import code, gbk, keys, reading
from zhfix.tables import load_rows


@pytest.mark.parametrize("rank", [2, 10, 31, 72])
def test_a_raw_page_comes_back_exactly(rank: int) -> None:
    made = corruptor.damage(PAGE, corruptor.key_list(rank), is_raw=True)
    assert zhfix.fix(made.text, to="keep") == made.original
    assert zhfix.fix(made.text, to="hans") == PAGE


def test_hant_is_written_properly() -> None:
    made = corruptor.damage(PAGE, corruptor.key_list(72), is_raw=True)
    fixed = zhfix.fix(made.text, to="hant")
    for word in ("頭髮長了", "理髮店", "複雜的問題", "重複討論", "我們如何", "那裡卻"):
        assert word in fixed


@pytest.mark.parametrize("to", ["hant", "hant-tw", "hant-hk"])
def test_hant_is_what_the_original_gives(to: str) -> None:
    clean = (
        PAGE
        + "妳迳自坐在座标后面，帐目复杂，墙上干净，湿了的签，闲着，脏了，钟先生患了癌症，牠走了。"
    )
    made = corruptor.damage(clean, corruptor.key_list(72), is_raw=True)
    assert zhfix.fix(made.text, to=to) == zhfix.convert(clean, to, source="hans")
    assert zhfix.fix(made.text, to="hans") == clean


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("百分?jǐn)?shù)的變化", "百分數的變化"),  # two keys in a row
        (
            "創(chuàng)新驅(qū)動的體驗(yàn)?zāi)Ｐ烷_(kāi)發(fā)",
            "創新驅動的體驗模型開發",
        ),  # the key before it is glossed
        ("在我們?nèi)粘i_(kāi)發(fā)中占據(jù)", "在我們日常開發中占據"),  # ｉ was folded to i
    ],
)
def test_exact_steps(text: str, want: str) -> None:
    assert zhfix.fix(text, to="keep") == want


def test_what_cannot_be_known_stays_a_mark_and_a_hint() -> None:
    repair = zhfix.explain("門興格拉德巴赫?;鶢栮?duì)目前積分", to="keep")
    hints = [hint for hint in repair.hints if hint.rule == "shifted-bytes"]
    assert "?" in repair.text
    assert hints and all(hint.sure < 0.8 and hint.why for hint in hints)


def test_a_lost_blank_on_a_proven_page_is_a_hint() -> None:
    text = "創(chuàng)新發(fā)展?規(guī)劃產(chǎn)業(yè)，經(jīng)濟(jì)網(wǎng)絡(luò)聯(lián)合執(zhí)行。"
    text += "人們?nèi)绾闻c世界相處。"
    repair = zhfix.explain(text, to="keep")
    assert "發展?規劃" in repair.text and "人們如何與世界" in repair.text
    assert [hint.rule for hint in repair.hints if hint.before == "?"] == ["lost"]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Copyright ? 2012-2023 YOUFA", "Copyright © 2012-2023 YOUFA"),
        ("COPYRIGHT ?2021", "COPYRIGHT ©2021"),
        ("What about copyright? 2012 was a good year", None),
        ("版权所有 Copyright ? all", None),
        ("Who has the copyright ? 12 people", None),
    ],
)
def test_a_lost_copyright_sign_comes_back_before_a_year(text: str, want: str | None) -> None:
    assert zhfix.fix(text) == (want or text)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("其中,F(xiàn)acebook", "其中，Facebook"),
        ("其中、F(xiàn)acebook", "其中、F(xiàn)acebook"),  # 、 has other bytes
        ("其中.F(xiàn)acebook", "其中.F(xiàn)acebook"),
        ("其中;F(xiàn)acebook", "其中;F(xiàn)acebook"),  # ； ends in BB, BB46 is no 現
        ("看看,F(xiàn)股東會", "看看,F股東會"),  # variant B: 。現股東會
        ("甲,乙,F(xiàn)acebook", "甲,乙，Facebook"),  # nothing is known of the first comma
    ],
)
def test_a_mark_that_lent_its_second_byte_to_a_key_was_full_width(text: str, want: str) -> None:
    assert zhfix.fix(text, to="keep") == want


def test_commas_before_marks_go_where_the_page_is_proven() -> None:
    text = "創(chuàng)新發(fā)展上午,，規(guī)劃產(chǎn)業(yè)，經(jīng)濟(jì)網(wǎng)絡(luò)。"
    assert zhfix.fix(text, to="keep") == "創新發展上午，規劃產業，經濟網絡。"
    assert zhfix.fix("上午,，市委召開會議", to="keep") == "上午,，市委召開會議"


def test_kana_that_shifted_bytes_show_protect_nothing() -> None:
    """ぷ and ソ are bytes of 工作 and of 去金號."""
    text = "那時候，因?yàn)檎也坏竭m當(dāng)?shù)墓ぷ鳎瑤缀趺刻熳呷ソ鹛?hào)做生意"
    assert zhfix.fix(text, to="keep") == "那時候，因為找不到適當的工作，幾乎每天走去金號做生意"
    japanese = "東京の区は?jiàn)広いです。ひらがなもあります。"
    assert zhfix.fix(japanese, to="keep") == japanese


def test_what_was_swallowed_is_told_by_the_rest_of_the_page() -> None:
    """Paragraphs end with 。, not with … or 、, which begin with the same byte."""
    clean = PAGE * 2 + "<p>这里还为了适当的字符串。</p>\n<p>都知道他们的差别。</p>\n"
    made = corruptor.damage(clean, corruptor.key_list(72), is_raw=True)
    assert "?/p>" in made.text
    assert zhfix.fix(made.text, to="keep") == made.original


def test_letters_in_parentheses_are_no_pinyin() -> None:
    repair = zhfix.explain("是簡(jiǎn)單的讀或?qū)懺?raw)的字節", to="keep")
    assert repair.text.startswith("是簡單的讀或寫")


def test_a_fragment_is_guessed_at_less_boldly_than_a_page() -> None:
    """The same run: alone its guess stays a hint, on a page that its glosses prove it is made."""
    lost = "他們在雨中赴考，一旁的人默默看著記分牌。"
    page = corruptor.damage(PAGE * 2 + lost, corruptor.key_list(72)).text
    alone = corruptor.damage(lost, corruptor.key_list(72)).text
    assert zhfix.fix(page, to="keep").count("?") <= zhfix.fix(alone, to="keep").count("?")


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("22日上午,,市委召開會議。市委書記,、市長", "22日上午，市委召開會議。市委書記、市長"),
        ("22日上午,，市委召開會議。市委書記,、市長", "22日上午，市委召開會議。市委書記、市長"),
        ("唱會至12時10分才結束,。長治市", None),  # one is a slip
        ("結束,。開始,。", None),  # so are two before the same mark
        ("好吧,,那就這樣,!", None),
        ("等等,,,真的嗎,、", None),
        ("a,、b,。c", None),
    ],
)
def test_commas_before_two_kinds_of_marks_are_a_habit(text: str, want: str | None) -> None:
    assert zhfix.fix(text, to="keep") == (want or text)


def test_a_repaired_run_proves_the_page() -> None:
    """后 stands for 後 too on a page that was converted character by character."""
    assert zhfix.fix("后來人們?nèi)绾闻c世界相處", to="hant") == "後來人們如何與世界相處"


@pytest.mark.parametrize(
    "text",
    [
        "这是真的?！我不信。",
        "他问:这是什么(shénme)?对。",
        "什么??！真的?，不会吧",
        "見 https://example.com/?a=1 和 A(à)",
        "老师说(shuō):对吗?",
        "<p>真的?</p><p>是的</p>",
    ],
)
def test_clean_text_is_left_alone(text: str) -> None:
    assert zhfix.fix(text, to="keep", rules=["shifted-bytes"]) is text


def test_clean_text_never_reaches_the_rule(seeds: dict[str, str]) -> None:
    rule = RULES["shifted-bytes"]
    assert not any(rule.is_triggered(seeds[name]) for name in ("002", "003", "004"))


SENTENCES = st.lists(
    st.sampled_from(
        [
            *("我们如何在", "因为知识", "们日常开发", "。", "，", "！", "？", "；", "”", "“", "\n"),
            *("</p>\n", "在那里", "为彼此", "数的", "3", "a", "验模型", "目前的", "得很"),
        ]
    ),
    max_size=20,
).map("".join)


@given(
    clean=SENTENCES,
    rank=st.sampled_from([10, 72]),
    marks=st.sampled_from(["", "。，", "，！？；"]),
    is_raw=st.booleans(),
    variant=st.sampled_from("AB"),
    to=st.sampled_from(["keep", "hans", "hant", "auto"]),
)
def test_idempotent_and_rebuilt_from_spans(
    clean: str, rank: int, marks: str, is_raw: bool, variant: str, to: str
) -> None:
    keys = corruptor.key_list(rank)
    made = corruptor.damage(clean, keys, marks=marks, is_raw=is_raw, variant=variant)
    text = made.text
    repair = zhfix.explain(text, to=to)
    assert apply(text, repair.edits) == repair.text == zhfix.fix(text, to=to)
    assert zhfix.fix(repair.text, to=to) == repair.text
    assert all(hint.before == text[hint.start : hint.end] for hint in repair.hints)


@given(text=st.text(alphabet="?()我們的€，。\ue000Rshíjiàn)(F\n<p>/\ud800", max_size=40))
def test_reading_any_text_ends(text: str) -> None:
    page = Page(text, lambda: True)
    for at, char in enumerate(text):
        run = read_run(page, at, text[:at]) if char == "?" else None
        assert run is None or at < run.end <= len(text)


def test_code_page_936() -> None:
    tables = gbk()
    assert all(
        bytes((pair >> 8, pair & 255)).decode("gbk") == char for pair, char in tables.chars.items()
    )
    assert code("€") == 0x80 and code("\ue000") == 0xAAA1
    assert keys(0x83, "nèi", is_open=False) == ("內",)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("那會兒頭發(fā)就長了啊啊啊叭姥痢<垂选!", "那會兒頭發就長了啊啊啊啊！！"),
        ("那會兒頭發(fā)就長了啊啊啊叭姥痢＜垂选！", "那會兒頭發就長了啊啊啊啊！！"),
        ("那會兒頭發(fā)就長了，我不想选！", "那會兒頭發就長了，我不想选！"),
        # another run that is out of step (variant B)
        ("我們發(fā)現自约旱摹！", "我們發現自约旱摹！"),
        ("那會兒頭發(fā)就長了，他叫劉偉選！", "那會兒頭發就長了，他叫劉偉選！"),
    ],
)
def test_random_characters_in_a_mark_across_two_characters(text: str, want: str) -> None:
    assert zhfix.fix(text, to="keep") == want


def _hanzi(rng: random.Random) -> tuple[int, int]:
    return rng.randrange(0xB0, 0xF7), rng.randrange(0xB0, 0xF8)  # others show nothing before A1


def test_random_characters_before_marks_are_taken_out_right_or_not_at_all() -> None:
    """Two of them put before each 。 that the bytes of a text hold, in step or not."""
    rng = random.Random(4)
    clean = corruptor.traditional("真的失败！他很疲惫啊！这是我们的爱！大家不想失败！" * 3)
    data = clean.encode("gbk")
    out, n_across = b"", 0
    for i in range(len(data)):
        if data[i : i + 2] == b"\xa1\xa3":
            n_across += i % 2
            out += bytes((*_hanzi(rng), *_hanzi(rng)))
        out += data[i : i + 1]
    damaged = out.decode("cp936", "replace")
    repair = zhfix.explain("發(fā)展。" + damaged, to="keep")
    done = [edit for edit in repair.edits if edit.rule == "shifted-bytes"]
    assert n_across and 4 * len(done) >= 3 * n_across
    known = {*clean.split("！"), *damaged.split("！")}
    assert known.issuperset(repair.text.removeprefix("發展。").split("！"))


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("他說“發(fā)展?！?/strong>", "他說“發展。”</strong>"),
        ("他說「發(fā)展?！?/p>", "他說「發展。」</p>"),
        (
            "生產(chǎn)性轉(zhuǎn)化?！?/strong>",
            "生產性轉化。”</strong>",
        ),  # no “ opens before </strong>
        ("不惜去死?!?/br> 霜雪", "不惜去死。?</br> 霜雪"),  # it was 」: nothing shows which
    ],
)
def test_a_quotation_mark_lost_before_a_tag_is_the_one_that_is_open(text: str, want: str) -> None:
    assert zhfix.fix(text, to="keep") == want


# a page of the other variant: ！ ？ ， are ! ? , and a first byte that lost its partner is gone
STRIPPED = (
    "<p>創(chuàng)新與網絡(luò)：他說(shuō)：“現(xiàn)在可以了!毙±顚(duì)我說(shuō)?墒俏覀內(nèi)绾卧谶@里?看看!</p>\n"
    "<p>產(chǎn)業(yè)發(fā)展；看看,F(xiàn)在還早,F(xiàn)acebook很大。</p>\n"
)


def test_a_page_that_lost_bytes_without_a_trace() -> None:
    want = (
        "<p>創新與網絡：他說：“現在可以了。”小李對我說。可是我們如何在這里?看看!</p>\n"
        "<p>產業發展；看看。現在還早,Facebook很大。</p>\n"
    )
    assert zhfix.fix(STRIPPED, to="keep") == want


def test_a_page_of_variant_b_comes_back_but_for_what_left_no_trace() -> None:
    clean = PAGE + "<p>来源：本站</p>"
    made = corruptor.damage(clean, corruptor.key_list(72), variant="B", is_raw=True)
    half = str.maketrans("！？，", "!?,")
    fixed = zhfix.fix(made.text, to="keep")
    assert fixed == made.original.translate(half)
    assert zhfix.fix(made.text, to="keep", skip=["shifted-bytes"]) != fixed


def test_an_unclosed_quotation_is_a_hint() -> None:
    repair = zhfix.explain(STRIPPED + "<p>他說(shuō)：“好。你來(lái)!</p>", to="keep")
    assert repair.text.endswith("你來!</p>")
    assert any(hint.after == "。”<" for hint in repair.hints)


@pytest.mark.parametrize(
    "text",
    [
        # marks of one byte and true exclamations on a page with glosses
        "創新與網絡：產業發展!他說好!不要走!“好吧!”?可是呢?看看!開門!口罩?",
        "北京!啊,好大!“好”?開門?可以嗎?科學!",
        "行(xíng)不行?看(kān)门,都(dū)城!的(dí)确",  # readings
    ],
)
def test_marks_of_one_byte_are_no_damage(text: str) -> None:
    page = STRIPPED.replace("说", "說") + text
    assert zhfix.fix(page, to="keep").endswith(text)
    assert zhfix.fix(text, to="keep") == text


def test_a_lesson_however_long_is_no_overflow() -> None:
    text = "拼音：區(qū)音。" * 3000
    assert zhfix.fix(text, to="keep") is text


def test_a_glossed_page_has_no_rhythm() -> None:
    for rank in (10, 31, 72):
        made = corruptor.damage(PAGE * 20, corruptor.key_list(rank), is_raw=True)
        assert zhfix.fix(made.text, to="keep", rules=["rhythmic-gloss"]) is made.text


@pytest.mark.parametrize(
    ("text", "not_written"),
    [
        ("門(mén)口的人說(shuō)，我們?nèi)绾闻c“我無法給幸?！边@種東西", "幸。"),
        ("他說(shuō)“我無法給你幸?！边@種話(huà)", "幸。"),
    ],
)
def test_no_stop_is_put_behind_what_begins_a_word(text: str, not_written: str) -> None:
    """幸福” and 幸。” end in the same byte; 福 is what follows 幸."""
    assert not_written not in zhfix.fix(text, to="keep")


def test_listed_glosses_are_first_readings() -> None:
    """So the list of glosses need not be looked up in the table of readings."""
    assert all(reading(row[0]) == row[1] for row in load_rows("hand/glosses"))


def test_what_is_left_of_an_english_word_stays() -> None:
    """對|E showed nothing, and xcel is left: no character begins with its x."""
    page = "產(chǎn)品設(shè)計(jì)的發(fā)展，網(wǎng)絡(luò)和數(shù)據(jù)處理，實(shí)現(xiàn)創(chuàng)新。"
    for rest in ("xcel進(jìn)階者", "ython和Java", "ord文檔"):
        assert rest[:3] in zhfix.fix(page + "能夠?qū)" + rest + "有所了解", to="keep")
