"""data-juicer: the operator `zhfix_mapper`.

Importing this module registers it; a recipe reaches it with
`custom_operator_paths: [<this file>]` and `process: [{zhfix_mapper: {options: {to: hans}}}]`. The
file is not called data_juicer.py because data-juicer refuses a path whose name is loaded already.
"""

from __future__ import annotations

from typing import Any

from data_juicer.ops.base_op import OPERATORS, Mapper

from zhfix.hosts.batch import Batch

__all__ = ["ZhfixMapper"]


# force: the file may be loaded by path after it was imported by name
@OPERATORS.register_module("zhfix_mapper", force=True)
class ZhfixMapper(Mapper):
    """Repairs damaged Chinese text with zhfix; other fields and missing texts stay."""

    _batched_op = True

    def __init__(
        self,
        options: dict[str, Any] | None = None,
        counts_key: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Initialization method.

        :param options: options of `zhfix.Fixer`, such as `{"to": "hans"}`
        :param counts_key: name of a field to add: the edits per rule as JSON, null where nothing
            changed
        :param args: extra args
        :param kwargs: extra args
        """
        super().__init__(*args, **kwargs)
        self.batch = Batch(**(options or {}))
        self.counts_key = counts_key

    def process_batched(self, samples: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """The samples with their texts repaired."""
        texts = samples[self.text_key]
        if self.counts_key is None:
            samples[self.text_key] = self.batch.column(texts)
        else:
            samples[self.text_key], samples[self.counts_key] = self.batch.noted(texts)
        return samples
