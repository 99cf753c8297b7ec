"""Two random characters that some mirror sites put before a mark, in step with its bytes: 候河质，

Nothing tells a pair by itself, but the sites put them in when the page was Traditional already:
what their map never writes (质) stands right before marks, several times, and nowhere else. On such
a page pairs with such a character go where the text reads better without them; the others, which
may be rare words, are hints.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from zhfix.model import UNIT, load
from zhfix.named import NamedTuple
from zhfix.pattern import pattern
from zhfix.report import Edit
from zhfix.rules.byte_gate import CLOSED, GLOSS_END, gate_of, has_gloss_end
from zhfix.rules.gbk import code, is_plain
from zhfix.rules.registry import Context, Stage, Wake, rule
from zhfix.script import HAN, HAN_CLASS

__all__ = ["random_pair"]

_PLACE = pattern(
    rf"[{HAN_CLASS}]{{2}}(?=[，。！？；：、,.!?;:])(?<=[{HAN_CLASS})）」』》”’\d][{HAN_CLASS}]{{2}})"
)
_PAIR = 2 * 8.8  # -log of the odds of two random characters out of 6763, those of GB 2312
_HANZI = range(0xB0, 0xF8)  # first bytes of those; their second bytes are A1-FE
_FOREIGN = 6.0  # nats for what the map never writes
_LEAST, _SHARE = 3, 0.8  # pairs that prove the page, and of all such characters in it
_BEFORE, _BEHIND = 3, 2  # characters of context
_SHOWN = 0.5
_HINT = 0.6  # how sure the others are: rare words and names look random as well (荇菜, 林婕, 蒯通)
_NAMES = frozenset(["万俟"])  # a name in characters that the map never writes


class _Pair(NamedTuple):
    """Two characters at `at`, whether the map never writes one of them, and the log-odds that they
    are random.
    """

    at: int
    is_foreign: bool
    gain: float


def _is_toned(text: str, places: Sequence[int]) -> bool:
    return any(GLOSS_END.match(text, at) for at in places)


@rule(
    "random-pair",
    stage=Stage.SHIFTED_BYTES,
    sure=0.95,
    since="0.2",
    trigger=has_gloss_end,
    wakes=lambda _: [Wake(CLOSED, _is_toned)],
    fixes=[
        (
            "創(chuàng)新和發(fā)展都要時(shí)間拷侥，我們要有耐心缆肝。網(wǎng)絡(luò)讓大家更近贩缀，"
            "產(chǎn)品設(shè)計(jì)也一樣赘娄，數(shù)據(jù)也更多。",
            "創(chuàng)新和發(fā)展都要時(shí)間，我們要有耐心。網(wǎng)絡(luò)讓大家更近，"
            "產(chǎn)品設(shè)計(jì)也一樣，數(shù)據(jù)也更多。",
        ),
    ],
    leaves=[
        "創(chuàng)新和發(fā)展都要時(shí)間，产品設(shè)計(jì)也一樣，我們要有耐心。",
        "他說(shuō)《詩(shī)經(jīng)》裡有荇菜，也有卷耳，還有蒹葭。",
        "汉语(hànyǔ)和跨细，河质，掀鹅，都是词吗？",
    ],
)
def random_pair(text: str, ctx: Context) -> Iterator[Edit]:
    """Two random characters before a mark, as some mirror sites put them in."""
    pairs = list(_pairs(text)) if _is_possible(text) else []
    n_foreign = sum(not is_plain(char) for char in set(text) if HAN.match(char) and _is_hanzi(char))
    proof = [pair for pair in pairs if pair.is_foreign and pair.gain > 0]
    if len(proof) < _LEAST or not gate_of(text, ctx.to).is_proven:
        return
    seen = {char for pair in proof for char in text[pair.at : pair.at + 2] if not is_plain(char)}
    if len(seen) < _SHARE * n_foreign:
        return
    share = min(0.9, 1.5 * len(proof) / len(pairs))  # half of the random pairs show nothing
    prior = math.log(share / (1 - share))
    for pair in pairs:
        sure = 1 / (1 + math.exp(-max(-30.0, pair.gain + prior)))
        if sure >= _SHOWN:
            why = "two random characters before a mark, as others on the page"
            most = 0.95 if pair.is_foreign else _HINT
            yield ctx.edit(pair.at, pair.at + 2, "", min(sure, most), why)


def _is_possible(text: str) -> bool:
    return (
        sum(
            not (is_plain(match[0][0]) and is_plain(match[0][1])) for match in _PLACE.finditer(text)
        )
        >= _LEAST
    )


def _pairs(text: str) -> Iterator[_Pair]:
    """What stands before the marks of a text, and could be random."""
    score = load().score
    for match in _PLACE.finditer(text):
        at, pair = match.start(), match[0]
        if not all(map(_is_hanzi, pair)):
            continue
        before, behind = text[max(0, at - _BEFORE) : at], text[at + 2 : at + 2 + _BEHIND]
        is_foreign = pair not in _NAMES and not all(map(is_plain, pair))
        gain = (score(before + behind) - score(before + pair + behind)) / UNIT - _PAIR
        yield _Pair(at, is_foreign, gain + _FOREIGN * is_foreign)


def _is_hanzi(char: str) -> bool:
    """Whether a character is one of GB 2312."""
    pair = code(char)
    return pair >> 8 in _HANZI and pair & 0xFF > 0xA0
