"""Checked by mypy, not run: the public API as its users type it."""

from __future__ import annotations

import zhfix
from zhfix import Decoded, Edit, Fixer, Repair, Report

fixed: str = zhfix.fix("區(qū)", to="hans", skip=["quote"], sure=0.9)
repair: Repair = zhfix.explain("區(qū)")
edits: tuple[Edit, ...] = repair.edits
at: int = repair.to_input(0)
report: Report = zhfix.detect("區")
damage: dict[str, int] = report.damage
converted: str = zhfix.convert(
    "头发", "hant", source="hans", vocabulary="region", engine="dictionary"
)
many: list[str | None] = zhfix.convert_many(["头发", None], "hant")
decoded: Decoded = zhfix.decode(b"\xc7\xf8", hint="gbk")
fixer: Fixer = Fixer("hant", user_words={"软件": "軟體"}, protect=["x+", (0, 2)])
lines: list[str] = list(fixer.fix_lines(["區(qū)\n"]))
more: list[str | None] = fixer.fix_many(["區(qū)", None])
options: dict[str, object] = fixer.as_dict()
again: Fixer = Fixer.from_dict(options)
version: str = zhfix.__version__
