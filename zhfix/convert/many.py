"""Many strings at once: short ones joined into one text, so that a million of them cost what a book
does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from zhfix.convert.engine import can_use_arrays
from zhfix.convert.lines import line_plan, marked_bits
from zhfix.convert.target import target_text, written

__all__ = ["each_joined", "each_target"]

_BATCH = 8192  # strings joined into one text, as in the dictionary engine
_MARK = "\n\0"  # between them: ends a line, which no context crosses, and stands in hardly any text


def each_joined(run: Callable[[str], str], texts: Sequence[str]) -> list[str]:
    """`run` on each text, many short ones at once; an unchanged text is the same object.

    `run` must take every line for itself.
    """
    out = list(texts)
    plain = [i for i, text in enumerate(texts) if "\0" not in text]
    for at in range(0, len(plain), _BATCH):
        batch = plain[at : at + _BATCH]
        made = run(_MARK.join([texts[i] for i in batch])).split(_MARK)
        for i, text in zip(batch, made, strict=True):
            if text != texts[i]:
                out[i] = text
    if len(plain) < len(texts):
        for i, given in enumerate(texts):
            if "\0" in given:
                out[i] = run(given)
    return out


def each_target(
    texts: Sequence[str], to: str, *, vocabulary: str = "keep", untold: str = ""
) -> list[str]:
    """`target_text` of each text. They are sorted by what is to be done with them, and each sort is
    converted at once.

    >>> each_target(["头发", "皇后", "頭髮", "ab"], "hant")
    ['頭髮', '皇后', '頭髮', 'ab']
    """
    out = list(texts)
    plan = line_plan(to, vocabulary, untold)
    sorts: dict[str, list[int]] = {plan.action("", bits): [] for bits in (0, 1, 2)}
    known = [sorts[plan.action("", bits)] for bits in (0, 1, 2)]
    for i, bits in enumerate(_bits(texts, to)):
        if bits < 3:
            known[bits].append(i)
        elif "\n" in texts[i]:  # its lines differ
            out[i] = target_text(texts[i], to, vocabulary=vocabulary, untold=untold)
        else:
            action = plan.action(texts[i], bits)
            # one with strays does not go with others that have none: it costs more
            if action == "keep" and bits & 1:
                out[i] = written(texts[i], action, plan)
            else:
                sorts.setdefault(action, []).append(i)
    for action, which in sorts.items():
        if not action or not which:
            continue
        run = partial(written, action=action, plan=plan)
        for i, text in zip(which, each_joined(run, [texts[i] for i in which]), strict=True):
            out[i] = text
    return out


def _bits(texts: Sequence[str], to: str) -> Iterator[int]:
    """What the characters of each text tell: 1 if some lines are of hans and the rest tells
    nothing, 2 the same of hant, 0 if all tell nothing; 3 and more for any other.
    """
    for at in range(0, len(texts), _BATCH):
        batch = texts[at : at + _BATCH]
        joined = _MARK.join(batch)
        is_whole = joined.count("\0") == len(batch) - 1
        if is_whole and can_use_arrays(len(joined)):
            from zhfix.convert.lines_bulk import text_bits  # numpy, for many strings only

            yield from text_bits(joined, [*map(len, batch)], len(_MARK), to)
            continue
        yield from (4 if "\n" in text else marked_bits(text, to) for text in batch)
