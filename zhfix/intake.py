"""The reading side of the command: which files there are, and the pieces of each, in order."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from zhfix.arguments import Arguments
from zhfix.codec_names import codec_name
from zhfix.errors import OptionError
from zhfix.files import EMPTY_NAME, concrete, found, guessed, is_binary, opened, read_errors
from zhfix.named import NamedTuple
from zhfix.plans import Plan, TextPlan
from zhfix.sinks import Nowhere, Pipe, Replacement, Sink
from zhfix.stream import Piece, is_wide, pieces, unbuffered_pieces

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["Event", "Intake", "Task", "reason"]

# encodings that put a mark at the start of what they encode, and those that do not
_MARKLESS = {
    "utf-8-sig": "utf-8",
    "utf-16": f"utf-16-{sys.byteorder[0]}e",
    "utf-32": f"utf-32-{sys.byteorder[0]}e",
}


class Event(NamedTuple):
    """What was found: a file's `start`, a `part` of it, its `end`; or that it `failed`, or was
    `skipped`.
    """

    kind: str
    name: str
    sink: Sink
    why: str = ""


Task = tuple[Event, Plan | None, Piece | None]


def reason(error: Exception) -> str:
    """An error of reading or writing in words."""
    if isinstance(error, EOFError):
        return "the compressed file is cut: its end is missing"
    if type(error).__name__ == "BadGzipFile":
        return f"{error}: where only its name says so, use zhfix < FILE"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _begins_with_mark(piece: Piece, encoding: str) -> bool:
    if piece.lines:
        return piece.lines[0][1].startswith("\ufeff")
    return piece.raw.startswith("\ufeff".encode(encoding))


class Intake:
    """Files read as the flags say."""

    def __init__(self, args: Arguments, n_chunks: int = 1) -> None:
        """`n_chunks` of plain text are read at a time."""
        label = args.encoding or "utf-8"
        self._args = args
        self._n_chunks = n_chunks
        self._encoding = "auto" if label == "auto" else codec_name(label)
        self._target = codec_name(args.output_encoding) if args.output_encoding else ""

    def found(self, names: Sequence[str]) -> Iterator[tuple[str, OSError | None]]:
        """The files that the names stand for, with the error where a folder cannot be read."""
        if not self._args.recursive:
            return ((name, None) for name in names)
        return found(names, self._args.include, self._args.exclude)

    def text_of(self, file: BinaryIO) -> tuple[BinaryIO, str]:
        """A file just opened, from its start, and the encoding it is in."""
        encoding = self._encoding
        if encoding == "auto":
            file, encoding = guessed(file)
        return concrete(file, encoding)

    def tasks(self, names: Sequence[str], output: Sink | None) -> Iterator[Task]:
        """All there is to do, in order. Without an `output` each file is replaced."""
        seen: dict[tuple[int, int], set[str]] = {}
        for name, folder_error in self.found(names):
            sink: Sink = output or Nowhere()
            yield Event("start", name, sink), None, None
            if folder_error:
                yield Event("failed", name, sink, reason(folder_error)), None, None
                continue
            try:
                if not output:
                    own = self._own_sink(name, seen)
                    if not own:  # the same file under a second name
                        continue
                    sink = own
                with opened(name) as file:
                    if isinstance(output, Pipe) and output.is_into(name):
                        raise OptionError("it is the output as well: use -i to repair it in place")
                    if self.is_left_out(name, names, file):
                        yield Event("skipped", name, sink), None, None
                        continue
                    for plan, piece in self._parts(file):
                        yield Event("part", name, sink), plan, piece
            except read_errors() as error:
                yield Event("failed", name, sink, reason(error)), None, None
            else:
                yield Event("end", name, sink), None, None

    def _own_sink(self, name: str, seen: dict[tuple[int, int], set[str]]) -> Replacement | None:
        if not name:
            raise OptionError(EMPTY_NAME)
        status = os.stat(name)  # noqa: PTH116  # says No such file
        if not stat.S_ISREG(status.st_mode):
            if stat.S_ISDIR(status.st_mode):
                raise OptionError("is a folder: add -r to repair the files in it")
            raise OptionError("--in-place changes regular files only")
        # a hard link is a file of its own: what is put in the place of one leaves the other
        place = os.path.realpath(name) if status.st_nlink > 1 else ""
        places = seen.setdefault((status.st_dev, status.st_ino), set())
        if place in places:
            return None
        places.add(place)
        return Replacement(name, status, backup=self._args.backup or "")

    def is_left_out(self, name: str, names: Sequence[str], file: BinaryIO) -> bool:
        """Whether it is a binary file that nobody named."""
        is_told = self._encoding == "auto" or is_wide(self._encoding)
        return self._args.recursive and name not in names and not is_told and is_binary(file)

    def _parts(self, file: BinaryIO) -> Iterator[tuple[Plan, Piece]]:
        """The pieces of a file, each with the plan for its repair."""
        file, encoding = self.text_of(file)
        target = self._target or encoding
        if not self._args.jsonl and not self._args.csv and not self._args.tsv:
            return self._text_parts(file, encoding, target)
        target = "utf-8" if target == "utf-8-sig" else target
        for name in (encoding, target):
            if is_wide(name):
                raise OptionError(f"records are read line by line, and {name} has no lines")
        read = self._json_parts if self._args.jsonl else self._row_parts
        return read(file, encoding, target)

    def _text_parts(
        self, file: BinaryIO, encoding: str, target: str
    ) -> Iterator[tuple[Plan, Piece]]:
        read: Callable[[BinaryIO, str], Iterator[Piece]] = partial(pieces, n_chunks=self._n_chunks)
        if self._args.unbuffered:
            if is_wide(encoding):
                raise OptionError(f"-u reads lines, and {encoding} has none to read: leave it out")
            read = unbuffered_pieces
        later = TextPlan(encoding, _MARKLESS.get(target, target))
        plan = TextPlan(encoding, target)
        for piece in read(file, encoding):
            is_marked = _begins_with_mark(piece, encoding)
            yield later if is_marked else plan, piece
            plan = later

    def _json_parts(
        self, file: BinaryIO, encoding: str, target: str
    ) -> Iterator[tuple[Plan, Piece]]:
        from zhfix.json_lines import JsonPlan, field_path, record_pieces

        fields = tuple(field_path(field) for field in self._args.field or ["text"])
        plan = JsonPlan(encoding, target, self._args.on_error or "keep", fields)
        if self._args.unbuffered:
            yield from ((plan, piece) for piece in unbuffered_pieces(file, encoding))
        else:
            yield from ((plan, piece) for piece in record_pieces(file))

    def _row_parts(
        self, file: BinaryIO, encoding: str, target: str
    ) -> Iterator[tuple[Plan, Piece]]:
        from zhfix.table_rows import RowPlan, row_pieces

        args = self._args
        delimiter = "\t" if args.tsv else ","
        plan = RowPlan(encoding, target, args.on_error or "keep", delimiter, args.csv)
        read = row_pieces(file, plan)
        first = next(read, None)
        if first is None:
            return
        plan = plan.of(first, args.column)
        yield plan, first
        plan = plan._replace(has_header=False)
        yield from ((plan, piece) for piece in read)
