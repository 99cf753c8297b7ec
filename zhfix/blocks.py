"""How long text is cut: blocks that are judged and repaired on their own, the same ones in a string
and in a stream.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["BLOCK", "LONGEST_LINE", "blocks", "gathered", "lines"]

# Evidence (which script, is the page glossed) is gathered over one block; a page is hardly ever
# longer.
BLOCK = 1 << 16  # code points; a block ends with the first line that reaches this many
LONGEST_LINE = 1 << 20  # code points; a longer line is cut, so that memory stays bounded
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def lines(text: str) -> Iterator[str]:
    """The lines of `text` with their ends; only LF ends a line, so CR LF and U+2028 stay inside."""
    return (match.group() for match in _LINE.finditer(text))


def gathered(parts: Iterable[str]) -> Iterator[str]:
    """Blocks of a stream of lines (each ending in LF, the last one perhaps not): cut where `blocks`
    cuts the joined text.

    >>> [len(block) for block in gathered(["好" * 9 + "\\n"] * 3)]
    [30]
    """
    held: list[str] = []
    size = 0
    for part in parts:
        for piece in _short(part):
            held.append(piece)
            size += len(piece)
            if size >= BLOCK and (piece.endswith("\n") or size >= LONGEST_LINE):
                yield "".join(held)
                held, size = [], 0
    if held:
        yield "".join(held)


def blocks(text: str) -> Iterator[str]:
    """`text` in blocks; one block, the same object, when it is no longer than a block."""
    size = len(text)
    if size <= BLOCK:
        if text:
            yield text
        return
    at = 0
    while at < size:
        end = text.find("\n", at + BLOCK - 1, at + LONGEST_LINE) + 1
        if not end and size - at > LONGEST_LINE:  # a line that may have to be cut
            yield from gathered(lines(text[at:]))
            return
        end = end or size
        yield text[at:end]
        at = end


def _short(line: str) -> Iterator[str]:
    """A line in pieces of at most LONGEST_LINE code points, cut behind a punctuation mark where
    there is one near.
    """
    at = 0
    while len(line) - at > LONGEST_LINE:
        window = line[at + LONGEST_LINE - 4096 : at + LONGEST_LINE]
        marks = list(re.finditer(r"[。！？；，、,.;!?\s]", window))
        stop = at + LONGEST_LINE - 4096 + marks[-1].end() if marks else at + LONGEST_LINE
        yield line[at:stop]
        at = stop
    if at < len(line):
        yield line[at:]
