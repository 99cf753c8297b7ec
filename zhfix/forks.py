"""Workers that are forks of this process: they begin with the tables that are loaded already. No
fork is made where `can_fork` says no, as on Windows, which has none.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn

from zhfix.links import ROOM, Desk, Link, attend
from zhfix.plans import Repairer

if TYPE_CHECKING:
    import mmap

__all__ = ["can_fork", "forked", "undisturbed"]


class _Child:
    """A process that was forked."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def kill(self) -> None:
        """End it at once."""
        if sys.platform != "win32":
            # who ignores SIGCHLD is left no trace of its children
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> object:
        """Wait for its end."""
        with suppress(ChildProcessError):
            os.waitpid(self._pid, 0)
        return None


def can_fork() -> bool:
    """Whether a fork of this process can be relied on: no other thread may hold a lock."""
    if sys.platform != "linux":  # macOS has it too, but not for all of its libraries
        return False
    import threading

    return threading.active_count() == 1


@contextmanager
def undisturbed() -> Iterator[None]:
    """What is done inside is not interrupted: a signal waits, on POSIX."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _endings())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _endings() -> set[signal.Signals]:
    """What ends the main process, which ends its workers."""
    if sys.platform == "win32":
        return set()
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

    if sys.platform == "win32":
        raise OSError("this system has no fork")
    room = mmap.mmap(-1, ROOM)
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()
    pid = os.fork()
    if not pid:
        _work(repairer, to_read, from_write, room, [*ours, to_write, from_read])
    for end in (to_read, from_write):
        os.close(end)
    ours += (to_write, from_read)
    sink, source = os.fdopen(to_write, "wb"), os.fdopen(from_read, "rb")
    return Link(_Child(pid), (sink, source), Desk(source, sink, room))


def _work(
    repairer: Repairer, read: int, write: int, room: mmap.mmap, ours: Iterable[int]
) -> NoReturn:
    """What a fork does, and no more: nothing of the main process is unwound or written there."""
    try:
        if sys.platform != "win32":
            os.setsid()  # Ctrl-C is for the main process, which ends the workers
            for number in _endings():
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _endings())
        for end in ours:
            os.close(end)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)  # the input is the main process's
        os.dup2(2, 1)  # and so is the output
        attend(repairer, Desk(os.fdopen(read, "rb"), os.fdopen(write, "wb"), room))
    except BaseException:
        # a host's own hook may wait for threads that no fork has, as Ray's does
        sys.__excepthook__(*sys.exc_info())
    finally:
        os._exit(1)
