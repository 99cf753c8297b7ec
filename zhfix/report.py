"""What a repair says about itself: edits with exact spans, hints, the verdict, and how they are
shown.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from zhfix.named import NamedTuple

TYPE_CHECKING = False  # typing takes 3 ms to load
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Edit", "Repair", "Report", "apply", "compose", "counts", "each_once", "merged"]


class Edit(NamedTuple):
    """One change: `before`, at `start`..`end` of the input (code points, end exclusive), becomes
    `after`.

    `rule` names the rule that proposed it, `sure` (0..1) how sure it is, `why` the reason in words.
    A hint is an edit that was not sure enough to be made.
    """

    start: int
    end: int
    before: str
    after: str
    rule: str
    sure: float
    why: str


class Report(NamedTuple):
    """Which script a text is in, with the counts behind the verdict, and the damage found in it.

    `verdict` is `hans`, `hant`, `mixed`, `shared` (only characters common to both) or `none` (no
    Chinese). `n_hans` and `n_hant` count the characters that tell the script (they stand in one
    only, or hardly ever in the other), `n_shared` the other Han characters; Japanese lines and
    protected spans do not count. `mixed_share` is the share of the rarer script among the marked
    ones (0..0.5), `confidence` (0..1) how sure the verdict is, `damage` the number of places per
    kind of damage.
    """

    verdict: str
    n_hans: int
    n_hant: int
    n_shared: int
    mixed_share: float
    confidence: float
    damage: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """The report as plain types, ready for JSON."""
        return self._asdict()


class Repair(NamedTuple):
    """The repaired `text`, the `edits` made, the `hints` not made, and the `report` on the input;
    `source` is the input.

    >>> import zhfix
    >>> repair = zhfix.explain("廣州市番禺區(qū)")
    >>> repair.text, repair.edits[0].before, repair.to_input(6)
    ('廣州市番禺區', '(qū)', 10)
    """

    source: str
    text: str
    edits: tuple[Edit, ...]
    hints: tuple[Edit, ...]
    report: Report

    def to_input(self, i: int) -> int:
        """Offset in the input of offset `i` of `text`; inside a replaced span of another length,
        the start of that span.

        Raises: IndexError when `i` is outside 0..len(text).
        """
        if not 0 <= i <= len(self.text):
            raise IndexError(f"offset {i} is outside the text (0..{len(self.text)})")
        shift = 0  # output offset minus input offset, before the edit looked at
        for edit in self.edits:
            start = edit.start + shift
            if i < start:
                break
            if i < start + len(edit.after):
                same = len(edit.after) == edit.end - edit.start
                return edit.start + (i - start if same else 0)
            shift += len(edit.after) - (edit.end - edit.start)
        return i - shift

    def counts(self) -> dict[str, int]:
        """Number of edits made per rule."""
        return counts(self.edits)

    def as_dict(self) -> dict[str, Any]:
        """Everything but the input as plain types, ready for JSON."""
        return {
            "text": self.text,
            "edits": [edit._asdict() for edit in self.edits],
            "hints": [hint._asdict() for hint in self.hints],
            "report": self.report.as_dict(),
        }

    def to_json(self) -> str:
        """`as_dict` as one line of JSON; lone surrogates are escaped, other characters stand as
        they are.
        """
        import json  # 8 ms, and only who asks for JSON pays it

        line = json.dumps(self.as_dict(), ensure_ascii=False)
        return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in line)

    def __repr__(self) -> str:
        """A short summary: the verdict, then up to eight edits with their reasons."""
        head = f"<Repair {self.report.verdict}, {len(self.edits)} edits, {len(self.hints)} hints"
        shown = [
            f"\n  {e.start}-{e.end} {e.before!r} -> {e.after!r}  {e.rule} {e.sure:.2f}: {e.why}"
            for e in self.edits[:8]
        ]
        more = f"\n  and {len(self.edits) - 8} more" if len(self.edits) > 8 else ""
        return head + "".join(shown) + more + ">"

    def _repr_html_(self) -> str:
        """The repair for a notebook: the text before and after with the changes marked, and the
        reasons; no scripts.
        """
        from zhfix.page import fragment  # only a notebook needs it

        return fragment(self)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """`text` with the edits made; `edits` are sorted and do not overlap. The same object when there
    are none.
    """
    if not edits:
        return text
    out: list[str] = []
    done = 0
    for edit in edits:
        out += (text[done : edit.start], edit.after)
        done = edit.end
    out.append(text[done:])
    return "".join(out)


def merged(reports: Sequence[Report]) -> Report:
    """One report on the blocks of a text: counts added, `mixed` where the blocks stand in different
    scripts.
    """
    verdicts = {report.verdict for report in reports} - {"none", "shared"}
    weak = "shared" if any(report.verdict == "shared" for report in reports) else "none"
    verdict = verdicts.pop() if len(verdicts) == 1 else "mixed" if verdicts else weak
    n_hans = sum(report.n_hans for report in reports)
    n_hant = sum(report.n_hant for report in reports)
    damage: dict[str, int] = {}
    for report in reports:
        for kind, n in report.damage.items():
            damage[kind] = damage.get(kind, 0) + n
    return Report(
        verdict,
        n_hans,
        n_hant,
        sum(report.n_shared for report in reports),
        round(min(n_hans, n_hant) / (n_hans + n_hant), 4) if n_hans + n_hant else 0.0,
        min((report.confidence for report in reports), default=1.0),
        damage,
    )


def counts(edits: Iterable[Edit]) -> dict[str, int]:
    """Number of edits per rule, sorted by name."""
    found: dict[str, int] = {}
    for edit in edits:
        found[edit.rule] = found.get(edit.rule, 0) + 1
    return dict(sorted(found.items()))


def compose(source: str, first: Sequence[Edit], middle: str, second: Sequence[Edit]) -> list[Edit]:
    """Two rounds of edits as one: `first` turns `source` into `middle`, `second` are edits of
    `middle`.

    Where an edit of `second` overlaps text that `first` wrote, or spans a place where it deleted,
    the two become one edit that carries both reasons; an edit of equal length is rather cut at such
    deletions. Sorted, not overlapping, like its inputs.
    """
    if not first or not second:
        return list(first or second)
    spans, shift = [], 0  # where each edit of `first` stands in `middle`
    for edit in first:
        start = edit.start + shift
        spans.append((start, start + len(edit.after)))
        shift += len(edit.after) - (edit.end - edit.start)
    deletions = [start for start, end in spans if start == end]
    pieces = [piece for edit in second for piece in _cut(edit, deletions)]

    out: list[Edit] = []
    i = j = 0
    passed = 0  # source offset minus middle offset, behind first[:i]
    while i < len(first) or j < len(pieces):
        if j == len(pieces) or (i < len(first) and spans[i][1] <= pieces[j].start):
            out.append(first[i])
            passed = first[i].end - spans[i][1]
            i += 1
            continue
        piece = pieces[j]
        if i == len(first) or piece.end <= spans[i][0]:
            out.append(piece._replace(start=piece.start + passed, end=piece.end + passed))
            j += 1
            continue
        # they touch: take in everything that overlaps the growing span
        low, high = min(spans[i][0], piece.start), max(spans[i][1], piece.end)
        start, i0, j0 = low + passed, i, j
        while True:
            if i < len(first) and (spans[i][0] < high or i == i0):
                high = max(high, spans[i][1])
                passed = first[i].end - spans[i][1]
                i += 1
            elif j < len(pieces) and (pieces[j].start < high or j == j0):
                high = max(high, pieces[j].end)
                j += 1
            else:
                break
        inner = [p._replace(start=p.start - low, end=p.end - low) for p in pieces[j0:j]]
        out.append(
            _joined(
                source, start, high + passed, apply(middle[low:high], inner), first[i0:i], inner
            )
        )
    return out


def _cut(edit: Edit, places: Sequence[int]) -> Iterable[Edit]:
    """`edit` in pieces at those of the sorted `places` that are inside it, when its length stays;
    else whole.
    """
    low, high = bisect_right(places, edit.start), bisect_left(places, edit.end)
    if low >= high or len(edit.after) != edit.end - edit.start:
        return (edit,)
    bounds = [edit.start, *places[low:high], edit.end]
    return [
        edit._replace(
            start=a,
            end=b,
            before=edit.before[a - edit.start : b - edit.start],
            after=edit.after[a - edit.start : b - edit.start],
        )
        for a, b in pairwise(bounds)
        if a < b
    ]


def _joined(
    source: str, start: int, end: int, after: str, first: Sequence[Edit], second: Sequence[Edit]
) -> Edit:
    reasons = list(dict.fromkeys(edit.why for edit in (*first, *second)))
    sure = min(edit.sure for edit in (*first, *second))
    rule = first[0].rule
    return Edit(start, end, source[start:end], after, rule, sure, "; then ".join(reasons))


def each_once(hints: Iterable[Edit]) -> list[Edit]:
    """The hints in order, of those that say the same the surest: every round gives its own.

    >>> hint = Edit(0, 1, "后", "後", "script", 0.4, "of two readings")
    >>> [found.sure for found in each_once([hint, hint._replace(sure=0.5)])]
    [0.5]
    """
    surest: dict[tuple[int, int, str], Edit] = {}
    for hint in hints:
        key = hint.start, hint.end, hint.after
        if key not in surest or surest[key].sure < hint.sure:
            surest[key] = hint
    return sorted(surest.values())
