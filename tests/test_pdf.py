"""The PDF report and the pictures of its pages: like the official form, and read back exactly."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pylopdf_fonts_zh_cn import sans_path

from bot.catalogue import load_form
from bot.local import Local
from bot.readers.pages import read_page
from bot.readers.pdf import read
from bot.readers.ruling import ruled_tables
from bot.report import Report, Topic, paragraphs
from bot.writers.composition import DRAFT
from bot.writers.fonts import role_of, typefaces
from bot.writers.pages import render_pages
from bot.writers.pdf import TEMPLATE, DocumentError, render
from bot.writers.printed import dense, differences
from bot.writers.proof import compare, unprintable
from tests.test_docx import FORM, HOSTILE, OFFICIAL_TABLES, a_report

LINE = "本局以公开为常态——不公开为例外，全年公开供水信息1286条，答复留言496条……按时答复率100%。"


def a_dense_report() -> Report:
    """A report with about 30,000 characters."""
    text = "\n".join([LINE * 12] * 4)
    topics = tuple(replace(topic, text=text) for topic in a_report().topics)
    return a_report(intro=text * 3, topics=topics, problems=text * 2, other=text * 2)


def lines_of(content: bytes) -> list[list[str]]:
    """The text of each page line by line, found without the project's reader."""
    with pypdfium2.PdfDocument(content) as document:
        return [page.get_textpage().get_text_range().splitlines() for page in document]


@pytest.fixture(scope="module")
def whole_file() -> bytes:
    return render(a_report(), FORM)


# ── reading back ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "report",
    [
        a_report(),
        a_report(figures=dict.fromkeys(FORM.cells, 0)),
        a_report(intro=LINE * 9, problems="\n".join([LINE * 3, "没有其他问题。"] * 5)),
        a_report(intro=None, problems=None, other=None, preamble="", topics=(), signoff=""),
        a_report(figures=dict.fromkeys(FORM.cells, 123456789012345)),
    ],
    ids=["two hundred numbers", "only zeros", "long", "no texts", "huge numbers"],
)
def test_a_report_comes_back_through_the_reader_of_any_pdf_exactly(report: Report) -> None:
    assert compare(report, read(render(report, FORM), FORM), FORM) == ()


def test_thirty_thousand_characters_come_back_paragraph_by_paragraph() -> None:
    report = a_dense_report()
    content = render(report, FORM)
    assert compare(report, read(content, FORM), FORM) == ()
    assert len(lines_of(content)) > 30


def test_a_figure_that_nobody_answered_is_an_empty_cell_and_never_a_zero() -> None:
    content = render(a_report(figures={"proactive.permits": 0}, final=False), FORM)
    found = read(content, FORM).report.figures
    assert found["proactive.permits"] == 0
    assert [key for key in FORM.cells if found[key] is not None] == ["proactive.permits"]


@pytest.mark.parametrize("text", [text for text in HOSTILE if "😀" not in text])
def test_hostile_text_is_printed_as_it_is(text: str) -> None:
    report = a_report(
        agency=text, title=text, preamble=text, intro=text, problems=text, other=text,
        signoff=text, topics=(Topic(text, text),),
    )  # fmt: skip
    printed = dense("".join(line for page in lines_of(render(report, FORM)) for line in page))
    assert printed.count(dense(text)) >= 8


def test_paragraphs_that_look_like_headings_dates_or_markup_are_printed_where_they_stand() -> None:
    sly = "六、其他需要报告的事项\n（二）依申请公开\n2024年1月20日\n规章\n#let x = $y$ *b* <l> @r // c"
    render(a_report(preamble=sly, intro=sly, problems=sly, other=sly, signoff=sly), FORM)


@pytest.mark.parametrize(
    "text",
    ["公开——透明", "·（甲）·《乙》、“丙”——（丁", "（（！！？？））……", "𫘝𬭚某", "ﬁ e\u0301 﨎"],
)
def test_narrow_punctuation_dashes_and_rare_signs_are_printed_and_read_back(text: str) -> None:
    render(a_report(problems=text * 9), FORM)


@given(text=st.text(st.characters(codec="gb18030"), max_size=40))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_printed_exactly_or_refused_in_words(text: str) -> None:
    report = a_report(problems=text, topics=(Topic("主动公开", text),))
    if unprintable(text) or typefaces().missing(text):
        with pytest.raises(DocumentError, match=r"不能打印的字符|字体里没有这个字"):
            render(report, FORM)
    else:
        render(report, FORM)


@pytest.mark.parametrize(
    "word", ["a" * 300, "—" * 80, "（" * 90, "1" * 200, "https://x.cn/" + "y" * 90]
)
def test_a_word_longer_than_a_line_is_broken_and_not_cut(word: str) -> None:
    content = render(a_report(problems=word), FORM)
    with pypdfium2.PdfDocument(content) as document:
        right = max(glyph.x1 for page in document for glyph in read_page(page).glyphs)
    assert right < (210 - 26) * 72 / 25.4 + 8


def test_the_same_report_gives_the_same_bytes_in_any_thread(whole_file: bytes) -> None:
    with ThreadPoolExecutor(4) as pool:
        files = set(pool.map(lambda _: render(a_report(), FORM), range(4)))
    assert files == {whole_file}


# ── a file that differs is never handed out ─────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("cell.text)", 'cell.text.replace("1123", "1132"))', "应为 1123，读回是 1132"),
        ("cell.text)", 'cell.text.replace("1.属于国家秘密", "1.国家秘密"))', "这一格没有找到"),
        ("    par(part.text)", "    par(part.text.slice(0, 6))", "应印“本报告按条例编制。”"),
        ("    par(part.text)", "    par(part.text + part.text)", "应印“本报告按条例编制。”"),
        ("#titled()", "", "应印“青禾县数据局"),
        ("footer: number,", "", "第 1 页的页眉页脚"),
        ("header: draft,", 'header: "草稿",', "第 1 页的页眉页脚"),
        ("signed(part.lines)", "signed(part.lines + part.lines)", "最后多印了“青禾县数据局"),
    ],
)  # fmt: skip
def test_a_template_that_prints_something_else_is_refused_with_the_place(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    source = TEMPLATE.read_text(encoding="utf-8")
    assert old in source
    path = tmp_path / "report.typ"
    path.write_text(source.replace(old, new), encoding="utf-8")
    with pytest.raises(DocumentError) as refused:
        render(a_report(), FORM, template=path)
    assert any(said in fault for fault in refused.value.faults), refused.value.faults


def test_a_template_with_a_fault_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "report.typ"
    path.write_text("#nonsense()", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"排版没有成功：\nreport\.typ：unknown variable"):
        render(a_report(), FORM, template=path)


def test_a_draft_sent_as_final_is_noticed(whole_file: bytes) -> None:
    assert any("页眉" in one for one in differences(a_report(final=False), whole_file, FORM))


# ── the official form ───────────────────────────────────────────────────────────────────────


def official_cells() -> Iterator[set[tuple[int, int, int, int]]]:
    """For each official table its cells as left, top, right, bottom."""
    for table in OFFICIAL_TABLES.strip().split("\n\n"):
        open_cells: dict[int, list[int]] = {}
        cells = []
        for top, row in enumerate(table.splitlines()):
            left = 0
            for word in row.split(" "):
                span = re.search(r"×(\d+)$", word)
                right = left + int(span[1] if span else 1)
                if "▲" in word:
                    open_cells[left][3] = top + 1
                else:
                    cells.append([left, top, right, top + 1])
                    open_cells[left] = cells[-1]
                left = right
        yield {(a, b, c, d) for a, b, c, d in cells}


def test_the_tables_have_the_merged_cells_of_the_official_form(whole_file: bytes) -> None:
    with pypdfium2.PdfDocument(whole_file) as document:
        tables = [table for page in document for table in ruled_tables(read_page(page).rules)]
    drawn = [{(b.left, b.top, b.right, b.bottom) for b in table.boxes} for table in tables]
    assert drawn == [*official_cells()]


def test_an_offices_own_labels_are_printed_in_place_of_the_official_ones() -> None:
    own = {"3.其他": "3.其他（含申请人主动撤回）", "五、存在的主要问题及改进情况": "五、问题和改进"}
    form = load_form(local=Local(own))
    reading = read(render(a_report(), form), form)
    assert reading.report.figures == a_report().figures
    assert reading.headings[4] == "五、问题和改进"


def test_a_table_too_tall_for_a_page_goes_on_with_its_head_on_the_next() -> None:
    form = load_form(local=Local({"3.其他": f"3.其他（{'申请人主动撤回的也计入这里，' * 30}）"}))
    content = render(a_report(), form)
    heads = [page for page in lines_of(content) if "申请人情况" in page]
    assert len(heads) >= 2


def test_table_three_stands_on_one_page_below_its_heading() -> None:
    for pad in (2, 9, 16):
        pages = lines_of(render(a_report(intro="没有。\n" * pad), FORM))
        (page,) = [page for page in pages if "三、收到和处理政府信息公开申请情况" in page]
        assert "申请人情况" in page
        assert "四、结转下年度继续办理" in "".join(page)


def test_no_heading_and_no_signature_stands_alone() -> None:
    headings = {section.label for section in FORM.sections}
    for pad in (1, 5, 7, 8, 12):
        report = a_report(problems="没有。\n" * pad, other="没有。\n" * pad + LINE)
        for number, page in enumerate(lines_of(render(report, FORM))):
            assert page[-2] not in headings  # the last line is the page's number
            assert number == 0 or page[0] != a_report().agency


# ── the file ────────────────────────────────────────────────────────────────────────────────


def test_a_draft_says_so_on_every_page_and_a_final_report_nowhere(whole_file: bytes) -> None:
    drafts = lines_of(render(a_report(final=False), FORM))
    assert all(DRAFT in page for page in drafts)
    assert all("草" in "".join(page).replace(DRAFT, "") for page in drafts)
    assert not any("草" in line for page in lines_of(whole_file) for line in page)


def test_a_viewer_shows_title_outline_and_language(whole_file: bytes) -> None:
    with pypdfium2.PdfDocument(whole_file) as document:
        assert document.get_metadata_value("Title") == a_report().title
        assert document.get_metadata_value("CreationDate") == ""
        outline = [(mark.level, mark.get_title()) for mark in document.get_toc()]
    assert [title for level, title in outline if level == 0] == [s.label for s in FORM.sections]
    assert next(title for level, title in outline if level == 1) == "（一）主动公开"
    assert b"/Lang(zh-CN)" in whole_file


def test_an_archive_file_is_dated_by_the_signature_and_not_by_the_clock() -> None:
    content = render(a_report(), FORM, standard="a-2b")
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in content
    with pypdfium2.PdfDocument(content) as document:
        assert document.get_metadata_value("CreationDate").startswith("D:20250120")
    undated = render(a_report(signoff="2025年13月40日"), FORM, standard="a-2b")
    with pypdfium2.PdfDocument(undated) as document:
        assert document.get_metadata_value("CreationDate").startswith("D:20241231")


def test_a_long_title_is_smaller_and_broken_behind_the_agency() -> None:
    agency = "青禾县自然资源和规划局不动产登记与测绘中心"
    report = a_report(agency=agency, title=FORM.title_of(agency, 2024))
    assert lines_of(render(report, FORM))[0][0] == agency


# ── fonts ───────────────────────────────────────────────────────────────────────────────────


def test_characters_that_no_font_has_are_named_before_anything_is_made() -> None:
    with pytest.raises(DocumentError) as refused:
        render(a_report(other="由𠮷某办理😀。"), FORM)
    assert "𠮷（U+20BB7）、😀（U+1F600）" in refused.value.faults[0]
    with pytest.raises(DocumentError, match="规🀄章"):
        render_pages(a_report(), load_form(local=Local({"规章": "规🀄章"})))


def test_ordinary_and_rare_characters_are_all_there() -> None:
    assert typefaces().missing("瀍镕喆垚㙍䶮·—…“”①㎡℃ⅠαЖ﹏\u200b\ufe0f\n\t") == ""
    assert typefaces().missing("龘\U0001f600龘\U0001f600") == "\U0001f600"


@pytest.mark.parametrize(
    ("family", "role"),
    [
        ("FangSong_GB2312", "body"), ("仿宋", "body"), ("方正仿宋_GBK", "body"), ("STFangsong", "body"),
        ("FZXiaoBiaoSong-B05S", "title"), ("方正小标宋简体", "title"), ("STZhongsong", "title"),
        ("SimHei", "hei"), ("黑体", "hei"), ("KaiTi_GB2312", "kai"), ("楷体", "kai"),
        ("SimSun", "song"), ("宋体", "song"), ("HanaMinB", ""), ("Noto Serif SC", ""),
    ],
)  # fmt: skip
def test_a_font_is_used_for_what_its_name_says(family: str, role: str) -> None:
    assert role_of(family) == role


def test_an_offices_fonts_are_loaded_with_noto_behind(tmp_path: Path) -> None:
    (tmp_path / "own.otf").write_bytes(sans_path().read_bytes())
    faces = typefaces(tmp_path)
    assert {*faces.families["body"]} == {"Noto Serif SC", "Noto Sans SC"}
    assert render(a_report(), FORM, fonts=tmp_path)


@pytest.mark.parametrize("content", [None, b"no font"])
def test_a_folder_without_fonts_is_said(content: bytes | None, tmp_path: Path) -> None:
    if content:
        (tmp_path / "simfang.ttf").write_bytes(content)
    with pytest.raises(DocumentError, match="没有能用的字体文件"):
        render(a_report(), FORM, fonts=tmp_path)


# ── pictures ────────────────────────────────────────────────────────────────────────────────


def test_every_page_is_a_picture_and_only_marked_cells_are_coloured(whole_file: bytes) -> None:
    plain = render_pages(a_report(), FORM, density=40)
    marked = render_pages(a_report(), FORM, density=40, marks={"proactive.permits", "problems"})
    assert len(plain) == len(marked) == len(lines_of(whole_file))
    assert [one == other for one, other in zip(plain, marked, strict=True)].count(False) == 1
    pictures = [Image.open(io.BytesIO(page)) for page in plain]
    assert {picture.size for picture in pictures} == {(331, 468)}


def test_a_report_of_few_words_is_more_than_one_picture() -> None:
    assert len(render_pages(a_report(topics=(), intro="", other=""), FORM, density=20)) > 1


def test_text_is_split_as_the_record_splits_it() -> None:
    report = a_report(problems="  甲\r\n\r\n乙\u2028丙")
    printed = [line for page in lines_of(render(report, FORM)) for line in page]
    assert [line for line in printed if line in paragraphs(report.text("problems"))] == [
        "甲",
        "乙",
        "丙",
    ]
