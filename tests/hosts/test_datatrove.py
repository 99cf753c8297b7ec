"""datatrove: a pipeline over sharded JSONL.gz, run by its own executor in two processes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

import zhfix

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]


@pytest.fixture(scope="module", autouse=True)
def _host() -> None:
    pytest.importorskip("datatrove", reason="needs the extra zhfix[datatrove]")


def _shards(folder: Path, rows: list[dict[str, Any]], n: int) -> None:
    folder.mkdir()
    for shard in range(n):
        with gzip.open(folder / f"{shard:05}.jsonl.gz", "wt", encoding="utf-8") as file:
            for row in rows[shard::n]:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


@pytest.mark.parametrize("workers", [1, 2])
def test_shards_through_the_local_executor(
    tmp_path: Path, rows: list[dict[str, Any]], edits: dict[str, int], workers: int
) -> None:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from zhfix.hosts.datatrove import ZhFix

    documents = [row for row in rows if row["text"]]  # its reader drops documents without text
    _shards(tmp_path / "in", documents, 4)
    executor = LocalPipelineExecutor(
        pipeline=[
            JsonlReader(str(tmp_path / "in")),
            ZhFix("hans", note=True),
            JsonlWriter(str(tmp_path / "out"), output_filename="${rank}.jsonl.gz"),
        ],
        tasks=4,
        workers=workers,
        logging_dir=str(tmp_path / "logs"),
    )
    stats = executor.run()

    made = {}
    for path in sorted((tmp_path / "out").glob("*.jsonl.gz")):
        for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
            row = json.loads(line)
            made[int(row["id"])] = row
    assert sorted(made) == [row["id"] for row in documents]
    for row in documents:
        repair = zhfix.explain(row["text"], "hans")
        out = made[row["id"]]
        assert out["text"] == repair.text
        assert out["metadata"]["tags"] == row["tags"]
        assert out["metadata"].get("zhfix", {}) == repair.counts()

    counted = next(step for step in stats.stats if step.name.endswith("zhfix")).stats
    assert counted["total"].total == len(documents)
    assert counted["changed"].total == sum("zhfix" in row["metadata"] for row in made.values())
    assert counted["edits"].total == 30 * sum(edits.values())
    for rule, n in edits.items():
        assert counted[f"edits/{rule}"].total == 30 * n


def test_a_document_keeps_its_objects() -> None:
    from datatrove.data import Document

    from zhfix.hosts.datatrove import ZhFix

    docs = [Document("發(fā)展", "1", metadata={"k": 1}), Document("", "2"), Document("好", "3")]
    step = ZhFix(to="hans")
    made = list(step.run(iter(docs)))
    assert [doc.text for doc in made] == ["发展", "", "好"]
    assert all(a is b for a, b in zip(docs, made, strict=True))
    assert made[0].metadata == {"k": 1}
    with pytest.raises(zhfix.ZhfixError):
        ZhFix(to="latin")
