"""One job per host over a folder of JSON lines shards, as docs/hosts.md shows them: `repair` in, shards out.

Each takes the folder to read, the folder to write, the number of workers, and `is_repaired`: without it the same job
runs with nothing to do, which is what the host itself costs. It returns the seconds for starting and for the job.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

__all__ = ["JOBS", "records"]

Seconds = tuple[float, float]


def records(folder: Path) -> list[dict[str, object]]:
    """Every record of every shard under a folder, gz or not, sorted by id."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.name.endswith((".json", ".jsonl", ".gz")) and not path.name.startswith("."):
            data = path.read_bytes()
            if data.startswith(b"\x1f\x8b"):  # Ray names its gz files .json
                data = gzip.decompress(data)
            text = data.decode("utf-8")
            found += [json.loads(line) for line in text.split("\n") if line]
    return sorted(found, key=lambda record: str(record["id"]))


def plain(source: Path, target: Path, workers: int, is_repaired: bool) -> Seconds:
    """A loop in Python around `Fixer`, one process per worker: what there is without a host."""
    from concurrent.futures import ProcessPoolExecutor

    target.mkdir(parents=True)
    began = time.perf_counter()
    shards = sorted(source.glob("*.jsonl.gz"))
    with ProcessPoolExecutor(workers) as pool:
        n = len(shards)
        list(pool.map(_plain_shard, shards, [target] * n, [is_repaired] * n))
    return 0.0, time.perf_counter() - began


def _plain_shard(path: Path, target: Path, is_repaired: bool) -> None:
    from zhfix import Fixer

    fixer = Fixer()
    with (
        gzip.open(path, "rt", encoding="utf-8") as file,
        gzip.open(target / path.name, "wt", encoding="utf-8", compresslevel=6) as out,
    ):
        for line in file:
            record = json.loads(line)
            if is_repaired:
                record["text"] = fixer.fix(record["text"])
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def datatrove(source: Path, target: Path, workers: int, is_repaired: bool) -> Seconds:
    """`LocalPipelineExecutor`, one task per shard."""
    began = time.perf_counter()
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from zhfix.hosts.datatrove import ZhFix

    def flat(_: object, doc: object) -> dict[str, object]:
        kept = {key: value for key, value in doc.metadata.items() if key != "file_path"}  # type: ignore[attr-defined]
        return {"id": doc.id, "text": doc.text, **kept}  # type: ignore[attr-defined]

    executor = LocalPipelineExecutor(
        pipeline=[
            JsonlReader(str(source)),
            *([ZhFix()] if is_repaired else []),
            JsonlWriter(str(target), "${rank}.jsonl.gz", adapter=flat),
        ],
        tasks=len(list(source.glob("*.jsonl.gz"))),
        workers=workers,
        logging_dir=str(target) + "-logs",
    )
    started = time.perf_counter()
    executor.run()
    return started - began, time.perf_counter() - started


def ray(source: Path, target: Path, workers: int, is_repaired: bool) -> Seconds:
    """Ray Data on this machine, an actor per worker."""
    began = time.perf_counter()
    import ray

    from zhfix.hosts.ray import fix_dataset

    ray.init(num_cpus=workers + 1, include_dashboard=False, log_to_driver=False)  # one reads
    started = time.perf_counter()
    data = ray.data.read_json(str(source), arrow_open_stream_args={"compression": "gzip"})
    if is_repaired:
        data = fix_dataset(data, workers=workers, batch_size=256)
    data.write_json(str(target), force_ascii=False, arrow_open_stream_args={"compression": "gzip"})
    done = time.perf_counter()
    ray.shutdown()
    return started - began, done - started


def spark(source: Path, target: Path, workers: int, is_repaired: bool) -> Seconds:
    """Spark on this machine, a thread and a Python process per worker."""
    began = time.perf_counter()
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    from zhfix.hosts.spark import fix_frame

    session = (
        SparkSession.builder.master(f"local[{workers}]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.files.openCostInBytes", "0")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    started = time.perf_counter()
    frame = session.read.schema("id string, text string, url string").json(str(source))
    if is_repaired:
        frame = fix_frame(frame)
    frame.write.option("compression", "gzip").option("ignoreNullFields", "false").json(str(target))
    done = time.perf_counter()
    session.stop()
    return started - began, done - started


def command(source: Path, target: Path, workers: int, is_repaired: bool) -> Seconds:
    """The command in place, on a copy of the shards."""
    shutil.copytree(source, target)
    began = time.perf_counter()
    # `keep` and one rule that finds nothing: every record is looked at, none is changed
    idle = [] if is_repaired else ["--to", "keep", "--only", "ad-word"]
    args = ["--jsonl", "--field", "text", "-i", "-j", str(workers), *idle]
    shards = map(str, sorted(target.glob("*.jsonl.gz")))
    subprocess.run([sys.executable, "-m", "zhfix", *args, *shards], check=True)
    return 0.0, time.perf_counter() - began


JOBS: dict[str, Callable[[Path, Path, int, bool], Seconds]] = {
    "plain": plain,
    "command": command,
    "datatrove": datatrove,
    "ray": ray,
    "spark": spark,
}


def run_alone(
    job: str, source: Path, target: Path, workers: int, is_repaired: bool
) -> tuple[float, float, float]:
    """The job in a process of its own, so that none finds another's tables and memory: the seconds
    for starting, for the job, and the processor time of all its processes.
    """
    code = (
        "import sys; from pathlib import Path; sys.path.append(sys.argv[1]);"
        "from host_jobs import JOBS;"
        "made = JOBS[sys.argv[2]](Path(sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5]), sys.argv[6] == '1');"
        "print('SECONDS', *made, flush=True)"
    )
    here = str(Path(__file__).parent)
    args = [here, job, str(source), str(target), str(workers), str(int(is_repaired))]
    with tempfile.TemporaryFile("w+") as words, tempfile.TemporaryFile("w+") as errors:
        child = subprocess.Popen(
            [sys.executable, "-c", code, *args], stdout=words, stderr=errors, text=True
        )
        taken = _processor_time(child)
        words.seek(0)
        errors.seek(0)
        if child.returncode:
            raise RuntimeError(f"{job} failed:\n{errors.read()[-3000:]}")
        line = next(row for row in words.read().splitlines()[::-1] if row.startswith("SECONDS"))
    start, seconds = line.split()[1:]
    return float(start), float(seconds), taken


def _processor_time(child: subprocess.Popen[str]) -> float:
    """Seconds of processor time of a process and all that descend from it, sampled until it ends."""
    family, spent = {child.pid}, {}
    tick = os.sysconf("SC_CLK_TCK")
    while child.poll() is None:
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                pid, rest = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
            except OSError:  # it ended meanwhile
                continue
            if pid in family or int(rest[1]) in family:
                family.add(pid)
                spent[pid] = (int(rest[11]) + int(rest[12])) / tick
        time.sleep(0.1)
    return sum(spent.values())
