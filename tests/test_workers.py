"""Several processes give what one gives: forked from this one, as on Linux, and started afresh, as elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from zhfix import allocator, links, plans, stream, workers
from zhfix.errors import DecodeError

DAMAGED = "廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會"
FIXED = "廣州市番禺區召開高質量發展大會"
CLEAN = "干净的一行"

WAYS = [
    pytest.param(
        "forked", marks=pytest.mark.skipif(sys.platform != "linux", reason="forks are Linux's")
    ),
    "fresh",
]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How workers start, whatever threads earlier tests have left; and no piece is too small for them."""
    name: str = request.param
    monkeypatch.setattr(workers, "can_fork", lambda: name == "forked")
    monkeypatch.setattr(workers, "_FIRST", 0)
    return name


@pytest.mark.usefixtures("way")
def test_jobs_give_what_one_process_gives(
    tmp_path: Path,
    run,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream, "CHUNK", 100_000)
    text = "".join(f"{DAMAGED}第{i}行\n{CLEAN}\n" for i in range(7_000))
    plain = tmp_path / "plain.txt"
    plain.write_text(text, encoding="utf-8")
    records = tmp_path / "records.jsonl"
    rows = (json.dumps({"text": f"{DAMAGED}{i}"}, ensure_ascii=False) for i in range(300))
    records.write_text("\n".join([*rows, "bad"]), encoding="utf-8")
    other = tmp_path / "other.txt"
    other.write_bytes(f"{DAMAGED}\r\n".encode() + b"\xff\xe5\n" + CLEAN.encode())
    clean = ("-t", "keep", "--only", "gloss")
    one = run(*clean, plain, tmp_path / "missing", other, other)
    two = run(*clean, "-j", "2", plain, tmp_path / "missing", other, other)
    assert one == two and one.code == 2 and FIXED.encode() in one.out
    assert run("--jsonl", records) == run("--jsonl", "-j", "3", records)
    table = f'a,b\n"{DAMAGED}\n",{CLEAN}\n'.encode()
    for to in (("-t", "hans"), ()):
        rows_ = (*to, "--csv", "--column", "a")
        assert run(*rows_, data=table) == run(*rows_, "-j", "2", data=table)


@pytest.mark.usefixtures("way")
def test_jobs_in_other_encodings(run) -> None:  # type: ignore[no-untyped-def]
    bad = run("-j", "2", "-e", "utf-16", data=b"\xff\xfe\x00\xd8a\x00")
    assert bad.code == 2 and "this is not utf-16-le" in bad.err
    gbk = f"{DAMAGED}\n".encode("gb18030")
    assert run("-j", "2", "-e", "gb18030", data=gbk).out.decode("gb18030") == f"{FIXED}\n"
    wide = f"\ufeff{DAMAGED}\n".encode("utf-16-le") * 3
    args = ("-e", "utf-16-le", "--output-encoding", "utf-16")
    assert run(*args, data=wide) == run(*args, "-j", "2", data=wide)


@pytest.mark.skipif(sys.platform != "linux", reason="forks are Linux's")
def test_a_fork_that_fails_leaves_the_hooks_of_its_host_alone(
    run,  # type: ignore[no-untyped-def]
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failing(*_: object) -> None:
        raise RuntimeError

    def not_read(*_: object) -> None:
        raise DecodeError("not read")

    monkeypatch.setattr(workers, "can_fork", lambda: True)
    monkeypatch.setattr(workers, "_FIRST", 0)
    monkeypatch.setattr(workers, "_sample", not_read)  # the main process repairs nothing
    monkeypatch.setattr(plans, "repaired_bytes", failing)
    hooked = tmp_path / "hooked"
    monkeypatch.setattr(sys, "excepthook", lambda *_: hooked.touch())
    failed = run("-j", "2", data=f"{DAMAGED}\n".encode())
    assert failed.code == 2 and "a worker process was ended" in failed.err
    assert not hooked.exists()


@pytest.mark.usefixtures("way")
def test_a_piece_that_is_larger_than_the_shared_memory(
    run,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(links, "ROOM", 10_000)
    monkeypatch.setattr(stream, "CHUNK", 50_000)
    for text in (f"{DAMAGED}\n" * 5_000, f"{CLEAN}\n" * 9_000, DAMAGED, "", "a" * 100_000):
        assert run("-j", "2", data=text.encode()).out == run(data=text.encode()).out


def test_little_is_repaired_without_workers(
    run,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError("a worker for a line")

    monkeypatch.setattr(workers, "forked", forbidden)
    monkeypatch.setattr(workers, "fresh", forbidden)
    bad = tmp_path / "bad"
    bad.write_bytes(b"\xff\xfe\x00\xd8a\x00")
    assert run("-j", "4", data=DAMAGED.encode()).out.decode() == FIXED
    assert run("-j", "4", "-e", "utf-16", bad).code == 2


@pytest.mark.skipif(sys.platform != "linux", reason="forks are Linux's")
def test_a_process_that_cannot_fork_says_so(run, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    def full() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(workers, "can_fork", lambda: True)
    monkeypatch.setattr(os, "fork", full)
    done = run("-j", "2", data=f"{DAMAGED}\n".encode() * 9_000)
    assert done.code == 2 and done.err.startswith("zhfix: cannot start a worker process: ")
    assert done.err.count("\n") == 1
    assert done.err.endswith("Resource temporarily unavailable: try fewer with -j\n")


@pytest.mark.skipif(sys.platform != "linux", reason="forks are Linux's")
def test_a_parent_that_ignores_its_children(tmp_path: Path) -> None:
    """As some daemons leave it to what they start."""
    page = tmp_path / "page.txt"
    page.write_bytes(f"{CLEAN}\n".encode() * 50_000)
    start = (
        "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN);"
        "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )
    done = subprocess.run(
        [sys.executable, "-c", start, "-m", "zhfix", "-j", "2", str(page)],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, b"", page.read_bytes())


@pytest.mark.skipif(sys.platform != "linux", reason="forks are Linux's")
def test_a_fork_warns_nobody() -> None:
    """From 3.12 on, Python warns where a process with threads is forked, and numpy has threads."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "zhfix", "-j", "2"],
        input=f"{CLEAN}\n".encode() * 100_000,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr, len(done.stdout)) == (0, b"", 1_600_000)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's store")
def test_freed_memory_is_kept_where_the_library_can(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []

    class Library:
        def mallopt(self, which: int, limit: int) -> int:
            asked.append((which, limit))
            return 1

    class Types:
        library: object = Library()

        def CDLL(self, name: None) -> object:
            return self.library

    keep = allocator.keep_freed.__wrapped__
    monkeypatch.setitem(sys.modules, "ctypes", Types())
    keep()
    assert asked == [(-3, 1 << 25), (-1, 1 << 26)]
    monkeypatch.setattr(Types, "library", object())  # musl has no mallopt
    keep()
    monkeypatch.delitem(sys.modules, "ctypes")
    keep()
    assert len(asked) == 2 and "ctypes" not in sys.modules


_ELSEWHERE = """
import encodings.gb18030, os, pathlib, signal, subprocess, sys, tempfile, threading
for module, names in (
    (os, "fork setsid chown lchown listxattr setxattr getxattr wait4 sched_getaffinity mkfifo geteuid"),
    (signal, "SIGHUP SIG_BLOCK SIG_UNBLOCK SIG_SETMASK pthread_sigmask"),
):
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
subprocess.CREATE_NEW_PROCESS_GROUP = 0
sys.platform = "win32"
from zhfix.cli import main, run
assert main(["-q", "-i", "-j", "2", "--backup", ".bak", *sys.argv[1:]]) == 0
assert main(["-q", "-j", "0", *sys.argv[1:], "-o", "all"]) == 0
sys.argv[1:] = ["-q", "--check", "-j", "2", *sys.argv[1:]]
run()
"""


def test_a_system_without_what_posix_has(tmp_path: Path) -> None:
    """`-i` on Windows wanted `os.chown`, which it has not."""
    paths = [tmp_path / name for name in ("long", "short", "clean")]
    for path, text in zip(
        paths, (f"{DAMAGED}\n" * 6000, DAMAGED + "\n", f"{CLEAN}\n"), strict=True
    ):
        path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _ELSEWHERE, *map(str, paths)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert paths[0].read_text("utf-8") == f"{FIXED}\n" * 6000
    assert paths[0].with_name("long.bak").read_text("utf-8") == f"{DAMAGED}\n" * 6000
    assert paths[0].with_name("all").read_text("utf-8") == f"{FIXED}\n" * 6001 + f"{CLEAN}\n"


def test_small_files_go_to_a_worker_together(
    way: str, tmp_path: Path, run, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    """One message and one event to wait for each were more work than to repair such a file."""
    for i in range(100):
        (tmp_path / f"{i:03}").write_text(DAMAGED if i % 3 else CLEAN, encoding="utf-8")
    n_sent: list[int] = []
    send = links.Link.send

    def counted(link: links.Link, asked: list[tuple[object, object]]) -> None:
        n_sent.append(len(asked))
        send(link, asked)  # type: ignore[arg-type]

    monkeypatch.setattr(links.Link, "send", counted)
    done = run("-r", "-j", "2", tmp_path)
    assert done.out.decode() == "".join(FIXED if i % 3 else CLEAN for i in range(100))
    assert sorted(n_sent) == [4, 32, 32, 32]
