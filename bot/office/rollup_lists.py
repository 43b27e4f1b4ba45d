"""Lists by unit in the district's texts, held against what the units gave: RU-TEXT.

Pure. A list is looked at only where it surely counts requests of this year (财政局3件、教育局2件
behind words on 申请); a figure is right where it is any of what such a list may count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.checks.claims.clauses import PART_OF_YEAR, Number, Sentence, read
from bot.checks.claims.scope import last_topic
from bot.checks.claims.sums import answered, received
from bot.checks.finding import Finding
from bot.office.rollup import Contribution, Rollup, is_own
from bot.office.rollup_sums import admin

_REQUESTS = re.compile(r"申请(?!人|书|表|材料|主体|法院|执行|事由|理由)")
_OTHERWISE = re.compile(
    r"去年|上年|前年|同期|往年|历年|以来|增加|减少|增长|下降|结转|予以公开|部分公开|不予|无法提供|不掌握|其他处理"
    r"|补正|信访|重复|答复率|网络|信函|当面|当场|邮寄|自然人|企业|满意|复议|诉讼|平均|超期|逾期|约"
)
"""Words by which a list counts a part of the requests, another year, or something else."""
_YEAR = re.compile(r"20\d\d年")
_LEAD = re.compile(
    r"^(?:其中|分别|主要|集中|依次|排名?|前[一二三四五六七八九十\d]+|位|名|的|是|为|在|有|由|于|向|包括|涉及|如|例如"
    r"|和|及|以及|单位|部门|较多|最多)*"
)
_VERB = re.compile(
    r"(?:本?年度?|全年|共计?|累计|合计|新|实际|依法|直接|各|收到|受理|收|办理|答复|办结|承办|处理|依?申请公开|政府信息公开|申请|数量?)*$"
)
_COUNTED = frozenset({"件", "宗", "份", "件次"})
_PLACE = re.compile(r"(?:人民政府|政府|管委会|管理委员会)$")
_ENDINGS = ("人民政府", "办事处", "人民政府办公室")
_LEAST_LISTED = 2
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class _Named:
    """A number behind the name of a unit."""

    one: Contribution
    number: Number
    label: str


def check_lists(rollup: Rollup, texts: Mapping[str, str]) -> Iterator[Finding]:
    """RU-TEXT: units with another number in a list than in their reports; one for each sentence.

    `of` are those units as (name, number in the text, new requests in the report).
    """
    names = _names(rollup)
    for item, text in texts.items():
        for sentence in read(text):
            for part in (sentence, *(aside for _, aside in sentence.asides)):
                yield from _check_sentence(rollup, item, sentence, part, names)


def _check_sentence(
    rollup: Rollup, item: str, whole: Sentence, part: Sentence, names: Mapping[str, Contribution]
) -> Iterator[Finding]:
    """The finding of one sentence, or of the brackets in it."""
    named = [
        _Named(one, number, label)
        for at, number in enumerate(part.numbers)
        if (one := names.get(label := _label(part, at))) and _is_count(part, at)
    ]
    if len(named) < _LEAST_LISTED or not _speaks_of_requests(rollup, whole, part, named):
        return
    wrong = tuple(
        (each.one.unit.called, int(each.number.value), _new(each.one))
        for each in named
        if each.number.value not in _admissible(each.one)
    )
    if wrong:
        yield admin(
            "RU-TEXT",
            "explain",
            (name for name, _, _ in wrong),
            cells=(item,),
            left=len(wrong),
            right=len(named),
            sentence=whole.shown.strip(),
            of=wrong,
        )


def _label(sentence: Sentence, at: int) -> str:
    """The words before a number, without what leads to a name and the verb behind it."""
    number = sentence.numbers[at]
    start = sentence.numbers[at - 1].end if at else 0
    start = max(start, number.start - _LONGEST_NAME)
    words = re.split(r"[，；：。、（）]", sentence.words[start : number.start])[-1]
    return _VERB.sub("", _LEAD.sub("", words))


def _is_count(sentence: Sentence, at: int) -> bool:
    """Whether a number exactly counts cases, and nothing else is named behind it."""
    number = sentence.numbers[at]
    behind = re.split(r"[，；：。、（）]", sentence.words[number.end : number.end + 12])[0]
    exact = not number.vague and number.value == int(number.value)
    return exact and number.unit in _COUNTED and last_topic(behind, "") in ("", "request")


def _speaks_of_requests(
    rollup: Rollup, whole: Sentence, part: Sentence, named: list[_Named]
) -> bool:
    """Whether the words before the list are on requests of the whole year, and on nothing else."""
    lead = part.words[: named[0].number.start]
    if part is not whole:
        at = next((n for n, aside in whole.asides if aside is part), -1)
        end = whole.numbers[at].end if at >= 0 else len(whole.words)
        lead = whole.words[:end] + lead
    around = lead + part.words[named[0].number.start : named[-1].number.end]
    for each in named:  # 信访局 is an office here and no outcome
        around = around.replace(each.label, "")
    other_year = any(year[0] != f"{rollup.year}年" for year in _YEAR.finditer(around))
    if other_year or PART_OF_YEAR in around or _OTHERWISE.search(around):
        return False
    return bool(_REQUESTS.search(lead)) and last_topic(lead, "") in ("", "request")


def _admissible(one: Contribution) -> set[int]:
    """What a list may count of a unit: new requests, with those carried in, those answered."""
    sums = (*received(), *answered())
    return {n for each in sums if (n := each.value(one.figures)) is not None}


def _new(one: Contribution) -> int | None:
    return received()[0].value(one.figures)


def _names(rollup: Rollup) -> dict[str, Contribution]:
    """What each counted unit may be called in the district's texts; what means two is left out."""
    place = _PLACE.sub("", rollup.district.name)
    found: dict[str, Contribution] = {}
    doubtful: set[str] = set()
    for one in rollup.counted:
        for name in _called(one, rollup, place):
            if found.setdefault(name, one) is not one:
                doubtful.add(name)
    missing = {unit.called for unit in rollup.missing} | {unit.name for unit in rollup.missing}
    return {name: one for name, one in found.items() if name not in doubtful | missing}


def _called(one: Contribution, rollup: Rollup, place: str) -> set[str]:
    """西山区财政局, 区财政局, 财政局; 青石镇人民政府, 青石镇; the own office also as 区政府."""
    unit = one.unit
    names = {unit.name, unit.called}
    if place and unit.name.startswith(place) and len(unit.name) > len(place):
        bare = unit.name.removeprefix(place)
        names |= {bare, place[-1] + bare, f"全{place[-1]}{bare}"}
    names |= {name.removesuffix(ending) for name in set(names) for ending in _ENDINGS}
    if place and is_own(unit, rollup.district):
        kind = place[-1]
        names |= {f"{kind}政府", f"{place}政府", f"{place}人民政府", f"{kind}本级", "本级"}
    return {name for name in names if len(name) > 1} - {place}
