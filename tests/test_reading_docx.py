"""Word files of other people: read by their words, in whatever way Word keeps them."""

from __future__ import annotations

import contextlib
import io
import re
import time
import zipfile
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.catalogue import load_form
from bot.local import Local
from bot.readers.docx import read
from bot.readers.reading import Unreadable
from bot.report import Figure, Report, Topic
from bot.writers.docx import render
from tests.foreign import FORM, LOOKS, PAGE, Look, as_docx, shown_figures
from tests.tables import STYLES, figures_of, report_of, requests_table

DISTINCT: dict[str, Figure] = {key: 1000 + n for n, key in enumerate(FORM.cells)} | {
    "proactive.fees_wanyuan": Decimal("59237.2449")
}
GRANTED = "requests.granted.natural_person"
TITLES = ("主动公开情况", "依申请公开情况", "政府信息管理", "公开平台建设", "监督保障")


def a_report(**changes: object) -> Report:
    """A whole report with a different number in every cell."""
    held: dict[str, object] = {
        "level": "",
        "preamble": "本报告根据条例的要求编制。",
        "intro": "全年工作平稳。",
        "topics": tuple(Topic(title, f"{title}做了三件事。\n都已办结。") for title in TITLES),
        "problems": "公开的内容还不够多。",
        "other": "没有收取信息处理费。",
        "signoff": "青石县水务局\n2025年1月15日",
        "final": True,
    }
    return report_of(DISTINCT, **(held | changes))


def changed(old: str, new: str, count: int = 1) -> bytes:
    """The file of `a_report` with a piece of its XML in another form."""

    def change(xml: str) -> str:
        assert old in xml
        return xml.replace(old, new, count)

    return as_docx(a_report(), change=change)


def run(text: str, properties: str = "") -> str:
    """One run of text."""
    held = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{held}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, properties: str = "") -> str:
    """One paragraph as `tests.foreign` writes it."""
    held = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{held}{run(text)}</w:p>"


SAID = run("公开的内容还不够多。")
NUMBER = run(str(DISTINCT[GRANTED]))


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_a_foreign_word_file_comes_back_whole(look: Look) -> None:
    reading = read(as_docx(a_report(), look), FORM)
    assert replace(reading.report, title="") == a_report(title="")
    assert (reading.unread, reading.unreadable) == ((), {})
    assert len(reading.headings) == 6


def test_a_dense_word_file_is_read_fast() -> None:
    content = as_docx(a_report(), PAGE)
    read(content, FORM)
    start = time.process_time()
    read(content, FORM)
    assert time.process_time() - start < 0.4


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SAID, f'<w:del w:id="1">{run("旧").replace("w:t", "w:delText")}</w:del><w:ins w:id="2">{SAID}</w:ins>'),
        (SAID, f'<w:moveFrom w:id="1">{run("旧")}</w:moveFrom><w:moveTo w:id="2">{SAID}</w:moveTo>'),
        (SAID, f"<w:sdt><w:sdtContent>{SAID}</w:sdtContent></w:sdt>"),
        (SAID, f'<w:hyperlink w:anchor="a">{SAID}</w:hyperlink>'),
        (SAID, SAID + run("暗字", "<w:vanish/>")),
        (SAID, f'{SAID}<w:r><w:footnoteReference w:id="1"/></w:r>'),
        (SAID, f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{SAID}<w:r><w:fldChar w:fldCharType="end"/></w:r>'),
        (SAID, f'<w:fldSimple w:instr="REF a">{SAID}</w:fldSimple>'),
        (SAID, f'<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run("单击此处输入文字")}</w:sdtContent></w:sdt>{SAID}'),
        (SAID, f"<w:bookmarkStart w:id='0' w:name='a'/><w:proofErr w:type='spellStart'/>{SAID}"),
        (NUMBER, f'<w:del w:id="1">{run("77").replace("w:t", "w:delText")}</w:del><w:ins w:id="2">{NUMBER}</w:ins>'),
        (NUMBER, run("10") + run("24")),
        (NUMBER, run("9", "<w:vanish/>") + NUMBER),
        (NUMBER, f"<w:sdt><w:sdtContent>{NUMBER}</w:sdtContent></w:sdt>"),
        (f"<w:tr><w:tc><w:tcPr></w:tcPr>{paragraph('规章')}", f"<w:tr><w:trPr><w:del w:id='1'/></w:trPr><w:tc>{paragraph('规章')}</w:tc></w:tr><w:tr><w:tc><w:tcPr></w:tcPr>{paragraph('规章')}"),
    ],
    ids=["insertion", "moved", "control", "link", "hidden", "footnote", "field", "simple field", "placeholder",
         "bookmark", "figure inserted", "figure in runs", "hidden figure", "figure in control", "deleted row"],
)  # fmt: skip
def test_what_word_keeps_beside_the_text_does_not_change_it(old: str, new: str) -> None:
    reading = read(changed(old, new), FORM)
    assert reading.report == a_report()
    assert reading.unread == ()


def test_rows_and_tables_inserted_in_tracked_changes_count() -> None:
    def change(xml: str) -> str:
        xml = re.sub(r"(<w:tbl>.*?</w:tbl>)", r"<w:ins w:id='1'>\1</w:ins>", xml, count=1)
        return re.sub(r"(<w:tr>)", r"<w:tr><w:trPr><w:ins w:id='2'/></w:trPr>", xml)

    assert read(as_docx(a_report(), change=change), FORM).report == a_report()


def a_box(held: str, fallback: str = "") -> str:
    """A paragraph with a text box, as Word writes it for new programs and for old ones."""
    drawing = f"<w:drawing><wp:inline><a:graphic><a:graphicData><w:txbxContent>{held}</w:txbxContent></a:graphicData></a:graphic></wp:inline></w:drawing>"
    picture = f"<w:pict><w:txbxContent>{fallback or held}</w:txbxContent></w:pict>"
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    return (
        f"<w:p><w:r><mc:AlternateContent {space}><mc:Choice Requires='wps'>{drawing}</mc:Choice>"
        f"<mc:Fallback>{picture}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )


def test_a_text_box_is_read_once() -> None:
    title = paragraph(a_report().title)
    reading = read(changed(title, a_box(title)), FORM)
    assert reading.report == a_report()
    old = paragraph("没有收取信息处理费。")
    only_old = f"<w:p><w:r><w:pict><w:txbxContent>{old}</w:txbxContent></w:pict></w:r></w:p>"
    assert read(changed(old, only_old), FORM).report == a_report()


@pytest.mark.parametrize("depth", [1, 3])
def test_a_page_laid_out_in_tables_is_read_through(depth: int) -> None:
    def change(xml: str) -> str:
        for _ in range(depth):
            xml = f"<w:tbl><w:tr><w:tc>{xml}<w:p/></w:tc></w:tr></w:tbl>"
        return xml

    assert read(as_docx(a_report(), change=change), FORM).report == a_report()


def test_tables_in_tables_without_end_are_refused_or_read_and_never_a_crash() -> None:
    def change(xml: str) -> str:
        return "<w:tbl><w:tr><w:tc>" * 80 + xml + "</w:tc></w:tr></w:tbl>" * 80

    with contextlib.suppress(Unreadable):
        read(as_docx(a_report(), change=change), FORM)


NUMBERING = f"""<w:numbering {nsdecls("w")}>
<w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="japaneseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""


def with_numbering(content: bytes) -> bytes:
    """The file with a list of its own in its numbering part."""
    document = Document(io.BytesIO(content))
    part = document.part.numbering_part
    for element in parse_xml(NUMBERING):
        part.element.append(element)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_headings_that_word_numbers_by_itself_have_their_numbers() -> None:
    def change(xml: str) -> str:
        place = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="3"/></w:numPr>'
        for section in FORM.sections:
            bare = section.label.partition("、")[2]
            xml = xml.replace(paragraph(section.label), paragraph(bare, place.format(0)))
        return re.sub(
            r"<w:p><w:r><w:t xml:space=\"preserve\">（[一二三四五]）(?=主动|依申请|政府|公开|监督)",
            f'<w:p><w:pPr>{place.format(1)}</w:pPr><w:r><w:t xml:space="preserve">',
            xml,
        )

    reading = read(with_numbering(as_docx(a_report(), change=change)), FORM)
    assert reading.report == a_report()
    assert reading.headings == tuple(section.label for section in FORM.sections)


def test_headings_that_lost_their_numbers_are_known_by_their_words() -> None:
    def change(xml: str) -> str:
        for section in FORM.sections:
            xml = xml.replace(paragraph(section.label), paragraph(section.label.partition("、")[2]))
        return xml

    assert read(as_docx(a_report(), change=change), FORM).report == a_report()


def test_a_row_that_begins_further_right_is_read_by_its_label() -> None:
    row = f"<w:tr><w:tc><w:tcPr></w:tcPr>{paragraph('规章')}"
    skipped = row.replace("<w:tr>", '<w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>')
    assert read(changed(row, skipped), FORM).report == a_report()


def test_a_figure_merged_over_several_columns_belongs_to_none() -> None:
    shown = shown_figures(a_report())
    cells = [shown[f"requests.granted.{key}"] for key in ("natural_person", "business")]
    pair = "".join(f"<w:tc><w:tcPr></w:tcPr>{paragraph(text)}</w:tc>" for text in cells)
    merged = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph("9")}</w:tc>'
    reading = read(changed(pair, merged), FORM)
    found = reading.report.figures
    assert found["requests.granted.business"] is None
    assert found["requests.granted.natural_person"] in (None, 9)
    assert found["requests.granted.total"] in (None, DISTINCT["requests.granted.total"])
    assert reading.unread != ()


def test_a_word_file_without_a_report_and_an_old_one_are_refused_in_words() -> None:
    target = io.BytesIO()
    document = Document()
    document.add_paragraph("关于开会的通知")
    document.save(target)
    with pytest.raises(Unreadable, match="没有找到年度报告"):
        read(target.getvalue(), FORM)
    with pytest.raises(Unreadable, match=r"另存为 \.docx"):
        read(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, FORM)


@cache
def whole() -> tuple[dict[str, bytes], str, list[tuple[int, int]]]:
    """A file's parts, the XML of its text, and where tags, attributes and words stand in it."""
    with zipfile.ZipFile(io.BytesIO(as_docx(a_report()))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    xml = parts["word/document.xml"].decode()
    tags = re.finditer(r"<(?:w:[a-zA-Z]+)[^>]*?/>|\"[^\"<>]*\"|>[^<>]+<", xml)
    return parts, xml, [match.span() for match in tags]


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_word_file_with_damaged_xml_is_read_or_refused_and_nothing_else(
    data: st.DataObject,
) -> None:
    parts, xml, tags = whole()
    for start, end in sorted(
        data.draw(st.lists(st.sampled_from(tags), max_size=6, unique=True)), reverse=True
    ):
        new = data.draw(st.sampled_from(['"0"', '"-1"', '"99999999999"', '"x"', "", ">1<", "><"]))
        xml = (
            xml[:start] + (new if new[:1] == xml[start : start + 1] else xml[start:end]) + xml[end:]
        )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, part in {**parts, "word/document.xml": xml.encode()}.items():
            package.writestr(name, part)
    with contextlib.suppress(Unreadable):
        read(target.getvalue(), FORM)


def test_an_offices_own_label_reads_the_official_one_too() -> None:
    own = load_form(local=Local({"行政规范性文件": "规范性文件"}))
    report = report_of(figures_of(requests_table(5, STYLES["county"])))
    official = read(render(report, FORM), own)
    assert dict(official.report.figures) == dict(report.figures)
    assert read(render(report, own), FORM).report.figures["proactive.normdocs_made"] == 0


def test_a_figure_changed_by_hand_in_our_own_file_is_still_read() -> None:
    report = report_of(figures_of(requests_table(5, STYLES["county"])))
    content = render(report, FORM)
    document = Document(io.BytesIO(content))
    cell = next(c for row in document.tables[0].rows for c in row.cells if c.text == "0")
    cell.paragraphs[0].runs[0].text = "130件"
    changed = io.BytesIO()
    document.save(changed)
    reading = read(changed.getvalue(), FORM)
    assert 130 in reading.report.figures.values()
