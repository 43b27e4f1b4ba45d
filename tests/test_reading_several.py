"""One report is read from a file: other titles do not change it, a second report is said."""

from __future__ import annotations

import io
import zipfile

import pytest

from bot.readers import docx, html, kind, read_file, text, xlsx
from bot.readers.assembly import assemble
from bot.readers.blocks import Block, Grid, Paragraph
from bot.readers.reading import Unreadable
from bot.report import Figure, Report
from tests import webpages
from tests.foreign import FORM, as_blocks, as_docx, as_text
from tests.parts import with_parts
from tests.tables import report_of
from tests.workbooks import Page, packed

TITLE = "青石县水务局2024年政府信息公开工作年度报告"
OTHER = "西岭县林业局2021年政府信息公开工作年度报告"


def front(*lines: str) -> Report:
    return assemble([Paragraph(s) for s in (*lines, "一、总体情况", "平稳。")], FORM).report


@pytest.mark.parametrize(
    "line",
    [
        f"上一篇：{OTHER}",
        f"相关链接：{OTHER}",
        OTHER,
        "（附：2021年度政府信息公开工作年度报告）",
        f"根据要求，现公布{OTHER}",
        "2021年度报告",
        "西岭县林业局2024年政府信息公开工作年度报告",
    ],
)
def test_a_line_below_the_title_changes_neither_year_nor_agency(line: str) -> None:
    report = front(TITLE, line)
    assert (report.title, report.agency, report.year) == (TITLE, "青石县水务局", 2024)


def test_a_link_above_the_title_is_no_title() -> None:
    assert front(f"上一篇：{OTHER}", TITLE).year == 2024
    assert front(f"相关阅读：{OTHER}", TITLE).agency == "青石县水务局"


def test_two_titles_are_said_and_the_period_decides() -> None:
    reading = assemble([Paragraph(s) for s in (TITLE, OTHER, "一、总体情况", "平稳。")], FORM)
    assert any(OTHER in sentence for sentence in reading.unread)
    period = "统计期限自2024年1月1日起至2024年12月31日止。"
    assert front(OTHER, TITLE, period).agency == "青石县水务局"


def test_a_title_that_stands_twice_is_one_title() -> None:
    report = report_of({key: 1001 + n for n, key in enumerate(FORM.cells)})
    blocks = [Paragraph(report.title), Paragraph("发布日期：2025-01-10"), *as_blocks(report)]
    assert assemble(blocks, FORM).unread == ()


@pytest.mark.parametrize(
    "title",
    [
        "青石县水务局2021-2022年政府信息公开工作年度报告",
        "青石县水务局2021年至2022年政府信息公开工作年度报告",
        "青石县水务局20222年政府信息公开工作年度报告",
    ],
)
def test_a_title_of_several_years_says_none(title: str) -> None:
    assert front(title).year == 0


# ── two reports ─────────────────────────────────────────────────────────────────────────────

DISTINCT: dict[str, Figure] = {key: 1001 + n for n, key in enumerate(FORM.cells)}
ZEROS: dict[str, Figure] = dict.fromkeys(FORM.cells, 0)


def pair(figures: dict[str, Figure], others: dict[str, Figure]) -> tuple[Report, Report]:
    first = report_of(figures)
    return first, with_parts(report_of(others), year=2023, title=OTHER, problems="往年的问题。")


def shifted() -> dict[str, Figure]:
    return {key: 7000 + n for n, key in enumerate(FORM.cells)}


@pytest.mark.parametrize(("figures", "others"), [(DISTINCT, shifted()), (ZEROS, ZEROS)])
def test_of_two_reports_the_first_is_read_and_the_other_is_said(
    figures: dict[str, Figure], others: dict[str, Figure]
) -> None:
    first, second = pair(figures, others)
    alone = assemble(as_blocks(first), FORM)
    reading = assemble([*as_blocks(first), *as_blocks(second)], FORM)
    assert reading.report == alone.report
    (said,) = reading.unread
    assert "不止一份年报" in said
    assert first.title in said


def test_a_second_report_is_told_by_its_title_where_it_has_no_headings() -> None:
    first, second = pair(ZEROS, ZEROS)
    tables: list[Block] = [block for block in as_blocks(second) if isinstance(block, Grid)]
    reading = assemble([*as_blocks(first), Paragraph(OTHER), *tables], FORM)
    assert any("不止一份年报" in sentence for sentence in reading.unread)


def test_two_sheets_with_two_years_are_two_reports() -> None:
    pages = []
    for report in pair(ZEROS, ZEROS):
        page, row = Page(report.title[:20]), 0
        for part in webpages.parts_of(report, FORM):
            if isinstance(part, str):
                page.put(f"A{row + 1}", part, "s")
                row += 1
            else:
                row = page.lay(part, row)
        pages.append(page)
    reading = xlsx.read(packed(pages), FORM)
    assert reading.report.year == 2024
    assert "往年的问题" not in reading.report.text("problems")
    assert any("不止一份年报" in sentence for sentence in reading.unread)


def test_two_files_of_our_own_pasted_together_are_two_reports() -> None:
    parts = [
        ("title", TITLE), ("heading", "一、总体情况"), ("text", "平稳。"),
        ("title", OTHER), ("heading", "一、总体情况"), ("text", "往年的话。"), ("draft", ""),
    ]  # fmt: skip
    reading = assemble([Paragraph(words, role) for role, words in parts], FORM)
    assert (reading.report.title, reading.report.text("overview.intro")) == (TITLE, "平稳。")
    assert any("不止一份年报" in sentence for sentence in reading.unread)


def test_links_to_other_years_below_the_report_are_no_second_report() -> None:
    blocks = [*as_blocks(report_of(DISTINCT)), Paragraph(OTHER), Paragraph("相关阅读")]
    assert not any("不止一份" in s for s in assemble(blocks, FORM).unread)


# ── what a file is ──────────────────────────────────────────────────────────────────────────


def test_a_word_file_that_defines_entities_is_refused() -> None:
    with pytest.raises(Unreadable, match="已经损坏"):
        docx.read(with_entity(), FORM)


def with_entity() -> bytes:
    """A Word file whose body begins with a DTD."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(as_docx(report_of(ZEROS)))) as old,
        zipfile.ZipFile(made, "w") as new,
    ):
        for part in old.infolist():
            held = old.read(part)
            if part.filename == "word/document.xml":
                at = held.index(b"<w:document")
                held = held[:at] + b'<!DOCTYPE w [<!ENTITY n "12">]>' + held[at:]
            new.writestr(part, held)
    return made.getvalue()


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_a_page_in_utf_16_without_its_mark_is_a_page(charset: str) -> None:
    page = webpages.plain(report_of(DISTINCT), FORM)
    assert read_file("年报", page.encode(charset), FORM).report.figures == DISTINCT


def test_a_web_archive_is_known_whatever_its_name() -> None:
    head = b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    assert kind.kind_of("年报.doc", head + "<p>一、总体情况</p>".encode()) == "html"


def test_an_open_document_is_named_with_what_to_do() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("content.xml", "<a/>")
    with pytest.raises(Unreadable, match=r"另存为 \.xlsx"):
        kind.kind_of("年报.ods", made.getvalue())


def test_a_text_with_a_few_broken_signs_is_read_and_says_so() -> None:
    content = as_text(report_of(DISTINCT)).encode()
    torn = content.replace("平稳".encode(), b"\xe5\xb9", 1)
    torn = torn if torn != content else content + b"\xe5\xb9"
    reading = text.read(torn, FORM)
    assert reading.report.figures == DISTINCT
    assert any("编码坏了" in sentence for sentence in reading.unread)


def test_a_page_and_a_text_of_two_reports_say_so_too() -> None:
    first, second = pair(ZEROS, ZEROS)
    both = as_text(first) + "\n" + as_text(second)
    assert any("不止一份年报" in s for s in text.read_text(both, FORM).unread)
    body = webpages.plain(second, FORM).split("<body>")[1]
    page = webpages.plain(first, FORM).replace("</body>", body)
    assert any("不止一份年报" in s for s in html.read(page.encode(), FORM).unread)
