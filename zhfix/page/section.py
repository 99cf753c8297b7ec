"""What was done to one file, gathered block by block in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from zhfix.page.body import passage_html
from zhfix.page.marks import shown
from zhfix.page.passages import passages
from zhfix.page.words import counted, say
from zhfix.report import Repair, Report, merged

__all__ = ["Counts", "Section", "Space", "added", "summary"]

Counts = dict[str, list[int]]  # numbers of edits and of hints, by rule

_FEW = 10  # of each kind so many passages are shown, however many others stand before them
_PAGE = 3_000_000  # characters of HTML: with more, only those few of each kind are added
_FULL = 6_000_000  # characters of HTML: with more, nothing is added
_ERRORS = 5  # messages of one file
_LANGS = {"hans": "zh-Hans", "hant": "zh-Hant", "hant-tw": "zh-Hant-TW", "hant-hk": "zh-Hant-HK"}


class Space:
    """What the sections of a page share: the numbers of the kinds, and how much is shown already.

    `to` is the script that the text is written in, as in Options.
    """

    def __init__(self, to: str, most: int) -> None:
        self.to = to
        self.most = most  # passages of a file
        self.size = 0  # of all passages, in characters of HTML
        self.index: dict[str, int] = {}  # of each rule met


class Section:
    """What was done to one file; `add` is called with each block in turn."""

    def __init__(self, name: str, space: Space) -> None:
        self.name = name
        self.counts: Counts = {}
        self._report: Report | None = None
        self._errors: list[str] = []
        self._space = space
        self._passages: list[str] = []
        self._n_shown = 0  # edits and hints in the passages
        self._line = 0  # lines before the block that comes next
        self._met: dict[tuple[str, bool], int] = {}  # passages by kind of edit, or of hint

    @property
    def size(self) -> int:
        """Characters of HTML in the passages."""
        return sum(map(len, self._passages))

    @property
    def has_findings(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.counts or self._errors)

    def fail(self, why: str) -> None:
        """Not all went well with the file."""
        if len(self._errors) < _ERRORS:
            self._errors.append(why)

    def add(self, repair: Repair, *, line: int | None = None) -> None:
        """Note the repair of the block that comes next; `line` says how many lines are before it,
        where that is not those of the blocks added.
        """
        if line is not None:
            self._line = line
        report = repair.report
        self._report = merged([self._report, report]) if self._report else report
        found: Counts = {}
        for is_hint, edits in enumerate((repair.edits, repair.hints)):
            for edit in edits:
                found.setdefault(edit.rule, [0, 0])[is_hint] += 1
        added(self.counts, found)
        for rule in found:
            self._space.index.setdefault(rule, len(self._space.index))
        kinds = {(rule, bool(i)) for rule, pair in found.items() for i in (0, 1) if pair[i]}
        if kinds and self._is_wanted(kinds):
            self._show(repair)
        self._line += repair.source.count("\n")

    def _is_wanted(self, kinds: Iterable[tuple[str, bool]]) -> bool:
        """Whether a passage with edits or hints of these kinds is still to be shown."""
        size = self._space.size
        if size < _PAGE and len(self._passages) < self._space.most:
            return True
        return size < _FULL and any(self._met.get(kind, 0) < _FEW for kind in kinds)

    def _show(self, repair: Repair) -> None:
        before = _LANGS.get(repair.report.verdict, "zh")
        langs = before, _LANGS.get(self._space.to, before)
        for passage in passages(repair):
            notes = [note for spot in passage.spots for note in spot.notes]
            kinds = {(note.edit.rule, not note.is_made) for note in notes}
            if not self._is_wanted(kinds):
                continue
            for kind in kinds:
                self._met[kind] = self._met.get(kind, 0) + 1
            passage = passage._replace(line=passage.line + self._line)
            html = passage_html(passage, repair.source, self._space.index, langs)
            self._passages.append(html)
            self._n_shown += sum(note.n for note in notes)
            self._space.size += len(html)

    def summary(self) -> str:
        """The verdict and the counts as HTML, and what went wrong."""
        parts = [say(f"verdict.{self._report.verdict}")] if self._report else []
        parts += summary(self.counts)
        parts += [f'<b class="error">{say("failed", error=why)}</b>' for why in self._errors]
        return " · ".join(parts)

    def html(self, anchor: str) -> Iterator[str]:
        """The section as HTML, in pieces."""
        yield f"<section{f' id={anchor}' if anchor else ''}>"
        if self.name:
            yield f"<h2>{shown(self.name)}</h2>"
            yield f'<p class="sum">{self.summary()}</p>\n'
        yield from self._passages
        left = sum(map(sum, self.counts.values())) - self._n_shown
        if left > 0:
            yield f'<p class="more">{say("left", n=f"{left:,}")}</p>'
        yield "</section>\n"


def added(counts: Counts, more: Mapping[str, Sequence[int]]) -> None:
    """Add counts to counts."""
    for rule, (n_edits, n_hints) in more.items():
        pair = counts.setdefault(rule, [0, 0])
        pair[0] += n_edits
        pair[1] += n_hints


def summary(counts: Mapping[str, Sequence[int]]) -> list[str]:
    """The numbers of edits and hints in words; or that there is nothing."""
    n_edits, n_hints = (sum(pair[i] for pair in counts.values()) for i in (0, 1))
    parts = [counted("changes", n_edits)] * bool(n_edits)
    parts += [counted("hints", n_hints)] * bool(n_hints)
    return parts or [say("clean")]
