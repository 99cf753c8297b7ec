"""Hugging Face datasets: a batched function for `map` whose cache survives the process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhfix import __version__
from zhfix.hosts.batch import Batch, parted

__all__ = ["FixBatch", "fix_dataset"]


class FixBatch:
    """A function for `Dataset.map(…, batched=True)`: one column repaired, the others as they were.

    `datasets` hashes a function by its pickle to find the cached result of an earlier run. This one
    pickles as column, options and the version of zhfix: the same in every process, and another one
    after an update.

    >>> FixBatch("text", to="hans")({"text": ["高質(zhì)量發(fā)展", None]})
    {'text': ['高质量发展', None]}
    """

    def __init__(self, column: str = "text", *, counts: str | None = None, **options: Any) -> None:
        self.column = column
        self.counts = counts
        self.batch = Batch(**options)
        self.version = __version__

    def __call__(self, batch: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
        """The repaired column, and the column of counts if there is one."""
        if self.counts is None:
            return {self.column: self.batch.column(batch[self.column])}
        fixed, notes = self.batch.noted(batch[self.column])
        return {self.column: fixed, self.counts: notes}


def fix_dataset(
    dataset: Any, column: str = "text", *, counts: str | None = None, **arguments: Any
) -> Any:
    """A `Dataset`, `IterableDataset` or dictionary of them with one column repaired.

    `counts` names a string column to add: the edits per rule as JSON, null where nothing changed.
    `arguments` are options of `zhfix.Fixer` (`to`, `skip`, …) and of `map` (`num_proc`,
    `batch_size`, …).
    """
    if isinstance(dataset, dict):
        made = {
            name: fix_dataset(split, column, counts=counts, **arguments)
            for name, split in dataset.items()
        }
        return type(dataset)(made)
    options, of_map = parted(arguments)
    features = dataset.features  # None for a stream whose types are not known yet
    if counts is not None and features is not None:
        # a first batch without edits would make the column of counts one of nulls
        of_map.setdefault("features", _with_counts(features, counts))
    return dataset.map(FixBatch(column, counts=counts, **options), batched=True, **of_map)


def _with_counts(features: Any, counts: str) -> Any:
    from datasets import Features, Value  # only here: the function itself needs no host

    return Features({**features, counts: Value("string")})
