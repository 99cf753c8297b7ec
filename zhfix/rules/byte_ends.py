"""Which ASCII characters stand behind others on a page: what a `?` may have swallowed there.

A first byte in hand takes the next one with it. Was that one below 40, it is gone: the < of a tag,
a line end, a blank, a digit. Which of them it was, and behind which character it stands at all, is
told by the rest of the page: nearly every paragraph ends with 。 and none with ，.
"""

from __future__ import annotations

import math
import re
from collections import Counter

from zhfix.model import UNIT, load
from zhfix.rules.gbk import FULL_WIDTH

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = ["DIGIT", "LOST", "Ends"]

DIGIT: Final = "0"  # stands for all digits, and for what the page does not show elsewhere
LOST: Final = "\uffff"  # stands for an ASCII character that was swallowed, and for doubtful text
_ENDING: Final = frozenset("。！？…”’」』）】》")
_SEEN: Final = re.compile("(?<=[^\x00-\x7f\uffff])[\x00-\x3e](?!$)", re.MULTILINE)
_HAN, _END, _MARK = range(3)
# shares of ASCII behind a Chinese character, a mark that ends something, another mark: what is
# assumed of a page that shows nothing; counted on the Debian documents
_SHARES: Final = (
    {"<": 0.004, "\n": 0.004, " ": 0.005, DIGIT: 0.007},
    {"<": 0.15, "\n": 0.15, " ": 0.02, DIGIT: 0.01},
    {"<": 0.004, "\n": 0.001, " ": 0.003, DIGIT: 0.01},
)
_OTHER: Final = 0.001
_ASSUMED, _OWN = 20, 3  # characters of a page, and times a character is seen, that weigh as much
# shares of what stands behind: a letter, a digit, anything beyond ASCII, another character
_NEXT: Final = {
    "<": {"a": 0.2, "/": 0.7, DIGIT: 0.0, "": 0.1},
    "\n": {"a": 0.1, DIGIT: 0.1, "中": 0.6, "": 0.2},
    " ": {"a": 0.5, DIGIT: 0.2, "中": 0.2, "": 0.1},
    DIGIT: {"a": 0.03, DIGIT: 0.5, "中": 0.3, "": 0.17},
}
_EVEN: Final = {"a": 0.25, DIGIT: 0.25, "中": 0.25, "": 0.25}


def _class(char: str) -> int:
    return _HAN if char >= "\u3400" and char < "\uff00" else _END if char in _ENDING else _MARK


def _kind(char: str) -> str:
    """Letter, digit, beyond ASCII, or other: by one that stands for each."""
    if char > "\x7f":
        return "中"
    return "a" if char.isalpha() else DIGIT if char.isdigit() else ""


class Ends:
    """Counts of ASCII behind other characters in `plain`, the sound part of a page; `ones` and
    `pairs` are the counts of its characters and pairs.
    """

    def __init__(self, plain: str, ones: Counter[str], pairs: Counter[str]) -> None:
        self._ones, self._pairs = ones, pairs
        self._sizes = [0, 0, 0]
        for char, n in ones.items():
            if "\x7f" < char < LOST:
                self._sizes[_class(char)] += n
        self._seen: list[Counter[str]] = [Counter(), Counter(), Counter()]
        for pair, n in pairs.items():
            if "\x7f" < pair[0] < LOST and pair[1] < "?":
                self._seen[_class(pair[0])][DIGIT if pair[1].isdigit() else pair[1]] += n
        self._next: dict[str, Counter[str]] = {}
        for match in _SEEN.finditer(plain):
            char = DIGIT if match[0].isdigit() else match[0]
            after = plain[match.end()]
            self._next.setdefault(char, Counter())[_kind(after)] += 1
        self._known: dict[tuple[str, str, str], int] = {}
        total = sum(self._seen, Counter[str]())
        #: what may have been swallowed, < apart
        self.chars = (DIGIT, *sorted(c for c, n in total.items() if c not in "<0" and n > 1))

    def price(self, before: str, char: str, after: str = "") -> int:
        """Price of `char` between `before` and `after`, by what the page shows elsewhere.

        >>> from collections import Counter
        >>> ends = Ends("好。\\n", Counter("好。\\n"), Counter(["好。", "。\\n"]))
        >>> ends.price("。", "<") < ends.price("好", "<")
        True
        """
        kind = _kind(after) if after else "?"
        slot = (before, char, kind)
        found = self._known.get(slot)
        if found is None:
            share = self._share(before, char) * (self._share_next(char, kind) if after else 1)
            found = self._known[slot] = round(-math.log(share) * UNIT)
        return found

    def _share(self, before: str, char: str) -> float:
        of = _class(before)
        assumed = _SHARES[of].get(char, _OTHER)
        seen = self._seen[of]
        share = (seen[char] + _ASSUMED * assumed) / (self._sizes[of] + _ASSUMED)
        own = self._pairs.get(before + char, 0)
        if char == DIGIT:
            own = sum(self._pairs.get(before + digit, 0) for digit in "0123456789")
        share = (own + _OWN * share) / (self._ones.get(before, 0) + _OWN)
        if char in FULL_WIDTH:  # the model knows where marks stand
            full = FULL_WIDTH[char]
            model = load()
            share *= math.exp((model.step(before, full) - model.unigram(full)) / UNIT)
        return min(share, 1.0)

    def _share_next(self, char: str, kind: str) -> float:
        assumed = _NEXT.get(char, _EVEN).get(kind, 0.1)
        seen = self._next.get(char, Counter())
        return (seen[kind] + 2 * assumed) / (seen.total() + 2) or 1e-6
