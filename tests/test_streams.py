"""Standard streams that are closed, full or left by who read them, names of every kind, and files that are one and the same: what a
shell does to a command. Nothing is lost, nothing is silent, and there is no traceback.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DAMAGED = "廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會\n"
FIXED = "廣州市番禺區召開高質量發展大會\n"
RUN = f"{sys.executable} -m zhfix --only gloss"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a shell's redirections")


def shell(line: str, folder: Path, **more: object) -> subprocess.CompletedProcess[bytes]:
    """What a shell makes of a line, in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "RUN": RUN}
    done = subprocess.run(
        ["sh", "-c", line], cwd=folder, env=environment, capture_output=True, check=False, **more
    )  # type: ignore[call-overload]
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert b"Exception ignored" not in done.stderr, done.stderr.decode()
    return done  # type: ignore[no-any-return]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in "abc":
        tmp_path.joinpath(name).write_text(DAMAGED, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_words_that_nobody_reads_stop_no_work(jobs: str, folder: Path) -> None:
    """`zhfix -i * 2>&1 | head -1`: the other files were left as they were, with exit code 0."""
    done = shell(f"exec 2>&1; {{ $RUN -i -j {jobs} a b c; echo $? > code; }} | head -c 0", folder)
    assert done.returncode == 0
    assert (folder / "code").read_text() == "0\n"
    assert [folder.joinpath(name).read_text("utf-8") for name in "abc"] == [FIXED] * 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("$RUN -i a b c 2>/dev/full", 0),
        ("$RUN --check a 2>/dev/full", 1),
        ("$RUN missing 2>/dev/full", 2),
        ("$RUN --bogus 2>/dev/full", 2),
        ("$RUN --stats a 2>/dev/full", 2),  # that was asked for
        ("$RUN --help >/dev/full", 2),
        ("$RUN --version >/dev/full", 2),
    ],
)
def test_a_full_device_gives_the_exit_code_that_it_should(
    line: str, code: int, folder: Path
) -> None:
    done = shell(line, folder)
    assert done.returncode == code
    if ">/dev/full" in line.replace("2>/dev/full", ""):
        assert done.stderr == b"zhfix: cannot write the output: No space left on device\n"


def test_a_closed_output_is_no_matter_where_nothing_goes_there(folder: Path) -> None:
    assert shell("$RUN -i a <&- >&-", folder).returncode == 0
    assert shell("$RUN b -o made >&- 2>&- <&-", folder).returncode == 0
    assert shell("$RUN --check c >&-", folder).returncode == 1
    assert [folder.joinpath(name).read_text("utf-8") for name in ("a", "made")] == [FIXED] * 2
    for line in ("$RUN c >&-", "$RUN -j 2 c >&-", "$RUN --version >&-", "$RUN --diff c <&- >&-"):
        done = shell(line, folder)
        assert done.returncode == 2
        assert done.stderr == b"zhfix: cannot write the output: it is closed: name a file with -o\n"


def test_names_are_shown_on_one_line_and_recorded_as_they_are(tmp_path: Path) -> None:
    names = [b"new\nline", b"esc\x1b[31m", b"not\xff", "正常".encode(), b"-x"]
    for name in names:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(DAMAGED, "utf-8")
    for locale in ("", "LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 "):
        done = shell(f"{locale}$RUN --check -- *", tmp_path)
        assert len(done.stderr.splitlines()) == len(names)
        assert b"new\\nline: would change" in done.stderr
        assert b"esc\\x1b[31m: would change" in done.stderr
        assert b"not\\xff: would change" in done.stderr
        found = shell(f"{locale}$RUN --detect -- *", tmp_path).stdout.decode().splitlines()
        assert {os.fsencode(json.loads(row)["file"]) for row in found} == set(names)
        diff = shell(f"{locale}$RUN --diff -- *", tmp_path).stdout
        heads = {row[4:] for row in diff.splitlines() if row.startswith(b"+++ ")}
        assert heads == {rb'"new\nline"', rb'"esc\033[31m"', b"not\xff", names[3], b"-x"}


def test_what_looks_like_a_flag_says_what_may_be_meant(folder: Path) -> None:
    (folder / "-x.txt").write_text(DAMAGED, encoding="utf-8")
    done = shell("$RUN -x.txt", folder)
    assert done.returncode == 2
    assert done.stderr.startswith(b"zhfix: there is no flag -x.txt: write ./-x.txt for the file")
    assert (
        b"there is no flag --inplace: is it --in-place?" in shell("$RUN --inplace a", folder).stderr
    )
    assert shell("$RUN ./-x.txt", folder).stdout == FIXED.encode()


@pytest.mark.parametrize("flag", ["-o", "--only", "-e", "--field", "-t", "-j", "--report"])
def test_an_empty_value_is_a_slip(flag: str, folder: Path) -> None:
    """`-o "$OUT"` with OUT unset wrote to the terminal."""
    done = shell(f'$RUN {flag} "" a', folder)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b" is empty (an unset variable?): give " in done.stderr
    assert b"zhfix: an empty name is no file's\n" in shell('$RUN -i ""', folder).stderr


@pytest.mark.parametrize("line", ["$RUN a >> a", "$RUN b a >> a", "$RUN < a >> a"])
def test_an_output_that_is_the_input_is_refused(line: str, folder: Path) -> None:
    """A file that is read while it grows has no end."""
    done = shell(line, folder)
    assert done.returncode == 2
    assert b"it is the output as well: use -i" in done.stderr
    assert (folder / "a").read_text("utf-8") == DAMAGED + (FIXED if " b " in line else "")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_each_hard_link_that_is_named_is_repaired(jobs: str, folder: Path) -> None:
    (folder / "hard").hardlink_to(folder / "a")
    (folder / "soft").symlink_to("a")
    done = shell(f"$RUN -i -j {jobs} a a ./a soft hard", folder)
    assert done.stderr.decode().split() == ["a:", "repaired", "hard:", "repaired"]
    assert (folder / "hard").read_text("utf-8") == FIXED == (folder / "a").read_text("utf-8")
    assert (folder / "soft").is_symlink()


def test_a_backup_that_is_a_hard_link_already(folder: Path) -> None:
    """Renaming one name of a file to another one of it does nothing: a hidden file was left."""
    (folder / "a.bak").hardlink_to(folder / "a")
    assert shell("$RUN -i.bak a", folder).returncode == 0
    assert sorted(path.name for path in folder.iterdir()) == ["a", "a.bak", "b", "c"]
    assert (folder / "a.bak").read_text("utf-8") == DAMAGED
    assert (folder / "a").read_text("utf-8") == FIXED


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="Linux has them")
def test_extended_attributes_stay(folder: Path) -> None:
    try:
        os.setxattr(folder / "a", "user.source", b"crawl")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    assert shell("$RUN -i a", folder).returncode == 0
    assert os.getxattr(folder / "a", "user.source") == b"crawl"


def test_a_folder_that_was_deleted_is_no_matter(folder: Path) -> None:
    done = shell(
        "mkdir gone; cd gone; rmdir ../gone; $RUN",
        folder,
        input=DAMAGED.encode(),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, FIXED.encode(), b"")


def test_too_little_memory_is_said_without_a_traceback(folder: Path) -> None:
    (folder / "long").write_text(DAMAGED * 20_000, encoding="utf-8")
    seen = set()
    for size in (60, 80, 100, 130, 200):
        done = shell(f"ulimit -v {size}000; $RUN long", folder)
        if b"OpenBLAS error" not in done.stderr:  # numpy's, which ends the process by itself
            seen.add(done.returncode)
        if done.returncode == 0:
            assert done.stdout == (FIXED * 20_000).encode()
    assert seen <= {0, 2}
