"""`NamedTuple` without the check of its annotations, which takes 0.2 ms a class: a command that
defines forty of them before it reads its first line would wait 6 ms for nothing.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Any

# from 3.14 on a class body may keep its annotations as a function
if TYPE_CHECKING or sys.version_info >= (3, 14):
    from typing import NamedTuple
else:
    from collections import namedtuple

    _OWN = frozenset({"__module__", "__qualname__", "__annotations__"})

    class _Meta(type):
        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, namespace)
            fields = namespace.get("__annotations__", {})
            made = namedtuple(  # typing.NamedTuple is what this stands for
                name,
                fields,
                defaults=[namespace[field] for field in fields if field in namespace],
                module=namespace["__module__"],
            )
            made.__annotations__ = fields
            for key, value in namespace.items():
                if key not in fields and key not in _OWN:
                    setattr(made, key, value)
            made.__qualname__ = namespace["__qualname__"]
            return made

    class NamedTuple(metaclass=_Meta):
        """A base like `typing.NamedTuple`; what is made of it is a tuple and not one of these."""


__all__ = ["NamedTuple"]
