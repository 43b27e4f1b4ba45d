"""The day that a contact names for handing in, and all that names none."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.office.promises import FARTHEST, LONGEST, read_promise
from bot.workdays import is_workday

WEDNESDAY = date(2027, 1, 20)
WORDS = (
    "周", "星期", "礼拜", "四", "日", "天", "下", "下个", "这", "本", "今天", "明天", "后天", "大后天", "月", "号", "底", "末",
    "内", "之内", "后", "前", "之前", "个", "工作日", "三", "十", "二十五", "25", "1", "31", "99", "2027年", "1月25日", ".", "/",
    "上午", "下班", "9点半", "完成", "报", "交", "报送", "年报", "把", "给你", "一定", "争取", "能", "我", "好的，", "吧", "。", "不", "?",
)  # fmt: skip


def promised(text: str, today: date = WEDNESDAY) -> date | None:
    """The day that a message promises on 20 January 2027, a Wednesday."""
    return read_promise(text, today, is_workday)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("周四前完成", (1, 21)), ("这周五交", (1, 22)), ("下周三之前", (1, 27)), ("周一", (1, 25)), ("周三", (1, 20)),
        ("星期四报", (1, 21)), ("下个礼拜二交材料", (1, 26)), ("下下周一", (2, 1)), ("周4前交", (1, 21)), ("周日交", (1, 24)),
        ("今天下班前", (1, 20)), ("下班前交", (1, 20)), ("明天上午报", (1, 21)), ("明早9点半前", (1, 21)), ("后天", (1, 22)),
        ("大后天下午3点前交", (1, 23)), ("今天内", (1, 20)), ("3天内", (1, 23)), ("两天之内", (1, 22)), ("三天后交", (1, 23)),
        ("三个工作日内", (1, 25)), ("3个工作日以内完成", (1, 25)), ("一周内", (1, 27)), ("两个星期内", (2, 3)),
        ("本周内完成", (1, 22)), ("下周内交", (1, 29)), ("月底前", (1, 31)), ("月底前吧", (1, 31)), ("本月底", (1, 31)),
        ("下月底", (2, 28)), ("1月底", (1, 31)), ("一月底前", (1, 31)), ("1月25日前", (1, 25)), ("1月25日", (1, 25)),
        ("１月２５日前", (1, 25)), ("一月二十五日前", (1, 25)), ("1月25前", (1, 25)), ("1月25日（周一）前", (1, 25)),
        ("2027年1月25日前完成", (1, 25)), ("2027-01-25前", (1, 25)), ("1.25前", (1, 25)), ("1/25之前交", (1, 25)),
        ("25号交", (1, 25)), ("二十五号", (1, 25)), ("本月25日前", (1, 25)), ("下月5号", (2, 5)), ("1号交", (2, 1)),
        ("好的，我们争取周四前把年报交上来", (1, 21)), ("收到。明天下班前一定报送！", (1, 21)), ("我局最迟周五能报", (1, 22)),
        ("我明天交", (1, 21)), (" 周四 前 完成 。", (1, 21)), ("后天下班之前给您报过去", (1, 22)), ("预计周五上报年报", (1, 22)),
    ],
)  # fmt: skip
def test_a_promise_is_read_as_people_write_it(text: str, day: tuple[int, int]) -> None:
    assert promised(text) == date(2027, *day)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "3", "25", "十五", "1.25", "1/25", "1-25", "3天", "25件", "0", "无", "2027", "2027年", "1月", "25日报表",
        "下周", "下周交", "这个月", "周末前", "尽快", "马上", "过几天", "两三天内", "春节前", "年前", "下班", "月", "前", "内", "周", "交",
        "20个工作日内", "15个工作日", "三十天内", "十五天内", "99天内", "0天内",
        "周四前交不了", "周四交不上来", "今天不交", "周四前报吗", "周四行吗？", "1月25日前交吗？", "周四呢", "截止是周四吗",
        "周四或者周五", "周四、周五", "1月25日至2月1日", "1月25日1月26日", "1月25日（周二）前", "1月2日5日",
        "2026年1月25日前完成整改", "1月25日公开", "1月25日前公开年报", "周四前完成了", "周四开会", "周四前完成整改任务", "每周四更新",
        "2月30日", "13月1日", "1月0日", "1月32日前", "0号交", "32号交", "13月底", "1月25点前",
        "全年主动公开信息1203条，其中1月25日前公开310条。",
        "我局于每周四召开例会，研究政务公开工作。",
        "一是周四前完成\n二是加强培训",
        "本机关在收到申请后三个工作日内答复，月底前完成归档，全年没有超期的情况。",
        "周四前完成" * 10,
    ],
)  # fmt: skip
def test_what_only_holds_a_day_is_no_promise(text: str) -> None:
    assert promised(text) is None


@pytest.mark.parametrize(
    "text",
    ["1月19日前", "本月5号", "这周二", "2026年12月31日前", "2027年1月19日", "12月1日", "5号交"],
)
def test_a_day_that_is_past_or_too_far_off_is_no_promise(text: str) -> None:
    assert promised(text) is None


def test_a_weekday_alone_is_the_next_to_come() -> None:
    friday = date(2027, 1, 22)
    assert promised("周四前完成", friday) == date(2027, 1, 28)
    assert promised("周五交", friday) == friday
    assert promised("这周四前完成", friday) is None


def test_january_named_in_december_is_the_coming_one() -> None:
    assert promised("1月25日前", date(2026, 12, 28)) == date(2027, 1, 25)
    assert promised("1月底前", date(2026, 12, 28)) == date(2027, 1, 31)
    assert promised("下月5号", date(2026, 12, 28)) == date(2027, 1, 5)


def test_workdays_skip_the_spring_festival_and_count_working_saturdays() -> None:
    assert promised("三个工作日内", date(2026, 2, 12)) == date(2026, 2, 24)
    assert promised("本周内", date(2026, 2, 11)) == date(2026, 2, 14)


def test_this_week_named_on_its_weekend_ends_on_sunday() -> None:
    assert promised("本周内交", date(2027, 1, 23)) == date(2027, 1, 24)


def test_a_week_that_is_all_holiday_ends_on_its_sunday() -> None:
    assert promised("下周内交", date(2026, 2, 11)) == date(2026, 2, 22)


@given(
    st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=8).map("".join)),
    st.dates(),
)
def test_no_message_on_any_day_is_a_fault_or_a_day_in_the_past(text: str, today: date) -> None:
    day = promised(text, today)
    assert day is None or 0 <= (day - today).days <= FARTHEST


@given(
    st.lists(st.sampled_from(WORDS), max_size=6).map("".join), st.sampled_from("不没吗？?件条万")
)
def test_a_negation_a_question_or_a_count_is_never_a_promise(text: str, mark: str) -> None:
    assert promised(text + mark) is None


@pytest.mark.parametrize(
    "piece", ["会", "能可以", "好，", "明天能会", "能够可以", "报", "周四", "1", "一"]
)
def test_no_message_makes_reading_slow(piece: str) -> None:
    text = (piece * LONGEST)[:LONGEST]
    began = process_time()
    promised("明天" + text[:-2])
    promised(text)
    assert process_time() - began < 0.5
