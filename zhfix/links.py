"""A worker process and the way to it: pieces go there, and what became of them comes back.

On Linux a worker is a fork of this process, with the tables that are loaded already, and pieces go
through memory that both share. Elsewhere, or beside other threads, it is a fresh Python with pipes.
Either way it ends when its pipe is closed, so none is left behind, however the main process ends.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, NoReturn, Protocol

from zhfix.arrays import expect_more
from zhfix.errors import ZhfixError
from zhfix.plans import Outcome, Plan, Repairer
from zhfix.stream import CHUNK, Piece, cut

if TYPE_CHECKING:
    import mmap

__all__ = ["Answer", "Link", "can_fork", "forked", "fresh", "serve", "undisturbed"]

Answer = Outcome | ZhfixError

_ROOM = 8 * CHUNK  # shared memory; pages of it that are never touched cost nothing
_START = "import sys; sys.path[:] = {path!r}; from zhfix.links import serve; serve()"


class _Process(Protocol):
    def kill(self) -> None: ...
    def wait(self) -> object: ...


class _Child:
    """A process that was forked."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def kill(self) -> None:
        """End it at once."""
        with suppress(ProcessLookupError):  # who ignores SIGCHLD is left no trace of its children
            os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> object:
        """Wait for its end."""
        with suppress(ChildProcessError):
            os.waitpid(self._pid, 0)
        return None


class _Desk:
    """One end of the way: messages, whose bytes lie in the shared memory if there is any."""

    def __init__(self, source: IO[bytes], sink: IO[bytes], room: mmap.mmap | None) -> None:
        self._source = source
        self._sink = sink
        self._room = room

    def tell(self, message: object, data: bytes | None = None) -> None:
        """Send a message, and `data` with it."""
        n = -1
        if data is not None and self._room and len(data) <= _ROOM:
            n = len(data)
            self._room[:n] = data
            data = None
        pickle.dump((message, data, n), self._sink, pickle.HIGHEST_PROTOCOL)
        self._sink.flush()

    def hear(self) -> tuple[Any, bytes | None]:
        """The next message, and the data with it."""
        message, data, n = pickle.load(self._source)
        return message, data if n < 0 or not self._room else self._room[:n]


class Link:
    """A worker seen from the main process. What is sent is answered in order: first `rest` of each
    piece that is not whole, then the `answers`.
    """

    def __init__(self, process: _Process, pipes: tuple[IO[bytes], IO[bytes]], desk: _Desk) -> None:
        self._process = process
        self._pipes = pipes
        self._desk = desk

    def send(self, asked: Sequence[tuple[Plan, Piece]]) -> None:
        """Pieces to be repaired as planned."""
        if len(asked) == 1:
            plan, piece = asked[0]
            self._desk.tell([(plan, piece._replace(raw=b""))], piece.raw)
        else:
            self._desk.tell(asked)

    def rest(self) -> int:
        """How many bytes at the end of a piece the worker leaves for the next one."""
        n: int = self._desk.hear()[0]
        return n

    def answers(self) -> list[Answer]:
        """What became of the pieces."""
        answers: list[Answer]
        answers, data = self._desk.hear()
        if data is not None and isinstance(answers[0], Outcome):
            answers[0] = answers[0]._replace(data=data)
        return answers

    def kill(self) -> None:
        """End the worker: it holds nothing that could be lost."""
        self._process.kill()

    def close(self) -> None:
        """Clean up behind a worker that was killed."""
        self._process.wait()
        for pipe in self._pipes:
            with suppress(OSError):  # it may hold half a piece that nobody will read
                pipe.close()


def can_fork() -> bool:
    """Whether a fork of this process can be relied on: no other thread may hold a lock."""
    if sys.platform != "linux":  # macOS has it too, but not for all of its libraries
        return False
    import threading

    return threading.active_count() == 1


@contextmanager
def undisturbed() -> Iterator[None]:
    """What is done inside is not interrupted: a signal waits, on POSIX."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _endings())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _endings() -> set[signal.Signals]:
    """What ends the main process, which ends its workers."""
    return {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


def forked(repairer: Repairer, n: int) -> list[Link]:
    """`n` workers that begin with what this process has loaded; to be called `undisturbed`.

    Raises: OSError where there is no room for a process.
    """
    import warnings

    gc.freeze()  # no collection writes to the pages that are shared
    ours: list[int] = []
    try:
        with warnings.catch_warnings():
            # numpy's algebra has threads of its own, which nothing of ours waits for
            warnings.simplefilter("ignore", DeprecationWarning)
            return [_fork(repairer, ours) for _ in range(n)]
    finally:
        gc.unfreeze()


def _fork(repairer: Repairer, ours: list[int]) -> Link:
    import mmap

    room = mmap.mmap(-1, _ROOM)
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()
    pid = os.fork()
    if not pid:
        _work(repairer, to_read, from_write, room, [*ours, to_write, from_read])
    for end in (to_read, from_write):
        os.close(end)
    ours += (to_write, from_read)
    sink, source = os.fdopen(to_write, "wb"), os.fdopen(from_read, "rb")
    return Link(_Child(pid), (sink, source), _Desk(source, sink, room))


def _work(
    repairer: Repairer, read: int, write: int, room: mmap.mmap, ours: Iterable[int]
) -> NoReturn:
    """What a fork does, and no more: nothing of the main process is unwound or written there."""
    try:
        os.setsid()  # Ctrl-C is for the main process, which ends the workers
        for number in _endings():
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _endings())
        for end in ours:
            os.close(end)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)  # the input is the main process's
        os.dup2(2, 1)  # and so is the output
        _serve(repairer, _Desk(os.fdopen(read, "rb"), os.fdopen(write, "wb"), room))
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(1)


def fresh(repairer: Repairer) -> Link:
    """A worker that is a Python of its own.

    Raises: OSError where none can be started.
    """
    import subprocess

    worker = subprocess.Popen(
        [sys.executable, "-c", _START.format(path=sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the main process, which ends the workers
    )
    assert worker.stdin and worker.stdout
    sink, source = worker.stdin, worker.stdout
    link = Link(worker, (sink, source), _Desk(source, sink, None))
    pickle.dump(repairer, sink)
    return link


def serve() -> None:
    """A fresh worker: pieces from standard input, answers to standard output, until the input
    ends.
    """
    source = sys.stdin.buffer
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed is no answer
    _serve(pickle.load(source), _Desk(source, sink, None))


def _serve(repairer: Repairer, desk: _Desk) -> NoReturn:
    try:
        while True:
            asked: list[tuple[Plan, Piece]]
            asked, raw = desk.hear()
            if raw is not None:
                ((plan, piece),) = asked
                asked = [(plan, piece._replace(raw=raw))]
            answers = [_answer(repairer, plan, piece, desk) for plan, piece in asked]
            first = answers[0]
            if len(answers) == 1 and isinstance(first, Outcome):
                desk.tell([first._replace(data=None)], first.data)
            else:
                desk.tell(answers)
    except (EOFError, OSError):  # the main process is gone, or done
        os._exit(0)  # at once: there is nobody to tell


def _answer(repairer: Repairer, plan: Plan, piece: Piece, desk: _Desk) -> Answer:
    rest, is_last = b"", piece.is_last
    try:
        if not piece.is_whole:
            try:
                piece, rest = cut(piece.raw, plan.encoding, is_last=is_last)
            finally:
                if not is_last:
                    desk.tell(len(rest))  # the next piece can begin
                    expect_more()
        return repairer(plan, piece)
    except ZhfixError as error:
        return error
    except MemoryError:
        return ZhfixError("out of memory")
