"""Scrapy: an item pipeline that repairs the text fields of each item.

Settings: `ITEM_PIPELINES = {"zhfix.hosts.scrapy.ZhFixPipeline": 300}`, `ZHFIX_FIELDS = ["title",
"body"]` (default: `text`), `ZHFIX_OPTIONS = {"to": "hans"}` (those of `zhfix.Fixer`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from itemadapter import ItemAdapter

from zhfix.hosts.batch import Batch

__all__ = ["ZhFixPipeline"]


class ZhFixPipeline:
    """Repairs strings, and lists of strings, in the named fields; other fields, missing fields and
    None stay.

    The crawl's stats count `zhfix/items`, `zhfix/changed`, `zhfix/edits` and, per rule,
    `zhfix/edits/gloss` and so on.
    """

    def __init__(self, fields: Iterable[str], options: Mapping[str, Any], stats: Any) -> None:
        self.fields = tuple(fields)
        self.batch = Batch(**options)
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Any) -> ZhFixPipeline:
        """The pipeline that the crawler's settings describe; a wrong option ends the crawl here."""
        settings = crawler.settings
        fields = settings.getlist("ZHFIX_FIELDS", ["text"])
        return cls(fields, settings.getdict("ZHFIX_OPTIONS"), crawler.stats)

    def process_item(self, item: Any) -> Any:
        """The item, its fields repaired in place."""
        adapter = ItemAdapter(item)
        self.stats.inc_value("zhfix/items")
        found: dict[str, int] = {}
        for field in self.fields:
            value = adapter.get(field)
            if isinstance(value, str):
                fixed = self._fixed(value, found)
                if fixed is not value:
                    adapter[field] = fixed
            elif isinstance(value, list):  # what `getall` gives
                for i, part in enumerate(value):
                    if isinstance(part, str):
                        value[i] = self._fixed(part, found)
        if found:
            self.stats.inc_value("zhfix/changed")
        for rule, n in found.items():
            self.stats.inc_value("zhfix/edits", n)
            self.stats.inc_value(f"zhfix/edits/{rule}", n)
        return item

    def _fixed(self, text: str, found: dict[str, int]) -> str:
        fixed, counts = self.batch.counted(text)
        for rule, n in counts.items():
            found[rule] = found.get(rule, 0) + n
        return fixed
