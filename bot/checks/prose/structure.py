"""Whether the report has all the parts it must have, and nothing left over from a template.

Pure. A file of figures only has no parts to judge: it gets one note saying so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from bot.checks.figures.numbers import is_bureau
from bot.checks.finding import Dossier, Finding
from bot.checks.prose.headings import inner_headings, section_of, without_headings
from bot.checks.texts import (
    bare_title,
    dense,
    is_short_for,
    rewriting,
    sentences,
    texts,
    topic_item,
    without_addresses,
)
from bot.form import Section, Severity
from bot.report import Report, paragraphs

FIRST_YEAR, LAST_YEAR = 2008, 2099
OLD_LABELS = (
    "本年新制作数量", "本年新公开数量", "对外公开总数量", "上一年项目数量", "本年增/减",
    "其他对外管理服务事项", "政府集中采购", "采购项目数量", "采购总金额",
)  # fmt: skip
"""Labels of the form of 2019 that the form of 2021 no longer has."""
NOTHING = frozenset({"", "无", "暂无", "没有", "略", "无内容", "本年度无"})

_PROBLEMS = "problems"
_OLD_ROW = "（六）其他处理"
_TITLE_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)年?")
_ACCOUNTS = {
    "工作考核": re.compile(r"考核|考评|绩效|评估"),
    "社会评议": re.compile(r"评议|评价|满意度|测评"),
    "责任追究结果": re.compile(r"追究|问责|追责"),
}
_MARK = re.compile(r"\{\{|\}\}|\{%|%\}|＿{2,}|_{2,}|待补充|此处填写")
_PLACEHOLDER = re.compile(
    r"(?<![A-Za-z])[XxＸｘ]{2,}(?![A-Za-z])|[×╳]{2,}|\*{2,}|(?<!\d)#"
    r"|某某|请填写|请补充|待填|待定稿|TODO"
    r"|作为(一个|一名|一款)?\s*(AI|人工智能|大?语言模型)"
)
_SUSPECT = re.compile(r"[{}_＿%*#×╳XxＸｘ某填待T]")
_TOPIC_TAG = re.compile(r"#[^#\s]{1,30}#")
_PROBLEM = re.compile(
    r"问题|不足|不够|不高|不强|不深|不全|不及时|不到位|欠缺|薄弱|短板|差距|有待|单一|滞后|困难"
)
_IMPROVEMENT = re.compile(
    r"改进|整改|措施|下一步|将进一步|加强|完善|优化|提升|提高|强化|健全|打算|计划|努力|持续"
)


def check_figures_only(dossier: Dossier) -> Iterator[Finding]:
    """STR-00: the source carried no texts, so only its figures were checked."""
    if not dossier.report.has_texts:
        yield Finding("STR-00", "note")


def check_title(dossier: Dossier) -> Iterator[Finding]:
    """STR-02: the title is the agency's full name, the year reported on, and the official words.

    Other wordings that name both are noted; a title without the agency wants an explanation.
    """
    report = dossier.report
    if not report.has_texts:
        return
    official = dossier.form.title_of(report.agency.strip(), report.year)
    words = re.compile(dossier.form.title_words or re.escape(dossier.form.name))
    fault, severity = _title_fault(report, official, words)
    if fault:
        yield Finding(
            "STR-02",
            severity,
            sentence=report.title.strip(),
            facts={"official": official, "fault": fault},
        )


def _title_fault(report: Report, official: str, words: re.Pattern[str]) -> tuple[str, Severity]:
    """What is wrong with a title, empty if nothing; `words` are what such reports are called."""
    title, agency = dense(report.title), dense(report.agency)
    if not agency:
        return "agency", "hard"
    if _odd_year(report.year):
        return "year", "hard"
    if title == dense(official):
        return "", "note"
    if not words.search(title) or set(_TITLE_YEAR.findall(title)) != {str(report.year)}:
        return "title", "hard"
    if agency in title:
        return "wording", "note"
    name = words.sub("", _TITLE_YEAR.sub("", title)).strip("度关于的（）()")
    if not name:
        return "nameless", "explain"
    return ("short", "explain") if is_short_for(name, agency) else ("title", "hard")


def _odd_year(year: object) -> bool:
    """Whether there can be no such report: the regulation is of 2008."""
    return not isinstance(year, int) or not FIRST_YEAR <= year <= LAST_YEAR


def check_headings(dossier: Dossier) -> Iterator[Finding]:
    """STR-01: all section headings, in order, each once; and the overview says something.

    Headings are not part of a text: one at the start of a line was pasted along with it.
    """
    if not dossier.report.has_texts:
        return
    yield from _overview_missing(dossier)
    inside: set[str] = set()
    for key, text in texts(dossier):
        found = dict(inner_headings(dossier.form, text))
        mended = without_headings(dossier.form, text) if found else text
        repairs = rewriting(dossier, key, mended, "heading") if _drops(mended, text) else ()
        inside.update(found.values())
        for line, heading in found.items():
            facts = {"fault": "doubled", "heading": heading}
            yield Finding("STR-01", "hard", (key,), sentence=line, repairs=repairs, facts=facts)
    yield from _headings_read(dossier, inside)


def _overview_missing(dossier: Dossier) -> Iterator[Finding]:
    """Whether the section with the topics says nothing at all."""
    if not dossier.form.topics or _overview_filled(dossier):
        return
    overview = dossier.form.section(dossier.form.topic_section)
    if overview not in _absent(dossier):
        facts: dict[str, object] = {"fault": "missing", "heading": overview.label}
        yield Finding("STR-01", "hard", cells=overview.texts[:1], facts=facts)


def _drops(mended: str, text: str) -> bool:
    """Whether a text without its headings is another text and still says something."""
    return bool(mended.strip()) and mended != text


def _headings_read(dossier: Dossier, told: set[str]) -> Iterator[Finding]:
    """The faults of the headings of a file that was read; `told` are those said already."""
    found = [section_of(dossier.form, heading) for heading in dossier.headings]
    stood = [section for section in found if section]
    if not stood:
        return
    missing = [section.label for section in _absent(dossier)]
    if missing:
        yield Finding("STR-01", "hard", facts={"fault": "absent", "heading": "”、“".join(missing)})
    for section in dossier.form.sections:
        if stood.count(section) > 1 and section.label not in told:
            facts: dict[str, object] = {"fault": "twice", "heading": section.label}
            yield Finding("STR-01", "hard", cells=section.texts[:1], facts=facts)
    order = [dossier.form.sections.index(section) for section in dict.fromkeys(stood)]
    if order != sorted(order):
        heads = "”、“".join(section.label for section in dict.fromkeys(stood))
        yield Finding("STR-01", "hard", facts={"fault": "order", "heading": heads})


def _absent(dossier: Dossier) -> tuple[Section, ...]:
    """The sections whose heading a file lacks; none where it has no headings at all.

    That such a section is empty has the same cause and is not said again.
    """
    found = [section_of(dossier.form, heading) for heading in dossier.headings]
    if not any(found):
        return ()
    return tuple(section for section in dossier.form.sections if section not in found)


def check_old_labels(dossier: Dossier) -> Iterator[Finding]:
    """STR-03: the tables that were read are those of the form in use, not of 〔2019〕60号."""
    stood = {dense(label).replace("／", "/") for label in dossier.labels}
    old = [label for label in OLD_LABELS if label in stood]
    single = _OLD_ROW in stood and not any("逾期不补正" in label for label in stood)
    if old or single:
        labels = (*old, *((f"{_OLD_ROW}（没有分项）",) if single else ()))
        yield Finding("STR-03", "hard", sentence="、".join(labels), facts={"labels": labels})


def check_accounts(dossier: Dossier) -> Iterator[Finding]:
    """STR-05: a government also reports 工作考核, 社会评议 and 责任追究 (条例第五十条第四项)."""
    key = "overview.supervision"
    if not _is_government(dossier.report):
        return
    stood = dict(texts(dossier))
    if not paragraphs(stood.get(key, "")):
        return
    said = "\n".join(text for item, text in texts(dossier) if item != "problems")
    missing = tuple(name for name, words in _ACCOUNTS.items() if not words.search(said))
    if missing:
        yield Finding("STR-05", "explain", cells=(key,), facts={"missing": missing})


def _is_government(report: Report) -> bool:
    """Whether the report is a government's own: by its name, or by its level where that fits."""
    if report.agency.strip().endswith("政府"):
        return True
    by_name = replace(report, level="")
    return report.level.strip().endswith("政府") and not is_bureau(by_name)


def _overview_filled(dossier: Dossier) -> bool:
    """Whether the section with the topics (一、总体情况) says anything."""
    report, form = dossier.report, dossier.form
    told = (report.text(form.lead(form.topic_section)), *(topic.text for topic in report.topics))
    return any(text.strip() for text in told)


def check_topics(dossier: Dossier) -> Iterator[Finding]:
    """STR-04: the overview speaks of all its topics, under their official titles."""
    report = dossier.report
    if not report.has_texts or not _overview_filled(dossier):
        return
    meant = [(topic, topic_item(dossier.form, topic.title)) for topic in report.topics]
    filled = {item.key for topic, item in meant if item and paragraphs(topic.text)}
    missing = [item for item in dossier.form.topics if item.key not in filled]
    if missing:
        labels = tuple(item.label for item in missing)
        cells = tuple(item.key for item in missing)
        facts: dict[str, object] = {"fault": "missing", "topics": labels}
        yield Finding("STR-04", "explain", cells=cells, facts=facts)
    others = [(t.title, i) for t, i in meant if i and bare_title(t.title) != i.label]
    if others:
        facts = {"fault": "title", "official": "、".join(item.label for _, item in others)}
        titles = "、".join(title for title, _ in others)
        cells = tuple(item.key for _, item in others)
        yield Finding("STR-04", "note", cells=cells, sentence=titles, facts=facts)


def check_problems(dossier: Dossier) -> Iterator[Finding]:
    """STR-06: 五 says what is wrong and what is done about it."""
    if not dossier.report.has_texts:
        return
    text = dossier.report.text("problems")
    if _says_nothing(text):
        if not _is_absent(dossier, "problems"):
            yield Finding("STR-06", "hard", cells=("problems",), facts={"fault": "empty"})
        return
    for fault, words in (("problems", _PROBLEM), ("improvements", _IMPROVEMENT)):
        if not words.search(text):
            yield Finding("STR-06", "explain", cells=("problems",), facts={"fault": fault})


def check_empty(dossier: Dossier) -> Iterator[Finding]:
    """STR-07: no section is empty; 无 is an answer here. Some have a check of their own."""
    if not dossier.report.has_texts:
        return
    for section in dossier.form.sections:
        lead = dossier.form.lead(section.key)
        if not lead or section.key == dossier.form.topic_section:
            continue
        if section.key == _PROBLEMS and "parts" in dossier.form.checks:
            continue
        if not paragraphs(dossier.report.text(lead)) and not _is_absent(dossier, section.key):
            yield Finding("STR-07", "hard", cells=(lead,), facts={"heading": section.label})


def _is_absent(dossier: Dossier, section: str) -> bool:
    """Whether STR-01 already says that a section's heading is missing."""
    return dossier.form.section(section) in _absent(dossier)


def _says_nothing(text: str) -> bool:
    """Whether a text is empty or only 无."""
    return re.sub(r"[\s。.，,；;、]", "", text) in NOTHING


def check_leftovers(dossier: Dossier) -> Iterator[Finding]:
    """NAR-LEFT: template marks (hard) and what looks like a placeholder (explain)."""
    if not dossier.report.has_texts:
        return
    for key, text in (*texts(dossier), ("", dossier.report.title), *_titles(dossier)):
        for severity, sentence, mark in _leftovers(text):
            cells = (key,) if key else ()
            yield Finding("NAR-LEFT", severity, cells, sentence=sentence, facts={"mark": mark})


@lru_cache(maxsize=512)
def _leftovers(text: str) -> tuple[tuple[Severity, str, str], ...]:
    """What is left over in a text: how grave, the sentence, the mark."""
    if not _SUSPECT.search(text) and "作为" not in text:
        return ()
    found: list[tuple[Severity, str, str]] = []
    for sentence in sentences(text):
        # A topic tag and a web address may hold the same characters honestly.
        plain = _TOPIC_TAG.sub("", without_addresses(sentence))
        mark, placeholder = _MARK.search(plain), _PLACEHOLDER.search(plain)
        if mark:
            found.append(("hard", sentence.strip(), mark.group()))
        elif placeholder:
            found.append(("explain", sentence.strip(), placeholder.group()))
    return tuple(found)


def _titles(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """The topics' titles by item key."""
    for topic in dossier.report.topics:
        item = topic_item(dossier.form, topic.title)
        yield item.key if item else dossier.form.lead(dossier.form.topic_section), topic.title


def check_todo(dossier: Dossier) -> Iterator[Finding]:
    """PR-TODO: nothing may still be put off."""
    if dossier.todo:
        yield Finding("PR-TODO", "hard", cells=tuple(dossier.todo))
