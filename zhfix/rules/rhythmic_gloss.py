"""Readings that a site inserted on a rhythm: after every fourth character, whatever it is.

法拉第電(dian)磁感應定(ding)律制成的(de)一種測量(liang): this machine counts Chinese characters and
nothing else, through words, marks and line ends, and writes the tone or not as it pleases. People
gloss words and the ends of lines; their glosses fall between marks, not on a count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from zhfix.named import NamedTuple
from zhfix.pattern import pattern
from zhfix.report import Edit
from zhfix.rules.pinyin import LETTERS, is_syllable, readings, syllable
from zhfix.rules.registry import Context, Stage, Wake, rule
from zhfix.script import HAN_CLASS
from zhfix.shapes import Shape, found_at

__all__ = ["rhythmic_gloss"]

_NOTE = pattern(rf"\((?<=(?P<han>[{HAN_CLASS}])\()(?P<pinyin>[{LETTERS}]{{1,6}})\)")
_OPEN = Shape("(", HAN_CLASS, LETTERS)
_HAN = pattern(f"[{HAN_CLASS}]")
_BREAK = pattern(r"[、，。：；！？,.:;!?\n\t|/]")  # what a list or a verse has between its glosses
_SHORTEST = 3  # characters from one gloss to the next: two are the words of a list
_LONGEST = 9
_FAR = 99  # characters after which a distance is longer, nearly always: no need to count it out
_RUN = 6  # glosses in a row at one distance
_PAGE = 12  # glosses on the rhythm of a page from which on shorter runs count
_READ = 0.9  # share of readings that their characters have
_UNBROKEN = 0.4  # share of the distances without a mark between; 0 in lists and verse


class _Note(NamedTuple):
    start: int
    end: int
    n_before: int  # Chinese characters since the gloss before it
    is_broken: bool  # whether a mark stands among them
    is_read: bool  # whether the character can be read so, as far as is known


def _is_real(text: str, places: Sequence[int]) -> bool:
    """Whether a run of readings can be among them."""
    if len(places) < _RUN - 1:
        return False
    return sum(_NOTE.match(text, at) is not None for at in places) >= _RUN - 1


@rule(
    "rhythmic-gloss",
    stage=Stage.SHIFTED_BYTES,
    sure=0.95,
    since="0.2",
    triggers=("(",),
    needs=(_NOTE,),
    wakes=lambda _: [Wake(_OPEN, _is_real)],
    fixes=[
        (
            "這是利用(yong)法拉第電(dian)磁感應定(ding)律制成的(de)一種測量(liang)導電液體(tǐ)"
            "體積流量(liang)的儀表，年(nián)代初電磁(ci)流量計實(shí)現了應用",
            "這是利用法拉第電磁感應定律制成的一種測量導電液體體積流量的儀表，年代初電磁流量計實現了應用",
        ),
    ],
    leaves=[
        "春眠不覺曉(xiǎo)，處處聞啼鳥(niǎo)。夜來風雨聲(shēng)，花落知多少(shǎo)。"
        "床前明月光(guāng)，疑是地上霜(shuāng)。舉頭望明月(yuè)，低頭思故鄉(xiāng)。",
        "我(wǒ)們(men)一(yī)起(qǐ)學(xué)習(xí)漢(hàn)語(yǔ)",
    ],
)
def rhythmic_gloss(text: str, ctx: Context) -> Iterator[Edit]:
    """Readings after every so many characters, as a machine that counts inserts them."""
    beats = Counter[int]()
    before, n = 0, 0
    for beat in _beats(text):
        n = n + 1 if beat == before else 1
        before = beat
        if n >= _RUN - 1 and _SHORTEST <= beat <= _LONGEST:
            beats[beat] += 1
    if not beats:
        return
    notes = list(_notes(text, ctx))
    beat = beats.most_common(1)[0][0]
    n = sum(note.n_before == beat for note in notes)
    runs = [run for run in _runs(notes, beat) if _is_counted(run, n)]
    found = [note for run in runs for note in run]
    if 2 * len(found) < len(notes):
        return  # of many glosses some stand at one distance by chance
    if len(found) >= _PAGE:  # where the page lost text the count is lost as well
        found = [note for note in notes if found[0].start <= note.start < found[-1].end]
    for note in found:
        why = f"a reading after every {beat} characters: a machine counts so"
        yield ctx.edit(note.start, note.end, "", 0.95 if note.is_read else 0.85, why)


def _beats(text: str) -> Iterator[int]:
    """How many Chinese characters stand between one reading and the next, or some number that is
    too many.
    """
    done = 0
    found = list(found_at(_NOTE, text, _OPEN))
    for match in found if len(found) >= _RUN - 1 else ():
        near = min(match.start(), done + _FAR)
        n = len(_HAN.findall(text, done, near))
        yield n if n > _LONGEST else n + len(_HAN.findall(text, near, match.start()))
        done = match.end()


def _is_counted(run: list[_Note], n_page: int) -> bool:
    """Whether a machine counted the characters between these glosses; `n_page` stand on the same
    beat.
    """
    steps = run[1:]
    return (
        len(run) >= (3 if n_page >= _PAGE else _RUN)
        and sum(not note.is_broken for note in steps) >= _UNBROKEN * len(steps)
        and sum(note.is_read for note in run) >= _READ * len(run)
    )


def _notes(text: str, ctx: Context) -> Iterator[_Note]:
    """The readings in the text, each with what stands before it."""
    done = 0
    for match in found_at(_NOTE, text, _OPEN):
        read = syllable(match["pinyin"])
        if read is None or not is_syllable(read) or ctx.is_protected(*match.span()):
            continue
        between = text[done : match.start()]
        known = [letters for letters, _ in readings(match["han"])]
        yield _Note(
            *match.span(),
            len(_HAN.findall(between)),
            _BREAK.search(between) is not None,
            not known or read[0] in known,
        )
        done = match.end()


def _runs(notes: list[_Note], beat: int) -> Iterator[list[_Note]]:
    """Glosses in a row that stand `beat` characters apart, the first one with them."""
    run: list[_Note] = []
    for before, note in pairwise(notes):
        if note.n_before != beat:
            if run:
                yield run
            run = []
            continue
        run = run or [before]
        run.append(note)
    if run:
        yield run
