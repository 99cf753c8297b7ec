"""Ray Data: actors that repair Arrow batches, tables loaded once per actor."""

from __future__ import annotations

from typing import Any

from zhfix.hosts.arrow import ArrowFix
from zhfix.hosts.batch import parted

__all__ = ["FixBatch", "fix_dataset"]


class FixBatch(ArrowFix):
    """The class to give to `Dataset.map_batches`, with `batch_format="pyarrow"`.

    Arrow, because a function on the default format that returns its text column alone drops all
    other columns, and because those batches are read-only arrays.
    """


def fix_dataset(
    dataset: Any,
    column: str = "text",
    *,
    counts: str | None = None,
    workers: int = 1,
    **arguments: Any,
) -> Any:
    """A `ray.data.Dataset` with one column repaired by `workers` actors.

    `counts` names a string column to add: the edits per rule as JSON, null where nothing changed.
    `arguments` are options of `zhfix.Fixer` (`to`, `skip`, …) and of `map_batches` (`batch_size`,
    `num_cpus`, …).
    """
    from ray.data import ActorPoolStrategy  # `FixBatch` alone needs Arrow only

    options, of_map = parted(arguments)
    FixBatch(column, counts=counts, **options)  # a wrong option fails here, not in an actor
    return dataset.map_batches(
        FixBatch,
        fn_constructor_kwargs={"column": column, "counts": counts, **options},
        **{
            "batch_format": "pyarrow",
            "compute": ActorPoolStrategy(size=workers),
            "udf_modifying_row_count": False,
            **of_map,
        },
    )
