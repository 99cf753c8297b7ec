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
        self.answer: Future[Outcome | ZhfixError] | None = None
        self.n_rest: Future[int] = Future()  # bytes that the worker left for the next piece
        self._rest = b""

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
                asked.size = len(piece.raw)
                asked.answer = self._threads.submit(self._ask, plan, asked)
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
        for asked in held:
            yield asked.result()

    def _ask(self, plan: Plan, asked: _Asked) -> Outcome | ZhfixError:
        """In a thread: the piece sent to the worker of this thread, and its answer."""
        piece = asked.piece
        assert piece
        try:
            worker = self._worker()
            assert worker.stdin and worker.stdout
            pickle.dump((plan, piece), worker.stdin, pickle.HIGHEST_PROTOCOL)
            worker.stdin.flush()
            if not piece.is_whole:
                asked.n_rest.set_result(pickle.load(worker.stdout))
            answer: Outcome | ZhfixError = pickle.load(worker.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
            gone = WorkerError(
                "a worker process was ended from outside (out of memory?): try fewer with -j"
                if isinstance(error, (EOFError, BrokenPipeError, pickle.UnpicklingError))
                else f"cannot start a worker process: {error}"
            )
            if not asked.n_rest.done():
                asked.n_rest.set_exception(gone)
            raise gone from None
        return answer

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


def serve() -> None:
    """The worker: pieces from standard input, answers to standard output, until the input ends."""
    source = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed is no answer
    try:
        repairer: Repairer = pickle.load(source)
        while True:
            plan, piece = pickle.load(source)
            rest = b""
            answer: Outcome | ZhfixError | None = None
            if not piece.is_whole:
                try:
                    piece, rest = cut(piece.raw, plan.encoding, is_last=piece.is_last)
                except ZhfixError as error:
                    answer = error
                _tell(len(rest), answers)  # the next piece can begin
            try:
                answer = answer or repairer(plan, piece)
            except ZhfixError as error:
                answer = error
            except MemoryError:
                answer = ZhfixError("out of memory")
            _tell(answer, answers)
    except (EOFError, OSError):  # the main process is gone, or done
        os._exit(0)  # at once: there is nobody to tell


def _tell(answer: object, answers: BinaryIO) -> None:
    pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()
