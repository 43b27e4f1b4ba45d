"""An office's own template: what is wrong is said with its place, and nothing is run before."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.catalogue import load_form
from bot.local import Local
from bot.writers import docx
from bot.writers.docx import TEMPLATE, render
from bot.writers.proof import DocumentError
from bot.writers.tags import NAMES
from bot.writers.template import check_template, made_up
from tests.test_docx import a_template, parts_of, zipped

FORM = load_form()
BLANK_FORM = Path(__file__).resolve().parents[2] / "shared" / "form" / "blank-form-2021.docx"
FIGURE = "{{ figure['requests.granted.total'] }}"
OTHER_WORDS = "{{ text | replace('问题', '难题') }}"
RELATIONS = "word/_rels/document.xml.rels"


def with_part(folder: Path, name: str, content: str) -> Path:
    """The template with one more part."""
    path = folder / "report.docx"
    path.write_bytes(zipped(parts_of(TEMPLATE.read_bytes()) | {name: content}))
    return path


def test_the_projects_own_template_has_no_faults() -> None:
    assert check_template(TEMPLATE, FORM) == ()


def test_the_names_are_those_that_a_report_fills() -> None:
    assert set(docx._context(made_up(FORM, final=True), FORM)) == NAMES


# ── what is no template ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"%PDF-1.7", "这不是 Word 文件（.docx）"),
        ("年度报告".encode(), "这不是 Word 文件（.docx）"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "旧格式（.doc、.wps）或者加了密码"),
        (b"PK\3\4 nonsense", "文件打不开"),
        (zipped({"xl/workbook.xml": "<x/>"}), "里面没有文档"),
        (zipped({"word/document.xml": "<w:p"}), "文件已经损坏"),
        (zipped({"word/document.xml": "<x/>", "word/vbaProject.bin": "x"}), "带有宏"),
        (
            zipped({"word/document.xml": "<x/>", "[Content_Types].xml": "macroEnabled.main+xml"}),
            "带有宏",
        ),
    ],
    ids=["empty", "pdf", "text", "doc", "cut", "xlsx", "broken", "docm", "docm by its type"],
)
def test_what_is_no_word_file_gets_one_clear_sentence(
    content: bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "模板.docx"
    path.write_bytes(content)
    (fault,) = check_template(path, FORM)
    assert fault.startswith("模板.docx：")
    assert said in fault


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    assert check_template(tmp_path / "无.docx", FORM) == ("无.docx：没有这个文件。",)
    assert len(check_template(tmp_path, FORM)) == 1


# ── tags ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{{ title }}", "{{ titel }}", "正文里的“titel”不认识，是不是“title”。"),
        ("{{ title }}", "年度报告", "正文里没有标题的标记，请加上 {{ title }}。"),
        ("in preamble %}", "in [] %}", "正文里没有“前言”的标记（preamble），这部分文字印不出来。"),
        ("in signoff %}", "in [] %}", "正文里没有“落款”的标记（signoff），这部分文字印不出来。"),
        ("granted.total", "grantd.total", "表单里没有“requests.grantd.total”这个数"),
        (FIGURE, "12", "予以公开 · 总计”没有标记，请在那一格写 {{ figure['requests.granted.total'] }}。"),
        (FIGURE, f"约 {FIGURE}", "第 6 行第 10 列应只有 {{ figure['requests.granted.total'] }}，模板里是“约"),
        (FIGURE, FIGURE.replace("granted", "denied_state_secret"), "模板里是“{{ figure['requests.denied_"),
        (FIGURE, "{{ figure['requests.granted.total' }}", "的标记写错了：多了“}”"),
        ("{{ title }}", "{{ title | nofilter }}", "没有叫“nofilter”的过滤器"),
        ("{{ title }}", "{{ title }}{% endfro %}", "处的标记写错了：不认识“endfro”"),
        ("{{ title }}", "{{ title }}{% if final %}", "有开头没有结尾"),
        ("{{ title }}", "{{ title }}{{ range(9) }}", "调用函数或者做乘法"),
        ("{{ title }}", "{{ title }}{{ 'a' * 99 }}", "调用函数或者做乘法"),
        ("{{ title }}", "{{ title }}{% include 'x' %}", "引用别的文件"),
        ("{{ title }}", "{{ title | upper }}{{ title.__class__ }}", "试印一份报告：report.docx"),
    ],
)  # fmt: skip
def test_a_wrong_or_missing_tag_is_named_with_its_place(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    faults = check_template(a_template(tmp_path, old, new), FORM)
    assert any(said in fault for fault in faults), faults


def test_many_missing_figures_are_counted_and_not_listed(tmp_path: Path) -> None:
    parts = parts_of(TEMPLATE.read_bytes())
    document = re.sub(r"\{\{ figure\[[^}]+\}\}", "", parts["word/document.xml"])
    path = tmp_path / "report.docx"
    path.write_bytes(zipped(parts | {"word/document.xml": document}))
    faults = check_template(path, FORM)
    assert len(faults) == 6
    assert faults[-1] == "一共有 200 个数没有标记。"


def test_nothing_of_a_template_with_faults_is_run(tmp_path: Path) -> None:
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    faults = check_template(a_template(tmp_path, "{{ title }}", "{{ title }}" + endless), FORM)
    assert not [fault for fault in faults if fault.startswith("试印")]
    assert any("调用函数" in fault for fault in faults)


@pytest.mark.parametrize(
    "attack",
    ["{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ figure.__init__.__globals__ }}"],
)
def test_a_template_runs_in_a_sandbox(attack: str, tmp_path: Path) -> None:
    path = a_template(tmp_path, "{{ title }}", attack)
    with pytest.raises(DocumentError, match="模板里的标记有错"):
        render(made_up(FORM, final=True), FORM, path)


# ── tables, headings, labels ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1.属于国家秘密", "１.属于国家秘密", "应为“1.属于国家秘密”，模板里是“１.属于国家秘密”，请改成一字不差"),
        ("结果纠正", "结果变更", "应为“结果纠正”，模板里是“结果变更”。"),
        (">六、其他需要报告的事项<", ">六、其他<", "大标题应为“六、其他需要报告的事项”，模板里没有。"),
        (">六、其他需要报告的事项<", ">六、 其他需要报告的事项<", "模板里写的是“六、 其他需要报告的事项”"),
        ('<w:gridSpan w:val="7"/>', '<w:gridSpan w:val="6"/>', "合并的格子与表样不同"),
        ("申请人情况", "申请人", "应为“申请人情况”，模板里是“申请人”。"),
    ],
)  # fmt: skip
def test_a_label_or_shape_that_is_not_the_forms_is_said(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    faults = check_template(a_template(tmp_path, old, new), FORM)
    assert any(said in fault for fault in faults), faults


def test_a_row_too_few_and_a_missing_table_are_said(tmp_path: Path) -> None:
    parts = parts_of(TEMPLATE.read_bytes())
    document = parts["word/document.xml"]
    path = tmp_path / "report.docx"
    rows = [row for row in re.findall(r"<w:tr>.*?</w:tr>", document) if "2.重复申请" in row]
    shorter = document.replace(rows[0], "")
    path.write_bytes(zipped(parts | {"word/document.xml": shorter}))
    assert any("应有 28 行 10 列，模板里有 27 行 10 列" in f for f in check_template(path, FORM))
    bare = re.sub(r"<w:tbl>.*?</w:tbl>", "", document, count=1)
    path.write_bytes(zipped(parts | {"word/document.xml": bare}))
    faults = check_template(path, FORM)
    assert "没有找到“二、主动公开政府信息情况”的表格。" in faults


@pytest.mark.skipif(not BLANK_FORM.exists(), reason="the blank form is not beside the project")
def test_the_official_blank_form_lacks_only_tags() -> None:
    faults = check_template(BLANK_FORM, FORM)
    assert faults
    assert all("标记" in fault for fault in faults)


def test_an_offices_own_label_may_stand_in_the_template_or_be_put_there(tmp_path: Path) -> None:
    form = load_form(local=Local({"2.重复申请": "2.重复的申请"}))
    assert check_template(TEMPLATE, form) == ()
    assert check_template(a_template(tmp_path, "2.重复申请", "2.重复的申请"), form) == ()


# ── what comes from elsewhere, and the trial ────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("relation", "said"),
    [
        ('Type="x/hyperlink" Target="http://a.cn" TargetMode="External"', "外部的超链接（http://a.cn）"),
        ('Type="x/image" Target="http://a.cn/b.png" TargetMode="External"', "外部的图片"),
        ('Type="x/attachedTemplate" Target="file:///n.dotm" TargetMode="External"', "外部的附加模板"),
        ('Type="x/aFChunk" Target="a.html"', "插入了整个文件（a.html）"),
    ],
)  # fmt: skip
def test_what_points_outside_is_named(relation: str, said: str, tmp_path: Path) -> None:
    closed = "</Relationships>"
    added = f'<Relationship Id="rId900" {relation}/>{closed}'
    faults = check_template(a_template(tmp_path, closed, added, RELATIONS), FORM)
    assert any(said in fault for fault in faults), faults


def test_an_embedded_object_is_named(tmp_path: Path) -> None:
    path = with_part(tmp_path, "word/embeddings/oleObject1.bin", "x")
    assert check_template(path, FORM)[0] == "模板里嵌入了对象（oleObject1.bin），请删掉。"


def test_a_trial_finds_what_prints_something_else(tmp_path: Path) -> None:
    faults = check_template(a_template(tmp_path, "{{ text }}", OTHER_WORDS), FORM)
    assert faults == (
        "试印一份报告：“五、存在的主要问题及改进情况”第 1 段应为“试印：存在的主要问题及改进情况第一段。”，"
        "读回是“试印：存在的主要难题及改进情况第一段。”。",
    )
    swapped = a_template(tmp_path, "{%p if final %}", "{%p if not final %}", "word/header1.xml")
    assert "试印一份报告：定稿上有草稿标记。" in check_template(swapped, FORM)


def test_a_template_without_our_styles_is_told_where_to_get_them(tmp_path: Path) -> None:
    path = a_template(tmp_path, "年报一级标题", "标题样式一", "word/styles.xml")
    faults = check_template(path, FORM)
    assert any("没有“年报一级标题”这些样式" in fault for fault in faults), faults
