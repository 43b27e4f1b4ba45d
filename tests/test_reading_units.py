"""Sums of money arrive in 万元 exactly, whatever unit they stand in, or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.readers import xlsx
from bot.readers.amounts import read_amount
from bot.readers.assembly import assemble
from bot.readers.blocks import Block, Cell, Grid, Paragraph
from bot.readers.reading import Reading
from bot.readers.units import unit_in, unit_of_remark
from tests.foreign import FORM
from tests.workbooks import Page, packed

FEES = "proactive.fees_wanyuan"
HEAD = "本年收费金额（单位：万元）"


def fees(head: str, value: str, label: str = "行政事业性收费", *before: Block) -> Reading:
    """The reading of a table of fees."""
    rows = [["信息内容", head], [label, value]]
    cells = [[Cell(t, n, c) for c, t in enumerate(row)] for n, row in enumerate(rows)]
    return assemble([Paragraph("二、主动公开政府信息情况"), *before, Grid(cells)], FORM)


@pytest.mark.parametrize(
    ("head", "wan"),
    [
        (HEAD, "12345"),
        ("本年收费金额", "12345"),
        ("本年收费金额（元）", "1.2345"),
        ("本年收费金额（单位：元）", "1.2345"),
        ("本年收费金额（单位：人民币元）", "1.2345"),
        ("本年收费金额 元", "1.2345"),
        ("本年收费金额（百元）", "123.45"),
        ("本年收费金额（单位：千元）", "1234.5"),
        ("本年收费金额（单位：亿元）", "123450000"),
        ("本年收费金额（单位：万）", "12345"),
    ],
)
def test_the_head_says_the_unit(head: str, wan: str) -> None:
    reading = fees(head, "12345")
    assert reading.report.figures[FEES] == Decimal(wan)
    assert [s for s in reading.unread if "万元读入" in s] == [
        s for s in reading.unread if wan != "12345" and wan in s
    ]


@pytest.mark.parametrize("head", ["本年收费金额（美元）", "本年收费金额（元、万元）"])
def test_a_unit_that_is_not_clear_leaves_the_sum_and_says_so(head: str) -> None:
    reading = fees(head, "12345")
    assert reading.report.figures[FEES] is None
    assert FEES in reading.unreadable


def test_a_row_or_a_remark_in_another_unit_than_the_head_is_not_clear() -> None:
    assert fees(HEAD, "12", "行政事业性收费（元）").report.figures[FEES] is None
    assert fees(HEAD, "12", "行政事业性收费", Paragraph("单位：元")).report.figures[FEES] is None
    same = fees(HEAD, "12", "行政事业性收费", Paragraph("单位：件、万元"))
    assert same.report.figures[FEES] == Decimal(12)


def test_a_row_or_a_remark_says_the_unit_where_the_head_does_not() -> None:
    row = fees("本年收费金额", "25100", "行政事业性收费（元）")
    assert row.report.figures[FEES] == Decimal("2.51")
    line = fees("本年收费金额", "25100", "行政事业性收费", Paragraph("（金额单位：元）"))
    assert line.report.figures[FEES] == Decimal("2.51")


@pytest.mark.parametrize("value", ["12345.67", "1"])
def test_a_sum_keeps_four_decimals_or_is_left(value: str) -> None:
    amount = read_amount(value, "money", unit="元")
    small = value == "1"
    assert amount.value == (Decimal("0.0001") if small else None)
    assert ("读入" in amount.note) == small
    assert small or "4 位小数" in amount.fault


def test_a_name_with_the_sign_of_the_unit_is_no_unit() -> None:
    assert unit_in("单位：公元镇人民政府") == ""
    assert unit_of_remark("填报单位：青石县财政局") == ""
    assert unit_of_remark("全年收费单位：元都交了，共收到很多很多很多。") == ""


@pytest.mark.parametrize(
    ("code", "fee", "count"),
    [
        ("0", "12345", 12345),
        ("#,##0.00_);(#,##0.00)", "12345", 12345),
        ('0"件"', None, 12345),
        ('0"元"', "1.2345", None),
        ('#,##0.00"元"', "1.2345", None),
        ('0.0000"亿元"', "123450000", None),
        ('0.00"万元"', "12345", None),
        ('0.00"万"', None, None),
        ("0!.0000", None, None),
        ('0"."0000', None, None),
        ("0\\.0000", None, None),
        ('0"0"', None, None),
        ('#"00"', None, None),
        ('0"元";-0"万元"', None, None),
    ],
)
def test_a_format_of_numbers_changes_no_figure_in_silence(
    code: str, fee: str | None, count: int | None
) -> None:
    page = Page("表二").put("A1", "二、主动公开政府信息情况", "s").put("A2", "行政许可", "s")
    page.put("B2", "12345", style=1).put("A3", "信息内容", "s").put("B3", HEAD, "s")
    page.put("A4", "行政事业性收费", "s").put("B4", "12345", style=1)
    reading = xlsx.read(packed([page], formats=[code]), FORM)
    figures = reading.report.figures
    assert figures["proactive.permits"] == count
    # a format with the word for cases is strange for money, and harmless
    assert figures[FEES] == (None if fee is None and "件" not in code else Decimal(fee or 12345))
    assert {key for key in ("proactive.permits", FEES) if figures[key] is None} == set(
        reading.unreadable
    )
