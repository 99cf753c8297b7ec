"""Where the tests find their data: the case files, the seeds, and shared/ beside the checkout."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings

from zhfix.cli import main

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


class Done(NamedTuple):
    code: int
    out: bytes
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """The command in this process: arguments and standard input to code, output and messages."""

    def run_main(*args: str | Path, data: bytes = b"") -> Done:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            try:
                code = main([str(arg) for arg in args])
            except SystemExit as stop:
                code = int(str(stop.code))
        out.flush()
        err.flush()
        return Done(code, out.buffer.getvalue(), err.buffer.getvalue().decode())  # type: ignore[attr-defined]

    return run_main
