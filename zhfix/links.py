"""A worker process and the way to it: pieces go there, and what became of them comes back.

On Linux a worker is a fork of this process (zhfix.forks), and pieces go through memory that both
share. Elsewhere, or beside other threads, it is a fresh Python with pipes. Either way it ends when
its pipe is closed, so none is left behind, however the main process ends.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, NoReturn, Protocol

from zhfix.arrays import expect_more
from zhfix.errors import ZhfixError
from zhfix.plans import Outcome, Plan, Repairer
from zhfix.stream import CHUNK, Piece, cut

if TYPE_CHECKING:
    import mmap

__all__ = ["ROOM", "Answer", "Desk", "Link", "attend", "fresh", "serve"]

Answer = Outcome | ZhfixError

ROOM = 8 * CHUNK  # shared memory; pages of it that are never touched cost nothing
_START = "import sys; sys.path[:] = {path!r}; from zhfix.links import serve; serve()"


class Process(Protocol):
    """What a worker runs in."""

    def kill(self) -> None: ...
    def wait(self) -> object: ...


class Desk:
    """One end of the way: messages, whose bytes lie in the shared memory if there is any."""

    def __init__(self, source: IO[bytes], sink: IO[bytes], room: mmap.mmap | None) -> None:
        self._source = source
        self._sink = sink
        self._room = room

    def tell(self, message: object, data: bytes | None = None) -> None:
        """Send a message, and `data` with it."""
        n = -1
        if data is not None and self._room and len(data) <= ROOM:
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

    def __init__(self, process: Process, pipes: tuple[IO[bytes], IO[bytes]], desk: Desk) -> None:
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


def fresh(repairer: Repairer) -> Link:
    """A worker that is a Python of its own.

    Raises: OSError where none can be started.
    """
    import subprocess

    # Ctrl-C is for the main process, which ends the workers: on POSIX by a session of their own
    group = 0
    if sys.platform == "win32":
        group = subprocess.CREATE_NEW_PROCESS_GROUP
    worker = subprocess.Popen(
        [sys.executable, "-c", _START.format(path=sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        creationflags=group,
    )
    assert worker.stdin and worker.stdout
    sink, source = worker.stdin, worker.stdout
    link = Link(worker, (sink, source), Desk(source, sink, None))
    pickle.dump(repairer, sink)
    return link


def serve() -> None:
    """A fresh worker: pieces from standard input, answers to standard output, until the input
    ends.
    """
    source = sys.stdin.buffer
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed is no answer
    attend(pickle.load(source), Desk(source, sink, None))


def attend(repairer: Repairer, desk: Desk) -> NoReturn:
    """A worker at work: what is asked of it is answered until nobody asks any more."""
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


def _answer(repairer: Repairer, plan: Plan, piece: Piece, desk: Desk) -> Answer:
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
