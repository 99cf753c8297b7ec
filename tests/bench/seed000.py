"""What each tool leaves behind on seed 000: `python tests/bench/seed000.py` prints the README's table.

Counted in the output: glosses `(pinyin)`, Traditional characters, straight closing quotes, characters that differ from the
checked Simplified text (edit distance over its length), where shared/ holds that text.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_GLOSS = r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]+\)"


def main() -> int:
    """Print the table."""
    import ftfy
    import hanzidentifier

    import zhfix
    from zhfix.convert.engine import engine_for
    from zhfix.script import marks

    path = next((ROOT / "seeds").glob("000_*.txt"))
    text = path.read_bytes().decode("utf-8")
    t2s = engine_for("t2s").convert
    golds = list((ROOT.parent / "shared/data/seeds").glob("000_*.hans.txt"))
    gold = golds[0].read_bytes().decode("utf-8") if golds else None
    tools = {
        "untouched": lambda t: t,
        "re.sub + OpenCC t2s": lambda t: t2s(re.sub(_GLOSS, "", t)),
        "OpenCC t2s": t2s,
        "ftfy.fix_text": ftfy.fix_text,
        "zhfix --to hans": lambda t: zhfix.fix(t, to="hans"),
    }
    print("| tool | glosses | Traditional characters | quotes not closed | wrong characters |")
    print("|---|---|---|---|---|")
    for name, tool in tools.items():
        out = tool(text)
        glosses = len(re.findall(_GLOSS, out))
        hant = sum(marks().get(char) == "hant" for char in out)
        quotes = out.count("“") - out.count("”")
        wrong = "" if gold is None else str(_distance(out, gold))
        print(f"| {name} | {glosses} | {hant} | {quotes} | {wrong} |")
    says = {1: "TRADITIONAL", 2: "SIMPLIFIED", 3: "BOTH", 4: "MIXED"}
    verdict = says.get(hanzidentifier.identify(text), "?")
    report = zhfix.detect(text)
    print(f"\nhanzidentifier: {verdict}; zhfix.detect: {report.verdict}, {report.damage}")
    return 0


def _distance(a: str, b: str) -> int:
    """Characters inserted, deleted or replaced, line by line (lines correspond)."""
    total = 0
    for x, y in zip(a.split("\n"), b.split("\n"), strict=True):
        row = list(range(len(y) + 1))
        for i, c in enumerate(x, 1):
            last, row[0] = row[0], i
            for j, d in enumerate(y, 1):
                last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (c != d))
        total += row[-1]
    return total


if __name__ == "__main__":
    sys.exit(main())
