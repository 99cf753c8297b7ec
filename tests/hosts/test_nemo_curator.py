"""NeMo Curator: the modifier inside `Modify`, and the stage, on its own batches and in a pipeline.

NeMo Curator depends on torch with CUDA (6 GB), so it is in no extra and CI leaves these out;
`pip install nemo-curator` beside zhfix runs them.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

import zhfix
from zhfix.hosts.batch import totals

pytestmark = [pytest.mark.filterwarnings("ignore")]  # torch's and Ray's own, of any version


@pytest.fixture(scope="module", autouse=True)
def _host() -> None:
    pytest.importorskip(
        "nemo_curator", reason="needs nemo-curator, which needs torch with CUDA (6 GB): not in CI"
    )


def _batch(rows: list[dict[str, Any]], is_arrow: bool) -> Any:
    import pandas as pd
    import pyarrow as pa
    from nemo_curator.tasks import DocumentBatch

    data = pa.Table.from_pylist(rows) if is_arrow else pd.DataFrame(rows)
    return DocumentBatch(dataset_name="pages", data=data)


@pytest.mark.parametrize("is_arrow", [True, False])
def test_the_modifier(is_arrow: bool, rows: list[dict[str, Any]], fixed: list[str | None]) -> None:
    import pandas as pd
    from nemo_curator.stages.text.modifiers import Modify

    from zhfix.hosts.nemo_curator import ZhFix

    stage = Modify(modifier_fn=pickle.loads(pickle.dumps(ZhFix(to="hans"))), input_fields="text")
    made = stage.process(_batch(rows, is_arrow)).to_pandas()
    assert [None if pd.isna(text) else text for text in made["text"]] == fixed * 30
    assert made["id"].to_list() == [row["id"] for row in rows]


@pytest.mark.parametrize("is_arrow", [True, False])
def test_the_stage(
    is_arrow: bool, rows: list[dict[str, Any]], fixed: list[str | None], edits: dict[str, int]
) -> None:
    from zhfix.hosts.nemo_curator import ZhFixStage

    stage = pickle.loads(pickle.dumps(ZhFixStage(to="hans", counts="edits")))
    batch = _batch(rows, is_arrow)
    assert stage.validate_input(batch)
    made = stage.process(batch).to_pyarrow()
    assert made.column("text").to_pylist() == fixed * 30
    assert made.column("id").to_pylist() == [row["id"] for row in rows]
    assert totals(made.column("edits").to_pylist()) == {k: 30 * n for k, n in edits.items()}
    metrics = stage._consume_custom_metrics()
    assert metrics == {
        "zhfix_edits": 30 * sum(edits.values()),
        **{f"zhfix_edits_{rule}": 30 * n for rule, n in edits.items()},
    }


def test_wrong_options_fail_where_they_are_written() -> None:
    from zhfix.hosts.nemo_curator import ZhFix, ZhFixStage

    with pytest.raises(zhfix.ZhfixError):
        ZhFix(to="latin")
    with pytest.raises(zhfix.ZhfixError):
        ZhFixStage(to="latin")


def test_a_pipeline_from_files_to_files(
    tmp_path: Path, rows: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader, our stage and the writer on Ray, as a user runs them."""
    import json

    from nemo_curator.backends.ray_data import RayDataExecutor
    from nemo_curator.pipeline import Pipeline
    from nemo_curator.stages.text.io.reader import JsonlReader
    from nemo_curator.stages.text.io.writer import JsonlWriter

    from zhfix.hosts.nemo_curator import ZhFixStage

    (tmp_path / "in").mkdir()
    for shard in range(2):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows[shard::2]]
        (tmp_path / "in" / f"{shard}.jsonl").write_text("".join(lines), encoding="utf-8")
    pipeline = Pipeline(
        name="repair",
        stages=[
            JsonlReader(str(tmp_path / "in"), files_per_partition=1),
            ZhFixStage(to="hans"),
            JsonlWriter(str(tmp_path / "out")),
        ],
    )
    pipeline.run(RayDataExecutor())
    made = {}
    for path in (tmp_path / "out").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            made[row["id"]] = row["text"]
    texts = zhfix.Fixer("hans").fix_many(row["text"] for row in rows)
    assert made == {row["id"]: text for row, text in zip(rows, texts, strict=True)}
