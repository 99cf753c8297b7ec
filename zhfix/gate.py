"""Which rules a text wakes: one search for all of them, before any is asked.

Every rule says at what places it may find something (`Rule.wakes`). Nearly all of sound text has
none of these places, or such as a second look clears, and then no rule has to read it. A rule that
sleeps would have found nothing; one that is awake may still find nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from itertools import accumulate, chain

from zhfix.arrays import is_long
from zhfix.mojibake.oddities import NAME
from zhfix.named import NamedTuple
from zhfix.pattern import pattern, ranges
from zhfix.protect import free_spans, kana_shape, protected_spans, signs
from zhfix.rules import Asked, Rule, Wake
from zhfix.rules.changes import is_changed
from zhfix.rules.script_wakes import changed
from zhfix.rules.shifted_bytes import unread_wake
from zhfix.rules.telling_lines import telling, traditional
from zhfix.script import has_arrays, kana, meets, tell
from zhfix.shapes import Shape

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from zhfix.shapes_bulk import Sought

__all__ = ["HANS", "IDLE", "SPANS", "UNREAD", "Gate"]

# beside the rules: something has to be written in hans; something is protected; shifted bytes that
# nobody can read, which are left alone
HANS, SPANS, UNREAD = "to hans", "spans", "unread"
IDLE = frozenset((SPANS, UNREAD))  # by which nothing changes
_BUILD = 200_000  # characters from which to prepare the search pays: it takes 20 to 100 ms
_RARE = 25  # characters for each place, from which on most of many short texts may be asleep
_FAR = "\U00010000-\U0010ffff"
_ASIA = 0x2E7F  # behind it come the characters of Chinese text

Found = dict[Shape, list[int]]
IsReal = Callable[[str, Sequence[int]], bool]


class _Told(NamedTuple):
    """What the rules say: whom any character of hant wakes, the shapes to seek, who wakes without a
    second look, and who asks for one.
    """

    by_hant: frozenset[str]
    shapes: tuple[Shape, ...]
    plain: dict[Shape, list[str]]
    asked: dict[Shape, list[tuple[str, Wake]]]


class Gate:
    """The places that wake some rules, and who is woken."""

    def __init__(self, rules: Iterable[Rule], asked: Asked) -> None:
        """Cost: nothing is read and no pattern made before it is worth it."""
        self._rules = tuple(rules)
        self._for = asked
        self._always = frozenset(rule.name for rule in self._rules if rule.wakes is None)
        self._kinds: dict[str, list[tuple[Shape, re.Pattern[str]]]] = {}
        self._open: dict[frozenset[str], dict[Shape, None]] = {}  # by the rules that are awake
        self._searches: dict[frozenset[str], re.Pattern[str]] = {}
        self._prepared: dict[frozenset[str], Sought] = {}  # the same over arrays
        self._n_seen = 0
        self._last: tuple[str, frozenset[str]] = "", frozenset()

    @cached_property
    def _told(self) -> _Told:
        told: list[tuple[str, Wake]] = []
        for rule in self._rules:
            told += ((rule.name, wake) for wake in (rule.wakes(self._for) if rule.wakes else ()))
        told += ((SPANS, Wake(shape)) for shape in signs())
        told.append((UNREAD, unread_wake()))
        if self._for.to == "hans":
            told.append((HANS, Wake(changed(), is_changed, is_cut=True)))
        # a page of Traditional has hundreds of these: whether there is any is asked, not where
        by_hant = {name for name, wake in told if _is_of_hant(wake)}
        if self._for.to == "hans":
            by_hant.add(HANS)  # hans writes nearly all of them otherwise
        told = [(name, wake) for name, wake in told if not _is_of_hant(wake)]
        plain: dict[Shape, list[str]] = {}
        asked: dict[Shape, list[tuple[str, Wake]]] = {}
        for name, wake in told:
            if wake.is_real is None:
                plain.setdefault(wake.shape, []).append(name)
            else:
                asked.setdefault(wake.shape, []).append((name, wake))
        shapes = tuple(dict.fromkeys(wake.shape for _, wake in told))
        return _Told(frozenset(by_hant), shapes, plain, asked)

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """All shapes that are sought."""
        return self._told.shapes

    def awake_in(self, text: str) -> frozenset[str] | None:
        """The same where it pays: None for short texts and the first ones, which all rules read."""
        if len(text) <= NAME or not self._is_worth(len(text)):
            return None
        last, awake = self._last  # of one thread, as one object
        if last is not text:
            awake = self.awake(text)
            self._last = text, awake
        return awake

    def _is_worth(self, size: int) -> bool:
        if self._n_seen < _BUILD:
            self._n_seen += size  # a guess that threads may blur
            return is_long()
        return True

    def awake_among(self, texts: Sequence[str]) -> list[frozenset[str] | None]:
        """`awake_in` each of many texts, perhaps with more than that; None where it is not known.

        Cost: they are searched as one.
        """
        if self._always or not self._is_worth(sum(map(len, texts))):
            return [None] * len(texts)
        joined = "\n".join(texts)  # no mark asks for a line end beside it
        found = self.found(joined)
        if sum(map(len, found.values())) * _RARE > sum(map(len, texts)):
            return [None] * len(texts)  # it is something that wakes everybody
        starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        each: dict[int, Found] = {}
        for shape, places in found.items():
            for at in places:
                i = bisect_right(starts, at) - 1
                each.setdefault(i, {}).setdefault(shape, []).append(at - starts[i])
        nobody: frozenset[str] = frozenset()
        awake: list[frozenset[str] | None] = [
            nobody if len(text) > NAME or text.isascii() else None for text in texts
        ]
        if told := frozenset(self._told_by_class(joined)):
            for i, text in enumerate(texts):
                if awake[i] is not None and not telling(-1).isdisjoint(text):
                    awake[i] = told
        for i, here in each.items():
            if (known := awake[i]) is not None:
                awake[i] = self._awake(texts[i], set(known), here)
        return awake

    def awake(self, text: str) -> frozenset[str]:
        """The rules that may find something in `text`, as far as their places tell."""
        awake = self._told_by_class(text)
        found = self.found(text, frozenset(awake), is_any=True)
        tell(text, kana(), is_met=kana_shape() in found)
        return self._awake(text, awake, found)

    def _told_by_class(self, text: str) -> set[str]:
        """Who is awake whatever stands where."""
        by_hant = self._told.by_hant
        has_hant = bool(by_hant) and meets(text, telling(-1))
        return {*self._always, *by_hant} if has_hant else {*self._always}

    def _awake(self, text: str, awake: set[str], found: Found) -> frozenset[str]:
        """Those that are awake already, and whom the places found wake."""
        for shape in found:
            awake.update(self._told.plain.get(shape, ()))
        asked: dict[tuple[bool, str, IsReal], list[list[int]]] = {}
        for shape, places in found.items():
            for name, (_, is_real, back, is_cut) in self._told.asked.get(shape, ()):
                if is_real and name not in awake:
                    here = [at - back for at in places] if back else places
                    asked.setdefault((is_cut, name, is_real), []).append(here)
        # those that need to know what is protected come last
        for is_cut, name, is_real in sorted(asked, key=lambda one: one[0]):
            if name in awake:
                continue
            lists = asked[is_cut, name, is_real]
            places = lists[0] if len(lists) == 1 else sorted({*chain.from_iterable(lists)})
            parts = self._parts(text, awake, places) if is_cut else [(text, places)]
            if parts is None or any(is_real(part, here) for part, here in parts if here):
                awake.add(name)
        return frozenset(awake)

    def _parts(
        self, text: str, awake: set[str], places: list[int]
    ) -> list[tuple[str, list[int]]] | None:
        """What stands between protected spans, each part with those of the places that are in it;
        None where these spans are not known: other rules find some.
        """
        if self._for.is_protected or not awake.isdisjoint((UNREAD, "mojibake")):
            return None
        if SPANS not in awake:
            return [(text, places)]
        return [
            (text[a:b], [at - a for at in places if a <= at < b])
            for a, b in free_spans(len(text), protected_spans(text))
        ]

    def found(
        self, text: str, awake: frozenset[str] = frozenset(), *, is_any: bool = False
    ) -> Found:
        """The places of each shape that stands in a text, of those that may wake another rule;
        `is_any`: of kana, which Japanese has in thousands, the first one may stand for all.
        """
        if has_arrays(text):
            return self._found_over_arrays(text, awake)
        return self.found_by_search(text, awake, is_any=is_any)

    def _wanted(self, awake: frozenset[str]) -> dict[Shape, None]:
        """The shapes that may wake a rule beside those that are awake."""
        wanted = self._open.get(awake)
        if wanted is None:
            _, shapes, plain, asked = self._told
            wanted = self._open[awake] = dict.fromkeys(
                shape
                for shape in shapes
                if not awake.issuperset(plain.get(shape, ()))
                or not awake.issuperset(name for name, _ in asked.get(shape, ()))
            )
        return wanted

    def _found_over_arrays(self, text: str, awake: frozenset[str]) -> Found:
        from zhfix.codes import codes  # numpy: where it is loaded

        found = self._sought(awake).places(text)
        far = codes(text).far.tolist()
        if not far:
            return found
        # there a character beyond the BMP was taken for any other
        near = {at + step for at in far for step in (-1, 0, 1)}
        kept = {
            shape: [at for at in places if at not in near or self._is_at(shape, text, at)]
            for shape, places in found.items()
        }
        return {shape: places for shape, places in kept.items() if places}

    def found_by_search(
        self, text: str, awake: frozenset[str] = frozenset(), *, is_any: bool = False
    ) -> Found:
        """The same without arrays."""
        found: dict[Shape, list[int]] = {}
        begin, kana_ = 0, kana_shape()
        while True:
            wanted = self._wanted(awake)
            search = self._searches.get(awake)
            if search is None:
                search = self._searches[awake] = _finder(wanted)
            for match in search.finditer(text, begin):
                at = match.start()
                for shape, exact in self._kinds_of(text[at]):
                    if shape in wanted and exact.match(text, at):
                        found.setdefault(shape, []).append(at)
                if is_any and kana_ in found:  # what else they may wake is awake
                    is_any = False
                    if kana_ not in self._wanted(awake | {SPANS}):
                        awake, begin = awake | {SPANS}, at + 1
                        break
            else:
                return found

    def _sought(self, awake: frozenset[str]) -> Sought:
        sought = self._prepared.get(awake)
        if sought is None:
            from zhfix.shapes_bulk import Sought  # numpy: where it is loaded

            sought = self._prepared[awake] = Sought(self._wanted(awake), self.shapes)
        return sought

    def _is_at(self, shape: Shape, text: str, at: int) -> bool:
        """Whether a shape stands at a place."""
        return any(
            one is shape and exact.match(text, at) for one, exact in self._kinds_of(text[at])
        )

    def _kinds_of(self, char: str) -> list[tuple[Shape, re.Pattern[str]]]:
        """The shapes that have a character as their mark, each as a pattern."""
        kinds = self._kinds.get(char)
        if kinds is None:
            kinds = self._kinds[char] = [
                (shape, _exact(shape)) for shape in self.shapes if _has(shape.marks, char)
            ]
        return kinds


def _finder(shapes: Iterable[Shape]) -> re.Pattern[str]:
    """What finds some shapes, and little else: one leading class, so that the engine skips sound
    text at full speed; any character beyond the BMP, since it looks those up one by one.
    """
    alone, every = _FAR, _FAR
    sides: dict[tuple[str, str], str] = {}
    for shape in shapes:
        mark = _class(shape.marks, is_near=True)
        every += mark
        if shape.before or shape.behind:
            key = shape.before, shape.behind
            sides[key] = sides.get(key, "") + mark
        else:
            alone += mark
    led, firsts, wide, narrow, seconds = [], "", [], [], ""
    for (before, behind), mark in sides.items():
        left, right = (f"[{_class(side)}]" if side else "" for side in (before, behind))
        look = f"(?<={left}[{mark}]{right})"
        if not behind:
            led.append(look)
            firsts += mark
        elif any(last > _ASIA for _, last in ranges(behind)):
            wide.append(right + look)
        else:
            narrow.append(look)
            seconds += _class(behind)
    # the engine drops a branch at once that begins with a class of the next character; nearly all
    # characters behind a mark are Chinese, and all narrow classes are one for them
    ends = [*wide, f"[{seconds}](?:{'|'.join(narrow)})"] if narrow else wide
    parts = [f"(?<=[{alone}])"]
    parts += [f"(?<=[{firsts}])(?:{'|'.join(led)})"] if led else []
    parts += [f"(?={'|'.join(ends)})"] if ends else []
    return pattern(f"[{every}](?:{'|'.join(parts)})")


def _is_of_hant(wake: Wake) -> bool:
    """Whether a rule asks for one of the characters that tell of hant, wherever it stands."""
    return wake.is_real is None and wake.shape == traditional()


def _has(spec: str, char: str) -> bool:
    """Whether a class of a shape has a character."""
    return char in spec or any(first <= ord(char) <= last for first, last in _wide(spec))


@cache
def _wide(spec: str) -> tuple[tuple[int, int], ...]:
    """The ranges of a class."""
    return tuple((first, last) for first, last in ranges(spec) if first < last)


def _class(spec: str, *, is_near: bool = False) -> str:
    """What a class of a shape has, as in a regular expression; `is_near`: of the BMP alone."""
    return "".join(
        re.escape(chr(a)) + ("-" + re.escape(chr(b)) if b > a else "")
        for a, b in ranges(spec)
        if not (is_near and b > 0xFFFF)
    )


@cache
def _exact(shape: Shape) -> re.Pattern[str]:
    """The neighbours of a mark that stands at a place."""
    before = f"(?<=[{_class(shape.before)}].)" if shape.before else ""
    behind = f"(?=[{_class(shape.behind)}])" if shape.behind else ""
    return pattern(f".{before}{behind}", re.DOTALL)
