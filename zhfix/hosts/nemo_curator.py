"""NeMo Curator: a modifier for `Modify`, and a stage of its own that also counts."""

from __future__ import annotations

from typing import Any

from nemo_curator.stages.base import ProcessingStage
from nemo_curator.stages.text.modifiers.doc_modifier import DocumentModifier
from nemo_curator.tasks import DocumentBatch

from zhfix.hosts.arrow import ArrowFix
from zhfix.hosts.batch import Batch, totals

__all__ = ["ZhFix", "ZhFixStage"]


class ZhFix(DocumentModifier):
    """The modifier: `Modify(modifier_fn=ZhFix(to="hans"), input_fields="text")`."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.batch = Batch(**options)

    def modify_document(self, text: Any) -> Any:
        """The text repaired; a missing cell (None, or NaN from pandas) stays as it is."""
        return self.batch.fixer.fix(text) if isinstance(text, str) else text


class ZhFixStage(ProcessingStage[DocumentBatch, DocumentBatch]):
    """The stage: one column of each batch repaired as Arrow, all else as it was.

    `counts` names a string column to add: the edits per rule as JSON, null where nothing changed.
    With it, the stage's metrics have `zhfix_edits` and, per rule, `zhfix_edits_gloss` and so on.
    """

    name = "zhfix"

    def __init__(self, column: str = "text", *, counts: str | None = None, **options: Any) -> None:
        self.fix = ArrowFix(column, counts=counts, **options)

    def inputs(self) -> tuple[list[str], list[str]]:
        """The column it reads."""
        return ["data"], [self.fix.column]

    def outputs(self) -> tuple[list[str], list[str]]:
        """The columns it writes."""
        counts = self.fix.counts
        return ["data"], [self.fix.column] if counts is None else [self.fix.column, counts]

    def process(self, task: DocumentBatch) -> DocumentBatch:
        """The batch repaired."""
        table = self.fix(task.to_pyarrow())
        if self.fix.counts is not None:
            found = totals(table.column(self.fix.counts).to_pylist())
            self._log_metrics({f"zhfix_edits_{rule}": n for rule, n in found.items()})
            self._log_metric("zhfix_edits", sum(found.values()))
        return DocumentBatch(
            dataset_name=task.dataset_name,
            data=table,
            _metadata=task._metadata,
            _stage_perf=task._stage_perf,
        )
