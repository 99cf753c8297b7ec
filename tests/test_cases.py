"""Every case of tests/cases through four checks: result, idempotence, spans rebuild the result,
script of the output.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

import zhfix

_SPEC = importlib.util.spec_from_file_location(
    "cases_conftest", Path(__file__).parent / "conftest.py"
)
assert _SPEC is not None and _SPEC.loader is not None
_CONFTEST = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_CONFTEST)

GOOD = [
    case
    for name in (
        "wild",
        "synthetic",
        "negative",
        "negative-script",
        "negative-mojibake",
        "negative-odd",
        "negative-gloss",
    )
    for case in _CONFTEST.cases(name)
]
KNOWN = _CONFTEST.cases("known-failures")


def _check(case: dict[str, Any]) -> None:
    text, to, want = case["text"], case["to"], case["want"]
    repair = zhfix.explain(text, to=to)
    assert repair.text == want
    if want == text:
        assert zhfix.fix(text, to=to) is text
    assert zhfix.fix(want, to=to) == want
    rebuilt, done = "", 0
    for edit in repair.edits:
        assert text[edit.start : edit.end] == edit.before
        assert edit.start >= done
        rebuilt += text[done : edit.start] + edit.after
        done = edit.end
    assert rebuilt + text[done:] == repair.text
    if case["rules"]:
        assert set(case["rules"]) <= {edit.rule for edit in repair.edits}
    if to in ("hans", "hant") and not case.get("is_mixed"):
        assert zhfix.detect(repair.text).verdict != "mixed"


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case["id"])
def test_case(case: dict[str, Any]) -> None:
    _check(case)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=pytest.mark.xfail(strict=True, reason=case["note"]), id=case["id"])
        for case in KNOWN
    ],
)
def test_known_failure(case: dict[str, Any]) -> None:
    _check(case)


def test_ids_are_unique_and_sources_named() -> None:
    every = GOOD + KNOWN
    assert len({case["id"] for case in every}) == len(every)
    assert all(case["source"] for case in every)


def test_negative_cases_are_as_many_as_positive_ones() -> None:
    n_negative = sum(case["want"] == case["text"] for case in GOOD)
    assert n_negative >= len(GOOD) - n_negative
