"""The report page without a browser: nothing is left out or changed by showing it, nothing gets out of its place, its
size is bounded, and it says everything in both languages.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zhfix
from zhfix import Edit, Fixer, Repair, Report
from zhfix.page import Page, fragment
from zhfix.page.marks import attribute, clipped, shown
from zhfix.page.passages import passages
from zhfix.page.words import in_chinese, kind
from zhfix.report import apply
from zhfix.rules import RULES
from zhfix.tables import load_rows

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'`&amp;{n}%s"
    "\u202e\u2066\u0000\u001b[31m\ud800\udfff\ufeff\u200b\ue000\U000e0041\x85\u2028\r"
    "]]></style><!--</div></article></body> 區(qū)召開發(fā)展大會\r\n"
)
TAGS = set(
    re.split(
        " ",
        "html head meta title body div style header h1 h2 form fieldset legend label input span p aside ul ol li b i "
        "button main nav a section article del ins mark s details summary",
    )
)


class Reader(HTMLParser):
    """The elements of a page, their attributes, and the text of every pair of sides."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.sides: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        name = dict(attrs).get("class") or ""
        if name == "text":
            self.sides.append("")
        if tag not in ("meta", "input"):
            self._open.append((tag, name))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        names = [name for _, name in self._open]
        if "text" in names and "c" not in names:
            self.sides[-1] += data


def page_of(text: str, to: str = "hans") -> str:
    page = Page(Fixer(to))
    page.start("a.txt").add(Fixer(to).explain(text))
    return "".join(page.html())


def repair_of(text: str, spans: list[tuple[int, int, str, bool]]) -> Repair:
    """A made-up repair: each span is start, end, what to write, and whether it is an edit."""
    edits: list[Edit] = []
    hints = []
    for start, end, after, is_made in sorted(spans):
        edit = Edit(start, end, text[start:end], after, "gloss" if is_made else "lost", 0.5, "why")
        if not is_made:
            hints.append(edit)
        elif edit.before != after and (not edits or end > edits[-1].end <= start):
            edits.append(edit)
    report = Report("hans", 1, 0, 0, 0.0, 1.0, {})
    return Repair(text, apply(text, edits), tuple(edits), tuple(hints), report)


@st.composite
def repairs(draw: st.DrawFn) -> Repair:
    text = draw(st.text("好\nab區(", max_size=60)) * draw(st.sampled_from([1, 1, 20]))
    spot = st.integers(0, len(text))
    after = st.sampled_from(["", "新", "新\n文"])
    spans = draw(st.lists(st.tuples(spot, st.integers(0, 500), after, st.booleans()), max_size=12))
    return repair_of(text, [(a, min(len(text), a + n), new, made) for a, n, new, made in spans])


@given(repairs())
def test_every_edit_and_hint_is_shown_once(repair: Repair) -> None:
    found = [spot for passage in passages(repair) for spot in passage.spots]
    notes = [note for spot in found for note in spot.notes]
    assert sum(note.n for note in notes if note.is_made) == len(repair.edits)
    assert sorted(note.edit for note in notes if not note.is_made) == sorted(repair.hints)
    assert [part for spot in found if spot.is_made for part in [spot.edit.start]] == sorted(
        {spot.edit.start for spot in found if spot.is_made}
    )


@given(repairs())
def test_passages_hold_their_marks_and_do_not_overlap(repair: Repair) -> None:
    end = 0
    text = repair.source
    for passage in passages(repair):
        assert end <= passage.start <= passage.end <= len(text)
        end = passage.end
        assert passage.line == text.count("\n", 0, passage.start) + 1
        assert passage.column == passage.start - text.rfind("\n", 0, passage.start)
        at = passage.start
        for spot in passage.spots:
            assert at <= spot.edit.start <= spot.edit.end <= passage.end
            at = spot.edit.end


@given(repairs())
def test_the_sides_show_the_text_before_and_after(repair: Repair) -> None:
    sides = Reader(fragment(repair)).sides
    pairs = list(zip(sides[::2], sides[1::2], strict=True))
    shown_ = list(passages(repair))[: len(pairs)]
    for (before, after), passage in zip(pairs, shown_, strict=True):
        if any(len(spot.edit.before) > 300 for spot in passage.spots):
            continue  # a long edit is clipped
        source = repair.source[passage.start : passage.end]
        edits = [spot.edit for spot in passage.spots if spot.is_made]
        moved = [
            edit._replace(start=edit.start - passage.start, end=edit.end - passage.start)
            for edit in edits
        ]
        assert (before, after) == (source, apply(source, moved))


@pytest.mark.parametrize("to", ["auto", "hans", "hant"])
def test_the_seeds_are_shown_whole(seeds: dict[str, str], to: str) -> None:
    for text in seeds.values():
        repair = Fixer(to).explain(text)
        notes = [note for p in passages(repair) for spot in p.spots for note in spot.notes]
        assert sum(note.n for note in notes) == len(repair.edits) + len(repair.hints)


@given(st.text(st.characters(codec=None), max_size=80))
def test_any_text_is_shown_and_nothing_gets_out(text: str) -> None:
    damaged = f"{text}區(qū)召開發(fā)展大會{text}"
    html = page_of(damaged)
    html.encode("utf-8")
    reader = Reader(html)
    assert reader.tags <= TAGS
    assert not [name for name in reader.attributes if name.startswith("on") or name == "src"]


def test_hostile_text() -> None:
    html = page_of(HOSTILE * 3, "hant") + fragment(zhfix.explain(HOSTILE))
    html.encode("utf-8")
    body = html.partition("</style>")[2]
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html
    )
    assert "<script" not in html and "<img" not in html and "onerror=alert(1)&gt;" in body
    hits = [Edit(0, len(HOSTILE), HOSTILE, HOSTILE[::-1], f'"><b>{HOSTILE}', 0.5, HOSTILE)]
    report = Report(HOSTILE, 1, 0, 0, 0.0, 1.0, {HOSTILE: 1})
    repair = Repair(HOSTILE, HOSTILE[::-1], tuple(hits), (), report._replace(verdict="hans"))
    reader = Reader(fragment(repair))
    assert reader.tags <= TAGS and not {"onerror", "src"} & reader.attributes


def test_what_nobody_sees_is_made_visible() -> None:
    for (
        char
    ) in "\0\x1b\x7f\x85\xad\u200b\u200e\u2028\u202e\u2066\u2069\ufeff\ue000\ud800\U000e0041\uffff":
        assert shown(char) == f'<i class="c">U+{ord(char):04X}</i>'
        assert char not in attribute(f'"{char}"')
    for text in ("好", "é", "👨‍👩‍👧", "a\tb\n", "\U00020000", "葛\U000e0100"[:1], "가"):
        assert shown(text) == text
    assert "U+200D" in shown("👨‍👩‍👧", is_edit=True)
    assert "1,000" in clipped("好" * 1300) and len(clipped("好" * 10**6)) < 400


def test_a_page_names_files_and_errors_and_counts_the_rest() -> None:
    page = Page(Fixer())
    page.start("clean.txt").add(zhfix.explain("乾淨的一行"))
    section = page.start("<b>.txt")
    section.add(zhfix.explain("廣州市番禺區(qū)召開大會"))
    section.fail("Input/output error")
    page.start("gone.txt").fail("No such file")
    page.start("last.txt").add(zhfix.explain("好"))
    html = "".join(page.html())
    assert "&lt;b&gt;.txt" in html and "<b>.txt" not in html and "clean.txt" not in html
    assert "Input/output error" in html and "No such file" in html
    assert "4 files" in html and "2 files with nothing to report" in html
    assert html == "".join(page.html())


def test_an_empty_run() -> None:
    assert "nothing to report" in "".join(Page(Fixer()).html())
    assert "nothing to report" in page_of("")
    assert "nothing to report" in fragment(zhfix.explain("好"))


def test_lines_are_numbered_through_the_file() -> None:
    page = Page(Fixer())
    section = page.start("a.txt")
    section.add(zhfix.explain("好\n" * 9))
    section.add(zhfix.explain("好\n廣州市番禺區(qū)召開大會\n"))
    section.add(zhfix.explain("廣州市番禺區(qū)召開大會"), line=77)
    html = "".join(page.html())
    assert ">line 11<" in html and ">line 78<" in html


def test_a_long_run_gives_a_page_of_bounded_size() -> None:
    """Many blocks full of edits, then one of another kind: counted all, shown in part, the rare one is there."""
    text = ("區(qū)" * 40 + "\n") * 20
    made = [(i, i + 3, "", True) for i in range(1, len(text) - 4, 4) if text[i] == "("]
    made = [(m.start(), m.end(), "", True) for m in re.finditer(r"\(qū\)", text)]
    many = repair_of(text, made)
    rare = repair_of("中\ufffd文", [(1, 2, "\ufffd", False)])
    page = Page(Fixer())
    for n in range(30):
        section = page.start(f"{n}.txt")
        for _ in range(100):
            section.add(many)
        section.add(rare)
    html = "".join(page.html())
    assert len(html) < 8_000_000
    assert f"{30 * 100 * 800:,} changes" in html and "30 hints" in html
    sections = html.split("<section")[1:]
    assert len(sections) == 30 and all("U+FFFD" in part or "\ufffd" in part for part in sections)


def test_many_files_are_counted_and_some_listed() -> None:
    page = Page(Fixer())
    repair = zhfix.explain("廣州市番禺區(qū)召開大會")
    for n in range(1500):
        page.start(f"{n}.txt").add(repair)
    html = "".join(page.html())
    assert html.count("<section") == 1000 and "1,500 files" in html and "500 more files" in html
    assert "1,500 changes" in html and len(html) < 8_000_000


def test_every_kind_and_word_is_there_in_both_languages() -> None:
    known = {row[0] for row in load_rows("hand/page-kinds")}
    assert known == {*RULES, "script", "word", "punctuation"}
    assert all(cell for row in load_rows("hand/page-kinds") for cell in row)
    for _, english, chinese in load_rows("hand/page-words"):
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", chinese))
    assert kind("new-rule").rule == "new-rule"  # one that the table does not know yet


def test_words_of_the_table_are_all_said() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in Path(zhfix.__file__).parent.glob("page/*.py")
    )
    for key, *_ in load_rows("hand/page-words"):
        stem = re.sub(r"\.(n|one)$|(?<=^verdict)\..*|(?<=^script)\..*", "", key)
        assert re.search(f"[\"']{re.escape(stem)}", source), key


@pytest.mark.parametrize("to", ["auto", "hans"])
def test_reasons_are_translated(to: str, seeds: dict[str, str]) -> None:
    """Nearly all of them: a rule may come with a reason that has no translation yet."""
    texts = [*seeds.values()]
    for path in sorted((Path(__file__).parent / "cases").glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").split("\n")
        texts += [json.loads(line)["text"] for line in lines if line]
    texts += [text for rule in RULES.values() for text in (*dict(rule.fixes), *rule.leaves)]
    fixer = Fixer(to)
    found = [fixer.explain(text) for text in texts]
    whys = {edit.why for repair in found for edit in (*repair.edits, *repair.hints)}
    left = [why for why in whys if re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", in_chinese(why))]
    assert len(left) <= 0.05 * len(whys), left[:10]


def test_as_dict_and_page_speak_of_the_same_edits() -> None:
    repair = zhfix.explain("番禺區(qū)")
    assert json.loads(repair.to_json())["edits"][0]["why"] in repair._repr_html_()
