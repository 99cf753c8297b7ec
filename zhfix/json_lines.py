"""JSON lines: the named fields of each record are repaired; all other bytes stay what they are."""

from __future__ import annotations

import io
import json
import json.decoder
import re
from collections.abc import Iterator

from zhfix.named import NamedTuple
from zhfix.plans import Fix, Outcome, Record, Span, repaired_records
from zhfix.stream import CHUNK, Piece

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["JsonPlan", "field_path", "literals", "record_pieces"]

_space = re.compile(r"[ \t\n\r]*").match
# numbers are stepped over, never read: no limit on their digits, no rounding
_scan = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).scan_once  # type: ignore[attr-defined]  # not in its stubs
_string = json.decoder.scanstring  # type: ignore[attr-defined]
_SURROGATE = re.compile(r"[\ud800-\udfff]")

Path = tuple[str, ...]


def field_path(name: str) -> Path:
    r"""The keys that a field name leads through; `\.` is a dot inside a key.

    >>> field_path("meta.title"), field_path(r"a\.b")
    (('meta', 'title'), ('a.b',))
    """
    return tuple(part.replace("\0", ".") for part in name.replace("\\.", "\0").split("."))


def record_pieces(file: BinaryIO) -> Iterator[Piece]:
    """The bytes of a file, cut behind line ends.

    Cost: a record is held whole, however long it is.
    """
    held: list[bytes] = []
    while data := file.read(CHUNK):
        cut = data.rfind(b"\n") + 1
        if cut:
            yield Piece(b"".join([*held, data[:cut]]))
            held, data = [], data[cut:]
        if data:
            held.append(data)
    if held:
        yield Piece(b"".join(held))


class JsonPlan(NamedTuple):
    """Records of JSON, one a line; `fields` are paths of keys, and lists on the way are gone
    through.
    """

    encoding: str
    target: str
    on_error: str
    fields: tuple[Path, ...]

    def repaired(self, piece: Piece, fix: Fix) -> Outcome:
        """The records of the piece repaired."""
        return repaired_records(self, map(self._record, io.BytesIO(piece.raw)), fix)

    def _record(self, raw: bytes) -> Record:
        if raw.isspace():
            return Record(raw)
        try:
            text = raw.decode(self.encoding)
            return Record(raw, text, literals(text, self.fields))
        except (ValueError, RecursionError) as error:
            return Record(raw, why=_why(error))

    def written(self, value: str, before: str) -> str:
        """A string of JSON, escaped down to ASCII where it was before; surrogates always are."""
        if before.isascii():
            return json.dumps(value)
        line = json.dumps(value, ensure_ascii=False)
        return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"not {error.encoding}: byte {error.object[error.start]:#04x} at {error.start}"
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON object: {error.msg} at character {error.pos}"
    return "no JSON object: nested too deep"


def literals(text: str, fields: tuple[Path, ...]) -> tuple[Span, ...]:
    """The strings at the fields of a record, in order.

    >>> literals('{"a": 1.50, "b": {"c": ["x", null]}}', (("b", "c"),))
    ((24, 27, 'x'),)

    Raises: JSONDecodeError where the text is no JSON object, RecursionError where it is too deep.
    """
    at = _after(text, int(text.startswith("\ufeff")))
    if text[at : at + 1] != "{":
        raise json.JSONDecodeError("Expecting '{'", text, at)
    found: list[Span] = []
    try:
        end = _after(text, _value(text, at, fields, found))
    except StopIteration as stop:  # how the scanner says that there is no value
        raise json.JSONDecodeError("Expecting value", text, stop.value) from None
    if end < len(text):
        raise json.JSONDecodeError("Extra data", text, end)
    return tuple(found)


def _value(text: str, at: int, wanted: tuple[Path, ...], found: list[Span]) -> int:
    """Step over the value at `at`, noting the strings that are wanted; its end."""
    first = text[at : at + 1]
    if not wanted or first not in ('"', "[", "{"):
        end: int = _scan(text, at)[1]
        return end
    if first == '"':
        value, end = _string(text, at + 1)
        if () in wanted:
            found.append((at, end, value))
        return end
    closing = "]" if first == "[" else "}"
    at = _after(text, at + 1)
    if text[at : at + 1] == closing:
        return at + 1
    while True:
        inside = wanted
        if first == "{":
            if text[at : at + 1] != '"':
                raise json.JSONDecodeError("Expecting a key in double quotes", text, at)
            key, at = _string(text, at + 1)
            at = _marked(text, at, ":")
            inside = tuple(path[1:] for path in wanted if path and path[0] == key)
        at = _after(text, _value(text, at, inside, found))
        if text[at : at + 1] == closing:
            return at + 1
        at = _marked(text, at, ",")


def _marked(text: str, at: int, mark: str) -> int:
    """Where the next token begins, behind `mark`."""
    at = _after(text, at)
    if text[at : at + 1] != mark:
        raise json.JSONDecodeError(f"Expecting {mark!r}", text, at)
    return _after(text, at + 1)


def _after(text: str, at: int) -> int:
    """Where the white space at `at` ends."""
    return _space(text, at).end()  # type: ignore[union-attr]  # it always matches
