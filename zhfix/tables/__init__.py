"""The generated tables and how they are read: sorted TSV beside this file, loaded at first use.

Nothing is read at import. `data/` is written by `python -m zhfix.tables.build` and never edited;
`hand/` holds knowledge kept by hand, each row with its reason. What each table holds, its source
and licence: docs/tables.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, partial
from os import path, sep
from sys import intern

from zhfix.tables.near import Sorted

__all__ = [
    "Sorted",
    "each_row",
    "load_bytes",
    "load_map",
    "load_near",
    "load_rows",
    "load_set",
    "load_sorted",
    "load_view",
    "look_up",
]

_PACKAGE = path.dirname(path.dirname(__file__))  # noqa: PTH120  # pathlib takes 4 ms to load


def load_bytes(name: str) -> bytes:
    """What a file of the package holds, by its path in it; out of a zip archive too.

    >>> load_bytes("tables/data/marks.tsv")[:1]
    b'#'
    """
    # every module has a loader; to join paths takes longer than to read a small table
    data: bytes = __loader__.get_data(f"{_PACKAGE}{sep}{name}")  # type: ignore[name-defined]
    return data


def load_view(name: str) -> memoryview:
    """The same of a large file, for those who copy its parts: nothing is read twice.

    >>> bytes(load_view("tables/data/model.bin")[:8])
    b'zhngram1'
    """
    import mmap  # one reader

    try:
        with open(f"{_PACKAGE}{sep}{name}", "rb") as file:  # noqa: PTH123  # as above
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError:  # in an archive
        return memoryview(load_bytes(name))


def _raw_body(name: str) -> bytes:
    """A table without its comment lines, which stand at the top."""
    folder, _, stem = name.rpartition("/")
    data = load_bytes(f"tables/{folder or 'data'}/{stem}.tsv")
    start = 0
    while data.startswith(b"#", start):
        start = data.index(b"\n", start) + 1
    return data[start:]


def _body(name: str) -> str:
    return _raw_body(name).decode()


@cache
def load_map(name: str) -> dict[str, str]:
    """First column to second column of a table of two or more columns; do not change what comes
    back, it is shared.

    >>> load_map("TSCharacters")["區"]
    '区'

    Cost: about 0.5 ms per 1,000 rows at the first call, nothing later.
    """
    body = _body(name)
    if "\t" in body[: body.find("\n")].partition("\t")[2]:  # three columns: keep the first two
        return {row[0]: row[1] for row in load_rows(name)}
    # no cell of a two-column table holds white space; values are few, or what other tables have
    # too, and one object each
    cells = body.split()
    return dict(zip(cells[::2], map(intern, cells[1::2]), strict=True))


_n_asked: dict[str, int] = {}  # questions so far, for each table; a guess that threads may blur
_FEW = 60  # a search takes 20 µs, a table of 7,000 rows 2 ms


def look_up(name: str, key: str) -> str:
    """`load_map(name).get(key, "")` of a sorted table; the first few times it is only searched.

    >>> look_up("TSCharacters", "區"), look_up("TSCharacters", "区")
    ('区', '')
    """
    n = _n_asked.get(name, 0)
    if n >= _FEW:
        return load_map(name).get(key, "")
    _n_asked[name] = n + 1
    return load_sorted(name).get(key)


@cache
def load_rows(name: str) -> tuple[tuple[str, ...], ...]:
    """All rows of a table as tuples of cells, in file order.

    >>> load_rows("hand/glosses")[0]
    ('創', 'chuàng', '-1', '0', 'aligned')
    """
    return tuple(each_row(name))


def each_row(name: str) -> Iterator[tuple[str, ...]]:
    """The rows of a table, one by one, for those who make something smaller of a large one.

    >>> next(each_row("hand/glosses"))[0]
    '創'
    """
    return (tuple(line.split("\t")) for line in _body(name).splitlines())


@cache
def load_set(name: str, value: str) -> frozenset[str]:
    """First column of the rows whose second column is `value`.

    >>> "区" in load_set("marks", "hans"), "后" in load_set("marks", "hans")
    (True, False)
    """
    return frozenset(key for key, mark in load_map(name).items() if mark == value)


@cache
def load_sorted(name: str) -> Sorted:
    """A table as the bytes that it is, for those who ask for the rows of a few characters.

    >>> next(load_sorted("STPhrases").near("头"))
    ('头一回', '頭一回')
    """
    return Sorted(partial(_raw_body, name))


def load_near(name: str, chars: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The rows of a table whose first column begins with one of `chars`, in file order for each.

    >>> next(load_near("STPhrases", "头"))
    ('头一回', '頭一回')

    Cost: the file is read, but only these rows are looked at: tables are sorted.
    """
    table = load_sorted(name)
    for char in sorted(chars):
        yield from table.near(char)
