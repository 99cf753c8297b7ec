"""Readings that a site inserted behind some characters each time they come: 一(yī)家(jiā)的(de).

These sites have a list as the mirror sites do, but with the commonest characters: 的 一 是 年. Each
one on the list has its one reading at every place, in a text that runs on; all others have none.
Lessons gloss every character of a sentence, or a word where it is new, and nobody writes de behind
each 的 of a text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from zhfix.named import NamedTuple
from zhfix.pattern import pattern
from zhfix.report import Edit
from zhfix.rules.pinyin import LETTERS, is_syllable, listed, readings, syllable
from zhfix.rules.registry import Context, Stage, Wake, rule
from zhfix.rules.tiles import TEACHING
from zhfix.script import HAN, HAN_CLASS
from zhfix.shapes import Shape, found_at

__all__ = ["steady_gloss"]

_NOTE = pattern(rf"\((?<=(?P<han>[{HAN_CLASS}])\()(?P<pinyin>[{LETTERS}]{{1,6}})\)")
_OPEN = Shape("(", HAN_CLASS, LETTERS)
_COMMON = frozenset("的一是不了在有人和我這这他上來来大個个到說说就以可要去你會会年為为")
_OFTEN = 3  # glosses of one of these that prove a list with it
_LEAST, _KINDS = 10, 3  # glosses, and different characters with them
_STEADY = 0.95  # share of its places at which a character on the list has its reading
_SHARE = 0.9  # of all the glosses those that are steady
_READ = 0.9  # and those that are readings of their characters, as far as is known
_OWN = 0.5  # and those that the mirror sites have not: where these are few, the page is theirs
_MOST = 0.4  # glosses for each Han character of their lines: more are a lesson's
_RUNNING = 12  # Han characters of a line with glosses, in the mean: less is a list of words
_WORDS = 0.02  # words of teaching for each gloss


class _Note(NamedTuple):
    start: int
    end: int
    han: str
    pinyin: str
    is_read: bool


def _is_real(text: str, places: Sequence[int]) -> bool:
    """Whether one of the commonest characters is among them often enough."""
    if len(places) < _LEAST:
        return False
    seen = Counter(text[at - 1] for at in places if text[at - 1] in _COMMON)
    return any(n >= _OFTEN for n in seen.values())


@rule(
    "steady-gloss",
    stage=Stage.SHIFTED_BYTES,
    sure=0.93,
    since="0.2",
    triggers=("(",),
    needs=(_NOTE,),
    wakes=lambda _: [Wake(_OPEN, _is_real)],
    fixes=[
        (
            "這是(shì)一(yī)家(jiā)小店的(de)故事，老闆是(shì)我的(de)朋友。他每天做一(yī)百個麵包，"
            "賣完就關門，店裡的(de)客人都說那是(shì)附近最好吃的(de)麵包，值得走一(yī)公里去買。",
            "這是一家小店的故事，老闆是我的朋友。他每天做一百個麵包，"
            "賣完就關門，店裡的客人都說那是附近最好吃的麵包，值得走一公里去買。",
        ),
    ],
    leaves=[
        "我(wǒ)的(de)書(shū)，你(nǐ)的(de)書(shū)，他(tā)的(de)書(shū)，一(yī)本(běn)書(shū)",
        "一(yī)個人的(de)時候，的(de)讀輕聲，一(yī)讀一聲。",
    ],
)
def steady_gloss(text: str, ctx: Context) -> Iterator[Edit]:
    """The same reading behind some common characters each time they come, as a site with a list of
    the commonest inserts it.
    """
    notes = list(_notes(text, ctx))
    seen = Counter((note.han, note.pinyin) for note in notes)
    steady = {
        key for key, n in seen.items() if n >= _STEADY * text.count(key[0]) and not key[0].isascii()
    }
    found = [note for note in notes if (note.han, note.pinyin) in steady]
    if not (
        len(found) >= max(_LEAST, _SHARE * len(notes))
        and len({han for han, _ in steady}) >= _KINDS
        and any(seen[key] >= _OFTEN and key[0] in _COMMON for key in steady)
        and sum(note.is_read for note in found) >= _READ * len(found)
        and sum(note.han not in listed() for note in found) >= _OWN * len(found)
        and _runs_on(text, notes)
    ):
        return
    for note in found:
        why = f"{note.pinyin} stands behind each {note.han}, and other characters have no reading"
        yield ctx.edit(note.start, note.end, "", 0.93, why)


def _notes(text: str, ctx: Context) -> Iterator[_Note]:
    """The readings in the text."""
    for match in found_at(_NOTE, text, _OPEN):
        read = syllable(match["pinyin"])
        if read is None or not is_syllable(read) or ctx.is_protected(*match.span()):
            continue
        known = [letters for letters, _ in readings(match["han"])]
        yield _Note(*match.span(), match["han"], match["pinyin"], not known or read[0] in known)


def _runs_on(text: str, notes: Sequence[_Note]) -> bool:
    """Whether the glosses stand in a text that runs on, and not in one about readings."""
    lines: dict[int, int] = {}  # start to end
    for note in notes:
        start = text.rfind("\n", 0, note.start) + 1
        if start not in lines:
            lines[start] = text.find("\n", note.end) % (len(text) + 1)
    parts = [text[start:end] for start, end in lines.items()]
    n_han = sum(len(HAN.findall(part)) for part in parts)
    n_words = sum(len(TEACHING.findall(part)) for part in parts)
    return (
        n_han >= _RUNNING * len(parts)
        and len(notes) <= _MOST * n_han
        and n_words <= _WORDS * len(notes)
    )
