"""Text read in the wrong code page: the code pages, the search for a chain of them, lost bytes."""

from zhfix.mojibake.search import Repair, lost, repairs

__all__ = ["Repair", "lost", "repairs"]
