"""The interview as a whole: every question can be asked, helped with, skipped and gone back from."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.draft import Answer
from bot.interview.questions import agenda
from tests.clerk import Clerk

BUSY = [
    "有", "有", "有", "有", "有", "1 0 3", "2 1 9", "5 6 7", "3.25", "12 1", "1 2", "9 1", "3 0",
    "1 2 11", "7 2", "1 0", "1 1", "/1", "1 0 0 2", "0 0 0 0", "0 0 0 1", "确认", "用这段",
    "用这段", "320 280 40 6", "用这段", "用这段", "1 2", "用这段", "1", "用这段", "2 45 0", "用这段",
    "1 4", "用这段", "收取了", "3 2230 2230", "用这段", "生成报告",
]  # fmt: skip
EVERYWHERE = [
    "帮助",
    "进度",
    "查看",
    "上一步",
    "撤销",
    "/start",
    "/nonsense",
    "无",
    "😀",
    "?",
    "约3",
]


@pytest.fixture
def busy(assistant: Assistant) -> Clerk:
    """A busier bureau's clerk."""
    return Clerk(assistant).enrol("青州市人民政府", 2022)


def test_a_busy_unit_pays_only_for_what_it_has(busy: Clerk) -> None:
    for line in BUSY:
        busy.say(line)
    assert "定稿" in busy.reply
    assert busy.draft.figure("requests.total_handled.total") == 12
    assert "草稿" not in busy.files[-1].name
    assert busy.actions <= 40


@pytest.mark.parametrize("word", ["帮助", "进度", "查看", "?", "😀", "/nonsense"])
def test_at_every_question_a_side_remark_is_answered_and_changes_nothing(
    busy: Clerk, word: str
) -> None:
    for line in BUSY[:-1]:
        before = busy.draft.answers
        busy.say(word)
        assert busy.reply, line
        assert busy.draft.answers == before, line
        if word == "查看":
            busy.press("返回")
        busy.say(line)
    assert busy.say("生成报告").files


def test_zeros_can_be_looked_at_and_asked_about_before_they_are_confirmed(busy: Clerk) -> None:
    busy.press("五类都没有")
    assert "200 项全部是 0" in busy.reply
    assert busy.button("查看")
    assert busy.button("帮助")
    busy.press("查看").press("返回")
    assert "请确认" in busy.reply


@pytest.mark.parametrize(
    ("command", "word"),
    [("/help", "帮助"), ("?", "帮助"), ("什么意思", "帮助"), ("/progress", "进度"), ("/back", "上一步"), ("上一题", "上一步"),
     ("/skip", "跳过"), ("暂不清楚", "跳过"), ("不清楚", "跳过"), ("不知道", "跳过"), ("/undo", "撤销"), ("撤消", "撤销"),
     ("/view", "查看"), ("/report", "生成报告"), ("生成", "生成报告"), ("开始", "/start"), ("你好", "/start")],
)  # fmt: skip
def test_every_command_has_its_other_words(assistant: Assistant, command: str, word: str) -> None:
    said = []
    for number, typed in enumerate((command, word)):
        clerk = Clerk(assistant, str(number)).enrol(f"青州市第{number}人民政府", 2022)
        clerk.say("有").say("没有")
        said.append(clerk.say(typed).reply.replace(f"第{number}人", "人"))
    assert said[0] == said[1]


def test_what_one_press_closes_was_said_by_the_clerk(clerk: Clerk) -> None:
    clerk.press("五类都没有")
    gates = [clerk.draft.answers[gate.key] for gate in clerk.draft.form.gates]
    assert {(answer.value, answer.source) for answer in gates} == {("no", "typed")}


def test_help_is_given_by_its_word_where_no_button_says_it(clerk: Clerk) -> None:
    for line in ("有", "没有", "没有", "没有", "没有", "规章 1 0 8"):
        clerk.say(line)
    assert not clerk.button("帮助")
    assert "随时可用" in clerk.say("帮助").reply


def test_each_line_of_tables_two_and_four_can_be_opened_from_the_view(busy: Clerk) -> None:
    busy.press("五类都没有").say("查看").press("表二、表四")
    for words in ("规章", "行政规范性文件", "行政许可", "行政处罚", "行政强制", "行政事业性收费"):
        assert [b.text for b in busy.buttons if b.text.endswith(words)] == [words]
    busy.press("行政规范性文件")
    assert "行政规范性文件：本年制发件数" in busy.reply


def test_everything_can_be_put_off_and_caught_up_with_later(busy: Clerk) -> None:
    for _ in range(60):
        if busy.button("生成草稿"):
            break
        busy.say("跳过")
    assert "待办" in busy.reply
    busy.press("生成草稿")
    assert "草稿" in busy.files[-1].name
    assert all(busy.draft.figure(cell) is None for cell in busy.draft.form.cells)
    busy.say("继续")
    busy.press("补填待办")
    assert "1/5" in busy.reply


def test_nothing_else_to_report_still_says_what_was_charged(busy: Clerk) -> None:
    for line in BUSY[:-1]:
        busy.say(line)
    for nothing in ("无", "没有。", "无其他事项"):
        busy.say("修改 其他需要报告的事项").say(
            "另行报告：年内新设公开专区两处，接待群众咨询一百余人次。"
        )
        assert busy.draft.answers["other"].source == "typed"
        busy.say("修改 其他需要报告的事项").say(nothing)
        said = busy.draft.answers["other"]
        assert said.source == "drafted"
        assert "信息处理费" in str(said.value)


def test_going_back_and_forth_ends_where_it_began(busy: Clerk) -> None:
    for line in BUSY[:10]:
        busy.say(line)
    asked = busy.seat.position
    for _ in range(3):
        busy.say("上一步")
    for line in BUSY[7:10]:
        busy.say(line)
    assert '"asking":"pick.types"' in asked
    assert '"asking":"pick.types"' in busy.seat.position


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6))
def test_a_clerk_who_does_anything_at_all_never_breaks_the_interview(
    assistant: Assistant, seed: int
) -> None:
    chance = random.Random(seed)
    clerk = Clerk(assistant, str(seed)).enrol(f"青州市第{seed}人民政府", 2024)
    script = iter(BUSY)
    for _ in range(30):
        deed = chance.random()
        if deed < 0.45:
            clerk.say(next(script, "查看"))
        elif deed < 0.75 and clerk.buttons:
            clerk.tap(chance.choice(clerk.buttons).press)
        else:
            clerk.say(chance.choice(EVERYWHERE))
        figures = clerk.draft.figures
        assert all(a.value is not None for a in figures.values() if a.source == "derived")
        list(agenda(clerk.draft))
    rebuilt: dict[str, Answer | None] = {}
    for _, _, entry in assistant.store.history(clerk.seat.draft):
        assert rebuilt.get(entry.item) == entry.old
        rebuilt[entry.item] = entry.new
    assert {k: v for k, v in rebuilt.items() if v} == dict(clerk.draft.answers)


def test_every_guide_copes_with_figures_that_are_not_known(assistant: Assistant) -> None:
    names = ("received", "carried_in", "handled", "carried_out", "reviews", "lawsuits",
             "normdocs_made", "normdocs_repealed", "permits", "penalties", "coercion")  # fmt: skip
    facts = ("published", "website", "media", "explained", "trainings", "people", "blamed")
    base = {
        "agency": "某局", "year": 2022, "facts": dict.fromkeys(facts, 1), "measures": ["a"],
        "answers": ["b"], "outcomes": "", "decisions": "",
        "fee": {"charged": "yes", "notices": 1, "due": 1, "paid": 1},
    }  # fmt: skip
    for guide in assistant.guides.values():
        for unknown in names:
            known = {name: None if name == unknown else 3 for name in names}
            assert isinstance(guide.compose({**base, "f": known}), str)
