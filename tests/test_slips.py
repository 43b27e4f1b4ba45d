"""What tired and new people type, and that none of it becomes an answer that they did not give."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.interview.position import Position
from tests.clerk import Clerk

TEXT = "overview.intro"
NOTHING_ELSE = "本年度未收取政府信息公开信息处理费。除此之外，无其他需要报告的事项。"


def at_the_texts(clerk: Clerk) -> Clerk:
    """A clerk whose figures are all 0, at the first text that must be written."""
    return clerk.press("五类都没有").press("确认").press("不写")


def numbered(clerk: Clerk, text: str) -> Clerk:
    """The same words from a channel that shows its buttons as numbers."""
    return clerk.take(replace(clerk._next(text=text), numbered=True))


def test_a_bare_number_presses_no_button_where_buttons_can_be_pressed(clerk: Clerk) -> None:
    clerk.say("1")
    assert clerk.draft.answers == {}
    assert "这里先答有没有，“1”看不出来" in clerk.reply


def test_a_bare_number_presses_the_button_that_is_shown_with_it(clerk: Clerk) -> None:
    numbered(clerk, "1")
    assert clerk.draft.value("gate.rules") == "no"


@pytest.mark.parametrize("typed", ["有1件", "3件", "有 2"])
def test_how_many_there_are_says_that_there_are_some(clerk: Clerk, typed: str) -> None:
    clerk.say(typed)
    assert clerk.draft.value("gate.rules") == "yes"


@pytest.mark.parametrize("typed", ["0", "0件", "０件", "没有"])
def test_none_is_none(clerk: Clerk, typed: str) -> None:
    clerk.say(typed)
    assert clerk.draft.value("gate.rules") == "no"


@pytest.mark.parametrize(
    "typed",
    ["这个怎么写呀", "明天问一下小王", "好像没什么可写的吧", "我先去开会了，回头再填，谢谢"],
)
def test_what_is_said_to_the_bot_becomes_no_paragraph(clerk: Clerk, typed: str) -> None:
    at_the_texts(clerk).say(typed)
    assert clerk.draft.value(TEXT) is None
    assert "还没有存" in clerk.reply
    clerk.press("不存")
    assert clerk.draft.value(TEXT) is None
    assert Position.load(clerk.seat.position).asking == TEXT


def test_a_short_paragraph_is_stored_with_one_yes(clerk: Clerk) -> None:
    at_the_texts(clerk).say("今年各项工作平稳有序").press("存为正文")
    assert clerk.draft.value(TEXT) == "今年各项工作平稳有序"
    assert Position.load(clerk.seat.position).asking != TEXT


def test_a_sentence_is_a_paragraph_without_a_question(clerk: Clerk) -> None:
    at_the_texts(clerk).say("全年工作平稳有序，未收到申请。")
    assert clerk.draft.value(TEXT) == "全年工作平稳有序，未收到申请。"


def test_a_remark_replaces_no_paragraph_that_stands(clerk: Clerk) -> None:
    at_the_texts(clerk).press("用这段")
    before = clerk.draft.value(TEXT)
    clerk.say("修改总述").say("这段要不要改")
    assert clerk.draft.value(TEXT) == before
    assert f"会替换现在的{len(str(before))}字" in clerk.reply


def test_facts_may_have_their_units(clerk: Clerk) -> None:
    at_the_texts(clerk).say("修改监督保障").say("2次 45人次 没有")
    assert "2次" in clerk.reply.replace(" ", "")
    assert clerk.button("用这段")


@pytest.mark.parametrize("typed", ["不想填了", "停", "明天再说", "先这样。"])
def test_who_stops_is_told_that_all_is_kept_and_goes_on_with_one_tap(
    clerk: Clerk, typed: str
) -> None:
    clerk.press("没有").say(typed)
    assert clerk.reply == "好，前面答的都存好了，随时回来接着填。"
    clerk.press("接着填")
    assert clerk.reply.startswith("2/5")


@pytest.mark.parametrize("typed", ["看不懂", "什么意思啊？", "怎么填"])
def test_who_does_not_understand_gets_the_help(clerk: Clerk, typed: str) -> None:
    clerk.say(typed)
    assert "随时可用" in clerk.reply


def with_two_kinds(clerk: Clerk) -> Clerk:
    """A clerk with requests of two kinds of applicants, asked for 予以公开."""
    for line in ("没有", "没有", "没有", "有", "没有", "12 1", "自然人 商业企业", "10 0", "2 0",
                 "予以公开 部分公开"):  # fmt: skip
        clerk.say(line)
    return clerk


def test_columns_without_a_row_are_of_the_row_asked(clerk: Clerk) -> None:
    with_two_kinds(clerk).say("自然人7，企业2")
    assert clerk.draft.figure("requests.granted.natural_person") == 7
    assert clerk.draft.figure("requests.granted.business") == 2


def test_as_many_figures_as_kinds_were_chosen_fill_a_row_that_is_named(clerk: Clerk) -> None:
    with_two_kinds(clerk).say("部分公开 1 0")
    assert clerk.draft.figure("requests.partly_granted.natural_person") == 1
    assert clerk.draft.figure("requests.partly_granted.business") == 0


def test_what_is_left_of_a_row_is_0_when_that_is_said(clerk: Clerk) -> None:
    with_two_kinds(clerk).say("自然人7").say("其他没有")
    assert clerk.draft.figure("requests.granted.natural_person") == 7
    assert clerk.draft.figure("requests.granted.business") == 0
    assert Position.load(clerk.seat.position).asking == "row.partly_granted"


def test_faults_that_stand_are_said_again_before_the_zeros_are_confirmed(clerk: Clerk) -> None:
    for line in ("没有", "没有", "没有", "有", "没有", "12 1", "自然人", "11 0", "予以公开", "10"):
        clerk.say(line)
    clerk.say("2")
    assert "请确认" in clerk.reply
    assert "处必须改正" not in clerk.reply  # what is wrong stands right above
    clerk.say("帮助")
    assert "处必须改正" in clerk.reply


def test_a_line_is_opened_by_its_official_name_while_something_else_waits_for_a_yes(
    clerk: Clerk,
) -> None:
    for line in ("没有", "没有", "没有", "有", "没有", "1.5万 0", "修改 行政规范性文件"):
        clerk.say(line)
    assert "行政规范性文件：本年制发件数" in clerk.reply


def test_nothing_else_to_report_wants_to_know_of_the_fee_first(clerk: Clerk) -> None:
    at_the_texts(clerk).say("修改 其他需要报告的事项").say("跳过").say("修改 信息处理费").say("无")
    assert "没有收到内容" not in clerk.reply


@pytest.mark.parametrize("typed", ["无", "没有其他事项", "今年没有其他需要报告的事项"])
def test_nothing_else_to_report_is_written_out(clerk: Clerk, typed: str) -> None:
    at_the_texts(clerk)
    while not clerk.button("没有收取，另有事项"):
        clerk.say("跳过")
    clerk.press("没有收取，另有事项").say(typed)
    assert clerk.draft.value("other") == NOTHING_ELSE


def test_confirming_a_choice_chooses_no_outcome_by_its_words(clerk: Clerk) -> None:
    for line in ("没有", "没有", "没有", "有", "没有", "12 1", "自然人", "12 0", "确认"):
        clerk.say(line)
    assert clerk.draft.value("pick.outcomes") is None
    assert "还没有选" in clerk.reply
