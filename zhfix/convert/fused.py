"""The dictionary and the choice between forms in one pass over arrays: the default engine for long
text.

The engine's table of characters also marks those whose form is chosen, so that the choice looks at
7 in 100 places (1 in 200 for hant to hans), and writes over the mapped text before it becomes a
string. The plain way, in writer.py, gives the same output.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from zhfix.convert.bulk import MARKS, Bulk
from zhfix.convert.chain import line_blocks
from zhfix.convert.choice import YUE_MARKS, Choice
from zhfix.convert.choice_bulk import BulkChoice
from zhfix.convert.mend import Block, Splice

if TYPE_CHECKING:
    from zhfix.codes import Codes, Places
    from zhfix.convert.bulk import Marks
    from zhfix.convert.plain import Plain

# Marks of a unit, beside those of bulk.py: its form is chosen; it is a mark of Cantonese.
_CHOSEN, _YUE = 32, 64


class Fused(Bulk):
    """The bulk engine of a config with the choice of one target on top.

    The config must keep the number of characters; those with regional vocabulary do not.
    """

    def __init__(self, plain: Plain, choice: Choice) -> None:
        super().__init__(plain)
        self._words = choice
        self._choice = BulkChoice(choice)
        self.table[np.flatnonzero(self._choice.is_candidate)] |= np.uint32(_CHOSEN << MARKS)
        if self._choice.has_yue.any():
            self.table[[*map(ord, YUE_MARKS)]] |= np.uint32(_YUE << MARKS)

    def _blocks(self, text: str) -> Iterator[str]:
        return line_blocks(text)

    def _chosen(
        self, block: Block, mapped: Codes, marked: Places, marks: Marks, splices: list[Splice]
    ) -> list[Splice]:
        places = marked.take(np.flatnonzero(marks & _CHOSEN))
        if len(places):
            yue = marked.take(np.flatnonzero(marks & _YUE))
            places, forms = self._choice.changes(block.units, mapped, places, yue)
            mapped[places] = forms
        return splices
