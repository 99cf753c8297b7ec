"""Plain text in and out: read and decoded in bulk, cut where a string is cut, and written back byte
for byte where nothing changed.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator

from zhfix.blocks import BLOCK, LONGEST_LINE, block_end, blocks, lines
from zhfix.errors import DecodeError
from zhfix.named import NamedTuple

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = [
    "CHUNK",
    "ERRORS",
    "Piece",
    "cut",
    "encoded",
    "is_wide",
    "line_codec",
    "pieces",
    "repaired_bytes",
    "texts",
    "unbuffered_pieces",
]

CHUNK = 1 << 19  # bytes read at a time; a piece holds the blocks that end in them
# bytes that make no sense travel through as lone surrogates and come out as they were
ERRORS = "surrogateescape"

Line = tuple[bytes, str]


class Piece(NamedTuple):
    """Whole blocks of a file: the bytes, and their text where it is known already.

    `lines` has the text line by line with the bytes of each, for encodings that do not give their
    bytes back when the text is encoded again. Without `is_whole` the bytes end anywhere: what is
    left of the pieces before belongs in front of them, and `cut` gives the blocks.
    """

    raw: bytes
    text: str | None = None
    lines: tuple[Line, ...] = ()
    is_whole: bool = True
    is_last: bool = False


def pieces(file: BinaryIO, encoding: str, n_chunks: int = 1) -> Iterator[Piece]:
    """The pieces of a file, `n_chunks` as they are read or cut at ends of blocks."""
    if encoding != "utf-8" and not is_wide(encoding):
        yield from _line_pieces(file, encoding)
        return
    is_last, size = False, n_chunks * CHUNK
    while not is_last:
        data = file.read(size)  # all of it, unless the file ends
        is_last = len(data) < size
        yield Piece(data, is_whole=False, is_last=is_last)


def texts(file: BinaryIO, encoding: str) -> Iterator[str]:
    """The blocks of a file as text."""
    rest = b""
    for piece in pieces(file, encoding):
        if piece.is_whole:
            yield "".join(text for _, text in piece.lines)
        else:
            piece, rest = cut(rest + piece.raw, encoding, is_last=piece.is_last)
            yield from blocks(piece.text or "")


def unbuffered_pieces(file: BinaryIO, encoding: str) -> Iterator[Piece]:
    """Each line as a piece of its own, as soon as it is there."""
    for raw in iter(file.readline, b""):
        text = _decoded(raw, encoding)
        yield Piece(raw, text, ((raw, text),))


def is_wide(encoding: str) -> bool:
    """Whether LF is more than one byte, as in UTF-16."""
    return "+" not in encoding and len("\n".encode(encoding)) > 1


def cut(raw: bytes, encoding: str, *, is_last: bool) -> tuple[Piece, bytes]:
    """The whole blocks that some bytes begin with, as a piece, and the bytes behind them.

    For encodings that give their bytes back exactly; no loop over lines.

    Raises: DecodeError where the bytes are not `encoding` and it has no way to carry them along.
    """
    try:
        if encoding == "utf-8":  # without the copy that the decoder of a stream makes
            text, n_used = codecs.utf_8_decode(raw, ERRORS, is_last)
        else:
            decoder = codecs.getincrementaldecoder(encoding)(ERRORS)
            text = decoder.decode(raw, is_last)
            n_used = len(raw) - len(decoder.getstate()[0])
        end = at = 0
        while at < len(text) and (at := block_end(text, at, is_last=is_last)):
            end = at
        n = n_used - len(text[end:].encode(encoding, ERRORS))
    except UnicodeError as error:
        raise _not_text(encoding, error) from None
    return Piece(raw[:n], text[:end]), raw[n:]


def _line_pieces(file: BinaryIO, encoding: str) -> Iterator[Piece]:
    """Other encodings: the bytes are kept line by line, since encoding may not give them back."""
    read = _mixed_lines(file, encoding) if "+" in encoding else _raw_lines(file, encoding)
    held: list[Line] = []
    size = 0
    for raw, text in read:
        held.append((raw, text))
        size += len(text)
        if size >= BLOCK and (text.endswith("\n") or size > LONGEST_LINE):
            yield _joined(held)
            held, size = [], 0
    if held:
        yield _joined(held)


def _joined(held: list[Line]) -> Piece:
    return Piece(b"".join(raw for raw, _ in held), None, tuple(held))


def _raw_lines(file: BinaryIO, encoding: str) -> Iterator[Line]:
    decoder = codecs.getincrementaldecoder(encoding)(ERRORS)
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


def _mixed_lines(file: BinaryIO, encoding: str) -> Iterator[Line]:
    held = b""
    for data in iter(lambda: file.readline(LONGEST_LINE), b""):
        raw, held = held + data, b""
        if not data.endswith(b"\n") and len(data) == LONGEST_LINE:  # the line goes on
            raw, held = _split(raw, encoding)
        yield raw, _decoded(raw, encoding)
    if held:
        yield held, _decoded(held, encoding)


def _split(raw: bytes, encoding: str) -> tuple[bytes, bytes]:
    """The whole characters that some bytes begin with, and the bytes behind them."""
    first, _, other = encoding.partition("+")
    try:
        decoder = codecs.getincrementaldecoder(first)()
        decoder.decode(raw)
    except UnicodeDecodeError:
        decoder = codecs.getincrementaldecoder(other)(ERRORS)
        decoder.decode(raw)
    n_held = len(decoder.getstate()[0])
    return raw[: len(raw) - n_held], raw[len(raw) - n_held :]


def line_codec(raw: bytes, encoding: str) -> str:
    """The encoding of one line of a file; `a+b` stands for lines of `a` among lines of `b`.

    >>> line_codec("好".encode("gbk"), "utf-8+gb18030"), line_codec("好".encode(), "utf-8+gb18030")
    ('gb18030', 'utf-8')
    """
    first, plus, other = encoding.partition("+")
    if not plus:
        return encoding
    try:
        raw.decode(first)
    except UnicodeDecodeError:
        return other
    return first


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(line_codec(raw, encoding), ERRORS)
    except UnicodeError as error:
        raise _not_text(encoding, error) from None


def _not_text(encoding: str, error: UnicodeError) -> DecodeError:
    """UTF-16 has no way to carry a bad byte along."""
    return DecodeError(f"this is not {encoding} ({error}): try -e auto")


def repaired_bytes(
    piece: Piece, fix: Callable[[str], str], encoding: str, target: str
) -> tuple[bytes | None, bool]:
    """The bytes to write for a piece, None when they are those that came in; and whether its text
    changed.

    Raises: DecodeError where the bytes are not `encoding`, or what is repaired is not in `target`.
    """
    before = piece.text
    if before is None:
        pairs = piece.lines
        before = "".join(text for _, text in pairs) if pairs else _decoded(piece.raw, encoding)
    after = fix(before)
    is_changed = after != before
    if encoding != target:
        return encoded(after, target), is_changed
    if not is_changed:
        return None, False
    data = _rewritten(piece.lines, after, encoding) if piece.lines else encoded(after, target)
    return data, True


def _rewritten(before: Iterable[Line], after: str, encoding: str) -> bytes:
    """`after` in bytes; lines that stayed go out as the bytes that came in."""
    old, new = list(before), list(lines(after))
    if len(old) != len(new):
        return encoded(after, encoding.partition("+")[0])
    parts = [
        raw if text == line else encoded(line, line_codec(raw, encoding))
        for (raw, text), line in zip(old, new, strict=True)
    ]
    return b"".join(parts)


def encoded(text: str, encoding: str) -> bytes:
    """`text` in `encoding`, escaped bytes as they were."""
    try:
        return text.encode(encoding, ERRORS)
    except UnicodeEncodeError as error:
        char = text[error.start]
        if "\ud800" <= char <= "\udfff":
            raise DecodeError(f"a byte that was no text cannot go into {encoding}") from None
        raise DecodeError(
            f"{char!r} (U+{ord(char):04X}) is not in {encoding}: add --output-encoding utf-8"
        ) from None
