"""Reading what people type."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import (
    Rejected,
    read_chinese,
    read_count,
    read_figures,
    read_money,
    read_text,
    say_chinese,
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12", 12), ("１２", 12), ("12件", 12), (" 12 件。", 12), ("1,234", 1234), ("３，５２５件", 3525),
        ("十二", 12), ("三千四百零二", 3402), ("两千", 2000), ("壹佰贰拾", 120), ("一百二十万", 1200000),
        ("无", 0), ("没有", 0), ("零", 0), ("0件", 0), ("〇", 0), ("共12件", 12),
        ("没", 0), ("没有收到", 0), ("未收到", 0), ("无此项", 0), ("叁拾肆", 34), ("伍仟陆佰柒拾捌", 5678),
        ("玖", 9), ("一万二千", 12000), ("壹萬贰仟", 12000),
    ],
)  # fmt: skip
def test_a_count_is_read_as_people_write_it(typed: str, value: int) -> None:
    figure = read_count(typed)
    assert figure.value == value
    assert figure.sure


@pytest.mark.parametrize(
    ("typed", "value"), [("1.5万", 15000), ("3千", 3000), ("三万五", 35000), ("一百二", 120)]
)
def test_a_short_way_of_saying_is_echoed_before_it_counts(typed: str, value: int) -> None:
    figure = read_count(typed)
    assert figure.value == value
    assert not figure.sure
    assert figure.note == "万"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("约30件", "inexact"), ("30余件", "inexact"), ("三十多件", "inexact"), ("30左右", "inexact"),
        ("十几件", "inexact"), ("3-5件", "inexact"), ("-1", "negative"), ("－1", "negative"),
        ("负三", "negative"), ("3.5件", "fraction"), ("", "empty"), ("😀", "not_number"),
        ("二零", "not_number"), ("12 34", "several"), ("12,34", "several"), ("9" * 30, "not_number"),
        ("99999999999", "too_large"), ("NaN", "not_number"),
    ],
)  # fmt: skip
def test_a_count_that_is_none_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(Rejected) as refused:
        read_count(typed)
    assert refused.value.reason == reason


@pytest.mark.parametrize("around", [
    "大概{}件", "大约{}件", "{}件上下", "将近{}", "接近{}", "近{}件", "{}来件", "不到{}", "超过{}", "{}以上", "{}以下",
    "可能{}", "估计{}", "至少{}", "最多{}", "{}?", "{}～40", "{}到40", "若干",
])  # fmt: skip
def test_no_word_that_leaves_a_number_open_is_overlooked(around: str) -> None:
    for read in (read_count, read_money):
        with pytest.raises(Rejected) as refused:
            read(around.format(30))
        assert refused.value.reason == "inexact"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("3.25", "3.25"), ("3.25万元", "3.25"), ("3.25万", "3.25"), ("32500元", "3.25"),
        ("59237.2449", "59237.2449"), ("592372449元", "59237.2449"), ("96,171.6万元", "96171.6"),
        ("7545.00", "7545"), ("无", "0"), ("三万元", "3"), ("1亿元", "10000"), ("3.2亿", "32000"),
    ],
)  # fmt: skip
def test_money_is_kept_in_ten_thousands_without_rounding(typed: str, value: str) -> None:
    figure = read_money(typed)
    assert figure.value == Decimal(value)
    assert str(figure.value) == value


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("1.23456", "decimals"), ("0.5元", "decimals"), ("约3万", "inexact"), ("-3", "negative"),
     ("很多", "inexact"), ("三块", None), ("abc", "not_money"), ("9" * 17, "too_large")],
)  # fmt: skip
def test_money_that_is_none_is_refused_with_its_reason(typed: str, reason: str | None) -> None:
    if reason is None:
        assert read_money(typed).value == Decimal("0.0003")
        return
    with pytest.raises(Rejected) as refused:
        read_money(typed)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("typed", "values"),
    [("2 0 11", [2, 0, 11]), ("2、0、11", [2, 0, 11]), ("2,0,11", [2, 0, 11]),
     ("1,234 5 6", [1234, 5, 6]), ("3件 4 件 5件", [3, 4, 5]), ("三 四 五", [3, 4, 5]),
     ("1\t2\t3", [1, 2, 3])],
)  # fmt: skip
def test_a_line_of_figures_is_read_whatever_separates_them(typed: str, values: list[int]) -> None:
    assert [f.value for f in read_figures(typed, ("count",) * 3)] == values


def test_a_comma_groups_or_separates_whichever_gives_the_right_number_of_figures() -> None:
    assert [f.value for f in read_figures("100,200", ("count", "count"))] == [100, 200]
    assert [f.value for f in read_figures("100,200", ("count",))] == [100200]


def test_too_few_figures_are_counted_in_the_refusal() -> None:
    with pytest.raises(Rejected) as refused:
        read_figures("1 2", ("count",) * 3)
    assert refused.value.facts["got"] == 2
    assert refused.value.facts["wanted"] == 3


@given(st.integers(0, 10**12 - 1))
def test_a_chinese_numeral_comes_back_as_it_was_said(number: int) -> None:
    assert read_chinese(say_chinese(number)) == (number, True)


@given(st.integers(0, 10**9))
def test_a_number_in_any_dress_is_the_same_number(number: int) -> None:
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for typed in (str(number), f"{number:,}", wide, f"{number}件", f" {number} "):
        assert read_count(typed).value == number


@given(st.text(max_size=60))
def test_anything_typed_is_a_figure_or_a_refusal(typed: str) -> None:
    for read in (read_count, read_money):
        try:
            figure = read(typed)
        except Rejected:
            continue
        assert figure.value >= 0


@given(st.text(max_size=200))
def test_a_text_that_is_taken_has_nothing_that_a_document_cannot_hold(typed: str) -> None:
    try:
        text = read_text(typed)
    except Rejected:
        return
    text.encode("utf-8")
    assert not any(ord(c) < 32 and c not in "\n\t" for c in text)


@pytest.mark.parametrize(
    ("typed", "code", "around"),
    [
        ("甲乙\x0b丙", "U+000B", "甲乙□丙"),
        ("\x00甲", "U+0000", "□甲"),
        ("一二三四五六七八九\ufffe一二三四五六七八九", "U+FFFE", "二三四五六七八九□一二三四五六七八"),
    ],
)  # fmt: skip
def test_a_character_that_cannot_be_printed_is_shown_with_what_stands_around_it(
    typed: str, code: str, around: str
) -> None:
    with pytest.raises(Rejected) as refused:
        read_text(typed)
    assert (refused.value.facts["code"], refused.value.facts["around"]) == (code, around)


def test_a_text_may_have_thirty_thousand_characters_and_not_one_more() -> None:
    assert len(read_text("公" * 30_000)) == 30_000
    with pytest.raises(Rejected) as refused:
        read_text("公" * 30_001)
    assert (refused.value.reason, refused.value.facts["length"]) == ("too_long", 30_001)


def test_rare_characters_and_template_marks_are_only_text() -> None:
    text = "瀍河、镕、喆、垚，R&D投入<5%且{{ 7*7 }}😀"
    assert read_text(text) == text


@pytest.mark.parametrize(
    ("typed", "value"), [("三万五千", "3.5"), ("5千", "0.5"), ("三万五", "3.5")]
)
def test_money_without_a_unit_is_echoed_before_it_counts(typed: str, value: str) -> None:
    figure = read_money(typed)
    assert figure.value == Decimal(value)
    assert not figure.sure


def test_a_comma_that_may_group_is_echoed_before_it_separates() -> None:
    assert not any(f.sure for f in read_figures("1,234", ("count", "count")))
    assert all(f.sure for f in read_figures("1,2", ("count", "count")))
