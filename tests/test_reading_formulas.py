"""A 0 that a formula left over blank cells is a blank; one that was counted is a 0."""

from __future__ import annotations

import pytest

from bot.readers import xlsx
from bot.readers.reading import Reading
from bot.readers.references import is_hollow
from tests.foreign import FORM
from tests.workbooks import Page, packed


def read(formula: str, *filled: tuple[str, str]) -> Reading:
    """The reading of a sheet whose B2 is a formula that left a 0."""
    page = Page("表二").put("A1", "二、主动公开政府信息情况", "s").put("A2", "行政许可", "s")
    page.put("B2", "0", formula=formula).put("A3", "行政处罚", "s").put("B3", "4")
    for name, value in filled:
        page.put(name, value)
    return xlsx.read(packed([page]), FORM)


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(E:E)",
        "SUM($E:$F)",
        "SUBTOTAL(9,E8:E9)",
        "SUMPRODUCT(E8:E9)",
        "ROUND(SUM(E8:E9),0)",
        "IFERROR(SUM(E8:E9),0)",
        "IF(SUM(E8:E9)>0,SUM(E8:E9),0)",
        'IF(E8="",0,1)',
        "SUM(E8:E9)+0",
        "SUM(E8:E9)*1",
        "E8*1",
        "(E8)",
        "N(E8)",
        "MAX(E8:E9)",
        "_xlfn.SUM(E8)",
        "COUNTIF(E8:E9,1)",
        "VLOOKUP(1,A1:B9,2,0)",
        "INDEX(A1:B9,1,2)",
        "[1]Sheet1!A1",
        "'[去年.xlsx]表二'!B2+0*1",
        "许可数量",
        "表[许可]",
        "没有这张表!A1*1",
    ],
)
def test_a_zero_over_blank_cells_is_a_blank_and_said(formula: str) -> None:
    reading = read(formula)
    assert reading.report.figures["proactive.permits"] is None
    (said,) = (sentence for sentence in reading.unread if "公式" in sentence)
    assert "B2" in said
    assert reading.report.figures["proactive.penalties"] == 4


@pytest.mark.parametrize(
    "formula",
    ["SUM(E:E)", "SUBTOTAL(9,E8:E9)", "IFERROR(SUM(E8:E9),0)", "E8*1", "MAX(E8:E9)", "COUNT(E8)"],
)
def test_a_zero_that_was_counted_from_figures_is_a_zero(formula: str) -> None:
    assert read(formula, ("E8", "0")).report.figures["proactive.permits"] == 0


def test_a_formula_of_constants_is_an_answer() -> None:
    assert not is_hollow("0", (1, 1), {"": {}})
    assert not is_hollow("=12-12", (1, 1), {"": {}})


def test_a_formula_does_not_fill_its_own_column() -> None:
    assert is_hollow("SUM(B:B)", (1, 1), {"": {(1, 1): "0", (0, 1): "件数"}})
    assert not is_hollow("SUM(B:B)", (1, 1), {"": {(1, 1): "0", (2, 1): "0"}})
