"""Arrow tables and record batches: types, other columns and nulls stay."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from zhfix.hosts.batch import totals

pa = pytest.importorskip("pyarrow", reason="needs the extra zhfix[arrow]")


@pytest.fixture
def table(rows: list[dict[str, Any]]) -> Any:
    return pa.Table.from_pylist(rows)


def test_a_table_keeps_all_but_its_damage(
    table: Any, rows: list[dict[str, Any]], fixed: list[str | None], edits: dict[str, int]
) -> None:
    from zhfix.hosts.arrow import ArrowFix

    made = ArrowFix(to="hans", counts="edits")(table)
    assert made.column("text").to_pylist() == fixed * 30
    assert made.select(["id", "tags", "url"]).to_pylist() == [
        {key: row[key] for key in ("id", "tags", "url")} for row in rows
    ]
    assert made.schema.names == ["id", "text", "tags", "url", "edits"]
    assert totals(made.column("edits").to_pylist()) == {k: 30 * n for k, n in edits.items()}


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.dictionary(pa.int32(), pa.string()),
    ],
    ids=str,
)
@pytest.mark.parametrize("is_batch", [False, True])
def test_the_type_stays(
    kind: Any, is_batch: bool, texts: list[str | None], fixed: list[str | None]
) -> None:
    from zhfix.hosts.arrow import ArrowFix

    schema = pa.schema([pa.field("text", kind, metadata={"lang": "zh"})], {"made": "by us"})
    table = pa.table([pa.array(texts, pa.string()).cast(kind)], schema=schema)
    given = table.to_batches()[0] if is_batch else table
    made = pickle.loads(pickle.dumps(ArrowFix(to="hans")))(given)
    assert type(made) is type(given) and made.schema.equals(given.schema, check_metadata=True)
    assert made.column(0).to_pylist() == fixed


def test_chunks_and_emptiness() -> None:
    from zhfix.hosts.arrow import ArrowFix

    fix = ArrowFix(to="hans", counts="n")
    chunked = pa.table({"text": pa.chunked_array([["發(fā)展"], [], [None, "好"]], pa.string())})
    assert fix(chunked).column("text").to_pylist() == ["发展", None, "好"]
    assert fix(chunked.slice(0, 0)).num_rows == 0
    nulls = pa.table({"text": pa.nulls(2)})
    assert fix(nulls).to_pylist() == [{"text": None, "n": None}] * 2


def test_a_clean_table_is_the_same_object() -> None:
    from zhfix.hosts.arrow import ArrowFix

    table = pa.table({"text": ["干净的文字", None]})
    assert ArrowFix()(table) is table


def test_errors_name_the_column() -> None:
    from zhfix.hosts.arrow import ArrowFix

    with pytest.raises(KeyError, match="no column 'body': there are text"):
        ArrowFix("body")(pa.table({"text": ["a"]}))
    with pytest.raises(TypeError, match="column 'text' holds int64"):
        ArrowFix()(pa.table({"text": [1]}))
    with pytest.raises(ValueError, match="column 'text' already"):
        ArrowFix(counts="text")(pa.table({"text": ["a"]}))
