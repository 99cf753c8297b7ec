"""Regular expressions that are compiled when they are first used: to compile all of ours was half
of the start. What Python walks through character by character when it compiles, a class that spans
all Han characters, is written down at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Any, AnyStr

__all__ = ["char_class", "pattern", "ranges"]

_METHODS = ("finditer", "findall", "fullmatch", "match", "search", "split", "sub", "subn")
_MANY = 8  # parts of a class, or else
_WIDE = 512  # characters of a range, from which it is worth it
_BMP = 0x10000
_DIGITS = b"01" + bytes(254)  # of marks

_Part = tuple["Any", "Any"]  # an operation and what it is done with
_Parts = Sequence[_Part]


class _Later:
    """Looks like the compiled pattern, and keeps its methods once it is."""

    def __init__(self, written: str | bytes, flags: int) -> None:
        self._written = written
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # copy and pickle ask before there is anything
            raise AttributeError(name)
        if name == "pattern":  # to be a part of another one
            return self._written
        made = _compiled(self._written, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(made, method))
        return getattr(made, name)


def pattern(written: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """`re.compile`, at the first use of one of its methods.

    >>> pattern("[a-c]+").sub("x", "abcd")
    'xd'
    """
    later: Any = _Later(written, flags)
    made: re.Pattern[AnyStr] = later
    return made


def _compiled(written: str | bytes, flags: int) -> Any:
    """`re.compile`, several times as fast where a class holds a wide range.

    `re` marks the characters of a class one after another in a loop of Python: 1 to 3 ms for one
    like `[㐀-鿿〇豈-﫿]`, and a line may need a dozen. Its compiler also takes a parsed pattern,
    and bitmaps in place of such classes in it. A Python whose `re` is built in another way
    compiles as it always does.
    """
    if isinstance(written, str) and not flags & re.IGNORECASE and "(?i" not in written:
        try:
            from re import _compiler, _constants, _parser  # type: ignore[attr-defined]

            tree = _parser.parse(written, flags)
            _write_bitmaps(tree.data, _constants)
            return _compiler.compile(tree, flags)
        except (ImportError, AttributeError):  # Python 3.10, and who knows which one
            pass
    return re.compile(written, flags)


def _write_bitmaps(nodes: Any, ops: Any) -> None:
    """Put bitmaps in place of the large classes of a parsed pattern."""
    for i, node in enumerate(nodes):
        if isinstance(node, tuple) and node and node[0] is ops.IN:
            if _is_large(node[1], ops):
                nodes[i] = ops.IN, _bitmap(tuple(node[1]))
        elif isinstance(node, (tuple, list)):
            _write_bitmaps(node, ops)
        elif hasattr(node, "data"):
            _write_bitmaps(node.data, ops)


def _is_large(parts: _Parts, ops: Any) -> bool:
    """Whether the compiler has some work with a class."""
    if len(parts) > _MANY:
        return any(op is ops.LITERAL and av > 255 for op, av in parts)
    return any(op is ops.RANGE and min(av[1], _BMP) - av[0] >= _WIDE for op, av in parts)


@cache
def _bitmap(parts: tuple[_Part, ...]) -> list[_Part]:
    """A class as the compiler of `re` would write it down: a bitmap of the BMP in chunks of 256
    characters, each different one once, then what lies beyond.
    """
    from re import _constants as ops  # type: ignore[attr-defined]

    marks = bytearray(_BMP)
    before, behind = [], []
    for op, av in parts:
        if op is ops.NEGATE:
            before.append((op, av))
        elif op is ops.LITERAL and av < _BMP:
            marks[av] = 1
        elif op is ops.RANGE and av[0] < _BMP:
            start, end = av[0], min(av[1] + 1, _BMP)
            marks[start:end] = b"\1" * (end - start)
            if av[1] >= _BMP:
                behind.append((op, (_BMP, av[1])))
        else:
            behind.append((op, av))
    chunks: dict[bytes, int] = {}
    places = bytearray(
        chunks.setdefault(bytes(marks[at : at + 256]), len(chunks)) for at in range(0, _BMP, 256)
    )
    digits = b"".join(chunks).translate(_DIGITS)[::-1].decode()
    words = [int(digits[at - 32 : at], 2) for at in range(len(digits), 0, -32)]
    data = [len(chunks), *memoryview(places).cast("I"), *words]
    return [*before, (ops.BIGCHARSET, data), *behind]


def char_class(chars: frozenset[str]) -> str:
    """A regular expression for one of `chars`, and for any character of planes 2 and 3.

    `re` looks up a BMP character in one step but tries those beyond one after another, so they
    are let through by range and looked at again by the caller.
    """
    near = "".join(map(re.escape, sorted(char for char in chars if char <= "\uffff")))
    return f"[{near}\U00020000-\U0003ffff]"


def ranges(spec: str) -> Iterator[tuple[int, int]]:
    """First and last code point of each part of a character class.

    >>> list(ranges("a-cx"))
    [(97, 99), (120, 120)]
    """
    i = 0
    while i < len(spec):
        wide = spec[i + 1 : i + 2] == "-"
        yield ord(spec[i]), ord(spec[i + 2 if wide else i])
        i += 3 if wide else 1
