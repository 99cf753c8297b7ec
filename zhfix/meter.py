"""What the command says beside its output: messages, progress on a terminal, counts, and colour."""

from __future__ import annotations

import os
import sys
import time

from zhfix.words import tell

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Any, TextIO

__all__ = ["Meter", "coloured", "has_colour"]

_EVERY = 0.1  # seconds; nobody reads faster
_AFTER = 1.0  # seconds before the first word on progress
_CLEAR = "\r\x1b[K"
_COLOURS = {"---": "1", "+++": "1", "@@": "36", "-": "31", "+": "32"}


class Meter:
    """Messages to standard error; counts; and progress, on a terminal only."""

    def __init__(self, *, is_quiet: bool) -> None:
        self.counts: dict[str, int] = dict.fromkeys(
            ("files", "changed", "failed", "skipped", "records", "changed_records", "bad_records"),
            0,
        )
        self.n_in = self.n_out = 0
        self.edits: dict[str, int] = {}
        self.is_quiet = is_quiet
        self._start = time.monotonic()
        self._next = self._start + _AFTER
        self._is_shown = False
        self._is_live = not is_quiet and _is_terminal(sys.stderr) and not _is_terminal(sys.stdout)

    def count(self, **numbers: int) -> None:
        """Add to the counts."""
        for name, n in numbers.items():
            self.counts[name] += n

    def moved(self, n_in: int, n_out: int) -> None:
        """So many bytes were read and written; shows progress now and then."""
        self.n_in += n_in
        self.n_out += n_out
        if self._is_live and (now := time.monotonic()) >= self._next:
            self._next = now + _EVERY
            self._is_shown = True
            rate = self.n_in / (now - self._start) / 1e6
            files = f"{self.counts['files']} files, " if self.counts["files"] > 1 else ""
            tell(f"{_CLEAR}{files}{self.n_in / 1e6:.0f} MB, {rate:.1f} MB/s")

    def say(self, words: str) -> None:
        """A line to standard error, in place of the progress."""
        self.clear()
        tell(f"zhfix: {words}\n")

    def hint(self, words: str) -> None:
        """`say` for what is no error and may not be meant."""
        if not self.is_quiet:
            self.say(words)

    def note(self, words: str) -> None:
        """A line that is no error."""
        if not self.is_quiet:
            self.clear()
            tell(f"{words}\n")

    def clear(self) -> None:
        """Take the progress off the terminal."""
        if self._is_shown:
            self._is_shown = False
            tell(_CLEAR)

    def summary(self) -> dict[str, Any]:
        """The counts, ready for JSON."""
        return {
            **self.counts,
            "bytes_in": self.n_in,
            "bytes_out": self.n_out,
            "edits": dict(sorted(self.edits.items())),
            "seconds": round(time.monotonic() - self._start, 3),
        }


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def has_colour(when: str) -> bool:
    """Whether to colour standard output: the flag, then NO_COLOR and FORCE_COLOR, then whether it
    is a terminal.
    """
    if when != "auto":
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE"):
        return True
    return _is_terminal(sys.stdout) and os.environ.get("TERM") != "dumb"


def coloured(row: str) -> str:
    """A row of a diff in its colour, its line end outside.

    >>> coloured("-old\\n")
    '\\x1b[31m-old\\x1b[m\\n'
    """
    code = next((code for start, code in _COLOURS.items() if row.startswith(start)), "")
    body = row.rstrip("\r\n")
    return f"\x1b[{code}m{body}\x1b[m{row[len(body) :]}" if code else row
