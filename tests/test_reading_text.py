"""Plain text, as a file or pasted: decoded rightly, its rows found, nothing invented."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.readers.reading import Unreadable
from bot.readers.text import read, read_text
from bot.report import Figure
from tests.foreign import FORM, LINES, LOOKS, PLAIN, Look, as_text, shown_figures
from tests.tables import report_of
from tests.test_assembly import CELLS, WORDS, a_report

SEED = Path(__file__).resolve().parents[2] / "shared" / "data" / "xigong-2022.txt"


@pytest.mark.skipif(not SEED.exists(), reason="the example is not beside the project")
def test_the_published_example_is_read_whole_with_its_cut_and_shifted_table() -> None:
    reading = read(SEED.read_bytes(), FORM)
    assert set(reading.report.figures.values()) == {0, Decimal(0)}
    assert len(reading.report.figures) == 200
    assert (reading.unread, reading.unreadable) == ((), {})
    assert [heading[0] for heading in reading.headings] == list("一一二三四五六")
    assert (reading.report.agency, reading.report.year) == ("西工区政务服务和大数据管理局", 2022)
    assert len(reading.report.topics) == 5
    assert len(reading.report.text("overview.intro").split("\n")) == 2
    assert reading.report.text("problems").startswith("2022年存在的主要问题")
    assert reading.report.text("other") == "无。"


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("lines", sorted(LINES))
def test_a_text_comes_back_whole_whatever_its_rows_look_like(lines: str, look: Look) -> None:
    report = a_report()
    reading = read_text(as_text(report, lines, look), FORM)
    assert replace(reading.report, title="") == replace(report, title="")
    assert (reading.unread, reading.unreadable) == ((), {})
    assert len(reading.headings) == 6


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_every_usual_encoding_is_known(encoding: str) -> None:
    report = a_report(signoff="青石县水务局\n2025年1月15日")
    assert read(as_text(report).encode(encoding), FORM).report == report


def test_line_ends_of_windows_are_line_ends() -> None:
    assert read_text(as_text(a_report()).replace("\n", "\r\n"), FORM).report == a_report()


def test_radicals_become_characters_and_the_marks_of_prose_stay() -> None:
    text = as_text(a_report(problems="公开不够，１件；工作⼀般。")).replace("一、总体", "⼀、总体")
    report = read_text(text, FORM).report
    assert report.text("problems") == "公开不够，１件；工作一般。"
    assert report.text("overview.intro") == a_report().text("overview.intro")


@pytest.mark.parametrize(
    "content",
    [b"", b"  \n\t", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, b"PK\x03\x04" + b"\0" * 400],
    ids=["empty", "blank", "picture", "zip"],
)
def test_what_is_no_text_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"[\u4e00-\u9fff]"):
        read(content, FORM)


def test_a_text_that_is_too_long_is_refused_in_words() -> None:
    with pytest.raises(Unreadable, match="5 MB"):
        read(b"a" * 5_000_001, FORM)
    with pytest.raises(Unreadable, match="行数太多"):
        read_text("\n" * 5_001, FORM)


def test_wide_gaps_in_prose_make_no_table() -> None:
    report = a_report(problems="主要问题：  一是解读少；  二是更新慢。", other="收费：  0元")
    assert read_text(as_text(report), FORM).report == report


@given(
    cells=CELLS,
    words=WORDS,
    lines=st.sampled_from(sorted(LINES)),
    name=st.sampled_from(sorted(LOOKS)),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_figure_is_ever_invented_and_none_is_read_wrong(
    cells: set[str], words: str, lines: str, name: str
) -> None:
    report = a_report(1)
    shown = shown_figures(report) | dict.fromkeys(cells, words)
    reading = read_text(as_text(report, lines, LOOKS[name], shown), FORM)
    wrong = {
        key: found
        for key in FORM.cells
        if (found := reading.report.figures[key]) is not None
        and (key in cells or found != report.figures[key])
    }
    assert wrong == {}


@given(
    st.text(
        st.sampled_from("一二三、（）0 12\t|\n规章其他总计自然人行政许可年度报告总体情况"),
        max_size=400,
    )
)
@settings(max_examples=80, deadline=None)
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    with contextlib.suppress(Unreadable):
        read_text(text, FORM)


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused_and_nothing_else(content: bytes) -> None:
    with contextlib.suppress(Unreadable):
        read(content, FORM)


def test_all_zeros_are_zeros_only_where_they_stand() -> None:
    zeros: dict[str, Figure] = dict.fromkeys(FORM.cells, 0)
    shown = dict.fromkeys(FORM.cells, "0") | {"requests.granted.total": ""}
    report = a_report(figures=zeros)
    for lines in sorted(LINES):
        figures = read_text(as_text(report, lines, PLAIN, shown), FORM).report.figures
        assert figures["requests.granted.total"] is None


def test_lines_cut_at_the_width_of_a_page_are_one_paragraph_again() -> None:
    prose = "本局收到政府信息公开申请12件，上年结转2件，予以公开8件，部分公开2件，不予公开1件，结转下年度3件，均在法定期限内答复。"
    cut = [prose[at : at + 22] for at in range(0, len(prose), 22)] * 2
    text = as_text(report_of({})).replace("一、总体情况", "一、总体情况\n" + "\n".join(cut), 1)
    reading = read_text(text, FORM)
    assert reading.report.text("overview.intro").startswith(prose + "\n" + prose)


def test_a_title_is_never_joined_with_the_text_below_it() -> None:
    reading = read_text(as_text(report_of({})), FORM)
    assert reading.report.title == "青石县水务局2024年政府信息公开工作年度报告"
