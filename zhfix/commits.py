"""Files put in their places several at once: to write thirty small files for good takes a disk
hardly more time than to write one, and most of what a small file takes is that.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from zhfix.errors import ZhfixError
from zhfix.sinks import Replacement, sync_folder

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["Commits"]

_FILES = 32  # held at most
_SIZE = 1 << 20  # bytes held at most: a larger file is placed at once

Tell = Callable[[str, Exception | None], None]


class Commits:
    """Complete new versions, held until there are some, then placed in their order; `tell` is given
    each name, and the error where the old version stays.

    A context manager: at its end all are placed, after Ctrl-C none that was not yet.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._held: list[tuple[str, Replacement]] = []
        self._size = 0
        self._threads: Executor | None = None

    def __enter__(self) -> Commits:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        try:
            if kind is None or issubclass(kind, Exception):
                self.flush()
        finally:
            for _, sink in self._held:
                sink.abandon()
            if self._threads:
                self._threads.shutdown()

    def add(self, name: str, sink: Replacement, size: int) -> None:
        """A new version that is complete, of about `size` bytes."""
        self._held.append((name, sink))
        self._size += size
        if len(self._held) >= _FILES or self._size >= _SIZE:
            self.flush()

    def flush(self) -> None:
        """Place all that are held."""
        errors = self._synced()
        folders = dict.fromkeys(sink.path.parent for _, sink in self._held)
        for (name, sink), error in zip(tuple(self._held), errors, strict=True):
            try:
                if error:
                    raise error
                sink.place()
            except (ZhfixError, OSError) as failed:
                error = failed
            self._held.pop(0)
            sink.abandon()  # harmless once it is in place
            self._tell(name, error)
        for folder in folders:
            sync_folder(folder)
        self._size = 0

    def _synced(self) -> list[Exception | None]:
        """Each written to the disk, side by side."""
        sinks = [sink for _, sink in self._held]
        if len(sinks) < 2 or os.name == "nt":
            return [_error_of(sink) for sink in sinks]
        if not self._threads:
            from concurrent.futures import ThreadPoolExecutor  # 20 ms, and only for many files

            self._threads = ThreadPoolExecutor(_FILES)
        return list(self._threads.map(_error_of, sinks))


def _error_of(sink: Replacement) -> Exception | None:
    try:
        sink.sync()
    except (ZhfixError, OSError) as error:
        return error
    return None
