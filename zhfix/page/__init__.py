"""A repair as HTML: a page for `zhfix --report`, and the same as a fragment for a notebook."""

from zhfix.page.document import Page, fragment, usable

__all__ = ["Page", "fragment", "usable"]
