"""The rows that choose between forms, as the tables hold them: learned ones, and hand-kept ones of
a region or for both scripts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from sys import intern

from zhfix.named import NamedTuple
from zhfix.tables import each_row, load_map, load_near, load_rows

__all__ = [
    "FIRM",
    "HAND_TABLES",
    "Row",
    "contexts_of",
    "read_crossings",
    "read_hand",
    "read_rows",
    "read_style",
    "with_simple_contexts",
]

HAND_TABLES = ("hand/choice-words", "hand/choice")
FIRM = "!"  # before the context of a word that no neighbour cuts: ![干]部


class Row(NamedTuple):
    """One line of the table: `pattern` adds `weight` to `form` for the character `hans`."""

    hans: str
    pattern: str
    form: str
    weight: int


def read_rows(chars: frozenset[str] | None = None) -> Iterator[Row]:
    """Rows of the learned table, those on `chars` or all."""
    rows = each_row("choice") if chars is None else load_near("choice", chars)
    for hans, pattern, form, weight in rows:
        yield Row(hans, intern(pattern), intern(form), int(weight))  # two choices have them


def read_hand(
    name: str, region: str, chars: frozenset[str] | None = None
) -> Iterator[tuple[str, str]]:
    """(key, form) of the hand-kept rows that hold in `region`; `hk:…` keys hold there only. Keys of
    one meaning may share a row, and contexts a key: 学/员[制]作 is 学[制]作 and 员[制]作.

    With `chars`, the rows that decide one of these characters.
    """
    # not kept: each choice reads them once, and the reasons are most of them
    for keys, form, _why in each_row(name):
        if chars is not None and chars.isdisjoint(keys):
            continue
        for key in keys.split(" "):
            where, colon, rest = key.rpartition(":")
            # what it decides; the ends of a key are most of its characters
            if chars is not None and rest[rest.find("[") + 1] not in chars:
                continue
            if colon and region not in where.split(","):
                continue
            for context in contexts_of(rest):
                yield context, form


def contexts_of(key: str) -> Iterator[str]:
    """The contexts of a key.

    >>> list(contexts_of("!学/员[制]作"))
    ['!学[制]作', '!员[制]作']
    """
    if "/" not in key:
        yield key
        return
    firm = key[: key[0] == FIRM]
    before, _, rest = key[len(firm) :].partition("[")
    char, _, after = rest.partition("]")
    for left in before.split("/"):
        for right in after.split("/"):
            yield f"{firm}{left}[{char}]{right}"


def read_crossings(chars: frozenset[str] | None = None) -> Iterator[tuple[str, str]]:
    """(key, form) of the contexts where two words meet, as firm as words that no neighbour cuts;
    with `chars`, those that decide one of these characters.
    """
    rows = each_row("crossings") if chars is None else load_near("crossings", chars)
    for _char, form, keys in rows:
        for key in keys.split(" "):
            for context in contexts_of(key):
                yield FIRM + context, form


def read_style(region: str) -> Iterator[str]:
    """Pairs of spellings that learned rows may not exchange in `region`."""
    for pair, regions, _why in load_rows("hand/choice-style"):
        if region not in regions.split(","):
            yield pair


def with_simple_contexts(rows: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each row, and the same with Simplified neighbours where no row has these."""
    simple = str.maketrans(dict(load_map("TSCharacters")))
    yield from rows.items()
    for key, form in rows.items():
        before, bracket, rest = key.partition("[")
        char, _, after = rest.partition("]")
        folded = f"{before.translate(simple)}[{char}]{after.translate(simple)}"
        if bracket and folded not in rows:
            yield folded, form
