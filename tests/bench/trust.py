"""How far the accuracy on the development pairs can be trusted: `python tests/bench/trust.py`.

The hand-kept rows were found partly by reading errors, so the pairs flatter them. For each set: the ambiguous characters right by the
dictionary, by the learned rows alone, by all rows, and by all rows but those that help at one single place of all the pairs: as many
places again as such rows help at are to be expected wrong in other text of the kind (Good and Turing's estimate).
"""

from __future__ import annotations

import sys
from collections import Counter
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # run as a script: texts.py stands beside it

from convert import _config, ambiguous, variants
from texts import SETS, rows

from zhfix.convert.choice import HAND, Choice, contexts
from zhfix.convert.choice_rows import Row, read_rows, read_style
from zhfix.convert.writer import _TARGETS, _writer, choice_for
from zhfix.tables import load_map

_TO = {"s2t": "hant", "s2tw": "hant-tw", "s2hk": "hant-hk"}
Spoken = tuple[str, ...]


@cache
def learned(to: str) -> Choice:
    """The choice without hand-kept rows."""
    _, names, region = _TARGETS[to]
    write = str.maketrans(load_map(names))
    made = (
        Row(
            hans,
            pattern.translate(write) if pattern[0] == "=" else pattern,
            form.translate(write),
            n,
        )
        for hans, pattern, form, n in read_rows()
    )
    return Choice(made, (), (pair.translate(write) for pair in read_style(region)))


def by_hand(choice: Choice, hans: str, at: int) -> Spoken:
    """The hand-kept contexts that hold at a place; the character alone if it is a row without one."""
    votes = choice.votes.get(hans[at], {})
    told = [c for c in contexts(hans, at) if max(votes.get(c, {"": 0}).values()) >= HAND]
    return tuple(told) or (hans[at],)


def judged(name: str) -> tuple[Counter[str], list[Spoken]]:
    """Right places of a set by each of the three, and the hand-kept rows behind each one gained."""
    right, gained = Counter[str](), []
    for row in rows(name, "s2t"):
        to, hans = _TO[_config(name, row["region"])], row["s"]
        gold = (row.get("alts") or [row["t"]])[0].translate(variants())
        if len(gold) != len(hans):
            continue
        _, names, region = _TARGETS[to]
        choice = choice_for(region, names)
        seen, said = _writer(*_TARGETS[to]).read(hans)
        texts = {"dictionary": said}
        for key, each in (("learned", learned(to)), ("all", choice)):
            texts[key] = each.apply(seen, said)
        for at, char in enumerate(hans):
            if char not in ambiguous():
                continue
            right["places"] += 1
            is_right = {
                key: text[at].translate(variants()) == gold[at] for key, text in texts.items()
            }
            right.update(key for key, claim in is_right.items() if claim)
            if is_right["all"] and not is_right["learned"]:
                gained.append(by_hand(choice, seen, at))
    return right, gained


def main() -> int:
    """Print the table."""
    every = {name: judged(name) for name in SETS if rows(name, "s2t")}
    helps = Counter(spoken for _, gained in every.values() for spoken in gained)
    print(
        "| set | dictionary | learned rows | all rows | without rows that help once |\n|---|---|---|---|---|"
    )
    for name, (right, gained) in every.items():
        once = sum(helps[spoken] == 1 for spoken in gained)
        counts = (right["dictionary"], right["learned"], right["all"], right["all"] - once)
        print(f"| {name} | " + " | ".join(f"{n / right['places']:.4f}" for n in counts) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
