"""Every rule by its own examples: what it fixes, what it leaves, and that it runs only where its
trigger is.
"""

from __future__ import annotations

import pytest

import zhfix
from zhfix.rules import RULES

FIXES = [(rule.name, before, after) for rule in RULES.values() for before, after in rule.fixes]
LEAVES = [(rule.name, text) for rule in RULES.values() for text in rule.leaves]


@pytest.mark.parametrize(("name", "before", "after"), FIXES)
def test_fixes(name: str, before: str, after: str) -> None:
    repair = zhfix.explain(before, to="keep", rules=[name])
    assert repair.text == after
    assert {edit.rule for edit in repair.edits} == {name}
    assert zhfix.fix(after, to="keep", rules=[name]) is after


@pytest.mark.parametrize(("name", "text"), LEAVES)
def test_leaves(name: str, text: str) -> None:
    assert zhfix.fix(text, to="keep", rules=[name]) is text


@pytest.mark.parametrize("name", RULES)
def test_shows_what_it_leaves(name: str) -> None:
    rule = RULES[name]
    assert len(rule.leaves) >= len(rule.fixes)
    assert rule.fixes or name == "lost"  # hints alone
    assert all(rule.is_triggered(before) for before, _ in rule.fixes)


@pytest.mark.parametrize("name", RULES)
def test_skipped(name: str) -> None:
    for before, _ in RULES[name].fixes:
        assert name not in zhfix.explain(before, to="keep", skip=[name]).counts()


@pytest.mark.parametrize(
    "text",
    [
        "汉语(hànyǔ)是",
        "囍(xǐ)字",
        "區(ōu)姓",
        "1. 長(zhǎng)者 2. 長(zhǎng)輩",
        "世界经济论坛(WEF)",
        "希音(SHEIN)",
        "函数f(x)",
        "世田谷区(qū)は広いです。",
    ],
)
def test_hints_say_why(text: str) -> None:
    repair = zhfix.explain(text)
    assert repair.text is text
    assert repair.hints and all(hint.why and hint.sure < 0.8 for hint in repair.hints)


def test_no_rule_is_left() -> None:
    text = "廣州市番禺區(qū)召開"
    assert zhfix.fix(text, rules=["gloss"], skip=["gloss"]) is text
    assert not zhfix.explain(text, skip=list(RULES)).edits
    assert zhfix.fix(text, to="hans", skip=list(RULES)) == "广州市番禺区(qū)召开"
