"""What the hosts share: nulls, counts, pickles, and the tables loaded once per process."""

from __future__ import annotations

import copy
import doctest
import importlib
import pickle
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zhfix
from zhfix.hosts.batch import Batch, note, totals, verdicts
from zhfix.tables import load_rows

HOSTS = {
    "batch": None,
    "arrow": "pyarrow",
    "datatrove": "datatrove",
    "datasets": "datasets",
    "ray": "ray",
    "spark": "pyspark",
    "polars": "polars",
    "pandas": "pandas",
    "scrapy": "scrapy",
}


@pytest.mark.parametrize("name", HOSTS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_docstrings_run(name: str) -> None:
    if HOSTS[name] is not None:
        pytest.importorskip(HOSTS[name], reason=f"needs the extra zhfix[{name}]")
    failed, _ = doctest.testmod(importlib.import_module(f"zhfix.hosts.{name}"))
    assert failed == 0


def test_the_package_costs_nothing() -> None:
    run = "import sys, zhfix.hosts; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"pyarrow", "pandas", "polars", "numpy", "zhfix.hosts.batch", "zhfix.rules"}


def test_columns_keep_order_nulls_and_objects(
    texts: list[str | None], fixed: list[str | None], edits: dict[str, int]
) -> None:
    batch = Batch(to="hans")
    assert batch.column(texts) == fixed
    after, notes = batch.noted(texts)
    assert after == fixed
    assert totals(notes) == edits and edits
    for a, b, line in zip(texts, after, notes, strict=True):
        assert (a is b) == (line is None)


def test_nothing_in_a_column_is_nothing() -> None:
    batch = Batch()
    assert (
        batch.column([]) == []
        and batch.noted([]) == ([], [])
        and batch.noted([None]) == ([None], [None])
    )
    assert totals([]) == {} and verdicts([]) == [] and note({}) is None


@given(
    st.text(
        alphabet=st.one_of(st.characters(), st.sampled_from("區(qū)經濟濟头發ä¸­?")), max_size=60
    )
)
def test_what_is_counted_is_what_is_fixed(text: str) -> None:
    fixed, found = Batch(to="hans").counted(text)
    repair = zhfix.explain(text, to="hans")
    assert fixed == repair.text == zhfix.fix(text, to="hans")
    assert found == repair.counts()
    assert bool(found) == (fixed is not text)


@pytest.mark.parametrize("value", [b"bytes", 1, 1.5, ["text"]])
def test_what_is_no_text_is_an_error(value: Any) -> None:
    with pytest.raises(TypeError, match="takes str"):
        Batch().column([value])


def test_wrong_options_fail_where_they_are_written() -> None:
    with pytest.raises(zhfix.ZhfixError, match="unknown script"):
        Batch(to="latin")
    with pytest.raises(zhfix.ZhfixError, match="unknown option"):
        Batch(target="hans")


def test_the_pickle_is_the_options() -> None:
    one = Batch(to="hans", skip=["quote"], user_words={"奥巴马": "歐巴馬"})
    two = Batch(user_words={"奥巴马": "歐巴馬"}, skip=("quote",), to="zh-CN")
    assert one == two and hash(one) == hash(two)
    assert pickle.dumps(one) == pickle.dumps(two) != pickle.dumps(Batch())
    for copied in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):
        assert copied == one and copied.column(["發(fā)展"]) == ["发展"]
    assert pickle.loads(pickle.dumps(Batch())).fixer == zhfix.Fixer()
    assert len(pickle.dumps(one)) < 400  # no table travels


def test_tables_are_loaded_once_however_often_it_arrives(texts: list[str | None]) -> None:
    """A host unpickles its function for every partition: only the first may read tables."""
    data = pickle.dumps(Batch(to="hans"))
    pickle.loads(data).noted(texts)
    loaded = load_rows.cache_info().misses
    for _ in range(3):
        pickle.loads(data).noted(texts)
    assert load_rows.cache_info().misses == loaded
