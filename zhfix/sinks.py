"""Where the repaired bytes go: nowhere, down a pipe, or into the place of a file in one step."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property

from zhfix.errors import ZhfixError
from zhfix.files import STDIN, compressed, opened

TYPE_CHECKING = False  # a command of one line does not wait for typing and pathlib
if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO, Protocol
else:
    Protocol = object

__all__ = ["Nowhere", "Pipe", "Replacement", "Sink", "replaced", "sync_folder", "write_all"]

_COPY = 1 << 20  # bytes copied at a time


class Sink(Protocol):
    """Where the bytes of a file go, in order."""

    def keep(self, data: bytes) -> None:
        """The next bytes are as they were."""

    def write(self, data: bytes) -> None:
        """The next bytes differ."""

    def commit(self) -> bool:
        """All is there; whether that changed a file."""

    def abandon(self) -> None:
        """What is there so far is not to be used."""


class Nowhere:
    """For --check: bytes are forgotten."""

    def keep(self, data: bytes) -> None:
        """Forget them."""

    write = keep

    def commit(self) -> bool:
        """Nothing changed."""
        return False

    def abandon(self) -> None:
        """Nothing to clean up."""


def write_all(data: bytes, file: BinaryIO) -> None:
    """`data` written to its end.

    With PYTHONUNBUFFERED, standard output writes what there is room for and says how much that was;
    a full disk shows at the next write only.
    """
    while (n := file.write(data) or 0) < len(data):
        data = data[n:]


class Pipe(Nowhere):
    """Standard output, or a device: what was written stays written."""

    def __init__(self, file: BinaryIO, *, is_flushed: bool = False) -> None:
        self._file = file
        self._is_flushed = is_flushed
        self._own: os.stat_result | None = None
        with suppress(OSError, ValueError):  # ValueError: it is no file
            self._own = os.fstat(file.fileno())

    def is_into(self, name: str) -> bool:
        """Whether it leads into the file of that name (`zhfix a >> a`), which would never end."""
        if not self._own or not stat.S_ISREG(self._own.st_mode):
            return False
        status = os.fstat(0) if name == STDIN else os.stat(name)  # noqa: PTH116
        return os.path.samestat(status, self._own) and status.st_size > 0

    def write(self, data: bytes) -> None:
        """Write them."""
        write_all(data, self._file)
        if self._is_flushed:
            self._file.flush()

    keep = write


class Replacement:
    """A new version of a file, put in its place in one step by `commit`: readers see the old file
    or the new one, never half of it, even if we are killed.

    It is written to a file beside it, and only from the first byte that differs on: until then
    `keep` counts. Mode and, where allowed, owner and extended attributes stay; a symbolic link
    stays one and its target is replaced; .gz and .zst are compressed again.
    """

    def __init__(
        self, name: str, status: os.stat_result | None = None, *, backup: str = ""
    ) -> None:
        """`status` is that of the file as it is, None where there is none."""
        self._name = name
        self.status = status
        self._backup = backup
        self._is_synced = False
        self._n_kept = 0
        self._temp = ""
        self._file: BinaryIO | None = None
        self._stream: BinaryIO | None = None

    @cached_property
    def path(self) -> Path:
        """The file itself, where the name is that of a link; asked for only where it changes."""
        return _path(self._name).resolve()

    @property
    def is_changed(self) -> bool:
        """Whether there is a new version."""
        return self._stream is not None

    def keep(self, data: bytes) -> None:
        """The next bytes of the text are those of the old version."""
        if self._stream:
            self._stream.write(data)
        else:
            self._n_kept += len(data)

    def write(self, data: bytes) -> None:
        """The next bytes of the text differ."""
        if not self._stream:
            self.start()
        assert self._stream
        self._stream.write(data)

    def start(self) -> None:
        """Open the new version, with what was kept so far."""
        # its name is known before it is there: an interrupt between the two must not leave it
        self._temp = f"{self.path.parent}{os.sep}.{self.path.name[:40]}.{os.urandom(6).hex()}.zhfix"
        self._file = open(self._temp, "xb", opener=_opened_alone)  # noqa: SIM115
        self._stream = compressed(self.path.name, self._file, "wb")
        if not self._n_kept:
            return
        with opened(str(self.path)) as old:
            while self._n_kept:
                data = old.read(min(self._n_kept, _COPY))
                if not data:
                    raise ZhfixError("it became shorter while it was read: left as it is")
                self._stream.write(data)
                self._n_kept -= len(data)

    def sync(self) -> None:
        """The new version to the disk, whole, with mode and owner, beside the old one.

        Raises: OSError as from a full disk.
        """
        if not self._stream or not self._file or self._is_synced:
            return
        if self._stream is not self._file:
            self._stream.close()
        self._file.flush()
        if self.status:
            _take_after(self._temp, self.path, self.status)
        else:
            mask = os.umask(0)
            os.umask(mask)
            _path(self._temp).chmod(0o666 & ~mask)
        os.fsync(self._file.fileno())
        self._file.close()
        self._is_synced = True

    def commit(self) -> bool:
        """Put the new version in place; False when nothing differs, and nothing was done.

        Raises: OSError as from a full disk, ZhfixError when somebody else wrote to the file
        meanwhile; the old version is there then.
        """
        if not self.is_changed:
            return False
        self.place()
        sync_folder(self.path.parent)
        return True

    def place(self) -> None:
        """`commit`, but for the folder, which is still to be written to the disk."""
        self.sync()
        if self.status:
            now = self.path.stat()
            if (now.st_ino, now.st_size, now.st_mtime_ns) != (
                self.status.st_ino,
                self.status.st_size,
                self.status.st_mtime_ns,
            ):
                raise ZhfixError("somebody else wrote to it meanwhile: left as it is")
            if self._backup:
                self._keep_old()
        _path(self._temp).replace(self.path)
        self._temp = ""

    def _keep_old(self) -> None:
        """The old version under its second name; the first stays until it is replaced."""
        link = f"{self._temp}.old"
        try:
            os.link(self.path, link)
        except OSError:  # a file system without hard links
            import shutil

            shutil.copy2(self.path, link)
            with open(link, "rb+") as copy:  # noqa: PTH123
                os.fsync(copy.fileno())
        _path(link).replace(f"{self.path}{self._backup}")
        with suppress(FileNotFoundError):  # where that is a hard link to it already, nothing moved
            _path(link).unlink()

    def abandon(self) -> None:
        """Leave the old version and clean up; harmless after `commit`."""
        for file in (self._stream, self._file):
            if file:
                with suppress(OSError, ValueError):  # a full disk fails here once more
                    file.close()
        if self._temp:
            with suppress(OSError):
                _path(self._temp).unlink()
        self._temp, self._file, self._stream = "", None, None


def _path(name: str) -> Path:
    from pathlib import Path  # 4 ms, and only where a file changes

    return Path(name)


def _take_after(new: str, old: Path, status: os.stat_result) -> None:
    """Give a file another one's owner, extended attributes (access lists among them) and mode."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.chown(new, status.st_uid, status.st_gid)
    if sys.platform == "linux":
        with suppress(OSError):  # a file system without them, or one that we may not set
            for name in os.listxattr(old):
                with suppress(OSError):
                    os.setxattr(new, name, os.getxattr(old, name))
    _path(new).chmod(status.st_mode & 0o7777)


def _opened_alone(path: str, flags: int) -> int:
    """A new file that nobody else may read yet."""
    return os.open(path, flags, 0o600)


def sync_folder(folder: Path) -> None:
    """The names in a folder to the disk."""
    with suppress(OSError):  # where folders cannot be opened, they need no sync
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def replaced(name: str) -> Iterator[Replacement]:
    """A new version of a file, whether it is there or not, put in its place when all is written;
    not after an error, nor once it was abandoned.
    """
    path = _path(name)
    sink = Replacement(name, path.stat() if path.exists() else None)
    try:
        sink.start()
        yield sink
        sink.commit()
    finally:
        sink.abandon()
