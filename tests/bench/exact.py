"""The dictionary engine against OpenCC's C++ package: `python tests/bench/exact.py [MB] [config …]`.

For every config, `MB` (20 unless told) million bytes of running text and as much adversarial text: phrases that overlap, lack their
first or last character, or stand beside each other's, with characters beyond the BMP, compatibility ideographs and controls between.
Each text goes through the plain and the bulk engine; prints the number of lines that differ, and the first few of them. Needs OpenCC's
C++ package (`pip install opencc`) and numpy; exit 1 when a line differs. The plain engine reads a tenth.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # run as a script: texts.py stands beside it

from texts import running

from zhfix.convert.configs import CONFIGS
from zhfix.convert.engine import engine_for
from zhfix.tables import load_map

SHOWN = 3
CHUNK = 2_000_000  # characters converted at a time
# no NUL: OpenCC's configs that cut the text first end it there
ODD = "\U00020bb6\U0002a5d0\ufa1e\uf900\U0002f800\U0001f600\x01 ，aSQL-·\uffff"


def phrases(config: str) -> list[str]:
    """The keys of every dictionary of a config, several characters long."""
    spec = CONFIGS[config]
    names = {name for step in (spec.segment, *spec.steps) for layer in step for name in layer}
    return sorted({key for name in names for key in load_map(name) if len(key) > 1})


def adversarial(config: str, n_bytes: int, seed: int = 1) -> Iterator[str]:
    """Lines built so that longest matches overlap, up to `n_bytes` of UTF-8."""
    rng, keys, made = random.Random(seed), phrases(config), 0
    by_first: dict[str, list[str]] = {}
    for key in keys:
        by_first.setdefault(key[0], []).append(key)
    chars = sorted({char for key in keys for char in key})
    while made < n_bytes:
        line = rng.choice(keys)
        while len(line) < 60:
            draw = rng.random()
            if draw < 0.5:  # a phrase that begins with the last character, or with one just before
                back = rng.randint(1, 2)
                follow = by_first.get(line[-back])
                line = line[:-back] + rng.choice(follow) if follow else line + rng.choice(keys)
            elif draw < 0.8:
                key = rng.choice(keys)
                line += rng.choice((key, key[1:], key[:-1]))
            elif draw < 0.95:
                line += rng.choice(chars)
            else:
                line += rng.choice(ODD)
        made += len(line.encode()) + 1
        yield line


def chunks(lines: Iterator[str]) -> Iterator[str]:
    """The lines joined, about `CHUNK` characters at a time."""
    while block := list(islice(lines, CHUNK // 40)):
        yield "\n".join(block)


def differences(config: str, text: str, wants: str, bulk: bool) -> list[tuple[str, str, str]]:
    """Lines that come out differently: the line, OpenCC's, ours."""
    got = engine_for(config, bulk=bulk).convert(text)
    if got == wants:
        return []
    rows = zip(text.split("\n"), wants.split("\n"), got.split("\n"), strict=True)
    return [row for row in rows if row[1] != row[2]]


def main(argv: list[str]) -> int:
    """Compare what is asked for."""
    import opencc  # OpenCC's own package: another one may stand in its place

    if not hasattr(opencc, "opencc_clib"):
        sys.exit("the opencc that is installed is not OpenCC's C++ package")
    size = int(float(argv[0]) * 1e6) if argv else 20_000_000
    hans, hant = running(size)
    failed = False
    print(
        "| config | text | characters | differing lines, bulk | plain, a tenth |\n|---|---|---|---|---|"
    )
    for config in argv[1:] or CONFIGS:
        truth = opencc.OpenCC(config).convert
        prose = hans if config[0] == "s" else hant
        for name, texts in (
            ("running", chunks(iter(prose.split("\n")))),
            ("adversarial", chunks(adversarial(config, size))),
        ):
            n, found, slow = 0, [], []
            for text in texts:
                n += len(text)
                wants = truth(text)
                found += differences(config, text, wants, bulk=True)
                part = text[: text.rfind("\n", 0, len(text) // 10) + 1]
                slow += differences(config, part, truth(part), bulk=False)
            print(f"| {config} | {name} | {n:,} | {len(found)} | {len(slow)} |", flush=True)
            for row in (found + slow)[:SHOWN]:
                print("  ", *map(ascii, row))
            failed |= bool(found or slow)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
