"""Where the tests find their data: the case files, the seeds, and shared/ beside the checkout."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds"

settings.register_profile("ci", deadline=None, max_examples=60, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def shared_folder() -> Path | None:
    """shared/ beside the checkout, or the folder named by ZHFIX_SHARED; None without one."""
    named = os.environ.get("ZHFIX_SHARED")
    folder = Path(named) if named else HERE.parents[1] / "shared"
    return folder if (folder / "data").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared data, or a skip that says what is missing."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("needs shared/data beside the checkout, or ZHFIX_SHARED=FOLDER")
    return folder


@pytest.fixture(scope="session")
def seeds() -> dict[str, str]:
    """The five seeds by the first three digits of their names."""
    return {
        path.name[:3]: path.read_bytes().decode("utf-8") for path in sorted(SEEDS.glob("*.txt"))
    }


def cases(name: str) -> list[dict[str, Any]]:
    """The rows of tests/cases/NAME.jsonl."""
    lines = (HERE / "cases" / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]
