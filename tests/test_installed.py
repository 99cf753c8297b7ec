"""Ways to run it other than from files in a folder, with all of Python."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import zhfix

PACKAGE = Path(zhfix.__file__).parent
DAMAGED = "高質(zhì)量發(fā)展的道路走得很穩。\n浣犲ソ，世界\n"
REPAIRED = "高質量發展的道路走得很穩。\n你好，世界\n"


def _run(*args: str, path: Path) -> str:
    made = subprocess.run(
        [sys.executable, *args],
        input=DAMAGED.encode(),
        capture_output=True,
        check=True,
        env={"PYTHONPATH": str(path)},
    )
    return made.stdout.decode()


@pytest.mark.parametrize("flag", ["-O", "-OO"])
def test_optimised_python_repairs_the_same(flag: str) -> None:
    assert _run(flag, "-m", "zhfix", "--no-config", path=PACKAGE.parent) == REPAIRED


def test_a_zip_archive_repairs_the_same(tmp_path: Path) -> None:
    archive = tmp_path / "zhfix.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(PACKAGE.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                file.write(path, path.relative_to(PACKAGE.parent))
    assert _run("-m", "zhfix", "--no-config", path=archive) == REPAIRED
