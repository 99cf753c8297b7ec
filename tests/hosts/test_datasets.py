"""Hugging Face datasets: batched map, several processes, and a cache that a second process finds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import zhfix
from zhfix.hosts.batch import totals

pytestmark = [pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")]


@pytest.fixture
def datasets(tmp_path: Path) -> Any:
    return pytest.importorskip("datasets", reason="needs the extra zhfix[datasets]")


@pytest.mark.parametrize("num_proc", [None, 2])
def test_a_dataset(
    datasets: Any,
    num_proc: int | None,
    rows: list[dict[str, Any]],
    fixed: list[str | None],
    edits: dict[str, int],
) -> None:
    from zhfix.hosts.datasets import fix_dataset

    made = fix_dataset(
        datasets.Dataset.from_list(rows),
        to="hans",
        counts="edits",
        num_proc=num_proc,
        batch_size=64,
    )
    assert made["text"][:] == fixed * 30
    assert totals(made["edits"]) == {rule: 30 * n for rule, n in edits.items()}
    assert made.remove_columns(["text", "edits"]).to_list() == [
        {key: row[key] for key in ("id", "tags", "url")} for row in rows
    ]


def test_streams_and_splits(
    datasets: Any, rows: list[dict[str, Any]], fixed: list[str | None]
) -> None:
    from zhfix.hosts.datasets import FixBatch, fix_dataset

    whole = datasets.Dataset.from_list(rows)
    stream = fix_dataset(whole.to_iterable_dataset(), to="hans", counts="edits")
    assert [row["text"] for row in stream] == fixed * 30
    splits = fix_dataset(datasets.DatasetDict(a=whole, b=whole), to="hans", counts="n")
    assert splits["a"]["text"][:] == splits["b"]["text"][:] == fixed * 30
    plain = whole.map(FixBatch("text", to="hans"), batched=True)
    assert plain["text"][:] == fixed * 30 and plain.column_names == whole.column_names


def test_the_first_batch_may_have_no_edits(datasets: Any) -> None:
    from zhfix.hosts.datasets import fix_dataset

    made = fix_dataset(
        datasets.Dataset.from_dict({"text": ["好", "好", "發(fā)展"]}), counts="n", batch_size=1
    )
    assert made["n"][:] == [None, None, '{"gloss": 1}']


_RUN = """
import datasets, sys
from zhfix.hosts.datasets import fix_dataset
datasets.disable_progress_bars()
source = datasets.load_dataset("json", data_files=sys.argv[1], cache_dir=sys.argv[2], split="train")
made = fix_dataset(source, **eval(sys.argv[3]))
print(made._fingerprint, made.cache_files[0]["filename"], made["text"][0])
"""


def test_another_process_finds_the_cache(datasets: Any, tmp_path: Path) -> None:
    data = tmp_path / "data.jsonl"
    data.write_text('{"text": "發(fā)展"}\n{"text": null}\n', encoding="utf-8")

    def run(options: str) -> tuple[list[str], set[Path]]:
        args = [sys.executable, "-c", _RUN, str(data), str(tmp_path / "cache"), options]
        done = subprocess.run(args, capture_output=True, text=True, check=True)
        return done.stdout.split(), set((tmp_path / "cache").rglob("cache-*.arrow"))

    first, files = run("{'to': 'hans', 'skip': ['quote']}")
    assert first[2] == "发展" and len(files) == 1
    age = next(iter(files)).stat().st_mtime_ns
    again, files = run("{'skip': ['quote'], 'to': 'zh-CN'}")
    assert again == first and len(files) == 1 and next(iter(files)).stat().st_mtime_ns == age
    other, files = run("{'to': 'hant'}")
    assert other[0] != first[0] and other[2] == "發展" and len(files) == 2


def test_the_fingerprint_knows_the_version(datasets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from datasets.fingerprint import Hasher

    from zhfix.hosts import datasets as host

    first = Hasher.hash(host.FixBatch(to="hans"))
    assert first == Hasher.hash(host.FixBatch(to="hans")) != Hasher.hash(host.FixBatch(to="hant"))
    monkeypatch.setattr(host, "__version__", "0.0")
    assert Hasher.hash(host.FixBatch(to="hans")) != first


def test_wrong_options_fail_before_the_map(datasets: Any) -> None:
    from zhfix.hosts.datasets import fix_dataset

    with pytest.raises(zhfix.ZhfixError):
        fix_dataset(datasets.Dataset.from_dict({"text": ["a"]}), to="latin")
