"""Many strings at once: short ones joined into one text, so that a million of them cost what a book
does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from zhfix.convert.engine import can_use_arrays
from zhfix.convert.joined import MARK, batches, each_joined, unless_equal
from zhfix.convert.lines import has_open, line_plan, marked_bits
from zhfix.convert.target import target_text, written
from zhfix.convert.writer import fused_for

__all__ = ["each_target"]

_GAP = "\0\n"  # as lined.GAP; that module wants numpy


def each_target(
    texts: Sequence[str], to: str, *, vocabulary: str = "keep", untold: str = ""
) -> list[str]:
    """`target_text` of each text: many short ones at once.

    >>> each_target(["头发", "皇后", "頭髮", "ab"], "hant")
    ['頭髮', '皇后', '頭髮', 'ab']
    """
    out: list[str] = []
    for batch in batches(texts):
        made = _in_one_pass(batch, to, untold) if vocabulary == "keep" else None
        out += _by_action(batch, to, vocabulary, untold) if made is None else made
    return out


def _in_one_pass(texts: Sequence[str], to: str, untold: str) -> list[str] | None:
    """The texts by arrays; None where they are not enough for that."""
    engine = fused_for(to, sum(map(len, texts))) if len(texts) > 1 else None
    if engine is None:
        return None
    joined = _GAP.join([*texts, ""])
    if joined.count("\0") > len(texts):  # some hold a NUL
        made = _in_one_pass([text for text in texts if "\0" not in text], to, untold)
        rest = iter(made or ())
        return made and [
            target_text(text, to, untold=untold) if "\0" in text else next(rest) for text in texts
        ]
    from zhfix.convert.lined import lined  # numpy, for many strings only

    written = lined(engine, to).convert_joined(joined, line_plan(to, "keep", untold))
    return unless_equal(texts, written.split(_GAP)[:-1])


def _by_action(texts: Sequence[str], to: str, vocabulary: str, untold: str) -> list[str]:
    """The texts sorted by what is to be done with them, and each sort converted at once."""
    out = list(texts)
    plan = line_plan(to, vocabulary, untold)
    sorts: dict[str, list[int]] = {plan.action("", bits): [] for bits in (0, 1, 2)}
    known = [sorts[plan.action("", bits)] for bits in (0, 1, 2)]
    for i, bits in enumerate(_bits(texts, to)):
        if bits < 3 and not (bits == 0 and has_open(texts[i])):
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


def _bits(texts: Sequence[str], to: str) -> Sequence[int]:
    """What the characters of each text tell: 1 if some lines are of hans and the rest tells
    nothing, 2 the same of hant, 0 if all tell nothing; 3 and more for any other.
    """
    joined = MARK.join(texts)
    if joined.count("\0") == len(texts) - 1 and can_use_arrays(len(joined)):
        from zhfix.convert.lines_bulk import text_bits  # numpy, for many strings only

        return text_bits(joined, [*map(len, texts)], len(MARK), to)
    return [4 if "\n" in text else marked_bits(text, to) for text in texts]
