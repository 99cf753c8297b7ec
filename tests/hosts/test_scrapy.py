"""Scrapy: a real crawl of a server on this machine, with a damaged page and a clean one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import zhfix

DAMAGED = "廣州市番禺區(qū)召開高質(zhì)量發(fā)展大會"
PAGES = {
    "/": '<title>首页</title><a href="/damaged">1</a><a href="/clean">2</a><p>干净</p>',
    "/damaged": f"<title>{DAMAGED}</title><p>{DAMAGED}</p><p>人們?nèi)绾闻c世界</p>",
    "/clean": "<title>干净的文字</title><p>世界经济论坛(WEF)</p>",
}

SPIDER = """
import json, sys
import scrapy
from scrapy.crawler import CrawlerProcess

class Spider(scrapy.Spider):
    name = "pages"
    start_urls = [sys.argv[1]]
    custom_settings = {
        "ITEM_PIPELINES": {"zhfix.hosts.scrapy.ZhFixPipeline": 300},
        "ZHFIX_FIELDS": ["title", "body", "missing"],
        "ZHFIX_OPTIONS": {"to": "hans"},
        "FEEDS": {sys.argv[2]: {"format": "jsonlines", "encoding": "utf-8"}},
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
    }

    def parse(self, response):
        yield {
            "url": response.url,
            "raw": response.css("title::text").get(),
            "title": response.css("title::text").get(),
            "body": response.css("p::text").getall(),
        }
        yield from response.follow_all(css="a")

process = CrawlerProcess()
crawler = process.create_crawler(Spider)
process.crawl(crawler)
process.start()
stats = {k: v for k, v in crawler.stats.get_stats().items() if k.startswith(("zhfix/", "item_"))}
print(json.dumps(stats))
"""


@pytest.fixture
def server() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = PAGES.get(self.path)
            body = (page or "").encode()
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}/"
        served.shutdown()
        thread.join()


@pytest.fixture
def _host() -> None:
    pytest.importorskip("scrapy", reason="needs the extra zhfix[scrapy]")


@pytest.mark.usefixtures("_host")
def test_a_crawl(server: str, tmp_path: Path) -> None:
    out = tmp_path / "items.jsonl"
    env = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, "-c", SPIDER, server, str(out)],
        capture_output=True,
        text=True,
        check=False,
        env=env,
        timeout=120,
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    items = {row["url"].removeprefix(server): row for row in rows}
    assert sorted(items) == ["", "clean", "damaged"]
    assert items["damaged"] == {
        "url": server + "damaged",
        "raw": DAMAGED,  # a field that is not named stays
        "title": "广州市番禺区召开高质量发展大会",
        "body": ["广州市番禺区召开高质量发展大会", "人们如何与世界"],
    }
    assert items["clean"]["title"] == "干净的文字"
    assert items["clean"]["body"] == ["世界经济论坛(WEF)"]

    stats = json.loads(done.stdout)
    texts = [DAMAGED, DAMAGED, "人們?nèi)绾闻c世界"]
    edits = [edit.rule for text in texts for edit in zhfix.explain(text, "hans").edits]
    assert stats["item_scraped_count"] == stats["zhfix/items"] == 3
    assert stats["zhfix/changed"] == 1 and stats["zhfix/edits"] == len(edits)
    for rule in set(edits):
        assert stats[f"zhfix/edits/{rule}"] == edits.count(rule)


@pytest.mark.usefixtures("_host")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # importing Twisted
def test_items_of_every_kind() -> None:
    from scrapy.item import Field, Item

    from zhfix.hosts.scrapy import ZhFixPipeline

    class Stats(dict[str, int]):
        def inc_value(self, key: str, count: int = 1) -> None:
            self[key] = self.get(key, 0) + count

    class Page(Item):
        text = Field()
        n = Field()

    @dataclass
    class Record:
        text: str

    stats = Stats()
    pipeline = ZhFixPipeline(["text", "n"], {"to": "hans"}, stats)
    page = Page(text="發(fā)展", n=1)
    assert pipeline.process_item(page) is page and dict(page) == {"text": "发展", "n": 1}
    for item in ({"text": None}, {}, {"text": ["發(fā)展", None, 3]}, {"text": "好"}, {"n": b"x"}):
        kept = dict(item)
        made = pipeline.process_item(item)
        assert made is item
        assert made == ({"text": ["发展", None, 3]} if "發(fā)展" in str(kept) else kept)
    made = pipeline.process_item(Record("發(fā)展"))
    assert made == Record("发展")
    words = ["好"]
    assert pipeline.process_item({"text": words})["text"] is words
    assert stats == {
        "zhfix/items": 8,
        "zhfix/changed": 3,
        "zhfix/edits": 6,
        "zhfix/edits/gloss": 3,
        "zhfix/edits/script": 3,
    }


@pytest.mark.usefixtures("_host")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_wrong_options_end_the_crawl_at_its_start() -> None:
    from zhfix.hosts.scrapy import ZhFixPipeline

    with pytest.raises(zhfix.ZhfixError):
        ZhFixPipeline(["text"], {"to": "latin"}, None)
