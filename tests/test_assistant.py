"""Turns as people cause them: buttons, corrections, two contacts, invitations, nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.agency import is_agency, level_of
from bot.assistant import Assistant
from bot.messages import Incoming, Press
from tests.clerk import Clerk
from tests.conftest import NOW

ALL_ZERO = "五类都没有"


def quiet(clerk: Clerk) -> Clerk:
    """All gates closed and the zeros confirmed."""
    return clerk.press(ALL_ZERO).press("确认")


# ── nothing twice ───────────────────────────────────────────────────────────────────────────


def test_an_update_delivered_twice_is_taken_once(clerk: Clerk) -> None:
    clerk.say("有")
    before = clerk.draft.answers
    clerk.again()
    assert clerk.reply == ""
    assert clerk.draft.answers == before


def test_a_double_tap_counts_once_and_says_nothing(clerk: Clerk) -> None:
    button = clerk.button("没有")
    assert button
    clerk.tap(button.press)
    assert "2/5" in clerk.reply
    clerk.tap(button.press)
    assert clerk.reply == ""
    assert "gate.decisions" not in clerk.draft.answers


def test_an_old_button_never_answers_the_question_asked_now(clerk: Clerk) -> None:
    old = clerk.button("有")
    assert old
    clerk.press("没有").press("没有")
    clerk.tap(old.press)
    assert "已经答过" in clerk.reply
    assert clerk.draft.value("gate.rules") == "no"
    assert clerk.draft.value("gate.fees") is None


def test_an_old_button_offers_to_change_its_answer(clerk: Clerk) -> None:
    old = clerk.button("有")
    assert old
    clerk.press("没有").press("没有").tap(old.press)
    clerk.press("改这一题")
    assert "1/5" in clerk.reply
    clerk.press("有")
    assert clerk.draft.value("gate.rules") == "yes"
    assert "3/5" in clerk.reply


@pytest.mark.parametrize(
    "data",
    [
        "",
        "v1",
        "v1:1:gate.rules:1",
        "v1:x:gate.rules:1:no",
        "v2:1:a:1:b",
        "v1:1:gate.rules:1:no:no",
    ],
)
def test_button_data_that_is_not_ours_is_no_press(data: str) -> None:
    assert Press.decode(data) is None


@pytest.mark.parametrize("choice", ["drop_table", "r9", "+natural_person", "yes", "rest", "join"])
def test_a_made_up_button_changes_nothing(clerk: Clerk, choice: str) -> None:
    quiet(clerk)
    before = clerk.draft.answers
    revision = clerk.buttons[0].press.revision
    clerk.tap(Press(clerk.seat.draft, "pick.types", revision, choice))
    assert clerk.draft.answers == before
    assert clerk.reply


def test_a_button_of_another_draft_changes_nothing(clerk: Clerk) -> None:
    press = clerk.buttons[0].press
    clerk.tap(replace(press, draft=press.draft + 1))
    assert not clerk.draft.answers
    assert "另一份报告" in clerk.reply


def test_every_button_fits_into_64_bytes(assistant: Assistant) -> None:
    form = assistant.form
    codes = ["+" + key for key in (*form.sets["result"], *form.sets["applicant"])]
    cells = [cell for cell in form.cells if cell.startswith("proactive.")]
    names = [*form.texts, *cells, *(gate.key for gate in form.gates), "fill.after_review"]
    names += [f"row.{row}" for row in form.sets["row"]] + ["explain.0123456789", "view.requests"]
    names += [f"intake.{kind}" for kind in form.sets["applicant"]]
    presses = [Press(99999, name, 99999, "change") for name in names]
    presses += [Press(99999, "pick.outcomes", 99999, code) for code in codes]
    assert max(len(press.encode().encode()) for press in presses) <= 64


# ── corrections ─────────────────────────────────────────────────────────────────────────────


def test_replying_to_an_old_question_corrects_its_answer(
    clerk: Clerk, assistant: Assistant
) -> None:
    clerk.say("有").say("没有").say("没有").say("没有").say("没有")
    asked = clerk.heard[-1]
    clerk.say("1 0 3")
    clerk.say("0 0 2")
    clerk.say("2 0 4", reply_to=f"b{asked.id}")
    assert clerk.draft.figure("proactive.rules_made") == 2
    assert "其余" in clerk.reply, "back to where one was"


def test_editing_an_old_message_corrects_what_it_answered(clerk: Clerk) -> None:
    clerk.say("有").say("没有").say("没有").say("没有").say("没有")
    clerk.say("1 0 3")
    first = clerk.last
    clerk.say("0 0 2")
    clerk.edit(first, "1 0 5")
    assert clerk.draft.figure("proactive.rules_in_force") == 5
    assert clerk.draft.figure("proactive.normdocs_in_force") == 2


def test_editing_a_message_that_answered_nothing_says_so(clerk: Clerk) -> None:
    clerk.edit(Incoming("", clerk.address, message="unknown"), "3")
    assert "对不上是哪一题" in clerk.reply


def test_undo_goes_back_step_by_step_and_tells_what(clerk: Clerk) -> None:
    clerk.say("没有").say("没有")
    clerk.say("撤销")
    assert clerk.draft.value("gate.decisions") is None
    assert clerk.draft.value("gate.rules") == "no"
    clerk.say("撤销")
    assert not clerk.draft.answers
    clerk.say("撤销")
    assert "没有可以撤销" in clerk.reply


def test_a_gate_revoked_reopens_its_block(clerk: Clerk) -> None:
    quiet(clerk)
    clerk.say("修改").press("五类有没有").press("行政事业性收费").press("有")
    assert clerk.draft.figure("proactive.fees_wanyuan") is None
    assert "行政事业性收费" in clerk.reply


def test_closing_a_gate_over_figures_asks_before_it_clears_them(clerk: Clerk) -> None:
    clerk.say("没有").say("有").say("没有").say("没有").say("没有").say("3 0 1")
    clerk.say("查看").press("五类有没有").press("行政许可").press("没有")
    assert "清掉" in clerk.reply
    assert clerk.draft.figure("proactive.permits") == 3
    clerk.press("清掉")
    assert clerk.draft.figure("proactive.permits") == 0
    clerk.say("撤销")
    assert clerk.draft.figure("proactive.permits") == 3


def test_a_pasted_batch_is_echoed_and_stored_only_after_a_yes(clerk: Clerk) -> None:
    table = "新收 9 0 0 0 0 0 9\n上年结转 0 0 0 0 0 0 0\n予以公开 8 0 0 0 0 0 8"
    clerk.say(table)
    assert "还没有存" in clerk.reply
    assert not clerk.draft.answers
    clerk.say("不对")
    assert not clerk.draft.answers
    clerk.say(table).say("对")
    assert clerk.draft.figures["requests.granted.natural_person"].source == "imported"


def test_a_figure_nobody_answered_is_neither_counted_nor_zero(clerk: Clerk) -> None:
    clerk.say("有").say("没有").say("没有").say("没有").say("没有")
    figures = clerk.draft.figures
    assert figures["proactive.rules_made"].value is None
    assert figures["proactive.rules_made"].source == "unasked"
    assert figures["proactive.permits"].source == "gate"


# ── two contacts of one unit ────────────────────────────────────────────────────────────────


def test_two_contacts_see_what_the_other_changed_and_the_last_write_wins(
    assistant: Assistant,
) -> None:
    first = Clerk(assistant, "1").enrol("西山区市场监督管理局", 2022)
    second = Clerk(assistant, "2").enrol("西山区市场监督管理局", 2022)
    first.say("没有")
    second.say("没有")
    assert "刚刚改了1项：规章、行政规范性文件" in second.reply
    first.say("表二 规章 1 0 1")
    second.say("表二 规章 2 0 2")
    assert first.draft.figure("proactive.rules_made") == 2
    lines = assistant.store.history(first.seat.draft)
    values = [e.new.value for _, _, e in lines if e.item == "proactive.rules_made" and e.new]
    assert values == [1, 2]


def test_the_history_says_who_changed_what_and_in_which_message(clerk: Clerk) -> None:
    clerk.say("没有")
    _, person, entry = clerk.assistant.store.history(clerk.seat.draft)[0]
    assert person == clerk.seat.person
    assert (entry.item, entry.old, entry.at) == ("gate.rules", None, NOW)
    assert entry.message == clerk.last.key


def test_undo_does_not_take_back_what_a_colleague_has_changed_since(assistant: Assistant) -> None:
    first = Clerk(assistant, "1").enrol("西山区市场监督管理局", 2022)
    second = Clerk(assistant, "2").enrol("西山区市场监督管理局", 2022)
    first.say("表二 行政许可 5")
    second.say("表二 行政许可 7")
    first.say("撤销")
    assert first.draft.figure("proactive.permits") == 7
    assert "后来又被改过" in first.reply


# ── strangers and invitations ───────────────────────────────────────────────────────────────


def invited(assistant: Assistant, clerk: Clerk, payload: str) -> Clerk:
    """Open the bot with an invitation."""
    return clerk.say(f"/start {payload}")


def test_a_stranger_is_told_where_to_get_an_invitation(assistant: Assistant) -> None:
    clerk = Clerk(assistant).say("你好")
    assert "邀请" in clerk.reply
    assert assistant.store.seat(clerk.address) is None


def test_an_invitation_binds_one_person_to_one_unit(assistant: Assistant) -> None:
    draft = assistant.store.open_draft("西山区市场监督管理局", 2022, NOW)
    payload = assistant.store.invite(draft, NOW)
    assert len(payload) <= 64
    assert payload.isascii()
    clerk = invited(assistant, Clerk(assistant, "1"), payload)
    assert "为西山区市场监督管理局填写2022年" in clerk.reply
    other = invited(assistant, Clerk(assistant, "2"), payload)
    assert "已经有人用过" in other.reply
    assert assistant.store.seat(other.address) is None
    again = invited(assistant, clerk, payload)
    assert "继续填写" in again.reply


@pytest.mark.parametrize("payload", ["nonsense", "A" * 64, "-_-"])
def test_a_made_up_invitation_opens_nothing(assistant: Assistant, payload: str) -> None:
    clerk = invited(assistant, Clerk(assistant), payload)
    assert "不对" in clerk.reply
    assert assistant.store.seat(clerk.address) is None


def test_an_invitation_expires(assistant: Assistant) -> None:
    draft = assistant.store.open_draft("西山区市场监督管理局", 2022, NOW)
    payload = assistant.store.invite(draft, NOW - timedelta(days=61))
    assert "过期" in invited(assistant, Clerk(assistant), payload).reply


def test_an_invitation_is_kept_only_as_a_hash(assistant: Assistant) -> None:
    draft = assistant.store.open_draft("西山区市场监督管理局", 2022, NOW)
    payload = assistant.store.invite(draft, NOW)
    assistant.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert payload.encode() not in assistant.store.path.read_bytes()


@pytest.mark.parametrize("other", ["sticker", "voice", "photo", "document", "group", "poll"])
def test_what_is_no_text_gets_a_useful_reply_and_changes_nothing(clerk: Clerk, other: str) -> None:
    clerk.say("", other=other)
    assert clerk.reply
    assert "1/5" in clerk.reply
    assert not clerk.draft.answers


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "a" * 5000, "😀" * 300, "\x00\x07", "\ud83d"])
def test_odd_messages_are_answered_and_change_nothing(clerk: Clerk, text: str) -> None:
    clerk.say(text)
    assert clerk.reply
    assert not clerk.draft.answers


@pytest.mark.parametrize(
    ("name", "level"),
    [("西山区市场监督管理局", "县级政府部门"), ("宿迁市人民政府", "地市级政府"),
     ("江苏省人民政府", "省级政府"), ("西山区人民政府", "县级政府"), ("青河镇人民政府", "乡镇街道"),
     ("人民路街道办事处", "乡镇街道")],
)  # fmt: skip
def test_the_level_follows_from_the_name(name: str, level: str) -> None:
    assert is_agency(name)
    assert level_of(name) == level


@pytest.mark.parametrize(
    "name", ["", "局", "hello world", "西山区<b>局</b>", "。" * 10, "我们局，你好"]
)
def test_what_is_no_agency_is_not_enrolled(assistant: Assistant, name: str) -> None:
    assert not assistant.enrol(Incoming("k", "test:9", text="/start"), name, 2022)


# ── what an attack found ────────────────────────────────────────────────────────────────────


def test_a_half_known_table_does_not_stop_the_interview(clerk: Clerk) -> None:
    for line in ("没有", "没有", "没有", "有", "没有", "新收 10 2 0 0 0 0 12"):
        clerk.say(line)
    for _ in range(12):
        clerk.say("跳过")
    assert "总述" in clerk.reply or "待办" in clerk.reply


def test_a_text_in_pieces_is_kept_when_one_goes_back(clerk: Clerk) -> None:
    quiet(clerk).press("不写")
    clerk.press("分几条发").say("全年工作总体平稳有序，")
    clerk.say("上一步")
    assert clerk.draft.value("overview.intro") == "全年工作总体平稳有序，"
    assert "" not in clerk.draft.answers


def test_a_correction_sent_as_a_reply_to_a_text_leaves_the_text_alone(clerk: Clerk) -> None:
    quiet(clerk).press("不写")
    asked = clerk.heard[-1]
    clerk.say("2022年，我局依法做好政府信息公开各项工作。")
    clerk.say("表三 予以公开 自然人 5", reply_to=f"b{asked.id}")
    assert clerk.draft.value("overview.intro") == "2022年，我局依法做好政府信息公开各项工作。"
    assert clerk.draft.figure("requests.granted.natural_person") == 5


def test_an_edit_never_reaches_another_units_report(assistant: Assistant) -> None:
    clerk = Clerk(assistant).enrol("西山区市场监督管理局", 2022)
    clerk.say("有")
    old = clerk.last
    clerk.enrol("西山区教育局", 2022)
    clerk.edit(old, "没有")
    assert "gate.rules" not in clerk.draft.answers
    assert "对不上" in clerk.reply


def test_an_invitation_is_not_used_up_by_a_group(assistant: Assistant) -> None:
    draft = assistant.store.open_draft("西山区市场监督管理局", 2022, NOW)
    payload = assistant.store.invite(draft, NOW)
    group = Clerk(assistant, "-5").say(f"/start {payload}", other="group")
    assert assistant.store.seat(group.address) is None
    assert "填写2022年" in invited(assistant, Clerk(assistant, "1"), payload).reply


def test_all_gates_at_once_does_not_close_what_a_colleague_has_filled(assistant: Assistant) -> None:
    first = Clerk(assistant, "1").enrol("西山区市场监督管理局", 2022)
    second = Clerk(assistant, "2").enrol("西山区市场监督管理局", 2022)
    second.say("表二 行政许可 5")
    first.press(ALL_ZERO)
    assert first.draft.value("gate.decisions") is None
    assert first.draft.figure("proactive.permits") == 5


def test_an_echoed_batch_is_not_stored_over_a_colleagues_newer_figure(assistant: Assistant) -> None:
    first = Clerk(assistant, "1").enrol("西山区市场监督管理局", 2022)
    second = Clerk(assistant, "2").enrol("西山区市场监督管理局", 2022)
    first.say("规章 1 0 1\n规范性文件 1 0 1\n行政许可 5\n行政处罚 6")
    second.say("表二 行政许可 9")
    first.say("对")
    assert first.draft.figure("proactive.permits") == 9
    assert "同事" in first.reply


def test_an_empty_choice_is_no_tick(clerk: Clerk) -> None:
    press = clerk.buttons[0].press
    clerk.tap(replace(press, choice=""))
    assert not clerk.draft.answers
    assert clerk.reply


@pytest.mark.parametrize("word", ["确认", "对", "用这段", "可以吧", "320", "没问题"])
def test_a_word_meant_for_a_button_is_no_paragraph(clerk: Clerk, word: str) -> None:
    quiet(clerk).press("不写").press("用这段")
    clerk.say(word)
    assert clerk.draft.value("overview.proactive") is None


def test_a_whole_old_report_is_cut_and_its_tables_read(clerk: Clerk) -> None:
    clerk.say(
        "西山区市场监督管理局2021年政府信息公开工作年度报告\n一、总体情况\n2021年，我局依法公开。\n"
        "（一）主动公开。2021年公开120条。\n二、主动公开政府信息情况\n规章\t0\t0\t0\n行政规范性文件\t1\t0\t4\n"
        "行政许可\t7\n五、存在的主要问题及改进情况\n问题是形式单一，改进情况是加强培训。\n"
        "六、其他需要报告的事项\n未收取信息处理费，无其他需要报告的事项。\n西山区市场监督管理局\n2022年1月20日"
    )
    assert "7个数" in clerk.reply
    assert "本报告是2022年" in clerk.reply
    clerk.press("对，存入")
    assert clerk.draft.figure("proactive.permits") == 7
    assert clerk.draft.value("other") == "未收取信息处理费，无其他需要报告的事项。"


def test_the_registers_figures_can_be_corrected_by_typing(clerk: Clerk) -> None:
    for line in ("没有", "没有", "没有", "有", "没有", "9 1"):
        clerk.say(line)
    clerk.say("登记簿 10 1")
    assert clerk.draft.value("control.received") == 10
    assert "申请人有哪几类" in clerk.reply


def test_blanks_of_a_pasted_table_become_zero_only_when_somebody_says_so(clerk: Clerk) -> None:
    clerk.say("新收\t3\t\t\t\t\t\t3\n上年结转\t0\t0\t0\t0\t0\t0\t0")
    assert "5个空格没有当作 0" in clerk.reply
    clerk.press("空格都是 0")
    assert clerk.draft.figure("requests.new_received.business") == 0
    assert clerk.draft.figures["requests.new_received.business"].source == "imported"
