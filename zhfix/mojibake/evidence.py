"""What a repair of a span gains: the evidence for it, and what speaks against it."""

from __future__ import annotations

from zhfix.model import UNIT, Model
from zhfix.named import NamedTuple
from zhfix.pattern import pattern

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Final

__all__ = ["Span", "measure", "n_ascii", "price"]

_EDGE: Final = 4 * UNIT  # a repair that stops beside what is not ASCII is the less likely
_PRIOR: Final = {  # nats by which a wrong code page is rarer than the everyday ones
    name: nats * UNIT
    for name, nats in (
        ("latin-1", 0), ("cp950", 1), ("big5hkscs", 2), ("cp437", 1), ("cp932", 2),
        ("euc_jp", 3), ("cp949", 2), ("cp1250", 6), ("cp1251", 1), ("cp1254", 9), ("koi8_r", 2),
        ("cp850", 4), ("cp866", 2), ("mac_roman", 4), ("cp874", 12),
    )
}  # fmt: skip
_POOR, _POOR_START = 9 * UNIT, 14 * UNIT  # a dearer result is damage itself
# one in a thousand stretches of literature is as dear as this; names are, and gain more by repair
_ODD, _ODD_START, _LITTLE = 73 * UNIT // 10, 10 * UNIT, 4 * UNIT
_NEW_ASCII: Final = 5 * UNIT  # 菴婪 is not 佛Y: half a character as a letter
_STEP: Final = 8 * UNIT  # a second wrong step
_NEVER: Final = pattern("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\U00040000-\U0010ffff]")
_FOREIGN: Final = 3 * UNIT  # what is not Chinese in a result: いゅて粂 is damage itself
_FOREIGN_SEEN: Final = pattern("[^\0-\x7f\u3400-\u9fff\u2010-\u2026\u3000-\u3020\uff01-\uff5e·]")


class Span(NamedTuple):
    """A repair of `start:end` of a line: the text after it, its evidence and how it was found."""

    start: int
    end: int
    after: str
    gain: int  # score after minus score before, 1/16 nat
    chain: tuple[str, ...]  # wrong, right, and again for a second step
    n_guesses: int = 0  # characters filled in
    n_marks: int = 0  # and those left as U+FFFD


def measure(
    line: str, start: int, end: int, after: str, chain: tuple[str, ...], model: Model
) -> Span:
    """The span without the ASCII that both sides share, and what the line gains by it."""
    while start < end and after and line[start] == after[0]:
        start, after = start + 1, after[1:]
    while end > start and after and line[end - 1] == after[-1]:
        end, after = end - 1, after[:-1]
    left, right = line[max(0, start - 2) : start], line[end : end + 2]
    gain = model.score(left + after + right) - model.score(left + line[start:end] + right)
    gain -= sum(_PRIOR.get(w, 0) for w in chain) + _STEP * (len(chain) > 2)
    if chain[-1] != "utf-8":
        gain -= _FOREIGN * len(_FOREIGN_SEEN.findall(after))
    n_others = len(after) - n_ascii(after)
    cost = price(after, model)
    is_odd = cost > _ODD * n_others + _ODD_START and gain < _LITTLE * n_others
    if is_odd or cost > _POOR * n_others + _POOR_START or _NEVER.search(after):
        gain = min(gain, 0)
    gain -= _NEW_ASCII * max(0, n_ascii(after) - n_ascii(line[start:end]))
    gain -= _EDGE * ((left[-1:] > "\x7f") + (right[:1] > "\x7f"))
    return Span(start, end, after, gain, chain)


def price(text: str, model: Model) -> int:
    """What the characters of a text cost that are not ASCII."""
    return -sum(model.step(text[max(0, i - 2) : i], c) for i, c in enumerate(text) if c > "\x7f")


def n_ascii(text: str) -> int:
    """How many characters of a text are ASCII."""
    return sum(c < "\x80" for c in text)
