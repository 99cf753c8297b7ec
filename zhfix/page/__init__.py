"""A repair as HTML: a page for `zhfix --report`, and the same as a fragment for a notebook."""

from zhfix.page.document import Page, fragment
from zhfix.page.section import Section

__all__ = ["Page", "Section", "fragment"]
