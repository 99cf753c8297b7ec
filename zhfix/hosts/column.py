"""The methods that a column of text has under the name `zhfix`, in Polars and pandas alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from zhfix.api import convert_many
from zhfix.hosts.batch import Batch, verdicts

__all__ = ["TextColumn"]


class TextColumn(ABC):
    """What `column.zhfix` offers; a host says how texts come out of its columns and go back in."""

    def fix(self, to: str = "auto", **options: Any) -> Any:
        """Each text repaired; the options are those of `zhfix.Fixer`."""
        return self._made(Batch(to=to, **options).column(self._texts()))

    def counts(self, to: str = "auto", **options: Any) -> Any:
        """What `fix` would do: the edits per rule as JSON, missing where nothing changes."""
        return self._made(Batch(to=to, **options).noted(self._texts())[1])

    def verdict(self) -> Any:
        """The script of each text: hans, hant, mixed, shared or none."""
        return self._made(verdicts(self._texts()))

    def convert(self, to: str, **options: Any) -> Any:
        """Each text in the script `to`, without repair; the options are those of
        `zhfix.convert`.
        """
        return self._made(convert_many(self._texts(), to, **options))

    @abstractmethod
    def _texts(self) -> list[str | None]:
        """The texts of the column."""

    @abstractmethod
    def _made(self, values: list[str | None]) -> Any:
        """A column of the host with `values`."""
