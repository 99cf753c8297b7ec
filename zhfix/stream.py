"""Files and pipes in and out: decoded in blocks, written back byte for byte where nothing changed,
replaced atomically.
"""

from __future__ import annotations

import codecs
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from zhfix.blocks import BLOCK, LONGEST_LINE, gathered, lines
from zhfix.errors import DecodeError

__all__ = ["Block", "concrete", "encoded", "read_blocks", "repaired_bytes", "replace_file"]

_CHUNK = 1 << 18  # bytes read at a time
# bytes that make no sense travel through as lone surrogates and come out as they were
_ERRORS = "surrogateescape"

# lines: the bytes they came from, where encoding may not give them back
Block = list[tuple[bytes | None, str]]


def read_blocks(file: BinaryIO, encoding: str) -> Iterator[Block]:
    """The blocks of a file: the cuts are those of `zhfix.blocks`, whatever sizes the reads come in.

    UTF-8 gives its bytes back exactly, so its blocks are one string without bytes; other encodings
    keep both, line by line.
    """
    decoder = codecs.getincrementaldecoder(encoding)(_ERRORS)
    try:
        if encoding == "utf-8" or _is_wide(encoding):
            for block in gathered(_text_lines(file, decoder)):
                yield [(None, block)]
        else:
            yield from _raw_blocks(file, decoder)
    except UnicodeError as error:  # UTF-16 has no way to carry a bad byte along
        raise DecodeError(f"this is not {encoding} ({error}): try -e auto") from None


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
    return rejoined(head, file), f"{encoding}-{'be' if is_big else 'le'}"


def rejoined(head: bytes, file: BinaryIO) -> BinaryIO:
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


def _raw_blocks(file: BinaryIO, decoder: codecs.IncrementalDecoder) -> Iterator[Block]:
    held: Block = []
    size = 0
    for raw, text in _raw_lines(file, decoder):
        held.append((raw, text))
        size += len(text)
        if size >= BLOCK:
            yield held
            held, size = [], 0
    if held:
        yield held


def _is_wide(encoding: str) -> bool:
    """Whether LF is more than one byte, as in UTF-16."""
    return len("\n".encode(encoding)) > 1


def _text_lines(file: BinaryIO, decoder: codecs.IncrementalDecoder) -> Iterator[str]:
    """Decoded pieces, each ending in LF but the last; a line that is too long comes in pieces as
    well.
    """
    held = ""
    while True:
        data = file.read(_CHUNK)
        held += decoder.decode(data, final=not data)
        if not data:
            break
        cut = held.rfind("\n") + 1
        if cut or len(held) > 2 * LONGEST_LINE:
            cut = cut or LONGEST_LINE
            yield from lines(held[:cut])
            held = held[cut:]
    if held:
        yield from lines(held)


def _raw_lines(file: BinaryIO, decoder: codecs.IncrementalDecoder) -> Iterator[tuple[bytes, str]]:
    pending = b""
    while True:
        data = file.readline(LONGEST_LINE)
        text = decoder.decode(data, final=not data)
        kept = decoder.getstate()[0] if data else b""
        raw = pending + data
        raw, pending = raw[: len(raw) - len(kept)], kept
        if raw or text:
            yield raw, text
        if not data:
            return


def repaired_bytes(
    block: Block, fix: Callable[[str], str], encoding: str, target: str
) -> tuple[bytes, bool]:
    """The bytes to write for a block, and whether any of it changed.

    Raises: DecodeError when the repaired text does not fit the `target` encoding.
    """
    before = "".join(text for _, text in block)
    after = fix(before)
    is_changed = after != before
    if not is_changed and encoding == target and block[0][0] is not None:
        return b"".join(raw for raw, _ in block if raw is not None), False
    if encoding == target and block[0][0] is not None:
        fixed = list(lines(after))
        if len(fixed) == len(block):  # lines that stayed go out as the bytes that came in
            parts = [
                raw if raw is not None and text == line else encoded(line, target)
                for (raw, text), line in zip(block, fixed, strict=True)
            ]
            return b"".join(parts), True
    return encoded(after, target), is_changed


def encoded(text: str, encoding: str) -> bytes:
    """`text` in `encoding`, escaped bytes as they were."""
    try:
        return text.encode(encoding, _ERRORS)
    except UnicodeEncodeError as error:
        char = text[error.start]
        if "\ud800" <= char <= "\udfff":
            raise DecodeError(f"a byte that was no text cannot go into {encoding}") from None
        raise DecodeError(
            f"{char!r} (U+{ord(char):04X}) is not in {encoding}: add --output-encoding utf-8"
        ) from None


def replace_file(path: Path, parts: Iterable[bytes]) -> None:
    """Put `parts` in the place of the file, in one step: readers see the old file or the new one,
    never half of it.

    Mode and, where allowed, owner stay; a symbolic link stays one and its target is replaced.
    """
    path = path.resolve()
    status = path.stat()
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".zhfix", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            with suppress(OSError):
                os.chown(name, status.st_uid, status.st_gid)
            Path(name).chmod(status.st_mode & 0o7777)
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
