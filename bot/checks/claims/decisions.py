"""What the texts claim about table two: decisions made, rules and normative documents: TXT-TWO.

Pure. A clause counts as a claim only where all of its words are known ones: any other word may
make it a part (简易程序行政处罚, 对某企业作出) or something else (公开行政许可信息).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.checks.claims.clauses import Number, Sentence, excerpt, read
from bot.checks.claims.scope import Place, class_of, places, year_of
from bot.checks.finding import Dossier, Finding
from bot.checks.texts import is_short_for, texts

_MAY_SPEAK = re.compile("规章|规范性文件|许可|处罚|强制")
_LEAD = (
    r"(?:20\d\d年度?|本年度?|全年度?|今年|年内|一年来|目前|现有|我们|[我本][局厅院委办市县区镇乡]|本机关|本单位"
    r"|全[省市县区州旗盟镇乡]|共|共计|累计|总计|合计|依法|已)"
)
_OPENING = rf"{_LEAD}{{0,6}}(?P<who>[一-龥]{{2,24}}?)??{_LEAD}{{0,6}}"
_ALL_OF = re.compile("全[省市县区州旗盟镇乡]")
_SUM = "(?:共|共计|合计|总计|累计)?"
_KINDS = {"许可": "permits", "处罚": "penalties", "强制": "coercion"}
_DECISION = re.compile(
    rf"{_OPENING}(?P<verb>[作做]出|实施)?(?:各类)?行政(?P<kind>许可|处罚|强制)(?:决定)?{_SUM}"
)
_ACT = "新?制[发定]|(?:制定)?(?:出台|印发)|废止|现行有效的?"
_NOUN = "(?:行政|政府|地方政府)?(?:规章|规范性文件)"
_DOCUMENT = re.compile(
    rf"{_OPENING}(?:(?P<act>{_ACT})?(?P<noun>{_NOUN})?|(?P<noun2>{_NOUN})(?P<act2>{_ACT})){_SUM}"
)
_NEUTRAL = re.compile("修改|修订")
_JOIN = re.compile("^(?:[、和及与并]|以及)+")
_GOES_ON = re.compile("^(?:$|[、和及与并]|以及)")
_YEAR = re.compile(r"20\d\d年|本年|全年|今年|年内|一年来")
_PUBLISHED = re.compile(
    "公开|公示|公布|发布|信息|归集|录入|上传|推送|共享|抽查|评查|审核|复议|诉讼"
)
_PART = re.compile(
    r"下属|所属|下辖|直属|本级|派出|各[乡镇街县区市部单科地]|[大支总中]队|分局|乡镇|街道|部门|科室|窗口"
    r"|专项|整治|行动|检查|涉|针对|围绕|[对向就以为由][^，]{2}|案|(?<!执法)(?<!许可)(?<!处罚)(?<!公开)(?:方面|领域)"
    r"|备案|清理|解读|如|例|计划|下一步|下年|明年|拟|力争|将"
)
_CASES = frozenset({"件", "宗", "起"})
_PIECES = frozenset({"件", "份", "个"})


@dataclass(frozen=True, slots=True)
class Count:
    """One number of a text that stands for one cell of table two."""

    cell: str
    value: int
    words: str
    shown: str


@lru_cache(maxsize=256)
def counts_of(text: str, year: int, agency: str) -> tuple[Count, ...]:
    """All claims of a text about table two, in order."""
    if not _MAY_SPEAK.search(text):
        return ()
    found: list[Count] = []
    told = False
    for sentence in read(text):
        here = list(_counts(sentence, year, agency, told and not sentence.opens))
        found += here
        told = bool(here)
    return tuple(found)


def _counts(sentence: Sentence, year: int, agency: str, told: bool) -> Iterator[Count]:
    """The claims of one sentence; `told` is whether the one before ended in claims."""
    if not _MAY_SPEAK.search(sentence.words) or not sentence.numbers:
        return
    part, chain = False, ""
    for number, place in zip(
        sentence.numbers, places(sentence, agency, year, "", whole=True), strict=True
    ):
        lead = place.gap.removesuffix(place.label)
        near = chain if not lead.strip("，；：") else ""
        part = "其中" in place.gap or (part and "；" not in place.gap)
        anchored = bool(near or _YEAR.search(place.gap) or (not lead and (sentence.opens or told)))
        if part or place.year != 0 or _PART.search(lead):
            chain = ""
            continue
        cell = _cell(sentence, number, place, agency, near, anchored)
        if cell:
            words = f"{_JOIN.sub('', place.label)[-18:]}{sentence.words[number.start : number.end]}"
            yield Count(cell, int(number.value), words, excerpt(sentence, number))
        chain = cell or (near if _NEUTRAL.fullmatch(_JOIN.sub("", place.label)) else "")


def _cell(
    sentence: Sentence, number: Number, place: Place, agency: str, near: str, anchored: bool
) -> str:
    """The cell that a number stands for, or an empty string; `near` is that of the one before."""
    if number.vague or number.value % 1 or len(place.label) > 48:
        return ""
    if not _GOES_ON.search(place.after):
        return ""
    label = _JOIN.sub("", place.label)
    if number.unit in _CASES and (found := _DECISION.fullmatch(label)):
        decided = found["verb"] or near.endswith(tuple(_KINDS.values()))
        sure = decided or not _PUBLISHED.search(sentence.words)
        own = sure and anchored and _is_own(found, agency)
        return f"proactive.{_KINDS[found['kind']]}" if own else ""
    if number.unit in _PIECES and (found := _DOCUMENT.fullmatch(label)):
        return _document(found, near, anchored) if _is_own(found, agency) else ""
    return ""


def _document(found: re.Match[str], near: str, anchored: bool) -> str:
    """The cell of 规章 or 规范性文件: what is left out is as in the number before."""
    noun, act = found["noun"] or found["noun2"], found["act"] or found["act2"]
    before = re.fullmatch(r"proactive\.(rules|normdocs)_(\w+)", near)
    if not (noun and act) and before is None:
        return ""
    kind = before[1] if before and not noun else "rules" if "规章" in noun else "normdocs"
    done = before[2] if before and not act else _state(act)
    return f"proactive.{kind}_{done}" if anchored or done == "in_force" else ""


def _state(act: str) -> str:
    """The column of table two that a verb names."""
    return "repealed" if act == "废止" else "in_force" if "有效" in act else "made"


def _is_own(found: re.Match[str], agency: str) -> bool:
    """Whether the one who acts is the agency that reports, or nobody is named."""
    if found["who"] and not is_short_for(found["who"], agency):
        return False
    return not _ALL_OF.search(found.string) or class_of(agency) in ("政府", "街道")


def check_table_two(dossier: Dossier) -> Iterator[Finding]:
    """TXT-TWO: decisions, rules and documents in the texts, against table two.

    Where one number of the report is right, smaller ones for the same cell are taken for parts.
    """
    report = dossier.report
    if not report.has_texts:
        return
    agency = report.agency.strip()
    found = [
        (key, claim)
        for key, text in texts(dossier)
        for claim in counts_of(text, year_of(report), agency)
    ]
    right = {claim.cell for _, claim in found if report.figures.get(claim.cell) == claim.value}
    for key, claim in found:
        value = report.figures.get(claim.cell)
        if type(value) is not int or value == claim.value:
            continue
        if not (claim.cell in right and claim.value < value):
            yield _finding(key, claim, value, dossier)


def _finding(key: str, claim: Count, value: int, dossier: Dossier) -> Finding:
    """What to say about a wrong number, and whether it is last year's."""
    last = dossier.last.figures.get(claim.cell) if dossier.last else None
    facts: dict[str, object] = {
        "claim": claim.words,
        "name": dossier.form.short(claim.cell),
        "last": claim.value > 0 and last == claim.value,
    }
    cells = (key, claim.cell)
    return Finding("TXT-TWO", "explain", cells, claim.value, value, claim.shown, facts=facts)


__all__ = ["check_table_two", "counts_of"]
