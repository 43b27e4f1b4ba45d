"""A sentence with figures in the chat: shown as cells, stored when confirmed, else asked about."""

from __future__ import annotations

import pytest

from bot.draft import OUTCOMES, TYPES
from tests.clerk import Clerk


@pytest.fixture
def asked(clerk: Clerk) -> Clerk:
    """The clerk at the first question about requests."""
    for words in ("没有", "没有", "没有", "有", "没有"):
        clerk.say(words)
    assert "登记簿" in clerk.reply
    return clerk


def test_a_sentence_is_shown_as_cells_and_stored_when_confirmed(asked: Clerk) -> None:
    asked.say("今年收到3件，都是自然人，2件予以公开，1件结转")
    assert "还没有存" in asked.reply
    assert "登记簿全年新收总数 3" in asked.reply
    assert asked.draft.figure("requests.granted.natural_person") is None
    asked.press("对，存入")
    draft = asked.draft
    assert draft.figure("requests.new_received.total") == 3
    assert draft.figure("requests.granted.natural_person") == 2
    assert draft.figure("requests.carried_out.total") == 1
    assert (draft.number("control.received"), draft.number("control.open")) == (3, 1)


def test_where_all_is_accounted_for_nothing_more_is_asked_of_table_three(asked: Clerk) -> None:
    asked.say("今年收到3件，都是自然人，2件予以公开，1件结转").press("对，存入")
    draft = asked.draft
    assert draft.choices(TYPES) == ("natural_person",)
    assert draft.choices(OUTCOMES) == ("granted",)
    assert "其余 196 项为 0" in asked.reply or "请确认" in asked.reply
    assert all(draft.figure(cell) is not None for cell in draft.form.cells)


def test_without_a_word_about_who_asked_one_tap_says_it(asked: Clerk) -> None:
    asked.say("今年收到3件，2件予以公开，1件结转")
    assert "谁提出" in asked.reply
    assert not any(key.startswith("requests.") for key in asked.draft.answers)
    asked.press("都是商业企业").press("对，存入")
    assert asked.draft.figure("requests.new_received.business") == 3


def test_what_does_not_balance_leaves_the_rest_open(asked: Clerk) -> None:
    asked.say("收到5件，都是自然人，予以公开3件")
    assert "正好相等" not in asked.reply
    asked.press("对，存入")
    assert asked.draft.choices(OUTCOMES) is None
    assert asked.draft.figure("requests.partly_granted.natural_person") is None


def test_a_group_of_outcomes_is_asked_for_its_item(asked: Clerk) -> None:
    asked.say("都是自然人，不予公开2件")
    assert "没说是其中哪一种" in asked.reply
    assert "requests.denied_state_secret.natural_person" not in asked.draft.answers


def test_what_is_vague_is_not_taken(asked: Clerk) -> None:
    asked.say("收到大概3件，都是自然人")
    assert not any(key.startswith("requests.") for key in asked.draft.answers)
    assert not asked.seat.position.count('"offer":[["requests')


def test_what_the_sentence_leaves_out_is_taken_from_the_question(clerk: Clerk) -> None:
    for words in ("有", "没有", "没有", "没有", "没有"):
        clerk.say(words)
    assert "规章：本年制发件数" in clerk.reply
    clerk.say("今年制发3件，废止1件")
    assert "还没有存" in clerk.reply
    clerk.press("对，存入")
    draft = clerk.draft
    assert (draft.figure("proactive.rules_made"), draft.figure("proactive.rules_repealed")) == (
        3,
        1,
    )
    assert draft.figure("proactive.normdocs_made") is None


def test_at_the_register_two_totals_need_no_applicants(asked: Clerk) -> None:
    asked.say("今年新收3件，还有1件没办结")
    assert "谁提出" not in asked.reply
    asked.press("对，存入")
    assert (asked.draft.number("control.received"), asked.draft.number("control.open")) == (3, 1)


def test_after_the_tap_that_says_who_asked_nothing_else_is_asked(asked: Clerk) -> None:
    assert "先按登记簿" in asked.reply
    asked.say("今年收到3件，2件予以公开，1件结转").press("都是商业企业")
    assert "还没有存" in asked.reply
    assert "请依次回复" not in asked.reply
    assert "先按登记簿" not in asked.reply


def test_a_sentence_not_wanted_is_dropped(asked: Clerk) -> None:
    asked.say("今年收到3件，都是自然人，2件予以公开，1件结转").press("不存")
    assert not any(key.startswith("requests.") for key in asked.draft.answers)
    assert "登记簿" in asked.reply


def test_a_sentence_at_a_gate_opens_it(clerk: Clerk) -> None:
    clerk.say("没有").say("没有").say("没有")
    clerk.say("今年收到2件，都是自然人，都公开了").press("对，存入")
    assert clerk.draft.is_open("gate.requests")
    assert clerk.draft.figure("requests.granted.natural_person") == 2


def test_prose_that_names_figures_stays_a_text(clerk: Clerk) -> None:
    clerk.press("五类都没有").press("确认")
    clerk.say("修改 依申请公开")
    clerk.say("全年收到政府信息公开申请3件，予以公开2件，结转下年度1件。")
    assert clerk.draft.value("overview.requests")
    assert clerk.draft.figure("requests.granted.natural_person") == 0
