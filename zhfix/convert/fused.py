"""The dictionary and the choice between forms in one pass over arrays: the default engine for long
text.

The engine's table of characters also marks those whose form is chosen, so that the choice looks at
7 in 100 places (1 in 200 for hant to hans), and writes over the mapped text before it becomes a
string. The plain way, in writer.py, gives the same output.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from zhfix.convert.bulk import Bulk
from zhfix.convert.chain import Chain, line_blocks
from zhfix.convert.choice import YUE_MARKS, Choice
from zhfix.convert.choice_bulk import BulkChoice
from zhfix.convert.mend import Block, Splice

if TYPE_CHECKING:
    from zhfix.convert.bulk import Marks
    from zhfix.convert.mend import Places

# Marks of a unit, beside those of bulk.py: its form is chosen; it is a mark of Cantonese.
_CHOSEN, _YUE = 32, 64


class Fused(Bulk):
    """The bulk engine of a config with the choice of one target on top.

    The config must keep the number of characters; those with regional vocabulary do not.
    """

    def __init__(self, chain: Chain, choice: Choice, plain: Callable[[str], str]) -> None:
        """`plain` converts, choice included, a block that has lone surrogates."""
        super().__init__(chain, plain)
        self._words = choice
        self._choice = BulkChoice(choice)
        self._marks[np.flatnonzero(self._choice.is_candidate)] |= np.uint32(_CHOSEN << 16)
        if self._choice.has_yue.any():
            self._marks[[*map(ord, YUE_MARKS)]] |= np.uint32(_YUE << 16)

    def _blocks(self, text: str) -> Iterator[str]:
        return line_blocks(text)

    def _chosen(
        self, block: Block, marked: Places, marks: Marks, splices: list[Splice]
    ) -> list[Splice]:
        places = marked.take(np.flatnonzero(marks & _CHOSEN))
        if len(places):
            yue = marked.take(np.flatnonzero(marks & _YUE))
            places, forms = self._choice.changes(block, places, yue)
            block.mapped[places] = forms
        return [self._chosen_in(block.text, splice) for splice in splices]

    def _chosen_in(self, text: str, splice: Splice) -> Splice:
        """The same inside a window whose units did not keep their places."""
        changes = self._words.override(text, splice.value, splice.first)
        if not changes:
            return splice
        value = list(splice.value)
        for change in changes:
            value[change.position - splice.first] = change.form
        return splice._replace(value="".join(value))
