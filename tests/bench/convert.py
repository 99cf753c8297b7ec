"""Conversion beside its peers: `python tests/bench/convert.py [speed|accuracy|memory]`.

Speed: every engine converts the same 6 MB once a round, one after the other, in processor time; a ratio is ours over theirs
within one round, and its lowest and highest of the rounds stand beside the best. Accuracy: the ambiguous characters of the
development pairs, regional variants folded, with 95 % intervals of the difference (1,000 resamples by row). Peers that are not
installed are left out with a word: pip install opencc zhconv-rs zhconv opencc-pyo3 starcc langconv.
"""

from __future__ import annotations

import importlib
import random
import sys
import time
import tracemalloc
from collections.abc import Callable
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # run as a script: texts.py stands beside it

from texts import SETS, rows, running

import zhfix
from zhfix.convert.engine import engine_for
from zhfix.tables.sources import opencc_map

ROUNDS = 7
Convert = Callable[[str], str]
_TAGS = {"s2t": "zh-hant", "s2tw": "zh-tw", "s2hk": "zh-hk", "t2s": "zh-hans", "tw2s": "zh-hans"}
_TO = {"s2t": ("hans", "hant"), "s2tw": ("hans", "hant-tw"), "s2hk": ("hans", "hant-hk")}
_TO.update({"t2s": ("hant", "hans"), "tw2s": ("hant-tw", "hans")})


def ours(config: str, engine: str) -> Convert:
    """zhfix for one of OpenCC's configs, `dictionary` or `default`."""
    if engine != "default":
        return engine_for(config, bulk=engine == "dictionary").convert
    source, to = _TO[config]
    return lambda text: zhfix.convert(text, to, source=source)


def peers(config: str) -> dict[str, Convert]:
    """The peers that are installed, ready to convert."""
    found: dict[str, Convert] = {}
    for name, module, make in (
        ("OpenCC", "opencc", lambda m: m.OpenCC(config).convert),
        ("zhconv-rs", "zhconv_rs", lambda m: lambda text: m.zhconv(text, _TAGS[config])),
        ("zhconv", "zhconv", lambda m: lambda text: m.convert(text, _TAGS[config])),
        ("opencc-pyo3", "opencc_pyo3", lambda m: m.OpenCC(config).convert),
    ):
        try:
            imported = importlib.import_module(module)
        except ImportError:
            sys.stderr.write(f"{name} is not installed: left out\n")
            continue
        if name == "OpenCC" and not hasattr(imported, "opencc_clib"):
            sys.stderr.write("opencc is not OpenCC's C++ package: left out\n")
            continue
        found[name] = make(imported)
        found[name]("干")
    return found


def speed() -> None:
    """Ratios per config and engine."""
    texts = dict(zip(("hans", "hant"), running(), strict=True))
    print("| config | zhfix | MB/s | " + " | ".join(f"to {n}" for n in peers("s2t")) + " |")
    for config in ("t2s", "s2t", "s2tw", "s2hk"):
        text = texts["hans" if config[0] == "s" else "hant"]
        calls = {f"zhfix {e}": ours(config, e) for e in ("dictionary", "default", "plain")}
        theirs = peers(config)
        calls.update(theirs)
        taken: dict[str, list[float]] = {name: [] for name in calls}
        for _ in range(ROUNDS):
            for name, call in calls.items():
                if name in ("zhconv", "zhfix plain") and len(taken[name]) > 2:
                    continue
                taken[name].append(_timed(call, text))
        for name in list(calls)[:3]:
            cells = [_ratio(taken[name], taken[peer]) for peer in theirs]
            best = len(text.encode()) / 1e6 / min(taken[name])
            print(f"| {config} | {name[6:]} | {best:.0f} | " + " | ".join(cells) + " |", flush=True)
    strings = [texts["hans"][at : at + 30] for at in range(0, len(texts["hans"]) - 30, 30)]
    strings = (strings * (1_000_000 // len(strings) + 1))[:1_000_000]
    many = _timed(
        lambda _: zhfix.convert_many(strings, "hant", source="hans", engine="dictionary"), ""
    )
    default = _timed(lambda _: zhfix.convert_many(strings, "hant", source="hans"), "")
    print(f"\na million strings of 30: dictionary {many:.2f} s, default {default:.2f} s", end="")
    if rs := peers("s2t").get("zhconv-rs"):
        called = _timed(lambda _: [rs(text) for text in strings], "")
        print(f", zhconv-rs called {called:.2f} s: {called / many:.2f}x, {called / default:.2f}x")


def _timed(call: Callable[[str], object], text: str) -> float:
    begun = time.process_time()
    call(text)
    return time.process_time() - begun


def _ratio(mine: list[float], theirs: list[float]) -> str:
    rounds = sorted(b / a for a, b in zip(mine, theirs, strict=False))
    return f"{min(theirs) / min(mine):.2f}x [{rounds[0]:.2f}, {rounds[-1]:.2f}]"


@cache
def variants() -> dict[int, str]:
    """Regional variants of one character folded into one, as the research scored (`norm`)."""
    extra = "爲為 裏裡 臺台 着著 麪麵 衆眾 羣群 牀床 峯峰 啓啟 僞偽 嬀媯 溈潙 線綫 溼濕 污汙 敎教 秘祕 脣唇 喫吃 鈎鉤 粽糉"
    apart = set("梁樑么麼幺只衹才纔核覈針鍼參蔘皁皂")  # these carry meaning
    up: dict[str, str] = {}

    def root(char: str) -> str:
        while up.setdefault(char, char) != char:
            char = up[char]
        return char

    pairs = [(pair[0], pair[1]) for pair in extra.split()]
    for stem in ("TWVariants", "HKVariants"):
        pairs += [(key, form) for key, forms in opencc_map(stem).items() for form in forms]
    for left, right in pairs:
        if len(left) == len(right) == 1 and not {left, right} & apart:
            a, b = sorted((root(left), root(right)))
            up[b] = a
    return {ord(char): root(char) for char in list(up) if root(char) != char}


@cache
def ambiguous() -> frozenset[str]:
    """Characters with more than one target in OpenCC's STCharacters."""
    return frozenset(key for key, forms in opencc_map("STCharacters").items() if len(forms) > 1)


def marks(row: dict[str, str], out: str) -> tuple[int, int]:
    """Ambiguous characters of a row, and how many came out right against the best accepted text."""
    best = (-1, 0, 0)
    for gold in [text for text in row.get("alts") or [row["t"]] if len(text) == len(row["s"])]:
        want, have = gold.translate(variants()), out.translate(variants())
        got = list(have)
        if len(have) != len(want):
            got = ["\0"] * len(want)
            for a, b, n in SequenceMatcher(None, want, have, autojunk=False).get_matching_blocks():
                got[a : a + n] = have[b : b + n]
        same = [x == y for x, y in zip(want, got, strict=True)]
        at = [i for i, char in enumerate(row["s"]) if char in ambiguous()]
        best = max(best, (sum(same), len(at), sum(same[i] for i in at)))
    return best[1], best[2]


def accuracy() -> None:
    """The ambiguous characters per set, hans to the set's region, and exact sentences to hans."""
    print("| set | characters | OpenCC | zhfix | difference [95 %] | errors |")
    print("|---|---|---|---|---|---|")
    changes = []
    for name in SETS:
        made = rows(name, "s2t")
        if not made:
            continue
        configs = [_config(name, row["region"]) for row in made]
        base = [
            marks(row, engine_for(c).convert(row["s"]))
            for row, c in zip(made, configs, strict=True)
        ]
        mine = [
            marks(row, ours(c, "default")(row["s"])) for row, c in zip(made, configs, strict=True)
        ]
        n = sum(count for count, _ in base)
        theirs, we = (sum(right for _, right in counts) / n for counts in (base, mine))
        low, high = _interval(base, mine)
        change = (theirs - we) / (1 - theirs) if theirs < 1 else 0.0
        changes.append(change)
        print(
            f"| {name} | {n:,} | {theirs:.4f} | {we:.4f} | {we - theirs:+.4f} [{low:+.3f}, {high:+.3f}] "
            f"| {change:+.0%} |",
            flush=True,
        )
    print(f"\nmean change of errors {sum(changes) / len(changes):+.1%}\n")
    print("| set | sentences | OpenCC t2s | OpenCC tw2s | zhfix |\n|---|---|---|---|---|")
    quotes = str.maketrans("「」『』", "“”‘’")
    for name in ("ud_gsd", "cuv", "cedict"):
        made = rows(name, "t2s")
        cells = []
        for call in (engine_for("t2s").convert, engine_for("tw2s").convert, ours("t2s", "default")):
            right = sum(
                call(row["t"]).translate(quotes) == row["s"].translate(quotes) for row in made
            )
            cells.append(f"{right / len(made):.4f}")
        print(f"| {name} | {len(made):,} | " + " | ".join(cells) + " |")


def _config(name: str, region: str) -> str:
    return "s2tw" if name == "ud_gsd" else {"tw": "s2tw", "hk": "s2hk"}.get(region, "s2t")


def _interval(base: list[tuple[int, int]], mine: list[tuple[int, int]]) -> tuple[float, float]:
    rng = random.Random(20261122)
    paired = [(n, b, a) for (n, b), (_, a) in zip(base, mine, strict=True)]
    gains = []
    for _ in range(1000):
        drawn = rng.choices(paired, k=len(paired))
        gains.append(sum(a - b for _, b, a in drawn) / max(1, sum(n for n, _, _ in drawn)))
    gains.sort()
    return gains[25], gains[974]


def memory() -> None:
    """Bytes per character above the text itself, the result included, for 100 MB."""
    text = running(100_000_000)[0]
    for engine in ("dictionary", "default"):
        call = ours("s2t", engine)
        call(text[:2_000_000])
        tracemalloc.start()
        call(text)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(
            f"s2t {engine}: {peak / len(text):.1f} bytes per character ({len(text):,} characters)"
        )


def main(argv: list[str]) -> int:
    """Print what is asked for, or all."""
    for part in (speed, accuracy, memory):
        if not argv or part.__name__ in argv:
            part()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
