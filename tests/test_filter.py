"""The filter beyond plain text: records, compressed files, folders, several processes."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zhfix
from zhfix import blocks, stream
from zhfix.flags import FLAGS
from zhfix.json_lines import literals

DAMAGED = "廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會"
FIXED = "廣州市番禺區召開高質量發展大會"
CLEAN = "干净的一行"

RECORDS = (
    f'{{"id": 1.50,  "text": "{DAMAGED}", "n": 12345678901234567890123}}\r\n'
    f'{{"text": "{CLEAN}", "x": 1e5, "text": "{CLEAN}"}}\n'
    "\n"
    '{"text": "\\u5340(q\\u016b)\\u53ec\\u958b\\u767c(f\\u0101)\\u5c55", "lone": "\\ud800"}\n'
    f'{{"meta": {{"title": "{DAMAGED}", "a.b": ["{DAMAGED}", null, 3]}}, "text": null}}'
)


def test_records_keep_every_other_byte(run) -> None:  # type: ignore[no-untyped-def]
    done = run("--jsonl", data=RECORDS.encode())
    want = RECORDS.replace(f'"text": "{DAMAGED}"', f'"text": "{FIXED}"')
    want = want.replace("(q\\u016b)", "").replace("(f\\u0101)", "")
    assert (done.code, done.out.decode(), done.err) == (0, want, "")
    nested = run("--jsonl", "--field", "meta.title", "--field", r"meta.a\.b", data=RECORDS.encode())
    assert nested.out.decode() == RECORDS.replace(
        f'"title": "{DAMAGED}", "a.b": ["{DAMAGED}"', f'"title": "{FIXED}", "a.b": ["{FIXED}"'
    )


BAD = [
    b"not json", b"[1]", b'"text"', b'{"text": "\xff"}', b'{"text": "a" "b"}', b'{"text": }',
    b'{"text": "a"} x', b'{"text": "a\x01"}', b'{"text"}', b"{", b"[" * 100_000, b'{"text":' + b"[" * 100_000,
    b'{"a": tru}', b"{'text': 1}", b'{"text": "a",}', b"\0",
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: repr(bad[:12]))
def test_a_bad_record_is_named_and_kept_skipped_or_fatal(bad: bytes, run) -> None:  # type: ignore[no-untyped-def]
    good = f'{{"text": "{DAMAGED}"}}\n'.encode()
    fixed = f'{{"text": "{FIXED}"}}\n'.encode()
    data = good + bad + b"\n" + good
    for args, want in (
        ((), fixed + bad + b"\n" + fixed),
        (("--on-error", "skip"), fixed + fixed),
        (("--on-error", "stop"), fixed),
    ):
        done = run("--jsonl", *args, data=data)
        assert (done.code, done.out) == (2, want)
        assert done.err.startswith("zhfix: standard input: line 2: ") and done.err.count("\n") == 1


def test_many_bad_records_are_counted(run) -> None:  # type: ignore[no-untyped-def]
    done = run("--jsonl", data=b"x\n" * 100)
    assert done.out == b"x\n" * 100
    assert done.err.count("\n") == 21 and "and 80 more bad records" in done.err


def test_a_field_that_no_record_has_is_an_error(run) -> None:  # type: ignore[no-untyped-def]
    done = run("--jsonl", "--field", "txet", data=RECORDS.encode())
    assert (done.code, done.out) == (2, RECORDS.encode()) and "--field" in done.err
    assert run("--jsonl", data=b"").code == 0


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=12,
    )
)
def test_the_scanner_reads_what_json_writes(value: object) -> None:
    record = json.dumps({"a": value, "text": "好", "b": {"text": value}}, indent=1)
    found = literals(record, (("text",), ("b", "text")))
    assert "好" in [text for _, _, text in found]
    assert all(json.loads(record[start:end]) == text for start, end, text in found)


TABLE = (
    '\ufeffid,"text",n\r\n'
    f'1,"{DAMAGED}\r\n,""x""",3\r\n'
    f'2,{DAMAGED},"{DAMAGED}"\r\n'
    "\r\n"
    f'"3", {DAMAGED} ,\r\n'
    f"4,{CLEAN}"
)


def test_tables_keep_every_other_byte(run) -> None:  # type: ignore[no-untyped-def]
    done = run("--csv", "--column", "text", data=TABLE.encode())
    keep = f'"{DAMAGED}"\r\n\r\n'
    want = TABLE.replace(keep, "KEEP").replace(DAMAGED, FIXED).replace("KEEP", keep)
    assert (done.code, done.out.decode(), done.err) == (0, want, "")
    cells = list(csv.reader(io.StringIO(done.out.decode(), newline="")))
    assert cells[1] == ["1", f'{FIXED}\r\n,"x"', "3"]
    by_number = run("--csv", "--column", "3", data=f"a,b,{DAMAGED}\n".encode())
    assert by_number.out.decode() == f"a,b,{FIXED}\n"
    plain = f'a\tb\n{DAMAGED}\t"{DAMAGED}\n'
    done = run("--tsv", "--column", "b", data=plain.encode())
    assert done.out.decode() == f'a\tb\n{DAMAGED}\t"{FIXED}\n'


@pytest.mark.parametrize(
    ("args", "data", "says"),
    [
        (["--csv", "--column", "nope"], "a,b\n", "the first row has a, b"),
        (["--csv"], "", "need a --column"),
        (["--csv", "--jsonl", "--column", "a"], "", "do not go together"),
        (["--jsonl", "--diff"], "", "reads plain text"),
        (["--jsonl", "-e", "utf-16"], "{}", "has no lines"),
        (["--jsonl", "--on-error", "pray"], "", "invalid choice"),
        (["-j", "many"], "", "a number of processes"),
        (["-j", "-1"], "", "a number of processes"),
        (["--csv", "--column", "a", "-u"], "", "may be several"),
        (["-o", "x", "--check"], "", "do not go together"),
        (["-i", "--backup", "a/b", "x"], "", "not a path"),
        (["-i", "--backup", "", "x"], "", "a suffix such as .bak"),
        (["--completion", "tcsh"], "", "invalid choice"),
    ],
)
def test_errors_are_clear(args: list[str], data: str, says: str, run) -> None:  # type: ignore[no-untyped-def]
    done = run(*args, data=data.encode())
    assert (done.code, done.out) == (2, b"") and says in done.err


def test_a_row_that_is_none_stays(run) -> None:  # type: ignore[no-untyped-def]
    data = f'a,b\n{DAMAGED},"x"y\n{DAMAGED},"open\n'.encode()
    done = run("--csv", "--column", "a", data=data)
    assert done.code == 2 and "line 2: no row" in done.err
    assert done.out.startswith(f'a,b\n{DAMAGED},"x"y\n'.encode()) and done.out.endswith(b'"open\n')


def test_gzip_and_zstd_by_suffix(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    packed = tmp_path / "a.txt.gz"
    packed.write_bytes(gzip.compress(f"{DAMAGED}\n".encode()))
    assert run(packed).out.decode() == f"{FIXED}\n"
    assert run("-i.old", packed).code == 0
    assert gzip.decompress(packed.read_bytes()).decode() == f"{FIXED}\n"
    assert gzip.decompress((tmp_path / "a.txt.gz.old").read_bytes()).decode() == f"{DAMAGED}\n"
    before = packed.stat().st_mtime_ns
    assert run("-i", packed).code == 0 and packed.stat().st_mtime_ns == before
    zstd = tmp_path / "b.zst"
    module = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
    pytest.importorskip(module, reason="needs the extra zhfix[zst]")
    assert run(packed, "-o", zstd).code == 0
    assert zstd.read_bytes().startswith(b"\x28\xb5\x2f\xfd")
    assert run(zstd).out.decode() == f"{FIXED}\n"


def test_zstd_that_is_not_installed_says_what_to_install(
    run,  # type: ignore[no-untyped-def]
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    (tmp_path / "a.zst").write_bytes(b"")
    done = run(tmp_path / "a.zst")
    assert done.code == 2 and "pip install 'zhfix[zst]'" in done.err


def test_output_is_written_whole_or_not_at_all(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page = tmp_path / "page.txt"
    page.write_text(DAMAGED, encoding="utf-8")
    assert run(page, "-o", page).code == 0
    assert page.read_text(encoding="utf-8") == FIXED
    assert run("-o", tmp_path / "new.txt", data=b"").code == 0
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "new.txt").stat().st_mode & 0o777 == 0o666 & ~mask
    done = run(page, tmp_path / "missing", "-o", page)
    assert done.code == 2 and "not written" in done.err
    assert page.read_text(encoding="utf-8") == FIXED
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.txt", "page.txt"]


def test_records_of_several_files_stay_apart(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text('{"text": "好"}' if name < "c" else "", encoding="utf-8")
    done = run("--jsonl", tmp_path / "a", tmp_path / "c", tmp_path / "b")
    assert done.out.decode() == '{"text": "好"}\n{"text": "好"}'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        "b/two.txt",
        "a/one.txt",
        "a/three.md",
        ".git/config",
        "a/.hidden",
        "skip/four.txt",
    ):
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{DAMAGED}\n", encoding="utf-8")
    (tmp_path / "tree" / "picture").write_bytes(b"\0\x89PNG" + DAMAGED.encode())
    return tmp_path / "tree"


def test_folders(tree: Path, run) -> None:  # type: ignore[no-untyped-def]
    done = run("-r", "--check", tree)
    named = [Path(row.split(": ")[0]).name for row in done.err.splitlines()]
    assert (done.code, named) == (1, ["one.txt", "three.md", "two.txt", "four.txt"])
    done = run(
        "-r", "--check", "--include", "*.txt", "--exclude", "skip", "--exclude", "a/o*", tree
    )
    assert [Path(row.split(": ")[0]).name for row in done.err.splitlines()] == ["two.txt"]
    assert "folder" in run("-i", tree).err
    done = run("-r", "-i", "--stats", "-q", tree)
    assert done.code == 0
    counts = json.loads(done.err)
    assert (counts["files"], counts["changed"], counts["skipped"]) == (4, 4, 1)
    assert counts["edits"] == {"gloss": 12}
    assert (tree / "a/.hidden").read_text(encoding="utf-8") == f"{DAMAGED}\n"
    assert (tree / "picture").read_bytes().endswith(DAMAGED.encode())


@pytest.mark.parametrize("mode", ["--detect", "--explain", "--diff"])
def test_what_is_told_of_a_folder_leaves_binary_files_out(  # type: ignore[no-untyped-def]
    mode: str, tree: Path, run
) -> None:
    told = run("-r", mode, tree).out.decode("utf-8", "replace")
    assert "one.txt" in told and "picture" not in told
    assert "picture" in run(mode, tree / "picture").out.decode("utf-8", "replace")


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_stream_is_cut_where_a_string_is(
    chunk: int, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 20)
    monkeypatch.setattr(blocks, "LONGEST_LINE", 50)
    monkeypatch.setattr(stream, "CHUNK", chunk)
    text = "好。" * 90 + "\n" + "一二三\n" * 30 + "長" * 120 + "𠀀" * 9 + "\n\nend"
    data = text.encode(encoding)
    read = list(stream.texts(io.BytesIO(data), encoding))
    assert (
        read
        == list(blocks.blocks(text))
        == list(blocks.gathered(text[i : i + 7] for i in range(0, len(text), 7)))
    )
    assert "".join(read) == text and max(map(len, read)) <= 50


def test_mixed_encodings_are_read_line_by_line(run) -> None:  # type: ignore[no-untyped-def]
    old, new = f"{DAMAGED}\n".encode("gb18030"), f"{DAMAGED}{CLEAN}\n".encode()
    data = (new + old) * 20
    done = run("-e", "auto", "-t", "keep", data=data)
    want = f"{FIXED}{CLEAN}\n".encode() + f"{FIXED}\n".encode("gb18030")
    assert (done.code, done.out) == (0, want * 20)
    assert run(
        "-e", "auto", "-t", "keep", "--output-encoding", "utf-8", data=data
    ).out.decode() == (f"{FIXED}{CLEAN}\n{FIXED}\n" * 20)
    raw = f"{CLEAN}\n".encode() + f"{CLEAN}\n".encode("gb18030")
    assert run(data=raw).out == raw  # not told, the other bytes travel through


def test_a_byte_order_mark_is_written_once(run) -> None:  # type: ignore[no-untyped-def]
    text = f"{CLEAN}\n" * 600_000
    for data in (text.encode(), f"\ufeff{text}".encode()):
        out = run("-t", "keep", "--only", "ad-word", "--output-encoding", "utf-16", data=data).out
        assert out.decode("utf-16") == text


def test_colour_and_the_environment(run, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    data = f"{DAMAGED}\n".encode()
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    assert b"\x1b[" not in run("--diff", data=data).out
    assert b"\x1b[31m-" in run("--diff", "--color", "always", data=data).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert b"\x1b[" in run("--diff", data=data).out
    assert b"\x1b[" not in run("--diff", "--color", "never", data=data).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert b"\x1b[" not in run("--diff", data=data).out


def test_every_flag_is_completed_and_in_the_manual(run) -> None:  # type: ignore[no-untyped-def]
    manual = run("--man").out.decode()
    for shell in ("bash", "zsh", "fish"):
        script = run("--completion", shell).out.decode()
        for flag in FLAGS:
            for name in flag.names:
                shown = (
                    name
                    if shell != "fish"
                    else f"-l {name[2:]}"
                    if name[:2] == "--"
                    else f"-s {name[1:]}"
                )
                assert shown in script
                assert name.replace("-", "\\-") in manual
        if shutil.which(shell):
            path = [
                shutil.which(shell) or shell,
                "--no-execute" if shell == "fish" else "-n",
                "/dev/stdin",
            ]
            done = subprocess.run(path, input=script.encode(), capture_output=True, check=False)
            assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
@pytest.mark.parametrize(
    ("words", "want"),
    [
        (["zhfix", "--output-e"], "--output-encoding"),
        (["zhfix", "--color", "a"], "auto always"),
        (["zhfix", "--to", "hans"], "hans"),
        (["zhfix", "--sure", ""], ""),
    ],
)
def test_bash_completes(words: list[str], want: str, run) -> None:  # type: ignore[no-untyped-def]
    script = run("--completion", "bash").out.decode()
    quoted = " ".join(f"'{word}'" for word in words)
    code = f'{script}\nCOMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _zhfix; echo "${{COMPREPLY[*]}}"'
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == want


def test_stats_count_what_explain_counts(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page = tmp_path / "page.txt"
    page.write_text(f"{DAMAGED}\n{CLEAN}\n", encoding="utf-8")
    counts = json.loads(run("--stats", page).err)
    assert counts["edits"] == zhfix.explain(page.read_text(encoding="utf-8")).counts()
    assert counts["bytes_in"] == page.stat().st_size
    counts = json.loads(run("--stats", "--jsonl", data=RECORDS.encode()).err)
    assert (counts["records"], counts["changed_records"], counts["bad_records"]) == (4, 2, 0)


def test_a_table_of_nothing_but_its_header_is_done(run) -> None:  # type: ignore[no-untyped-def]
    done = run("--csv", "--column", "title", data=b"id,title\n")
    assert (done.code, done.out, done.err) == (0, b"id,title\n", "")


def test_text_that_is_not_utf8_is_said_to_be(run) -> None:  # type: ignore[no-untyped-def]
    data = "廣州市番禺區".encode("gb18030")
    done = run(data=data)
    assert (done.code, done.out) == (0, data) and "try -e auto" in done.err
    assert run("-q", data=data).err == ""
    assert run(data="好，\n".encode() + b"\xff\n").err == ""


def test_a_long_line_among_mixed_encodings_is_cut_between_characters(run) -> None:  # type: ignore[no-untyped-def]
    """It was cut at a number of bytes: the half of a character made the whole part be read as GB18030."""
    sound = "今天我们去看了新的电影，很好看。"
    for size in range(3):
        long = "a" * size + sound * 30_000
        data = b"".join(
            line
            for _ in range(12_000)
            for line in (f"{sound}\n".encode(), f"{sound}\n".encode("gbk"))
        )
        data += f"{long}\n".encode() + f"{long}\n".encode("gbk")
        done = run("-e", "auto", "--output-encoding", "utf-8", data=data)
        want = f"{sound}\n" * 24_000 + f"{long}\n" * 2
        assert done.out == want.encode()


@pytest.mark.parametrize("encoding", ["gbk", "big5", "hz", "ascii"])
def test_utf8_that_is_read_as_something_else_is_said_to_be(encoding: str, run) -> None:  # type: ignore[no-untyped-def]
    text = "这是一段正常的文字，今天我们去看了新的电影。\n"
    done = run("-e", encoding, "-t", "keep", data=text.encode())
    assert done.out == text.encode()
    assert done.err == f"zhfix: standard input: it is UTF-8, not {encoding}: leave -e out\n"
    for label, data in (("gbk", text.encode("gbk")), ("gbk", b"plain"), ("utf-8", text.encode())):
        assert run("-e", label, data=data).err == ""
