"""Polars: `pl.col("text").zhfix.fix(to="hans")`, on expressions and on series.

Importing this module registers the namespace.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from zhfix.hosts.batch import Batch
from zhfix.hosts.column import TextColumn

__all__ = ["ZhFixExpr", "ZhFixSeries"]


@pl.api.register_series_namespace("zhfix")
class ZhFixSeries(TextColumn):
    """What `series.zhfix` offers; nulls and the name of the series stay.

    >>> pl.Series(["高質(zhì)量發(fā)展", None]).zhfix.fix(to="hans").to_list()
    ['高质量发展', None]
    """

    def __init__(self, series: pl.Series) -> None:
        self._series = series

    def _texts(self) -> list[str | None]:
        if self._series.dtype not in (pl.String, pl.Categorical, pl.Enum, pl.Null):
            raise TypeError(
                f"column {self._series.name!r} is {self._series.dtype}, not String: cast it first"
            )
        texts: list[str | None] = self._series.to_list()
        return texts

    def _made(self, values: list[str | None]) -> pl.Series:
        return pl.Series(self._series.name, values, dtype=pl.String)


@pl.api.register_expr_namespace("zhfix")
class ZhFixExpr:
    """What `expr.zhfix` offers, eager and lazy: the methods of `ZhFixSeries`.

    >>> frame = pl.DataFrame({"text": ["高質(zhì)量發(fā)展", None]}).lazy()
    >>> frame.select(pl.col("text").zhfix.counts()).collect().rows()
    [('{"gloss": 2}',), (None,)]
    """

    def __init__(self, expr: pl.Expr) -> None:
        self._expr = expr

    def fix(self, to: str = "auto", **options: Any) -> pl.Expr:
        """`TextColumn.fix` of the column."""
        Batch(to=to, **options)  # a wrong option fails here, not when the plan runs
        return self._later("fix", to, **options)

    def counts(self, to: str = "auto", **options: Any) -> pl.Expr:
        """`TextColumn.counts` of the column."""
        Batch(to=to, **options)
        return self._later("counts", to, **options)

    def verdict(self) -> pl.Expr:
        """`TextColumn.verdict` of the column."""
        return self._later("verdict")

    def convert(self, to: str, **options: Any) -> pl.Expr:
        """`TextColumn.convert` of the column."""
        return self._later("convert", to, **options)

    def _later(self, method: str, *args: str, **options: Any) -> pl.Expr:
        def run(series: pl.Series) -> pl.Series:
            made: pl.Series = getattr(ZhFixSeries(series), method)(*args, **options)
            return made

        return self._expr.map_batches(run, return_dtype=pl.String, is_elementwise=True)
