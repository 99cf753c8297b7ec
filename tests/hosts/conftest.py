"""Rows for every host, and the hosts' own services: one Ray and one Spark per session, both offline."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import zhfix

# before any host is imported: nothing is downloaded, nothing is sent
os.environ |= {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "PYSPARK_PYTHON": sys.executable,  # else Spark's workers are the system's Python
    "PYSPARK_DRIVER_PYTHON": sys.executable,
    "SPARK_LOCAL_IP": "127.0.0.1",
}

TEXTS: list[str | None] = [
    "廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會",
    None,
    "干净的文字",
    "",
    "世界經濟論壇(WEF)，函数f(x)",
    "人們?nèi)绾闻c世界相處，其中，F(xiàn)acebook",
    "Nothing Chinese here. 😀\r\n\tTab\n",
    "日本語の図書館です。",
    "浣犲ソ，ä¸­æ–‡",
    "頭髮𠮷野家🀄",
]


@pytest.fixture(scope="session")
def texts() -> list[str | None]:
    """Damaged, clean, missing, empty, foreign."""
    return list(TEXTS)


@pytest.fixture(scope="session")
def fixed() -> list[str | None]:
    """What `zhfix.Fixer` makes of `texts`: the hosts are to give the same."""
    return zhfix.Fixer("hans").fix_many(TEXTS)


@pytest.fixture(scope="session")
def edits() -> dict[str, int]:
    """The edits per rule in all of `texts`, counted by `explain`."""
    found: dict[str, int] = {}
    for text in TEXTS:
        for edit in zhfix.explain(text, "hans").edits if text is not None else ():
            found[edit.rule] = found.get(edit.rule, 0) + 1
    return dict(sorted(found.items()))


@pytest.fixture(scope="session")
def rows() -> list[dict[str, Any]]:
    """`texts` as records with other fields beside them, more than one batch of them."""
    return [
        {"id": i + 1, "text": text, "tags": ["區(qū)", str(i)], "url": None if i % 3 else f"u{i}"}
        for i, text in enumerate(TEXTS * 30)
    ]


@pytest.fixture(scope="session")
def jobs() -> ModuleType:
    """The jobs over shards that docs/hosts.md measures."""
    path = Path(__file__).parents[1] / "bench/host_jobs.py"
    spec = importlib.util.spec_from_file_location("host_jobs", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session", autouse=True)
def _workers_import_this_tree() -> Iterator[None]:
    """Worker processes import the zhfix that is under test, wherever they start."""
    with pytest.MonkeyPatch.context() as patch:
        folder = str(Path(zhfix.__file__).parents[1])
        patch.setenv("PYTHONPATH", folder, prepend=os.pathsep)
        yield


@pytest.fixture(scope="session")
def ray() -> Iterator[Any]:
    """Ray on this machine with two processors."""
    module = pytest.importorskip("ray", reason="needs the extra zhfix[ray]")
    pytest.importorskip("pyarrow", reason="needs the extra zhfix[arrow]")
    module.init(
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
        object_store_memory=100_000_000,
    )
    yield module
    module.shutdown()
    assert not module.is_initialized()


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """Spark with two executors' worth of threads."""
    sql = pytest.importorskip("pyspark.sql", reason="needs the extra zhfix[spark]")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java (Debian: openjdk-17-jre-headless)")
    session = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    gateway = session.sparkContext._gateway
    yield session
    session.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()  # the JVM ends when its standard input does
    assert gateway.proc.wait(timeout=60) == 0
