"""Mojibake and unknown bytes beside their peers: `python tests/bench/mojibake.py [strict|real|clean|decode]`.

Strict damage: samples of the development pairs, written in the right code page and read in the wrong one without losing a byte;
exact repairs and wrong edits at the default floor. Real cases: shared/data/mojibake. Clean: all sides of the pairs and the corpora,
edits made. Decode: a few characters in each encoding. Peers that are not installed are left out with a word.
"""

from __future__ import annotations

import importlib
import json
import lzma
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # run as a script: texts.py stands beside it

from texts import SETS, pairs_folder, rows

import zhfix
from zhfix.mojibake.codepages import decode, encode

Fix = Callable[[str], str]
N = 40  # samples a cell
# (side, right code page, wrong code page); cp932 apart, since it has several pairs for one character
CHAINS = (
    *(("s", "utf-8", wrong) for wrong in ("cp936", "latin-1", "windows-1252", "cp437", "cp850")),
    *(("s", "utf-8", wrong) for wrong in ("cp1251", "mac_roman", "cp949")),
    *(("s", "cp936", wrong) for wrong in ("cp950", "euc_jp", "cp949", "latin-1", "windows-1252")),
    *(("s", "cp936", wrong) for wrong in ("cp437", "cp1250", "cp1251", "koi8_r", "mac_roman")),
    *(("t", "cp950", wrong) for wrong in ("cp936", "cp949", "latin-1", "windows-1252", "cp437")),
    ("t", "utf-8", "cp936"),
)


def fixers() -> dict[str, Fix]:
    """zhfix at its default floor, and the peers that are installed."""
    found: dict[str, Fix] = {"zhfix": zhfix.Fixer("keep").fix}
    for name, module, function in (
        ("ftfy.fix_text", "ftfy", "fix_text"),
        ("ftfy.fix_encoding", "ftfy", "fix_encoding"),
        ("plsfix", "plsfix", "fix_text"),
    ):
        try:
            found[name] = getattr(importlib.import_module(module), function)
        except ImportError:
            sys.stderr.write(f"{module} is not installed: left out\n")
    return found


def samples(side: str, length: int, n: int, seed: int) -> list[str]:
    """Stretches of running text of `length` characters that begin with Chinese."""
    rng = random.Random(f"{side}{length}{seed}")
    lines = [
        row[side] for name in ("2k_tw_lit", "2k_hk_lit", "ud_gsd") for row in rows(name, "s2t")
    ]
    out: list[str] = []
    while len(out) < n:
        line = rng.choice(lines)
        if len(line) >= length:
            at = rng.randrange(len(line) - length + 1)
            if "\u4e00" <= line[at] <= "\u9fff":
                out.append(line[at : at + length])
    return out


def damaged(text: str, right: str, wrong: str) -> str | None:
    """What a wrong decoder makes of the text, or None where it would lose a byte."""
    try:
        made = decode(encode(text, right), wrong)
        return made if decode(encode(made, wrong), right) == text != made else None
    except (UnicodeError, ValueError):
        return None


def strict() -> None:
    """Exact repairs and wrong edits in per cent, by length, all chains together."""
    print("| characters | n | " + " | ".join(f"{name} exact (wrong)" for name in fixers()) + " |")
    for length in (4, 8, 16, 40):
        cases = [
            (text, made)
            for k, (side, right, wrong) in enumerate(CHAINS)
            for text in samples(side, length, N, k)
            if (made := damaged(text, right, wrong))
        ]
        cells = []
        for fix in fixers().values():
            outs = [(fix(made), text, made) for text, made in cases]
            exact = sum(out == text for out, text, _ in outs) / len(cases)
            bad = sum(out not in (text, made) for out, text, made in outs) / len(cases)
            cells.append(f"{exact:.2%} ({bad:.2%})")
        print(f"| {length} | {len(cases)} | " + " | ".join(cells) + " |", flush=True)


def real() -> None:
    """The real cases: right, left alone and wrong, by what can be recovered."""
    path = pairs_folder().parent / "mojibake/real_cases.jsonl"
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for name, fix in fixers().items():
        seen: Counter[tuple[str, str]] = Counter()
        for case in cases:
            out = fix(case["damaged"])
            state = "right" if out == case["original"] else "left"
            state = state if out in (case["original"], case["damaged"]) else "wrong"
            seen[case["recoverable"], state] += 1
        print(name, dict(sorted((f"{kind} {state}", n) for (kind, state), n in seen.items())))


def clean() -> None:
    """Edits of the rules mojibake and escape in clean text: there should be none."""
    fixer = zhfix.Fixer("keep", rules=["mojibake", "escape"])
    texts = {name: "\n".join(r[s] for r in rows(name, "s2t") for s in "st") for name in SETS}
    for name in ("hant-speech.txt.xz", "hant-law.txt.xz"):
        path = pairs_folder().parents[1] / "corpus" / name
        texts[name] = lzma.decompress(path.read_bytes()).decode("utf-8")
    n_chars = n_edits = 0
    for name, text in texts.items():
        edits = fixer.explain(text).edits
        n_chars, n_edits = n_chars + len(text), n_edits + len(edits)
        for edit in edits[:3]:
            print(name, repr(edit.before[:40]), repr(edit.after[:40]), edit.sure)
    print(f"{n_edits} edits in {n_chars:,} clean characters")


def decoding() -> None:
    """Exact decoding of 4, 8 and 16 characters, and of 16 with one bad byte, in per cent."""
    import chardet

    def by_chardet(data: bytes) -> str:
        guess = chardet.detect(data, prefer_superset=True)["encoding"] or "utf-8"
        return data.decode(guess, "replace")

    calls = {"zhfix": lambda data: zhfix.decode(data).text, "chardet": by_chardet}
    for side, name in (("s", "gb18030"), ("t", "gb18030"), ("t", "big5"), ("t", "big5hkscs")):
        for length in (4, 8, 16):
            texts = [
                t
                for t in samples(side, length, 100, 7)
                if t.encode(name, "ignore").decode(name) == t
            ]
            cells = [
                f"{tool} {sum(call(t.encode(name)) == t for t in texts) / len(texts):.0%}"
                for tool, call in calls.items()
            ]
            print(f"{name} of {side}, {length} characters: {', '.join(cells)}", flush=True)
        half = [(t[:8].encode(name), t[8:].encode(name), t) for t in texts]
        cells = [
            f"{tool} {sum(call(a + bytes([255]) + b).replace(chr(0xFFFD), '') == t for a, b, t in half) / len(half):.0%}"
            for tool, call in calls.items()
        ]
        print(f"{name} of {side}, 16 characters and one bad byte: {', '.join(cells)}", flush=True)


def main(argv: list[str]) -> int:
    """Print what is asked for, or all."""
    for name, part in (("strict", strict), ("real", real), ("clean", clean), ("decode", decoding)):
        if not argv or name in argv:
            part()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
