"""Pieces repaired by several processes, in order: what comes out is what one process would make.

A worker is a fresh Python with pipes: it starts the same way everywhere, and it ends when its pipe
is closed, so none is left behind, however the main process ends.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from zhfix.arrays import expect_more
from zhfix.errors import ZhfixError
from zhfix.intake import Event, Task
from zhfix.plans import Outcome, Plan, Repairer
from zhfix.stream import CHUNK, Piece, cut

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["Pool", "WorkerError", "n_cores", "serve"]

# what may be read, per worker, before the first of it is written
_AHEAD = 64  # pieces
_BYTES_AHEAD = 8 * CHUNK
_SMALL = 1 << 14  # bytes of a whole file up to which several go to a worker together
_TOGETHER = 32  # files; fewer than may be read ahead, or all would wait for the next one
_START = "import sys; sys.path[:] = {path!r}; from zhfix.workers import serve; serve()"


class WorkerError(ZhfixError):
    """A worker process is gone, and with it the run."""


def n_cores() -> int:
    """The processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


Result = tuple[Event, Piece | None, Outcome | ZhfixError | None]


class _Asked:
    """A task on its way."""

    def __init__(self, event: Event, piece: Piece | None) -> None:
        from concurrent.futures import Future

        self.event = event
        self.piece = piece
        self.size = 0
        self.plan: Plan | None = None
        self.answer: Future[Outcome | ZhfixError] | None = None
        self.n_rest: Future[int] = Future()  # bytes that the worker left for the next piece
        self._rest = b""

    def send(self, plan: Plan) -> None:
        """The piece is to be repaired as planned."""
        from concurrent.futures import Future

        assert self.piece
        self.plan, self.size, self.answer = plan, len(self.piece.raw), Future()

    def answered(self, answer: Outcome | ZhfixError) -> None:
        """What the worker made of it."""
        assert self.answer
        self.answer.set_result(answer)

    def rest(self) -> bytes:
        """What is left for the next piece, known when the worker has cut this one."""
        if self.piece and not self.piece.is_whole:
            raw = self.piece.raw
            end = len(raw) - self.n_rest.result()
            self.piece, self._rest = Piece(raw[:end]), raw[end:]
        return self._rest

    def result(self) -> Result:
        """The event, its piece and the answer, waited for."""
        self.rest()
        return self.event, self.piece, self.answer.result() if self.answer else None


class Pool:
    """`n` workers that repair as `repairer` does; a context manager that ends them."""

    def __init__(self, repairer: Repairer, n: int) -> None:
        from concurrent.futures import ThreadPoolExecutor  # 20 ms, and only with -j

        self._repairer = repairer
        self._n = n
        self._own = threading.local()
        self._lock = threading.Lock()
        self._is_closed = False
        self._workers: list[subprocess.Popen[bytes]] = []
        self._threads = ThreadPoolExecutor(n)  # one per worker: each waits for its answers

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *exc: object) -> None:
        with self._lock:
            self._is_closed = True
            for worker in self._workers:
                worker.kill()  # it holds nothing that could be lost
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                with suppress(OSError):  # it may hold half a piece that nobody will read
                    if pipe:
                        pipe.close()

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """Each event in order, with its piece and what became of it, perhaps an error; one without
        a piece as it came.

        Raises: WorkerError when a worker was ended from outside.
        """
        held: deque[_Asked] = deque()
        small: list[_Asked] = []  # short files, which go to a worker together
        before: _Asked | None = None  # the piece that may leave something for the next one
        n_bytes = n_asked = 0
        for event, plan, piece in tasks:
            asked = _Asked(event, piece)
            if not piece:  # between files
                before = None
            elif plan:
                if not piece.is_whole:
                    rest = before.rest() if before else b""
                    asked.piece = piece._replace(raw=rest + piece.raw)
                    before = None if piece.is_last else asked
                asked.send(plan)
                if not piece.is_last or len(piece.raw) > _SMALL:
                    self._threads.submit(self._ask, [asked])
                else:
                    small.append(asked)
                if len(small) == _TOGETHER:
                    self._threads.submit(self._ask, small)
                    small = []
                n_asked += 1
                n_bytes += asked.size
            held.append(asked)
            is_full = n_bytes > _BYTES_AHEAD * self._n or n_asked > _AHEAD * self._n
            while held and (is_full or not held[0].answer or held[0].answer.done()):
                first = held.popleft()
                n_asked -= first.answer is not None
                n_bytes -= first.size
                is_full = False
                yield first.result()
        if small:
            self._threads.submit(self._ask, small)
        for asked in held:
            yield asked.result()

    def _ask(self, together: list[_Asked]) -> None:
        """In a thread: pieces sent to the worker of this thread, and its answers."""
        try:
            worker = self._worker()
            assert worker.stdin and worker.stdout
            sent = [(asked.plan, asked.piece) for asked in together]
            pickle.dump(sent, worker.stdin, pickle.HIGHEST_PROTOCOL)
            worker.stdin.flush()
            for asked, (_, piece) in zip(together, sent, strict=True):
                if piece and not piece.is_whole:
                    asked.n_rest.set_result(0 if piece.is_last else pickle.load(worker.stdout))
            for asked, answer in zip(together, pickle.load(worker.stdout), strict=True):
                asked.answered(answer)
        except WorkerError as error:
            _fail(together, error)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
            gone = WorkerError(
                "a worker process was ended from outside (out of memory?): try fewer with -j"
                if isinstance(error, (EOFError, BrokenPipeError, pickle.UnpicklingError))
                else f"cannot start a worker process: {error}"
            )
            _fail(together, gone)

    def _worker(self) -> subprocess.Popen[bytes]:
        worker: subprocess.Popen[bytes] | None = getattr(self._own, "worker", None)
        if worker:
            return worker
        with self._lock:
            if self._is_closed:
                raise WorkerError("the workers were ended")
            worker = subprocess.Popen(
                [sys.executable, "-c", _START.format(path=sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is for the main process, which ends the workers
            )
            self._workers.append(worker)
        self._own.worker = worker
        assert worker.stdin
        pickle.dump(self._repairer, worker.stdin)
        return worker


def _fail(together: Iterable[_Asked], error: WorkerError) -> None:
    for asked in together:
        for future in (asked.n_rest, asked.answer):
            if future and not future.done():
                future.set_exception(error)


def serve() -> None:
    """The worker: pieces from standard input, answers to standard output, until the input ends."""
    source = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed is no answer
    try:
        repairer: Repairer = pickle.load(source)
        while True:
            asked: list[tuple[Plan, Piece]] = pickle.load(source)
            _tell([_answer(repairer, plan, piece, answers) for plan, piece in asked], answers)
    except (EOFError, OSError):  # the main process is gone, or done
        os._exit(0)  # at once: there is nobody to tell


def _answer(
    repairer: Repairer, plan: Plan, piece: Piece, answers: BinaryIO
) -> Outcome | ZhfixError:
    rest, is_last = b"", piece.is_last
    try:
        if not piece.is_whole:
            try:
                piece, rest = cut(piece.raw, plan.encoding, is_last=is_last)
            finally:
                if not is_last:
                    _tell(len(rest), answers)  # the next piece can begin
                    expect_more()
        return repairer(plan, piece)
    except ZhfixError as error:
        return error
    except MemoryError:
        return ZhfixError("out of memory")


def _tell(answer: object, answers: BinaryIO) -> None:
    pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()
