"""What loading zhfix may pull in, how much memory a pipe may take, and how large the tables may be.
No test times anything.
"""

from __future__ import annotations

import subprocess
import sys
import zlib
from pathlib import Path

import pytest

import zhfix

FORBIDDEN = (
    "numpy",
    "ftfy",
    "chardet",
    "dataclasses",
    "opencc",
    "pandas",
    "importlib.metadata",
    "typing",
)


def _modules(code: str) -> set[str]:
    run = f"import sys; {code}; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_pulls_in_nothing_heavy() -> None:
    assert not _modules("import zhfix").intersection(FORBIDDEN)


@pytest.mark.parametrize(
    "code",
    [
        "import zhfix; zhfix.fix('區(qū)')",
        "import zhfix; zhfix.fix('头发', 'hant')",
        "import zhfix; zhfix.detect('头发')",
        "from zhfix.cli import main; main(['--version'])",
    ],
)
def test_short_text_never_loads_the_heavy_ones(code: str) -> None:
    assert not _modules(code).intersection({*FORBIDDEN} - {"typing"})


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's /proc")
def test_the_filter_runs_in_constant_memory(tmp_path: Path) -> None:
    """50 MB through the pipe: the peak stays what a few blocks take, far below the text."""
    line = "廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會，深入學(xué)習(xí)重要講話精神。\n".encode()
    path = tmp_path / "input.txt"
    clean = "广州市番禺区召开高质量发展大会，深入学习重要讲话精神。\n".encode()
    path.write_bytes(line * 2_000 + clean * (50_000_000 // len(clean)))
    code = (
        "import sys; from zhfix.cli import main; code = main(sys.argv[1:]);"
        "peak = next(row for row in open('/proc/self/status') if row.startswith('VmHWM'));"
        "sys.stderr.write(peak.split()[1]); sys.exit(code)"
    )
    with path.open("rb") as file:
        done = subprocess.run(
            [sys.executable, "-c", code],
            stdin=file,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=True,
        )
    assert int(done.stderr) < 100_000  # KiB on Linux


def test_the_wheel_and_its_model_keep_their_budgets() -> None:
    """A wheel deflates each file: 6 MB in all, of which the model 3 MB."""
    folder = Path(zhfix.__file__).parent
    sizes = {
        path.name: len(zlib.compress(path.read_bytes()))
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert 2_000_000 < sum(sizes.values()) < 6_000_000
    assert sizes["model.bin"] < 3_000_000
