"""A repair as HTML: the text with what was deleted and inserted marked, and the reasons beside it.
No scripts.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from zhfix.report import Edit, Repair

__all__ = ["fragment"]

_AROUND = 20  # characters shown before and behind a change
_MOST = 200  # changes shown; a notebook cell with more is of no use
_DELETED = "background:#fdd;color:#900;text-decoration:line-through"
_INSERTED = "background:#dfd;color:#060;text-decoration:none"
_HINTED = "background:#ffd;color:#660"


def fragment(repair: Repair) -> str:
    """An HTML fragment for a notebook: a summary, then a row for each edit and each hint.

    >>> import zhfix
    >>> "<del" in fragment(zhfix.explain("番禺區(qū)"))
    True
    """
    report = repair.report
    damage = ", ".join(f"{kind} {n}" for kind, n in report.damage.items()) or "no damage"
    head = (
        f"<p><b>{escape(report.verdict)}</b> ({report.confidence:.2f}); {escape(damage)}; "
        f"{len(repair.edits)} edits, {len(repair.hints)} hints</p>"
    )
    rows = [*_rows(repair, repair.edits, is_made=True), *_rows(repair, repair.hints, is_made=False)]
    left = len(repair.edits) + len(repair.hints) - len(rows)
    more = f"<p>and {left} more</p>" if left > 0 else ""
    return f'<div class="zhfix">{head}<table>{"".join(rows)}</table>{more}</div>'


def _rows(repair: Repair, edits: tuple[Edit, ...], *, is_made: bool) -> Iterator[str]:
    for edit in edits[:_MOST]:
        before = _shown(repair.source[max(0, edit.start - _AROUND) : edit.start])
        behind = _shown(repair.source[edit.end : edit.end + _AROUND])
        if is_made:
            change = (
                f'<del style="{_DELETED}">{_shown(edit.before)}</del>'
                f'<ins style="{_INSERTED}">{_shown(edit.after)}</ins>'
            )
        else:
            change = f'<mark style="{_HINTED}">{_shown(edit.before)}</mark>'
        cells = (
            f"{before}{change}{behind}",
            escape(edit.rule),
            f"{edit.sure:.2f}",
            escape(edit.why),
        )
        yield (
            "<tr>" + "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells) + "</tr>"
        )


def _shown(text: str) -> str:
    """Text escaped, line ends and lone surrogates made visible."""
    seen = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return escape(seen).replace("\n", "⏎")
