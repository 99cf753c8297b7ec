"""What the command says beside its output. Nobody need listen: a terminal that is gone or a full
disk behind standard error stops no work.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

TYPE_CHECKING = False  # a command of one line does not wait for typing
if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["forget", "tell"]


def tell(words: str) -> bool:
    """Write to standard error; whether that could be done.

    What follows a failure is dropped, so that it does not fail again when Python ends.
    """
    if sys.stderr is None:
        return False
    try:
        sys.stderr.write(words)
        sys.stderr.flush()
    except (OSError, ValueError):  # ValueError: it was closed
        forget(sys.stderr)
        return False
    return True


def forget(stream: TextIO) -> None:
    """Have what a standard stream holds, and what comes yet, go nowhere."""
    with suppress(OSError, ValueError):
        number = stream.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
