"""What the hosts share: a repair that pickles as its options, keeps nulls and counts its edits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from zhfix.api import Fixer, detect
from zhfix.options import Options
from zhfix.report import counts

__all__ = ["Batch", "note", "parted", "totals", "verdicts"]


class Batch:
    """A repair for whole columns: each text on its own, None stays None, edits can be counted.

    The options are checked where it is made, so a wrong one fails on the driver and not in a
    worker. It pickles as its options, sorted: the same options give the same bytes, which is what
    caches hash. The tables it uses are loaded once per process, whoever asks for them.

    >>> batch = Batch(to="hans")
    >>> batch.column(["高質(zhì)量發(fā)展", None, "干净的文字"])
    ['高质量发展', None, '干净的文字']
    >>> batch.counted("高質(zhì)量發(fā)展")
    ('高质量发展', {'gloss': 2, 'script': 2})

    Raises: OptionError for an unknown option or value, as `zhfix.Fixer` does.
    """

    __slots__ = ("fixer",)

    def __init__(self, **options: Any) -> None:
        self.fixer = Fixer.from_dict(options)

    def __getstate__(self) -> dict[str, Any]:
        return dict(sorted(self.fixer.as_dict().items()))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.fixer = Fixer.from_dict(state)

    def __eq__(self, other: object) -> bool:
        return self.fixer == other.fixer if isinstance(other, Batch) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.fixer)

    def column(self, texts: Iterable[str | None]) -> list[str | None]:
        """The texts repaired, in order; None stays None."""
        return self.fixer.fix_many(texts)

    def counted(self, text: str) -> tuple[str, dict[str, int]]:
        """The repaired text and the number of edits per rule; the same object and {} when there is
        nothing to do.

        Only a text that changes is explained, so clean text costs no more than `fix`.
        """
        fixed = self.fixer.fix(text)
        return (text, {}) if fixed is text else (fixed, self._counts(text))

    def noted(self, texts: Iterable[str | None]) -> tuple[list[str | None], list[str | None]]:
        """Two columns: the repaired texts, and for each that changed its `note`."""
        before = list(texts)
        fixed = self.column(before)
        notes = [
            None if text is None or after is text else note(self._counts(text))
            for text, after in zip(before, fixed, strict=True)
        ]
        return fixed, notes

    def _counts(self, text: str) -> dict[str, int]:
        return counts(self.fixer.explain(text).edits)


def parted(arguments: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keyword arguments as two: the options of `zhfix.Fixer`, and what is meant for the host.

    >>> parted({"to": "hans", "num_proc": 2})
    ({'to': 'hans'}, {'num_proc': 2})
    """
    ours = {name: value for name, value in arguments.items() if name in Options._fields}
    return ours, {name: value for name, value in arguments.items() if name not in ours}


def note(found: dict[str, int]) -> str | None:
    """Edits per rule as JSON, for a column of strings, the type that every host has; None for no
    edits.

    >>> note({"gloss": 2}), note({})
    ('{"gloss": 2}', None)
    """
    return json.dumps(found) if found else None


def totals(notes: Iterable[str | None]) -> dict[str, int]:
    """The edits per rule of a whole column of notes, sorted by name.

    >>> totals(['{"gloss": 2}', None, '{"gloss": 1, "script": 4}'])
    {'gloss': 3, 'script': 4}
    """
    found: dict[str, int] = {}
    for line in notes:
        for rule, n in json.loads(line).items() if line else ():
            found[rule] = found.get(rule, 0) + n
    return dict(sorted(found.items()))


def verdicts(texts: Iterable[str | None]) -> list[str | None]:
    """The script each text is in, as `zhfix.detect` names it; None stays None.

    >>> verdicts(["头发", "頭髮", "头髮", "OK", None])
    ['hans', 'hant', 'mixed', 'none', None]
    """
    return [None if text is None else detect(text).verdict for text in texts]
