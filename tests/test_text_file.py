"""The plain text: easy to listen to, all 200 figures in its rows, read back exactly."""

from __future__ import annotations

import codecs
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.catalogue import load_form
from bot.local import CatalogueError, Local
from bot.readers import read_file
from bot.report import Report, Topic, paragraphs
from bot.writers import text as writer
from bot.writers.proof import unprintable
from bot.writers.text import DRAFT, DocumentError, render
from tests.tables import STYLES, figures_of, report_of, requests_table
from tests.test_docx import FORM, HOSTILE, a_report
from tests.test_reading_html import assert_same, dense, gappy


def lines_of(report: Report) -> list[str]:
    """The lines of the file as an editor shows them."""
    return render(report, FORM).decode("utf-8-sig").splitlines()


def exact(report: Report) -> Report:
    """What the file says by its blank lines and rows."""
    return writer._read_back(render(report, FORM), FORM).report


# ── read back ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_text_of_ours_is_read_whole_like_any_text(style: Any) -> None:
    figures = figures_of(requests_table(7, style))
    report = report_of(
        figures, preamble="按照条例编制本报告。", signoff="青石县水务局\n2025年1月10日"
    )
    reading = read_file("年报.txt", render(report, FORM), FORM)
    assert_same(reading, report)
    assert reading.headings == tuple(section.label for section in FORM.sections)
    assert reading.unread == ()


@given(seed=st.integers(0, 10**6))
@settings(max_examples=12, deadline=None)
def test_blank_cells_stay_blank_wherever_they_are(seed: int) -> None:
    report = report_of(gappy(seed), final=bool(seed % 2))
    assert exact(report).figures == report.figures
    assert read_file("年报.txt", render(report, FORM), FORM).report.figures == report.figures


@pytest.mark.parametrize("kept", [0, 1, 12, 180])
def test_a_report_that_was_just_begun_has_no_zeros(kept: int) -> None:
    cells = Random(kept).sample(FORM.cells, kept)
    report = a_report(figures=dict.fromkeys(cells, 3), final=False)
    assert {key for key, figure in exact(report).figures.items() if figure is not None} == set(
        cells
    )


def test_a_whole_report_comes_back_exactly() -> None:
    bare = a_report(signoff="", preamble="", topics=())
    for report in (a_report(), a_report(final=False), a_report(intro=""), bare):
        assert exact(report) == report


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render(dense(), FORM) == render(dense(), FORM)


# ── user text is data ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text", [*HOSTILE, "六、其他需要报告的事项", "（二）依申请公开", "规章\t9\t9\t9", "说明：无"]
)
def test_hostile_text_comes_out_exactly_as_typed(text: str) -> None:
    report = a_report(
        preamble=text, intro=text, problems=text, other=text, signoff=text,
        topics=(Topic(text, text), Topic("", text)),
    )  # fmt: skip
    assert exact(report) == report


@given(text=st.text(st.characters(exclude_categories=()), max_size=60))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_written_exactly_or_refused_in_words(text: str) -> None:
    report = a_report(problems=text, topics=(Topic("主动公开", text),), final=False)
    if unprintable(text):
        with pytest.raises(DocumentError, match=r"五、存在的主要问题及改进情况.*不能打印的字符"):
            render(report, FORM)
        return
    found = exact(report)
    assert found.text("problems") == found.topics[0].text == "\n".join(paragraphs(text))


def test_an_offices_own_labels_are_written_and_read() -> None:
    form = load_form(
        local=Local(
            {
                "3.危及“三安全一稳定”": "3.危及三安全、一稳定",
                "五、存在的主要问题及改进情况": "五、问题和改进",
            }
        )
    )
    content = render(a_report(), form)
    assert "3.危及三安全、一稳定\t" in content.decode()
    assert "危及“三安全一稳定”" not in content.decode()
    assert read_file("年报.txt", content, form).report == a_report()


def test_an_own_label_that_would_tear_a_row_is_refused() -> None:
    for own in ("自然\t人", "自然\n人"):
        with pytest.raises(CatalogueError, match="制表符"):
            load_form(local=Local({"自然人": own}))


# ── for ears and old editors ────────────────────────────────────────────────────────────────


def test_every_row_of_a_table_is_one_line_with_all_its_figures() -> None:
    lines = lines_of(a_report())
    for table in FORM.tables.values():
        for row in table.rows:
            figures = [a_report().figures[table.item_key(row, column)] for column in table.columns]
            assert "\t".join([row.label, *map(str, figures)]) in lines


def test_a_line_before_each_table_says_in_words_what_is_not_0() -> None:
    told = [line for line in lines_of(dense(final=True)) if line.startswith("说明：")]
    assert len(told) == 3
    assert told[0] == (
        "说明：规章：现行有效件数12；行政许可：本年处理决定数量1291；"
        "行政事业性收费：本年收费金额（单位：万元）59237.2449；其余各项都是0。"
    )
    assert (
        told[2] == "说明：行政复议：结果维持5，总计5；复议后起诉：尚未审结1，总计1；其余各项都是0。"
    )
    nothing = lines_of(report_of(dict.fromkeys(FORM.cells, 0)))
    assert nothing.count("说明：各项都是0。") == 3


def test_blank_lines_part_the_sections_and_the_topics() -> None:
    lines = lines_of(a_report())
    for section in FORM.sections:
        at = lines.index(section.label)
        assert lines[at - 2 : at] == ["", ""]
    assert lines[lines.index("（二）依申请公开") - 1] == ""


def test_a_draft_says_so_in_its_first_line_and_a_final_report_nowhere() -> None:
    assert lines_of(a_report(final=False))[0] == DRAFT
    assert "草稿" not in "".join(lines_of(a_report()))


def test_the_file_is_utf8_for_old_editors_too() -> None:
    content = render(a_report(), FORM)
    assert content.startswith(codecs.BOM_UTF8)
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
