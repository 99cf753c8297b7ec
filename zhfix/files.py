"""Files as they lie on a disk: found in folders, opened through gzip and zstd, their encoding
guessed.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from zhfix.errors import OptionError, ZhfixError
from zhfix.pattern import pattern

TYPE_CHECKING = False  # a command of one line does not wait for typing
if TYPE_CHECKING:
    from typing import Any, BinaryIO

__all__ = [
    "EMPTY_NAME",
    "STDIN",
    "compressed",
    "concrete",
    "found",
    "guessed",
    "is_binary",
    "is_foreign",
    "is_utf8",
    "opened",
    "own_handle",
    "quoted",
    "read_errors",
    "recorded",
    "shown",
]

STDIN = "-"
EMPTY_NAME = "an empty name is no file's"
_HEAD = 1 << 20  # bytes that an encoding is guessed from
_LOOK = 8192  # bytes in which a NUL makes a file found in a folder binary, as for git and grep
# bytes that go on in UTF-8: eight characters, which other encodings never have by chance
_TELLING = 16
_LEVEL = 6  # gzip's own
# what would move a terminal's cursor or turn its text round
_UNSEEN = pattern(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SHORT = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


def own_handle(name: str) -> int | None:
    """The number of the stream that a name such as /dev/stdout or /dev/fd/3 stands for, wherever it
    leads: to open that anew would cut a log that is written to, to replace it would take it away.

    >>> own_handle("/dev/stdout"), own_handle("/dev/fd/3"), own_handle("/dev/null")
    (1, 3, None)
    """
    named = {"/dev/stdin": "0", "/dev/stdout": "1", "/dev/stderr": "2"}
    number = named.get(name) or name.removeprefix("/proc/self/fd/").removeprefix("/dev/fd/")
    return int(number) if number.isdecimal() and name.startswith(("/dev/", "/proc/")) else None


def shown(name: str) -> str:
    r"""A file name for a message, on one line, whatever bytes it holds.

    >>> shown("新\n名\udcff"), shown("-")
    ('新\\n名\\xff', 'standard input')
    """
    text = recorded(name).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return _UNSEEN.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def quoted(name: str) -> str:
    r"""A file name for the head of a diff: as it is, or in double quotes as git and GNU diff write
    it where it holds a control character; bytes that are no UTF-8 are surrogates.

    >>> quoted("新名"), quoted('a\t"')
    ('新名', '"a\\t\\""')
    """
    text = recorded(name)
    if not _UNSEEN.search(text):
        return text
    text = text.replace("\\", r"\\").replace('"', r"\"")
    body = _UNSEEN.sub(
        lambda match: (
            _SHORT.get(match[0]) or "".join(f"\\{byte:03o}" for byte in match[0].encode())
        ),
        text,
    )
    return f'"{body}"'


def recorded(name: str) -> str:
    """A file name for a line of JSON: read as UTF-8 in any locale, other bytes as surrogates, which
    `os.fsencode` gives back.
    """
    if name == STDIN:
        return "standard input"
    try:
        return os.fsencode(name).decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # surrogates that stand for no byte: a caller of `main` wrote them
        return name.encode("utf-8", "backslashreplace").decode()


def found(
    names: Iterable[str], include: Sequence[str], exclude: Sequence[str]
) -> Iterator[tuple[str, OSError | None]]:
    """The files that `names` stand for, folders searched to the bottom, in the order of their
    names; with an error where a folder cannot be read.

    Patterns are shell patterns for a name or for a path below the folder. What is named outright is
    taken whatever they say; hidden files and folders, links to folders and binary files (a NUL near
    the start) are left out.
    """
    for name in names:
        if name == STDIN or not os.path.isdir(name):  # noqa: PTH112
            yield name, None
            continue
        from pathlib import Path  # 4 ms, and only for folders

        failed: list[OSError] = []
        for folder, below, files in os.walk(name, onerror=failed.append):
            inside = os.path.relpath(folder, name)
            below[:] = sorted(
                part for part in below if part[0] != "." and not _is_any(part, inside, exclude)
            )
            place = str(Path(folder))
            place = "" if place == "." else place
            for part in sorted(files):
                if part[0] == "." or _is_any(part, inside, exclude):
                    continue
                path = os.path.join(place, part)  # noqa: PTH118  # a Path each takes longer
                if (not include or _is_any(part, inside, include)) and os.path.isfile(path):  # noqa: PTH113
                    yield path, None
        yield from ((os.fsdecode(error.filename or name), error) for error in failed)


def _is_any(name: str, folder: str, patterns: Sequence[str]) -> bool:
    if not patterns:
        return False
    from fnmatch import fnmatchcase

    path = name if folder == "." else f"{folder}/{name}".replace(os.sep, "/")
    return any(fnmatchcase(name, pattern) or fnmatchcase(path, pattern) for pattern in patterns)


def is_binary(file: BinaryIO) -> bool:
    """Whether there is a NUL near the start of a file just opened; it is read from there again."""
    head = file.read(_LOOK)
    file.seek(0)
    return b"\0" in head


def is_foreign(head: bytes) -> bool:
    """Whether most of what is not ASCII at the start of a file is no UTF-8.

    >>> is_foreign("中文".encode("gbk")), is_foreign("中文".encode()[:-1]), is_foreign(b"ab")
    (True, False, False)
    """
    if head.isascii():
        return False
    # a character that is cut at the end counts for nothing
    with suppress(UnicodeDecodeError):
        codecs.utf_8_decode(head)
        return False
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(head)
    n_bad = sum("\udc80" <= char <= "\udcff" for char in text)
    return n_bad > 0 and 2 * n_bad > sum(char > "\x7f" for char in text)


def is_utf8(head: bytes) -> bool:
    """Whether the start of a file is UTF-8 with so much beside ASCII that it is nothing else.

    >>> [is_utf8("中文字，中文字。".encode(name)) for name in ("utf-8", "gbk")], is_utf8(b"ab")
    ([True, False], False)
    """
    try:
        text, _ = codecs.utf_8_decode(head)
    except UnicodeDecodeError:
        return False
    return len(head) - len(text) >= _TELLING


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """The text of a file, through gzip or zstd where its name ends in .gz or .zst.

    Raises: OptionError where zstd is not installed; `read_errors`, when it is opened, read or, with
    damaged compressed data, left.
    """
    if name == STDIN:
        if sys.stdin is None:
            raise OptionError("it is closed: name a file")
        yield sys.stdin.buffer
        return
    if not name:
        raise OptionError(EMPTY_NAME)
    try:
        raw = open(name, "rb")  # noqa: PTH123, SIM115  # closed below
    except IsADirectoryError:
        raise OptionError("is a folder: add -r to read the files in it") from None
    with raw as file, compressed(name, file, "rb") as stream:
        if stream is file:
            yield file
            return
        patient = _Patient(stream)
        yield io.BufferedReader(patient)
        if patient.error:
            raise patient.error


class _Patient(io.RawIOBase):
    """Compressed data that ends where it is damaged: what was read until then comes out, and the
    error is there to be raised after it.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: Exception | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._file.seekable()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: Any) -> int:
        if self.error:
            return 0
        try:
            data = self._file.read1(len(buffer))  # type: ignore[attr-defined]  # both have it
        except read_errors() as error:
            self.error = error
            return 0
        buffer[: len(data)] = data
        return len(data)


def compressed(name: str, file: BinaryIO, mode: str) -> BinaryIO:
    """`file` read or written through the compression that its name tells; itself without one."""
    if name.endswith(".gz"):
        import gzip  # only for compressed files

        # no name and no time inside: the same text gives the same bytes
        packed: Any = gzip.GzipFile("", mode, _LEVEL, file, mtime=0)
        made: BinaryIO = packed
        return made
    if name.endswith(".zst"):
        stream: BinaryIO = _zstd().ZstdFile(file, mode)
        return stream
    return file


_ZSTD = ("compression.zstd", "backports.zstd")  # Python 3.14 has it; the same before
_PACKED_ERRORS = (("zlib", "error"), *((name, "ZstdError") for name in _ZSTD))


def _zstd() -> Any:
    import importlib

    for module in _ZSTD:
        with suppress(ImportError):
            return importlib.import_module(module)
    raise OptionError("reading .zst needs a package: pip install 'zhfix[zst]'")


def read_errors() -> tuple[type[Exception], ...]:
    """What reading a file may raise: our own errors, the disk's, and those of compressed data."""
    packed: list[type[Exception]] = []
    for name, error in _PACKED_ERRORS:  # what is not loaded has raised nothing
        if module := sys.modules.get(name):
            packed.append(getattr(module, error))
    return (ZhfixError, OSError, EOFError, *packed)


def guessed(file: BinaryIO) -> tuple[BinaryIO, str]:
    """The file from its start, and the encoding that its first megabyte is in; `a+b` where lines in
    `a` stand among lines in `b`.
    """
    from zhfix.codec_names import codec_name
    from zhfix.decode import decode

    head = file.read(_HEAD)
    name = decode(head[: head.rfind(b"\n") + 1] or head).encoding
    if name == "ascii":
        name = "utf-8"  # what comes later may be more
    first, plus, other = name.partition("+")
    name = codec_name(first) + (plus and "+" + codec_name(other))
    return _rejoined(head, file), name


def concrete(file: BinaryIO, encoding: str) -> tuple[BinaryIO, str]:
    """The file from its start, and an encoding that neither drops nor adds a byte order mark.

    `utf-16` and `utf-32` become the one that the mark at the start of the file names.
    """
    if encoding == "utf-8-sig":
        return file, "utf-8"
    if encoding not in ("utf-16", "utf-32"):
        return file, encoding
    head = file.read(4)
    is_big = head.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE))
    return _rejoined(head, file), f"{encoding}-{'be' if is_big else 'le'}"


def _rejoined(head: bytes, file: BinaryIO) -> BinaryIO:
    """A file whose first bytes were read already, from its start again."""
    if file.seekable():
        file.seek(-len(head), os.SEEK_CUR)
        return file

    class Joined(io.RawIOBase):
        left = head

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            size = len(buffer)
            data = self.left[:size] or file.read(size)
            self.left = self.left[size:]
            buffer[: len(data)] = data
            return len(data)

    return io.BufferedReader(Joined())
