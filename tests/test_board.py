"""The board: who is late, what a filter shows, and lines that stay straight on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from time import process_time
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from bot.office.board import (
    COLUMNS,
    FILTERS,
    HEADS,
    NAME_COLUMNS,
    ago,
    clip,
    columns_of,
    due_words,
    line,
    localized,
    ordered,
    page,
    pick,
    summary,
    table,
)
from bot.office.standing import STATES, Standing, State, Unit
from bot.wording import lay_out

TODAY = date(2027, 1, 20)
DUE = date(2027, 1, 31)


def unit(number: int, name: str = "青石县水务局", **more: object) -> Unit:
    """A department of the county."""
    return Unit(number, name, **{"level": "县级政府部门", **more})  # type: ignore[arg-type]


def standing(state: State = "filling", number: int = 1, **more: object) -> Standing:
    """Where a department stands, bound and with time left."""
    of = unit(number, exempt=str(more.pop("exempt", "")))
    fields = {"unit": of, "due": DUE, "contacts": ("王丽",), **more}
    return Standing(year=2026, state=state, **fields)  # type: ignore[arg-type]


def days(number: int) -> date:
    """A day so many days from today."""
    return TODAY + timedelta(days=number)


UNITS = st.builds(
    Unit,
    id=st.integers(1, 9999),
    name=st.text(min_size=1, max_size=30),
    short=st.text(max_size=20) | st.sampled_from(["住建局", "退役军人局", "东湖街道"]),
    order=st.integers(0, 5),
    exempt=st.sampled_from(["", "", "本年撤并"]),
)
STANDINGS = st.builds(
    Standing,
    unit=UNITS,
    year=st.just(2026),
    state=st.sampled_from(get_args(State)),
    percent=st.integers(0, 100),
    hard=st.integers(0, 1200),
    explain=st.integers(0, 1200),
    moved=st.none() | st.datetimes(datetime(2025, 1, 1), datetime(2027, 2, 1)),  # noqa: DTZ001
    due=st.none() | st.dates(date(2026, 6, 1), date(2027, 6, 1)),
    contacts=st.sampled_from([(), ("王丽",), ("王丽", "李强")]),
)
BOARDS = st.lists(STANDINGS, max_size=30)


# ── counting and choosing ───────────────────────────────────────────────────────────────────


def test_the_summary_counts_only_those_that_must_report() -> None:
    standings = [
        standing("idle", contacts=()),
        standing("filling", due=days(-1)),
        standing("submitted", due=days(-1)),
        standing("approved", contacts=()),
        standing("returned", due=TODAY),
        standing("idle", exempt="本年撤并", contacts=(), due=days(-9)),
    ]
    counted = summary(standings, TODAY)
    assert counted.counts == dict.fromkeys(STATES, 1)
    assert (counted.of, counted.exempt, counted.late, counted.unreached) == (5, 1, 1, 2)
    assert counted.handed_in == 2


def test_a_report_is_late_from_the_day_after_its_last_day() -> None:
    assert summary([standing(due=TODAY)], TODAY).late == 0
    assert summary([standing(due=days(-1))], TODAY).late == 1


def test_a_unit_without_a_last_day_is_never_late() -> None:
    assert summary([standing("idle", due=None)], TODAY).late == 0


def test_a_report_sent_back_is_late_again() -> None:
    assert pick([standing("returned", due=days(-3))], "逾期", TODAY)


@given(BOARDS)
def test_every_count_of_the_summary_is_what_its_filter_shows(standings: list[Standing]) -> None:
    counted = summary(standings, TODAY)
    shown = {name: len(pick(standings, name, TODAY)) for name in FILTERS}
    assert {word: shown[word] for word in STATES.values()} == {
        STATES[state]: count for state, count in counted.counts.items()
    }
    assert (shown["逾期"], shown["未绑定"]) == (counted.late, counted.unreached)
    assert shown["全部"] == counted.of + counted.exempt == len(standings)
    assert sum(counted.counts.values()) == counted.of


def test_a_finding_that_must_be_mended_is_a_problem_and_one_to_explain_is_not() -> None:
    troubled = [standing(hard=1), standing(explain=3), standing(hard=1, exempt="本年撤并")]
    assert pick(troubled, "有问题", TODAY) == (troubled[0],)


def test_a_filter_that_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError):
        pick([], "最好", TODAY)


def test_rows_stand_in_the_offices_order_and_then_by_name() -> None:
    names = [(2, "甲局"), (1, "乙局"), (1, "丙局")]
    rows = [standing(unit=unit(n, name, order=order)) for n, (order, name) in enumerate(names)]
    assert [row.unit.name for row in ordered(rows)] == ["丙局", "乙局", "甲局"]


@given(BOARDS, st.integers(-3, 40), st.integers(-1, 12))
def test_a_page_is_always_one_that_there_is(
    standings: list[Standing], number: int, size: int
) -> None:
    shown = page(standings, number, size)
    assert 1 <= shown.number <= shown.of
    assert shown.rows == tuple(standings[shown.first - 1 :][: max(size, 1)])
    assert bool(shown.rows) == bool(standings)


def test_the_pages_together_hold_every_row_once() -> None:
    rows = [standing(number=n) for n in range(1, 20)]
    pages = [page(rows, n) for n in (1, 2, 3)]
    assert [row for each in pages for row in each.rows] == rows
    assert [(each.first, each.of, len(each.rows)) for each in pages] == [
        (1, 3, 8), (9, 3, 8), (17, 3, 3),
    ]  # fmt: skip
    assert page(rows, 99) == pages[2]


def many(count: int) -> list[Standing]:
    """A province's standings."""
    states = tuple(STATES)
    return [
        standing(states[n % 5], number=n, percent=n % 101, due=days(n % 30 - 10))
        for n in range(1, count + 1)
    ]


def seconds(standings: Sequence[Standing]) -> float:
    """How long one look at the board takes at best."""
    taken = []
    for _ in range(7):
        start = process_time()
        summary(standings, TODAY)
        table(page(ordered(pick(standings, "逾期", TODAY)), 3), TODAY)
        taken.append(process_time() - start)
    return min(taken)


def test_eight_times_the_units_take_far_less_than_the_square_of_it() -> None:
    assert seconds(many(8000)) < 40 * seconds(many(1000))


# ── lines ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (standing("idle"), ("7", "青石县水务局", "未开始", "", "", "")),
        (standing(percent=60, moved=datetime(2027, 1, 20, 9), due=None), ("7", "青石县水务局", "填报中", "60%", "", "今天")),  # noqa: DTZ001
        (standing(percent=60, hard=2, explain=1, due=days(3)), ("7", "青石县水务局", "填报中", "60%", "2/1", "余3天")),
        (standing("returned", percent=95, explain=1, due=days(-2)), ("7", "青石县水务局", "已退回", "95%", "0/1", "逾2天")),
        (standing("submitted", percent=100, moved=datetime(2027, 1, 12, 9), due=days(-2)), ("7", "青石县水务局", "已提交", "", "", "1-12")),  # noqa: DTZ001
        (standing("filling", percent=5, hard=1, exempt="本年撤并"), ("7", "青石县水务局", "免报", "", "", "")),
    ],
)  # fmt: skip
def test_a_line_says_what_matters_in_that_state(row: Standing, told: tuple[str, ...]) -> None:
    assert line(row, TODAY, 7) == told
    assert len(told) == len(HEADS)


@pytest.mark.parametrize(
    ("left", "words"), [(3, "余3天"), (1, "余1天"), (0, "今天止"), (-1, "逾1天"), (-40, "逾40天")]
)
def test_the_time_left_is_told_in_days(left: int, words: str) -> None:
    assert due_words(standing(due=days(left)), TODAY) == words


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (-1, "今天"), (0, "今天"), (1, "昨天"), (2, "2天前"), (6, "6天前"), (7, "1-13"), (20, "12-31"),
        (180, "7-24"), (181, "2026年"), (700, "2025年"),
    ],
)  # fmt: skip
def test_a_day_long_past_is_not_taken_for_one_of_this_winter(back: int, words: str) -> None:
    assert ago(days(-back), TODAY) == words


def test_a_change_late_at_night_is_told_by_the_readers_clock() -> None:
    night = datetime(2027, 1, 19, 22, tzinfo=UTC)
    (here,) = localized([standing(due=None, moved=night)], timezone(timedelta(hours=8)))
    assert line(here, TODAY)[-1] == "今天"
    assert here.moved == night


def test_a_moment_without_a_zone_is_left_alone() -> None:
    naive = standing(moved=datetime(2027, 1, 19, 22))  # noqa: DTZ001
    assert localized([naive], UTC) == [naive]


@given(BOARDS, st.integers(1, 5))
def test_no_line_is_wider_than_a_phone_and_all_are_equally_wide(
    standings: list[Standing], number: int
) -> None:
    rows = table(page(standings, number), TODAY)
    assert len({columns_of(" ".join(row)) for row in rows}) == 1
    assert columns_of(" ".join(rows[0])) <= COLUMNS
    assert not any("\n" in cell for row in rows for cell in row)


def test_the_worst_numbers_push_the_name_aside_and_not_the_line_over_the_edge() -> None:
    worst = standing("returned", percent=100, hard=999, explain=999, due=days(-99))
    (_, row) = table(page([worst] * 9999, 9999, 1), TODAY)
    assert [cell.strip() for cell in row] == [
        "9999",
        "青石…",
        "已退回",
        "100%",
        "999/999",
        "逾99天",
    ]


def test_the_words_lay_a_table_out_as_the_board_did() -> None:
    rows = [
        standing(unit=unit(1, short="住建局"), percent=5),
        standing("approved", number=2),
        standing(unit=unit(3, short="退役军人局"), hard=2, explain=12, due=days(-12)),
    ]
    text = lay_out(table(page(rows, 1), TODAY))
    assert text.split("\n") == [
        "序 单位　　　  状态　 进度 问题   时间",
        " 1 住建局　　  填报中   5%",
        " 2 青石县水务… 已通过",
        " 3 退役军人局  填报中   0% 2/12 逾12天",
    ]
    assert max(map(wcswidth, text.split("\n"))) <= COLUMNS


@given(st.text(max_size=40), st.integers(0, 20))
def test_a_clipped_text_fits_and_says_that_there_was_more(text: str, columns: int) -> None:
    short = clip(text, columns)
    assert columns_of(short) <= columns
    whole = clip(text, 1000)
    assert short == whole or (whole.startswith(short[:-1]) and short.endswith("…")) or not columns


def test_a_long_name_is_cut_between_characters() -> None:
    assert clip("青石县住房和城乡建设局", NAME_COLUMNS) == "青石县住房和…"
    assert clip("一二三四五六七", NAME_COLUMNS) == "一二三四五六七"
    assert clip(" 青石县\n水务局\u200b ", NAME_COLUMNS) == "青石县 水务局"
