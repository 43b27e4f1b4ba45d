"""Lists in a text whose parts should add up to the number that leads them: TXT-SUM.

Pure. A list may name only some of the parts, so that a sum that falls short is wrong only where
the list says that it is whole: in brackets by units, 分别为, with 其他 at its end, or with every
outcome that occurred.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from bot.checks.claims.clauses import Number, Sentence, read
from bot.checks.claims.sums import OUTCOMES, requests
from bot.checks.finding import Dossier, Finding
from bot.checks.texts import texts

_COUNTED = frozenset(
    {"件", "份", "条", "宗", "起", "例", "篇", "项", "次", "期", "场", "个", "件次", "条次"}
)
_LEAD = re.compile(r"其中(?:包括)?|分别[为是]|包括|包含|(?<!不)含|主要有|：")
_CLOSED = re.compile(r"分别[为是]")
_LAST = re.compile(r"其[他它余]|剩余")
_OPEN = re.compile(r"等(?=$|[，。；、）])|较多|居前|主要|占比|重点|除|部分(?!公开)|仅|尤其|特别")
_BREAK = re.compile(
    r"(?<!公开)(?<!提供)(?<!处理)(?:答复|办复)|收到|受理|办理|同比|较上年|比上年|较去年|比去年|增加|减少|增长|下降|平均|累计(?:发布|公开)|此外|另外|同时|上年|结转|办结|答复率"
    r"|按时|按期|访问|阅读|浏览|点击|粉丝|人次|均|复议|诉讼|万元|收费|缴费|费用"
)
_MEDIA = re.compile(
    "网站|微信|微博|公众号|媒体|客户端|抖音|平台|公报|公示栏|公开栏|显示屏|报刊|电视|头条"
)
"""One text may be published in several of these: such parts overlap."""
_KINDS = (
    re.compile(r"自然人|公民|个人|法人|企业|科研机构|公益组织|法律服务"),
    re.compile(r"网络|网上|在线|信函|邮寄|当面|现场|窗口|传真|邮箱|邮件|平台申请|纸质|信箱"),
    re.compile(r"予以?公开|部分公开|同意公开|无法提供|不予处理|其[他它]处理|不掌握|过程性|补正"),
)
_MEASURES = {"件次": "件", "条次": "条"}
_MOST_HEADS = 6


@dataclass(frozen=True, slots=True)
class Listing:
    """A whole and its parts: `heads` are the numbers that the parts may make up, nearest first.

    `closed` lists name all their parts; `outcomes` are the groups of results that they name.
    """

    heads: tuple[int, ...]
    parts: tuple[int, ...]
    closed: bool
    outcomes: tuple[str, ...]
    overlap: bool
    shown: str
    first: str
    last: str


@lru_cache(maxsize=256)
def lists_of(text: str) -> tuple[Listing, ...]:
    """All lists of a text that could be judged."""
    found: list[Listing] = []
    before: Sentence | None = None
    for sentence in read(text):
        before = None if sentence.opens else before
        if len(sentence.numbers) > 1 or sentence.asides or (before and sentence.numbers):
            found += _bracketed(sentence)
            found += _running(sentence, before)
        before = sentence
    return tuple(found)


def _bracketed(sentence: Sentence) -> Iterator[Listing]:
    """Lists in brackets behind a number: 12件（甲5件、乙7件）."""
    for at, aside in sentence.asides:
        if at < 0:
            continue
        head = sentence.numbers[at]
        words = aside.words
        parts = _parts(aside, 0)
        listing = _listing(sentence, words, [head], parts, closed=True)
        if listing and len(parts) > 1:
            yield listing


def _running(sentence: Sentence, before: Sentence | None) -> Iterator[Listing]:
    """Lists behind 其中, 包括 or a colon; a sentence that begins so counts on the one before."""
    done = -1
    for lead in _LEAD.finditer(sentence.words):
        heads = [n for n in sentence.numbers if n.end <= lead.start()][-_MOST_HEADS:]
        if lead.start() < done:
            continue
        if not heads and before and lead.start() == 0:
            heads = list(before.numbers[-_MOST_HEADS:])
        elif not heads or lead.start() - heads[-1].end > 24:
            continue
        parts = _parts(sentence, lead.end())
        if not parts or not heads:
            continue
        done = parts[-1].end
        words = sentence.words[lead.end() : done]
        closed = bool(_CLOSED.match(lead.group()) or _LAST.search(_label(sentence, parts[-1])))
        closed = closed and not _goes_on(sentence, parts, heads)
        listing = _listing(sentence, words, heads, parts, closed=closed)
        if listing and (len(parts) > 1 or lead.group().startswith("其中")):
            yield listing


def _goes_on(sentence: Sentence, parts: list[Number], heads: list[Number]) -> bool:
    """Whether the number behind the parts makes up the whole with them: …，结转下年2件."""
    behind = [number for number in sentence.numbers if number.start > parts[-1].start][:1]
    whole = sum(number.value for number in (*parts, *behind))
    return whole in [head.value for head in heads]


def _label(sentence: Sentence, number: Number) -> str:
    """The last words before a number."""
    return re.split(r"[，；：、\d]", sentence.words[max(0, number.start - 12) : number.start])[-1]


def _parts(sentence: Sentence, start: int) -> list[Number]:
    """The parts from here on, until the words turn to something else or another measure."""
    parts: list[Number] = []
    at = start
    for number in sentence.numbers:
        if number.start < start:
            continue
        gap = sentence.words[at : number.start]
        if _BREAK.search(gap) or (parts and _LEAD.search(gap)) or len(gap) > 60:
            break
        at = number.end
        if number.unit == "%":
            continue
        bare = number.unit == "" and sentence.words[at : at + 1] in ("，", "、", "；", "。")
        if bare and parts:
            number = replace(number, unit=parts[0].unit)
        if number.unit not in _COUNTED or number.vague or number.value % 1:
            break
        if parts and _measure(number) != _measure(parts[0]):
            break
        parts.append(number)
    return parts


def _measure(number: Number) -> str:
    return _MEASURES.get(number.unit, number.unit)


def _listing(
    sentence: Sentence, words: str, heads: list[Number], parts: list[Number], *, closed: bool
) -> Listing | None:
    """The list, or None where whole and parts are not of one measure or overlap."""
    if not parts or any(number.vague for number in (*heads, *parts)):
        return None
    wholes = _of_measure(heads, _measure(parts[0]))
    if not wholes or wholes[-1] is not heads[-1]:
        return None
    if sum(bool(kind.search(words)) for kind in _KINDS) > 1 or _BREAK.search(words):
        return None
    lead = wholes[-1]
    return Listing(
        _sums([int(number.value) for number in wholes]),
        tuple(int(number.value) for number in parts),
        closed and not _OPEN.search(words),
        tuple(
            name for name in OUTCOMES if name in words or ("及部分" in words and name == "予以公开")
        ),
        bool(_MEDIA.search(words)),
        sentence.shown.strip(),
        f"{lead.value}{lead.unit}",
        "＋".join(str(number.value) for number in parts),
    )


def _of_measure(heads: list[Number], measure: str) -> list[Number]:
    """The numbers of a measure; 件, 份 and 宗 are one."""
    alike = {"件", "份", "宗"}
    return [
        head
        for head in heads
        if _measure(head) == measure or (measure in alike and _measure(head) in alike)
    ]


def _sums(counts: list[int]) -> tuple[int, ...]:
    """What parts may make up: the last count, or some neighbouring counts together."""
    ends = range(len(counts), 0, -1)
    sums = (sum(counts[at:end]) for end in ends for at in range(end - 1, -1, -1))
    return tuple(dict.fromkeys([counts[-1], *sums]))


def check_lists(dossier: Dossier) -> Iterator[Finding]:
    """TXT-SUM: the parts of a list do not make up the number before it."""
    if not dossier.report.has_texts:
        return
    for key, text in texts(dossier):
        for listing in lists_of(text):
            off = _off(listing, dossier)
            if off:
                yield Finding(
                    "TXT-SUM",
                    "explain",
                    (key,),
                    sum(listing.parts),
                    listing.heads[0],
                    listing.shown,
                    facts={"head": listing.first, "parts": listing.last, "fault": off},
                )


def _off(listing: Listing, dossier: Dossier) -> str:
    """short or over, or an empty string where the list is sound or cannot be judged."""
    parts, heads = listing.parts, set(listing.heads)
    total = sum(parts)
    running, so_far = 0, []
    for part in parts:
        running += part
        so_far.append(running)
    if heads & set(so_far) or not total:
        return ""
    whole = listing.heads[0]
    if parts[0] > max(heads) or (total > max(heads) and max(parts) > max(heads)):
        return "over"
    if total > max(heads):
        return "over" if len(parts) > 1 and not listing.overlap else ""
    if total < whole and len(parts) > 1 and not _agrees(listing, dossier):
        return "short" if listing.closed or _names_all(listing, dossier) else ""
    if total > whole and listing.closed and len(heads) == 1:
        return "over"
    return ""


def _agrees(listing: Listing, dossier: Dossier) -> bool:
    """Whether the outcomes named come to what the table says, so that the rest was left out."""
    rows = [row for name in listing.outcomes for row in OUTCOMES[name]]
    return bool(rows) and requests("", rows).value(dossier.report.figures) == sum(listing.parts)


def _names_all(listing: Listing, dossier: Dossier) -> bool:
    """Whether the list names every outcome that the table counts, or nearly all of the whole."""
    if len(listing.outcomes) >= 3:
        unnamed = [
            row for name in OUTCOMES if name not in listing.outcomes for row in OUTCOMES[name]
        ]
        if requests("", unnamed).value(dossier.report.figures) == 0:
            return True
    short = listing.heads[0] - sum(listing.parts)
    return len(listing.parts) >= 4 and Decimal(short) <= Decimal(listing.heads[0]) / 25


__all__ = ["check_lists", "lists_of"]
