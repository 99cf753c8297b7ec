"""What a piece of a file is made of, plain text or records, and how it is repaired: the same in
this process and in a worker.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable

from zhfix.api import Fixer
from zhfix.named import NamedTuple
from zhfix.stream import Piece, encoded, repaired_bytes

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object

__all__ = [
    "Fix",
    "Outcome",
    "Placed",
    "Plan",
    "Problem",
    "Record",
    "RecordPlan",
    "Repairer",
    "TextPlan",
    "repaired_records",
]

Fix = Callable[[str], str]


class Placed(ABC):
    """A fix that is told where its next value stands: `line` counts within the piece, from 0."""

    line = 0

    @abstractmethod
    def __call__(self, value: str) -> str:
        """The value repaired."""


# start and end in the text of a record, and the value that stands there
Span = tuple[int, int, str]


class Problem(NamedTuple):
    """A record that could not be read: its line within the piece, from 0, and why."""

    line: int
    why: str


class Outcome(NamedTuple):
    """A piece repaired. `data` is None where the bytes that came in go out; `n_changed` counts
    records (of plain text, pieces), `n_found` the values that were there to be repaired.
    """

    data: bytes | None
    n_changed: int = 0
    n_records: int = 0
    n_found: int = 0
    n_lines: int = 0
    problems: tuple[Problem, ...] = ()
    is_stopped: bool = False
    edits: tuple[tuple[str, int], ...] = ()


class Plan(Protocol):
    """How the pieces of one file are repaired; it pickles."""

    @property
    def encoding(self) -> str: ...  # noqa: D102  # of the input
    def repaired(self, piece: Piece, fix: Fix) -> Outcome:
        """The piece repaired."""


class TextPlan(NamedTuple):
    """Plain text from `encoding` to `target`."""

    encoding: str
    target: str

    def repaired(self, piece: Piece, fix: Fix) -> Outcome:
        """The blocks of the piece repaired."""
        data, is_changed = repaired_bytes(piece, fix, self.encoding, self.target)
        return Outcome(data, int(is_changed))


class Record(NamedTuple):
    """A record: its bytes, its text, where the values to be repaired stand; or why it is bad."""

    raw: bytes
    text: str = ""
    found: tuple[Span, ...] = ()
    why: str = ""
    is_header: bool = False  # it names the values, and has none


class RecordPlan(Protocol):
    """How records are repaired. `on_error` says what becomes of a bad one: keep, skip or stop."""

    @property
    def encoding(self) -> str: ...  # noqa: D102  # of the input
    @property
    def target(self) -> str: ...  # noqa: D102  # of the output
    @property
    def on_error(self) -> str: ...  # noqa: D102  # keep, skip or stop
    def written(self, value: str, before: str) -> str:
        """A repaired value as it is written where `before` stood."""


def repaired_records(plan: RecordPlan, records: Iterable[Record], fix: Fix) -> Outcome:
    """The records repaired, those that need nothing as the bytes that came in."""
    is_kept = plan.encoding == plan.target
    out: list[bytes] = []
    problems: list[Problem] = []
    n_changed = n_records = n_found = n_lines = 0
    for record in records:
        line, n_lines = n_lines, n_lines + record.raw.count(b"\n")
        if record.raw.isspace():
            out.append(record.raw)
            continue
        n_records += 1
        if record.why:
            problems.append(Problem(line, record.why))
            if plan.on_error == "stop":
                break
            if plan.on_error == "keep":
                out.append(record.raw)
            continue
        n_found += len(record.found) or record.is_header
        if isinstance(fix, Placed):
            fix.line = line
        new = _rewritten(plan, record, fix)
        n_changed += new is not record.text
        is_same = is_kept and new is record.text
        out.append(record.raw if is_same else encoded(new, plan.target))
    is_same = is_kept and not n_changed and (not problems or plan.on_error == "keep")
    return Outcome(
        None if is_same else b"".join(out),
        n_changed,
        n_records,
        n_found,
        n_lines,
        tuple(problems),
        is_stopped=bool(problems) and plan.on_error == "stop",
    )


def _rewritten(plan: RecordPlan, record: Record, fix: Fix) -> str:
    """The record with the repaired values in their places; the same object when none changed."""
    out: list[str] = []
    done = 0
    for start, end, value in record.found:
        fixed = fix(value)
        if fixed != value:
            out += (record.text[done:start], plan.written(fixed, record.text[start:end]))
            done = end
    return "".join((*out, record.text[done:])) if out else record.text


class Repairer:
    """A Fixer at work on pieces; with `is_counted` it also counts its edits by rule.

    Cost: counting repairs what changes a second time, with reasons.
    """

    def __init__(self, fixer: Fixer, *, is_counted: bool) -> None:
        self.fixer = fixer
        self.is_counted = is_counted
        self._edits: dict[str, int] = {}

    def __call__(self, plan: Plan, piece: Piece) -> Outcome:
        """The piece repaired, with the edits counted."""
        self._edits = {}
        outcome = plan.repaired(piece, self._counted if self.is_counted else self.fixer.fix)
        return outcome._replace(edits=tuple(self._edits.items())) if self._edits else outcome

    def _counted(self, text: str) -> str:
        fixed = self.fixer.fix(text)
        if fixed is not text:
            for rule, n in self.fixer.explain(text).counts().items():
                self._edits[rule] = self._edits.get(rule, 0) + n
        return fixed
