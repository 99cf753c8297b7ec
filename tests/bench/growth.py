"""How time grows with length: `python tests/bench/growth.py [CHARACTERS [N [SEED]]]` (5,000 unless
told).

Texts of one repeated unit that some rule looks at, at that length and four times as long; then of N
units made of one to six of their characters at random. Printed is what takes more than six times as
long then, or reads less than 0.1 MB in a second.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

import zhfix

_JOINED = (
    "(|((((a|區(|區(qū)|學(xué|?nèi)|經(經)|<|<a |<!--|<script>|<b>|`|``|~~~|&#|&#20013;|%E4|\\u4e2d|=?gb2312?B?|~{|~{VP~}|"
    '&AGE-|%u4e2d|\\344|http://|www.|a@|a.b-c@|a@b.cn發|“|"|「|『（|《|の|は中|漢字の|發|发發|后|乾干|著着|征稅|祇能够|後裡|头發|着名|以着称|'
    "浣犲ソ|ÄãºÃ|å¥½|Ã|â€|ï¿½|ï¼Œ|ä¸\xad|锟斤拷|\ufffd中|??|中??|\ue000|1(a)|“”|‘中|[[a|{{|$a$|\\begin{a}|é|π|│|ㄅ|가漢|café|"
    "\ud83d|𠀀|\t|\r|\n|中\n|皇後|麵|碗裡麵條|“a|,、|?！|(wu)(wu)|F(xiàn)|却|𠊎个|「の」的是"
)
_UNITS = _JOINED.split("|")
_LEAST = 0.012  # seconds under which nothing can be told


def seconds(run: Callable[[str], object], text: str) -> float:
    """Processor time of one run."""
    start = time.process_time()
    run(text)
    return time.process_time() - start


def _made(n: int = 0, seed: int = 0) -> list[str]:
    """Random units."""
    choose, characters = random.Random(seed), sorted(set(_JOINED))
    return ["".join(choose.choices(characters, k=choose.randint(1, 6))) for _ in range(n)]


def main() -> None:
    """Every unit through `fix`, `detect` and `convert`."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    runs: dict[str, Callable[[str], object]] = {
        "fix": zhfix.fix,
        "fix hant": zhfix.Fixer("hant").fix,
        "detect": zhfix.detect,
        "convert": lambda text: zhfix.convert(text, "hant-tw", vocabulary="region"),
    }
    units = [*_UNITS, *_made(*map(int, sys.argv[2:4]))]
    for unit in units:
        for name, run in runs.items():
            short, long = (unit * (size // len(unit)) for size in (n, 4 * n))
            first = seconds(run, short)
            if first < _LEAST:
                continue
            second = seconds(run, long)
            speed = len(long.encode("utf-8", "surrogatepass")) / 1e6 / second
            if second > 6 * first or speed < 0.1:
                print(f"{unit!r} {name}: x{second / first:.1f}, {speed:.2f} MB/s", flush=True)


if __name__ == "__main__":
    main()
