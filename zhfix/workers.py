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
from typing import Any, TypeVar

from zhfix.errors import ZhfixError
from zhfix.plans import Outcome, Plan, Repairer
from zhfix.stream import Piece

__all__ = ["Pool", "WorkerError", "n_cores", "serve"]

Event = TypeVar("Event")
_AHEAD = 3  # pieces per worker that may be read before the first one is written
_START = "import sys; sys.path[:] = {path!r}; from zhfix.workers import serve; serve()"


class WorkerError(ZhfixError):
    """A worker process is gone, and with it the run."""


def n_cores() -> int:
    """The processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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

    def run(
        self, events: Iterable[tuple[Event, Plan | None, Piece | None]]
    ) -> Iterator[tuple[Event, Piece | None, Outcome | ZhfixError | None]]:
        """Each event in order, with its piece and what became of it, perhaps an error; one without
        a piece as it came.

        Raises: WorkerError when a worker was ended from outside.
        """
        held: deque[tuple[Event, Piece | None, Any]] = deque()
        n_asked = 0
        for event, plan, piece in events:
            asked = self._threads.submit(self._ask, plan, piece) if plan and piece else None
            n_asked += asked is not None
            held.append((event, piece, asked))
            while held and (n_asked > _AHEAD * self._n or not held[0][2] or held[0][2].done()):
                first, of, answer = held.popleft()
                n_asked -= answer is not None
                yield first, of, answer.result() if answer else None
        for event, of, answer in held:
            yield event, of, answer.result() if answer else None

    def _ask(self, plan: Plan, piece: Piece) -> Outcome | ZhfixError:
        """In a thread: the piece sent to the worker of this thread, and its answer."""
        worker = self._worker()
        assert worker.stdin and worker.stdout
        if not piece.lines:
            piece = Piece(piece.raw)  # the text travels as its bytes
        try:
            pickle.dump((plan, piece), worker.stdin, pickle.HIGHEST_PROTOCOL)
            worker.stdin.flush()
            answer: Outcome | ZhfixError = pickle.load(worker.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            raise WorkerError(
                "a worker process was ended from outside (out of memory?): try fewer with -j"
            ) from None
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
            answer: Outcome | ZhfixError
            try:
                answer = repairer(plan, piece)
            except ZhfixError as error:
                answer = error
            except MemoryError:
                answer = ZhfixError("out of memory")
            pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()
    except (EOFError, OSError):  # the main process is gone, or done
        os._exit(0)  # at once: there is nobody to tell
