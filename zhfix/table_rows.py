"""CSV and TSV: the named columns of each row are repaired; all other bytes stay what they are."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from functools import cache

from zhfix.errors import OptionError
from zhfix.named import NamedTuple
from zhfix.plans import Fix, Outcome, Record, Span, repaired_records
from zhfix.stream import CHUNK, ERRORS, Piece

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["RowPlan", "row_pieces"]

_LONGEST = 1 << 24  # characters of a cell; beyond, a quotation mark was never closed


class RowPlan(NamedTuple):
    """Rows of a table. With `is_quoted`, cells may stand in double quotes and hold line ends, as in
    CSV; a TSV file is one without. `columns` are numbers from 0.
    """

    encoding: str
    target: str
    on_error: str
    delimiter: str
    is_quoted: bool
    columns: tuple[int, ...] = ()
    has_header: bool = False

    def of(self, first: Piece, names: Sequence[str]) -> RowPlan:
        """The plan for the first piece of a file: its columns found by their names in the first
        row, or by their numbers from 1.

        Raises: OptionError for a column that is not there.
        """
        row = next(self.rows(first.raw), Record(b""))
        header = [value for _, _, value in row.found]
        columns, is_named = [], False
        for name in names:
            if name in header:
                is_named = True
                columns.append(header.index(name))
            elif name.isascii() and name.isdigit() and int(name):
                columns.append(int(name) - 1)
            else:
                shown = ", ".join(header)
                raise OptionError(f"there is no column {name!r}: the first row has {shown}")
        return self._replace(columns=tuple(sorted({*columns})), has_header=is_named)

    def repaired(self, piece: Piece, fix: Fix) -> Outcome:
        """The rows of the piece repaired, a header left alone."""
        return repaired_records(self, self._chosen(piece.raw), fix)

    def _chosen(self, raw: bytes) -> Iterator[Record]:
        for i, row in enumerate(self.rows(raw)):
            if i == 0 and self.has_header:
                yield row._replace(found=(), is_header=True)
            else:
                cells = row.found
                yield row._replace(found=tuple(cells[n] for n in self.columns if n < len(cells)))

    def written(self, value: str, before: str) -> str:
        """A cell, in quotes where it stood in quotes or needs them."""
        special = any(mark in value for mark in (self.delimiter, "\n", "\r"))
        if not self.is_quoted:
            return before if special else value  # a row must not fall apart
        if special or '"' in value or before.startswith('"'):
            doubled = value.replace('"', '""')
            return f'"{doubled}"'
        return value

    def rows(self, raw: bytes) -> Iterator[Record]:
        """The rows of some bytes, with all their cells."""
        if not self.is_quoted or b'"' not in raw:
            for line in io.BytesIO(raw):
                yield self._row(line, line.decode(self.encoding, ERRORS))
            return
        held: list[bytes] = []

        def texts() -> Iterator[str]:
            for line in io.BytesIO(raw):
                held.append(line)
                yield line.decode(self.encoding, ERRORS).removeprefix("\ufeff")

        csv.field_size_limit(_LONGEST)  # Python's own limit of 128 KiB is less than a page
        reader = csv.reader(texts(), delimiter=self.delimiter)
        while True:
            held.clear()
            why, cells = "", []
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                why = f"no row of a table: {error}"
            whole = b"".join(held)
            row = self._row(whole, whole.decode(self.encoding, ERRORS))
            if not why and cells and [value for _, _, value in row.found] != cells:
                why = "no row of a table: " + (
                    "text behind a closing quotation mark"
                    if whole.count(b'"') % 2 == 0
                    else "a quotation mark is never closed"
                )
            yield row._replace(why=why)

    def _row(self, raw: bytes, text: str) -> Record:
        return Record(raw, text, tuple(self._cells(text)))

    def _cells(self, text: str) -> Iterator[Span]:
        cell = _cell(self.delimiter, is_quoted=self.is_quoted)
        at = int(text.startswith("\ufeff"))
        while True:
            end = cell.match(text, at).end()  # type: ignore[union-attr]  # it always matches
            value = text[at:end]
            if self.is_quoted and len(value) > 1 and value[0] == value[-1] == '"':
                value = value[1:-1].replace('""', '"')
            yield at, end, value
            if text[end : end + 1] != self.delimiter:
                return
            at = end + 1


@cache
def _cell(delimiter: str, *, is_quoted: bool) -> re.Pattern[str]:
    plain = rf"[^{re.escape(delimiter)}\r\n]*"
    return re.compile(rf'(?:"(?:[^"]|"")*")?{plain}' if is_quoted else plain)


def row_pieces(file: BinaryIO, plan: RowPlan) -> Iterator[Piece]:
    """The bytes of a file, cut between rows.

    Cost: where quotation marks stand, the rows are looked through here as well.
    """
    held = b""
    while data := file.read(CHUNK):
        held += data
        cut = held.rfind(b"\n") + 1
        if plan.is_quoted and b'"' in held:
            ends = [0, 0]  # of all rows but the last, which may go on in what is not read yet
            for row in plan.rows(held[:cut]):
                ends = [ends[1], ends[1] + len(row.raw)]
            cut = ends[0]
        if cut:
            yield Piece(held[:cut])
            held = held[cut:]
    if held:
        yield Piece(held)
