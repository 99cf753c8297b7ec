"""How many of OpenCC's own expectations the dictionary engine meets: `python tests/bench/opencc_cases.py`."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path


def main() -> int:
    """Print passed and all, per config and in total; exit 1 when one fails."""
    from zhfix.convert.configs import CONFIGS
    from zhfix.convert.engine import engine_for

    path = Path(__file__).parents[1] / "test_engine.py"
    spec = importlib.util.spec_from_file_location("test_engine", path)
    assert spec is not None and spec.loader is not None
    tests = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tests)
    met, every = Counter[str](), Counter[str]()
    for text, expected in tests.opencc_cases():
        for name, want in expected.items():
            if name in CONFIGS:
                every[name] += 1
                met[name] += engine_for(name).convert(text) == want
    for name in every:
        print(f"{name}\t{met[name]} of {every[name]}")
    print(f"all\t{met.total()} of {every.total()}")
    return 0 if met == every else 1


if __name__ == "__main__":
    sys.exit(main())
