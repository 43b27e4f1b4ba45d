"""The Word report: printed as the statutory form, read back exactly, refused where it differs."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.catalogue import load_form
from bot.form import Form
from bot.local import CatalogueError, Local
from bot.readers import reader
from bot.readers.docx import read
from bot.readers.package import MOST_BYTES, MOST_UNPACKED
from bot.readers.reading import Unreadable
from bot.report import Figure, Report, Topic, paragraphs
from bot.writers import write
from bot.writers.docx import TEMPLATE, DocumentError, render, unprintable
from bot.writers.naming import file_name
from tests.parts import with_parts

BLANK_FORM = Path(__file__).resolve().parents[2] / "shared" / "form" / "blank-form-2021.docx"
FORM = load_form()
AGENCY = "青禾县数据局"


def distinct_figures(form: Form = FORM) -> dict[str, Figure]:
    """A different number for every cell of the form."""
    figures: dict[str, Figure] = {key: 1000 + n for n, key in enumerate(form.cells)}
    return figures | {"proactive.fees_wanyuan": Decimal("59237.2449")}


def a_report(**changes: Any) -> Report:
    """A whole report with a different number in every cell."""
    titles = [item.label for item in FORM.items.values() if item.number]
    report = Report(
        format="2021",
        agency=AGENCY,
        year=2024,
        level="",
        title=FORM.title_of(AGENCY, 2024),
        topics=tuple(Topic(title, f"{title}做了三件事。\n都已办结。") for title in titles),
        figures=distinct_figures(),
        final=True,
    )
    whole = with_parts(
        report, preamble="本报告按条例编制。", intro="全年工作平稳。\n没有发生投诉。",
        problems="公开的内容还不够多。", other="没有收取信息处理费。\n没有其他事项。",
        signoff=f"{AGENCY}\n2025年1月20日",
    )  # fmt: skip
    return with_parts(whole, **changes)


def parts_of(content: bytes) -> dict[str, str]:
    """The XML parts of a file by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name).decode("utf-8") for name in package.namelist()}


def zipped(parts: dict[str, str]) -> bytes:
    """A zip of `parts`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return target.getvalue()


def a_template(folder: Path, old: str, new: str, part: str = "word/document.xml") -> Path:
    """The template with one piece of its XML replaced everywhere."""
    parts = parts_of(TEMPLATE.read_bytes())
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    path = folder / "report.docx"
    path.write_bytes(zipped(parts))
    return path


def text_of(element: Any) -> str:
    """The text of an element, found without the project's reader."""
    return "".join(piece.text or "" for piece in element.iter(qn("w:t")))


def body_texts(content: bytes) -> list[str]:
    """The paragraphs outside tables, as python-docx has them."""
    return [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]


# ── the statutory tables ────────────────────────────────────────────────────────────────────

# A line is a row; ▼ begins a downward merge, ▲ continues it, ×n spans n columns, · is a figure.
OFFICIAL_TABLES = """
第二十条第（一）项×4
信息内容 本年制发件数 本年废止件数 现行有效件数
规章 · · ·
行政规范性文件 · · ·
第二十条第（五）项×4
信息内容 本年处理决定数量×3
行政许可 ·×3
第二十条第（六）项×4
信息内容 本年处理决定数量×3
行政处罚 ·×3
行政强制 ·×3
第二十条第（八）项×4
信息内容 本年收费金额（单位：万元）×3
行政事业性收费 ·×3

（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）▼×3 申请人情况×7
▲×3 自然人▼ 法人或其他组织×5 总计▼
▲×3 ▲ 商业企业 科研机构 社会公益组织 法律服务机构 其他 ▲
一、本年新收政府信息公开申请数量×3 · · · · · · ·
二、上年结转政府信息公开申请数量×3 · · · · · · ·
三、本年度办理结果▼ （一）予以公开×2 · · · · · · ·
▲ （二）部分公开（区分处理的，只计这一情形，不计其他情形）×2 · · · · · · ·
▲ （三）不予公开▼ 1.属于国家秘密 · · · · · · ·
▲ ▲ 2.其他法律行政法规禁止公开 · · · · · · ·
▲ ▲ 3.危及“三安全一稳定” · · · · · · ·
▲ ▲ 4.保护第三方合法权益 · · · · · · ·
▲ ▲ 5.属于三类内部事务信息 · · · · · · ·
▲ ▲ 6.属于四类过程性信息 · · · · · · ·
▲ ▲ 7.属于行政执法案卷 · · · · · · ·
▲ ▲ 8.属于行政查询事项 · · · · · · ·
▲ （四）无法提供▼ 1.本机关不掌握相关政府信息 · · · · · · ·
▲ ▲ 2.没有现成信息需要另行制作 · · · · · · ·
▲ ▲ 3.补正后申请内容仍不明确 · · · · · · ·
▲ （五）不予处理▼ 1.信访举报投诉类申请 · · · · · · ·
▲ ▲ 2.重复申请 · · · · · · ·
▲ ▲ 3.要求提供公开出版物 · · · · · · ·
▲ ▲ 4.无正当理由大量反复申请 · · · · · · ·
▲ ▲ 5.要求行政机关确认或重新出具已获取信息 · · · · · · ·
▲ （六）其他处理▼ 1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请 · · · · · · ·
▲ ▲ 2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请 · · · · · · ·
▲ ▲ 3.其他 · · · · · · ·
▲ （七）总计×2 · · · · · · ·
四、结转下年度继续办理×3 · · · · · · ·

行政复议×5 行政诉讼×10
结果维持▼ 结果纠正▼ 其他结果▼ 尚未审结▼ 总计▼ 未经复议直接起诉×5 复议后起诉×5
▲ ▲ ▲ ▲ ▲ 结果维持 结果纠正 其他结果 尚未审结 总计 结果维持 结果纠正 其他结果 尚未审结 总计
· · · · · · · · · · · · · · ·
"""


def structure(content: bytes) -> str:
    """The tables of a file in the notation of OFFICIAL_TABLES."""
    tables = Document(io.BytesIO(content)).tables
    shown = ("\n".join(map(_row_shown, table._tbl.tr_lst)) for table in tables)
    return "\n\n".join(shown)


def _row_shown(row: Any) -> str:
    return " ".join(map(_cell_shown, row.tc_lst))


def _cell_shown(cell: Any) -> str:
    merges = cell.tcPr.findall(qn("w:vMerge"))
    begins = any(merge.get(qn("w:val")) == "restart" for merge in merges)
    mark = ("▼" if begins else "▲") if merges else ""
    text = text_of(cell).strip()
    if not mark and (not text or text.startswith("{{") or re.fullmatch(r"[\d.]+", text)):
        text = "·"
    return text + mark + (f"×{cell.grid_span}" if cell.grid_span > 1 else "")


def test_the_tables_are_the_official_ones_in_the_template_and_in_a_report() -> None:
    assert structure(TEMPLATE.read_bytes()) == OFFICIAL_TABLES.strip()
    assert structure(render(a_report(), FORM)) == OFFICIAL_TABLES.strip()


@pytest.mark.skipif(not BLANK_FORM.exists(), reason="the blank form is not beside the project")
def test_the_tables_are_those_of_the_blank_form_cell_for_cell() -> None:
    assert structure(TEMPLATE.read_bytes()) == structure(BLANK_FORM.read_bytes())


def test_the_grid_is_as_wide_as_its_cells_and_the_applicants_have_equal_columns() -> None:
    grids = []
    for table in Document(str(TEMPLATE)).tables:
        grid = [int(width) for width in table._tbl.xpath("./w:tblGrid/w:gridCol/@w:w")]
        for row in table._tbl.tr_lst:
            assert sum(cell.grid_span for cell in row.tc_lst) == len(grid)
            assert sum(map(int, row.xpath("./w:tc/w:tcPr/w:tcW/@w:w"))) == sum(grid)
        grids.append(grid)
    assert [len(grid) for grid in grids] == [4, 10, 15]
    assert len({*grids[1][3:]}) == 1
    assert {sum(grid) for grid in grids} == {8844}


def test_the_template_has_a_tag_for_every_figure_of_the_form() -> None:
    tags = re.findall(r"figure\['([^']+)'\]", parts_of(TEMPLATE.read_bytes())["word/document.xml"])
    assert sorted(tags) == sorted(FORM.cells)


def test_two_hundred_distinct_figures_land_in_the_order_of_the_form() -> None:
    figures = distinct_figures()
    document = Document(io.BytesIO(render(a_report(figures=figures), FORM)))
    texts = [text_of(cell) for table in document.tables for cell in table._tbl.iter(qn("w:tc"))]
    printed = [text for text in texts if re.fullmatch(r"[\d.]+", text)]
    assert len(set(printed)) == 200
    assert printed == [str(figures[key]) for key in FORM.cells]


@pytest.mark.parametrize(
    ("table", "row", "column", "key"),
    [
        (0, 2, 1, "proactive.rules_made"),
        (0, 3, 3, "proactive.normdocs_in_force"),
        (0, 6, 2, "proactive.permits"),
        (0, 10, 1, "proactive.coercion"),
        (0, 13, 3, "proactive.fees_wanyuan"),
        (1, 3, 3, "requests.new_received.natural_person"),
        (1, 6, 4, "requests.partly_granted.business"),
        (1, 14, 5, "requests.denied_admin_inquiry.research"),
        (1, 15, 6, "requests.unable_not_held.public_welfare"),
        (1, 22, 7, "requests.notproc_reconfirm.legal_service"),
        (1, 25, 8, "requests.other_misc.other_org"),
        (1, 26, 9, "requests.total_handled.total"),
        (1, 27, 3, "requests.carried_out.natural_person"),
        (2, 3, 0, "review_litigation.review_upheld"),
        (2, 3, 6, "review_litigation.direct_corrected"),
        (2, 3, 14, "review_litigation.after_review_total"),
    ],
)
def test_a_figure_stands_under_its_official_row_and_column(
    table: int, row: int, column: int, key: str, whole_file: bytes
) -> None:
    cell = Document(io.BytesIO(whole_file)).tables[table].cell(row, column)
    assert cell.text == str(distinct_figures()[key])


@pytest.fixture(scope="module")
def whole_file() -> bytes:
    return render(a_report(), FORM)


def test_a_figure_that_nobody_answered_is_an_empty_cell_and_never_a_zero() -> None:
    content = render(a_report(figures={"proactive.permits": 0}, final=False), FORM)
    found = read(content, FORM).report.figures
    assert found["proactive.permits"] == 0
    assert [key for key in FORM.cells if found[key] is not None] == ["proactive.permits"]
    tables = Document(io.BytesIO(content)).tables
    assert (tables[0].cell(6, 1).text, tables[1].cell(3, 3).text) == ("0", "")


# ── reading back ────────────────────────────────────────────────────────────────────────────


def test_a_report_comes_back_from_its_file_exactly(whole_file: bytes) -> None:
    reading = read(whole_file, FORM)
    assert reading.report == a_report()
    assert reading.headings == tuple(section.label for section in FORM.sections)
    assert reading.unread == ()


def test_the_registries_name_the_writer_and_the_reader(whole_file: bytes) -> None:
    assert write("docx", a_report(), FORM).content == whole_file
    assert reader("docx")(whole_file, FORM).report == a_report()


def test_a_report_without_any_text_is_printed_and_read_back() -> None:
    bare = a_report(intro=None, problems=None, other=None, preamble="", topics=(), signoff="")
    found = read(render(bare, FORM), FORM).report
    assert (
        found.text("overview.intro"),
        found.text("problems"),
        found.text("other"),
        found.topics,
    ) == ("", "", "", ())
    assert found.figures == bare.figures


def test_paragraphs_that_look_like_headings_stay_where_they_were_typed() -> None:
    sly = "六、其他需要报告的事项\n（二）依申请公开\n2024年1月20日\n规章\n{{ text }}"
    report = a_report(preamble=sly, intro=sly, problems=sly, other=sly, signoff=sly)
    assert read(render(report, FORM), FORM).report == report


def test_topics_have_the_numbers_of_the_form_even_where_a_title_begins_with_one() -> None:
    report = a_report(topics=(Topic("（一）主动公开", "甲"), Topic("", "乙")))
    content = render(report, FORM)
    assert "（一）（一）主动公开" in body_texts(content)
    assert read(content, FORM).report.topics == report.topics


def test_the_same_report_gives_the_same_bytes_in_any_thread(whole_file: bytes) -> None:
    with ThreadPoolExecutor(4) as pool:
        files = pool.map(lambda _: render(a_report(), FORM), range(12))
    assert set(files) == {whole_file}
    with zipfile.ZipFile(io.BytesIO(whole_file)) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}


# ── user text is data ───────────────────────────────────────────────────────────────────────

HOSTILE = [
    "{{ 7*7 }}",
    "{% for x in y %}{{ x }}{% endfor %}",
    "{# 注 #} {{ figure['proactive.permits'] }} {_{ }_} {_% %_}",
    "R&D投入<5%且>3% \"引\" '撇' &amp; &#38; <w:p/> ]]> <!-- -->",
    "瀍镕喆垚𠮷 👨‍👩‍👧 😀",
    "前\t中\t\t后  两格   三格",
    "不换行\u00a0空格、零宽\u200b字符、\ufeff标记、\u202e倒写",
    r"C:\a\b \n \t ${x} %s {0} __class__",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_out_exactly_as_typed(text: str) -> None:
    report = a_report(
        agency=text, title=text, preamble=text, intro=text, problems=text, other=text,
        signoff=text, topics=(Topic(text, text),),
    )  # fmt: skip
    content = render(report, FORM)
    typed = [text, text, text, f"（一）{text}", text, text, text, text]
    headings = {section.label for section in FORM.sections}
    assert [printed for printed in body_texts(content) if printed not in headings] == typed
    assert "49" not in body_texts(content)


@given(text=st.text(st.characters(exclude_categories=()), max_size=60))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_printed_exactly_or_refused_in_words(text: str) -> None:
    report = a_report(problems=text, topics=(Topic("主动公开", text),), final=False)
    if unprintable(text):
        with pytest.raises(DocumentError, match=r"五、存在的主要问题及改进情况.*不能打印的字符"):
            render(report, FORM)
        return
    found = read(render(report, FORM), FORM).report
    assert found.text("problems") == found.topics[0].text == "\n".join(paragraphs(text))


def test_a_tab_is_one_as_word_has_it(whole_file: bytes) -> None:
    tabs = Document(io.BytesIO(render(a_report(other="前\t后"), FORM))).element.xpath("//w:r/w:tab")
    assert len(tabs) == 1
    assert not Document(io.BytesIO(whole_file)).element.xpath("//w:r/w:tab")


def test_line_ends_of_every_kind_make_paragraphs_and_blank_lines_do_not() -> None:
    report = a_report(problems="  甲\r\n\r\n乙\u2028　丙　\u2029丁\r戊\n")
    printed = body_texts(render(report, FORM))
    start = printed.index("五、存在的主要问题及改进情况")
    assert printed[start + 1 : start + 6] == ["甲", "乙", "丙", "丁", "戊"]


@pytest.mark.parametrize("sign", [*"\x00\x07\x0b\x0c\x1f\x85", "\ud800", "\ufffe", "\uffff"])
def test_a_character_that_no_document_holds_is_refused_with_its_place(sign: str) -> None:
    assert unprintable(f"甲{sign}乙{sign}") == sign
    with pytest.raises(DocumentError) as refused:
        render(a_report(other=f"甲{sign}乙"), FORM)
    code = f"U+{ord(sign):04X}"
    assert refused.value.faults == (
        f"“六、其他需要报告的事项”里有不能打印的字符（{code}），请删掉再试。",
    )


def test_all_faults_of_a_report_are_named_at_once() -> None:
    report = a_report(title="两\n行", signoff="\x01", figures={"a.b": 1}, format="2019")
    with pytest.raises(DocumentError) as refused:
        render(report, FORM)
    assert len(refused.value.faults) == 4


def test_more_topics_than_the_form_has_are_refused_and_not_dropped() -> None:
    topics = (*a_report().topics, Topic("其他方面", "还有一件事。"))
    with pytest.raises(DocumentError, match="最多分 5 个方面，报告里有 6 个"):
        render(a_report(topics=topics), FORM)


def test_ordinary_text_is_printable() -> None:
    assert unprintable("一\t二\r\n三 😀 𠮷 \u200b\u2028") == ""


# ── a file that differs is never handed out ─────────────────────────────────────────────────

FIGURE, OTHER_FIGURE = "figure['requests.granted.total']", "figure['requests.granted.business']"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (FIGURE, OTHER_FIGURE, "三、本年度办理结果 · （一）予以公开 · 总计”应为"),
        (f"{{{{ {FIGURE} }}}}", "0", "（一）予以公开 · 总计”应为"),
        (f"{{{{ {FIGURE} }}}}", "约{{ figure['requests.granted.total'] }}件", "读不成数"),
        ("1.属于国家秘密", "1.国家秘密", "1.属于国家秘密 · 自然人”这一格没有找到"),
        ("2.重复申请", "1.信访举报投诉类申请", "这一格找到不止一处"),
        ("结果纠正", "结果维持", "这一格找到不止一处"),
        ("六、其他需要报告的事项", "六、其他", "不认识这个标题：“六、其他”"),
        (">五、存在的主要问题及改进情况<", ">六、其他需要报告的事项<", "大标题应为"),
        ("in intro %}", "in problems %}", "“一、总体情况”第 1 段应为“全年工作平稳。"),
        ("in topic.texts %}", "in intro[:1] %}", "“一、总体情况（一）”第 1 段应为"),
        ("in topics %}", "in topics[1:] %}", "总体情况应有 5 个方面，读回是 4 个"),
        ("in (other[:-1]", "in ([]", "“六、其他需要报告的事项”"),
        ("in signoff %}", "in signoff[1:] %}", "“落款”"),
        ("{{ title }}", "{{ title }}（样）", "“标题”第 1 段应为"),
        ("{{ text }}", "{{ text | upper }}", "第 1 段应为"),
        ("信息内容", "{ {信息}}", "模板里的标记没有填上"),
    ],
)
def test_a_template_that_prints_something_else_is_refused_with_the_place(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    report = a_report(intro="全年工作平稳。abc", preamble="abc")
    with pytest.raises(DocumentError) as refused:
        render(report, FORM, a_template(tmp_path, old, new))
    assert any(said in fault for fault in refused.value.faults), refused.value.faults


@pytest.mark.parametrize(
    ("old", "new"),
    [("{{ title }}", "{{ titel }}"), ("in intro %}", "in %}"), ("{{ text }}", "{{ text.x.y }}")],
)
def test_a_template_with_a_wrong_tag_is_refused_by_name(old: str, new: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"模板里的标记有错：\nreport\.docx："):
        render(a_report(), FORM, a_template(tmp_path, old, new))


def test_a_template_that_is_missing_or_broken_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="模板用不了"):
        render(a_report(), FORM, tmp_path / "none.docx")
    (tmp_path / "report.docx").write_bytes(b"PK nonsense")
    with pytest.raises(DocumentError, match="模板用不了"):
        render(a_report(), FORM, tmp_path / "report.docx")


def test_a_template_changed_in_word_is_taken_with_the_next_report(tmp_path: Path) -> None:
    part, draft = "word/header1.xml", a_report(final=False)
    path = a_template(tmp_path, "草稿 · 未完成，请勿外发", "征求意见稿", part)
    assert "征求意见稿" in parts_of(render(draft, FORM, path))[part]
    path.write_bytes(TEMPLATE.read_bytes())
    assert "征求意见稿" not in parts_of(render(draft, FORM, path))[part]


def test_tags_that_word_has_cut_into_runs_still_work(tmp_path: Path) -> None:
    cut = "{{ </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>figure[‘requests.granted.total’] }}"
    path = a_template(tmp_path, f"{{{{ {FIGURE} }}}}", cut)
    assert read(render(a_report(), FORM, path), FORM).report == a_report()


def test_a_template_may_have_blank_paragraphs_for_space(tmp_path: Path) -> None:
    blank = '<w:p><w:pPr><w:pStyle w:val="ReportBody"/></w:pPr></w:p><w:sectPr>'
    path = a_template(tmp_path, "<w:sectPr>", blank)
    assert read(render(a_report(), FORM, path), FORM).report == a_report()


def test_text_that_a_template_adds_between_the_tables_is_refused(tmp_path: Path) -> None:
    note = (
        '</w:tbl><w:p><w:pPr><w:pStyle w:val="ReportBody"/></w:pPr><w:r><w:t>注</w:t></w:r></w:p>'
    )
    with pytest.raises(DocumentError, match="不知道这一段属于哪里：“注”"):
        render(a_report(), FORM, a_template(tmp_path, "</w:tbl>", note))


# ── the look ────────────────────────────────────────────────────────────────────────────────


def test_a_draft_is_marked_on_every_page_and_a_final_report_nowhere(whole_file: bytes) -> None:
    draft = parts_of(render(a_report(final=False), FORM))
    for header in ("word/header1.xml", "word/header2.xml"):
        assert "草稿 · 未完成，请勿外发" in draft[header]
        assert 'string="草稿"' in draft[header]
    assert "evenAndOddHeaders" in draft["word/settings.xml"]
    assert "titlePg" not in draft["word/document.xml"]
    final = parts_of(whole_file)
    final.pop("word/styles.xml")  # names the style of the mark
    assert not [name for name, xml in final.items() if "草稿" in xml or "v:shape" in xml]


def test_a_draft_without_its_mark_and_a_final_report_with_it_are_refused(tmp_path: Path) -> None:
    parts = parts_of(TEMPLATE.read_bytes())
    for name in ("word/header1.xml", "word/header2.xml"):
        parts[name] = parts[name].replace("{%p if final %}", "{%p if not final %}")
    path = tmp_path / "report.docx"
    path.write_bytes(zipped(parts))
    with pytest.raises(DocumentError, match="草稿上没有草稿标记"):
        render(a_report(final=False), FORM, path)
    with pytest.raises(DocumentError, match="定稿上有草稿标记"):
        render(a_report(final=True), FORM, path)


@pytest.mark.parametrize(
    ("agency", "lines", "style"),
    [
        ("某局", ["某局2024年政府信息公开工作年度报告"], "年报标题"),
        ("宿迁市人民政府", ["宿迁市人民政府", "2024年政府信息公开工作年度报告"], "年报标题"),
        ("长" * 20, ["长" * 20, "2024年政府信息公开工作年度报告"], "年报标题"),
        ("长" * 24, ["长" * 24, "2024年政府信息公开工作年度报告"], "年报长标题"),
        (
            "巴音郭楞蒙古自治州住房和城乡建设局审批服务中心",
            ["巴音郭楞蒙古自治州住房和城乡建设局审批服务中心", "2024年政府信息公开工作年度报告"],
            "年报长标题",
        ),
        (
            "巴音郭楞蒙古自治州住房和城乡建设局行政审批中心站",
            ["巴音郭楞蒙古自治州住房和城乡建设局行政审批中心站", "2024年政府信息公开工作年度报告"],
            "年报长标题",
        ),
        (
            "巴音郭楞蒙古自治州住房和城乡建设局行政审批服务站点",
            [
                "巴音郭楞蒙古自治州住房和城乡建设局",
                "行政审批服务站点2024年政府信息公开工作年度报告",
            ],
            "年报长标题",
        ),
        ("长" * 60, ["长" * 60 + "2024年政府信息公开工作年度报告"], "年报长标题"),
    ],
)
def test_a_title_breaks_behind_a_whole_name(agency: str, lines: list[str], style: str) -> None:
    report = a_report(agency=agency, title=FORM.title_of(agency, 2024))
    content = render(report, FORM)
    title = Document(io.BytesIO(content)).paragraphs[0]
    assert title.text.split("\n") == lines
    assert title.style
    assert title.style.name == style
    found = read(content, FORM).report
    assert (found.agency, found.year, found.title) == (agency, 2024, report.title)


def test_headings_tables_and_the_signature_hold_together_on_a_page(whole_file: bytes) -> None:
    document = Document(io.BytesIO(whole_file))
    for name in ("年报一级标题", "年报二级标题", "年报落款"):
        assert document.styles[name].paragraph_format.keep_with_next
    *_, before, _, _ = document.paragraphs
    assert before.text == "没有其他事项。"
    assert before.paragraph_format.keep_with_next
    for table in document.tables:
        *rows, last = table._tbl.tr_lst
        assert all(row.xpath("./w:trPr/w:cantSplit") for row in [*rows, last])
        assert all(len(row.xpath(".//w:keepNext")) == len(row.tc_lst) for row in rows)
        assert not last.xpath(".//w:keepNext")
    headers = [len(table._tbl.xpath(".//w:tblHeader")) for table in document.tables]
    assert headers == [0, 3, 3]


def test_every_style_names_its_font_for_chinese_and_keeps_off_the_grid() -> None:
    for style in Document(str(TEMPLATE)).styles.element.xpath("./w:style[@w:customStyle]"):
        fonts = style.xpath("./w:rPr/w:rFonts")[0]
        assert len({fonts.get(qn(f"w:{way}")) for way in ("eastAsia", "ascii", "hAnsi")}) == 1
        assert style.xpath("./w:pPr/w:snapToGrid/@w:val") == ["0"]


def test_page_numbers_stand_outside(whole_file: bytes) -> None:
    parts = parts_of(whole_file)
    assert [("odd" in parts[f].lower(), " PAGE " in parts[f]) for f in _footers()] == [
        (True, True),
        (False, True),
    ]
    styles = Document(io.BytesIO(whole_file)).styles
    assert styles["年报单页码"].paragraph_format.alignment == 2
    assert styles["年报双页码"].paragraph_format.alignment == 0


def _footers() -> Iterator[str]:
    return (f"word/footer{number}.xml" for number in (1, 2))


# ── an office's own labels ──────────────────────────────────────────────────────────────────


def test_an_offices_own_labels_replace_the_official_ones_and_nothing_else() -> None:
    own = {
        "本年收费金额（单位：万元）": "本年收费金额（单位：万元，保留4位小数）",
        "3.危及“三安全一稳定”": "3.危及“三安全、一稳定” & <其他>",
        "五、存在的主要问题及改进情况": "五、问题和改进",
        "其他": "其它",
    }
    form = load_form(local=Local(own))
    report = a_report(problems="其他\n五、存在的主要问题及改进情况", other="3.危及“三安全一稳定”")
    content = render(report, form)
    wanted = OFFICIAL_TABLES.strip()
    for official in list(own)[:2]:
        wanted = wanted.replace(official, own[official])
    assert structure(content) == wanted.replace(" 其他 ", " 其它 ")
    assert read(content, form).report == report
    assert read(content, form).headings[4] == "五、问题和改进"
    assert structure(render(a_report(), FORM)) == OFFICIAL_TABLES.strip()


def test_an_own_label_is_never_read_as_a_template() -> None:
    for own in ("{{ title }}", "规\x07章"):
        with pytest.raises(CatalogueError, match="不能有大括号"):
            load_form(local=Local({"规章": own}))


# ── the name of the file ────────────────────────────────────────────────────────────────────


def test_a_file_is_named_after_its_title_and_a_draft_says_so() -> None:
    assert file_name(a_report()) == f"{AGENCY}2024年政府信息公开工作年度报告.docx"
    assert file_name(a_report(final=False)).endswith("年度报告（草稿）.docx")
    assert file_name(a_report(title='a/b\\c:d*e?f"g<h>i|j\n\u202e')) == "a_b_c_d_e_f_g_h_i_j.docx"
    assert file_name(a_report(title=" .. ")) == "年度报告.docx"
    assert file_name(a_report(title=" ..甲. ")) == "甲.docx"
    assert file_name(a_report(title="长" * 300)) == "长" * 65 + ".docx"
    assert file_name(a_report(title="长" * 60 + "." * 30)) == "长" * 60 + ".docx"
    assert file_name(a_report(title="长" * 64 + "..." + "长")) == "长" * 64 + ".docx"


def test_a_viewer_shows_the_title_of_the_report(whole_file: bytes) -> None:
    assert Document(io.BytesIO(whole_file)).core_properties.title == a_report().title


@given(title=st.text(st.characters(exclude_categories=()), max_size=300), final=st.booleans())
def test_a_file_name_is_safe_on_every_system(title: str, final: bool) -> None:
    name = file_name(a_report(title=title, final=final))
    assert len(name.encode("utf-8")) <= 200
    assert re.fullmatch(r'[^./\\:*?"<>|\x00-\x1f ][^/\\:*?"<>|\x00-\x1f]*\.docx', name)


# ── files that other people send ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"%PDF-1.7 ...", "文件打不开"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "另存为 .docx"),
        (b"PK" + b"\0" * (MOST_BYTES - 1), "超过 20 MB"),
        (zipped({"xl/workbook.xml": "<x/>"}), "这不是 Word 文件"),
        (zipped({"word/document.xml": " " * (MOST_UNPACKED + 1)}), "太大"),
        (zipped({"word/document.xml": " " * 12_000_000}), "压缩比"),
        (zipped({f"{number}": "" for number in range(2001)}), "太大"),
    ],
    ids=["empty", "pdf", "doc", "large", "other", "bomb", "ratio", "parts"],
)
def test_a_file_that_cannot_be_taken_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(content, FORM)


@given(place=st.integers(0, 9000), bits=st.integers(1, 255), cut=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    place: int, bits: int, cut: bool, whole_file: bytes
) -> None:
    damaged = bytearray(whole_file)
    damaged[place] ^= bits
    with contextlib.suppress(Unreadable):
        read(bytes(damaged[:place] if cut else damaged), FORM)


def edited(content: bytes, change: Callable[[str], str]) -> bytes:
    """A file whose document was changed by somebody."""
    parts = parts_of(content)
    parts["word/document.xml"] = change(parts["word/document.xml"])
    return zipped(parts)


def test_tracked_changes_are_read_as_if_accepted(whole_file: bytes) -> None:
    run = '<w:r><w:t xml:space="preserve">公开的内容还不够多。</w:t></w:r>'
    gone = '<w:del w:id="1" w:author="a"><w:r><w:delText>旧</w:delText></w:r></w:del>'
    moved = '<w:moveFrom w:id="3" w:author="a"><w:r><w:t>移走</w:t></w:r></w:moveFrom>'
    changed = f'{gone}{moved}<w:ins w:id="2" w:author="a"><w:r><w:t>新</w:t></w:r></w:ins>{run}'
    reading = read(edited(whole_file, lambda xml: xml.replace(run, changed)), FORM)
    assert reading.report.text("problems") == "新公开的内容还不够多。"


def test_content_controls_and_tab_stops_do_not_hide_or_change_text(whole_file: bytes) -> None:
    def change(xml: str) -> str:
        xml = re.sub(
            r"(<w:tbl>.*?</w:tbl>)", r"<w:sdt><w:sdtContent>\1</w:sdtContent></w:sdt>", xml
        )
        stops = '<w:tabs><w:tab w:val="left" w:pos="420"/></w:tabs></w:pPr>'
        return xml.replace("</w:pPr>", stops)

    assert read(edited(whole_file, change), FORM).report == a_report()


def test_what_cannot_be_read_is_said_and_never_guessed(whole_file: bytes) -> None:
    figures = distinct_figures()
    number = f">{figures['proactive.permits']}<"
    reading = read(edited(whole_file, lambda xml: xml.replace(number, ">12 件<")), FORM, exact=True)
    assert reading.report.figures == figures | {"proactive.permits": None}
    assert reading.unread == (
        "“二、主动公开政府信息情况 · 行政许可”这一格写的是“12 件”，读不成数。",
    )
    assert reading.unreadable == {"proactive.permits": "12 件"}


def test_a_file_without_its_tables_says_which_are_missing(whole_file: bytes) -> None:
    bare = edited(whole_file, lambda xml: re.sub(r"<w:tbl>.*?</w:tbl>", "", xml))
    reading = read(bare, FORM)
    assert len(reading.unread) == 3
    assert reading.unread[0] == "没有找到“二、主动公开政府信息情况”的表格。"
    assert set(reading.report.figures.values()) == {None}
    first = edited(whole_file, lambda xml: re.sub(r"<w:tbl>.*?</w:tbl>", "", xml, count=1))
    assert read(first, FORM).unread == reading.unread[:1]
