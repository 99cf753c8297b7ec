"""The writing side of the command: what was repaired, here or by workers, goes out in order."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from zhfix.allocator import keep_freed
from zhfix.api import Fixer
from zhfix.arguments import Arguments
from zhfix.arrays import expect_more
from zhfix.codec_names import codec_name
from zhfix.commits import Commits
from zhfix.errors import OptionError, ZhfixError
from zhfix.files import STDIN, is_foreign, is_utf8, own_handle, shown
from zhfix.intake import Event, Intake, Task, reason
from zhfix.meter import Meter
from zhfix.noted import noted
from zhfix.plans import Outcome, Repairer
from zhfix.settings import n_processes
from zhfix.sinks import Nowhere, Pipe, Replacement, Sink, replaced
from zhfix.stream import Piece, cut
from zhfix.words import tell

__all__ = ["DONE", "FAILED", "FOUND", "Job"]

DONE, FOUND, FAILED = 0, 1, 2
_HEAD = 8192  # bytes that show whether a file is UTF-8
_MOST_PROBLEMS = 20  # bad records named for each file; the others are counted


class _OutputError(ZhfixError):
    """The output of all files cannot be written: there is no use in going on."""


class _Stop(ZhfixError):
    """A bad record, and --on-error stop."""


class _State:
    """What is known of the file that is being written."""

    def __init__(self) -> None:
        self.line = 1  # where the next piece begins
        self.n_pieces = 0
        self.n_problems = self.n_records = self.n_found = self.n_bytes = 0
        self.is_changed = self.is_failed = False


class Job:
    """Files repaired, or checked, as the flags say; `mode` is filter, in_place or check."""

    def __init__(self, args: Arguments, mode: str, fixer: Fixer) -> None:
        _check(args, mode)
        self._args = args
        self._mode = mode
        self._is_records = args.jsonl or args.csv or args.tsv
        self._is_utf8 = args.encoding in (None, "utf-8")
        self._noted = noted(args, fixer)
        self._repairer: Repairer = self._noted or Repairer(fixer, is_counted=args.stats)
        is_alone = args.unbuffered or self._noted
        self._n_jobs = 1 if is_alone else _n_jobs(args.jobs)
        # a worker waits a moment for each piece
        self._intake = Intake(args, n_chunks=1 if self._n_jobs == 1 else 2)
        self._meter = Meter(is_quiet=args.quiet)
        self._commits = Commits(self._placed)
        self._worst = DONE
        self._is_broken = False  # something is missing from the output
        self._file = _State()
        self._last = b""  # the last byte that was written
        self._is_open_line = False  # a file of records ended inside a line

    def run(self) -> int:
        """All files; the exit code."""
        names: Sequence[str] = self._args.files or [STDIN]
        try:
            with self._commits, self._output() as output:
                tasks = self._intake.tasks(names, output)
                if self._n_jobs > 1:
                    from zhfix.workers import Pool

                    with Pool(self._repairer, self._n_jobs) as pool:
                        self._take_all(pool.run(tasks))
                else:
                    self._take_all(_serial(tasks, self._repairer))
        except _Stop:
            pass  # it was said where
        except BrokenPipeError:
            raise
        except ZhfixError as error:
            self._fail("", str(error))
        except OSError as error:  # opening the output, or putting it in its place
            self._fail(self._args.output or "", reason(error))
        finally:
            self._meter.clear()
        if self._args.recursive and not any(self._meter.counts.values()):
            self._meter.hint("no file was found")
        if self._noted and not self._noted.write(self._meter):
            self._worst = FAILED
        if self._args.stats:
            import json

            if not tell(json.dumps(self._meter.summary()) + "\n"):
                self._worst = FAILED
        return self._worst

    @contextmanager
    def _output(self) -> Iterator[Sink | None]:
        """The sink that all files share; None where each has its own."""
        name = self._args.output
        if self._mode == "in_place":
            yield None
        elif self._mode == "check":
            yield Nowhere()
        elif not name or name == STDIN:
            yield Pipe(sys.stdout.buffer, is_flushed=self._args.unbuffered)
        elif (handle := own_handle(name)) is not None:
            with open(os.dup(handle), "wb") as stream:  # noqa: PTH123
                yield Pipe(stream, is_flushed=True)
        elif os.path.exists(name) and not os.path.isfile(name):  # noqa: PTH110, PTH113
            with open(name, "wb") as device:  # noqa: PTH123
                yield Pipe(device, is_flushed=True)
        else:
            with replaced(name) as sink:
                yield sink
                if self._is_broken:
                    sink.abandon()
                    self._fail(name, "not written, since not all files could be repaired")

    def _fail(self, name: str, why: str) -> None:
        self._meter.say(f"{shown(name)}: {why}" if name else why)
        self._worst = FAILED
        if self._noted:
            self._noted.fail(name, why)

    def _take_all(
        self, results: Iterable[tuple[Event, Piece | None, Outcome | ZhfixError | None]]
    ) -> None:
        sink: Sink = Nowhere()
        is_ended = False
        try:
            for event, piece, outcome in results:
                sink, is_ended = event.sink, event.kind == "end"
                if event.kind == "start":
                    self._file = _State()
                    if self._noted:
                        self._noted.begin(event.name)
                elif event.kind == "part":
                    if piece and not self._file.is_failed:
                        self._take(event, piece, outcome)
                elif event.kind == "end":
                    self._end(event)
                elif event.kind == "skipped":
                    self._meter.count(skipped=1)
                else:
                    self._lose(event, event.why)
        finally:
            if self._mode == "in_place" and not is_ended:
                sink.abandon()

    def _lose(self, event: Event, why: str) -> None:
        """A file that failed: it stays as it is."""
        if self._file.is_failed:
            return
        self._file.is_failed = self._is_broken = True
        if self._mode == "in_place":
            event.sink.abandon()
        self._meter.count(failed=1)
        self._fail(event.name, why)

    def _take(self, event: Event, piece: Piece, outcome: Outcome | ZhfixError | None) -> None:
        if not isinstance(outcome, Outcome):
            self._lose(event, str(outcome))
            return
        state = self._file
        if not state.n_pieces:
            self._hint_at(event.name, piece.raw[:_HEAD])
        state.n_pieces += 1
        self._note_problems(event, outcome)
        state.is_changed |= bool(outcome.n_changed)
        state.n_records += outcome.n_records
        state.n_found += outcome.n_found
        state.line += outcome.n_lines
        if outcome.n_records:
            n_changed, n_bad = outcome.n_changed, len(outcome.problems)
            self._meter.count(
                records=outcome.n_records, changed_records=n_changed, bad_records=n_bad
            )
        for rule, n in outcome.edits:
            self._meter.edits[rule] = self._meter.edits.get(rule, 0) + n
        self._put(event, piece, outcome.data)
        if outcome.is_stopped:
            self._is_broken = True
            self._meter.count(failed=1)
            raise _Stop(event.name)

    def _hint_at(self, name: str, head: bytes) -> None:
        """A word where a file is not in the encoding that it is read in: nothing is found then."""
        told = self._args.encoding or "utf-8"
        if self._is_utf8 and is_foreign(head):
            self._meter.hint(f"{shown(name)}: most of it is not UTF-8 and stays: try -e auto")
        elif told != "auto" and codec_name(told)[:3] != "utf" and is_utf8(head):
            self._meter.hint(f"{shown(name)}: it is UTF-8, not {told}: leave -e out")

    def _put(self, event: Event, piece: Piece, data: bytes | None) -> None:
        is_own = self._mode == "in_place"
        out = piece.raw if data is None else data
        try:
            if is_own and data is None:
                event.sink.keep(out)
            elif out:
                if self._is_open_line and not is_own:
                    event.sink.write(b"\n")
                    self._is_open_line = False
                event.sink.write(out)
        except BrokenPipeError:
            raise
        except (ZhfixError, OSError) as error:
            if not is_own:
                raise _OutputError(f"cannot write the output: {reason(error)}") from None
            self._lose(event, _unwritten(error))
            return
        self._last = out[-1:] or self._last
        self._file.n_bytes += len(out)
        self._meter.moved(len(piece.raw), len(out))

    def _note_problems(self, event: Event, outcome: Outcome) -> None:
        """Bad records, by the lines of the file."""
        kept = {"keep": "kept as it is", "skip": "skipped", "stop": "stopped here"}
        for line, why in outcome.problems:
            self._file.n_problems += 1
            if self._file.n_problems <= _MOST_PROBLEMS:
                what = kept[self._args.on_error or "keep"]
                self._fail(event.name, f"line {self._file.line + line}: {why}; {what}")

    def _end(self, event: Event) -> None:
        """A file is read to its end."""
        state = self._file
        if state.is_failed:
            return
        if self._noted:
            self._noted.section()
        if state.n_problems > _MOST_PROBLEMS:
            self._fail(event.name, f"and {state.n_problems - _MOST_PROBLEMS} more bad records")
        if state.n_records > state.n_problems and not state.n_found:
            what = "--field" if self._args.jsonl else "--column"
            self._fail(event.name, f"no record has what {what} names, so nothing was repaired")
        self._is_open_line = self._is_records and self._last not in (b"", b"\n")
        sink = event.sink if self._mode == "in_place" else None
        if isinstance(sink, Replacement) and sink.is_changed:
            self._commits.add(event.name, sink, state.n_bytes)
            if self._noted:  # the page says of the file that was begun last that it failed
                self._commits.flush()
            return
        self._meter.count(files=1, changed=int(state.is_changed))
        if self._mode == "check" and state.is_changed:
            self._meter.note(f"{shown(event.name)}: would change")
            self._worst = max(self._worst, FOUND)

    def _placed(self, name: str, error: Exception | None) -> None:
        """A file is in its place, or stays as it was."""
        if error:
            self._is_broken = True
            self._meter.count(failed=1)
            self._fail(name, _unwritten(error))
            return
        self._meter.count(files=1, changed=1)
        self._meter.note(f"{shown(name)}: repaired")


def _unwritten(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"cannot write beside it, left as it was: {reason(error)}"
    return str(error)


def _serial(
    tasks: Iterable[Task], repairer: Repairer
) -> Iterator[tuple[Event, Piece | None, Outcome | ZhfixError | None]]:
    """What the workers' `run` gives, made in this process."""
    rest = b""
    for event, plan, piece in tasks:
        outcome: Outcome | ZhfixError | None = None
        if not piece:  # between files
            rest = b""
        elif plan:
            try:
                if not piece.is_whole:
                    data, is_last = rest + piece.raw, piece.is_last
                    if not is_last:
                        expect_more()
                        keep_freed()
                    piece, rest = cut(data, plan.encoding, is_last=is_last)
                outcome = repairer(plan, piece)
            except ZhfixError as error:
                outcome, rest = error, b""
        yield event, piece, outcome


def _check(args: Arguments, mode: str) -> None:
    """Flags that do not go together are an error before anything is read."""
    is_table = args.csv or args.tsv
    if mode == "in_place" and (not args.files or STDIN in args.files):
        raise OptionError("--in-place needs the names of files")
    if args.output and mode != "filter":
        raise OptionError(f"--output and --{mode.replace('_', '-')} do not go together")
    if args.backup is not None and (not args.backup or os.sep in args.backup):
        raise OptionError(f"--backup {args.backup!r}: a suffix such as .bak, not a path")
    if args.jsonl and is_table:
        raise OptionError("--jsonl and --csv or --tsv do not go together: give one of them")
    if is_table and not args.column:
        raise OptionError("--csv and --tsv need a --column, by name or by number")
    if is_table and args.unbuffered:
        raise OptionError("-u reads lines, and a row of a table may be several")


def _n_jobs(written: str | None) -> int:
    n = n_processes(written or "1")
    if n == 0:
        from zhfix.workers import n_cores

        return n_cores()
    return n
