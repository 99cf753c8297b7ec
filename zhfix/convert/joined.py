"""Many strings converted as one text, so that a million of them cost what a book does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

__all__ = ["MARK", "batches", "each_joined", "unless_equal"]

_BATCH = 8192  # strings joined into one text, as in the dictionary engine
_MOST = 1 << 20  # characters of them
MARK = "\n\0"  # between them: ends a line, which no context crosses, and stands in hardly any text


def each_joined(run: Callable[[str], str], texts: Sequence[str]) -> list[str]:
    """`run` on each text, many short ones at once; an unchanged text is the same object.

    `run` must take every line for itself.
    """
    out: list[str] = []
    for batch in batches(texts):
        out += _joined(run, batch)
    return out


def batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The texts in groups that are joined, each of 8,192 texts or a million characters at most,
    unless it is one text.
    """
    at = 0
    while at < len(texts):
        batch = texts[at : at + _BATCH]
        while len(batch) > 1 and sum(map(len, batch)) > _MOST:
            batch = batch[: len(batch) // 2]
        yield batch
        at += len(batch)


def _joined(run: Callable[[str], str], texts: Sequence[str]) -> list[str]:
    if not texts:
        return []
    joined = MARK.join(texts)
    if joined.count("\0") >= len(texts):  # some hold a NUL
        rest = iter(_joined(run, [text for text in texts if "\0" not in text]))
        return [run(text) if "\0" in text else next(rest) for text in texts]
    return unless_equal(texts, run(joined).split(MARK))


def unless_equal(olds: Sequence[str], news: Sequence[str]) -> list[str]:
    """The new texts, but the old object where nothing changed."""
    return [old if old == new else new for old, new in zip(olds, news, strict=True)]
