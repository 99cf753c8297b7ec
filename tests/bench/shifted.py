"""The damage of mirror sites undone, in figures: `python tests/bench/shifted.py [--quick]` (minutes).

Pages are made from text that no rule and no model has seen: the Simplified sides of tw_lit, hk_lit,
cuv and ud_gsd in shared/data/pairs, four sentences a paragraph, forty paragraphs a page, each ended
by </p>. Exact means equal to what stood before the damage; distances are counted in characters.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import lzma
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import zhfix
from zhfix.blocks import blocks
from zhfix.rules import RULES

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
_SPEC = importlib.util.spec_from_file_location("corruptor", ROOT / "tests/corruptor.py")
assert _SPEC is not None and _SPEC.loader is not None
corruptor = importlib.util.module_from_spec(_SPEC)
sys.modules["corruptor"] = corruptor
_SPEC.loader.exec_module(corruptor)

SETS = ("2k_tw_lit", "2k_hk_lit", "cuv", "ud_gsd")
HALF = str.maketrans("，：；！？（）", ",:;!?()")
MADE = str.maketrans("！？，", "!?,")
MARKS = "、。，！？；："


def pages(names: Sequence[str] = SETS, end: str = "</p>\n", *, is_full: bool = False) -> list[str]:
    """Clean Simplified pages of about 5,000 characters; `is_full`: marks made full-width, as real
    pages have them (2kenize folded them).
    """
    out = []
    for name in names:
        path = SHARED / "data/pairs" / f"{name}.jsonl"
        lines = [json.loads(line)["s"] for line in path.read_text("utf-8").splitlines()]
        paragraphs = ["".join(lines[i : i + 4]) + end for i in range(0, len(lines), 4)]
        if is_full:
            paragraphs = [re.sub("(?<=[^\x00-\x7f])[,;:!?]", _full, text) for text in paragraphs]
        out += ["".join(paragraphs[i : i + 40]) for i in range(0, len(paragraphs), 40)]
    return out


def _full(match: re.Match[str]) -> str:
    return chr(ord(match[0]) + 0xFEE0)


def wrong(one: str, two: str) -> list[tuple[int, int, int, int]]:
    """Where `two` differs from `one`: start, end in one, start, end in two."""
    out, i, j = [], 0, 0
    while i < len(one) or j < len(two):
        if one[i : i + 1] == two[j : j + 1]:
            i, j = i + 1, j + 1
            continue
        a, b = _resync(one, two, i, j)
        out.append((i, a, j, b))
        i, j = a, b
    return out


def _resync(one: str, two: str, i: int, j: int) -> tuple[int, int]:
    for size in range(1, 400):
        for a in range(size + 1):
            b = size - a
            left, right = one[i + a : i + a + 6], two[j + b : j + b + 6]
            if left == right and (left or (i + a >= len(one) and j + b >= len(two))):
                return i + a, j + b
    return len(one), len(two)


def n_wrong(differences: list[tuple[int, int, int, int]]) -> int:
    """Characters inserted, deleted or replaced."""
    return sum(max(a - i, b - j) for i, a, j, b in differences)


def is_right(
    after: str, start: int, end: int, original: str, differences: list[tuple[int, int, int, int]]
) -> bool:
    """Whether `after`, an edit that wrote start..end of the repaired text, stands in the original
    at that place.

    A ? that an edit leaves stands for anything: what could not be known.
    """
    low, high, shift = -1, -1, 0
    for i, a, j, b in differences:
        if j <= start < b or (j == b == start):
            low = i
        if j < end <= b:
            high = a
        if b <= start:
            shift = a - b
    low = start + shift if low < 0 else low
    if high < 0:
        high = end + next((a - b for _, a, _, b in reversed(differences) if b <= end), 0)
    pattern = "".join(".*?" if char == "?" else re.escape(char) for char in after)
    return re.search(pattern, original[low:high], re.DOTALL) is not None


Bands = dict[float, tuple[int, int, float]]  # lowest `sure`: edits, wrong ones, sum of `sure`


def _add(bands: Bands, lowest: float, n: int, n_false: int, announced: float) -> None:
    one, two, three = bands.get(lowest, (0, 0, 0.0))
    bands[lowest] = one + n, two + n_false, three + announced


class Figures:
    """Counts over pages; `examples` are differences and wrong edits."""

    def __init__(self) -> None:
        self.n = self.bad = self.hans = self.spots = self.restored = self.edits = self.false = 0
        self.n_shifted = self.false_shifted = self.n_kept = 0
        self.by_sure: Bands = {}
        self.examples: list[str] = []

    def add(self, clean: str, made: Any) -> None:
        """Repair one damaged page and count."""
        keep = zhfix.explain(made.text, to="keep")
        differences = wrong(made.original, keep.text)
        self.n += len(made.original)
        self.bad += n_wrong(differences)
        self.spots += len(made.spots)
        broken = set()
        for start, end in made.spots:
            if any(i < end and max(a, i + 1) > start for i, a, _, _ in differences):
                broken.add((start, end))
        self.restored += len(made.spots) - len(broken)
        self.examples += [
            f"{made.original[max(0, i - 9) : i]}|{made.original[i:a]}|{made.original[a : a + 5]}"
            f" is written {keep.text[j:b]}"
            for i, a, j, b in differences
        ]
        shift = 0
        for edit in keep.edits:
            start = edit.start + shift
            end = start + len(edit.after)
            shift += len(edit.after) - (edit.end - edit.start)
            is_false = not is_right(edit.after, start, end, made.original, differences)
            if "?" in edit.after and not is_false:
                self.n_kept += edit.rule == "shifted-bytes"
            self.edits += 1
            self.false += is_false
            if edit.rule == "shifted-bytes":
                self.n_shifted += 1
                self.false_shifted += is_false
                _add(self.by_sure, int(edit.sure * 20) / 20, 1, is_false, edit.sure)
                if is_false:
                    self.examples.append(
                        f"FALSE {edit.sure} {edit.before!r}->{edit.after!r} want "
                        f"{made.original[max(0, start - 6) : end + 6]!r}"
                    )
        self.hans += n_wrong(wrong(clean, zhfix.fix(made.text, to="hans")))

    def row(self, label: str) -> str:
        """One line of the table."""
        exact, hans = 1 - self.bad / self.n, 1 - self.hans / self.n
        return (
            f"| {label} | {exact:.5f} | {hans:.5f} | {self.restored}/{self.spots} "
            f"({self.restored / max(1, self.spots):.1%}) | {self.false}/{self.edits} "
            f"| {self.false_shifted}/{self.n_shifted} | {self.n_kept} |"
        )


def fragments() -> None:
    """Real fragments, each alone, against what stood there; marks compared in half width."""
    path = SHARED / "data/gloss/fragments.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    exact = confident = 0
    for row in rows:
        got = zhfix.fix(row["damaged"], to="hans").translate(HALF)
        want = row["original"].translate(HALF)
        exact += got == want
        keep = zhfix.explain(row["damaged"], to="keep")
        text, shown = corruptor.traditional(want), keep.text.translate(HALF)
        shift = 0
        for edit in keep.edits:
            start = edit.start + shift
            shift += len(edit.after) - (edit.end - edit.start)
            if edit.rule == "shifted-bytes":
                after, end = edit.after.translate(HALF), start + len(edit.after)
                confident += not is_right(after, start, end, text, wrong(text, shown))
    print(f"\nfragments exact, each alone: {exact}/{len(rows)}; wrong confident edits: {confident}")


def clean_texts() -> Iterator[tuple[str, str]]:
    """(name, text) of everything at hand that is not damaged in this way."""
    for path in sorted((SHARED / "data/pairs").glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for side in "st":
            yield path.stem + side, "\n".join(row[side] for row in rows if row.get(side))
    for path in sorted((SHARED / "corpus").glob("*.txt.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as file:
            yield path.name, file.read(9_000_000)
    for path in sorted((ROOT / "seeds").glob("00[234]*")):
        yield path.name, path.read_text("utf-8")
    for path in sorted(Path(sys.prefix).rglob("*.py"))[:1500]:
        yield path.name, path.read_text("utf-8", errors="replace")


def false_edits() -> None:
    """Edits that the rule makes where nothing is damaged, and how fast it says so."""
    fixer = zhfix.Fixer("keep", rules=["shifted-bytes", "doubled-gloss"])
    rule = RULES["shifted-bytes"]
    n = n_bytes = n_edits = 0
    spent = 0.0
    for name, text in clean_texts():
        n, n_bytes = n + len(text), n_bytes + len(text.encode("utf-8", "replace"))
        begun = time.process_time()
        rule.is_triggered(text)
        spent += time.process_time() - begun
        for block in blocks(text):
            if any(RULES[known].is_triggered(block) for known in fixer.options.rules):
                for edit in fixer.explain(block).edits:
                    n_edits += 1
                    print("FALSE EDIT", name, edit)
    print(f"\nfalse edits: {n_edits} in {n:,} clean characters; the scan runs at ", end="")
    print(f"{n_bytes / spent / 1e6:,.0f} MB/s")


def speed(clean: list[str]) -> None:
    """Speed on damaged pages, beside the rule `gloss` on the same pages."""
    print("\n| damaged pages | shifted-bytes | gloss | ratio |\n|---|---|---|---|")
    for rank in (10, 31, 72):
        for is_raw in (True, False):
            keys = corruptor.key_list(rank)
            texts = [corruptor.damage(page, keys, is_raw=is_raw).text for page in clean]
            size = sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6
            rates = []
            for name in ("shifted-bytes", "gloss"):
                fixer = zhfix.Fixer("keep", rules=[name])
                fixer.fix(texts[0])
                begun = time.process_time()
                for text in texts:
                    fixer.fix(text)
                rates.append(size / (time.process_time() - begun))
            kept = "kept" if is_raw else "dropped"
            print(
                f"| rank {rank}, private-use {kept} | {rates[0]:.2f} MB/s | {rates[1]:.2f} MB/s "
                f"| {rates[0] / rates[1]:.2f} |"
            )


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="every fourth page, no clean text")
    parser.add_argument("--sets", default=",".join(SETS), help="names of files in data/pairs")
    parser.add_argument("--every", type=int, default=0, help="every so many pages only")
    parser.add_argument("--folded", action="store_true", help="marks as 2kenize folded them")
    parser.add_argument("--show", type=int, default=0, help="so many differences and wrong edits")
    parser.add_argument("--only", default="", help="settings whose label holds this")
    args = parser.parse_args()
    every = args.every or (4 if args.quick else 1)
    clean = pages(args.sets.split(","), is_full=not args.folded)[::every]
    print(f"{len(clean)} pages, {sum(map(len, clean)):,} characters")
    print("| setting | exact | to hans | spots restored | wrong edits | of them shifted | part ? |")
    print("|---|---|---|---|---|---|---|")
    by_sure: Bands = {}
    for rank in (72, 31, 10, 2):
        for marks in ("", MARKS):
            for is_raw in (True, False):
                label = f"rank {rank}, private-use {'kept' if is_raw else 'dropped'}"
                label += ", noise before marks" if marks else ""
                if args.only not in label:
                    continue
                keys = corruptor.key_list(rank)
                figures = Figures()
                for i, page in enumerate(clean):
                    made = corruptor.damage(page, keys, marks=marks, is_raw=is_raw, seed=i)
                    figures.add(page, made)
                print(figures.row(label), flush=True)
                for line in figures.examples[: args.show]:
                    print("   ", line)
                for sure, counts in figures.by_sure.items():
                    _add(by_sure, sure, *counts)
    for rank in (72, 10):
        label = f"rank {rank}, variant B, private-use dropped"
        if args.only in label:
            figures = Figures()
            for page in clean:
                made = corruptor.damage(page, corruptor.key_list(rank), variant="B")
                original = made.original.translate(MADE)  # its marks tell nothing of what they were
                figures.add(page.translate(MADE), made._replace(original=original))
            print(figures.row(label), flush=True)
    print(
        "\n| sure from | edits of shifted-bytes | wrong | announced | right |\n|---|---|---|---|---|"
    )
    for sure, (n, n_false, announced) in sorted(by_sure.items()):
        print(f"| {sure:.2f} | {n} | {n_false} | {announced / n:.3f} | {1 - n_false / n:.3f} |")
    if not args.only:
        fragments()
        speed(clean[:10])
        if not args.quick:
            false_edits()
    return 0


if __name__ == "__main__":
    sys.exit(main())
