"""Conversion beside its peers: `python tests/bench/convert.py [speed|plain|accuracy|memory]`.

Speed: every engine converts the same 6 MB once a round, one after the other, in processor time; a ratio is ours over theirs
within one round, and its lowest and highest of the rounds stand beside the best. Tables are built before. `plain` does so in a process that
cannot import numpy, with half the text. Accuracy: the ambiguous characters of the
development pairs, regional variants folded, with 95 % intervals of the difference (1,000 resamples by row). Peers that are not
installed are left out with a word: pip install opencc zhconv-rs zhconv opencc-pyo3; and, as its module has OpenCC's own name,
pip install --target DIR opencc-python-reimplemented, with DIR in the variable OPENCC_REIMPLEMENTED.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import random
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from types import ModuleType

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
    """zhfix for one of OpenCC's configs: `dictionary`, `plain` (the same without numpy), `default`, or
    `any`, the default engine that finds out itself which script each line is in.
    """
    if engine in ("dictionary", "plain"):
        return engine_for(config, bulk=engine == "dictionary").convert
    source, to = _TO[config]
    return lambda text: zhfix.convert(text, to, source="any" if engine == "any" else source)


Make = Callable[[ModuleType, str], Convert]

# name, module, how to make a function for one of OpenCC's configs; a peer is added with one line
PEERS: tuple[tuple[str, str, Make], ...] = (
    ("OpenCC", "opencc", lambda m, c: m.OpenCC(c).convert),
    ("zhconv-rs", "zhconv_rs", lambda m, c: lambda text: m.zhconv(text, _TAGS[c])),
    ("zhconv", "zhconv", lambda m, c: lambda text: m.convert(text, _TAGS[c])),
    ("opencc-pyo3", "opencc_pyo3", lambda m, c: m.OpenCC(c).convert),
    ("reimplemented", "opencc_reimplemented", lambda m, c: m.OpenCC(c).convert),
)


@cache
def imported(name: str, module: str) -> ModuleType | None:
    """A peer's module, None with a word on standard error where it is not installed."""
    try:
        found = (
            _reimplemented()
            if module == "opencc_reimplemented"
            else importlib.import_module(module)
        )
    except ImportError:
        sys.stderr.write(f"{name} is not installed: left out\n")
        return None
    if name == "OpenCC" and not hasattr(found, "opencc_clib"):
        sys.stderr.write("opencc is not OpenCC's C++ package: left out\n")
        return None
    return found


def _reimplemented() -> ModuleType:
    """opencc-python-reimplemented under another name, from the folder it was installed to: its module is
    called as OpenCC's own.
    """
    folder = Path(os.environ.get("OPENCC_REIMPLEMENTED", "/nowhere")) / "opencc"
    spec = importlib.util.spec_from_file_location(
        "opencc_reimplemented", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None or not folder.exists():
        raise ImportError("opencc_reimplemented")
    module = importlib.util.module_from_spec(spec)
    sys.modules["opencc_reimplemented"] = module
    spec.loader.exec_module(module)
    return module


@cache
def peers(config: str) -> dict[str, Convert]:
    """The peers that are installed, ready to convert."""
    found: dict[str, Convert] = {}
    for name, module, make in PEERS:
        if (peer := imported(name, module)) is not None:
            found[name] = make(peer, config)
            found[name]("干")
    return found


def speed() -> None:
    """Ratios per config and engine."""
    texts = dict(zip(("hans", "hant"), running(), strict=True))
    print("| config | zhfix | MB/s | " + " | ".join(f"to {n}" for n in peers("s2t")) + " |")
    for config in ("t2s", "s2t", "s2tw", "s2hk"):
        text = texts["hans" if config[0] == "s" else "hant"]
        calls = {f"zhfix {e}": ours(config, e) for e in ("dictionary", "default", "any", "plain")}
        theirs = peers(config)
        calls.update(theirs)
        for call in calls.values():
            call(text[:500_000])  # tables are built at the first long text, and not again
        taken: dict[str, list[float]] = {name: [] for name in calls}
        for _ in range(ROUNDS):
            for name, call in calls.items():
                if name in ("zhconv", "reimplemented", "zhfix plain") and len(taken[name]) > 2:
                    continue
                taken[name].append(_timed(call, text))
        for name in list(calls)[:4]:
            cells = [_ratio(taken[name], taken[peer]) for peer in theirs]
            best = len(text.encode()) / 1e6 / min(taken[name])
            print(f"| {config} | {name[6:]} | {best:.0f} | " + " | ".join(cells) + " |", flush=True)
    strings = [texts["hans"][at : at + 30] for at in range(0, len(texts["hans"]) - 30, 30)]
    strings = (strings * (1_000_000 // len(strings) + 1))[:1_000_000]
    print(f"\na million strings of 30, in seconds: {_many(strings)}")


def plain() -> None:
    """Ratios of the default engine without numpy, in another process."""
    command = [sys.executable, __file__, "without-numpy"]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})


def without_numpy() -> None:
    """What `plain` prints."""
    sys.modules["numpy"] = None  # type: ignore[assignment]  # an import of it fails from now on
    texts = dict(zip(("hans", "hant"), running(3_000_000), strict=True))
    theirs = imported("zhconv", "zhconv")
    print(
        "| without numpy | default, MB/s | to zhconv | any, MB/s | to zhconv |\n" + "|---" * 5 + "|"
    )
    for config in ("t2s", "s2t", "s2tw"):
        text = texts["hans" if config[0] == "s" else "hant"]
        calls = {engine: ours(config, engine) for engine in ("default", "any")}
        if theirs is not None:
            calls["zhconv"] = peers(config)["zhconv"]
        taken: dict[str, list[float]] = {name: [] for name in calls}
        for round_ in range(5):
            for name, call in calls.items():
                if round_:
                    taken[name].append(_timed(call, text))
                else:
                    call(text[:100_000])
        cells = []
        for name in ("default", "any"):
            cells.append(f"{len(text.encode()) / 1e6 / min(taken[name]):.0f}")
            cells.append(_ratio(taken[name], taken["zhconv"]) if "zhconv" in taken else "")
        print(f"| {config} | " + " | ".join(cells) + " |", flush=True)


def _many(strings: list[str]) -> str:
    """Times of `convert_many` and of zhconv-rs called for each, best of 3."""
    calls: dict[str, Callable[[str], object]] = {
        "dictionary": lambda _: zhfix.convert_many(
            strings, "hant", source="hans", engine="dictionary"
        ),
        "default": lambda _: zhfix.convert_many(strings, "hant", source="hans"),
        "any": lambda _: zhfix.convert_many(strings, "hant"),
    }
    if rs := peers("s2t").get("zhconv-rs"):
        calls["zhconv-rs called"] = lambda _: [rs(text) for text in strings]
    best = {name: min(_timed(call, "") for _ in range(3)) for name, call in calls.items()}
    theirs = best.get("zhconv-rs called")
    return ", ".join(
        f"{name} {taken:.2f}" + (f" ({theirs / taken:.2f}x)" if theirs and taken != theirs else "")
        for name, taken in best.items()
    )


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
    others = [name for name, _, _ in PEERS[1:] if name in peers("s2t")]
    head = ["set", "characters", "OpenCC", "zhfix", *others, "zhfix - OpenCC [95 %]", "errors"]
    head.append("zhfix - best peer [95 %]")
    print("| " + " | ".join(head) + " |\n" + "|---" * len(head) + "|")
    changes = []
    for name in SETS:
        made = rows(name, "s2t")
        if not made:
            continue
        configs = [_config(name, row["region"]) for row in made]
        base = _marked(made, [engine_for(config).convert for config in configs])
        mine = _marked(made, [ours(config, "default") for config in configs])
        every = {
            peer: _marked(made, [peers(config)[peer] for config in configs]) for peer in others
        }
        change = (_share(base) - _share(mine)) / (1 - _share(base)) if _share(base) < 1 else 0.0
        changes.append(change)
        best = max((base, *every.values()), key=_share)
        cells = [f"{_share(each):.4f}" for each in (base, mine, *every.values())]
        cells += [_gain(base, mine), f"{change:+.0%}", _gain(best, mine)]
        n = sum(count for count, _ in base)
        print(f"| {name} | {n:,} | " + " | ".join(cells) + " |", flush=True)
    print(f"\nmean change of errors {sum(changes) / len(changes):+.1%}\n")
    head = ["set", "sentences", "OpenCC t2s", "OpenCC tw2s", "zhfix", *others]
    print("| " + " | ".join(head) + " |\n" + "|---" * len(head) + "|")
    quotes = str.maketrans("「」『』", "“”‘’")
    for name in ("ud_gsd", "cuv", "cedict"):
        made = rows(name, "t2s")
        cells = []
        calls = [engine_for("t2s").convert, engine_for("tw2s").convert, ours("t2s", "default")]
        for call in (*calls, *[peers("t2s")[peer] for peer in others]):
            right = sum(
                call(row["t"]).translate(quotes) == row["s"].translate(quotes) for row in made
            )
            cells.append(f"{right / len(made):.4f}")
        print(f"| {name} | {len(made):,} | " + " | ".join(cells) + " |")


def _config(name: str, region: str) -> str:
    return "s2tw" if name == "ud_gsd" else {"tw": "s2tw", "hk": "s2hk"}.get(region, "s2t")


Counts = list[tuple[int, int]]


def _marked(made: list[dict[str, str]], calls: list[Convert]) -> Counts:
    return [marks(row, call(row["s"])) for row, call in zip(made, calls, strict=True)]


def _share(counts: Counts) -> float:
    return sum(right for _, right in counts) / sum(n for n, _ in counts)


def _gain(base: Counts, mine: Counts) -> str:
    """The difference of two shares, and where 95 % of the resamples lie."""
    rng = random.Random(20261122)
    paired = [(n, b, a) for (n, b), (_, a) in zip(base, mine, strict=True)]
    gains = []
    for _ in range(1000):
        drawn = rng.choices(paired, k=len(paired))
        gains.append(sum(a - b for _, b, a in drawn) / max(1, sum(n for n, _, _ in drawn)))
    gains.sort()
    return f"{_share(mine) - _share(base):+.4f} [{gains[25]:+.3f}, {gains[974]:+.3f}]"


def memory() -> None:
    """Bytes per character above the text itself, the result included, for 100 MB."""
    text = running(100_000_000)[0]
    for engine in ("dictionary", "default", "any"):
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
    if argv == ["without-numpy"]:
        without_numpy()
        return 0
    for part in (speed, plain, accuracy, memory):
        if not argv or part.__name__ in argv:
            part()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
