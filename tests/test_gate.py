"""The gate: a rule that it leaves asleep would have found nothing, with arrays and without."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import zhfix
from zhfix import gate
from zhfix.active import active_rules
from zhfix.gate import Gate
from zhfix.options import Options
from zhfix.rounds import LIKELY, UNLIKELY
from zhfix.rules import RULES, Asked, Context
from zhfix.script import odds

CASES = Path(__file__).parent / "cases"
SOUND = (
    "在好莱坞，数字道具制造商一次次为重要电影场景提供看上去不可思议但又真实的物品。",
    "他说：“什么（也就是说）都没有……”，笑了，又像以前那样问：真的吗？！",
    "著名的（NASA）航天局于1986年1月28日宣布——见 https://a.cn/发展?x=1 或 a@b.cn。",
    "我想在这里说3-4句话，《红楼梦》里的《好了歌》：「世人都晓神仙好」。",
    "We use (some) Latin: f(x) = 2, 50% off & more; R&D.",
    "他心里七上八下，像有十五只吊桶打水。",
    "成效显著，乾坤大挪移，瞭望塔，慰藉，覆盖，余下的夥伴。",
)
PARTS = st.sampled_from(
    [
        *SOUND,
        *(
            "區(qū)",
            "发(發)",
            "(a)",
            "(",
            "（",
            ")",
            "？",
            "?",
            "??",
            ",。",
            ")(",
            "像",
            "著",
            "着名",
        ),
        *("妳", "於", "頭髮", "头发", "浣犲ソ", "Ã©", "â€™", "锟斤拷", "\ufffd", "&#20013;", "%E4"),
        *(
            "の",
            "はな",
            "<b>",
            "`x`",
            "😀",
            "\U00020000",
            "\ud83d",
            "\n",
            " ",
            "“",
            '"',
            "~{",
            "=?",
        ),
        *(
            "么",
            "沈",
            "怪娃横",
            "…",
            "德(de)",
            "?nèi)",
            "@",
            "www.a.cn",
            "-{后}-",
            "\x85",
            "ABC",
            "7",
        ),
    ]
)
TEXT = st.lists(PARTS, min_size=1, max_size=12).map("".join)
ASKED = [
    Asked(to, is_brief, is_hinted)
    for to, is_brief in (("keep", False), ("auto", True), ("auto", False), ("hans", False))
    for is_hinted in (False, True)
] + [Asked("hant")]
ON = [rule for rule in RULES.values() if rule.is_on]


@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text goes through the gate, the first ones of a process too."""
    monkeypatch.setattr(gate, "_BUILD", 0)


def case_texts() -> Iterator[str]:
    """The texts of all cases, sound ones and damaged ones."""
    for path in sorted(CASES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


def telling(name: str, text: str, asked: Asked) -> list[str]:
    """What a rule finds in a text that is not nothing, by itself."""
    floor = Options().sure
    ctx = Context(text, (), name, set(), asked.to, None, floor, is_brief=asked.is_brief)
    least = 0.0 if asked.is_hinted else UNLIKELY
    return [edit.why for edit in RULES[name].propose(text, ctx) if edit.sure > least]


def check(text: str, asked: Asked) -> None:
    """No rule that sleeps finds anything."""
    made = _gate(asked)
    awake = made.awake(text)
    for rule in ON:
        if rule.name not in awake and rule.is_triggered(text):
            assert not telling(rule.name, text, asked), (rule.name, text)
    if find_spec("numpy"):
        assert made._found_over_arrays(text, frozenset()) == made.found_by_search(text)
    among = made.awake_among([text, SOUND[0], text])
    assert among in ([awake, made.awake(SOUND[0]), awake], [None] * 3)


_MADE: dict[Asked, Gate] = {}


def _gate(asked: Asked) -> Gate:
    return _MADE.setdefault(asked, Gate(ON, asked))


@pytest.mark.usefixtures("_at_once")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT, asked=st.sampled_from(ASKED))
def test_who_sleeps_finds_nothing(text: str, asked: Asked) -> None:
    if len(text) > gate.NAME:
        check(text, asked)


@pytest.mark.usefixtures("_at_once")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=()), min_size=17, max_size=60))
def test_of_any_text(text: str) -> None:
    check(text, ASKED[0])
    check(text, ASKED[-1])


@pytest.mark.parametrize("asked", ASKED)
def test_of_cases(asked: Asked) -> None:
    texts = [text for text in case_texts() if gate.NAME < len(text) < 3000]
    for text in random.Random(str(asked)).sample(texts, 400):
        check(text, asked)


def test_every_gate_fits_the_tables() -> None:
    assert len({shape for asked in ASKED for shape in _gate(asked).shapes}) < 60


def test_characters_that_wake_nobody() -> None:
    """Each of a random choice between sound characters, and the marks that wake one all the same."""
    known = Gate(ON, Asked("keep"))
    sound = "他们在这里工作了很久。"
    rng = random.Random(7)
    every = [chr(code) for code in (*range(0x20, 0x3100), *range(0x4E00, 0xA000), 0x20000, 0x1F600)]
    for char in rng.sample(every, 1500):
        text = sound + char + sound
        if known.awake(text) <= gate.IDLE:
            repair = zhfix.explain(text, to="keep")
            found = [edit for edit in (*repair.edits, *repair.hints) if edit.sure >= LIKELY]
            assert not found, (char, found)
    traditional = [char for char, odd in odds().items() if odd <= -50]
    for char in rng.sample(traditional, 50):
        assert {"mixed-script", "over-converted"} <= known.awake(sound + char + sound)


@pytest.mark.parametrize("text", SOUND[:2])
def test_sound_text_is_asked_nothing(text: str) -> None:
    assert Gate(active_rules(Options.of("auto")), Asked("auto", is_brief=True)).awake(text) == set()


@pytest.mark.usefixtures("_at_once")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT, to=st.sampled_from(["auto", "keep", "hans", "hant"]))
def test_fix_and_explain_are_one_behind_the_gate(text: str, to: str) -> None:
    fixed = zhfix.fix(text, to=to)
    repair = zhfix.explain(text, to=to)
    assert fixed == repair.text
    assert fixed is text or fixed != text
    assert zhfix.detect(text) == zhfix.explain(text, to="keep").report


def test_the_same_before_the_gate_is_there_and_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [
        zhfix.detect,
        *(zhfix.Fixer(to).fix for to in ("auto", "keep", "hans", "hant-tw")),
        *(zhfix.Fixer(to, protect=["显"]).fix for to in ("auto", "hans")),
        zhfix.Fixer("hans", sure=0.05).fix,
        zhfix.Fixer("auto", skip=["gloss"], sure=0.4).explain,
        zhfix.Fixer("hans", vocabulary="region").explain,
    ]
    rng = random.Random(3)
    texts = [text for text in case_texts() if len(text) < 300]
    pages = ["\n".join(rng.sample(texts, 4)) for _ in range(40)] + rng.sample(texts, 60)
    pages += ["".join(rng.choices([*SOUND, *texts], k=5)) for _ in range(40)]
    calls += [
        lambda page, to=to: zhfix.Fixer(to).fix_many(page.split("。")) for to in ("auto", "hans")
    ]
    monkeypatch.setattr(gate, "_BUILD", 1 << 60)
    before = [call(page) for call in calls for page in pages]
    monkeypatch.setattr(gate, "_BUILD", 0)
    assert [call(page) for call in calls for page in pages] == before


def test_a_rule_that_does_not_say_is_always_asked() -> None:
    silent = RULES["escape"]._replace(name="silent", wakes=None)
    assert Gate([silent], Asked()).awake(SOUND[0]) == {"silent"}
    assert [rule.name for rule in ON if rule.wakes is None] == []


@given(st.lists(st.sampled_from([*SOUND, "说著话", "成效显著", "好", "像他一样", ""]), max_size=40))
def test_lines_sought_together_are_open_as_alone(parts: list[str]) -> None:
    from zhfix.rules import changes, script_wakes

    text = "\n".join([*parts, *SOUND * 30]) + "\n"
    lines, at = [], 0
    for line in text.splitlines(keepends=True):
        lines.append((at, at + len(line)))
        at += len(line)
    told = script_wakes.open_lines(text, lines)
    for (start, end), is_open in zip(lines, told, strict=True):
        # the first lines of a process are all open, whatever stands in them
        assert is_open or not changes.changed_among([text[start:end]])[0]
        assert not is_open or script_wakes.is_open(text[start:end])


@given(
    st.lists(st.sampled_from([*SOUND, "着名", "挂着名牌", "显着", "若干隆起", "乾"]), max_size=30)
)
def test_wrong_words_are_found_over_arrays_as_anchor_by_anchor(parts: list[str]) -> None:
    from zhfix.rules import wrong_words

    text = "。".join(parts) + SOUND[0] * 120
    found = sorted(match.start() for match in wrong_words._words(text))
    anchors = wrong_words._ANCHORS
    assert found == sorted(m.start() for one in anchors for m in wrong_words._matches(one, text))
