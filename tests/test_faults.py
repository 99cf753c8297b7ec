"""What goes wrong around the filter: killed, interrupted, no room, no rights, cut and mixed data, odd names. Nothing is lost, the
message is clear, and there is no traceback.

ZHFIX_KILLS=200 kills that often (20 otherwise); ZHFIX_FILES=100000 makes that many tiny files (300 otherwise).
"""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DAMAGED = "廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會"
FIXED = "廣州市番禺區召開高質量發展大會"
RUN = [sys.executable, "-m", "zhfix", "-t", "keep", "--only", "gloss"]
KILLS = int(os.environ.get("ZHFIX_KILLS", "20"))
FILES = int(os.environ.get("ZHFIX_FILES", "300"))

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals, mounts and /dev are POSIX's")


def zhfix(
    *args: str | Path, data: bytes = b"", **more: object
) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [*RUN, *map(str, args)], input=data, capture_output=True, check=False, **more
    )  # type: ignore[call-overload]
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert done.stderr == b"" or done.stderr.startswith((b"zhfix: ", b"/", b"{"))
    return done  # type: ignore[no-any-return]


def started(*args: str | Path, **more: object) -> subprocess.Popen[bytes]:
    """The command as a shell in the foreground starts it: an interrupt that this process ignores (a
    crawl of Scrapy's leaves it so, and a job in the background begins so) would be ignored there too.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen([*RUN, *map(str, args)], **more)  # type: ignore[call-overload,no-any-return]
    finally:
        signal.signal(signal.SIGINT, before)


def workers_of(pid: int) -> list[int]:
    """The processes that `pid` started, as Linux lists them."""
    rows = (
        path.read_text(errors="replace")
        for path in Path("/proc").glob("[0-9]*/stat")
        if path.exists()
    )
    parents = {}
    for row in rows:
        number, _, rest = row.partition(" (")
        parents[int(number)] = int(rest.rpartition(") ")[2].split()[1])
    return [child for child, parent in parents.items() if parent == pid]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def ended(pids: list[int]) -> bool:
    """Whether all of them are gone, waiting for it a while."""
    for _ in range(200):
        if not any(map(is_alive, pids)):
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="module")
def versions() -> tuple[bytes, bytes]:
    """A file of some blocks, before and after."""
    old = "".join(f"{DAMAGED}第{i}行\n" for i in range(9_000)).encode()
    done = zhfix(data=old)
    assert done.returncode == 0 and done.stdout == old.decode().replace(DAMAGED, FIXED).encode()
    return old, done.stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_kill_leaves_the_old_file_or_the_new_one(
    jobs: str, tmp_path: Path, versions: tuple[bytes, bytes]
) -> None:
    old, new = versions
    rng = random.Random(jobs)
    begin = time.monotonic()
    page = tmp_path / "page.txt"
    page.write_bytes(old)
    assert zhfix("-i", "-q", "-j", jobs, page).returncode == 0
    whole = time.monotonic() - begin
    seen = {old: 0, new: 0}
    for _ in range(KILLS):
        page.write_bytes(old)
        page.chmod(0o640)
        run = started("-i", "-q", "-j", jobs, page, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0, 1.1 * whole))
        children = workers_of(run.pid) if sys.platform == "linux" else []
        run.kill()
        run.wait()
        assert ended(children), "a worker outlived the command"
        found = page.read_bytes()
        assert found in seen, "half written"
        seen[found] += 1
        assert page.stat().st_mode & 0o777 == 0o640
        left = [path for path in tmp_path.iterdir() if path != page]
        assert all(
            path.name.startswith(".page.txt.") and path.name.endswith(".zhfix") for path in left
        )
    assert seen[old]  # otherwise no kill came in the middle


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 128 + signal.SIGTERM)]
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_cleans_up(number: int, code: int, jobs: str, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    data = f"{DAMAGED}\n".encode() * 100_000
    page.write_bytes(data)
    run = started("-i", "-j", jobs, page, stderr=subprocess.PIPE, start_new_session=True)
    for _ in range(600):  # until it writes, or has workers
        time.sleep(0.02)
        if len(list(tmp_path.iterdir())) > 1 or (jobs == "2" and len(workers_of(run.pid)) == 2):
            break
    children = workers_of(run.pid)
    os.killpg(run.pid, number)
    assert run.wait(60) == code
    assert run.stderr is not None
    assert run.stderr.read() == b""
    run.stderr.close()
    assert ended(children)
    assert [path.name for path in tmp_path.iterdir()] == ["page.txt"]
    assert page.read_bytes() == data


def test_a_killed_worker_ends_the_run_with_a_word(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    data = f"{DAMAGED}\n".encode() * 200_000
    page.write_bytes(data)
    run = started("-i", "-j", "2", page, stderr=subprocess.PIPE)
    children: list[int] = []
    for _ in range(600):
        time.sleep(0.02)
        children = workers_of(run.pid)
        if len(children) == 2:
            break
    os.kill(children[0], signal.SIGKILL)
    _, err = run.communicate(timeout=100)
    assert run.returncode == 2 and b"ended from outside" in err and err.count(b"\n") == 1
    assert ended(children)
    assert page.read_bytes() == data and [path.name for path in tmp_path.iterdir()] == ["page.txt"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB."""
    with mounted(tmp_path / "disk", "size=256k") as folder:
        yield folder


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"mounting a small disk needs root: {done.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs")
def test_a_full_disk_leaves_the_file(small_disk: Path) -> None:
    page = small_disk / "page.txt"
    data = f"{DAMAGED}\n".encode() * 3_000
    page.write_bytes(data)
    small = small_disk / "small.txt"
    small.write_text(DAMAGED, encoding="utf-8")
    done = zhfix("-i", page, small)
    assert done.returncode == 2 and b"No space left on device" in done.stderr
    assert page.read_bytes() == data
    assert small.read_text(encoding="utf-8") == FIXED  # the next one has room
    done = zhfix(page, "-o", small_disk / "new.txt")
    assert done.returncode == 2 and b"No space left" in done.stderr
    for unbuffered in ("", "1"):  # then Python writes a part and says so
        with (small_disk / "redirected").open("wb") as out:
            run = subprocess.run(
                [*RUN, str(page)],
                stdout=out, stderr=subprocess.PIPE, check=False,
                env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            )  # fmt: skip
        assert (
            run.returncode == 2
            and run.stderr == b"zhfix: cannot write the output: No space left on device\n"
        )
    assert {path.name for path in small_disk.iterdir()} == {"page.txt", "small.txt", "redirected"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("size", [1, 100_000])
def test_an_output_that_takes_nothing(size: int) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            RUN, input=b"a\n" * size, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr == b"zhfix: cannot write the output: No space left on device\n"


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a read-only file system")
def test_a_read_only_folder(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=1m") as folder:
        page = folder / "page.txt"
        page.write_text(DAMAGED, encoding="utf-8")
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        done = zhfix("-i", page)
        assert done.returncode == 2
        assert b"cannot write beside it, left as it was: Read-only file system" in done.stderr
        assert page.read_text(encoding="utf-8") == DAMAGED
        assert zhfix(page).stdout.decode() == FIXED  # reading needs no rights to write


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_no_right_to_read(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(DAMAGED, encoding="utf-8")
    page.chmod(0)
    done = zhfix("-i", page)
    assert done.returncode == 2 and b"Permission denied" in done.stderr


def test_a_closed_pipe_ends_the_workers() -> None:
    source = started("-t", "keep", "/dev/zero", stdout=subprocess.PIPE)
    run = started("-j", "2", stdin=source.stdout, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert source.stdout and run.stdout and run.stderr
    source.stdout.close()
    run.stdout.read(10)
    run.stdout.close()
    assert run.wait(100) == 0
    assert run.stderr.read() == b""
    run.stderr.close()
    assert source.wait(100) == 0  # it reads without end, and its reader is gone


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_cut_gzip_file(jobs: str, tmp_path: Path) -> None:
    text = "".join(f"{i}第{i * i}行\n" for i in range(20_000)).encode()
    packed = gzip.compress(text)
    path = tmp_path / "a.gz"
    path.write_bytes(packed[: len(packed) // 2])
    done = zhfix("-j", jobs, path)
    assert done.returncode == 2
    assert (
        done.stderr.decode() == f"zhfix: {path}: the compressed file is cut: its end is missing\n"
    )
    assert len(done.stdout) > len(text) // 3 and text.startswith(done.stdout)
    before = path.read_bytes()
    assert zhfix("-i", "-j", jobs, path).returncode == 2
    assert path.read_bytes() == before
    path.write_bytes(packed[:1000] + b"\0\xff" * 20 + packed[1040:])
    assert zhfix("-j", jobs, path).returncode == 2
    path.write_bytes(b"no gzip")
    assert b"Not a gzipped file" in zhfix(path).stderr


def test_bytes_that_are_no_text_travel_through() -> None:
    rng = random.Random(7)
    noise = bytes(rng.randrange(256) for _ in range(200_000))
    assert zhfix(data=noise).stdout == noise
    holes = b"\0".join([DAMAGED.encode()] * 3) + b"\0" * 100_000
    assert zhfix(data=holes).stdout == holes.replace(DAMAGED.encode(), FIXED.encode())
    mixed = (
        f"{DAMAGED}\n".encode()
        + DAMAGED.encode("gb18030")
        + b"\n"
        + DAMAGED.encode("utf-16-le")
        + b"\n"
    )
    assert zhfix(data=mixed).stdout == mixed.replace(DAMAGED.encode(), FIXED.encode())


def test_many_tiny_files(tmp_path: Path) -> None:
    for i in range(FILES):
        folder = tmp_path / "tree" / str(i % 40)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{i}.txt").write_text(DAMAGED if i % 3 == 0 else "", encoding="utf-8")
    done = zhfix("-r", "-i", "-q", "-j", "2", tmp_path / "tree")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    for i in range(FILES):
        found = (tmp_path / "tree" / str(i % 40) / f"{i}.txt").read_text(encoding="utf-8")
        assert found == (FIXED if i % 3 == 0 else "")
    assert sum(1 for path in (tmp_path / "tree").rglob("*") if path.is_file()) == FILES


@pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="names that are not UTF-8 exist on Linux"
)
def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff\xc7\xf8.txt"
    Path(os.fsdecode(path)).write_text(DAMAGED, encoding="utf-8")
    for args in (["-i.old"], ["-r", "-i", "--include", "*.txt"]):
        done = subprocess.run(
            [*RUN, *args, path if args[0] != "-r" else os.fsencode(tmp_path)],
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0 and b"Traceback" not in done.stderr
    assert Path(os.fsdecode(path)).read_text(encoding="utf-8") == FIXED
    assert Path(os.fsdecode(path + b".old")).read_text(encoding="utf-8") == DAMAGED


def test_a_file_that_another_program_writes_to_is_left(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(f"{DAMAGED}\n".encode() * 150_000)
    run = started("-i", page, stderr=subprocess.PIPE)
    for _ in range(600):  # until the new version is begun
        time.sleep(0.02)
        if len(list(tmp_path.iterdir())) > 1:
            break
    page.write_text("new words", encoding="utf-8")
    _, err = run.communicate(timeout=100)
    assert run.returncode == 2 and b"left as it is" in err
    assert page.read_text(encoding="utf-8") == "new words"
    assert [path.name for path in tmp_path.iterdir()] == ["page.txt"]


def test_the_same_file_twice_and_odd_files(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(DAMAGED, encoding="utf-8")
    (tmp_path / "link").symlink_to(page)
    done = zhfix("-i", page, tmp_path / "link", page, tmp_path, "/dev/null", tmp_path / "none")
    assert done.returncode == 2 and page.read_text(encoding="utf-8") == FIXED
    words = done.stderr.decode()
    assert words.count("repaired") == 1
    for part in ("is a folder: add -r", "regular files only", "No such file"):
        assert part in words
    assert zhfix("-o", "/dev/null", page).returncode == 0 and Path("/dev/null").is_char_device()


def test_streams_that_are_closed_and_places_that_are_not_there(tmp_path: Path) -> None:
    command = " ".join(RUN)
    done = subprocess.run(f"{command} none 2>&-", shell=True, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    for place in (tmp_path / "no" / "such", tmp_path):
        done = zhfix("-o", place, data=b"a")
        assert done.returncode == 2 and done.stderr.startswith(f"zhfix: {place}: ".encode())


def test_a_stream_under_its_name_is_written_to_where_it_stands(tmp_path: Path) -> None:
    page, log = tmp_path / "page.txt", tmp_path / "log"
    page.write_text(DAMAGED, encoding="utf-8")
    for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        if not Path(name).exists():
            continue
        log.write_bytes(b"before\n")
        with log.open("ab") as out:
            run = subprocess.run([*RUN, "-o", name, str(page)], stdout=out, check=False)
        assert run.returncode == 0 and log.read_text(encoding="utf-8") == f"before\n{FIXED}"
    done = zhfix("-o", "/dev/fd/99", page)
    assert done.returncode == 2 and b"Bad file descriptor" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="named pipes are POSIX's")
def test_a_named_pipe_as_output(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    page = tmp_path / "page.txt"
    page.write_bytes(f"{DAMAGED}\n".encode() * 20_000)
    run = started("-o", pipe, page)
    with pipe.open("rb") as file:
        read = file.read()
    assert run.wait(100) == 0
    assert read == f"{FIXED}\n".encode() * 20_000
    assert pipe.is_fifo()
