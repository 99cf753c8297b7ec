"""Arrow tables and record batches: the shape in which Ray and Spark hand over their rows."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from zhfix.hosts.batch import Batch

__all__ = ["ArrowFix"]


class ArrowFix:
    """A callable that repairs one column of a `pyarrow.Table` or `RecordBatch`.

    The other columns, the nulls, the order and the column's type stay; a batch without damage comes
    back as the same object. `counts` names a string column to add: the edits per rule as JSON, null
    where nothing changed (`zhfix.hosts.batch.totals` adds them up).

    >>> table = pa.table({"id": [1, 2], "text": ["高質(zhì)量發(fā)展", None]})
    >>> made = ArrowFix("text", to="hans", counts="edits")(table)
    >>> made.column("text").to_pylist(), made.column("edits").to_pylist()
    (['高质量发展', None], ['{"gloss": 2, "script": 2}', None])
    """

    def __init__(self, column: str = "text", *, counts: str | None = None, **options: Any) -> None:
        self.column = column
        self.counts = counts
        self.batch = Batch(**options)

    def __call__(self, table: Any) -> Any:
        """The table or record batch with its column repaired.

        Raises: KeyError when there is no such column, TypeError when it holds no strings,
        ValueError when there is a column of counts already.
        """
        names = table.schema.names
        if self.column not in names:
            raise KeyError(f"no column {self.column!r}: there are {', '.join(names)}")
        if self.counts in names:
            raise ValueError(f"there is a column {self.counts!r} already: name another for counts")
        at = names.index(self.column)
        field = table.schema.field(at)
        plain = _plain(field)
        texts = table.column(at).to_pylist()
        if self.counts is None:
            fixed, notes = self.batch.column(texts), None
        else:
            fixed, notes = self.batch.noted(texts)
        if any(after is not before for after, before in zip(fixed, texts, strict=True)):
            made = pa.array(fixed, plain)
            if plain != field.type:
                made = made.cast(field.type)
            table = table.set_column(at, field, made)
        if notes is not None:
            added = pa.field(self.counts, pa.string())
            table = table.append_column(added, pa.array(notes, pa.string()))
        return table


def _plain(field: Any) -> Any:
    """The type to build strings in: a dictionary grows new values, so it is encoded afterwards."""
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    is_text = (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_null(kind)
    )
    if not is_text:
        raise TypeError(f"column {field.name!r} holds {kind}, not strings: name another column")
    return kind
