"""The C library's store of free memory, for a stream: each chunk asks for the same few large pieces
again.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache

__all__ = ["keep_freed"]

# glibc's names for its limits: blocks this large are given back when they are freed, and so is
# the end of the store when it is this long
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGEST, _LONGEST = 1 << 25, 1 << 26


@cache
def keep_freed() -> None:
    """Have freed memory kept for the next chunk, where the C library is glibc; the command's own
    process only. Without it a tenth of a stream's time goes into pages that come and go.
    """
    ctypes = sys.modules.get("ctypes")  # numpy has loaded it; to load it for this takes 10 ms
    if sys.platform != "linux" or ctypes is None:
        return
    with suppress(OSError, AttributeError):  # another C library
        limit = ctypes.CDLL(None).mallopt
        limit(_M_MMAP_THRESHOLD, _LARGEST)
        limit(_M_TRIM_THRESHOLD, _LONGEST)
