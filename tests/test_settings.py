"""Settings in pyproject.toml, beside the flags."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

DAMAGED = "廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會"
FIXED = "廣州市番禺區召開高質量發展大會"


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 has no TOML reader")
def test_settings_in_pyproject(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "pyproject.toml"
    data = f'{{"body": "{DAMAGED}"}}\n'.encode()

    def configured(text: str, *args: str) -> tuple[int, bytes, str]:
        config.write_text(f"[tool.zhfix]\n{text}\n", encoding="utf-8")
        done: tuple[int, bytes, str] = run("--jsonl", *args, data=data)
        return done

    assert FIXED in configured('field = ["body"]\njobs = 1').out.decode()
    assert FIXED in configured('field = "nothing"', "--field", "body").out.decode()
    assert "发展" in configured('field = "body"\nto = "hans"').out.decode()
    assert "发展" in configured('field = "body"\nto = "hant"', "-t", "hans").out.decode()
    assert DAMAGED in configured('field = "body"\nonly = "quote"').out.decode()
    assert "番邑" in configured('field = "body"\nword = ["番禺=番邑"]').out.decode()
    for wrong, says in (
        ("jobs = true", "jobs is no bool"),
        ("field = 3", "a string or a list"),
        ('color = "mauve"', "use one of auto"),
        ("nonsense = 1", "unknown option"),
        ('encoding = "utf-9"', "unknown encoding"),
    ):
        done = configured(wrong)
        assert done.code == 2 and says in done.err, (wrong, done.err)


def test_settings_that_need_another_flag_may_stand_in_a_configuration(  # type: ignore[no-untyped-def]
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.zhfix]\nfield = "text"\n', encoding="utf-8")
    assert run(data="區(qū)".encode()).out == "區".encode()
    (tmp_path / "pyproject.toml").write_text("[tool.zhfix]\nfield_ = 1\n", encoding="utf-8")
    done = run(data="區(qū)".encode())
    assert done.code == 2 and "pyproject.toml: unknown option 'field_'" in done.err


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="the configuration is read from Python 3.11 on"
)
@pytest.mark.parametrize(
    "line",
    ['jobs = "many"', "jobs = -3", 'encoding = "rot13"', 'word = ["a=b", "c"]', "encoding = 3"],
)
def test_what_is_wrong_in_a_configuration_is_named_with_its_file(  # type: ignore[no-untyped-def]
    line: str, run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.zhfix]\n{line}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = run(data=b"a")
    assert (done.code, done.out) == (2, b"")
    assert done.err.startswith(f"zhfix: {tmp_path / 'pyproject.toml'}: ")
