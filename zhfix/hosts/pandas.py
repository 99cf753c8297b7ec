"""pandas: `series.zhfix.fix(to="hans")`. Importing this module registers the accessor."""

from __future__ import annotations

import pandas as pd

from zhfix.hosts.column import TextColumn

__all__ = ["ZhFixAccessor"]


@pd.api.extensions.register_series_accessor("zhfix")
class ZhFixAccessor(TextColumn):
    """What `series.zhfix` offers; index, name, type and missing values stay.

    >>> pd.Series(["高質(zhì)量發(fā)展", None]).zhfix.fix(to="hans")[0]
    '高质量发展'
    """

    def __init__(self, series: pd.Series) -> None:
        kind = series.dtype
        # a category holds only the texts it has seen: the result has the type of its texts
        self._type = kind.categories.dtype if isinstance(kind, pd.CategoricalDtype) else kind
        # pandas wants AttributeError where an accessor does not fit; a column that has nothing but
        # missing values is of any type
        if not pd.api.types.is_string_dtype(self._type) and series.notna().any():
            raise AttributeError(f"zhfix needs a column of strings; this one is {series.dtype}")
        self._series = series

    def _texts(self) -> list[str | None]:
        missing = self._series.isna()
        return [None if gone else text for text, gone in zip(self._series, missing, strict=True)]

    def _made(self, values: list[str | None]) -> pd.Series:
        return pd.Series(values, index=self._series.index, name=self._series.name, dtype=self._type)
