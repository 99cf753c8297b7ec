"""Spark: a frame with one column repaired by `mapInArrow`, and a pandas UDF for SQL and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from zhfix.hosts.batch import Batch

__all__ = ["fix_frame", "fix_udf"]


def fix_frame(
    frame: Any, column: str = "text", *, counts: str | None = None, **options: Any
) -> Any:
    """A DataFrame with one string column repaired; other columns, nulls and partitions stay.

    `counts` names a string column to add: the edits per rule as JSON, null where nothing changed.
    They are data and no accumulator, which would count a repeated task twice.

    Raises: OptionError here, on the driver, for a wrong option.
    """
    from pyspark.sql.types import StringType, StructField, StructType

    from zhfix.hosts.arrow import ArrowFix

    schema = frame.schema
    if counts is not None:
        schema = StructType([*schema.fields, StructField(counts, StringType())])
    fix = ArrowFix(column, counts=counts, **options)
    return frame.mapInArrow(partial(_each, fix), schema)


def _each(fix: Callable[[Any], Any], batches: Iterable[Any]) -> Iterator[Any]:
    """Every record batch of a partition, repaired."""
    return map(fix, batches)


def fix_udf(**options: Any) -> Any:
    """A pandas UDF from string to string, for `withColumn`, `select` and `spark.udf.register`.

    Raises: OptionError here, on the driver, for a wrong option.
    """
    import pandas as pd
    from pyspark.sql.functions import pandas_udf

    batch = Batch(**options)

    def fix(columns: Iterator[pd.Series]) -> Iterator[pd.Series]:
        for column in columns:
            texts = [
                None if missing else text
                for text, missing in zip(column, column.isna(), strict=True)
            ]
            yield pd.Series(batch.column(texts), dtype=object)

    # Spark reads the hints, which `from __future__ import annotations` has made strings
    fix.__annotations__ = {"columns": Iterator[pd.Series], "return": Iterator[pd.Series]}
    return pandas_udf(fix, "string")
