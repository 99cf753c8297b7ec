"""What speaks for a form that stands, though its place would rather have another one: a name, a
word of its own, a spelling in use, a character that is a word by itself.
"""

from __future__ import annotations

import math

from zhfix.convert.attested import ahead, sides, ties
from zhfix.convert.choice import symbol
from zhfix.convert.suspects import CROSSED, in_pair
from zhfix.named import NamedTuple
from zhfix.script import HAN
from zhfix.tables import load_map

__all__ = ["MAYBE", "NAMES", "TABLED", "Place", "at_most", "credit", "is_in_use", "is_in_word"]

# characters that are names as they stand: surnames, and what places and titles are called by
_SURNAMES = frozenset("余于范岳沈郁姜涂游洪呉佘卜曲")
NAMES = _SURNAMES | frozenset("台后云里丑干种谷松万向")
# forms that one-to-one tables write for a character beside OpenCC's first one; others stand for
# themselves, as 侷 for 局 does
TABLED = frozenset(
    "颱齣閤瞭製迴嚮傢曆剋産鞦簽麵纔緻麯寜乾係錶隻彆睏捲韆硃鼕鑒纍榖濛捨摺鬆鬍闆蔔髮範鐘穀薑鬱雲鬥鹹醜衹"
    "籲遊誌採徵複覆餘裡裏嶽佈託週註僕鉅幹麽後裝隸蘋瀋葉沖衝準盡儘讚彙匯闢櫃噹"
)
_NAME, _OF_PERSON = 1.0, 1.3  # nats more against one of them, and against a surname
_AHEAD = 1.0  # the same where a clause begins with it
_WORD = 3.5  # nats by which a neighbour is tied to a form that makes a word with it
# words of one character (in standard forms), which stand beside anything: that their place would
# rather have the commoner form says little where neither neighbour is tied to that
_FREE = frozenset("麪捨沖衝捲劃乾鹹錶鬆繫雲穀鐘係發")
_TIED, _LIFT = 1.0, 2.5  # nats by which a neighbour speaks for the other form, and all of the place
_VILLAGES = frozenset("村鄉鄰")  # with 里 words of their own: 村里的里長
_BELL = "鐘"  # of a name it is as good as 鍾
_INSIDE, _IS = "裏", "係"  # the one stands behind any noun, the other behind any subject
_OF_WORD = 2.5  # nats by which a neighbour is tied to what makes a word with it
_SEEN, _TIMES = 20, 30  # times that a word is met: in all, and for once with the other spelling
_IN_USE = 1.5  # nats by which a neighbour is tied to a spelling that native text has in that word
MAYBE, _NO_DAMAGE = 0.5, 0.45  # a hint that counts as damage, and one that does not


def is_in_word(x: str, best: str, beside: str) -> bool:
    """Whether one of the neighbours makes a word with the form that stands and hardly one with the
    other form: the words that speak against it cross that one's edge (關係|統計).
    """
    before, behind = beside[0], beside[2]
    return any(in_pair(x, best, before, behind)) or any(
        tie > _WORD and lead > CROSSED
        for tie, lead in zip(ties(x, before, behind), ahead(x, best, before, behind), strict=True)
    )


class Place(NamedTuple):
    """A character between its neighbours, in standard forms, and the form that is rather meant."""

    x: str
    best: str
    before: str
    behind: str
    is_spelling: bool  # both are in use for one word
    is_shared: bool  # Simplified text has it too
    is_naive: bool  # one-to-one tables write it
    is_first: bool  # OpenCC's one does, which most others follow
    is_certain: bool  # a phrase of the dictionary has the other form, and goes on
    is_told: bool  # a hand-kept context has it


def is_in_use(x: str, best: str, before: str, behind: str) -> bool:
    """Whether native text has `x` for `best` in the word that it makes with a neighbour, as far as
    it is known: 公佈 beside 公布, and no 註意.

    >>> is_in_use("佈", "布", "公", "了"), is_in_use("註", "注", "請", "意")
    (True, False)
    """
    own = max(ties(x, before, behind))
    beside = map(symbol, (before, behind))
    return not any(
        tie > max(_TIED, own) and one.met(char) >= max(_SEEN, _TIMES * other.met(char))
        for tie, one, other, char in zip(
            ties(best, before, behind), sides(best), sides(x), beside, strict=False
        )
    )


def at_most(place: Place, native: float | None) -> float:
    """How sure a form is wrong at most, 0..1, where nothing else around is damaged: below 1 where
    sound text has such a place now and then. `native` is by how much native text rather has the
    form that is meant.
    """
    x, best = place.x, place.best
    beside = place.before, place.behind
    if place.is_spelling:
        if not (place.is_shared or place.is_naive) or _is_regional(x, best):
            return _NO_DAMAGE
        if max(ties(x, *beside)) <= _IN_USE:
            return 1.0
        return MAYBE if place.is_first else _NO_DAMAGE  # who writes 宣佈 chose to
    if x == "里" and place.before in _VILLAGES:
        return MAYBE
    if place.is_certain:
        return 1.0
    before, behind = ties(best, *beside)
    if x == _INSIDE:  # it follows any noun: the name that ends in 里 may be none
        lead = before - ties(x, *beside)[0]  # 村里 is a word, and so is 村裡
        is_name = (before >= _WORD and lead > CROSSED) or behind >= _OF_WORD
        return 1.0 if is_name or place.is_told else _NO_DAMAGE
    if x == _IS:
        return 1.0 if place.is_told or max(before, behind) >= _OF_WORD else _NO_DAMAGE
    if x == _BELL and HAN.match(place.before) and behind < _TIED:
        return MAYBE  # of somebody called 關鐘 nobody knows
    if x not in _FREE or native is None or max(before, behind) >= _TIED:
        return 1.0
    one, other = sides(best), sides(x)
    prior = math.log((one[0].n + one[1].n + 1) / (other[0].n + other[1].n + 1))
    return _NO_DAMAGE if native - prior < _LIFT else 1.0


def _is_regional(x: str, best: str) -> bool:
    """Whether a region writes `x` wherever another has `best`: 煙 is Hong Kong's 菸."""
    return any(load_map(name).get(best) == x for name in ("HKVariants", "TWVariants"))


def credit(char: str, meant: str, i: int) -> float:
    """Nats that a name has on its side at a place, less where a neighbour shows that none is meant:
    立 before 於.
    """
    if char not in NAMES:
        return 0.0
    before, behind = meant[i - 1] if i else "", meant[i + 1 : i + 2]
    is_first = not HAN.match(before)  # a clause rather begins with a surname
    found = _NAME + _OF_PERSON * (char in _SURNAMES)
    if ties(meant[i], before, behind)[is_first] < 0 or behind == "、":
        return found + _AHEAD * is_first
    return found if is_first else 0.0
