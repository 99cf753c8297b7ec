"""The namespaces of Polars and pandas."""

from __future__ import annotations

from typing import Any

import pytest

import zhfix
from zhfix.hosts.batch import totals


class TestPolars:
    @pytest.fixture
    def pl(self) -> Any:
        module = pytest.importorskip("polars", reason="needs the extra zhfix[polars]")
        import zhfix.hosts.polars  # noqa: F401  # registers the namespace

        return module

    @pytest.mark.parametrize("is_lazy", [False, True])
    def test_expressions(
        self,
        pl: Any,
        is_lazy: bool,
        rows: list[dict[str, Any]],
        fixed: list[str | None],
        edits: dict[str, int],
    ) -> None:
        frame = pl.DataFrame(rows)
        asked = (frame.lazy() if is_lazy else frame).with_columns(
            pl.col("text").zhfix.fix(to="hans"),
            edits=pl.col("text").zhfix.counts(to="hans"),
            verdict=pl.col("text").zhfix.verdict(),
            hant=pl.col("text").zhfix.convert("hant"),
        )
        made = asked.collect() if is_lazy else asked
        assert made["text"].to_list() == fixed * 30
        assert totals(made["edits"]) == {rule: 30 * n for rule, n in edits.items()}
        assert made.select("id", "tags", "url").equals(frame.select("id", "tags", "url"))
        assert made["verdict"].to_list()[:3] == ["hant", None, "hans"]
        assert made["hant"][2] == "乾淨的文字"
        assert made.schema["text"] == made.schema["verdict"] == pl.String

    def test_series_and_their_types(
        self, pl: Any, texts: list[str | None], fixed: list[str | None]
    ) -> None:
        series = pl.Series("t", texts)
        for kind in (pl.String, pl.Categorical):
            made = series.cast(kind).zhfix.fix(to="hans")
            assert made.to_list() == fixed and made.name == "t" and made.dtype == pl.String
        assert pl.Series([], dtype=pl.String).zhfix.fix().to_list() == []
        assert pl.Series([None, None]).zhfix.fix().to_list() == [None, None]
        with pytest.raises(TypeError, match="cast it first"):
            pl.Series([1, 2]).zhfix.fix()

    def test_within_groups_and_over_columns(self, pl: Any) -> None:
        frame = pl.DataFrame(
            {"g": [1, 1, 2], "a": ["發(fā)展", "好", None], "b": ["區(qū)", None, "x"]}
        )
        made = frame.group_by("g", maintain_order=True).agg(pl.col("a", "b").zhfix.fix(to="hans"))
        assert made["a"].to_list() == [["发展", "好"], [None]]
        assert made["b"].to_list() == [["区", None], ["x"]]

    def test_wrong_options_fail_before_the_plan_runs(self, pl: Any) -> None:
        with pytest.raises(zhfix.ZhfixError):
            pl.col("text").zhfix.fix(to="latin")
        with pytest.raises(zhfix.ZhfixError):
            pl.col("text").zhfix.counts(sure=2)


class TestPandas:
    @pytest.fixture
    def pd(self) -> Any:
        module = pytest.importorskip("pandas", reason="needs the extra zhfix[pandas]")
        import zhfix.hosts.pandas  # noqa: F401  # registers the accessor

        return module

    def test_a_column(
        self, pd: Any, rows: list[dict[str, Any]], fixed: list[str | None], edits: dict[str, int]
    ) -> None:
        frame = pd.DataFrame(rows).set_index("id")
        kept = frame.copy(deep=True)
        made = frame.assign(
            text=frame["text"].zhfix.fix(to="hans"), edits=frame["text"].zhfix.counts(to="hans")
        )
        assert [None if pd.isna(text) else text for text in made["text"]] == fixed * 30
        assert totals(made["edits"].dropna()) == {rule: 30 * n for rule, n in edits.items()}
        is_same = [a == b["text"] for a, b in zip(fixed * 30, rows, strict=True)]
        assert made["edits"].isna().to_list() == is_same
        pd.testing.assert_frame_equal(made[["tags", "url"]], kept[["tags", "url"]])
        pd.testing.assert_frame_equal(frame, kept)

    @pytest.mark.parametrize("kind", ["str", "string", "string[pyarrow]", "object", "category"])
    def test_types_index_and_missing_values_stay(
        self, pd: Any, kind: str, texts: list[str | None], fixed: list[str | None]
    ) -> None:
        series = pd.Series(texts, index=range(5, 15), name="t", dtype=kind)
        made = series.zhfix.fix(to="hans")
        assert [None if pd.isna(text) else text for text in made] == fixed
        assert made.index.equals(series.index) and made.name == "t"
        assert made.dtype == (series.cat.categories.dtype if kind == "category" else series.dtype)
        assert series.zhfix.verdict().iloc[0] == "hant" and pd.isna(series.zhfix.verdict().iloc[1])
        assert series.zhfix.convert("hant").iloc[2] == "乾淨的文字"

    def test_empty_and_wrong(self, pd: Any) -> None:
        assert pd.Series([], dtype=str).zhfix.fix().empty
        assert pd.Series([None, float("nan")]).zhfix.fix().isna().all()
        assert not hasattr(pd.Series([1, 2]), "zhfix")
        with pytest.raises(TypeError, match="takes str"):
            pd.Series(["a", b"b"], dtype=object).zhfix.fix()
