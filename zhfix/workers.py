"""Pieces repaired by several processes, in order: what comes out is what one process would make.

The first little is repaired by the main process itself, and the first piece behind it looked into:
what such text needs is then loaded when the workers are forked, once for all of them.
"""

from __future__ import annotations

import os
import pickle
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from queue import SimpleQueue

from zhfix.allocator import keep_freed
from zhfix.arrays import expect_more
from zhfix.errors import ZhfixError
from zhfix.forks import can_fork, forked, undisturbed
from zhfix.intake import Event, Task, reason
from zhfix.links import Answer, Link, fresh
from zhfix.plans import Plan, Repairer
from zhfix.stream import CHUNK, Piece, cut

__all__ = ["Pool", "WorkerError", "n_cores"]

# what may be read, per worker, before the first of it is written
_AHEAD = 64  # pieces
_BYTES_AHEAD = 8 * CHUNK
_SMALL = 1 << 14  # bytes of a whole file up to which several go to a worker together
_TOGETHER = 32  # files; fewer than may be read ahead, or all would wait for the next one
_FIRST = 1 << 16  # bytes repaired before there are workers: less than starting them costs
_SAMPLE = 1 << 16  # bytes of the first piece that are looked into; less would count as short text


_ENDED = "a worker process was ended from outside (out of memory?): try fewer with -j"


class WorkerError(ZhfixError):
    """A worker process is gone, and with it the run."""


def n_cores() -> int:
    """The processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


Result = tuple[Event, Piece | None, Answer | None]


class _Asked:
    """A task on its way. What goes to a worker together is answered together (`done`); a Future for
    each would take longer than a small file does.
    """

    __slots__ = (
        "_rest",
        "answer",
        "cut",
        "done",
        "error",
        "event",
        "n_rest",
        "piece",
        "plan",
        "size",
    )

    def __init__(self, event: Event, piece: Piece | None) -> None:
        self.event = event
        self.piece = piece
        self.size = 0
        self.plan: Plan | None = None
        self.done: threading.Event | None = None
        self.answer: Answer | None = None
        self.cut: threading.Event | None = None  # the worker has cut the piece,
        self.n_rest = 0  # and left so many bytes for the next one
        self.error: WorkerError | None = None
        self._rest = b""

    def send(self, plan: Plan, done: threading.Event) -> None:
        """The piece is to be repaired as planned."""
        assert self.piece
        self.plan, self.size, self.done = plan, len(self.piece.raw), done
        if not self.piece.is_whole and not self.piece.is_last:
            self.cut = threading.Event()

    def is_done(self) -> bool:
        """Whether there is nothing to wait for."""
        return self.done is None or self.done.is_set()

    def fail(self, error: WorkerError) -> None:
        """The worker is gone."""
        self.error = error
        if self.cut:
            self.cut.set()

    def rest(self) -> bytes:
        """What is left for the next piece, known when the worker has cut this one."""
        if self.cut:
            self.cut.wait()
            if self.error:
                raise self.error
        if self.piece and not self.piece.is_whole:
            raw = self.piece.raw
            end = len(raw) - self.n_rest
            self.piece, self._rest = Piece(raw[:end]), raw[end:]
        return self._rest

    def result(self) -> Result:
        """The event, its piece and the answer, waited for."""
        self.rest()
        if self.done:
            self.done.wait()
            if self.error:
                raise self.error
        return self.event, self.piece, self.answer


class Pool:
    """`n` workers that repair as `repairer` does; a context manager that ends them."""

    def __init__(self, repairer: Repairer, n: int) -> None:
        self._repairer = repairer
        self._n = n
        self._n_here = _FIRST
        self._lock = threading.Lock()
        self._is_closed = False
        self._links: list[Link] = []
        self._waiting: SimpleQueue[list[_Asked] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []  # one per worker: each waits for its answers

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *exc: object) -> None:
        with self._lock:
            self._is_closed = True
            for link in self._links:
                link.kill()
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        for link in self._links:
            link.close()

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """Each event in order, with its piece and what became of it, perhaps an error; one without
        a piece as it came.

        Raises: WorkerError when a worker was ended from outside.
        """
        held: deque[_Asked] = deque()
        small: list[_Asked] = []  # short files, which go to a worker together,
        done = threading.Event()  # and are answered together
        before: _Asked | None = None  # the piece that may leave something for the next one
        n_bytes = n_asked = 0
        for event, plan, piece in tasks:
            asked = _Asked(event, piece)
            if not piece:  # between files
                before = None
            elif plan and not self._threads and self._is_little(piece):
                yield event, *self._made_here(plan, piece)
                continue
            elif plan:
                if not self._threads:
                    self._start(plan, piece)
                if not piece.is_whole:
                    rest = before.rest() if before else b""
                    asked.piece = piece._replace(raw=rest + piece.raw)
                    before = None if piece.is_last else asked
                if not piece.is_last or len(piece.raw) > _SMALL:
                    asked.send(plan, threading.Event())
                    self._waiting.put([asked])
                else:
                    asked.send(plan, done)
                    small.append(asked)
                if len(small) == _TOGETHER:
                    self._waiting.put(small)
                    small, done = [], threading.Event()
                n_asked += 1
                n_bytes += asked.size
            held.append(asked)
            is_full = n_bytes > _BYTES_AHEAD * self._n or n_asked > _AHEAD * self._n
            while held and (is_full or held[0].is_done()):
                first = held.popleft()
                n_asked -= first.done is not None
                n_bytes -= first.size
                is_full = False
                yield first.result()
        if small:
            self._waiting.put(small)
        for asked in held:
            yield asked.result()

    def _is_little(self, piece: Piece) -> bool:
        """Whether it is repaired sooner than a worker is there."""
        self._n_here -= len(piece.raw)
        return self._n_here >= 0 and (piece.is_whole or piece.is_last)

    def _made_here(self, plan: Plan, piece: Piece) -> tuple[Piece, Answer]:
        try:
            if not piece.is_whole:
                piece, _ = cut(piece.raw, plan.encoding, is_last=True)
            return piece, self._repairer(plan, piece)
        except ZhfixError as error:
            return piece, error

    def _start(self, plan: Plan, piece: Piece) -> None:
        """The workers, and a thread for each; forks begin with what the piece needs."""
        if can_fork():
            if not piece.is_last:
                expect_more()
                keep_freed()
            with suppress(ZhfixError):  # whatever is wrong will show where it belongs
                self._repairer(plan, _sample(plan, piece))
        try:
            with undisturbed():
                if can_fork():
                    self._links = forked(self._repairer, self._n)
                links: list[Link | None] = [*self._links] or [None] * self._n
                for link in links:
                    thread = threading.Thread(target=self._serve, args=(link,), daemon=True)
                    thread.start()
                    self._threads.append(thread)
        except (OSError, RuntimeError) as error:  # no room for a process, for a thread
            raise _unstarted(error) from None

    def _serve(self, link: Link | None) -> None:
        """In a thread: pieces sent to one worker, and its answers."""
        for together in iter(self._waiting.get, None):
            try:
                link = link or self._new()
                sent = [(one.plan, one.piece) for one in together if one.plan and one.piece]
                link.send(sent)
                for asked in together:
                    if asked.cut:
                        asked.n_rest = link.rest()
                        asked.cut.set()
                for asked, answer in zip(together, link.answers(), strict=True):
                    asked.answer = answer
                _tell(together)
            except WorkerError as error:
                _fail(together, error)
            except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
                is_gone = isinstance(error, (EOFError, BrokenPipeError, pickle.UnpicklingError))
                _fail(together, WorkerError(_ENDED) if is_gone else _unstarted(error))

    def _new(self) -> Link:
        with self._lock:
            if self._is_closed:
                raise WorkerError("the workers were ended")
            link = fresh(self._repairer)
            self._links.append(link)
        return link


def _sample(plan: Plan, piece: Piece) -> Piece:
    """The first lines of a piece, as a piece."""
    if piece.lines:
        return Piece(b"", None, piece.lines[: _SAMPLE >> 6])
    raw = piece.raw[:_SAMPLE]
    raw = raw[: raw.rfind(b"\n") + 1] or raw
    return Piece(raw) if piece.is_whole else cut(raw, plan.encoding, is_last=True)[0]


def _unstarted(error: Exception) -> WorkerError:
    return WorkerError(f"cannot start a worker process: {reason(error)}: try fewer with -j")


def _fail(together: Iterable[_Asked], error: WorkerError) -> None:
    for asked in together:
        asked.fail(error)
    _tell(together)


def _tell(together: Iterable[_Asked]) -> None:
    """What was asked together is answered."""
    for asked in together:
        if asked.done:
            asked.done.set()
            return  # they have one for all
