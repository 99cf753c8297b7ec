"""Sound lines are passed over together, and what is left is what a look at each line would leave."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhfix.blocks import lines
from zhfix.rules import changes, stretches
from zhfix.rules.stretches import Place
from zhfix.rules.telling_lines import HANT, bits_of
from zhfix.script import evidence

SOUND = "他们在图书馆看书。\n"
LINES = [
    *("", "好", "像", "好像没有", "著名作家", "成效显著", "乾坤", "慰藉妳", "像妳一样", "妳好"),
    *("说著话", "像拚命", "氾滥", "什么", "像么", "老么像", "像牠", "砲", "祇有像他", "餘姓"),
    *("皇后在後面", "他說話", "說话", "乾隆皇帝", "一目瞭然", "瞭望", "夥伴", "特徵", "覆盖"),
    *("像😀", "\U00020000著", "像\ud800", "里面", "裡像", "啊像", "著", "了解", "像" * 9),
]
TEXT = st.lists(st.sampled_from([*LINES, SOUND[:-1]]), max_size=30).map("\n".join)
FILLERS = st.sampled_from(["", SOUND * 60, SOUND * 600, "皇后說話很好。\n" * 800])


def each_line(text: str, place: Place) -> list[tuple[int, int, str]]:
    """The lines of hans in which something would be written otherwise, and the runs of hant."""
    found: list[tuple[int, int, str]] = []
    start = 0
    for line in lines(text):
        end = start + len(line)
        bits = bits_of(line)
        told = stretches._plain_script(bits, place)
        script = stretches._counted_script(evidence(line), place) if told is None else told
        is_run = bool(found) and found[-1][2] == "hant" and found[-1][1] == start
        if is_run and script in ("hant", ""):
            found[-1] = found[-1][0], end, "hant"
        elif script == "hant" or (
            script == "hans"
            and (bits & HANT or not place.is_brief)
            and changes.changed_among([line])[0]
        ):
            found.append((start, end, script))
        start = end
    return found


@pytest.mark.parametrize("has_numpy", [True, False])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT, before=FILLERS, behind=FILLERS, to=st.sampled_from(["auto", "keep", "hans"]))
def test_what_is_passed_over_is_sound(
    has_numpy: bool, text: str, before: str, behind: str, to: str
) -> None:
    if has_numpy:
        pytest.importorskip("numpy")
    with pytest.MonkeyPatch.context() as patch:
        if not has_numpy:
            patch.setitem(sys.modules, "numpy", None)
        every = f"{before}{text}\n{behind}"
        for is_brief in (False, True):
            place = Place(to, is_brief=is_brief)
            found = [
                line
                for line in stretches.stretches(every, place)
                if line[2] == "hant" or changes.changed_among([every[line[0] : line[1]]])[0]
            ]
            assert found == each_line(every, place)


@given(st.lists(st.sampled_from([*LINES, "他" * 300 + "说著话", "他" * 300 + "著名"]), max_size=20))
def test_lines_asked_together_are_as_alone(asked: list[str]) -> None:
    assert changes.changed_among(asked) == [changes.changed_among([line])[0] for line in asked]


@given(TEXT)
def test_a_place_asked_with_others_is_as_alone(text: str) -> None:
    places = [at for at, char in enumerate(text) if char in changes.changing()]
    each = [changes.is_changed(text, [at]) for at in places]
    assert changes.is_changed(text, places) == any(each)


def test_a_long_line_is_converted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    convert = changes.to_hans
    monkeypatch.setattr(changes, "to_hans", lambda text: asked.append(len(text)) or convert(text))
    line = "么好" * 20_000
    assert not changes.is_changed(line, range(0, len(line), 2))
    assert sum(asked) <= 2 * len(line)


@pytest.mark.skipif(not find_spec("numpy"), reason="numpy is not installed")
class TestOverArrays:
    """What is only there where numpy is."""

    @given(st.text("像著妳好\n😀", max_size=60), st.data())
    def test_windows_know_what_stands_between_the_same(
        self, text: str, data: st.DataObject
    ) -> None:
        import numpy as np

        from zhfix.windows_bulk import Windows

        told = data.draw(st.lists(st.integers(0, max(0, len(text) - 1)), unique=True).map(sorted))
        told = [at for at in told if at < len(text)]
        windows = Windows()
        windows.remember(text, told)
        padded = f"\n{text}\n"
        known = {padded[at : at + 3] for at in told}
        new = windows.new(text, np.arange(len(text))).tolist()
        left = [at for at in range(len(text)) if at not in new]
        assert all(padded[at : at + 3] in known for at in left)
        assert all(at in left or "😀" in padded[at : at + 3] for at in told)

    @pytest.mark.parametrize("n_true", [0, 1, 300, 799, 801, 1500, 2001, 5000, 20_000])
    def test_places_are_where_it_is_true(self, n_true: int) -> None:
        import numpy as np

        from zhfix.codes import places

        is_there = np.zeros(20_000, bool)
        is_there[:: max(1, 20_000 // max(1, n_true))] = n_true > 0
        assert places(is_there).tolist() == is_there.nonzero()[0].tolist()

    @given(text=TEXT)
    def test_a_long_text_is_counted_as_its_parts(self, text: str) -> None:
        from zhfix.script import summed

        parts = [text, SOUND * 1500, text, "皇后說話很好。𠀀\n" * 1000, text]
        assert evidence("".join(parts)) == summed([evidence(part) for part in parts])
