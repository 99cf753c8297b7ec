"""The generated tables and how they are read: sorted TSV beside this file, loaded at first use.

Nothing is read at import. `data/` is written by `python -m zhfix.tables.build` and never edited;
`hand/` holds knowledge kept by hand, each row with its reason. What each table holds, its source
and licence: docs/tables.md.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["load_map", "load_rows", "load_set"]

_HERE = Path(__file__).parent


def _body(name: str) -> str:
    """Text of a table without its comment lines, which stand at the top."""
    folder, _, stem = name.rpartition("/")
    text = (_HERE / (folder or "data") / f"{stem}.tsv").read_text(encoding="utf-8")
    while text.startswith("#"):
        text = text[text.index("\n") + 1 :]
    return text


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
    cells = iter(body.split())  # no cell of a two-column table holds white space
    return dict(zip(cells, cells, strict=True))


@cache
def load_rows(name: str) -> tuple[tuple[str, ...], ...]:
    """All rows of a table as tuples of cells, in file order.

    >>> load_rows("hand/glosses")[0]
    ('創', 'chuàng', '-1', '0', 'aligned')
    """
    return tuple(tuple(line.split("\t")) for line in _body(name).splitlines())


@cache
def load_set(name: str, value: str) -> frozenset[str]:
    """First column of the rows whose second column is `value`.

    >>> "区" in load_set("marks", "hans"), "后" in load_set("marks", "hans")
    (True, False)
    """
    return frozenset(key for key, mark in load_map(name).items() if mark == value)
