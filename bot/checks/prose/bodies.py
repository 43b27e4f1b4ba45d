"""Words that belong to another body: its level, its offices, its name.

Pure. What cannot be told for certain is left alone: a report may well speak of other bodies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.checks.finding import Dossier, Finding
from bot.checks.texts import HAN, dense, is_short_for, own_words, sentences, texts
from bot.report import paragraphs

_LISTED = re.compile(
    r"股室?[、和及与/(（]处室|处室?[、和及与/(（]股室|处（股）室|股（处）室|处、股室|股、处室"
)
_NO_PLACE = re.compile(
    r"市场|市政|城市|市民|区域|社区|自治区|地区|县域|城区|街区|(?:开发|高新|新|园|示范|管理|保护|景|库"
    r"|产业|集聚|合作|工业|经济|保税|林|矿)区"
)
_PLACE = re.compile(rf"([{HAN}]{{1,6}}?)(自治县|县|区|市|旗)")
_SUBJECT = re.compile(
    rf"^\s*(?:20\d\d年(?:度)?以?来?[，,]?)?([{HAN}]{{2,4}})(自治县|县|区|旗)"
    rf"([{HAN}]{{0,14}}?(?:局|委员会|办公室|人民政府|街道办事处))"
    r"(?:坚持|认真|严格|高度重视|始终|积极|紧紧围绕|紧扣|持续|深入|切实|以习近平|在区委|在县委)"
)
_NO_NAME = re.compile(
    r"[由与和及向对在从为经按据会联协组配依通各本我全该]|上级|相关|有关|所有|其[他它]"
)
_TOWN = re.compile(r"(镇|乡|街道)(?:人民政府|政府|办事处)?$")
_KIND = re.compile(r"(局|委员会|办公室|政府|街道办事处)$")
_TITLE = re.compile(
    rf"^([{HAN}（）()]{{0,40}}?)20\d\d年度?([{HAN}（）()]{{0,40}}?)(?:政府)?信息公开"
    r"(?:工作)?(?:年度)?(?:工作)?报告$"
)
_OURS = {
    "我县": re.compile(r"我县(?!级)"),
    "我市": re.compile(r"我市"),
    "我局": re.compile(r"我局|本局"),
    "我镇": re.compile(r"[我本]镇(?![村里])"),
    "我乡": re.compile(r"[我本]乡(?![村里镇])"),
    "我街道": re.compile(r"[我本]街道"),
}


def check_bodies(dossier: Dossier) -> Iterator[Finding]:
    """NAR-UNIT: a sentence speaks of itself as another body, or mixes two kinds of offices."""
    agency = dense(dossier.report.agency)
    foreign = foreign_words(agency)
    for key, text in texts(dossier):
        if key != "signoff" and text:
            for fault, stands, sentence in _others(text, agency, foreign):
                facts: dict[str, object] = {"fault": fault, "stands": stands}
                yield Finding("NAR-UNIT", "explain", (key,), sentence=sentence, facts=facts)


@lru_cache(maxsize=64)
def foreign_words(agency: str) -> tuple[str, ...]:
    """The words by which an agency can never mean itself: 我县 in a district, 我局 in a town."""
    words = []
    level = _level(agency)
    if level == "区" and "县" not in agency and not _NO_PLACE.search(agency):
        words.append("我县")
    if level in ("县", "自治县"):
        words.append("我市")
    if agency.endswith(("政府", "街道办事处", "街道", "镇", "乡")):
        words.append("我局")
    own = _TOWN.search(agency)
    if own or agency.endswith("局"):
        words += [f"我{town}" for town in ("镇", "乡", "街道") if not own or own.group(1) != town]
    return tuple(words)


def _level(agency: str) -> str:
    """The last place in an agency's name: 县, 区, 市 or empty."""
    places = _PLACE.findall(_NO_PLACE.sub("〇", agency))
    return places[-1][1] if places else ""


@lru_cache(maxsize=512)
def _others(text: str, agency: str, foreign: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    """What belongs to another body: the kind of fault, the words, the sentence."""
    found = []
    foreign = tuple(word for word in foreign if _OURS[word].search(text))
    for sentence in sentences(text):
        fault = _fault(sentence, agency, foreign)
        if fault:
            found.append((*fault, sentence.strip()))
    for line in paragraphs(text):
        title = _TITLE.match(dense(line)) if len(line) < 120 and "报告" in line else None
        name = (title.group(1) or title.group(2)).strip("（）()") if title else ""
        if name and agency and not is_short_for(name, agency) and agency not in name:
            found.append(("title", name, line))
    return tuple(found)


def _fault(sentence: str, agency: str, foreign: tuple[str, ...]) -> tuple[str, str] | None:
    """What in one sentence belongs to another body."""
    if "股室" in sentence and "处室" in sentence:
        plain = own_words(sentence)
        if "股室" in plain and "处室" in plain and not _LISTED.search(plain):
            return "offices", "股室、处室"
    if foreign:
        plain = own_words(sentence)
        for word in foreign:
            found = _OURS[word].search(plain)
            if found:
                return "ours", found.group()
    return _other_subject(sentence, agency)


def _other_subject(sentence: str, agency: str) -> tuple[str, str] | None:
    """Another body of the same kind and level that the sentence is about, by its place."""
    found = _SUBJECT.match(sentence)
    kind = _KIND.search(agency)
    if found is None or kind is None or found.group(2) != _level(agency):
        return None
    place, level, body = found.groups()
    other = place in agency or _NO_NAME.search(place) or _NO_PLACE.search(place + level)
    if other or not body.endswith(kind.group()):
        return None
    return "subject", place + level + body
