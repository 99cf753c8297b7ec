"""data-juicer: a recipe that names our file, its operator on data-juicer's own dataset class."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import zhfix
import zhfix.hosts
from zhfix.hosts.batch import totals

# in a process of its own: importing data-juicer changes logging and how processes start
_RUN = """
import json, sys
from data_juicer.utils.lazy_loader import LazyLoader

def refuse(cls, spec, *args, **kwargs):
    raise ImportError(f"data-juicer wants to install {spec}")

LazyLoader._install_package = classmethod(refuse)  # it calls pip when a package is missing
from data_juicer.config import init_configs

cfg = init_configs(["--config", sys.argv[1]])
if sys.argv[2] == "executor":
    from data_juicer.core import DefaultExecutor

    DefaultExecutor(cfg).run()
else:
    from data_juicer.core.data import NestedDataset
    from data_juicer.ops import load_ops
    from datasets import load_dataset

    data = NestedDataset(load_dataset("json", data_files=cfg.dataset_path, split="train"))
    (op,) = load_ops(cfg.process)
    for n in (None, 2):  # in this process, and pickled into two
        data.map(op.process, num_proc=n, batch_size=op.batch_size).to_json(
            cfg.export_path, force_ascii=False
        )
"""


@pytest.fixture(scope="module", autouse=True)
def _host() -> None:
    if importlib.util.find_spec("data_juicer") is None:
        pytest.skip("needs the extra zhfix[juicer]")


def _run(how: str, tmp_path: Path, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    source, out, recipe = (tmp_path / name for name in ("in.jsonl", "out.jsonl", "recipe.json"))
    source.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )
    settings = {
        "project_name": "zhfix",
        "dataset_path": str(source),
        "export_path": str(out),
        "np": 1,
        "custom_operator_paths": [str(Path(zhfix.hosts.__file__).parent / "juicer.py")],
        "process": [{"zhfix_mapper": {"options": {"to": "hans"}, "counts_key": "edits"}}],
    }
    recipe.write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(recipe), how],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def _is_right(made: list[dict[str, Any]], rows: list[dict[str, Any]]) -> bool:
    texts = zhfix.Fixer("hans").fix_many(row["text"] for row in rows)
    kept = [{k: v for k, v in row.items() if k not in ("text", "edits")} for row in made]
    return [row["text"] for row in made] == texts and kept == [
        {k: v for k, v in row.items() if k != "text"} for row in rows
    ]


def test_the_operator_of_a_recipe(
    tmp_path: Path, rows: list[dict[str, Any]], edits: dict[str, int]
) -> None:
    made = _run("operator", tmp_path, rows)
    assert _is_right(made, rows)
    assert totals(row["edits"] for row in made) == {rule: 30 * n for rule, n in edits.items()}


@pytest.mark.skipif(
    importlib.util.find_spec("torch") is None,
    reason="data-juicer's executor calls torch.cuda after each operator and would install torch itself",
)
def test_the_executor(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    documents = [row for row in rows if row["text"]]  # its loader drops samples without text
    assert _is_right(_run("executor", tmp_path, documents), documents)
