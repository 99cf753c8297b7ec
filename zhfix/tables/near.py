"""A table that stays the text it was read as: rows are searched for, since they are sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

__all__ = ["Sorted"]


class Sorted:
    """Rows by their first column, a line each. Against dicts and tuples of strings it takes a tenth
    of the memory, and nothing to build.

    >>> table = Sorted.of({"头发": "頭髮", "发展": "發展"})
    >>> list(table.near("头")), list(table.near("一"))
    ([('头发', '頭髮')], [])
    """

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read

    @classmethod
    def of(cls, pairs: Mapping[str, str]) -> Sorted:
        """The same of a dictionary."""
        body = "".join([f"{key}\t{value}\n" for key, value in sorted(pairs.items())])
        return cls(lambda: body)

    @cached_property
    def _body(self) -> str:
        return self._read()

    def forget(self) -> None:
        """Nothing is kept until somebody asks again: whoever asked has all rows."""
        self.__dict__.pop("_body", None)

    def near(self, char: str) -> Iterator[tuple[str, ...]]:
        """The rows whose first column begins with a character.

        Cost: some twenty looks, and what is found.
        """
        body = self._body
        start = self._begin(char)
        end = self._begin(chr(ord(char) + 1)) if char < "\U0010ffff" else len(body)
        return (tuple(line.split("\t")) for line in body[start:end].split("\n")[:-1])

    def get(self, key: str) -> str:
        """The second column of the row of `key`; "" where there is none.

        >>> Sorted.of({"头发": "頭髮"}).get("头发"), Sorted.of({"头发": "頭髮"}).get("头")
        ('頭髮', '')
        """
        start = self._begin(f"{key}\t")
        row = self._body[start : self._body.find("\n", start)]
        return row.split("\t")[1] if row.startswith(f"{key}\t") else ""

    def groups(self) -> Iterator[tuple[str, str]]:
        """All rows: each first character, and its lines."""
        body = self._body
        firsts = sorted({line[0] for line in body.split("\n")[:-1]})
        start = 0
        for first, following in zip(firsts, [*firsts[1:], ""], strict=True):
            end = body.index("\n" + following, start) + 1 if following else len(body)
            yield first, body[start:end]
            start = end

    def _begin(self, key: str) -> int:
        """Where the first line stands that does not come before `key`."""
        body = self._body
        low, high = 0, len(body)
        while low < high:
            middle = (low + high) // 2
            start = body.rfind("\n", 0, middle) + 1
            if body[start : start + len(key)] < key:
                low = body.find("\n", middle) + 1 or len(body)
            else:
                high = start
        return low
