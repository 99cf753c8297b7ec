"""Spans that no rule and no conversion may touch: addresses, code, tags, Japanese, and what the
caller names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from zhfix.japanese_words import quoted_spans
from zhfix.kept import kept
from zhfix.pattern import pattern
from zhfix.script import HAN, KANA, has_kana, kana
from zhfix.shapes import Shape, found_at, has_word, words_at

__all__ = [
    "Span",
    "free_spans",
    "japanese_spans",
    "kana_shape",
    "may_protect",
    "named_spans",
    "overlaps",
    "protected_spans",
    "signs",
    "spans_in_lines",
]

Span = tuple[int, int]

# an address ends at a blank or at Chinese text, but its path may hold Chinese itself
_ADDRESS = pattern(
    r"(?:(?:https?|ftp)://|www\.)[!-;=?-~]+(?:(?<=[/=])[^\s，。；：、！？“”「」《》<>\"']+)?"
    r"|[a-zA-Z0-9_.+-]{1,64}@[a-zA-Z0-9-]{1,63}(?:\.[a-zA-Z0-9-]{1,63})+"
)
# what stands before the mark
_BEFORE_MARK = {
    "://": pattern(r"(?:https?|ftp)$"),
    "www.": pattern(r"$"),
    "@": pattern(r"[a-zA-Z0-9_.+-]{1,64}$"),
}
_CODE = pattern(r"```.*?```|~~~.*?~~~|``[^`\n]+``|`[^`\n]+`", re.DOTALL)
_FENCES = Shape("`"), Shape("~", behind="~")
# MediaWiki words for each script, -{zh-cn:软件;zh-tw:軟體}-: each stands as it should
_VARIANTS = pattern(r"-\{[^{}\n]*\}-")
_TAG = pattern(
    r"<!--|<(?:script|style)\b|</?[A-Za-z][A-Za-z0-9:-]*(?:\s[^<>]*)?/?>|<!DOCTYPE[^<>]*>",
    re.IGNORECASE,
)
# what opens a stretch that ends with a mark of its own
_LONG_TAGS = {
    "<!--": pattern("-->"),
    "<script": pattern("</script>", re.IGNORECASE),
    "<style": pattern("</style>", re.IGNORECASE),
}
_LINE = pattern(r"[^\n]+")
_ENDS = pattern(r"[。！？!?\n]+")  # what ends a Japanese sentence
# a Chinese sentence may hold a single の or a short title; from here on it is Japanese
_MIN_KANA, _MIN_SHARE = 2, 0.12
_WHOLE_LINE = 0.7  # share of a line in Japanese sentences from which the rest is too
_PAGE = 40  # characters of Japanese from which a text may be a Japanese page
_CHINESE = frozenset(
    "们們这這吗嗎呢吧您她么麼没沒很"
)  # everyday Chinese that Japanese does not use
_SHORT_LINE = 12  # Han characters of a heading between Japanese lines


def named_spans(text: str, protect: Sequence[str | Span]) -> list[Span]:
    """Sorted, merged spans of `text` that the caller's patterns and spans name."""
    spans: list[Span] = []
    for item in protect:
        if isinstance(item, str):
            spans += (match.span() for match in _compiled(item).finditer(text) if match.group())
        else:
            spans.append((min(item[0], len(text)), min(item[1], len(text))))
    return _merged(spans)


def protected_spans(text: str, protect: Sequence[str | Span] = ()) -> list[Span]:
    """Sorted, merged spans of `text` that stay as they are.

    >>> protected_spans("见 https://example.com/發 和 `發`")
    [(2, 23), (26, 29)]

    Cost: one substring test per kind when none of them occurs.
    """
    own = _own_spans(text)
    return _merged([*own, *named_spans(text, protect)]) if protect else list(own)


def spans_in_lines(block: str) -> Sequence[Span] | None:
    """The protected spans of a block of whole lines, where they are the same in the whole text;
    None where that may depend on other lines: code, tags, Japanese.
    """
    if has_kana(block) or any(has_word(block, word) for word in ("<", "```", "~~~")):
        return None
    return _own_spans(block)


def signs() -> Iterator[Shape]:
    """Places of which every text has one in which anything is protected that nobody named."""
    yield from (Shape("/", before="/"), Shape(".", before="w"))
    yield Shape("@")
    yield from _FENCES
    yield Shape("<", behind="a-zA-Z/!")
    yield Shape("{", before="-")
    yield kana_shape()


@cache
def kana_shape() -> Shape:
    """Any kana."""
    return Shape("".join(sorted(kana())))


def may_protect(text: str) -> bool:
    """Whether a short text holds a character that every protected span has, so that one may be in
    it. Cost: one set test.
    """
    return not _signs().isdisjoint(text)


@cache
def _signs() -> frozenset[str]:
    return kana() | frozenset("@/w`~<{")


@kept(8)
def _own_spans(text: str) -> tuple[Span, ...]:
    """The spans that nobody has to name, remembered: every stage of a block asks for them."""
    spans: list[Span] = []
    spans += _addresses(text)
    spans += (match.span() for match in found_at(_CODE, text, *_FENCES))
    if has_word(text, "<"):
        spans += _tags(text)
    if has_word(text, "-{"):
        spans += (match.span() for match in _VARIANTS.finditer(text))
    spans += japanese_spans(text)
    return tuple(_merged(spans))


def _addresses(text: str) -> Iterator[Span]:
    """What `_ADDRESS` finds, searched for from the marks that every address has.

    Cost: a search for the marks; to try every letter of the text would be 20 times as dear.
    """
    done = 0
    places = [(at, mark) for mark in _BEFORE_MARK for at in words_at(text, mark)]
    for at, mark in sorted(places):
        if at < done:
            continue
        before = _BEFORE_MARK[mark].search(text, max(done, at - 64), at)
        address = _ADDRESS.match(text, before.start()) if before else None
        if address:
            done = address.end()
            yield address.span()


def _tags(text: str) -> Iterator[Span]:
    """HTML tags with their attributes, comments, scripts and styles; an unclosed one is none."""
    at, open_ = 0, set()
    while match := _TAG.search(text, at):  # the engine skips to the next < by itself
        start, at = match.span()
        name = match.group().lower()
        if name in open_:
            continue
        if closing := _LONG_TAGS.get(name):
            end = closing.search(text, at)
            if not end:
                open_.add(name)  # nothing closes the next one either
                continue
            at = end.end()
        yield start, at


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _merged(spans: Iterable[Span]) -> list[Span]:
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        elif start < end:
            out.append((start, end))
    return out


def free_spans(length: int, spans: Sequence[Span]) -> Iterator[Span]:
    """The gaps between sorted `spans` in a text of `length` code points, empty ones left out.

    >>> list(free_spans(9, [(2, 4)]))
    [(0, 2), (4, 9)]
    """
    done = 0
    for start, end in spans:
        if done < start:
            yield done, start
        done = max(done, end)
    if done < length:
        yield done, length


def overlaps(start: int, end: int, spans: Sequence[Span]) -> bool:
    """Whether start..end shares a character with one of the sorted, disjoint `spans`; an empty span
    must lie inside.
    """
    low, high = 0, len(spans)
    while low < high:
        mid = (low + high) // 2
        if spans[mid][1] <= start:
            low = mid + 1
        else:
            high = mid
    return low < len(spans) and spans[low][0] < end


def japanese_spans(text: str) -> list[Span]:
    """Sentences and lines of `text` that are Japanese: kana in them, or a short heading between
    such lines; of a Chinese sentence what it quotes.

    >>> japanese_spans("他說好。東京の区は広いです。再見。")
    [(4, 14)]
    """
    if not has_kana(text):
        return []
    # kana for their own sake, の or ツ, stand in many a Chinese text
    found = {line: list(_sentences(text, *line)) for line in _kana_lines(text)}
    found = {line: spans for line, spans in found.items() if spans}
    if not found:
        return []
    every: list[Span] = []
    if _is_page(text, found):
        every = [match.span() for match in _LINE.finditer(text)]
        found = {line: list(_sentences(text, *line, is_page=True)) for line in every}
        found = {line: spans for line, spans in found.items() if spans}
    covered = {line: sum(b - a for a, b in spans) for line, spans in found.items()}
    whole = {line for line, n in covered.items() if 2 * n > line[1] - line[0]}
    spans = []
    for line, here in found.items():
        spans += [line] if covered[line] >= _WHOLE_LINE * (line[1] - line[0]) else here
    # the lines beside whole ones, of which a Japanese page has many and leaves few
    beside = every or {other for line in whole for other in _beside(text, line)}
    for line in beside:
        if line in found:
            continue
        others = list(_beside(text, line))
        if others and whole.issuperset(others) and _is_heading(text[slice(*line)]):
            spans.append(line)
    return _merged(spans)


def _kana_lines(text: str) -> Iterator[Span]:
    """The lines with kana."""
    end = 0
    while match := KANA.search(text, end):
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        end = len(text) if end < 0 else end
        yield start, end


def _beside(text: str, line: Span) -> Iterator[Span]:
    """The lines before and behind a line, as far as there are any; empty ones are none."""
    start, end = line
    while start and text[start - 1] == "\n":
        start -= 1
    if start:
        yield text.rfind("\n", 0, start) + 1, start
    if match := _LINE.search(text, end):
        yield match.span()


def _is_page(text: str, found: Mapping[Span, Sequence[Span]]) -> bool:
    """Whether the text as a whole is Japanese: then labels without kana (電話番号) are too."""
    left = sum(b - a for here in found.values() for a, b in here)
    if left < _PAGE:
        return False
    for match in _LINE.finditer(text):
        if match.span() not in found and HAN.search(text, *match.span()):
            left -= 2 * (match.end() - match.start())
            if left < 0:
                return False
    return True


def _is_heading(line: str) -> bool:
    return not _ENDS.search(line) and len(HAN.findall(line)) <= _SHORT_LINE


def _sentences(text: str, start: int, end: int, *, is_page: bool = False) -> Iterator[Span]:
    """Japanese sentences; on a Japanese page short ones without kana, but for Chinese words."""
    at = start
    while at < end:
        match = _ENDS.search(text, at, end)
        stop = match.end() if match else end
        if is_page and stop - at <= _SHORT_LINE and _CHINESE.isdisjoint(text[at:stop]):
            yield at, stop
        elif _is_japanese(text, at, stop) or (is_page and _is_label(text, at, stop)):
            quoted = [] if is_page else quoted_spans(text, at, stop)
            yield from quoted or [(at, stop)]
        at = stop


def _is_japanese(text: str, start: int, end: int) -> bool:
    """Whether a sentence has so many kana for its Han characters, which are counted where all that
    is no kana may be too many.
    """
    kana = len(KANA.findall(text, start, end))
    if kana < _MIN_KANA:
        return False
    if kana >= _MIN_SHARE * (end - start):
        return True
    return kana >= _MIN_SHARE * (kana + len(HAN.findall(text, start, end)))


def _is_label(text: str, start: int, end: int) -> bool:
    part = text[start:end]
    return _CHINESE.isdisjoint(part) and len(HAN.findall(part)) <= _SHORT_LINE
