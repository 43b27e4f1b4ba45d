"""The report in every format, in the chat and on the command line, and the workbook's way back."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest

from bot.assistant import Assistant
from bot.readers import read_file
from bot.writers import WRITERS, write
from tests.clerk import Clerk
from tests.tables import STYLES, figures_of, report_of, requests_table

AGENCY = "西山区市场监督管理局"


@pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind != "png"])
def test_every_format_reads_back_equal_in_200_cells(kind: str, assistant: Assistant) -> None:
    form = assistant.form
    report = report_of(
        figures_of(requests_table(5, STYLES["county"])), signoff="青石县水务局\n2025年1月15日"
    )
    file = write(kind, report, form)
    assert file.name.endswith(f".{kind}")
    found = read_file(file.name, file.content, form).report
    assert dict(found.figures) == dict(report.figures)
    assert (found.text("problems"), found.text("other")) == (
        report.text("problems"),
        report.text("other"),
    )
    assert [topic.text for topic in found.topics] == [topic.text for topic in report.topics]


def test_the_pages_come_as_pictures(assistant: Assistant) -> None:
    file = write("png", report_of(figures_of({})), assistant.form)
    assert len(file.pictures) > 2
    assert all(picture.startswith(b"\x89PNG") for picture in file.pictures)


def quiet(clerk: Clerk) -> Clerk:
    """All figures 0 and confirmed."""
    return clerk.press("五类都没有").press("确认")


def test_the_pages_can_be_looked_at_before_the_report_is_done(clerk: Clerk) -> None:
    quiet(clerk).say("预览")
    assert len(clerk.files[-1].pictures) > 2
    assert "草稿" in clerk.reply


@pytest.mark.parametrize("words", ["要 PDF", "要网页", "要 Excel", "要纯文本"])
def test_a_finished_report_can_be_had_in_other_formats(clerk: Clerk, words: str) -> None:
    quiet(clerk)
    for _ in range(30):
        if clerk.button("生成报告"):
            break
        pressed = next((w for w in ("没有收取，也没有", "不写", "用这段") if clerk.button(w)), "")
        if pressed:
            clerk.press(pressed)
        elif "回几个数" in clerk.reply or "个数，由我起草" in clerk.reply:
            clerk.say(
                "210 150 60"
                if "3个数" in clerk.reply
                else "210 150 60 4"
                if "4个数" in clerk.reply
                else "2 3"
            )
        else:
            clerk.say(
                "全年按照要求做好这项工作，更新信息12条，发现的问题已经改进。存在的主要问题是解读形式单一，改进情况是加强培训。"
            )
    clerk.press("生成报告").press(words)
    assert len(clerk.files) == 2


def filled(content: bytes, **cells: object) -> bytes:
    """A workbook as somebody fills it in: cells by the labels of their row and column."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, value in cells.items():
        sheet, place = name.split("_")
        book[sheet][place] = value
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def input_cells(content: bytes) -> dict[str, str]:
    """The unlocked cells of sheet 表二 with the label of their row."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))["表二"]
    found: dict[str, str] = {}
    for row in sheet.iter_rows():
        label = next(
            (
                str(cell.value)
                for cell in row
                if isinstance(cell.value, str) and len(cell.value) > 3
            ),
            "",
        )
        for cell in row:
            if not cell.protection.locked:
                found.setdefault(label, cell.coordinate)
    return found


def test_a_workbook_comes_back_with_only_what_was_changed(clerk: Clerk) -> None:
    quiet(clerk).say("Excel")
    content = clerk.files[-1].content
    place = input_cells(content)["行政许可"]
    clerk.send("表格.xlsx", filled(content, **{f"表二_{place}": "１２"}))
    assert "改了1项，还没有存" in clerk.reply
    assert "行政许可：0 → 12" in clerk.reply
    assert clerk.draft.figure("proactive.permits") == 0
    clerk.press("对，存入1项")
    assert clerk.draft.figure("proactive.permits") == 12
    assert clerk.draft.value("gate.decisions") == "yes"
    assert (
        clerk.draft.figure("proactive.penalties") == 0
        or clerk.draft.figure("proactive.penalties") is None
    )


def test_what_cannot_be_taken_from_a_workbook_is_named_by_its_cell(clerk: Clerk) -> None:
    quiet(clerk).say("Excel")
    content = clerk.files[-1].content
    place = input_cells(content)["行政许可"]
    clerk.send("表格.xlsx", filled(content, **{f"表二_{place}": "约二十"}))
    assert f"表二!{place}" in clerk.reply
    assert clerk.draft.figure("proactive.permits") == 0


def test_a_workbook_sent_back_unchanged_says_so(clerk: Clerk) -> None:
    quiet(clerk).say("Excel")
    clerk.send("表格.xlsx", clerk.files[-1].content)
    assert "没有改动" in clerk.reply


def test_money_keeps_its_decimals_through_a_workbook(clerk: Clerk) -> None:
    clerk.say("没有").say("没有").say("有").say("没有").say("没有")
    clerk.say("3.25万元").say("Excel")
    read = read_file("表.xlsx", clerk.files[-1].content, clerk.draft.form)
    assert read.report.figures["proactive.fees_wanyuan"] == Decimal("3.25")


def test_the_cells_that_must_be_corrected_are_marked_in_the_preview(clerk: Clerk) -> None:
    clerk.say("没有").say("没有").say("没有").say("有").say("没有").say("3 1")
    clerk.say("表三\n本年新收 3 0 0 0 0 0 4").say("预览")
    marked = clerk.files[-1].pictures
    clerk.say("表三 本年新收 总计 3").say("预览")
    assert clerk.files[-1].pictures != marked
