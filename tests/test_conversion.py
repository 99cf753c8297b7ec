"""Words and sentences written character by character from general knowledge, each with the forms that
are right: tests/cases/conversion.jsonl, and conversion-open.jsonl for those that still come out
wrong. The batches a1 to d20 and h1 to h3 are in the order of writing; docs/accuracy.md says how each was
converted when it was new.
"""

from __future__ import annotations

import importlib.util
from collections import defaultdict
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

BATCHES: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
for _case in _CONFTEST.cases("conversion"):
    BATCHES[_case["id"].partition("-")[0], _case["to"]].append(_case)
OPEN = _CONFTEST.cases("conversion-open")


def converted(texts: list[str], to: str) -> list[str | None]:
    return zhfix.convert_many(texts, to, source="hant" if to == "hans" else "hans")


@pytest.mark.parametrize(("batch", "to"), sorted(BATCHES))
def test_batch(batch: str, to: str) -> None:
    cases = BATCHES[batch, to]
    made = converted([case["text"] for case in cases], to)
    wrong = {case["want"]: out for case, out in zip(cases, made, strict=True)}
    assert {want: out for want, out in wrong.items() if want != out} == {}


@pytest.mark.parametrize("case", OPEN, ids=lambda case: case["id"])
@pytest.mark.xfail(strict=True, reason="known to come out wrong")
def test_open(case: dict[str, Any]) -> None:
    assert converted([case["text"]], case["to"]) == [case["want"]]
