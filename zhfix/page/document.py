"""The report page of a run over files, and the same for one repair in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zhfix.page.body import filters, language_switch, style
from zhfix.page.marks import shown
from zhfix.page.section import Counts, Section, Space, added, summary
from zhfix.page.words import counted, first_language, say
from zhfix.report import Repair

if TYPE_CHECKING:
    from zhfix.api import Fixer

__all__ = ["Page", "fragment"]

_FILE = 300  # passages shown of a file
_CELL = 60  # passages shown in a notebook's cell
_FILES = 1_000  # files with findings that get a section
_LINKS = 100  # of these are linked at the top
# no script and no request: whatever a text holds, the page can do no more than show it
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class Page:
    """The report on a run over files: `start` a section for each, then ask for the `html`.

    What it holds is bounded: of a long file the first passages are kept, and a few of each kind of
    edit that comes later; everything is counted.

    >>> from zhfix import Fixer
    >>> fixer = Fixer("hans")
    >>> page = Page(fixer)
    >>> page.start("a.txt").add(fixer.explain("番禺區(qū)"))
    >>> "".join(page.html()).count("<article")
    1
    """

    def __init__(self, fixer: Fixer) -> None:
        self._space = Space(fixer.options.to, _FILE)
        self._sections: list[Section] = []
        self._n_files = self._n_clean = self._n_left = 0
        self._left: Counts = {}  # of files with findings beyond those that get a section

    def start(self, name: str) -> Section:
        """The section of the file that comes next."""
        self._settle()
        self._n_files += 1
        self._sections.append(Section(name, self._space))
        return self._sections[-1]

    def _settle(self) -> None:
        """A file that has ended: one without findings, or one too many, is only counted."""
        if not self._sections:
            return
        last = self._sections[-1]
        if not last.has_findings:
            self._n_clean += 1
            self._sections.pop()
        elif len(self._sections) > _FILES:
            self._n_left += 1
            added(self._left, last.counts)
            self._space.size -= last.size
            self._sections.pop()

    def html(self) -> Iterator[str]:
        """The page, in pieces."""
        self._settle()
        language = first_language()
        yield (
            f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark"><title>zhfix</title></head>'
            '<body style="margin:0">'
        )
        counts = self._counts()
        head = f"<h1>{say('title')}</h1>", " · ".join(summary(counts))
        yield from _body(self._sections, self._space, counts, head, self._files())
        yield "</body></html>\n"

    def _counts(self) -> Counts:
        counts: Counts = {}
        for part in (self._left, *(section.counts for section in self._sections)):
            added(counts, part)
        return counts

    def _files(self) -> str:
        """How many files there were, with links to those that have a section."""
        parts = [counted("files", self._n_files)]
        if self._n_clean:
            parts.append(counted("files.clean", self._n_clean))
        if self._n_left:
            parts.append(say("files.left", n=f"{self._n_left:,}"))
        links = "".join(
            f'<li><a href="#f{i}">{shown(section.name)}</a></li>'
            for i, section in enumerate(self._sections[:_LINKS])
        )
        nav = f"<ol>{links}</ol>" if len(self._sections) > 1 else ""
        return f'<nav class="files"><p>{" · ".join(parts)}</p>{nav}</nav>'


def fragment(repair: Repair) -> str:
    """The repair as a fragment for a notebook: the same as the page, for one text.

    >>> import zhfix
    >>> "<del" in fragment(zhfix.explain("番禺區(qū)"))
    True
    """
    space = Space("auto", _CELL)
    section = Section("", space)
    section.add(repair)
    return "".join(_body([section], space, section.counts, ("", section.summary())))


def _body(
    sections: list[Section], space: Space, counts: Counts, head: tuple[str, str], files: str = ""
) -> Iterator[str]:
    """What the page and the fragment have in common; `head` is the title, and what it was in
    short.
    """
    title, short = head
    yield f'<div class="zhfix{" page" if title else ""}"><style>{style(space.index)}</style>\n'
    yield f'<header>{title}{language_switch(first_language())}<p class="sum">{short}</p></header>\n'
    chart = filters(counts, space.index) if counts else ""
    yield f'<div class="columns"><aside>{chart}{files}</aside>\n'
    yield f'<main><p class="none">{say("hidden")}</p>\n'
    for i, section in enumerate(sections):
        yield from section.html(f"f{i}" if title else "")
    yield "</main></div></div>\n"
