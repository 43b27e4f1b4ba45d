"""The history of a report as a page: words for what was stored, somebody for every line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import etree

from bot.catalogue import load_guides
from bot.draft import OUTCOMES, TYPES, Answer, Draft, Entry
from bot.guide import Guides
from bot.wording import Wording
from bot.writers.trace import Line, render_trace
from tests.tables import form

FORM = form()
DRAFT = Draft(FORM, 1, "青石县财政局", 2024)
AT = datetime(2025, 1, 20, 9, 30, tzinfo=UTC)
NAME = Wording(FORM).name
GUIDES = load_guides(FORM)


def tables(
    entries: list[Entry], events: list[Line], guides: Guides = GUIDES
) -> list[list[list[str]]]:
    """The words of the page's two tables, heads first."""
    content = render_trace(DRAFT, entries, events, NAME, "abc", guides)
    page: Any = etree.fromstring(content, etree.HTMLParser(encoding="utf-8"))
    return [
        [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
        for table in page.iter("table")
    ]


def changed(
    item: str, old: Answer | None, new: Answer | None, guides: Guides = GUIDES
) -> tuple[str, str]:
    """How the page shows one change."""
    line = tables([Entry(item, old, new, "王丽", AT, "telegram:7")], [], guides)[1][1]
    return line[2], line[3]


@pytest.mark.parametrize(
    ("item", "value", "shown"),
    [
        ("gate.fees", "no", "没有"),
        ("fee.charged", "yes", "有"),
        ("fee.charged", "text", "自己写"),
        (TYPES, "natural_person,business", "自然人、商业企业"),
        (OUTCOMES, "granted", "予以公开"),
        (OUTCOMES, "", "（没有选）"),
        ("pick.problems", "explain", "政策解读形式单一"),
        ("zeros", "3fa2b1c40d9e", "已确认"),
        ("last.report", "1", "已读入"),
        ("proactive.permits", 12, "12"),
        ("other", "", "（不写）"),
        ("other", "no", "no"),
    ],
)
def test_an_answer_is_shown_in_the_words_it_was_given_in(
    item: str, value: str | int, shown: str
) -> None:
    assert changed(item, None, Answer(value, "typed")) == ("（空）", shown)


def test_a_choice_that_nobody_knows_any_more_keeps_its_key() -> None:
    answer = Answer("natural_person,gone", "typed")
    assert changed(TYPES, answer, None) == ("自然人、gone", "（空）")
    known = Answer("explain", "typed")
    assert changed("pick.problems", None, known, guides={})[1] == "explain"


def test_every_line_says_who_it_was() -> None:
    events: list[Line] = [
        ("submitted", "王丽", AT, {"number": 1}),
        ("filed", "", AT, {"name": "报告.docx"}),
        ("approved", "", AT, {"number": 1}),
        ("invited", "（命令行）", AT, {}),
    ]
    entry = Entry("proactive.permits", None, Answer(1, "typed"), "", AT, "telegram:7")
    decisions, changes = tables([entry], events)
    assert [row[2] for row in decisions[1:]] == ["王丽", "（系统）", "（没有名字）", "（命令行）"]
    assert changes[0][5:] == ["人", "消息编号"]
    assert changes[1][5:] == ["（没有名字）", "telegram:7"]


def test_the_gates_of_the_form_are_all_answered_in_words() -> None:
    for gate in FORM.gates:
        assert changed(gate.key, Answer("yes", "typed"), Answer("no", "typed")) == ("有", "没有")
