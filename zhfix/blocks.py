"""How long text is cut: blocks that are judged and repaired on their own, the same ones in a string
and in a stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zhfix.pattern import pattern

__all__ = ["BLOCK", "LONGEST_LINE", "block_end", "blocks", "gathered", "lines"]

# Evidence (which script, is the page glossed) is gathered over one block; a page is hardly ever
# longer.
BLOCK = 1 << 16  # code points; a block ends with the first line that reaches this many
# code points; a block without a line end is cut, so that memory is bounded, and what wakes a rule
# wakes it for that much only: four times as long takes half as much time again
LONGEST_LINE = 1 << 18
_NEAR = 4096  # code points before that cut among which a punctuation mark is sought
_LINE = pattern(r"[^\n]*\n|[^\n]+")
_MARK = pattern(r"[。！？；，、,.;!?\s]")


def lines(text: str) -> Iterator[str]:
    """The lines of `text` with their ends; only LF ends a line, so CR LF and U+2028 stay inside."""
    return (match.group() for match in _LINE.finditer(text))


def block_end(text: str, at: int = 0, *, is_last: bool = True) -> int:
    """Where the block that starts at `at` ends; 0 when that depends on what comes behind `text`.

    >>> block_end("好" * 9), block_end("好" * 9, is_last=False)
    (9, 0)

    Cost: a search for one line end, whatever the number of lines.
    """
    end = text.find("\n", at + BLOCK - 1, at + LONGEST_LINE) + 1
    if end:
        return end
    if len(text) - at <= LONGEST_LINE:
        return len(text) if is_last else 0
    stop = at + LONGEST_LINE
    low = max(at, stop - _NEAR)
    marks = list(_MARK.finditer(text, low, stop))
    return marks[-1].end() if marks else stop


def gathered(parts: Iterable[str]) -> Iterator[str]:
    """The blocks of a stream, whatever parts it comes in: cut where `blocks` cuts the joined text.

    >>> [len(block) for block in gathered(["好" * 9 + "\\n"] * 3)]
    [30]
    """
    held: list[str] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= BLOCK and ("\n" in part or size > LONGEST_LINE):
            text, at = "".join(held), 0
            while end := block_end(text, at, is_last=False):
                yield text[at:end]
                at = end
            held, size = [text[at:]], len(text) - at
    yield from blocks("".join(held))


def blocks(text: str) -> Iterator[str]:
    """`text` in blocks; one block, the same object, when it is no longer than a block."""
    if len(text) <= BLOCK:
        if text:
            yield text
        return
    at = 0
    while at < len(text):
        end = block_end(text, at)
        yield text[at:end]
        at = end
