"""Traditional text of older days: verse and classical prose, whose words the tables of today's
language misread, and the variants that old editions have in common with Simplified.
"""

from __future__ import annotations

from functools import cache, lru_cache

from zhfix.pattern import pattern
from zhfix.script import marks
from zhfix.tables import load_rows

__all__ = ["has_only_variants", "is_classical", "is_of_today"]

_CLAUSES = pattern(r"[^\s，,。、；;：:！!？?·「」『』“”]+")
_FEET = frozenset((4, 5, 7))  # characters of a clause of regular verse
_N_CLAUSES = 4  # clauses of one length from which on they are verse; two of them may be chance
# words of today, and particles of old; of 13,000 lines of today (dev pairs) none passes for old, of
# Mencius and the like every second paragraph
_TODAY = pattern("[的了这這那個个們们沒没您她它很吗嗎吧呢你什么麼]")
_OLD = pattern(
    "[曰矣焉哉兮吾汝豈乃遂皆之耳夫蓋孰其而]|(?:[也者]|(?<![在幾似近])乎)(?=[，。；！？」,])"
)
# statutes and letters of offices have the particles (本法所稱機關者，…) and words of today as well:
# a quarter of 112,000 lines of law passed for old without these
_OFFICE = pattern(
    "機關|規定|法院|委員|人員|資料|證明|申請|聲請|核准|保險|公司|單位|條例|主管|標準|處分|勞工|員工|設備|系統|計[畫劃]"
    "|使用|電話|程序|議會|投資|財務|環境|產品|業務|營業|機場|醫院|[臺台]幣|當事人|請求權|公務|檢察官|裁判|判決|裁定"
    "|徒刑|罰金|仲裁|法人|前項|票據|證券|電子|網路|技術|辦法|第[一二三四五六七八九十百]+[條項款]|不在此限|期限|手續"
)
_HAKKA = "𠊎"  # I: no other language writes it
_KINDS, _RATIO = 3, 4  # different particles at least, and how many for each word of today
_LONGEST = 400  # characters of a line that may be a couplet or a poem


def is_classical(text: str, start: int, end: int) -> bool:
    """Whether the line start..end of a text is regular verse or classical prose.

    >>> is_classical("征者，上伐下也，而民歸之。", 0, 13)
    True
    >>> is_classical("他的征文比賽得了獎，大家都很高興。", 0, 17)
    False
    >>> is_classical("主管機關認其不符者，應通知之，其逾期未補正者亦同。", 0, 25)
    False

    Cost: a couplet asks the lines beside it as well.
    """
    line = text[start:end]
    if _is_old(line):
        return True
    feet, n = _verse(line)
    if not feet or n >= _N_CLAUSES:
        return bool(feet)
    low = text.rfind("\n", max(0, start - _LONGEST), max(0, start - 1)) + 1
    high = text.find("\n", end, end + _LONGEST) + 1 or len(text)
    beside = [_verse(text[low:start]), _verse(text[end:high])] if n > 1 else []
    return any(found[0] == feet and found[1] > 1 for found in beside)


def is_of_today(line: str) -> bool:
    """Whether a line has words that verse and classical prose have not."""
    return _TODAY.search(line) is not None


@lru_cache(maxsize=8)
def _is_old(line: str) -> bool:
    old = _OLD.findall(line)
    if len(set(old)) < _KINDS or len(old) <= _RATIO * len(_TODAY.findall(line)):
        return False
    return _OFFICE.search(line) is None


@lru_cache(maxsize=8)
def _verse(line: str) -> tuple[int, int]:
    """How long the clauses of a line are, and how many there are; 0, 0 where it is no verse."""
    if len(line) > _LONGEST or is_of_today(line):
        return 0, 0
    clauses = [len(found) for found in _CLAUSES.findall(line)]
    is_verse = len(set(clauses)) == 1 and clauses[0] in _FEET
    return (clauses[0], len(clauses)) if is_verse else (0, 0)


@lru_cache(maxsize=4)
def has_only_variants(line: str) -> bool:
    """Whether all that a line has of Simplified alone are variants older than it (却 烟 黄), as
    editions of classics, Korean and Japanese print have them in Traditional text.

    >>> has_only_variants("却恐折殘妨把酒"), has_only_variants("却说這件事")
    (True, False)
    """
    found = {char for char in set(line) if marks().get(char) == "hans"}
    if _HAKKA in line:
        found.discard("个")  # a word of its own there
    return found <= _variants()


@cache
def _variants() -> frozenset[str]:
    return frozenset(row[0] for row in load_rows("hand/old-variants"))
