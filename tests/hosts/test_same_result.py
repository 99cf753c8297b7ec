"""One corpus of shards through a plain loop, the command, datatrove, Ray Data and Spark: the same records from all."""

from __future__ import annotations

import gzip
import importlib.util
import json
import shutil
from pathlib import Path
from types import ModuleType

import pytest

import zhfix


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, seeds: dict[str, str]) -> Path:
    """Three shards: the seeds' paragraphs, damaged and clean, and odd ones."""
    folder = tmp_path_factory.mktemp("corpus") / "in"
    folder.mkdir()
    texts = [line for name in sorted(seeds) for line in seeds[name].split("\n") if line][:60]
    texts += ["人們?nèi)绾闻c世界", "a\r\nb\t\u0085\u2028c", "😀𠮷\x00", '"\\/<>&', "浣犲ソ，ä¸­æ–‡"]
    for shard in range(3):
        rows = [
            {"id": f"{i:04}", "text": text, "url": f"https://example.org/{i}?a=1&b=2"}
            for i, text in list(enumerate(texts))[shard::3]
        ]
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{shard:05}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    return folder


@pytest.mark.parametrize("job", ["plain", "command", "datatrove", "ray", "spark"])
def test_every_way_gives_what_fix_gives(
    job: str, jobs: ModuleType, corpus: Path, tmp_path: Path
) -> None:
    missing = {"datatrove": "datatrove", "ray": "ray", "spark": "pyspark"}.get(job, "zhfix")
    if importlib.util.find_spec(missing) is None:
        pytest.skip(f"needs the extra zhfix[{job}]")
    if job == "spark" and shutil.which("java") is None:
        pytest.skip("Spark needs Java (Debian: openjdk-17-jre-headless)")
    jobs.run_alone(job, corpus, tmp_path / "out", 2, True)
    made = jobs.records(tmp_path / "out")
    before = jobs.records(corpus)
    fixer = zhfix.Fixer()
    want = [{**record, "text": fixer.fix(str(record["text"]))} for record in before]
    assert made == want
    assert want != before
