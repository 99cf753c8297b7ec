"""The front door: fix, explain, detect, and the Fixer that is configured once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from zhfix.blocks import blocks, gathered, lines
from zhfix.convert.front import convert, convert_many, need_str, need_texts
from zhfix.options import Options, named
from zhfix.protect import Span, spans_in_lines
from zhfix.report import Edit, Repair, Report, merged
from zhfix.rounds import LIKELY, fixed, is_plain, repaired, reported
from zhfix.rules import RULES
from zhfix.rules.strays import Stream
from zhfix.script import Evidence, evidence, summed
from zhfix.work import moved

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Any

    from zhfix.decode import Decoded

__all__ = ["Fixer", "convert", "convert_many", "detect", "explain", "fix"]


def fix(text: str, to: str = "auto", **options: Any) -> str:
    """`text` repaired and written in the script `to`; the same object when there is nothing to do.

    >>> fix("廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會")
    '廣州市番禺區召開高質量發展大會'
    >>> fix("廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會", to="hans")
    '广州市番禺区召开高质量发展大会'

    Args:
        to: `auto` (the script most of the text is in), `hans`, `hant`, `hant-tw`, `hant-hk`, or
        `keep` (repair only).
        **options: see `Options`.

    Raises: OptionError for an unknown option or value; TypeError for anything but `str`.
    """
    return Fixer(to, **options).fix(text)


def explain(text: str, to: str = "auto", **options: Any) -> Repair:
    """What `fix` does to `text`, with every edit and every hint explained.

    >>> repair = explain("廣州市番禺區(qū)召開大會")
    >>> [(e.start, e.end, e.before, e.after, e.rule) for e in repair.edits]
    [(6, 10, '(qū)', '', 'gloss')]
    """
    return Fixer(to, **options).explain(text)


def detect(text: str) -> Report:
    """Which script `text` is in, and what damage it shows; changes nothing.

    >>> detect("头发").verdict, detect("頭髮").verdict, detect("头髮").verdict, detect("OK").verdict
    ('hans', 'hant', 'mixed', 'none')
    >>> detect("高質(zhì)量發(fā)展").damage
    {'gloss': 2}
    """
    need_str(text, "detect")
    return _explained(text, _detector().options, None, is_hinted=False).report


@cache
def _detector() -> Fixer:
    return Fixer("keep")


class Fixer:
    """A repair configured once: `fix`, `explain`, `fix_many`, `fix_lines` and `decode` with these
    options.

    Immutable, so it pickles, copies, compares, and threads may share it.

    >>> fixer = Fixer("hans", skip=["quote"])
    >>> fixer.fix("發(fā)展"), Fixer.from_dict(fixer.as_dict()) == fixer
    ('发展', True)
    """

    __slots__ = ("options",)
    options: Options

    def __init__(self, to: str = "auto", **options: Any) -> None:
        object.__setattr__(self, "options", Options.of(to, **options))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Fixer does not change: make a new one to set {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Fixer does not change: {name} stays")

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], Fixer], tuple[dict[str, Any]]]:
        return Fixer.from_dict, (self.as_dict(),)

    def __eq__(self, other: object) -> bool:
        return self.options == other.options if isinstance(other, Fixer) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.options)

    def __repr__(self) -> str:
        given = ", ".join(f"{key}={value!r}" for key, value in self.as_dict().items())
        return f"Fixer({given})"

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Fixer:
        """A Fixer from a mapping of options, as `as_dict` gives it or a configuration file holds
        it.
        """
        return cls(**named(values))

    def as_dict(self) -> dict[str, Any]:
        """The options that differ from the defaults, as plain types."""
        return self.options.as_dict()

    def fix(self, text: str, *, after: Report | None = None) -> str:
        """`text` repaired; the same object when there is nothing to do.

        `after` is the report on what came before in a stream: a short segment is then judged by the
        script of the stream (`explain` says how to get it).
        """
        need_str(text, "fix")
        return fixed(text, self.options, stream=_stream(after))

    def explain(self, text: str, *, after: Report | None = None) -> Repair:
        """The repair of `text` with its edits, hints and report.

        `after` is the report on what came before in a stream; the new report covers both, so that
        it can be passed on from segment to segment.

        >>> fixer = Fixer()
        >>> first = fixer.explain("歡迎收聽今天的節目，我們來談談經濟")
        >>> fixer.fix("还有發展", after=first.report)
        '還有發展'
        """
        need_str(text, "explain")
        repair = _explained(text, self.options, _stream(after))
        if after is not None:
            return repair._replace(report=merged([after, repair.report]))
        return repair

    def fix_many(self, texts: Iterable[str | None]) -> list[str | None]:
        """Each of `texts` repaired on its own, in order; None stays None.

        >>> Fixer("hans").fix_many(["發(fā)展", None, "头发"])
        ['发展', None, '头发']

        Cost: short strings are asked and converted together, several times faster than one by one.
        """
        from zhfix.many import repaired_many  # one text does not wait for it

        out = need_texts(texts, "fix_many")
        known = [text for text in out if text is not None]
        for text in known:
            need_str(text, "fix_many")
        made = iter(
            repaired_many(known, self.options) if is_plain(self.options) else map(self.fix, known)
        )
        return [None if text is None else next(made) for text in out]

    def fix_lines(self, lines_: Iterable[str]) -> Iterator[str]:
        """The repaired lines of a stream, in order; evidence is gathered over blocks of lines,
        memory stays bounded.

        Lines keep their line ends; the result, joined, is what `fix` makes of the joined input.
        """
        for block in gathered(_checked(lines_)):
            yield from lines(self.fix(block))

    def decode(self, data: bytes, *, hint: str | None = None) -> Decoded:
        """`zhfix.decode`, then the text repaired."""
        from zhfix.decode import decode  # the code pages, for those who have bytes

        decoded = decode(data, hint=hint)
        return decoded._replace(text=self.fix(decoded.text))

    def fix_bytes(self, data: bytes, *, hint: str | None = None) -> str:
        """The repaired text of bytes of unknown encoding; `decode` says more about them."""
        return self.decode(data, hint=hint).text


def _explained(
    text: str, options: Options, stream: Stream | None, *, is_hinted: bool = True
) -> Repair:
    """The repair of `text` by itself; without `is_hinted`, hints that come to nothing may be left
    out.
    """
    edits: list[Edit] = []
    hints: list[Edit] = []
    out: list[str] = []
    at = 0
    seen: list[Evidence] = []
    spans: list[Span] | None = []  # unless a block shows that all of the text must be seen
    for block in blocks(text):
        seen.append(evidence(block))  # the rules ask for the same count
        work = repaired(block, options, is_explained=True, is_hinted=is_hinted, stream=stream)
        edits += (moved(edit, at) for edit in work.edits) if at else work.edits
        hints += (moved(hint, at) for hint in work.hints) if at else work.hints
        out.append(work.current)
        here: Sequence[Span] | None = () if work.is_free else spans_in_lines(block)
        here = here if not at or text[at - 1] == "\n" else None
        if spans is not None and here is not None:
            spans += ((start + at, end + at) for start, end in here)
        else:
            spans = None
        at += len(block)
    kinds = {*RULES, "lost"}
    found = [edit for edit in (*edits, *hints) if edit.rule in kinds and edit.sure >= LIKELY]
    written = "".join(out) if edits else text
    report = reported(text, found, summed(seen), spans)
    return Repair(text, written, tuple(edits), tuple(hints), report)


def _stream(after: Report | None) -> Stream | None:
    if after is not None and not isinstance(after, Report):
        raise TypeError(f"after is the report of an earlier repair, not {type(after).__name__}")
    return (after.n_hans, after.n_hant) if after else None


def _checked(parts: Iterable[str]) -> Iterator[str]:
    if isinstance(parts, (str, bytes)) or not isinstance(parts, Iterable):
        raise TypeError(f"fix_lines takes lines, not {type(parts).__name__}")
    for part in parts:
        need_str(part, "fix_lines")
        yield part
