"""Wrong forms of the right script: 皇後, 頭發, 乾部, as conversion character by character makes
them.

A Traditional text is read as the Simplified text behind it and written again. Where the result has
another form than the text, both stand to reason: the learned rows say how much better the other
form fits the context, and the form that stands is believed in proportion to how sound the text's
own Traditional is. A text that was converted as a whole (every 后 is 後) loses that credit, and is
decided as if from Simplified.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache

from zhfix.convert.attested import attested
from zhfix.convert.by_word import Doubt, by_row, seldom, told_wrong
from zhfix.convert.choice import REACH, Choice, contexts, is_yue
from zhfix.convert.choice_rows import read_hand, read_rows
from zhfix.convert.rivals import forms_of, is_spelling, standard
from zhfix.convert.sound import NAMES, TABLED, Place, at_most, credit, is_in_use, is_in_word
from zhfix.convert.suspects import HABIT, SURE, near
from zhfix.convert.told import told_by_word
from zhfix.convert.ways import Ways, phrase_at
from zhfix.convert.writer import choice_on
from zhfix.convert.yue import is_own_word
from zhfix.named import NamedTuple
from zhfix.script import HAN, marks
from zhfix.tables import load_map

__all__ = ["FIRST_FORM", "LEAST_SOUND", "NO_FORM", "OTHER_FORM", "doubt_at", "told_at"]

_NAT = 16  # the table's weights are in 1/16 nat
_MOST = 12.0  # nats; rows kept by hand weigh without measure
LEAST_SOUND = 0.01  # no context is surer than this of the form it wants
_MARKED = 6.0  # nats against a character that Traditional text never has
# how often a naive table gives its first form, another Traditional one (tables differ), or none
FIRST_FORM, OTHER_FORM, NO_FORM = 0.95, 0.3, 0.05
_ODD = 1.5  # nats more against a form that no table writes
_IN_WORD = 1.0  # nats at most against such a form
_BOTH = 0.45  # nats at least where the dictionary and a hand-kept context agree: worth a hint
# nats at most where the two forms are spellings in use side by side: 週 周; and where the naive
# table has the one that stands, which is worth a hint
_STYLE, _FIRST_STYLE = 0.4, 0.45
_WORDS = "並匯"  # not of these: words by themselves, and, to remit


class _Weights(NamedTuple):
    """How much more likely the opinions are where the form is wrong than where it is sound, nats.

    Logistic regression over the dev pairs, each ambiguous place as it stands and with another form:
    tests/bench/wrong_forms.py fits and prints them.
    """

    native: float  # for each nat by which native text prefers the other form
    no_native: float  # native text has not both
    learned: float  # for each nat by which the learned rows prefer the other form
    no_learned: float
    phrase: float  # a phrase of the dictionary has the other form
    own: float  # one has the form that stands
    base: float


_SHARED = _Weights(0.36, 1.99, 0.31, 0.94, 0.44, 0.03, 0.49)
_OWN = _Weights(0.57, 1.2, 0.29, -0.58, -0.45, -0.52, 0.81)
_NATIVE = 8.0  # nats of native text that count at most
_VARIANT = 3.2  # nats for a variant that Big5 lacks, such as 産
_UNKNOWN = -0.5  # for a form that no table knows for the character
_PEOPLE = tuple("百同萬万民")  # 百姓 and the like: no surname follows
_ROW = 4  # times that no text has one character in a row
_BY_DEFAULT = "范"  # a surname where no word of 範 stands: that says nothing of a sound 範


@cache
def _first() -> dict[str, str]:
    return load_map("STCharacters")


@cache
def _free_choice() -> Choice:
    """The table without regard to spellings that regions prefer: it knows 了 for 瞭."""
    return Choice(read_rows(), read_hand("hand/choice", "tw"))


def _scores(choice: Choice, hans: str, at: int, answer: str) -> dict[str, float]:
    if is_yue(hans, at):
        return _counted(choice, hans, at, answer)
    low = max(0, at - REACH)  # the rows see no further
    return _known_scores(choice, hans[low : at + REACH + 1], at - low, answer)


def _counted(choice: Choice, hans: str, at: int, answer: str) -> dict[str, float]:
    found = choice.scores(hans, at, answer)
    if not found:
        return {}
    best = max(found.values())
    scores: dict[str, float] = {}
    for form, n in found.items():  # 裡 may stand beside 裏
        form = standard(form)
        scores[form] = max(scores.get(form, -_MOST), (n - best) / _NAT)
    return scores


_known_scores = lru_cache(maxsize=1 << 12)(_counted)


def doubt_at(i: int, ways: Ways) -> Doubt | None:
    """What the context says against the form at a place where another one was written."""
    text, hans, meant, x = ways.text, ways.hans, ways.meant, ways.stands[i]
    char, simple, best = text[i], hans[i], meant[i]
    is_shared = char == simple
    known = forms_of().get(simple, ())
    if is_own_word(text, i):
        return None
    if marks().get(char) == "hans" or (is_shared and known and x not in known):
        return Doubt(
            i, char, best, _MARKED, 0.0, 0.0, True, 1.0, True, f"it is {best} in Traditional"
        )
    if char * _ROW in text[max(0, i - _ROW + 1) : i + _ROW]:
        return None
    if char in NAMES and not (HAN.match(text, i + 1) or (i and HAN.match(text, i - 1))):
        return None  # a name in a list of names
    if char in NAMES and text[i - 1 : i] == "姓" and text[max(0, i - 2) : i - 1] not in _PEOPLE:
        return None
    beside = near(meant, i)
    told, right = by_row(i, ways)
    if right == x:
        return None
    gap, native, is_told = _weighed(i, ways)
    if told == char and native is not None and native <= (0.0 if is_shared else -SURE):
        return None  # the row is for places that native text does not know
    if told:
        return told_wrong(i, char, told, right, is_shared=is_shared)
    if rare := seldom(i, ways):
        return rare
    if not is_shared and is_in_word(x, best, beside):
        gap = min(gap, _IN_WORD)
    if gap <= 0 and not is_told:
        return None
    n_before, n_from = phrase_at(hans, i)
    is_style = is_spelling(x, best) or is_spelling(char, best)
    # where a phrase of two characters ends, another word may begin before it
    is_certain = standard(ways.base[i]) == best and (n_from > 1 or n_before > 1) and not is_style
    if is_certain and is_told:
        gap = max(gap, _BOTH)
    if gap <= 0:
        return None
    is_first = x == standard(_first().get(simple, simple))
    is_naive = char in TABLED or x == _first().get(simple)
    for_it = credit(char, meant, i)
    if not is_shared and not is_naive:
        for_it += _ODD
    if is_style and (is_shared or not is_naive or is_in_use(x, best, beside[0], beside[2])):
        style = _FIRST_STYLE if is_first and x not in _WORDS else _STYLE
        gap = min(gap, max(style, _OWN.native * ((native or 0.0) - HABIT)))
    if best == _BY_DEFAULT and not is_certain and not _is_named(hans, i, best):
        return None
    place = Place(
        *(x, best, beside[0], beside[2], is_style, is_shared, is_naive, is_first),
        *(is_certain, is_told),
    )
    around = hans[max(0, i - 1) : i + 2].strip("\n")
    why = f"{around} is written with {best}"
    most = at_most(place, native)
    return Doubt(i, char, best, gap, for_it, 0.0, is_shared, most, is_certain, why)


def _is_named(hans: str, i: int, form: str) -> bool:
    """Whether a row with a neighbour has the form there."""
    votes = choice_on("", "", hans[i]).votes.get(hans[i], {})
    return any(votes.get(context, {}).get(form, 0) > _NAT for context in contexts(hans, i))


def _weighed(i: int, ways: Ways) -> tuple[float, float | None, bool]:
    """Nats against the form at a place, those of native text alone, and whether a hand-kept context
    wants another form.
    """
    char, simple, best, x = ways.text[i], ways.hans[i], ways.meant[i], ways.stands[i]
    is_shared = char == simple
    scores = _scores(choice_on("", "", ways.hans[i]), ways.hans, i, ways.base[i])
    if x not in scores and not is_shared:
        scores = _scores(_free_choice(), ways.hans, i, ways.base[i])
    native = _native(i, x, best, simple, ways.meant)
    if x not in scores and not is_shared and x not in forms_of().get(simple, ()):
        return _UNKNOWN if _is_in_big5(char) else _VARIANT, native, False
    of = _SHARED if is_shared else _OWN
    gap = of.base
    gap += of.no_native if native is None else of.native * max(-_NATIVE, min(_NATIVE, native))
    behind = max(scores.values()) - scores[x] if x in scores else 0.0
    gap += of.learned * behind if x in scores else of.no_learned
    written = standard(ways.base[i])
    if written in (best, x) and phrase_at(ways.hans, i)[1]:
        gap += of.phrase if written == best else of.own
    return gap, native, behind >= _MOST


def _native(i: int, x: str, best: str, simple: str, meant: str) -> float | None:
    """Nats by which native text prefers `best` to `x` between its neighbours; None where it has not
    both.
    """
    found = attested(tuple({x, best}), meant[i - 1] if i else "", meant[i + 1 : i + 2])
    return found[best] - found[x] if len(found) == 2 else None


def _is_in_big5(char: str) -> bool:
    try:
        char.encode("big5")
    except UnicodeEncodeError:
        return False
    return True


def told_at(i: int, ways: Ways) -> float:
    """What a suspect says for (nats) a conversion of the whole, character by character."""
    hans, base, x = ways.hans, ways.base, ways.stands[i]
    simple = hans[i]
    if simple not in forms_of():
        return 0.0
    scores = _scores(choice_on("", "", hans[i]), hans, i, base[i])
    if x not in scores or len(scores) < 2:
        return 0.0
    best = max(scores, key=lambda form: scores[form])
    if best != x and (is_spelling(x, best) or told_by_word(ways.stands, i)[1] == x):
        return 0.0
    sound = math.exp(scores[x]) / sum(math.exp(value) for value in scores.values())
    naive = FIRST_FORM if x == _first().get(simple) else NO_FORM if x == simple else OTHER_FORM
    told = math.log(naive / max(LEAST_SOUND, sound))
    # what stands may be left over from Simplified text: no proof
    return min(0.0, told) if x == simple else told
