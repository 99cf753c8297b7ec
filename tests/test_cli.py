"""The command: bytes in and out, exit codes, modes, configuration, and that no error of a user's
becomes a traceback.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

DAMAGED = "廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會"
FIXED = "广州市番禺区召开高质量发展大会"
RUN = [sys.executable, "-m", "zhfix"]


def zhfix(
    *args: str, data: bytes = b"", cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run([*RUN, *args], input=data, capture_output=True, cwd=cwd, check=False)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_bytes(f"{DAMAGED}\r\n干净的一行\n".encode())
    return path


def test_filter() -> None:
    done = zhfix("--to", "hans", data=f"{DAMAGED}\n".encode())
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{FIXED}\n".encode(), b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        "一行\r\n两行\r三行\n没有换行".encode(),
        "\ufeff有标记\n".encode(),
        "坏\n".encode() + b"\xff\xfe\x80\n" + "好\0".encode(),
        b'plain ASCII (with) "quotes"\n',
        "图书館の本を読む\n".encode(),
        ("很长的一行" * 300_000).encode(),
    ],
)
def test_untouched_bytes_are_the_same(data: bytes) -> None:
    done = zhfix(data=data)
    assert (done.returncode, done.stdout) == (0, data)


def test_line_ends_and_bad_bytes_stay_where_text_changes() -> None:
    data = f"\ufeff{DAMAGED}\r\n".encode() + b"\xff\n" + f"{DAMAGED}".encode()
    want = f"\ufeff{FIXED}\r\n".encode() + b"\xff\n" + f"{FIXED}".encode()
    assert zhfix("-t", "hans", data=data).stdout == want


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs", "utf-16", "utf-16-le"])
def test_encoding_is_kept(encoding: str) -> None:
    text = (
        f"{DAMAGED}\n乾淨的一行\n" if encoding != "big5hkscs" else '廣州“智造城"再造\n乾淨的一行\n'
    )
    want = text.replace("(qū)", "").replace("(zhì)", "").replace("(fā)", "").replace('"', "”")
    done = zhfix("--to", "keep", "-e", encoding, data=text.encode(encoding))
    assert (done.returncode, done.stdout.decode(encoding)) == (0, want)


def test_output_encoding_and_what_does_not_fit() -> None:
    data = "网络".encode("gb18030")
    done = zhfix("-e", "gbk", "--output-encoding", "utf-8", data=data)
    assert done.stdout.decode() == "网络"
    done = zhfix("-e", "big5", "--to", "hans", data="這裡".encode("big5"))
    assert done.returncode == 2
    assert b"--output-encoding utf-8" in done.stderr


def test_encoding_is_guessed() -> None:
    text = "质量发展大会在广州市番禺区召开，深入学习重要讲话精神。\n"
    done = zhfix("-e", "auto", "--output-encoding", "utf-8", data=text.encode("gb18030"))
    assert done.stdout.decode() == text


def test_check(page: Path) -> None:
    done = zhfix("--check", str(page))
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"page.txt: would change" in done.stderr
    assert zhfix("--check", data="干净\n".encode()).returncode == 0


def test_diff(page: Path) -> None:
    before = page.read_bytes()
    done = zhfix("--diff", "--to", "hans", str(page))
    assert done.returncode == 1
    assert f"-{DAMAGED}\r\n+{FIXED}\r\n".encode() in done.stdout
    assert page.read_bytes() == before
    assert zhfix("--diff", data="干净\n".encode()).returncode == 0


def test_in_place(page: Path) -> None:
    page.chmod(0o640)
    link = page.with_name("link.txt")
    link.symlink_to(page)
    done = zhfix("-i", "--to", "hans", str(link))
    assert done.returncode == 0
    assert page.read_bytes() == f"{FIXED}\r\n干净的一行\n".encode()
    assert stat.S_IMODE(page.stat().st_mode) == 0o640
    assert link.is_symlink()
    before = page.stat()
    assert zhfix("-i", "--to", "hans", str(page)).returncode == 0
    assert page.stat().st_mtime_ns == before.st_mtime_ns
    assert {path.name for path in page.parent.iterdir()} == {"page.txt", "link.txt"}


def test_in_place_that_fails_leaves_the_file(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    data = "這裡的頭髮\n".encode("big5")
    path.write_bytes(data)
    done = zhfix("-i", "-e", "big5", "--to", "hans", str(path))
    assert done.returncode == 2
    assert path.read_bytes() == data
    assert [found.name for found in tmp_path.iterdir()] == ["page.txt"]


def test_detect(page: Path) -> None:
    done = zhfix("--detect", str(page), "-", data="头发\n".encode())
    first, second = map(json.loads, done.stdout.decode().splitlines())
    assert first["damage"] == {"gloss": 3}
    assert (second["file"], second["verdict"]) == ("standard input", "hans")


def test_explain_spans_rebuild_the_file(page: Path) -> None:
    text = page.read_bytes().decode()
    rows = [
        json.loads(row) for row in zhfix("--explain", "-t", "hans", str(page)).stdout.splitlines()
    ]
    made = [row for row in rows if row["made"]]
    for row in reversed(made):
        assert text[row["start"] : row["end"]] == row["before"]
        text = text[: row["start"]] + row["after"] + text[row["end"] :]
    assert text == f"{FIXED}\r\n干净的一行\n"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--to", "klingon"], "use one of auto, keep, hans"),
        (["--only", "nonsense"], "unknown rule"),
        (["--sure", "much"], "a number from 0 to 1"),
        (["--sure", "2"], "a number from 0 to 1"),
        (["--protect", "("], "no regular expression"),
        (["--word", "软件"], "write FROM=TO"),
        (["-e", "utf-9"], "unknown encoding"),
        (["-e", "base64"], "unknown encoding"),
        (["--check", "--diff"], "do not go together"),
        (["-i"], "needs the names of files"),
        (["--frobnicate"], "see zhfix --help"),
        (["no/such/file"], "No such file"),
        (["--field", "text"], "--field needs --jsonl"),
        (["--column", "1", "--jsonl"], "--column needs --csv or --tsv"),
        (["--include", "*.txt"], "--include needs -r"),
        (["--backup", ".old"], "--backup needs -i"),
        (["."], "is a folder: add -r"),
        ([""], "an empty name is no file's"),
    ],
)
def test_errors_are_clear(args: list[str], says: str, tmp_path: Path) -> None:
    done = zhfix(*args, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(b"zhfix: ")
    assert says in done.stderr.decode()


def test_other_files_are_done_after_an_error(page: Path) -> None:
    done = zhfix("--to", "hans", "no/such/file", str(page))
    assert done.returncode == 2
    assert done.stdout == f"{FIXED}\r\n干净的一行\n".encode()


def test_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(f"{DAMAGED}\n" * 40_000, encoding="utf-8")
    run = subprocess.Popen([*RUN, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout is not None and run.stderr is not None
    run.stdout.read(10)
    run.stdout.close()
    assert run.wait(60) == 0
    assert run.stderr.read() == b""
    run.stderr.close()


def test_unbuffered_writes_each_line_as_it_comes() -> None:
    run = subprocess.Popen(
        [*RUN, "-u", "-t", "hans"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert run.stdin is not None and run.stdout is not None
    run.stdin.write(f"{DAMAGED}\n".encode())
    run.stdin.flush()
    assert run.stdout.readline() == f"{FIXED}\n".encode()
    run.stdin.close()
    assert run.wait(60) == 0
    run.stdout.close()


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 reads no TOML")
def test_config_is_read_and_overridden(tmp_path: Path) -> None:
    config = tmp_path / "pyproject.toml"
    config.write_text('[tool.zhfix]\nto = "hans"\nskip = ["quote"]\n', encoding="utf-8")
    data = f"{DAMAGED}\n".encode()
    want = FIXED if sys.version_info >= (3, 11) else DAMAGED
    assert zhfix(data=data, cwd=tmp_path).stdout.decode().strip() in (want, FIXED)
    assert zhfix("-t", "keep", data=data, cwd=tmp_path).stdout.decode().startswith("廣")
    if sys.version_info >= (3, 11):
        config.write_text("[tool.zhfix]\nto = 'klingon'\n", encoding="utf-8")
        assert zhfix(data=data, cwd=tmp_path).returncode == 2
        assert zhfix("--no-config", data=data, cwd=tmp_path).returncode == 0
        config.write_text("[tool.zhfix\n", encoding="utf-8")
        done = zhfix(data=data, cwd=tmp_path)
        assert done.returncode == 2 and b"not valid TOML" in done.stderr


def test_version_and_rules() -> None:
    assert zhfix("--version").stdout.startswith(b"zhfix ")
    assert "\ngloss\ton\t" in "\n" + zhfix("--rules").stdout.decode()


@pytest.mark.skipif(os.name == "nt", reason="names that are not UTF-8 exist on POSIX only")
def test_file_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.txt"
    with open(path, "wb") as file:  # noqa: PTH123  # Path takes no bytes
        file.write(f"{DAMAGED}\n".encode())
    done = subprocess.run([*RUN, "--check", path], capture_output=True, check=False)
    assert done.returncode == 1 and b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("utf-16", "\ufeff好\n".encode("utf-16-be")),
        ("utf-16", "好\n".encode("utf-16-le")),
        ("utf-8-sig", "好\n".encode()),
        ("utf-8-sig", b"\xef\xbb\xbf" + "好\n".encode()),
        ("gb18030", "好\n".encode("gb18030") + b"\x80\xff\n"),
        ("auto", "\ufeff好\n".encode("utf-16-be")),
    ],
)
def test_untouched_bytes_are_the_same_in_any_encoding(encoding: str, data: bytes) -> None:
    done = zhfix("-e", encoding, data=data)
    assert (done.returncode, done.stdout) == (0, data)


@pytest.mark.parametrize(
    ("args", "data"),
    [
        (["-e", "utf-16-le"], b"\x00\xd8a"),
        (["-e", "utf-16", "-u"], "好\n".encode("utf-16")),
        (["-e", "idna"], b"a"),
        (["--output-encoding", "utf-16-le"], b"\xff"),
    ],
)
def test_what_no_encoding_carries_is_a_clear_error(args: list[str], data: bytes) -> None:
    done = zhfix(*args, data=data)
    assert done.returncode == 2 and done.stderr.startswith(b"zhfix: ")


def test_odd_surroundings(tmp_path: Path) -> None:
    config = tmp_path / "pyproject.toml"
    config.write_text("[tool]\nzhfix = 3\n", encoding="utf-8")
    if sys.version_info >= (3, 11):
        assert b"tool.zhfix is no table" in zhfix(data=b"a", cwd=tmp_path).stderr
    plain = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    for flag in ("--help", "--rules"):
        done = subprocess.run([*RUN, flag], capture_output=True, env=plain, check=False)
        assert done.returncode == 0 and b"Traceback" not in done.stderr
    shell = " ".join(RUN)
    for closing in ("<&-", ">&-"):
        done = subprocess.run(
            f"{shell} {closing}", shell=True, input=b"a", capture_output=True, check=False
        )
        assert done.returncode == 2 and b"Traceback" not in done.stderr
