"""Mojibake and unknown bytes beside their peers: `python tests/bench/mojibake.py [strict|after|lossy|real|clean|decode|speed]`.

Strict damage: samples of the development pairs, written in the right code page and read in the wrong one without losing a byte;
exact repairs and wrong edits at the default floor. Real cases: shared/data/mojibake. Clean: all sides of the pairs and the corpora,
edits made. Decode: a few characters in each encoding. Lossy: UTF-8 read as GBK with lost bytes. Speed: clean text. Peers that are not installed are left out with a word.
"""

from __future__ import annotations

import contextlib
import difflib
import gc
import importlib
import json
import lzma
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import product
from pathlib import Path
from statistics import median

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
AFTER = (("s", "gb18030"), ("t", "cp936"), ("t", "cp950"))  # sides and right code pages


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


TUNED = ("2k_tw_lit", "2k_hk_lit", "ud_gsd")
OTHERS = ("ud_pud", "ud_hk", "tw_speech", "tw_tech", "2k_hk_news")  # nothing was set on these


def samples(side: str, length: int, n: int, seed: int, names: tuple[str, ...] = TUNED) -> list[str]:
    """Stretches of running text of `length` characters that begin with Chinese."""
    rng = random.Random(f"{side}{length}{seed}")
    lines = [row[side] for name in names for row in rows(name, "s2t")]
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


def after() -> None:
    """The same for single-byte mojibake that ftfy has changed since: cases that it leaves alone are left out."""
    fix_text = importlib.import_module("ftfy").fix_text
    fix = zhfix.Fixer("keep").fix
    print("| characters | " + " | ".join(f"{right}: exact (wrong) of" for _, right in AFTER) + " |")
    for length in (4, 8, 16, 40):
        cells = []
        for k, (side, right) in enumerate(AFTER):
            shown = [
                (text, made)
                for text in samples(side, length, 5 * N, k)
                if (made := damaged(text, right, "windows-1252"))
            ]
            cases = [(text, out) for text, made in shown if (out := fix_text(made)) != made]
            outs = [(fix(made), text, made) for text, made in cases]
            exact = sum(out == text for out, text, _ in outs) / len(cases)
            bad = sum(out not in (text, made) for out, text, made in outs) / len(cases)
            cells.append(f"{exact:.1%} ({bad:.1%}) of {len(cases)}")
        print(f"| {length} | " + " | ".join(cells) + " |", flush=True)


def _as_windows(data: bytes, mark: str = "?") -> str:
    """What Windows shows of bytes in cp936: a question mark for each pair that is none, or U+FFFD for its lead byte."""
    out, at = [], 0
    while at < len(data):
        size = 1 if data[at] <= 0x80 else 2
        try:
            out.append(decode(data[at : at + size], "cp936"))
        except UnicodeDecodeError:
            out.append(mark)
            size = 1 if mark != "?" else size
        at += size
    return "".join(out)


def lossy() -> None:
    """Characters right in UTF-8 read as GBK where bytes were lost, and lines made no better, 40 characters each."""
    losses: dict[str, Callable[[bytes], str]] = {
        "gbk, U+FFFD": lambda data: data.decode("gbk", "replace"),
        "gb18030, U+FFFD": lambda data: data.decode("gb18030", "replace"),
        "Windows, ?": _as_windows,
        "Windows, U+FFFD": lambda data: _as_windows(data, "\ufffd"),
    }
    full = str.maketrans(",.?!:;", "，。？！：；")
    fix = zhfix.Fixer("keep").fix
    for names, side, marks in product((TUNED, OTHERS), "st", ("as it is", "full width")):
        texts = samples(side, 40, 100, 1, names)
        texts = [t.translate(full) for t in texts] if marks == "full width" else texts
        for name, loss in losses.items():
            outs = [(t, loss(t.encode()), fix(loss(t.encode()))) for t in texts]
            n_chars = sum(map(len, texts))
            good = sum(_n_same(out, t) for t, _, out in outs) / n_chars
            n_marked = sum(out.count("\ufffd") for _, made, out in outs if out != made) / n_chars
            exact = sum(out == t for t, _, out in outs)
            worse = sum(
                out != made and _n_same(out, t) <= _n_same(made, t) for t, made, out in outs
            )
            source = "literature" if names == TUNED else "other text"
            print(
                f"{source}, {side}, {marks}, {name}: {good:.1%} of characters right, {n_marked:.1%} marked, {exact} exact, {worse} no better, of {len(texts)}",
                flush=True,
            )


def _n_same(one: str, two: str) -> int:
    blocks = difflib.SequenceMatcher(None, one, two, False).get_matching_blocks()
    return sum(block.size for block in blocks)


def speed() -> None:
    """MB/s of the rule mojibake on clean text, medians of ten parts of 0.5 MB in CPU time after one that warms it, and of damaged lines."""
    from texts import running

    fix = zhfix.Fixer("keep", rules=["mojibake"]).fix
    scan = re.compile("[\ue000-\uf8ff]")
    calls: dict[str, Callable[[str], object]] = {"zhfix": fix, "bare scan": scan.search}
    with contextlib.suppress(ImportError):
        calls["plsfix"] = importlib.import_module("plsfix").fix_text
    numpy = "with numpy" if sys.modules.get("numpy") else "without numpy"
    both = running(6_000_000)
    gc.collect()
    gc.freeze()  # the texts are not what is measured
    for name, text in zip(("hans", "hant"), both, strict=True):
        size = len(text) // 12
        parts = [text[at : at + size] for at in range(0, len(text) - size, size)]
        cells = []
        for tool, call in calls.items():
            call(parts[0])
            first = [_rate(call, part) for part in parts[1:]]
            again = [max(_rate(call, part) for _ in range(3)) for part in parts[1:]]
            cells.append(f"{tool} {median(first):.0f} once, {median(again):.0f} again")
        print(f"{name}, {numpy}, MB/s: {'; '.join(cells)}", flush=True)
    lines = both[0][:30_000].split("\n")
    made = {
        "GBK read as Latin-1": [t.encode("gb18030").decode("latin-1") for t in lines],
        "UTF-8 read as cp1252": [decode(t.encode(), "windows-1252") for t in lines],
        "UTF-8 read as GBK with losses": [t.encode().decode("gbk", "replace") for t in lines],
        "sound, with U+FFFD": [t.replace("的", "\ufffd") for t in lines],
    }
    for name, damaged_lines in made.items():
        print(f"{name}: {_rate(fix, chr(10).join(damaged_lines)):.3f} MB/s", flush=True)


def _rate(call: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    call(text)
    return len(text.encode()) / 1e6 / (time.process_time() - start)


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
    if "numpy" in argv:
        importlib.import_module("numpy")  # loaded is what makes the scan over arrays run
    elif argv == ["speed"]:
        sys.modules["numpy"] = None  # type: ignore[assignment]  # a long text would load it
    parts = {
        "strict": strict,
        "after": after,
        "lossy": lossy,
        "real": real,
        "clean": clean,
        "decode": decoding,
        "speed": speed,
    }
    chosen = [name for name in parts if name in argv] or list(parts)
    for name in chosen:
        parts[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
