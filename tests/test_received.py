"""A report sent as a file: shown before anything is stored, then put to the use that is chosen."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.assistant import Assistant
from bot.form import Form
from bot.interview.received import is_ours
from bot.report import Figure, Report
from bot.writers.docx import render
from bot.writers.json import render as render_json
from tests.clerk import Clerk
from tests.foreign import as_text
from tests.parts import with_parts
from tests.tables import APPLICANTS, report_of

AGENCY = "西山区市场监督管理局"


def zeros(form: Form) -> dict[str, Figure]:
    """A quiet year."""
    kinds = {cell: form.items[cell].kind for cell in form.cells}
    return {cell: Decimal(0) if kind == "money" else 0 for cell, kind in kinds.items()}


def with_carry(form: Form) -> dict[str, Figure]:
    """A year with three requests, one of them carried over, and twelve documents in force."""
    figures = zeros(form)
    figures |= {
        "proactive.normdocs_in_force": 12,
        "requests.new_received.natural_person": 3, "requests.new_received.total": 3,
        "requests.granted.natural_person": 2, "requests.granted.total": 2,
        "requests.total_handled.natural_person": 2, "requests.total_handled.total": 2,
        "requests.carried_out.natural_person": 1, "requests.carried_out.total": 1,
    }  # fmt: skip
    return figures


def last_year(form: Form) -> Report:
    """The agency's report for 2021."""
    report = report_of(with_carry(form))
    return with_parts(
        report, agency=AGENCY, year=2021, title=form.title_of(AGENCY, 2021),
        problems="存在的问题：解读形式单一。改进情况：丰富解读形式。",
        intro="本局围绕群众关心的供水问题公开信息。",
    )  # fmt: skip


@pytest.fixture
def informed(clerk: Clerk, form: Form) -> Clerk:
    """The clerk, with last year's report at hand."""
    clerk.send("去年.docx", render(last_year(form), form))
    return clerk.press("作为去年")


def test_what_was_read_is_shown_before_anything_is_stored(clerk: Clerk, form: Form) -> None:
    clerk.send("去年.docx", render(last_year(form), form))
    assert "200个数都读到了，不是 0 的有" in clerk.reply
    assert f"{AGENCY} 2021年" in clerk.reply
    assert clerk.draft.last is None
    assert not clerk.draft.answers


def test_last_years_report_stands_beside_the_questions(informed: Clerk) -> None:
    assert informed.draft.last is not None
    assert informed.draft.last.year == 2021
    assert "已作为2021年的报告" in informed.reply
    # what is in force needs an answer: the first gate is not asked any more
    assert "1/3 行政许可" in informed.reply


def test_a_gate_that_last_year_contradicts_is_not_offered(informed: Clerk) -> None:
    informed.press("两类都没有" if informed.button("两类都没有") else "下面三题都没有")
    asked = []
    for _ in range(4):
        asked.append(informed.reply)
        informed.say("跳过")
    assert not any("有没有收到" in reply for reply in asked)
    assert any("去年：行政规范性文件" in reply for reply in asked)


def test_what_was_carried_over_is_confirmed_with_one_tap(informed: Clerk) -> None:
    informed.press("下面三题都没有")
    informed.press("和去年一样")  # 规章
    informed.say("2 1")
    assert "12＋2－1" in informed.reply
    informed.press("对")
    assert informed.draft.figure("proactive.normdocs_in_force") == 13
    assert "去年：登记簿" in informed.reply
    informed.say("5 0")
    assert "结转下年度的有1件：自然人 1" in informed.reply
    informed.press("对，上年结转1件")
    assert [informed.draft.figure(f"requests.carried_in.{kind}") for kind in APPLICANTS] == [
        1, 0, 0, 0, 0, 0,
    ]  # fmt: skip
    assert informed.draft.answers["requests.carried_in.natural_person"].source == "imported"
    informed.press("选好了")  # 自然人 is ticked already
    assert "本年新收几件？" in informed.reply
    assert "上年结转1件" in informed.reply


def test_a_carry_that_differs_from_last_year_is_typed_and_then_asked_about(
    informed: Clerk,
) -> None:
    informed.press("下面三题都没有").press("和去年一样").say("2 1").press("对").say("5 0")
    informed.say("0 0 0 0 0 0")
    assert informed.draft.figure("requests.carried_in.natural_person") == 0
    assert "上年结转" in informed.reply
    assert "1" in informed.reply


def test_last_years_paragraph_stands_beside_the_question(informed: Clerk) -> None:
    informed.say("修改 存在的主要问题")
    assert "去年写的" in informed.reply
    assert "解读形式单一" in informed.reply
    assert "今年改进得怎样" in informed.reply


def test_a_long_paragraph_of_last_year_can_be_read_whole(clerk: Clerk, form: Form) -> None:
    long = "去年第一句话说公开平台。" + "做了不少事情。" * 40 + "最后一句在这里。"
    clerk.send("去年.json", render_json(with_parts(last_year(form), problems=long), form))
    clerk.press("作为去年").say("修改 存在的主要问题")
    assert "最后一句在这里" not in clerk.reply
    clerk.press("看去年全文")
    assert "最后一句在这里" in clerk.reply


def test_this_years_report_becomes_answers_when_it_is_confirmed(clerk: Clerk, form: Form) -> None:
    now = replace(last_year(form), year=2022, title=form.title_of(AGENCY, 2022))
    clerk.send("今年.docx", render(now, form))
    assert not clerk.draft.answers
    clerk.press("填入2022年的报告")
    assert dict(clerk.draft.values) == dict(now.figures)
    assert clerk.draft.answers["problems"].source == "imported"


def test_only_what_is_empty_can_be_filled(clerk: Clerk, form: Form) -> None:
    clerk.say("表二 行政许可 7")
    now = replace(last_year(form), year=2022, title=form.title_of(AGENCY, 2022))
    clerk.send("今年.docx", render(now, form)).press("只填还空着的")
    assert clerk.draft.figure("proactive.permits") == 7
    assert clerk.draft.figure("requests.granted.natural_person") == 2


def test_a_file_can_be_checked_and_left_at_that(clerk: Clerk, form: Form) -> None:
    figures = with_carry(form) | {"requests.granted.total": 5}
    wrong = replace(last_year(form), figures=figures)
    clerk.send("去年.docx", render(wrong, form)).press("只核对")
    assert "【必须改正】" in clerk.reply
    assert "予以公开" in clerk.reply
    clerk.press("回到填报")
    assert "1/5" in clerk.reply
    assert clerk.draft.last is None
    assert not clerk.draft.answers


def test_another_agencys_report_can_only_be_checked(clerk: Clerk, form: Form) -> None:
    other = replace(
        last_year(form), agency="东海县教育局", title=form.title_of("东海县教育局", 2021)
    )
    clerk.send("别人的.docx", render(other, form))
    assert f"这不是{AGENCY}的报告" in clerk.reply
    assert clerk.button("作为去年") is None
    assert clerk.button("填入") is None
    assert clerk.button("只核对") is not None


def test_a_report_of_an_older_year_can_only_be_checked(clerk: Clerk, form: Form) -> None:
    old = replace(last_year(form), year=2019, title=form.title_of(AGENCY, 2019))
    clerk.send("老的.docx", render(old, form))
    assert "2019年的" in clerk.reply
    assert clerk.button("作为去年") is None


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("年报.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "旧格式"),
        ("年报.docx", b"PK\x03\x04 broken", "打不开"),
        ("截图.png", b"\x89PNG\r\n\x1a\n", "图片"),
        ("空.docx", b"", "空的"),
        ("说明.txt", "今天天气很好，没有年报。".encode(), "没有"),
        ("表.xls", bytes.fromhex("d0cf11e0a1b11ae1"), ".xlsx"),
        ("年报.rar", b"Rar!\x1a\x07", "压缩包"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_clear_reply_and_changes_nothing(
    clerk: Clerk, name: str, content: bytes, words: str
) -> None:
    clerk.send(name, content)
    assert words in clerk.reply
    assert "1/5" in clerk.reply  # the question is asked again
    assert not clerk.draft.answers


def test_the_same_file_delivered_twice_is_read_once(clerk: Clerk, form: Form) -> None:
    clerk.send("去年.docx", render(last_year(form), form))
    clerk.again()
    assert not clerk.assistant.store.waiting_uploads("test")
    assert clerk.reply == ""


def test_a_question_can_be_answered_while_a_file_waits_to_be_used(clerk: Clerk, form: Form) -> None:
    clerk.send("去年.docx", render(last_year(form), form))
    clerk.say("没有")
    assert clerk.draft.value("gate.rules") == "no"


def test_last_years_report_is_at_hand_after_a_restart(informed: Clerk, form: Form) -> None:
    informed.assistant.store._at_hand.clear()
    assert informed.draft.last is not None
    assert informed.draft.last.figures["requests.carried_out.total"] == 1


def test_a_report_finished_here_is_last_years_of_the_next_cycle(
    assistant: Assistant, form: Form
) -> None:
    before = Clerk(assistant, "1").enrol(AGENCY, 2021)
    report = last_year(form)
    before.send("今年.docx", render(replace(report), form)).press("填入2021年的报告")
    while before.files == [] and before.actions < 15:
        for words in ("生成报告", "没有收取，也没有", "不写", "用这段", "确认"):
            if before.button(words):
                before.press(words)
                break
        else:
            before.say("3 1")
    after = Clerk(assistant, "2").enrol(AGENCY, 2022)
    assert after.draft.last is not None
    assert after.draft.last.figures["requests.carried_out.total"] == 1


def test_a_whole_report_that_is_pasted_is_taken_like_a_file(clerk: Clerk, form: Form) -> None:
    clerk.say(as_text(last_year(form)))
    assert "读了“粘贴的文字”，还没有存" in clerk.reply
    assert not clerk.draft.answers
    clerk.press("作为去年")
    assert clerk.draft.last is not None
    assert clerk.draft.last.figures["requests.carried_out.total"] == 1


def test_a_paste_of_some_paragraphs_is_still_cut_into_its_items(clerk: Clerk) -> None:
    clerk.press("五类都没有").press("确认")
    clerk.say(
        "（一）主动公开。全年公开信息1291条。\n（二）依申请公开。未收到申请。\n五、存在的主要问题及改进情况\n存在的问题：解读形式单一。改进情况：加强培训。"
    )
    assert "按标题分成了" in clerk.reply


def test_a_yes_after_the_file_was_passed_over_answers_nothing(clerk: Clerk, form: Form) -> None:
    clerk.send("去年.docx", render(last_year(form), form))
    clerk.say("没有").say("好")
    assert clerk.draft.value("gate.decisions") is None
    assert "看不出是有还是没有" in clerk.reply


def test_an_adoption_can_be_taken_back(informed: Clerk) -> None:
    informed.say("撤销")
    assert informed.draft.last is None
    assert "去年的报告" in informed.reply
    informed.assistant.store._at_hand.clear()
    assert informed.draft.last is None


def test_taking_back_a_second_adoption_brings_the_first_again(informed: Clerk, form: Form) -> None:
    other = replace(last_year(form), figures=zeros(form))
    informed.send("另一份.docx", render(other, form)).press("作为去年")
    assert informed.draft.last_figure("requests.carried_out.total") == 0
    informed.say("撤销")
    assert informed.draft.last_figure("requests.carried_out.total") == 1


@pytest.mark.parametrize(
    ("agency", "ours"),
    [
        ("西山区市场监督管理局", True),
        ("昆明市西山区市场监督管理局", True),
        ("市场监督管理局", True),
        ("西山区市场监督管理局城关分局", False),
        ("西山区人民政府", False),
        ("", True),
    ],
)
def test_a_name_that_goes_on_behind_ours_is_another_body(
    form: Form, agency: str, ours: bool
) -> None:
    assert is_ours(AGENCY, replace(last_year(form), agency=agency)) is ours


def test_what_would_be_replaced_is_named_before_it_is_stored(clerk: Clerk, form: Form) -> None:
    clerk.say("表二 行政许可 7")
    now = replace(last_year(form), year=2022, title=form.title_of(AGENCY, 2022))
    clerk.send("今年.docx", render(now, form))
    assert "与已填的不同的有1项：行政许可" in clerk.reply


def test_what_typing_would_refuse_is_not_imported(clerk: Clerk, form: Form) -> None:
    figures = with_carry(form) | {"proactive.permits": -5, "proactive.penalties": 10**20}
    now = replace(last_year(form), year=2022, figures=figures)
    clerk.send("今年.json", render_json(now, form))
    assert "有2项不能存" in clerk.reply
    clerk.press("填入2022年的报告")
    assert clerk.draft.figure("proactive.permits") is None
    assert clerk.draft.figure("proactive.normdocs_in_force") == 12


def test_a_repair_does_not_undo_what_a_colleague_wrote_meanwhile(
    clerk: Clerk, assistant: Assistant
) -> None:
    colleague = Clerk(assistant, "2").enrol(AGENCY, 2022)
    clerk.press("五类都没有").press("确认")
    clerk.say("修改 平台建设").say("我们加强了网站建设,更新了很多栏目,方便群众查阅公开的信息。")
    assert clerk.button("改成规范标点")
    colleague.say("修改 平台建设").say("同事写的新文字，说的是另一件事情。")
    clerk.press("改成规范标点")
    assert clerk.draft.value("overview.platform") == "同事写的新文字，说的是另一件事情。"


def test_whatever_goes_wrong_with_a_file_the_person_hears_of_it_once(
    clerk: Clerk, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("bot.interview.received._findings", fail)
    clerk.send("去年.docx", render(last_year(form), form))
    assert "文件读不出来" in clerk.reply
    assert clerk.assistant.store.waiting_uploads("test") == []


def test_a_file_name_may_hold_anything(clerk: Clerk, form: Form) -> None:
    clerk.send("去年\x00\udcff{{7*7}}.docx", render(last_year(form), form))
    assert "200个数都读到了" in clerk.reply
    assert "49" not in clerk.reply


def test_a_finding_can_be_explained_at_once_or_later(clerk: Clerk) -> None:
    clerk.press("五类都没有").press("确认")
    clerk.say("修改 平台建设").say("2019年，我局维护网站专栏，更新栏目5个，方便群众查阅信息。")
    assert "回复“说明：" in clerk.reply
    clerk.say("说明：这里写的是栏目开设的年份")
    assert "说明已记下" in clerk.reply
    assert any(
        key.startswith("explain.") and answer.value for key, answer in clerk.draft.answers.items()
    )


def test_what_was_passed_over_is_counted_and_can_be_explained_later(clerk: Clerk) -> None:
    clerk.press("五类都没有").press("确认")
    clerk.say("修改 平台建设").say("2019年，我局维护网站专栏，更新栏目5个，方便群众查阅信息。")
    for _ in range(12):
        if clerk.button("生成"):
            break
        clerk.say("跳过")
    assert "没写说明" in clerk.reply
    clerk.press("写说明")
    assert "请回复一句说明" in clerk.reply
    clerk.say("好")
    assert "不像一句说明" in clerk.reply
    clerk.say("这里写的是栏目开设的年份")
    assert "说明已记下" in clerk.reply


def test_all_findings_can_be_listed(clerk: Clerk) -> None:
    clerk.press("五类都没有").press("确认")
    clerk.say("修改 平台建设").say("2019年，我局维护网站专栏,更新栏目5个，方便群众查阅信息。")
    clerk.say("查看问题")
    assert "【需要说明】" in clerk.reply
    assert "2019年" in clerk.reply


def test_pieces_not_wanted_are_gone(clerk: Clerk) -> None:
    clerk.press("五类都没有").press("确认").say("修改 平台建设").press("分几条发")
    clerk.say("第一条内容写错了。").press("不要了，重写")
    clerk.say("这是正确的一段，网站专栏更新了5个栏目。")
    assert clerk.draft.value("overview.platform") == "这是正确的一段，网站专栏更新了5个栏目。"


def test_filling_gaps_of_a_full_record_changes_nothing(clerk: Clerk, form: Form) -> None:
    now = replace(last_year(form), year=2022, title=form.title_of(AGENCY, 2022))
    clerk.send("今年.docx", render(now, form)).press("填入2022年的报告")
    before = clerk.draft.answers
    clerk.send("今年.docx", render(now, form)).press("只填还空着的")
    assert "没有空着的" in clerk.reply
    assert clerk.draft.answers == before


def test_a_renamed_body_can_still_take_its_report_of_last_year(clerk: Clerk, form: Form) -> None:
    old = replace(
        last_year(form), agency="西山区质量监督局", title=form.title_of("西山区质量监督局", 2021)
    )
    clerk.send("去年.docx", render(old, form)).press("是本单位改名前的")
    assert clerk.draft.last is not None
