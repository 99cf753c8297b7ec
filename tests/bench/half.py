"""Half-converted and over-converted text beside OpenCC, zhconv-rs, starcc and hanzidentifier.

    python tests/bench/half.py [FILE] [EVERY] [A | B]

FILE: a half.jsonl or half.jsonl.xz, found by itself beside the checkout; EVERY: only every n-th
item; A, B: only one half of the sentences. A peer that is not installed is skipped with a word.
Exact match and character error (%) count regional forms and quotation marks as equal. Positions
are those of edits, by `explain` with the script that the item was made from, and, where nobody says
which (`auto`), of edits and hints from 0.5 on: over all items, and over those that show which one
it was, since most of their characters that stand in one script alone are still of that. A text
counts as recognised when `detect` reports damage of one of the two kinds. OpenCC's C++ package and
the pure one share a module name: what is measured is the one that is installed.
"""

from __future__ import annotations

import importlib
import random
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from half_sets import (
    CLEAN,
    HANS_BASE,
    HANT_BASE,
    MARKS,
    NAIVE,
    damaged,
    distance,
    golds,
    items,
    norm,
    part,
)

import zhfix
from zhfix.rounds import LIKELY
from zhfix.script import marks

Run = Callable[[str], str]
Rows = list[dict[str, Any]]
KINDS = ("mixed-script", "over-converted", "script")
MIXED_RATES = (0.01, 0.05, 0.2, 0.3, 0.4, 0.5)
REGION = {"tw": "hant-tw", "hk": "hant-hk", "general": "hant"}


@cache
def _opencc(config: str) -> Any:
    return importlib.import_module("opencc").OpenCC(config)


def _peers() -> dict[str, tuple[Run, Run]]:
    """Name to (to hans, to hant) of the peers that are installed."""
    found: dict[str, tuple[Run, Run]] = {}
    for name, make in (("opencc", _with_opencc), ("zhconv_rs", _with_zhconv), ("starcc", _starcc)):
        try:
            found[name] = make()
        except ImportError:
            print(f"{name}: not installed, skipped")
    return found


def _with_opencc() -> tuple[Run, Run]:
    hans, hant = _opencc("tw2s"), _opencc("s2tw")
    return hans.convert, lambda text: str(hant.convert(hans.convert(text)))


def _with_zhconv() -> tuple[Run, Run]:
    convert = importlib.import_module("zhconv_rs").zhconv
    return lambda text: str(convert(text, "zh-hans")), lambda text: str(
        convert(convert(text, "zh-hans"), "zh-hant")
    )


def _starcc() -> tuple[Run, Run]:
    warnings.simplefilter("ignore")  # jieba's own
    made = importlib.import_module("StarCC").PresetConversion
    hans, hant = made(src="tw", dst="cn"), made(src="cn", dst="tw")
    return lambda text: str(hans(text)), lambda text: str(hant(hans(text)))


def _score(rows: Rows, run: Run, side: str) -> tuple[float, float]:
    n = exact = wrong = size = 0
    for row in rows:
        if side == "s" and row["gold_s"] is None:
            continue
        out = run(row["input"])
        out = out.translate(MARKS) if side == "s" else norm(out)
        right = golds(row, side)
        off = min(distance(out, gold) for gold in right)
        n, exact, wrong, size = n + 1, exact + (off == 0), wrong + off, size + len(right[0])
    return exact / n, 100 * wrong / size


def _kept(rows: Rows, kind: str, run: Callable[[dict[str, Any]], str]) -> float:
    clean = [row for row in rows if row["kind"] == kind]
    return sum(run(row) == row["input"] for row in clean) / len(clean)


def _found(text: str, to: str) -> set[int]:
    repair = zhfix.explain(text, to=to)
    hints = repair.hints if to == "auto" else ()
    return {
        i
        for edit in (*repair.edits, *hints)
        if edit.rule in KINDS and edit.sure >= LIKELY
        for i in range(edit.start, edit.end)
    }


def _base(row: dict[str, Any]) -> str:
    return "hans" if row["kind"] in HANS_BASE else "hant"


def _positions(rows: Rows, to: str) -> str:
    hit = extra = missed = 0
    for row in rows:
        want = damaged(row) or set()
        got = _found(row["input"], to or _base(row))
        hit += len(got & want)
        extra += len(got - want)
        missed += len(want - got)
    return f"{hit / max(1, hit + extra):.3f} / {hit / max(1, hit + missed):.3f}"


def _shows(row: dict[str, Any]) -> bool:
    """Whether more characters of an item stand in its base script alone than in the other alone."""
    found = [marks().get(char) for char in row["input"]]
    of_hans, of_hant = found.count("hans"), found.count("hant")
    return of_hans > of_hant if _base(row) == "hans" else of_hant > of_hans


def _recognised(text: str) -> bool:
    return not zhfix.detect(text).damage.keys().isdisjoint(KINDS)


def _recognition(rows: Rows, says: Callable[[str], bool]) -> tuple[float, float]:
    wrong = [r for r in rows if r["kind"] in NAIVE and norm(r["input"]) not in golds(r, "t")]
    clean = [r for r in rows if r["kind"] == "clean_t"]
    return tuple(sum(says(r["input"]) for r in one) / len(one) for one in (wrong, clean))  # type: ignore[return-value]  # two parts


def _speed(rows: Rows, kind: str) -> float:
    lines = [row["input"] for row in rows if row["kind"] == kind]
    random.Random(1).shuffle(lines)
    text = "\n".join(lines)
    text = text * (1 + 6_000_000 // len(text.encode()))
    zhfix.detect(text)
    best = min(_timed(text) for _ in range(3))
    return len(text.encode()) / best / 1e6


def _timed(text: str) -> float:
    start = time.process_time()
    zhfix.detect(text)
    return time.process_time() - start


def main(argv: list[str]) -> int:
    """Print the table."""
    here = Path(__file__).parents[3] / "shared/data/pairs/half.jsonl.xz"
    path = Path(argv[0]) if argv else here
    if not path.is_file():
        sys.stderr.write(f"no items in {path}: name a half.jsonl\n")
        return 2
    rows = items(path)[:: int(argv[1]) if len(argv) > 1 else 1]
    rows = [row for row in rows if part(row) in (argv[2] if len(argv) > 2 else "AB")]
    fixers = {to: zhfix.Fixer(to) for to in ("auto", "hans", *REGION.values())}
    runs: dict[str, tuple[Run, Run]] = {"zhfix": (fixers["hans"].fix, fixers["hant"].fix)}
    runs |= _peers()
    print(f"{len(rows)} items\n\n| repair | to hans: exact / error % | to hant: exact / error % |")
    print("|---|---|---|")
    for name, (hans, hant) in runs.items():
        s, t = _score(rows, hans, "s"), _score(rows, hant, "t")
        print(f"| {name} | {s[0]:.4f} / {s[1]:.3f} | {t[0]:.4f} / {t[1]:.3f} |")
    print("\nby kind, to hant, zhfix:")
    by_kind: dict[str, Rows] = defaultdict(list)
    for row in rows:
        by_kind[row["kind"]].append(row)
    for kind, here in sorted(by_kind.items()):
        exact, error = _score(here, fixers["hant"].fix, "t")
        print(f"  {kind} {len(here)}: {exact:.3f} / {error:.3f}")
    print("\nclean kept unchanged:")
    for label, kind, to in (
        ("hant, auto", "clean_t", "auto"),
        ("hant, to=hant", "clean_t", "hant"),
        ("hans, auto", "clean_s", "auto"),
        ("hans, to=hans", "clean_s", "hans"),
    ):
        print(
            f"  {label}: {_kept(rows, kind, lambda row, to=to: fixers[to].fix(row['input'])):.4f}"
        )
    own = _kept(rows, "clean_t", lambda row: fixers[REGION[row["region"]]].fix(row["input"]))
    print(f"  hant, own region: {own:.4f}")
    recall, alarms = _recognition(rows, _recognised)
    print(f"\nwrong conversion recognised: {recall:.3f} at {alarms:.3f} false alarms")
    print(
        "\npositions found, precision / recall: of edits for the base, under auto, under auto where"
    )
    print("the base shows (share of the items)")
    for label, kinds, rates in (
        ("naive as a whole", NAIVE, (1,)),
        ("strays, 1 and 5 %", (*HANT_BASE, *HANS_BASE), (0.01, 0.05)),
        ("strays up to 30 %", (*HANT_BASE, *HANS_BASE), (0.01, 0.05, 0.2, 0.3)),
        ("all mixed", (*HANT_BASE, *HANS_BASE), MIXED_RATES),
        ("all mixed and naive", (*HANT_BASE, *HANS_BASE, *NAIVE), (*MIXED_RATES, 1)),
    ):
        here = [r for r in rows if r["kind"] in kinds and r["rate"] in rates and damaged(r)]
        told = [row for row in here if _shows(row)]
        found = (_positions(here, ""), _positions(here, "auto"), _positions(told, "auto"))
        print(f"  {label}: {' | '.join(found)} ({len(told) / len(here):.2f})")
    print("\nidempotent, auto, hans, hant:")
    for to in ("auto", "hans", "hant"):
        once = [fixers[to].fix(row["input"]) for row in rows]
        print(f"  {to}: {sum(fixers[to].fix(text) != text for text in once)} items change again")
    print("\ndetect, MB/s of UTF-8 on clean text:")
    for kind in CLEAN:
        print(f"  {kind}: {_speed(rows, kind):.0f}")
    try:
        identify = importlib.import_module("hanzidentifier").identify
    except ImportError:
        print("hanzidentifier: not installed, skipped")
        return 0
    mixed = [row["input"] for row in rows if row["kind"] in NAIVE]
    share = sum(identify(text) == 1 for text in mixed) / len(mixed)
    print(f"\nhanzidentifier calls {share:.3f} of the naive kinds Traditional; positions: none")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
