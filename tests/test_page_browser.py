"""The report page in headless Chromium: what a reader sees, can tick, can reach by keyboard, and what the page never does.

Needs Debian's chromium and chromium-driver and selenium; .ci/run installs them and sets ZHFIX_NEED_BROWSER, so that the
tests cannot be left out there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import zhfix
from zhfix import Edit, Fixer, Repair, Report
from zhfix.page import Page, fragment

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
HOSTILE = (
    "</div></style></title><script>document.title='owned'</script><img src=http://x.invalid/a onerror=\"alert(1)\"> "
    "\u202eabc\u2066\0\ud800' onmouseover='alert(1)' javascript:alert(1) 廣州市番禺區(qū)召開發(fā)展大會"
)
# the rendered colours of every piece of text, as the screen mixes them: opaque colours on their nearest background
CONTRAST = """
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const mixed = (colours) => {
  canvas.clearRect(0, 0, 1, 1);
  for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
};
const light = (rgb) => {
  const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const seen = {};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
  const below = [];
  for (let e = element; e; e = e.parentElement) below.unshift(getComputedStyle(e).backgroundColor);
  const back = mixed(below), front = mixed([...below, getComputedStyle(element).color]);
  const [a, b] = [light(back), light(front)].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  const name = element.tagName + '.' + element.className;
  seen[name] = Math.min(seen[name] ?? 99, ratio);
}
return seen;
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium with an empty profile; a skip that says what is missing."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not program or not driver:
        reason = "needs a browser: apt-get install chromium chromium-driver fonts-noto-cjk"
        assert not os.environ.get("ZHFIX_NEED_BROWSER"), reason
        pytest.skip(reason)
    webdriver = pytest.importorskip(
        "selenium.webdriver", reason="needs selenium: pip install selenium"
    )
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in (*FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chromium = webdriver.Chrome(options=options, service=Service(driver))
    yield chromium
    chromium.quit()


@pytest.fixture
def view(browser: Any, tmp_path: Path) -> Iterator[View]:
    """The browser, at its usual size and in light colours."""
    yield View(browser, tmp_path)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


class View:
    """A page in the browser, and what a reader would do with it."""

    def __init__(self, browser: Any, folder: Path) -> None:
        self.browser = browser
        self.folder = folder
        self.screen(1280)
        self.scheme("light")

    def open(self, html: str) -> None:
        path = self.folder / "page.html"
        path.write_text(html, encoding="utf-8")
        for kind in ("browser", "performance"):
            self.browser.get_log(kind)  # what came before
        self.browser.get(path.as_uri())

    def screen(self, width: int) -> None:
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600},
        )

    def scheme(self, name: str) -> None:
        features = [{"name": "prefers-color-scheme", "value": name}]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def ask(self, script: str, *args: Any) -> Any:
        return self.browser.execute_script(f"return {script}", *args)

    def tick(self, value: str) -> None:
        self.browser.find_element("css selector", f"input[value={value}]").click()

    def tick_kind(self, rule: str) -> None:
        xpath = f"//ul[@class='kinds']//label[.//span[@lang='en'][.='{rule}']]/input"
        self.browser.find_element("xpath", xpath).click()

    def visible(self, selector: str) -> list[Any]:
        found = self.browser.find_elements("css selector", selector)
        return [element for element in found if element.is_displayed()]

    def text(self) -> str:
        return str(self.browser.find_element("tag name", "body").text)

    def problems(self) -> list[str]:
        """Console messages, and requests for anything but the page itself."""
        events = [
            json.loads(row["message"])["message"] for row in self.browser.get_log("performance")
        ]
        asked = [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        ]
        messages = [row["message"] for row in self.browser.get_log("browser")]
        own = (self.folder / "page.html").as_uri()
        return messages + [url for url in asked if not url.startswith((own, "data:"))]


def page_of(*texts: str, to: str = "hans") -> str:
    page = Page(Fixer(to))
    for n, text in enumerate(texts):
        page.start(f"{n}.txt").add(Fixer(to).explain(text))
    return "".join(page.html())


@pytest.fixture(scope="module")
def report() -> str:
    """A damaged seed, then text with hints of the kind `lost` only."""
    return page_of(seed("000"), "中间的\ufffd\ufffd字丢了。\n\n這一行是繁體中文。\n")


def seed(name: str) -> str:
    folder = Path(__file__).parent.parent / "seeds"
    return next(folder.glob(f"{name}_*.txt")).read_bytes().decode()


def test_it_opens_without_a_request_or_a_message(view: View) -> None:
    view.open(page_of(seed("000"), seed("001")))
    assert view.problems() == []
    assert view.ask("document.scripts.length") == 0
    assert len(view.visible("article")) > 20
    assert "What zhfix did" in view.text() and "修复报告" not in view.text()


def test_language_switch(view: View, report: str) -> None:
    view.open(report)
    view.tick("zh")
    text = view.text()
    assert "修复报告" in text and "修复前" in text and "处改动" in text
    assert "What zhfix did" not in text and "changes" not in text and "before" not in text
    for summary in view.visible("article:nth-of-type(-n+3) details:not([open]) summary"):
        summary.click()
    english = [w for e in view.visible(".why") for w in re.findall("[a-z]{3,} [a-z]{3,}", e.text)]
    assert len(view.visible(".why")) > 5 and not english
    view.tick("en")
    assert "What zhfix did" in view.text() and "处改动" not in view.text()


def test_kinds_are_filtered(view: View, report: str) -> None:
    view.open(report)
    everything = len(view.visible("article"))
    marked = view.ask("getComputedStyle(document.querySelector('.text del')).backgroundColor")
    rules = [row.text for row in view.visible(".kinds b")]
    assert {"script", "gloss", "quote", "lost"} <= {*rules}
    for rule in rules:
        if rule != "lost":
            view.tick_kind(rule)
    left = view.visible("article")
    assert 0 < len(left) < everything
    assert all(
        "lost" in (row.text)
        for a in left
        for row in a.find_elements("css selector", "li")
        if row.is_displayed()
    )
    plain = view.ask("getComputedStyle(document.querySelector('.text del')).backgroundColor")
    assert plain != marked and plain == "rgba(0, 0, 0, 0)"
    view.tick_kind("lost")
    assert not view.visible("article") and view.visible(".none")
    view.browser.find_element("css selector", "button[type=reset]").click()
    assert len(view.visible("article")) == everything and not view.visible(".none")


def test_changes_and_hints_are_filtered(view: View, report: str) -> None:
    view.open(report)
    everything = len(view.visible("article"))
    view.tick("changes")
    hints = view.visible("article")
    assert 0 < len(hints) < everything
    assert all(article.find_elements("css selector", "li[class^=h]") for article in hints)
    view.tick("hints")
    assert not view.visible("article")
    view.tick("changes")
    assert everything > len(view.visible("article")) > len(hints)


def test_the_chart_shows_the_counts(view: View) -> None:
    text = "廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會"
    view.open(page_of(text))
    counts = zhfix.explain(text, to="hans").counts()
    rows = view.visible(".kinds li")
    assert len(rows) == len(counts)
    widths = {}
    for row in rows:
        rule = row.find_element("css selector", "b").text
        assert f"{counts[rule]} change" in row.text
        widths[rule] = row.find_element("css selector", ".bar").size["width"]
    assert widths["gloss"] / widths["script"] == pytest.approx(
        counts["gloss"] / counts["script"], rel=0.05
    )


def test_reasons_are_reached_by_keyboard(view: View) -> None:
    from selenium.webdriver.common.keys import Keys

    view.open(page_of("廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會，創(chuàng)業(yè)" * 2))
    assert not view.visible(".why")
    for _ in range(40):
        view.browser.switch_to.active_element.send_keys(Keys.TAB)
        if view.ask("document.activeElement.tagName") == "SUMMARY":
            break
    assert view.ask("document.activeElement.tagName") == "SUMMARY"
    assert view.ask("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    view.browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert any("mirror sites insert after" in why.text for why in view.visible(".why"))


def test_enter_in_the_filter_leaves_the_page(view: View, report: str) -> None:
    from selenium.webdriver.common.keys import Keys

    view.open(report)
    view.browser.find_element("css selector", "input[value=k0]").send_keys(Keys.ENTER)
    assert view.browser.current_url == (view.folder / "page.html").as_uri()
    assert view.problems() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_contrast(view: View, report: str, scheme: str, language: str) -> None:
    """WCAG AA: 4.5 to 1 for every piece of text."""
    view.scheme(scheme)
    view.open(report)
    view.tick(language)
    view.ask("document.querySelectorAll('details').forEach((d) => d.open = true)")
    seen = view.browser.execute_script(CONTRAST)
    assert len(seen) > 15
    assert {name: ratio for name, ratio in seen.items() if ratio < 4.5} == {}
    dark = view.ask("getComputedStyle(document.querySelector('.zhfix')).backgroundColor")
    assert (dark == "rgb(23, 22, 20)") is (scheme == "dark")


def test_hints_have_another_colour_than_edits(view: View, report: str) -> None:
    view.open(report)
    colours = {
        name: view.ask(f"getComputedStyle(document.querySelector('.text {name}')).backgroundColor")
        for name in ("del", "ins", "mark")
    }
    assert colours["del"] == colours["ins"] != colours["mark"]


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_screen_scrolls_sideways(view: View, report: str, width: int, language: str) -> None:
    view.screen(width)
    long = "a" * 500 + "廣州市番禺區(qū)召開" + "http://example.org/" + "x" * 300
    for html in (report, page_of(long, HOSTILE)):
        view.open(html)
        view.tick(language)
        view.ask("document.querySelectorAll('details').forEach((d) => d.open = true)")
        assert view.ask("document.documentElement.scrollWidth <= innerWidth")
    before, after = (element.location for element in view.visible("article .side")[:2])
    assert (before["y"] == after["y"]) is (width >= 768)


def test_hostile_text_stays_text(view: View) -> None:
    edit = Edit(0, len(HOSTILE), HOSTILE, HOSTILE[::-1], f'x" {HOSTILE}', 0.5, HOSTILE)
    verdict = Report("mixed", 1, 1, 0, 0.5, 1.0, {})
    made_up = Repair(HOSTILE, HOSTILE[::-1], (edit,), (edit._replace(rule="lost"),), verdict)
    page = Page(Fixer("hans"))
    page.start(HOSTILE).add(Fixer("hans").explain(HOSTILE))
    page.start("second").add(made_up)
    page.start("third").fail(HOSTILE)
    for html in ("".join(page.html()), f"<!DOCTYPE html><meta charset=utf-8>{fragment(made_up)}"):
        view.open(html)
        assert view.problems() == []
        assert view.ask("document.title") != "owned"
        assert view.ask("document.scripts.length + document.images.length") == 0
        names = view.ask("[...document.all].flatMap((e) => e.getAttributeNames())")
        assert not [name for name in names if name.startswith("on") or name == "src"]
        assert "<script>document.title='owned'</script>" in view.text()
        assert "U+202E" in view.text() and "U+0000" in view.text() and "\u202e" not in view.text()


def test_the_page_forbids_scripts(view: View) -> None:
    """Even if text got out of its place, no script would run and nothing would be asked for."""
    html = page_of("番禺區(qū)").replace(
        "</main>", "<script>document.title='owned'</script><img src=http://localhost:9/x></main>"
    )
    view.open(html)
    assert view.ask("document.title") == "zhfix"
    said = " ".join(view.problems())
    assert "Executing inline script violates" in said and "Loading the image" in said


def test_a_notebook_cell(view: View) -> None:
    """Several fragments in one page do not touch each other; the notebook's theme goes before the system's."""
    first = zhfix.explain("廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會")._repr_html_()
    second = zhfix.explain("中间的\ufffd\ufffd字丢了。")._repr_html_()
    view.open(
        f'<!DOCTYPE html><meta charset=utf-8><body><div data-jp-theme-light="false">{first}</div><div>{second}</div>'
    )
    assert len(view.visible("article")) == 2
    view.tick("zh")  # in the first
    assert "处改动" in view.text() and "hint" in view.text()
    view.tick("changes")
    assert len(view.visible("article")) == 1
    assert "U+FFFD stands for bytes that a decoder dropped" in view.text()
    papers = view.ask(
        "[...document.querySelectorAll('.zhfix')].map((e) => getComputedStyle(e).backgroundColor)"
    )
    assert papers == ["rgb(23, 22, 20)", "rgb(250, 249, 247)"]
    assert view.problems() == []


def test_files_are_linked(view: View) -> None:
    view.open(page_of(seed("000"), seed("001")))
    view.browser.find_element("link text", "1.txt").click()
    top = view.ask("document.querySelector('#f1').getBoundingClientRect().top")
    assert abs(top) < 50


def test_with_the_style_taken_away_it_can_be_read(view: View) -> None:
    """As where an untrusted notebook is shown: marks are elements, and reasons stand in the text."""
    html = re.sub("(?s)<style>.*?</style>", "", fragment(zhfix.explain("廣州市番禺區(qū)召開")))
    view.open(f"<!DOCTYPE html><meta charset=utf-8>{html}")
    line = view.ask("getComputedStyle(document.querySelector('del')).textDecorationLine")
    assert line == "line-through"
    assert "is the reading that mirror sites insert after" in view.text()
