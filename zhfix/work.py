"""A block on its way through the rounds of repair, and what was done to it so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from zhfix.options import Options
from zhfix.protect import Span, named_spans, overlaps, protected_spans
from zhfix.report import Edit, apply, compose
from zhfix.rules.strays import Stream

__all__ = ["Work", "moved"]


class Work:
    """A block on its way: the text as it stands, and what was done and left so far in offsets of
    the input.
    """

    def __init__(
        self, text: str, options: Options, *, is_explained: bool, stream: Stream | None = None
    ) -> None:
        self.text = text
        self.stream = stream
        self.options = options
        self.current = text
        self.edits: list[Edit] = []
        self.hints: list[Edit] = []
        self.proven: set[str] = set()
        self.is_free = False  # nothing in `text` is known to be protected that nobody named
        self._protected: tuple[str, list[Span]] | None = None
        self.is_read = False  # `text` is known to have no run of shifted bytes that is left alone
        self.misread: tuple[str, list[Span]] = "", []  # what may be mojibake, and of which text
        # what keeps its script, of which text, with what may be mojibake
        self.unconverted: tuple[str, tuple[str, list[Span]], list[Span]] | None = None
        # the caller's spans are offsets of the input: to find them again, the edits must be known
        self.is_explained = is_explained or any(
            not isinstance(item, str) for item in options.protect
        )

    def protected(self) -> list[Span]:
        """Protected spans of the text as it stands."""
        if self.is_free and self.current is self.text:
            return self.named()
        if self._protected is None or self._protected[0] is not self.current:
            self._protected = self.current, self._found()
        return self._protected[1]

    def _found(self) -> list[Span]:
        return protected_spans(self.current, self._named())

    def named(self) -> list[Span]:
        """Only what the caller protects: misread bytes look like code and tags by chance."""
        return named_spans(self.current, self._named()) if self.options.protect else []

    def _named(self) -> list[str | Span]:
        return [
            item if isinstance(item, str) else (self._at(item[0]), self._at(item[1]))
            for item in self.options.protect
        ]

    def _at(self, at: int) -> int:
        """Where offset `at` of the input stands in the current text."""
        shift = 0
        for edit in self.edits:
            if edit.end > at:
                break
            shift += len(edit.after) - (edit.end - edit.start)
        return at + shift

    def round(
        self, proposed: Iterable[Edit], protected: Sequence[Span], *, is_made: bool = True
    ) -> None:
        """Make those of the proposed edits that are sure enough; the others become hints."""
        made: list[Edit] = []
        unsure: list[Edit] = []
        floor = self.options.sure
        for edit in sorted(proposed, key=lambda edit: (edit.start, -edit.sure)):
            is_open = is_made and edit.after != edit.before
            if not is_open or edit.sure < floor or overlaps(edit.start, edit.end, protected):
                unsure.append(edit)
            elif not made or edit.start >= made[-1].end:
                made.append(edit)
        if self.is_explained:
            self.hints += self._in_source(unsure)
        if made:
            before, self.current = self.current, apply(self.current, made)
            if self.is_explained:
                self.edits = compose(self.text, self.edits, before, made)

    def _in_source(self, hints: Iterable[Edit]) -> Iterator[Edit]:
        """Hints on the text as it stands, in offsets of the input; both are sorted."""
        shift = i = 0
        for hint in hints:
            while i < len(self.edits):
                edit = self.edits[i]
                if edit.start + shift + len(edit.after) > hint.start:
                    break
                shift += len(edit.after) - (edit.end - edit.start)
                i += 1
            start, end = hint.start - shift, hint.end - shift
            if self.text[start:end] == hint.before:  # else an earlier round wrote into it
                yield moved(hint, -shift)


def moved(edit: Edit, by: int) -> Edit:
    """The edit `by` code points further on."""
    return Edit(edit.start + by, edit.end + by, *edit[2:])
