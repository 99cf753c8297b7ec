"""One running text for each kind of input that loads other tables: what the memory of the filter is measured on."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path

from texts import running

import zhfix

__all__ = ["ROWS", "clean_text", "kinds"]

# what is measured: the kind of text, and the target it is repaired to
ROWS = (
    *(("clean hans", "auto"), ("hant", "auto"), ("hant with strays", "auto"), ("both", "auto")),
    *(("mirror pages", "auto"), ("mojibake lines", "auto"), ("all kinds", "auto")),
    *(("hant", "hans"), ("hans", "hant"), ("hans", "hant-tw"), ("all kinds", "hant-tw")),
)


def kinds(n_bytes: int = 4_000_000) -> dict[str, str]:
    """Texts of about `n_bytes` by their kinds."""
    chance = random.Random(1)
    hans, hant = running(n_bytes)
    both = list(zip(hans.splitlines(), hant.splitlines(), strict=False))
    made = {
        "hans": hans,
        "hant": hant,
        "hant with strays": "\n".join(
            _with_strays(line, chance) if chance.random() < 0.1 else line
            for line in hant.splitlines()
        ),
        "both": "\n".join(chance.choice(pair) for pair in both),
        "mirror pages": _mirrored(hans[: len(hans) // 4]),
        "mojibake lines": "\n".join(
            _misread(line, chance) if chance.random() < 0.2 else line for line in hans.splitlines()
        ),
    }
    parts = [text[at : at + 50_000] for text in made.values() for at in range(0, len(text), 50_000)]
    chance.shuffle(parts)
    return {"clean hans": clean_text(n_bytes), **made, "all kinds": "\n".join(parts)}


def clean_text(n_bytes: int = 3_000_000) -> str:
    """The Simplified side of the development pairs, without the lines that the repair would change."""
    fixer = zhfix.Fixer()
    kept = [
        line for line in running(n_bytes)[0].splitlines(keepends=True) if fixer.fix(line) is line
    ]
    text = "".join(kept)
    while (fixed := fixer.fix(text)) is not text:  # in context
        pairs = zip(text.splitlines(keepends=True), fixed.splitlines(keepends=True), strict=True)
        text = "".join(old for old, new in pairs if old == new)
    return text


def _with_strays(line: str, chance: random.Random) -> str:
    """A few characters as Simplified has them."""
    simple = zhfix.convert(line, "hans", source="hant")
    if len(simple) != len(line):
        return line
    return "".join(b if chance.random() < 0.2 else a for a, b in zip(line, simple, strict=True))


def _misread(line: str, chance: random.Random) -> str:
    """A line read as another encoding than it was written in."""
    written, read = chance.choice(
        (("utf-8", "latin-1"), ("utf-8", "cp1252"), ("gb18030", "latin-1"), ("utf-8", "gb18030"))
    )
    return line.encode(written, "ignore").decode(read, "ignore").replace("\n", " ")


def _mirrored(text: str) -> str:
    """Pages of a mirror site, forty lines each, with all of its glosses."""
    path = Path(__file__).parents[1] / "corruptor.py"
    spec = importlib.util.spec_from_file_location("corruptor", path)
    assert spec is not None and spec.loader is not None
    corruptor = importlib.util.module_from_spec(spec)
    sys.modules["corruptor"] = corruptor
    spec.loader.exec_module(corruptor)
    keys = corruptor.key_list(72)
    lines = text.splitlines()
    pages = ("</p>\n".join(lines[i : i + 40]) for i in range(0, len(lines), 40))
    return "\n".join(corruptor.damage(page, keys).text for page in pages)


if __name__ == "__main__":  # a folder for the files, and bytes of each
    for kind, made in kinds(int(sys.argv[2])).items():
        (Path(sys.argv[1]) / kind).write_bytes(made.encode("utf-8", "surrogatepass"))
