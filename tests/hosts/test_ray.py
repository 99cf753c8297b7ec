"""Ray Data: two actors, other columns kept, each actor built once."""

from __future__ import annotations

from typing import Any

import pytest

import zhfix
from zhfix.hosts.batch import totals

# Ray's own attributes, read while its context is made
pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")]


def test_a_dataset(
    ray: Any, rows: list[dict[str, Any]], fixed: list[str | None], edits: dict[str, int]
) -> None:
    from zhfix.hosts.ray import fix_dataset

    source = ray.data.from_items(rows, override_num_blocks=4)
    made = fix_dataset(source, to="hans", counts="edits", workers=2, batch_size=32)
    out = sorted(made.take_all(), key=lambda row: row["id"])
    assert [row["text"] for row in out] == fixed * 30
    assert totals(row["edits"] for row in out) == {rule: 30 * n for rule, n in edits.items()}
    assert [{k: v for k, v in row.items() if k not in ("text", "edits")} for row in out] == [
        {k: v for k, v in row.items() if k != "text"} for row in rows
    ]


def test_an_actor_is_built_once(ray: Any) -> None:
    """Batches of one actor share the object, and with it the tables."""
    from zhfix.hosts.ray import FixBatch

    class Watched(FixBatch):
        def __call__(self, table: Any) -> Any:
            import pyarrow as pa

            from zhfix.tables import load_rows

            made = super().__call__(table)
            self.n_calls = getattr(self, "n_calls", 0) + 1
            row = [self.n_calls, load_rows.cache_info().misses]
            return made.append_column("seen", pa.array([row] * made.num_rows))

    source = ray.data.from_items([{"text": "高質(zhì)量發(fā)展經濟"}] * 12, override_num_blocks=1)
    made = source.map_batches(
        Watched,
        fn_constructor_kwargs={"to": "hans"},
        batch_format="pyarrow",
        batch_size=3,
        compute=ray.data.ActorPoolStrategy(size=1),
    )
    seen = [tuple(row["seen"]) for row in made.take_all()]
    assert sorted({calls for calls, _ in seen}) == [1, 2, 3, 4]
    assert len({misses for _, misses in seen}) == 1


def test_wrong_options_fail_on_the_driver(ray: Any) -> None:
    from zhfix.hosts.ray import fix_dataset

    with pytest.raises(zhfix.ZhfixError):
        fix_dataset(ray.data.from_items([{"text": "a"}]), to="latin")
