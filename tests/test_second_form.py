"""A second form, added as data and template only, through everything that the product does."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import openpyxl
import pytest
from click.testing import CliRunner
from docx import Document

from bot.assistant import Assistant
from bot.checks import run_checks
from bot.command import main
from bot.readers import read_file
from bot.record import file_dossier
from bot.report import Figure, Report
from bot.store import StoreError
from bot.wording import Wording
from bot.writers import WRITERS, write
from bot.writers.template import check_template
from tests import fresh
from tests.clerk import Clerk
from tests.officer import Officer
from tests.tables import form

NAME = "enforcement-2021"
FORM = form(NAME)
AGENCY, YEAR = "青石县水务局", 2025
NOW = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
OF_THE_FIRST_FORM = ("信息公开", "申请人", "表三", "200")


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    """An assistant that fills in the second form."""
    assistant = fresh.new_assistant(tmp_path / "nianbao.db", lambda: NOW, FORM)
    yield assistant
    assistant.store.close()


def sound_figures(seed: int) -> dict[str, Figure]:
    """Figures in which every equation and relation holds, no two cells alike where that can be."""
    random = Random(seed)
    figures: dict[str, Figure] = {
        cell: Decimal(random.randrange(10**7)) / 10_000 if FORM.items[cell].kind == "money"
        else random.randrange(1, 900)
        for cell in FORM.cells
    }  # fmt: skip
    figures |= {"permits.applied": 990, "permits.accepted": 980, "permits.granted": 930,
                "permits.refused": 7}  # fmt: skip
    for total, parts in FORM.sums:
        figures[total] = sum(figures[part] or 0 for part in parts)
    return figures


def a_report(seed: int = 1, **changes: object) -> Report:
    """A whole report of the second form."""
    fields: dict[str, object] = {
        "format": FORM.format, "agency": AGENCY, "year": YEAR, "level": "",
        "title": FORM.title_of(AGENCY, YEAR), "figures": sound_figures(seed), "final": True,
        "texts": {"preamble": "按要求编制。", "summary": "全年执法平稳。\n今后加强培训。",
                  "signoff": f"{AGENCY}\n2026年1月12日"},
    }  # fmt: skip
    return Report(**{**fields, **changes})  # type: ignore[arg-type]


def filled(clerk: Clerk, penalties: int) -> Clerk:
    """A unit's report with some penalties, to the last question."""
    clerk.press("有").press("没有").press("没有").press("没有")
    clerk.say(f"罚款 {penalties}").press("其余").say("3.25万元").press("确认").press("不写")
    return clerk.say("12 3 2").press("用这段")


# ── documents ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind not in ("png", "pdf")])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_report_comes_back_from_every_format(kind: str, seed: int) -> None:
    report = a_report(seed)
    found = read_file(f"年报.{kind}", write(kind, report, FORM).content, FORM).report
    assert (found.title, found.agency, found.year) == (report.title, AGENCY, YEAR)
    assert found.texts == report.texts
    assert dict(found.figures) == report.figures


@pytest.mark.parametrize("kind", ["pdf", "png"])
def test_pages_are_set(kind: str) -> None:
    made = write(kind, a_report(), FORM)
    assert made.content.startswith(b"%PDF") if kind == "pdf" else len(made.pictures) == 2


def test_the_tables_in_word_are_those_of_the_form() -> None:
    document = Document(io.BytesIO(write("docx", a_report(), FORM).content))
    assert len(document.tables) == 4
    first = document.tables[0]
    assert [cell.text for cell in first.rows[1].cells][:3] == ["警告", "通报批评", "罚款"]
    assert first.rows[0].cells[0].text == "行政处罚实施数量（宗）"
    figures = sound_figures(1)
    assert first.rows[2].cells[2].text == str(figures["penalties.fine"])
    assert first.rows[2].cells[12].text == str(figures["penalties.total"])


def test_the_template_has_no_faults() -> None:
    assert check_template(Path("templates") / FORM.template, FORM) == ()


def test_a_draft_is_marked_and_leaves_open_what_nobody_answered() -> None:
    figures = {**sound_figures(1), "penalties.fine": None, "penalties.total": None}
    made = write("docx", a_report(figures=figures, final=False), FORM)
    found = read_file("年报.docx", made.content, FORM).report
    assert not found.final
    assert found.figures["penalties.fine"] is None


# ── checks ──────────────────────────────────────────────────────────────────────────────────


def rules(report: Report) -> list[str]:
    """What the checks find in a report that came as a file."""
    reading = read_file("年报.docx", write("docx", report, FORM).content, FORM)
    return [finding.rule for finding in run_checks(file_dossier(reading, FORM))]


def test_a_sound_report_is_left_alone() -> None:
    assert rules(a_report()) == []


def test_a_wrong_total_is_found_and_said_in_the_words_of_the_form() -> None:
    figures = sound_figures(1)
    figures["coercion.coercion_total"] = int(str(figures["coercion.coercion_total"])) + 9
    report = a_report(figures=figures)
    reading = read_file("年报.docx", write("docx", report, FORM).content, FORM)
    found = [f for f in run_checks(file_dossier(reading, FORM)) if f.rule == "E3-SUM"]
    words = Wording(FORM).message(found[0], report.figures)
    assert words.startswith("表三强制措施和强制执行相加是")
    assert words.endswith("少 9。")


def test_an_empty_part_and_an_unlikely_relation_are_said() -> None:
    figures = sound_figures(1) | {"permits.accepted": 999}
    texts = {**a_report().texts, "summary": ""}
    assert rules(a_report(figures=figures, texts=texts)) == ["STR-07", "E2-APPLIED"]


def test_no_sentence_speaks_of_the_first_form(assistant: Assistant) -> None:
    clerk = Clerk(assistant).enrol(AGENCY, YEAR)
    heard = [clerk.reply]
    for words in ("帮助", "进度", "查看", "约20", "有", "有", "有", "有", "帮助", "-1", "1.5", "abc", "提交",
                  "生成报告", "表二 什么 5", "修改 总体情况", "跳过"):  # fmt: skip
        heard.append(clerk.say(words).reply)
    said = "\n".join(heard)
    assert not [word for word in OF_THE_FIRST_FORM if word in said]


# ── last year, workbook ─────────────────────────────────────────────────────────────────────


def test_last_years_file_stands_beside_the_questions(assistant: Assistant) -> None:
    clerk = Clerk(assistant).enrol(AGENCY, YEAR)
    last = a_report(year=YEAR - 1, title=FORM.title_of(AGENCY, YEAR - 1))
    clerk.send("去年.docx", write("docx", last, FORM).content).press("作为去年")
    assert "去年：" in clerk.reply
    clerk.press("有").press("没有").press("没有").press("没有")
    assert f"罚款 {sound_figures(1)['penalties.fine']}" in clerk.reply


def test_a_filled_workbook_comes_back(assistant: Assistant) -> None:
    clerk = Clerk(assistant).enrol(AGENCY, YEAR).press("有").say("要Excel")
    book = openpyxl.load_workbook(io.BytesIO(clerk.files[-1].content))
    sheet = book["表一"]
    (place,) = [c for row in sheet.iter_rows() for c in row if c.value == "警告"]
    sheet.cell(place.row + 1, place.column).value = 7
    target = io.BytesIO()
    book.save(target)
    clerk.send("填好.xlsx", target.getvalue())
    assert "行政处罚·警告：（空） → 7" in clerk.reply
    clerk.press("对，存入")
    assert clerk.draft.figure("penalties.warning") == 7


# ── the office ──────────────────────────────────────────────────────────────────────────────


def test_the_office_reviews_approves_and_adds_up(assistant: Assistant) -> None:
    officer = Officer(assistant, "office").appoint()
    officer.listed("青石县水务局", "青石县财政局", "青石县人民政府")
    store = assistant.store
    clerks = []
    for number, (name, penalties) in enumerate((("青石县水务局", 12), ("青石县财政局", 30))):
        draft = store.open_draft(name, YEAR, NOW)
        clerk = Clerk(assistant, f"c{number}").say(f"/start {store.invite(draft, NOW)}")
        clerks.append(filled(clerk, penalties))
        clerk.press("提交")
        assert "第1稿已提交" in clerk.reply
    officer.say("审核 水务局").say("行政处罚 罚款：与台账不一致，请核对。").press("退回")
    assistant.tick()
    clerks[0]._listen()
    assert "与台账不一致" in clerks[0].reply
    clerks[0].say("罚款 15").press("提交")
    for name in ("水务局", "财政局"):
        officer.say(f"审核 {name}").press("通过")
    assert "通过" in officer.reply
    officer.say("汇总 青石县人民政府")
    assert "45" in officer.reply
    assert not [word for word in OF_THE_FIRST_FORM if word in officer.reply]


# ── the choice of the form ──────────────────────────────────────────────────────────────────


def test_a_database_holds_the_reports_of_one_form(tmp_path: Path) -> None:
    path = tmp_path / "nianbao.db"
    store = fresh.new_store(path, FORM)
    store.open_draft(AGENCY, YEAR, NOW)
    store.close()
    with pytest.raises(StoreError, match="一种报告用一个数据库"):
        fresh.new_store(path)


def test_the_setting_chooses_the_form_for_every_command(tmp_path: Path) -> None:
    path = tmp_path / "年报.docx"
    path.write_bytes(write("docx", a_report(), FORM).content)
    env = {"NIANBAO_FORM": NAME, "NIANBAO_DB": str(tmp_path / "n.db"), "NIANBAO_OUT": str(tmp_path)}
    run = CliRunner(env=env).invoke
    assert "行政执法统计年报" in run(main, ["form"]).output
    checked = run(main, ["check", str(path)])
    assert (checked.exit_code, "没有发现问题" in checked.output) == (0, True)
    assert run(main, ["render", str(path), "--to", "txt,html"]).exit_code == 0
    done = run(main, ["import", str(path), "--unit", AGENCY, "--year", str(YEAR)])
    assert f"读到{len(FORM.cells)}/{len(FORM.cells)}个数" in done.output
    talked = run(main, ["chat", "--unit", AGENCY, "--year", str(YEAR)], input="进度\n")
    assert f"数字 {len(FORM.cells)}/{len(FORM.cells)}" in talked.output


def test_a_form_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    result = CliRunner(env={"NIANBAO_FORM": "x"}).invoke(main, ["form"])
    assert "没有叫“x”的报告格式；有：enforcement-2021、gov-info-2021" in str(
        result.output or result.exception
    )


def test_the_forms_that_come_along_are_listed() -> None:
    listed = CliRunner().invoke(main, ["form", "--list"]).output
    assert listed.splitlines() == [
        "enforcement-2021\t行政执法统计年报（国办发〔2018〕118号），40 个数字",
        "gov-info-2021\t政府信息公开工作年度报告（国办公开办函〔2021〕30号），200 个数字",
    ]


# ── 其余 0 makes no zero that nobody meant ───────────────────────────────────────────────────


@pytest.fixture
def asked(assistant: Assistant) -> Clerk:
    """A clerk who is asked for the twelve figures of table one."""
    return (
        Clerk(assistant).enrol(AGENCY, YEAR).press("有").press("没有").press("没有").press("没有")
    )


def given(clerk: Clerk) -> dict[str, object]:
    """The figures that somebody gave in table one."""
    answers = clerk.draft.answers
    return {cell.partition(".")[2]: a.value for cell, a in answers.items() if "penalties." in cell}


@pytest.mark.parametrize(
    "typed",
    ["罚款5 警局3 其余0", "罚款5，其他什么 3，其余 0", "罚款不知 其余0", "罚款 / 其余0", "罚款约5 其余0",
     "罚没金额不明 其余0", "其余0", "罚没金额 3 其余0", "检查 3 其余0", "表三 扣押 3 其余0", "罚款1.5 其余0"],
)  # fmt: skip
def test_what_was_not_understood_whole_is_refused_with_its_rest(asked: Clerk, typed: str) -> None:
    before = given(asked)
    asked.say(typed)
    assert given(asked) == before
    assert "其余 0" in asked.reply
    assert not asked.button("对，存入")


def test_the_rest_leaves_alone_what_was_given_before(asked: Clerk) -> None:
    asked.say("罚款 5").say("警告 3 其余 0").press("对，存入")
    assert (given(asked)["fine"], given(asked)["warning"], given(asked)["notice"]) == (5, 3, 0)


@pytest.mark.parametrize(
    "words", ["没有", "无", "全是0", "都是0", "其余0", "其余都是 0", "剩下没有"]
)
def test_nothing_said_about_a_line_begun_is_about_the_others(asked: Clerk, words: str) -> None:
    asked.say("罚款 5").say(words)
    assert given(asked)["fine"] == 5
    assert len(given(asked)) == 12


def test_figures_put_off_are_among_the_rest(asked: Clerk) -> None:
    asked.say("跳过").say("补填待办").say("罚款 5 其余 0").press("对，存入")
    assert len(given(asked)) == 12
    assert not asked.draft.todo


def test_a_button_for_the_rest_gives_way_to_a_colleague(assistant: Assistant, asked: Clerk) -> None:
    draft = asked.seat.draft
    other = Clerk(assistant, "2").say(f"/start {assistant.store.invite(draft, NOW)}")
    other.say("罚款 5")
    asked.say("进度")
    assert asked.button("其余11个") is None or asked.say("警告 1")
    asked.say("警告 1")
    other.say("撤销")
    asked.press("其余")
    assert "同事刚刚改了" in asked.reply
    assert given(asked)["warning"] == 1
    assert "notice" not in given(asked)


def test_a_total_is_that_of_the_table_named(assistant: Assistant) -> None:
    clerk = Clerk(assistant).enrol(AGENCY, YEAR).press("有").press("没有").press("有").press("没有")
    clerk.say("表三 合计 5")
    assert clerk.draft.value("coercion.coercion_total") == 5
    assert "penalties.total" not in clerk.draft.answers


def test_counts_may_have_the_forms_own_units(asked: Clerk) -> None:
    asked.say("罚款12宗，警告三宗")
    assert given(asked) == {"fine": 12, "warning": 3}


@pytest.mark.parametrize(
    "text",
    ["登记簿 12 1", "登记簿", "总计 1 2 3 4 5 6 7", "信息处理费 3", "表三 总计 1 2 3 4 5 6 7"],
)
def test_words_of_the_first_form_do_no_harm(asked: Clerk, text: str) -> None:
    asked.say(text)
    assert not [item for item in asked.draft.answers if item.startswith(("control", "fee"))]
    asked.say("上一步").say("进度")
    assert "数字" in asked.reply


@pytest.mark.parametrize("kind", ["docx", "html", "xlsx", "json", "txt"])
def test_a_file_of_another_form_is_refused_in_words(kind: str, assistant: Assistant) -> None:
    from tests.test_docx import a_report as first_report

    clerk = Clerk(assistant).enrol(AGENCY, YEAR)
    clerk.send(f"年报.{kind}", write(kind, first_report(), form()).content)
    assert "没有读" in clerk.reply
    assert not clerk.button("填入")
    assert not clerk.button("作为去年")


def test_two_programs_cannot_mix_two_forms_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "nianbao.db"
    first, second = fresh.new_store(path, FORM), fresh.new_store(path)
    first.open_draft(AGENCY, YEAR, NOW)
    with pytest.raises(StoreError, match="一种报告用一个数据库"):
        second.open_draft("青石县财政局", YEAR, NOW)
    first.close()
    second.close()


def test_the_rest_of_a_single_figure_is_refused_in_words(assistant: Assistant) -> None:
    clerk = Clerk(assistant).enrol(AGENCY, YEAR)
    for line in ("有", "没有", "没有", "没有", "警告 4", "其余 0"):
        clerk.say(line)
    before = clerk.draft.answers
    clerk.say("罚款 12 警告 3 其余 0")
    assert "这里只问一个数，没有“其余”" in clerk.reply
    assert clerk.draft.answers == before
