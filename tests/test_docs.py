"""The documentation against the code: generated pages are current, public names, rules and flags are all described."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import pkgutil
import re
from pathlib import Path

import pytest

import zhfix
from zhfix.flags import FLAGS
from zhfix.rules import RULES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def test_generated_pages_are_current() -> None:
    spec = importlib.util.spec_from_file_location("docs_build", DOCS / "build.py")
    assert spec is not None and spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    for name, text in build.pages().items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, (
            f"run python docs/build.py ({name})"
        )


@pytest.mark.parametrize("name", zhfix.__all__)
def test_public_names_are_documented(name: str) -> None:
    assert getattr(zhfix, name) is not None
    assert f"`{name}" in (DOCS / "api.md").read_text(encoding="utf-8")


def test_rules_and_flags_are_documented() -> None:
    rules = (DOCS / "rules.md").read_text(encoding="utf-8")
    cli = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert all(f"## `{name}`" in rules for name in RULES)
    assert all(f"`{name}`" in cli for flag in FLAGS for name in flag.names)


# the page on hosts runs section by section, where the host is: tests/hosts/test_page.py
PAGES = sorted({*DOCS.glob("*.md"), *ROOT.glob("README*.md")} - {DOCS / "hosts.md"})


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_examples_in_pages_run(path: Path) -> None:
    failed, _ = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    assert failed == 0


# the hosts' own are run by tests/hosts, what learns and builds tables by those who have its packages
MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(zhfix.__path__, "zhfix.")
    if not found.name.startswith(("zhfix.hosts.", "zhfix.tables.", "zhfix.__main__"))
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_modules_run(name: str) -> None:
    if name.endswith("_bulk"):
        pytest.importorskip("numpy", reason="numpy is not installed: zhfix[fast]")
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_both_readmes_have_the_two_commands() -> None:
    for name in ("README.md", "README.zh.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "pip install" in text and "seeds/000_" in text and "pytest" in text


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_to_files_that_are_there(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert not [
        target for target in targets if "://" not in target and not (path.parent / target).exists()
    ]
