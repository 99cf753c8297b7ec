"""A table that stays the bytes it was read as: rows are searched for, since they are sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

__all__ = ["Sorted"]


class Sorted:
    """Rows by their first column, a line each in UTF-8, whose order is that of code points. Against
    dicts and tuples of strings it takes a tenth of the memory, and nothing to build or to decode.

    >>> table = Sorted.of({"头发": "頭髮", "发展": "發展"})
    >>> list(table.near("头")), list(table.near("一"))
    ([('头发', '頭髮')], [])
    """

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._read = read

    @classmethod
    def of(cls, pairs: Mapping[str, str]) -> Sorted:
        """The same of a dictionary."""
        body = "".join([f"{key}\t{value}\n" for key, value in sorted(pairs.items())]).encode()
        return cls(lambda: body)

    @cached_property
    def _body(self) -> bytes:
        return self._read()

    def forget(self) -> None:
        """Nothing is kept until somebody asks again: whoever asked has all rows."""
        self.__dict__.pop("_body", None)

    def near(self, char: str) -> Iterator[tuple[str, ...]]:
        """The rows whose first column begins with a character.

        Cost: some twenty looks, and what is found.
        """
        first = char.encode("utf-8", "surrogatepass")
        start, end = self._begin(first), self._begin(first + b"\xff")  # which no text holds
        lines = self._body[start:end].decode().split("\n")[:-1]
        return (tuple(line.split("\t")) for line in lines)

    def get(self, key: str) -> str:
        """The second column of the row of `key`; "" where there is none.

        >>> Sorted.of({"头发": "頭髮"}).get("头发"), Sorted.of({"头发": "頭髮"}).get("头")
        ('頭髮', '')
        """
        first = f"{key}\t".encode("utf-8", "surrogatepass")
        start = self._begin(first)
        row = self._body[start : self._body.find(b"\n", start)]
        return row.split(b"\t")[1].decode() if row.startswith(first) else ""

    def groups(self) -> Iterator[tuple[str, str]]:
        """All rows: each first character, and its lines."""
        body = self._body.decode()
        firsts = sorted({line[0] for line in body.split("\n")[:-1]})
        start = 0
        for first, following in zip(firsts, [*firsts[1:], ""], strict=True):
            end = body.index("\n" + following, start) + 1 if following else len(body)
            yield first, body[start:end]
            start = end

    def _begin(self, key: bytes) -> int:
        """Where the first line stands that does not come before `key`."""
        body = self._body
        low, high = 0, len(body)
        while low < high:
            middle = (low + high) // 2
            start = body.rfind(b"\n", 0, middle) + 1
            if body[start : start + len(key)] < key:
                low = body.find(b"\n", middle) + 1 or len(body)
            else:
                high = start
        return low
