"""Spark on two local threads: mapInArrow, the pandas UDF, SQL."""

from __future__ import annotations

from typing import Any

import pytest

import zhfix
from zhfix.hosts.batch import totals

pytestmark = [
    # PySpark 4.3 warns on every use of pandas 3
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # py4j's sockets
]
_SCHEMA = "id long, text string, tags array<string>, url string"


def _frame(spark: Any, rows: list[dict[str, Any]]) -> Any:
    data = [(row["id"], row["text"], row["tags"], row["url"]) for row in rows]
    return spark.createDataFrame(data, _SCHEMA).repartition(4)


def test_map_in_arrow(
    spark: Any, rows: list[dict[str, Any]], fixed: list[str | None], edits: dict[str, int]
) -> None:
    from zhfix.hosts.spark import fix_frame

    frame = _frame(spark, rows)
    made = fix_frame(frame, to="hans", counts="edits")
    assert made.columns == ["id", "text", "tags", "url", "edits"]
    assert made.rdd.getNumPartitions() == 4
    out = sorted(made.collect())
    assert [row.text for row in out] == fixed * 30
    assert totals(row.edits for row in out) == {rule: 30 * n for rule, n in edits.items()}
    assert [(row.id, row.tags, row.url) for row in out] == [
        (row["id"], row["tags"], row["url"]) for row in rows
    ]
    assert fix_frame(frame, to="hans").schema == frame.schema


def test_the_udf_in_columns_and_sql(
    spark: Any, rows: list[dict[str, Any]], fixed: list[str | None]
) -> None:
    from zhfix.hosts.spark import fix_udf

    frame = _frame(spark, rows)
    udf = fix_udf(to="hans")
    out = frame.withColumn("text", udf("text")).orderBy("id").collect()
    assert [row.text for row in out] == fixed * 30
    spark.udf.register("zhfix", udf)
    frame.createOrReplaceTempView("pages")
    out = spark.sql("SELECT zhfix(text) AS text FROM pages ORDER BY id").collect()
    assert [row.text for row in out] == fixed * 30


def test_tables_are_loaded_once_per_worker(spark: Any) -> None:
    """Spark keeps its Python workers: the partitions of a second job find the tables there."""
    from pyspark.sql.types import LongType, StructField, StructType

    from zhfix.hosts.arrow import ArrowFix

    fix = ArrowFix(to="hans")

    def watched(batches: Any) -> Any:
        import os

        import pyarrow as pa

        from zhfix.tables import load_rows

        for batch in batches:
            fix(batch)
            row = [os.getpid(), load_rows.cache_info().misses]
            yield pa.record_batch([[value] for value in row], names=["pid", "misses"])

    schema = StructType([StructField("pid", LongType()), StructField("misses", LongType())])
    frame = spark.createDataFrame([("高質(zhì)量發(fā)展經濟",)] * 16, "text string").repartition(8)
    seen = [
        (row.pid, row.misses)
        for _ in range(2)
        for row in frame.mapInArrow(watched, schema).collect()
    ]
    assert len(seen) > len({pid for pid, _ in seen})  # workers were used again
    assert len(set(seen)) == len({pid for pid, _ in seen})  # and read nothing more


def test_wrong_options_fail_on_the_driver(spark: Any) -> None:
    from zhfix.hosts.spark import fix_frame, fix_udf

    with pytest.raises(zhfix.ZhfixError):
        fix_udf(to="latin")
    with pytest.raises(zhfix.ZhfixError):
        fix_frame(spark.createDataFrame([("a",)], "text string"), to="latin")
