"""When numpy is loaded: no command on a line or two waits for it, and no stream goes on without."""

from __future__ import annotations

import sys
from contextlib import suppress

__all__ = ["read"]

_IMPORT = 1_000_000  # characters read, from which loading numpy pays: it takes 0.1 s


class _Meter:
    """How much was read, as threads may blur it."""

    def __init__(self) -> None:
        self.n_left = _IMPORT


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
