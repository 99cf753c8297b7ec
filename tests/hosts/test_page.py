"""docs/hosts.md: every example runs, each section where its host is."""

from __future__ import annotations

import doctest
import gzip
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).parents[2] / "docs/hosts.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+)\n((?:(?!^## ).*\n)*)", PAGE, re.MULTILINE))
# the module a section needs, and the services it talks to
NEEDS = {
    "datatrove": ("datatrove", None),
    "One corpus, four ways": ("datatrove", "ray spark"),
    "Hugging Face datasets": ("datasets", None),
    "Ray Data": ("ray", "ray"),
    "Spark": ("pyspark", "spark"),
    "Polars": ("polars", None),
    "pandas": ("pandas", None),
    "NeMo Curator": ("nemo_curator", None),
    "Your own host": ("pyarrow", None),
}

pytestmark = [pytest.mark.filterwarnings("ignore")]  # the hosts' own; each host's tests name theirs


def test_every_example_belongs_to_a_host() -> None:
    assert {title for title, text in SECTIONS.items() if "```pycon" in text} == set(NEEDS)
    listed = set(NEEDS) - {"Your own host", "One corpus, four ways"}
    assert all(f"[{title}](#" in PAGE for title in listed)


@pytest.mark.parametrize("title", NEEDS)
def test_examples_run(
    title: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    jobs: Any,
) -> None:
    module, service = NEEDS[title]
    pytest.importorskip(module, reason=f"needs {module}")
    names: dict[str, Any] = {
        name: request.getfixturevalue(name) for name in (service or "").split()
    }
    names["records"] = lambda folder: jobs.records(tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").mkdir()
    for shard in range(2):
        rows = [
            {"id": f"{shard}{i}", "text": text}
            for i, text in enumerate(["高質(zhì)量發(fā)展經濟", "干净"])
        ]
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        path = tmp_path / f"corpus/{shard:05}.jsonl.gz"
        path.write_bytes(gzip.compress(lines.encode()))
    test = doctest.DocTestParser().get_doctest(SECTIONS[title], names, title, "docs/hosts.md", 0)
    assert test.examples
    told: list[str] = []
    failed, _ = doctest.DocTestRunner().run(test, out=told.append)
    assert failed == 0, "".join(told)


def blocks(title: str, language: str) -> str:
    """The one block of a language in a section."""
    (block,) = re.findall(rf"```{language}\n(.*?)```", SECTIONS[title], re.DOTALL)
    return str(block)


def test_the_hooks_of_the_page_are_ours(tmp_path: Path) -> None:
    pytest.importorskip("pre_commit", reason="needs pre-commit")
    import yaml  # pre-commit needs it

    manifest = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
    page = tmp_path / ".pre-commit-config.yaml"
    page.write_text(blocks("pre-commit", "yaml"), encoding="utf-8")
    for how, path in (("validate-manifest", manifest), ("validate-config", page)):
        subprocess.run([sys.executable, "-m", "pre_commit", how, str(path)], check=True)
    config = yaml.safe_load(page.read_text(encoding="utf-8"))
    used = {hook["id"] for repo in config["repos"] for hook in repo["hooks"]}
    assert used == {hook["id"] for hook in yaml.safe_load(manifest.read_text(encoding="utf-8"))}


def test_the_recipe_of_the_page_is_the_one_that_is_tested() -> None:
    yaml = pytest.importorskip("yaml", reason="needs PyYAML, which pre-commit brings")
    recipe = yaml.safe_load(blocks("data-juicer", "yaml"))
    tested = (Path(__file__).parent / "test_juicer.py").read_text(encoding="utf-8")
    assert json.dumps(recipe["process"]) in tested.replace("'", '"')


def test_the_settings_of_the_page_are_the_ones_that_are_tested() -> None:
    settings: dict[str, Any] = {}
    exec(blocks("Scrapy", "python"), settings)
    tested = (Path(__file__).parent / "test_scrapy.py").read_text(encoding="utf-8")
    assert json.dumps(settings["ITEM_PIPELINES"]) in tested
    assert json.dumps(settings["ZHFIX_OPTIONS"]) in tested
