"""Whether the report has all the parts it must have, and nothing left over from a template.

Pure. A file of figures only has no parts to judge: it gets one note saying so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.finding import Dossier, Finding
from bot.checks.texts import bare_title, sentences, texts, topic_item, topic_items
from bot.form import Form
from bot.report import Report, paragraphs

FIRST_YEAR, LAST_YEAR = 2008, 2099
NOTHING = frozenset({"", "无", "暂无", "没有", "略", "无内容", "本年度无"})

_ADDRESS = re.compile(r"(https?://|www\.)[\w./?=&%#:~+-]+")
_MARK = re.compile(r"\{\{|\}\}|\{%|%\}|＿{2,}|_{2,}|待补充|此处填写")
_PLACEHOLDER = re.compile(
    r"(?<![A-Za-z])[XxＸｘ]{2,}(?![A-Za-z])|[×╳]{2,}|\*{2,}|(?<!\d)#"
    r"|某某|请填写|请补充|待填|待定稿|TODO"
    r"|作为(一个|一名|一款)?\s*(AI|人工智能|大?语言模型)"
)
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
    """STR-02: the title is the agency's full name, the year reported on, and the official words."""
    report = dossier.report
    if not report.has_texts:
        return
    official = dossier.form.title_of(report.agency.strip(), report.year)
    odd = _odd_year(report.year)
    if report.title.strip() != official or not report.agency.strip() or odd:
        fault = "agency" if not report.agency.strip() else "year" if odd else "title"
        yield Finding(
            "STR-02",
            "hard",
            sentence=report.title.strip(),
            facts={"official": official, "fault": fault},
        )


def _odd_year(year: object) -> bool:
    """Whether there can be no such report: the regulation is of 2008."""
    return not isinstance(year, int) or not FIRST_YEAR <= year <= LAST_YEAR


def check_headings(dossier: Dossier) -> Iterator[Finding]:
    """STR-01: each section's text is there, and no heading stands twice.

    Headings are not part of a text: one at the start of a line was pasted along with it.
    """
    if not dossier.report.has_texts:
        return
    overview = dossier.form.section("overview")
    if not _overview_filled(dossier.report):
        facts: dict[str, object] = {"fault": "missing", "heading": overview.label}
        yield Finding("STR-01", "hard", cells=overview.texts[:1], facts=facts)
    for key, text in texts(dossier):
        for line in paragraphs(text):
            heading = _heading(dossier.form, line)
            if heading:
                facts = {"fault": "doubled", "heading": heading}
                yield Finding("STR-01", "hard", cells=(key,), sentence=line, facts=facts)


def _heading(form: Form, line: str) -> str:
    """The official heading that a line begins with, or an empty string."""
    dense = re.sub(r"\s", "", line)
    labels = (section.label for section in form.sections)
    return next((label for label in labels if dense.startswith(label)), "")


def _overview_filled(report: Report) -> bool:
    """Whether 一、总体情况 says anything."""
    return bool(paragraphs(report.intro)) or any(paragraphs(topic.text) for topic in report.topics)


def check_topics(dossier: Dossier) -> Iterator[Finding]:
    """STR-04: the overview speaks of all its topics, under their official titles."""
    report = dossier.report
    if not report.has_texts or not _overview_filled(report):
        return
    filled = set()
    for topic in report.topics:
        item = topic_item(dossier.form, topic.title)
        if item is None:
            continue
        if paragraphs(topic.text):
            filled.add(item.key)
        if bare_title(topic.title) != item.label:
            facts = {"fault": "title", "official": item.label}
            yield Finding("STR-04", "note", cells=(item.key,), sentence=topic.title, facts=facts)
    missing = [item for item in topic_items(dossier.form) if item.key not in filled]
    if missing:
        labels = tuple(item.label for item in missing)
        cells = tuple(item.key for item in missing)
        facts_missing = {"fault": "missing", "topics": labels}
        yield Finding("STR-04", "explain", cells=cells, facts=facts_missing)


def check_problems(dossier: Dossier) -> Iterator[Finding]:
    """STR-06: 五 says what is wrong and what is done about it."""
    if not dossier.report.has_texts:
        return
    text = dossier.report.problems or ""
    if _says_nothing(text):
        yield Finding("STR-06", "hard", cells=("problems",), facts={"fault": "empty"})
        return
    for fault, words in (("problems", _PROBLEM), ("improvements", _IMPROVEMENT)):
        if not words.search(text):
            yield Finding("STR-06", "explain", cells=("problems",), facts={"fault": fault})


def check_other(dossier: Dossier) -> Iterator[Finding]:
    """STR-07: 六 is not empty; 无 is an answer here."""
    if dossier.report.has_texts and not paragraphs(dossier.report.other):
        yield Finding("STR-07", "hard", cells=("other",))


def _says_nothing(text: str) -> bool:
    """Whether a text is empty or only 无."""
    return re.sub(r"[\s。.，,；;、]", "", text) in NOTHING


def check_leftovers(dossier: Dossier) -> Iterator[Finding]:
    """NAR-LEFT: template marks (hard) and what looks like a placeholder (explain)."""
    if not dossier.report.has_texts:
        return
    for key, text in (*texts(dossier), ("", dossier.report.title), *_titles(dossier)):
        for sentence in sentences(text):
            # A topic tag and a web address may hold the same characters honestly.
            plain = _TOPIC_TAG.sub("", _ADDRESS.sub("", sentence))
            mark, placeholder = _MARK.search(plain), _PLACEHOLDER.search(plain)
            found = mark or placeholder
            if found:
                yield Finding(
                    "NAR-LEFT",
                    "hard" if mark else "explain",
                    cells=(key,) if key else (),
                    sentence=sentence.strip(),
                    facts={"mark": found.group()},
                )


def _titles(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """The topics' titles by item key."""
    for topic in dossier.report.topics:
        item = topic_item(dossier.form, topic.title)
        yield item.key if item else "overview.intro", topic.title


def check_todo(dossier: Dossier) -> Iterator[Finding]:
    """PR-TODO: nothing may still be put off."""
    if dossier.todo:
        yield Finding("PR-TODO", "hard", cells=tuple(dossier.todo))
