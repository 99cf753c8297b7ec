"""datatrove: a pipeline step that repairs each document and counts what it did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from datatrove.pipeline.base import PipelineStep

from zhfix.hosts.batch import Batch

__all__ = ["ZhFix"]


class ZhFix(PipelineStep):
    """A formatter: `text` of each document repaired, all else as it was.

    The stats count `total`, `changed` and `edits` documents and, per rule, `edits/gloss` and so on.
    With `note`, a changed document says so in `metadata["zhfix"]` (edits per rule). It is a plain
    `PipelineStep`, since importing `datatrove.pipeline.formatters` needs the extra `processing`.

    Args:
        to: target script, and other options of `zhfix.Fixer` by name.
        note: whether changed documents are marked in their metadata.
    """

    type = "✂️ - FORMAT"
    name = "🀄 zhfix"

    def __init__(self, to: str = "auto", *, note: bool = False, **options: Any) -> None:
        super().__init__()
        self.note = note
        self.batch = Batch(to=to, **options)

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """The documents of `data`, repaired one by one."""
        for doc in data:
            self.stat_update("total")
            with self.track_time():
                fixed, found = self.batch.counted(doc.text)
            if found:
                doc.text = fixed
                self.stat_update("changed")
                self.stat_update("edits", value=sum(found.values()))
                for rule, n in found.items():
                    self.stat_update(f"edits/{rule}", value=n)
                if self.note:
                    doc.metadata["zhfix"] = found
            yield doc
