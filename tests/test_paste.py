"""Figures pasted or typed with their names."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue import load_form
from bot.telling.paste import read_block, read_tables

FORM = load_form()
ROWS = FORM.tables["requests"].rows
NUMBERS = st.integers(0, 99999)
TABLES = st.lists(st.lists(NUMBERS, min_size=7, max_size=7), min_size=25, max_size=25)


def laid_out(table: list[list[int]], between: str, *, labels: bool = True) -> str:
    """Table three as somebody pastes it."""
    lines = []
    for row, numbers in zip(ROWS, table, strict=True):
        words = [row.label] * labels + [str(number) for number in numbers]
        lines.append(between.join(words))
    return "\n".join(lines)


def cells_of(table: list[list[int]]) -> dict[str, int]:
    """The same table by cell."""
    columns = FORM.tables["requests"].columns
    keys = itertools.product(ROWS, columns)
    return {
        f"requests.{row.key}.{column.key}": number
        for (row, column), number in zip(keys, itertools.chain(*table), strict=True)
    }


@settings(max_examples=25, deadline=None)
@given(TABLES, st.sampled_from(["\t", " ", "  ", "\u3000", " \t"]))
def test_a_whole_table_is_read_with_tabs_or_spaces(table: list[list[int]], between: str) -> None:
    reading = read_tables(FORM, laid_out(table, between))
    assert dict(reading.cells) == cells_of(table)
    assert not reading.faults


@settings(max_examples=25, deadline=None)
@given(TABLES)
def test_a_whole_table_is_read_without_labels(table: list[list[int]]) -> None:
    block = read_block(FORM, laid_out(table, "\t", labels=False), FORM.tables["requests"])
    assert block is not None
    assert dict(block.cells) == cells_of(table)


def short(reading_of: str, **more: str) -> dict[str, int]:
    """The cells read, without the name of their section."""
    reading = read_tables(FORM, reading_of, **more)
    assert not reading.faults, reading.faults
    return {cell.partition(".")[2]: int(value) for cell, value in reading.cells.items()}


@pytest.mark.parametrize(
    ("typed", "cells"),
    [
        ("予以公开 3 部分公开 2 自然人", {"granted.natural_person": 3, "partly_granted.natural_person": 2}),
        ("自然人 予以公开3 部分公开2", {"granted.natural_person": 3, "partly_granted.natural_person": 2}),
        ("表三 予以公开 自然人 5", {"granted.natural_person": 5}),
        ("把予以公开自然人改为5件", {"granted.natural_person": 5}),
        ("予以公开 自然人 5 商业企业 2", {"granted.natural_person": 5, "granted.business": 2}),
        ("行政许可 5 处罚 3件 强制 0", {"permits": 5, "penalties": 3, "coercion": 0}),
        ("规章 2 0 11", {"rules_made": 2, "rules_repealed": 0, "rules_in_force": 11}),
        ("复议 1 0 2 3", {"review_upheld": 1, "review_corrected": 0, "review_other": 2, "review_pending": 3}),
        ("表四 行政复议 其他 3", {"review_other": 3}),
        ("表三 其他处理3 自然人 5", {"other_misc.natural_person": 5}),
        ("予以公开 三件 自然人", {"granted.natural_person": 3}),
    ],
)  # fmt: skip
def test_a_line_that_names_its_cells_is_read(typed: str, cells: dict[str, int]) -> None:
    assert short(typed) == cells


def test_six_or_seven_numbers_make_a_row_and_five_are_asked_about() -> None:
    assert len(short("予以公开 1 2 3 4 5 6")) == 6
    assert short("予以公开 1 2 3 4 5 6 21")["granted.total"] == 21
    reading = read_tables(FORM, "予以公开 1 2 3 4 5")
    assert not reading.cells
    assert [fault.reason for fault in reading.faults] == ["row_length"]


def test_a_wrong_total_is_kept_as_it_was_pasted() -> None:
    assert short("予以公开 1 0 0 0 0 0 9")["granted.total"] == 9


def test_an_empty_cell_between_tabs_is_blank_and_not_zero() -> None:
    reading = read_tables(FORM, "予以公开\t3\t\t0\t0\t0\t0\t3")
    assert reading.blanks == ("requests.granted.business",)
    assert "requests.granted.business" not in reading.cells
    assert reading.cells["requests.granted.total"] == 3


@pytest.mark.parametrize("mark", ["/", "-", "—", "N/A"])
def test_a_mark_for_nothing_is_blank_and_not_zero(mark: str) -> None:
    reading = read_tables(FORM, f"予以公开\t3\t{mark}\t0\t0\t0\t0\t3")
    assert reading.blanks == ("requests.granted.business",)


def test_a_note_inside_a_number_cell_is_said_and_not_read() -> None:
    reading = read_tables(FORM, "予以公开 22（其中修订16件） 0 0 0 0 0 22")
    assert reading.cells["requests.granted.natural_person"] == 22
    assert reading.notes


def test_labels_broken_over_lines_and_written_with_other_marks_are_known() -> None:
    text = "1. 申请人无正当理由逾期不补正, 行政机关不再处理其政府信息公开申请 1 0 0 0 0 0 1"
    assert short(text)["other_no_correction.natural_person"] == 1
    assert short("(二) 部分公开 (区分处理的, 只计这一情形, 不计其他情形) 2 0 0 0 0 0 2")


@pytest.mark.parametrize(
    "prose",
    [
        "2022年，我局共收到申请3件，予以公开2件，结转1件。自然人申请3件。",
        "全年主动公开政府信息1291条，涉及部门28个。",
        "一是做好常态化公开。二是加强用权公开，予以公开的信息及时更新。",
    ],
)
def test_prose_with_figures_in_it_is_no_table(prose: str) -> None:
    assert not read_tables(FORM, prose).is_tabular


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_without_falling_over(text: str) -> None:
    reading = read_tables(FORM, text)
    assert set(reading.cells) <= set(FORM.cells)


HEADS = [
    "\t自然人\t法人或其他组织\t总计\n\t\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\n",
    "\t自然人\t法人或其他组织\t\t\t\t\t总计\n\t\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t\n",
    "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计\n",
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）\t申请人情况\t总计\n自然人\n",
]


@pytest.mark.parametrize("head", HEADS)
def test_the_official_head_of_two_lines_permutes_nothing(head: str) -> None:
    read = short(
        head
        + "一、本年新收政府信息公开申请数量\t120\t30\t0\t1\t0\t2\t153\n上年结转\t3\t1\t0\t0\t0\t0\t4"
    )
    assert read["new_received.business"] == 30
    assert read["new_received.total"] == 153
    assert read["carried_in.business"] == 1


def test_a_head_in_one_line_gives_the_order_of_all_rows_below_it() -> None:
    read = short(
        "现行有效件数\t本年制发件数\t本年废止件数\n规章\t11\t2\t0\n行政规范性文件\t30\t5\t1"
    )
    assert (read["rules_in_force"], read["rules_made"]) == (11, 2)
    assert (read["normdocs_in_force"], read["normdocs_made"], read["normdocs_repealed"]) == (
        30,
        5,
        1,
    )


@pytest.mark.parametrize(
    ("typed", "cells"),
    [
        ("处罚 5 改为 6", {"penalties": 6}),
        ("处罚由5改为6", {"penalties": 6}),
        ("许可三万五千件", {"permits": 35000}),
        ("许可一万二千件", {"permits": 12000}),
    ],
)
def test_what_replaces_a_number_counts_and_a_whole_numeral_is_read(
    typed: str, cells: dict[str, int]
) -> None:
    assert short(typed) == cells


@pytest.mark.parametrize(
    "typed",
    ["许可约20件", "许可 20左右", "许可不到20", "许可 50%", "不予许可 3", "处罚 1e5", "处罚 0x10",
     "处罚 ½", "许可 12①", "处罚 5³", "处罚5件，去年8件"],
)  # fmt: skip
def test_a_number_with_an_unread_word_beside_it_is_not_firm(typed: str) -> None:
    reading = read_tables(FORM, typed)
    assert reading.leftover or not reading.cells


@pytest.mark.parametrize(
    "typed",
    [
        "行政强制 3 5",
        "处罚 1 234",
        "处罚 2十件",
        "规范性文件 1 2 3 4 5 6",
        "行政处罚\t5\n3\t行政许可\t12",
    ],
)
def test_two_numbers_never_fill_the_row_beside(typed: str) -> None:
    reading = read_tables(FORM, typed)
    assert reading.faults
    assert "proactive.coercion" not in reading.cells
    assert "proactive.rules_made" not in reading.cells


def test_an_empty_first_cell_shifts_nothing() -> None:
    reading = read_tables(FORM, "予以公开\t\t0\t0\t0\t0\t0\t3")
    assert "requests.granted.other_org" not in reading.cells or (
        reading.cells["requests.granted.other_org"] == 0
    )
    assert reading.blanks == ("requests.granted.natural_person",)


def test_a_row_of_blanks_with_its_total_is_blanks() -> None:
    reading = read_tables(FORM, "1.属于国家秘密\t\t\t\t\t\t\t0")
    assert len(reading.blanks) == 6
    assert dict(reading.cells) == {"requests.denied_state_secret.total": 0}


def test_six_numbers_that_end_in_their_sum_are_asked_about() -> None:
    reading = read_tables(FORM, "予以公开 3 2 0 0 0 5")
    assert [fault.reason for fault in reading.faults] == ["row_unclear"]


@pytest.mark.parametrize("typed", ["行政许可 5\n行政许可 8", "予以公开 自然人 5 予以公开 自然人 6"])
def test_the_same_cell_twice_with_different_numbers_is_said(typed: str) -> None:
    assert "twice" in [fault.reason for fault in read_tables(FORM, typed).faults]


def test_a_short_way_of_saying_in_a_correction_is_not_sure() -> None:
    assert not read_tables(FORM, "许可 1.5万").sure
    assert not read_tables(FORM, "收费 5千").sure


@pytest.mark.parametrize(
    "text", ["一" * 30000, "（" + "1" * 30000, "3.危及" + " " * 30000 + "三", "予以公开" * 7000]
)
def test_a_hostile_text_is_read_in_no_time(text: str) -> None:
    begun = time.process_time()
    read_tables(FORM, text)
    assert time.process_time() - begun < 2.0


def test_a_comma_behind_a_number_is_not_said_back_as_part_of_it() -> None:
    reading = read_tables(FORM, "自然人7，商业企业2")
    assert [fault.facts["numbers"] for fault in reading.faults] == ["7", "2"]
