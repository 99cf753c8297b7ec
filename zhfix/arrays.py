"""When numpy is loaded: no command on a line or two waits for it, and no stream goes on without."""

from __future__ import annotations

import sys
from contextlib import suppress

__all__ = ["expect_more", "is_long", "read"]

_IMPORT = 1_000_000  # characters read, from which loading numpy pays: it takes 0.1 s


class _Meter:
    """How much was read, as threads may blur it."""

    def __init__(self) -> None:
        self.n_left = _IMPORT
        self.is_long = False


_METER = _Meter()


def read(size: int) -> None:
    """Say that `size` characters are going to be looked at; once it is worth it, numpy is loaded
    where it is installed. Everything that can use it does from then on, with the same results.
    """
    if _METER.n_left <= 0:
        return
    _METER.n_left -= size
    if _METER.n_left <= 0 and "numpy" not in sys.modules:
        with suppress(ImportError):
            import numpy  # noqa: F401  # see above


def expect_more() -> None:
    """Say that a stream goes on behind a whole chunk: what is made for long text is made at once,
    so that what is made for short text need not be, which would stay in memory beside it.
    """
    _METER.is_long = True
    read(_IMPORT)


def is_long() -> bool:
    """Whether more text is expected than what is asked about."""
    return _METER.is_long and "numpy" in sys.modules
