"""Which forms native text has in a context. Build time only."""

from __future__ import annotations

import lzma
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from zhfix.convert.choice import WINDOWS
from zhfix.convert.choice_bulk import Array, hash_contexts, mix, neighbours
from zhfix.named import NamedTuple
from zhfix.tables.forms import Forms, to_hans
from zhfix.tables.learn import units

__all__ = ["Context", "NativeContexts", "native_text"]

_PART = 1 << 19  # places looked at at once


class Context(NamedTuple):
    """What stands around a character, and the form that is meant there."""

    char: str
    left: str
    right: str
    form: str

    def key(self) -> str:
        """As tables spell it: 学[制]作."""
        return f"{self.left}[{self.char}]{self.right}"

    def parts(self) -> Iterator[str]:
        """The keys of every context that this one holds, itself included."""
        for start in range(len(self.left) + 1):
            for end in range(len(self.right) + 1):
                yield f"{self.left[start:]}[{self.char}]{self.right[:end]}"

    def is_one_sided(self) -> bool:
        """Whether nothing is said of what stands on the other side."""
        return not (self.left and self.right)


def native_text(corpus: Path) -> Iterator[tuple[str, str]]:
    """The corpora in Simplified, and as they are, character for character; a line that comes again
    counts once.
    """
    for name in ("hant-speech", "hant-law"):
        with lzma.open(corpus / f"{name}.txt.xz", "rt", encoding="utf-8") as file:
            lines = list(dict.fromkeys(file.read().split("\n")))
        hans = to_hans("\n".join(lines)).split("\n")
        same = [pair for pair in zip(hans, lines, strict=True) if len(pair[0]) == len(pair[1])]
        yield "\n".join(pair[0] for pair in same), "\n".join(pair[1] for pair in same)


class NativeContexts:
    """Counts of the corpora."""

    def __init__(self, forms: Forms, corpus: Path) -> None:
        contexts, with_form = [], []
        for hans, hant in native_text(corpus):
            text, want = units(hans), forms.fold[units(hant)]
            places = np.flatnonzero(forms.is_ambiguous[text])
            for start in range(0, len(places), _PART):
                part = places[start : start + _PART]
                found = hash_contexts(neighbours(text, part))
                contexts.append(found.ravel())
                with_form.append(mix(found, want[part].astype(np.uint64)).ravel())
        self._all = _counted(contexts)
        self._own = _counted(with_form)

    def counts(self, contexts: Sequence[Context]) -> list[tuple[int, int]]:
        """How often each context has its form, and how often another one."""
        text = units("\n".join(f"{row.left}{row.char}{row.right}" for row in contexts))
        lengths = np.array([len(row.left + row.right) + 2 for row in contexts], np.int64)
        ahead = np.array([len(row.left) for row in contexts], np.int64)
        places = np.cumsum(lengths) - lengths + ahead
        window = [WINDOWS.index((len(row.left), len(row.right))) for row in contexts]
        hashes = hash_contexts(neighbours(text, places))[window, np.arange(len(contexts))]
        form = np.array([ord(row.form) for row in contexts], np.uint64)
        every, own = _found(self._all, hashes), _found(self._own, mix(hashes, form))
        return list(zip(own.tolist(), (every - own).tolist(), strict=True))


def _counted(hashes: list[Array]) -> tuple[Array, Array]:
    values, n = np.unique(np.concatenate(hashes), return_counts=True)
    return values, n


def _found(counted: tuple[Array, Array], hashes: Array) -> Array:
    values, n = counted
    at = np.searchsorted(values, hashes).clip(max=len(values) - 1)
    found: Array = np.where(values[at] == hashes, n[at], 0)
    return found
