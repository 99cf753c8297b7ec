"""Regular expressions that are compiled when they are first used: to compile all of ours was half
of the start. What Python walks through character by character when it compiles, a class that spans
all Han characters, is written down at once.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Any, AnyStr

__all__ = ["char_class", "compiled", "pattern", "ranges"]

_METHODS = ("finditer", "findall", "fullmatch", "match", "search", "split", "sub", "subn")
# whose `re` has these parts: 3.10 has others, and of later ones nobody knows
_IS_KNOWN = (3, 11) <= sys.version_info < (3, 14)
_FEW = 2  # parts of a class that Python's compiler is quick with,
_WIDE = 512  # unless a range has as many characters
_BMP = 0x10000
_DIGITS = b"01" + bytes(254)  # of marks
_EMPTY = bytes(256)

_Part = tuple["Any", "Any"]  # an operation and what it is done with


class _Later:
    """Looks like the compiled pattern, and keeps its methods once it is."""

    def __init__(self, written: Any, flags: int) -> None:
        self._written = written
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # copy and pickle ask before there is anything
            raise AttributeError(name)
        if name == "pattern":  # to be a part of another one
            return self._written
        made: Any = compiled(self._written, self._flags)
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


def compiled(written: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """`re.compile`, several times as fast where a class holds a wide range or many characters; the
    result need not know its `pattern`.

    `re` marks the characters of a class one after another in a loop of Python: 1 to 3 ms for one
    like `[㐀-鿿〇豈-﫿]`, and a line may need a dozen. Its compiler also takes a parsed pattern,
    and bitmaps in place of such classes in it. That is no promise of `re`, so only versions of
    Python are trusted with it that our tests have run on; others compile as they always do.

    >>> compiled("[㐀-鿿]+").findall("a漢字b")
    ['漢字']
    """
    made: Any = None
    is_plain = isinstance(written, str) and not flags & re.IGNORECASE and "(?i" not in written
    if _IS_KNOWN and is_plain:
        with suppress(ImportError, AttributeError):  # another Python of that version
            from re import _compiler, _constants, _parser  # type: ignore[attr-defined]

            tree = _parser.parse(written, flags)
            _write_bitmaps(tree.data, _constants)
            made = _compiler.compile(tree, flags)
    return made or re.compile(written, flags)


def one_of(chars: frozenset[str]) -> re.Pattern[str]:
    """`re.compile(char_class(chars))`, without a look at each character by the parser.

    >>> one_of(frozenset("a好\U00020000")).findall("a\U00020001b好")
    ['a', '\U00020001', '好']
    """
    if _IS_KNOWN:
        with suppress(ImportError, AttributeError):  # another Python of that version
            from re import _compiler, _parser  # type: ignore[attr-defined]
            from re import _constants as ops  # type: ignore[attr-defined]

            tree = _parser.parse(char_class(frozenset("一丁")))  # some class, for its shape
            behind = (ops.RANGE, (0x20000, 0x3FFFF))
            near = ((ops.LITERAL, ord(char)) for char in sorted(chars) if char <= "\uffff")
            tree.data[0] = ops.IN, _bitmap((*near, behind))
            made: re.Pattern[str] = _compiler.compile(tree)
            return made
    return re.compile(char_class(chars))


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


def _is_large(parts: Sequence[_Part], ops: Any) -> bool:
    """Whether the compiler has some work with a class."""
    if len(parts) <= _FEW:
        return any(op is ops.RANGE and min(av[1], _BMP) - av[0] >= _WIDE for op, av in parts)
    return any(
        (op is ops.LITERAL and av > 255) or (op is ops.RANGE and av[1] > 255) for op, av in parts
    )


@cache
def _bitmap(parts: tuple[_Part, ...]) -> list[_Part]:
    """A class as the compiler of `re` would write it down: a bitmap of the BMP in chunks of 256
    characters, each different one once, then what lies beyond.
    """
    from re import _constants as ops  # type: ignore[attr-defined]

    marks: dict[int, bytearray] = {}  # the chunks that are not empty
    before, behind = [], []
    for op, av in parts:
        if op is ops.NEGATE:
            before.append((op, av))
        elif op is ops.LITERAL and av < _BMP:
            marks.setdefault(av >> 8, bytearray(256))[av & 255] = 1
        elif op is ops.RANGE and av[0] < _BMP:
            start, end = av[0], min(av[1] + 1, _BMP)
            for i in range(start >> 8, (end + 255) >> 8):
                a, b = max(start - 256 * i, 0), min(end - 256 * i, 256)
                marks.setdefault(i, bytearray(256))[a:b] = b"\1" * (b - a)
            if av[1] >= _BMP:
                behind.append((op, (_BMP, av[1])))
        else:
            behind.append((op, av))
    chunks: dict[bytes, int] = {}
    places = {}
    following = 0
    for i in sorted(marks):
        if i > following:
            chunks.setdefault(_EMPTY, len(chunks))
        places[i] = chunks.setdefault(bytes(marks[i]), len(chunks))
        following = i + 1
    if following < 256:
        chunks.setdefault(_EMPTY, len(chunks))
    numbers = bytearray([chunks.get(_EMPTY, 0)]) * 256
    for i, number in places.items():
        numbers[i] = number
    digits = b"".join(chunks).translate(_DIGITS)[::-1].decode()
    words = [int(digits[at - 32 : at], 2) for at in range(len(digits), 0, -32)]
    data = [len(chunks), *memoryview(numbers).cast("I"), *words]
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
    i = max(spec.find("-") - 1, 0) if "-" in spec else len(spec)
    alone = list(map(ord, spec[:i]))  # most of a long class stands before its first range
    yield from zip(alone, alone, strict=True)
    while i < len(spec):
        wide = spec[i + 1 : i + 2] == "-"
        yield ord(spec[i]), ord(spec[i + 2 if wide else i])
        i += 3 if wide else 1
