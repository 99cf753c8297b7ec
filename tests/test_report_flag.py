"""--report of the command: the page beside every other output, where it may be written, what goes wrong, and its memory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

RUN = [sys.executable, "-m", "zhfix"]
DAMAGED = "廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會\n"


def zhfix_(*args: str, cwd: Path, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [*RUN, *args], input=data, capture_output=True, cwd=cwd, check=False, env=environment
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(f"好\n{DAMAGED}", encoding="utf-8")
    (tmp_path / "b.txt").write_text(DAMAGED * 2, encoding="utf-8")
    return tmp_path


def test_report_beside_the_text(folder: Path) -> None:
    args = ["--to", "hans", "a.txt", "-", "b.txt"]
    plain = zhfix_(*args, cwd=folder, data=DAMAGED.encode())
    done = zhfix_("--report", "out.html", *args, cwd=folder, data=DAMAGED.encode())
    assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, b"")
    html = (folder / "out.html").read_text(encoding="utf-8")
    assert all(f"<h2>{name}</h2>" in html for name in ("a.txt", "standard input", "b.txt"))
    assert html.startswith("<!DOCTYPE html>") and html.endswith("</html>\n")
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "b.txt", "out.html"]
    assert (folder / "out.html").stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize(
    ("mode", "code"),
    [("--check", 1), ("--diff", 1), ("--explain", 0), ("-i", 0), ("-j2", 0), ("-u", 0)],
)
def test_report_goes_with_every_mode_that_repairs(folder: Path, mode: str, code: int) -> None:
    zhfix_("--report", "want.html", "a.txt", "b.txt", cwd=folder)
    done = zhfix_(mode, "--report", "out.html", "a.txt", "b.txt", cwd=folder)
    assert done.returncode == code
    if mode == "-u":  # each line is judged alone
        assert (folder / "out.html").read_bytes().count(b"<article") == 3
    else:
        assert (folder / "out.html").read_bytes() == (folder / "want.html").read_bytes()


def test_records_are_shown_with_their_lines(tmp_path: Path) -> None:
    rows = [{"id": n, "text": "好" if n % 3 else DAMAGED} for n in range(7)]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (tmp_path / "a.jsonl").write_text("\n".join([*lines, "{bad"]), encoding="utf-8")
    done = zhfix_("--jsonl", "--stats", "--report", "out.html", "a.jsonl", cwd=tmp_path)
    assert done.returncode == 2
    assert json.loads(done.stderr.splitlines()[-1])["edits"] == {"gloss": 9}
    html = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert re.findall(r">line (\d+)<", html) == ["1", "4", "7"]
    assert "line 8: no JSON object" in html
    table = "name,title\nx,好\ny," + DAMAGED
    (tmp_path / "a.csv").write_text(table, encoding="utf-8")
    assert (
        zhfix_(
            "--csv", "--column", "title", "--report", "out.html", "a.csv", cwd=tmp_path
        ).returncode
        == 0
    )
    assert ">line 3<" in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_files_found_in_folders(folder: Path) -> None:
    (folder / "binary.txt").write_bytes(b"\0" + DAMAGED.encode())
    (folder / "empty.txt").touch()
    assert zhfix_("-r", "--report", "out.html", ".", cwd=folder).returncode == 0
    html = (folder / "out.html").read_text(encoding="utf-8")
    assert "3 files" in html and "1 file with nothing to report" in html and "binary" not in html


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--report", "no/such/out.html", "a.txt"], "there is no such folder"),
        (["--report", "a.txt", "a.txt"], "another file of this run"),
        (["-o", "out.html", "--report", "out.html", "a.txt"], "another file of this run"),
        (["--report", ".", "a.txt"], "no regular file"),
        (["--report", "-", "a.txt"], "needs the name of a file"),
        (["--detect", "--report", "out.html", "a.txt"], "--detect makes none"),
    ],
)
def test_where_no_page_can_be_written(folder: Path, args: list[str], says: str) -> None:
    before = (folder / "a.txt").read_bytes()
    done = zhfix_(*args, cwd=folder)
    assert (done.returncode, done.stdout) == (2, b"")
    assert says in done.stderr.decode()
    assert (folder / "a.txt").read_bytes() == before


def test_a_file_that_fails_is_named_on_the_page(folder: Path) -> None:
    done = zhfix_("--report", "out.html", "no.txt", "a.txt", cwd=folder)
    assert done.returncode == 2
    html = (folder / "out.html").read_text(encoding="utf-8")
    assert "no.txt" in html and "No such file" in html and "<h2>a.txt</h2>" in html


def test_a_page_that_cannot_be_written_is_a_clear_error(folder: Path) -> None:
    """As on a full disk: the old page stays, and nothing is left beside it."""
    (folder / "out.html").write_text("old", encoding="utf-8")
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000));"
        "from zhfix.cli import main; sys.exit(main(['--report', 'out.html', 'a.txt']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=folder, check=False
    )
    assert done.returncode == 2 and b"cannot write the page: File too large" in done.stderr
    assert (folder / "out.html").read_text(encoding="utf-8") == "old"
    assert len(list(folder.iterdir())) == 3


def test_the_old_page_is_replaced_and_its_link_kept(folder: Path) -> None:
    (folder / "old.html").write_text("old", encoding="utf-8")
    (folder / "link.html").symlink_to("old.html")
    assert zhfix_("--report", "link.html", "a.txt", cwd=folder).returncode == 0
    assert (folder / "link.html").is_symlink()
    assert "<article" in (folder / "old.html").read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's /proc")
def test_the_report_on_a_long_file_is_made_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(DAMAGED * 5_000 + "乾淨的一行。\n" * 400_000, encoding="utf-8")
    code = (
        "import sys; from zhfix.cli import main; code = main(sys.argv[1:]);"
        "peak = next(row for row in open('/proc/self/status') if row.startswith('VmHWM'));"
        "sys.stderr.write(peak.split()[1]); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--report", "out.html", "long.txt"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        check=True,
    )
    assert int(done.stderr) < 150_000  # KiB on Linux
    assert (tmp_path / "out.html").stat().st_size < 8_000_000
