"""pre-commit: `try-repo` of a git repository that holds this tree, on a repository with a damaged file."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DAMAGED = "廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會\r\n"
CLEAN = "干净的文字\n"


@pytest.fixture(scope="module")
def hook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository with what pip needs of this tree."""
    if importlib.util.find_spec("pre_commit") is None:
        pytest.skip("needs pre-commit (the extra zhfix[test] has it)")
    if shutil.which("git") is None:
        pytest.skip("needs git")
    folder = tmp_path_factory.mktemp("hook")
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder / name)
    # without the version file and caches that an installation leaves behind
    ignored = shutil.ignore_patterns("__pycache__", "_version.py")
    shutil.copytree(ROOT / "zhfix", folder / "zhfix", ignore=ignored)
    _git(folder, "init", "-q")
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "zhfix")
    return folder


def _git(folder: Path, *args: str) -> None:
    names = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *names, *args], cwd=folder, check=True, capture_output=True)


def test_try_repo(hook: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    _git(tmp_path, "init", "-q")
    (tmp_path / "damaged.md").write_bytes(DAMAGED.encode())
    (tmp_path / "clean.txt").write_bytes(CLEAN.encode())
    (tmp_path / "image.png").write_bytes(b"\x89PNG\r\n\x1a\n" + DAMAGED.encode())
    _git(tmp_path, "add", "-A")
    # one store for all runs: the hook's environment is made once. Git's own variables (a test run
    # inside a git hook has them) would point at another repository
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    env |= {"PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("store")), "PYTHONPATH": ""}

    def run(name: str, *args: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "pre_commit", "try-repo", str(hook), name, "--all-files"]
        done = subprocess.run(
            [*command, *args], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        shown = done.stdout + done.stderr
        if re.search("No matching distribution|Temporary failure in name resolution", shown):
            pytest.skip("pre-commit installs hooks with pip, and pip finds no package index here")
        return done.returncode, shown

    code, shown = run("zhfix-check")
    assert code == 1 and "zhfix (check)" in shown and "Failed" in shown and "damaged.md" in shown
    assert (tmp_path / "damaged.md").read_bytes() == DAMAGED.encode()

    code, shown = run("zhfix")  # it repairs, and fails because files changed
    assert code == 1 and "files were modified by this hook" in shown, shown
    repaired = "廣州市番禺區召開高質量發展大會\r\n"
    assert (tmp_path / "damaged.md").read_bytes() == repaired.encode()
    assert (tmp_path / "clean.txt").read_bytes() == CLEAN.encode()
    assert DAMAGED.encode() in (tmp_path / "image.png").read_bytes()  # no text: not touched

    for name in ("zhfix", "zhfix-check"):  # what the hook left passes both
        code, shown = run(name)
        assert code == 0 and "Passed" in shown, shown
