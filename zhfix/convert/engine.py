"""What every conversion engine offers, and which engine a text gets."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property

from zhfix.arrays import is_long
from zhfix.convert.chain import Chain, Piece
from zhfix.convert.lexicon import Load
from zhfix.first_lines import FEWER, is_few
from zhfix.pattern import pattern
from zhfix.tables import Sorted, load_map, load_sorted

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from zhfix.convert.plain import Plain

# Strings joined into one text by `convert_many`: enough that the cost per call no longer shows,
# few enough that a batch of short strings stays in the processor's cache.
_BATCH = 8192

# Characters from which a text goes to the bulk engine once its tables are there; below, the
# fixed cost of some sixty array operations is more than the whole conversion.
LONG = 4_096
# Characters after which it is worth building the tables, 30 ms; and reading in numpy, 120 ms.
BUILD, IMPORT = 300_000, 1_500_000

_LARGE = frozenset({"STPhrases"})
# the ranges of compatibility ideographs, which conversion replaces first
_COMPAT = pattern("[\uf900-\ufaff\U0002f800-\U0002fa1f]")

# Characters on each side of a place; what is joined further is read by the line, once.
_REACH = 60

# Between joined strings: no dictionary has it, and hardly any text.
_MARK = "\0"


def can_use_arrays(size: int) -> bool:
    """Whether a text of `size` characters is for arrays: it is long, and numpy is loaded already
    or worth loading and installed.
    """
    if size < LONG or (size < IMPORT and "numpy" not in sys.modules):
        return False
    try:
        import numpy  # noqa: F401  # 120 ms, long text only
    except ImportError:
        return False
    return True


class Engine(ABC):
    """Conversion by dictionary for one config: same text, same output, whichever engine it is."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain

    @abstractmethod
    def convert(self, text: str) -> str:
        """The text in the config's target script; the same object if nothing changes.

        Lone surrogates pass through. Cost: O(len(text)).
        """

    @abstractmethod
    def pieces(self, text: str) -> Iterator[Piece]:
        """Each change as start, end and replacement, in order, in code points of `text`.

        A phrase is one piece; changed characters side by side are one piece each.
        """

    def convert_many(self, texts: Iterable[str | None]) -> list[str | None]:
        """Every text converted, None kept; short strings cost what one long text does."""
        done: list[str | None] = []
        texts = texts if isinstance(texts, Sequence) else list(texts)
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            if None not in batch:
                done += self._convert_joined(batch)  # type: ignore[arg-type]  # no None in it
                continue
            results = iter(self._convert_joined([text for text in batch if text is not None]))
            done += [None if text is None else next(results) for text in batch]
        return done

    def _convert_joined(self, texts: Sequence[str]) -> list[str]:
        if not texts:
            return []
        joined = _MARK.join(texts)
        if joined.count(_MARK) == len(texts) - 1:
            return self.convert(joined).split(_MARK)
        results = iter(self._convert_joined([text for text in texts if _MARK not in text]))
        return [self.convert(text) if _MARK in text else next(results) for text in texts]


class Choice(Engine):
    """Short text to the plain engine, long text to the bulk engine if numpy can be imported."""

    def __init__(self, config: str) -> None:
        self._config = config
        self._bulk: Engine | None = None
        self._seen = 0

    @cached_property
    def chain(self) -> Chain:  # type: ignore[override]  # made when it is needed
        return chain_for(self._config)

    @cached_property
    def _plain(self) -> Engine:
        return engine_for(self._config, bulk=False)

    def convert(self, text: str) -> str:
        if len(text) < LONG:
            return convert_short(self._config, text)
        if self._bulk is None:
            self._seen += len(text)
            if self._seen < (BUILD if "numpy" in sys.modules else IMPORT) and not is_long():
                return self._plain.convert(text)
            try:
                self._bulk = engine_for(self._config, bulk=True)
            except ImportError:
                self._bulk = self._plain
        return self._bulk.convert(text)

    def pieces(self, text: str) -> Iterator[Piece]:
        return self._plain.pieces(text)


def convert_short(config: str, text: str) -> str:
    """What the plain engine makes of the text; the first lines of a process do not wait for it."""
    if is_for_few(config, text):
        made = chain_for(config).convert(text)
        return text if made == text else made
    return engine_for(config, bulk=False).convert(text)


def is_for_few(config: str, text: str) -> bool:
    """Whether a text is one of the first short ones, which the dictionaries convert the slow way:
    to prepare the plain engine takes 100 ms for a config from Simplified, else 10. To ask counts.
    """
    return is_few(config, text, FEWER) and not _COMPAT.search(text)


def _load(name: str) -> Mapping[str, str] | Sorted:
    """A dictionary; the large one, of phrases alone, as the text it is."""
    return load_sorted(name) if name in _LARGE else load_map(name)


def phrases_in(config: str, text: str) -> list[tuple[int, int]]:
    """Spans of the phrases that the first step of a config matches in a line."""
    return list(chain_for(config).phrases(text))


def joined_span(config: str, text: str, at: int) -> tuple[int, int]:
    """The part of a text around a place that phrases may hold together: those in it are found
    without the rest. The line, while the tables for that are not read, or where the part is long.
    """
    chain = chain_for(config)
    if "joins" in vars(chain):  # a cached property
        joins, start, end = chain.joins, at, at + 1
        while start > max(0, at - _REACH) and text[start - 1 : start + 1] in joins:
            start -= 1
        while end < min(len(text), at + _REACH) and text[end - 1 : end + 1] in joins:
            end += 1
        if start > at - _REACH and end < at + _REACH:
            return start, end
    return text.rfind("\n", 0, at) + 1, text.find("\n", at) + 1 or len(text)


@cache
def chain_for(config: str, source: Load = _load) -> Chain:
    """The dictionaries of a config, read once."""
    return Chain(config, source)


@cache
def engine_for(config: str, *, bulk: bool | None = None) -> Engine:
    """The engine for an OpenCC config such as "s2t"; one object per config.

    `bulk` asks for the numpy engine (True) or the plain one (False). Without it each text gets the
    one that suits its length. The results are identical.

    >>> engine_for("s2tw").convert("头发干净")
    '頭髮乾淨'

    Raises: KeyError for an unknown config; ImportError if `bulk=True` and there is no numpy.
    """
    if bulk is None:
        return Choice(config)
    if bulk:
        from zhfix.convert.bulk import Bulk  # imports numpy

        return Bulk(plain_for(config))
    return plain_for(config)


@cache
def plain_for(config: str) -> Plain:
    """The plain engine for a config, one object for each."""
    from zhfix.convert.plain import Plain  # which stands on this module

    return Plain(chain_for(config))
