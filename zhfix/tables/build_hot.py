"""Writes `hot.tsv`: the characters that show mojibake, for the prefilter of rule `mojibake`.

    python -m zhfix.tables.build_hot --corpus DIR

Common Chinese is damaged through every chain; a character is hot when it is frequent there and no
language of the model uses it, warm when two of them side by side are as telling.
"""

from __future__ import annotations

import argparse
import hashlib
import lzma
from collections import Counter
from contextlib import suppress
from pathlib import Path

from zhfix.convert.engine import engine_for
from zhfix.model import UNIT, load
from zhfix.mojibake.codepages import RIGHT, WRONG, decode, encode

N_LINES = 6000
HOT_PRICE, HOT_SHARE = 12.5 * UNIT, 1e-4  # dearer than this alone; at least this share of a chain
WARM_PRICE, WARM_SHARE = 9.0 * UNIT, 3e-4
MILD_PRICE, MILD_SHARE = 7.8 * UNIT, 6e-4


def damaged(lines: list[str]) -> dict[tuple[str, str], Counter[str]]:
    """Characters that each pair of code pages makes of the lines, counted."""
    out: dict[tuple[str, str], Counter[str]] = {}
    for right in RIGHT:
        for wrong in WRONG:
            seen = out.setdefault((wrong, right), Counter())
            for line in lines:
                try:
                    data = encode(line, right)
                    text = decode(data, wrong)
                except UnicodeEncodeError:
                    continue
                except UnicodeDecodeError:
                    for piece in (line[i : i + 6] for i in range(0, len(line), 6)):
                        with suppress(UnicodeError):
                            seen.update(decode(encode(piece, right), wrong))
                    continue
                seen.update(text)
    return out


def main() -> None:
    """Write the table."""
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--corpus", type=Path, required=True)
    p.add_argument("--out", type=Path, default=Path(__file__).with_name("data") / "hot.tsv")
    args = p.parse_args()
    text = lzma.decompress((args.corpus / "hant-speech.txt.xz").read_bytes()).decode()
    rows = [r for r in text.split("\n") if len(r) > 20]
    rows = rows[:: len(rows) // N_LINES]
    rows += engine_for("tw2s").convert("\n".join(rows)).split("\n")
    model = load()
    hot: set[str] = set()
    warm: set[str] = set()
    mild: set[str] = set()
    for (wrong, right), seen in sorted(damaged(rows).items()):
        if (wrong, right) in (("cp950", "big5"), ("big5hkscs", "big5"), ("cp936", "gb18030")):
            continue
        n = sum(k for c, k in seen.items() if c > "\x7f")
        for c, k in seen.items():
            price = -model.unigram(c)
            if c > "\uffff":
                continue  # one such character makes the whole class of `re` thirty times slower
            if c > "\x7f" and price >= HOT_PRICE and k / n >= HOT_SHARE:
                hot.add(c)
            elif c > "\x7f" and price >= WARM_PRICE and k / n >= WARM_SHARE:
                warm.add(c)
            if "\u3400" <= c <= "\uffff" and price >= MILD_PRICE and k / n >= MILD_SHARE:
                mild.add(c)
    hot -= {c for c in hot if c in "│─┌┐└┘├┤┬┴┼═║█━┃°×“”‘’…—·•→←↑↓■□●○★☆◆◇△▲▽▼※℃"}
    hot -= {c for c in hot if "\ue000" <= c <= "\uf8ff" or "\x80" <= c <= "\x9f"}
    warm -= hot
    kinds: dict[str, list[str]] = {}
    for name, chars in (("hot", hot), ("warm", warm), ("mild", mild)):
        for c in chars:
            kinds.setdefault(c, []).append(name)
    body = "".join(sorted(f"{ord(c):04X}\t{'+'.join(k)}\n" for c, k in kinds.items()))
    digest = hashlib.sha256(
        Path(__file__).with_name("data").joinpath("model.bin").read_bytes()
    ).hexdigest()
    note = "code point in hex, how it shows mojibake; do not edit"
    head = f"# zhfix.tables.build_hot; model.bin; sha256 {digest}; {note}\n"
    args.out.write_text(head + body, encoding="utf-8", newline="\n")
    print(len(hot), "hot,", len(warm), "warm,", len(mild), "mild")


if __name__ == "__main__":
    main()
