"""How much each opinion on a form says: the logistic regression behind convert/wrong.py's weights.

    python tests/bench/wrong_forms.py [FOLDER] [EVERY]

FOLDER: shared/data/pairs, found by itself beside the checkout. Every ambiguous character of the
Traditional sides is looked at as it stands (sound) and with the forms in its place that a naive
table or none would write, or another one (wrong);
where conversion prefers another form, the opinions on it are the features. Fitted on one half of
the sentences; for the other half, recall and false alarms by threshold. Wants scikit-learn.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from zhfix.convert.rivals import is_spelling, rivals, standard
from zhfix.convert.ways import Ways, phrase_at, ways_each, with_base
from zhfix.script import marks
from zhfix.tables import load_map

# convert/__init__ hides its modules behind functions of the same name
WRONG: Any = import_module("zhfix.convert.wrong")
LEFT_OUT = ("cedict", "ud_cfl_simp", "opencc_pairs", "mediawiki", "issues")
LONGEST, NATIVE = 120, 8.0
NAMES = ("native", "no native", "learned", "no learned", "phrase", "own phrase", "name")


class Place(NamedTuple):
    """One place where conversion prefers another form."""

    is_wrong: bool
    is_shared: bool
    half: str
    opinions: tuple[float, ...]


def written(text: str) -> Ways:
    """The text folded and written again."""
    return with_base(next(ways_each({text: ()}, "hant")))


def opinions(i: int, ways: Any) -> tuple[float, ...] | None:
    """The features of a place; None where the form that stands is preferred, or is a spelling."""
    x, best, base = ways.stands[i], ways.meant[i], standard(ways.base[i])
    if x == best or is_spelling(x, best):
        return None
    native = WRONG._native(i, x, best, ways.hans[i], ways.meant)
    scores = WRONG._scores(WRONG.choice_on("", "", ways.hans[i]), ways.hans, i, ways.base[i])
    learned = max(scores.values()) - scores[x] if x in scores else None
    in_phrase = phrase_at(ways.hans, i)[1] > 0
    return (
        max(-NATIVE, min(NATIVE, native or 0.0)),
        float(native is None),
        learned or 0.0,
        float(learned is None),
        float(in_phrase and base == best),
        float(in_phrase and base == x),
        float(ways.text[i] in NAMES),
    )


def places(text: str) -> Iterator[Place]:
    """The sound text's own places, then those of every other form in turn."""
    half = "AB"[hashlib.md5(text.encode()).digest()[0] & 1]  # no secret
    ways = written(text)
    for i, form in enumerate(ways.stands):
        if form not in rivals() or marks().get(text[i]) == "hans":
            continue
        first = standard(load_map("STCharacters").get(ways.hans[i], ways.hans[i]).split()[0])
        tabled = dict.fromkeys((first, ways.hans[i], *rivals()[form]))
        weighed = [char for char in tabled if char != form][:2]
        for char in (text[i], *weighed):
            made = ways if char == text[i] else written(text[:i] + char + text[i + 1 :])
            told = opinions(i, made) if marks().get(char) != "hans" else None
            if told and not (char != text[i] and is_spelling(char, text[i])):
                yield Place(char != text[i], made.hans[i] == char, half, told)


def main(argv: list[str]) -> int:
    """Print the weights and what they find."""
    from sklearn.linear_model import LogisticRegression

    here = Path(__file__).parents[3] / "shared/data/pairs"
    folder, every = Path(argv[0]) if argv else here, int(argv[1]) if len(argv) > 1 else 3
    found: list[Place] = []
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem not in LEFT_OUT:
            rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
            texts = [row["t"] for row in rows if row["t"] and len(row["t"]) < LONGEST]
            found += (place for text in texts[::every] for place in places(text))
    for is_shared in (True, False):
        a, b = ([p for p in found if p.half == h and p.is_shared == is_shared] for h in "AB")
        model = LogisticRegression(max_iter=1000).fit(
            [p.opinions for p in a], [p.is_wrong for p in a]
        )
        told = ", ".join(f"{n} {w:.2f}" for n, w in zip(NAMES, model.coef_[0], strict=True))
        print(f"{'shared' if is_shared else 'own'} forms, {len(a)} places: {told}")
        print(f"  base {model.intercept_[0]:.2f}; the other half, nats: recall / false alarms")
        nats = model.decision_function([p.opinions for p in b])
        wrong = [n for n, p in zip(nats, b, strict=True) if p.is_wrong]
        sound = [n for n, p in zip(nats, b, strict=True) if not p.is_wrong]
        for least in (1, 2, 3, 4, 5):
            recall = sum(n >= least for n in wrong) / len(wrong)
            print(f"  {least}: {recall:.3f} / {sum(n >= least for n in sound)} of {len(sound)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
