"""Figures told in a sentence, the way tired clerks write them."""

from __future__ import annotations

import re
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers import say_chinese
from bot.catalogue import load_form
from bot.telling.sentence import Telling, read_telling

FORM = load_form()
ONE = ("natural_person",)
TWO = ("natural_person", "business")
OUTCOMES = FORM.sets["result"]
CASES = {f"review_litigation.{row}_{result}": 0
         for row in ("review", "direct", "after_review")
         for result in FORM.sets["outcome"]}  # fmt: skip


def tell(text: str, kinds: tuple[str, ...] = ONE, **more: bool) -> Telling:
    telling = read_telling(FORM, text, kinds, **more)
    assert telling is not None, text
    return telling


def short(telling: Telling) -> dict[str, int]:
    """The cells that are not 0, and the zeros of table three, without section and single type."""
    return {
        cell.partition(".")[2].removesuffix(".natural_person"): number
        for cell, number in telling.cells.items()
        if number or cell.startswith("requests.")
    }


# ── what is understood ──────────────────────────────────────────────────────────────────────

SIMPLE = {"new_received": 3, "granted": 2, "carried_out": 1}

UNDERSTOOD: list[tuple[str, dict[str, int]]] = [
    ("今年收到3件，2件予以公开，1件结转", SIMPLE),
    ("今年收到3件，2件公开，1件没办完", SIMPLE),
    ("今年收到３件，予以公开２件，结转１件。", SIMPLE),
    ("收到3件 公开2件 结转1件", SIMPLE),
    ("收到3件公开2件结转1件", SIMPLE),
    ("收到3件2件公开1件结转", SIMPLE),
    ("收到3件中2件公开1件还在办", SIMPLE),
    ("收到三件，两件公开了，还有一件在办", SIMPLE),
    ("收到3，公开2，结转1", SIMPLE),
    ("我局全年共收到政府信息公开申请3件，其中予以公开2件，结转下年度1件。", SIMPLE),
    ("今年有3件申请，2件公开，1件结转", SIMPLE),
    ("一共收到3件申请，同意公开2件，还有1件转到明年", SIMPLE),
    ("新收3件；公开2件；未办结1件", SIMPLE),
    ("受理3件，公开了2件，年底还有1件在办理", SIMPLE | {"carried_out": 1}),
    ("收到3件，2件公开，其余结转", SIMPLE),
    ("收到3件，2件公开，剩下的1件结转", SIMPLE),
    ("收3件\n公开2件\n结转1件", SIMPLE),
    ("您好，今年收到3件，2件公开，1件结转，谢谢", SIMPLE),
    ("收到3件，全部公开", {"new_received": 3, "granted": 3}),
    ("收到3件都公开了", {"new_received": 3, "granted": 3}),
    ("共收3件，均予以公开", {"new_received": 3, "granted": 3}),
    ("收到3件，3件都公开了", {"new_received": 3, "granted": 3}),
    ("收到3件，全部不掌握", {"new_received": 3, "unable_not_held": 3}),
    ("收到3件，结转1件，公开2件", SIMPLE),
    ("收到3件，没有结转，都公开了", {"new_received": 3, "granted": 3, "carried_out": 0}),
    ("收到3件，公开3件，结转0件", {"new_received": 3, "granted": 3, "carried_out": 0}),
    ("收到2件，公开1件，全部办结", {"new_received": 2, "granted": 1, "carried_out": 0}),
    ("没有收到申请", {"new_received": 0}),
    ("今年一件都没有收到", {"new_received": 0}),
    ("今年没有申请，也没有上年结转的", {"new_received": 0, "carried_in": 0}),
    ("上年结转1件，今年新收2件，公开3件", {"carried_in": 1, "new_received": 2, "granted": 3}),
    ("去年没办完的1件，今年收到2件", {"carried_in": 1, "new_received": 2}),
    ("去年转来1件，公开了1件", {"carried_in": 1, "granted": 1}),
    ("收到2件，上年没有结转", {"new_received": 2, "carried_in": 0}),
    ("收到5件，不予公开2件（国家秘密1件，第三方1件），其余公开",
     {"new_received": 5, "denied_state_secret": 1, "denied_third_party": 1, "granted": 3}),
    ("收到1件，不予公开1件（国家秘密）", {"new_received": 1, "denied_state_secret": 1}),
    ("不予公开3件，其中内部事务2件，过程性信息1件", {"denied_internal_affairs": 2, "denied_process_info": 1}),
    ("因国家秘密不予公开1件", {"denied_state_secret": 1}),
    ("收到2件，一件公开，另一件信访", {"new_received": 2, "granted": 1, "notproc_petition": 1}),
    ("收到4件，重复申请1件，撤回1件，逾期不补正2件",
     {"new_received": 4, "notproc_repeat": 1, "other_misc": 1, "other_no_correction": 2}),
    ("收到2件，信息不存在2件", {"new_received": 2, "unable_not_held": 2}),
    ("办结3件，公开2件，不掌握1件", {"granted": 2, "unable_not_held": 1}),
    ("予以公开12件、部分公开3件、不掌握2件", {"granted": 12, "partly_granted": 3, "unable_not_held": 2}),
    ("12件予以公开、3件部分公开", {"granted": 12, "partly_granted": 3}),
    ("收到1,234件", {"new_received": 1234}),
    ("收到一百二十件", {"new_received": 120}),
    ("收到3件，20个工作日内都答复了，截至12月31日没有结转", {"new_received": 3, "carried_out": 0}),
    ("行政许可5件，处罚3件，强制没有", {"permits": 5, "penalties": 3}),
    ("作出行政处罚决定12件", {"penalties": 12}),
    ("规范性文件制发1件、废止0件、有效5件", {"normdocs_made": 1, "normdocs_in_force": 5}),
    ("复议1件，维持", {"review_upheld": 1}),
    ("被申请复议1件，维持了", {"review_upheld": 1}),
    ("复议2件，1件维持，1件纠正，没有诉讼", {"review_upheld": 1, "review_corrected": 1}),
    ("行政复议3件，都维持", {"review_upheld": 3}),
    ("复议3件，维持1件，其余尚未审结", {"review_upheld": 1, "review_pending": 2}),
    ("复议2件，维持1件，其他1件", {"review_upheld": 1, "review_other": 1}),
    ("直接起诉1件维持，复议后起诉1件还在审", {"direct_upheld": 1, "after_review_pending": 1}),
    ("诉讼2件，其中直接起诉1件维持，复议后起诉1件纠正", {"direct_upheld": 1, "after_review_corrected": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cells"), UNDERSTOOD)
def test_a_clerks_sentence_is_read(text: str, cells: dict[str, int]) -> None:
    telling = tell(text)
    assert (short(telling), telling.asks, telling.leftover) == (cells, (), "")


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("收到3件，其中自然人2件，企业1件", {"new_received": 2, "new_received.business": 1}),
        ("自然人2件收到，企业1件收到，共收到3件", {"new_received": 2, "new_received.business": 1}),
        ("收到自然人3件、公司1件，全部公开",
         {"new_received": 3, "new_received.business": 1, "granted": 3, "granted.business": 1}),
        ("收到3件，都是自然人，2件公开，1件不掌握", {"new_received": 3, "granted": 2, "unable_not_held": 1}),
        ("收到3件（均为个人），全部公开", {"new_received": 3, "granted": 3}),
        ("自然人收到3件，公开2件，结转1件；企业收到1件，公开1件",
         SIMPLE | {"new_received.business": 1, "granted.business": 1}),
        ("收到个人申请3件，公开2件，结转1件", SIMPLE),
        ("予以公开自然人2件，企业1件", {"granted": 2, "granted.business": 1}),
        ("没有上年结转", {"carried_in": 0, "carried_in.business": 0}),
    ],
)  # fmt: skip
def test_with_several_types_the_one_named_is_taken(text: str, cells: dict[str, int]) -> None:
    telling = tell(text, TWO)
    assert (short(telling), telling.asks) == (cells, ())


def test_no_lawsuits_and_reviews_are_zeros_in_all_their_cells() -> None:
    for text in (
        "没有复议和诉讼",
        "复议、诉讼均为0",
        "复议诉讼都没有",
        "没有行政复议，没有行政诉讼",
    ):
        assert dict(tell(text).cells) == CASES


def test_a_case_whose_results_add_up_has_zeros_elsewhere() -> None:
    cells = tell("复议2件，1件维持，1件纠正").cells
    assert (cells["review_litigation.review_other"], cells["review_litigation.review_pending"]) == (
        0,
        0,
    )


@pytest.mark.parametrize(
    ("text", "kinds", "controls"),
    [
        ("今年收到3件，2件公开，1件结转", ONE, {"control.received": 3, "control.open": 1}),
        ("收到3件，其中自然人2件，企业1件", TWO, {"control.received": 3}),
        ("收到3件", TWO, {"control.received": 3}),
        ("自然人收到3件，公开2件，结转1件", TWO, {}),
        ("收到3件，2件公开，其余结转", ONE, {"control.received": 3}),
        ("没有收到申请", TWO, {"control.received": 0}),
    ],
)
def test_whole_year_totals_are_told_apart(
    text: str, kinds: tuple[str, ...], controls: dict[str, int]
) -> None:
    assert tell(text, kinds).controls == controls


# ── what is asked ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "kinds", "reasons"),
    [
        ("收到3件，公开2件", TWO, ["which_type", "which_type"]),
        ("收到3件", (), ["which_type"]),
        ("收到3件，其中自然人2件", TWO, ["which_type"]),
        ("收到3件，其中自然人2件，企业2件", TWO, ["sum"]),
        ("自然人收到3件，企业收到1件，公开4件", TWO, ["which_type"]),
        ("不予公开2件", ONE, ["which_outcome"]),
        ("收到3件，全部不予公开", ONE, ["which_outcome"]),
        ("不予公开3件，其中国家秘密2件", ONE, ["which_outcome"]),
        ("其他处理1件", ONE, ["which_outcome"]),
        ("收到3件，办结3件", ONE, ["which_outcome"]),
        ("办结3件，公开2件", ONE, ["sum"]),
        ("约收到3件", ONE, ["vague"]),
        ("收到三四件", ONE, ["vague"]),
        ("收到3、4件", ONE, ["vague"]),
        ("收到3-5件", ONE, ["vague"]),
        ("收到十几件", ONE, ["vague"]),
        ("收到几件", ONE, ["vague"]),
        ("收到3件左右", ONE, ["vague"]),
        ("收到3.5件", ONE, ["vague"]),
        ("收到-3件", ONE, ["vague"]),
        ("5月收到3件", ONE, ["vague"]),
        ("收到3件吧", ONE, ["vague"]),
        ("收到3件投诉", ONE, ["unknown"]),
        ("收到3件投诉，公开2件", ONE, ["unknown", "unknown"]),
        ("收到群众来信5封", ONE, ["unknown"]),
        ("公开信息120条", ONE, ["unknown"]),
        ("主动公开120条", ONE, None),
        ("受理行政许可3件", ONE, ["unknown"]),
        ("许可申请3件", ONE, ["unknown"]),
        ("收到3件公开", ONE, ["unknown"]),
        ("公开3件，其中2件部分公开", ONE, ["unknown"]),
        ("公开2件，另外公开2件", ONE, ["twice"]),
        ("收到3件，收到4件", ONE, ["twice"]),
        ("未公开2件", ONE, ["negated"]),
        ("没有公开2件", ONE, ["negated"]),
        ("收到3件，3件都没有公开", ONE, ["negated"]),
        ("结转1件，新收3件", ONE, ["which_carry"]),
        ("收到3件，结转1件", ONE, ["which_carry"]),
        ("新收3件，结转1件，公开4件", ONE, ["which_carry"]),
        ("收到3件，没有结转", ONE, ["which_carry"]),
        ("去年收到5件，公开3件", ONE, ["last_year", "last_year"]),
        ("上年结转1件，收到3件，全部公开", ONE, ["which_number"]),
        ("信访3件", ONE, ["which_row"]),
        ("自然人3件", ONE, ["which_row"]),
        ("维持1件", ONE, ["which_row"]),
        ("诉讼2件", ONE, ["which_lawsuit"]),
        ("复议2件，维持", ONE, ["which_result"]),
        ("复议2件，维持1件", ONE, ["which_result"]),
        ("复议1件，维持2件", ONE, ["sum"]),
        ("规范性文件3件", ONE, ["which_result"]),
        ("2022年收到3件，2023年收到4件", ONE, ["last_year"]),
    ],
)  # fmt: skip
def test_what_has_no_clear_cell_is_asked(
    text: str, kinds: tuple[str, ...], reasons: list[str] | None
) -> None:
    telling = read_telling(FORM, text, kinds)
    if not reasons:
        assert telling is None or not telling.cells
        return
    assert telling is not None
    assert sorted(ask.reason for ask in telling.asks) == sorted(reasons)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("收到3件投诉，公开2件", ("new_received", "granted")),
        ("未公开2件", ("granted",)),
        ("收到5件，3件未公开", ("granted",)),
        ("去年收到5件，公开3件", ("new_received", "granted")),
        ("公开3件，其中2件部分公开", ("granted", "partly_granted")),
        ("收到3次，公开5人", ("new_received", "granted")),
        ("收到3个人的申请", ("new_received",)),
        ("一起收到的", ("new_received",)),
    ],
)
def test_what_is_doubtful_never_fills_a_cell(text: str, wrong: tuple[str, ...]) -> None:
    telling = read_telling(FORM, text, ONE)
    assert telling is None or not set(wrong) & set(short(telling))


@pytest.mark.parametrize(
    "text",
    ["", "3", "3件", "没有", "有", "收到", "好的", "无", "都是自然人", "电话13800001111", "今年开会3次",
     "2023年", "20个工作日", "不是3件，是4件", "确认", "修改", "主动公开", "帮助"],
)  # fmt: skip
def test_a_text_without_figures_of_the_tables_is_left_to_the_caller(text: str) -> None:
    assert read_telling(FORM, text, ONE) is None


def test_while_gates_are_asked_a_bare_no_is_left_to_them() -> None:
    assert read_telling(FORM, "没有收到申请", ONE, gates_open=False) is None
    assert read_telling(FORM, "收到3件", ONE, gates_open=False) is not None


def test_a_text_about_another_year_fills_nothing() -> None:
    telling = read_telling(FORM, "2022年收到3件", ONE, year=2023)
    assert telling is not None
    assert (dict(telling.cells), dict(telling.controls)) == ({}, {})
    assert [ask.reason for ask in telling.asks] == ["last_year"]
    assert short(tell("2023年收到3件")) == {"new_received": 3}


def test_words_that_nobody_knows_are_given_back_with_their_numbers() -> None:
    telling = tell("今年开会3次，收到2件")
    assert (short(telling), telling.leftover) == ({"new_received": 2}, "今年开会3次")


def test_prose_is_no_telling() -> None:
    assert read_telling(FORM, "收到3件，公开2件。" * 200, ONE) is None


# ── small tables in sentences ───────────────────────────────────────────────────────────────


@st.composite
def tables(draw: st.DrawFn) -> dict[str, int]:
    """A small column of table three that adds up."""
    rows = draw(st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=4, unique=True))
    table = {row: draw(st.integers(1, 30)) for row in rows}
    table["carried_out"] = draw(st.integers(0, 5))
    table["carried_in"] = draw(st.integers(0, min(3, sum(table.values()))))
    table["new_received"] = sum(table.values()) - 2 * table["carried_in"]
    return {row: number for row, number in table.items() if number > 0}


def name(random: Random, row: str) -> str:
    """One of the words for a row."""
    line = next(line for line in FORM.tables["requests"].rows if line.key == row)
    bare = re.sub(r"^（.+?）|^[一二三四]、|^\d\.", "", line.label)
    names = [name for name in (line.label, bare, *line.aliases) if name != "其他"]
    return {"carried_in": "上年结转", "new_received": "收到"}.get(row) or random.choice(names)


def figure(random: Random, number: int) -> str:
    shown = random.choice([str(number), say_chinese(number)])
    return shown + random.choice(["件", "件", " 件", "个"])


def sentence(random: Random, table: dict[str, int]) -> str:
    """A table as somebody tells it."""
    order = [
        "carried_in",
        "new_received",
        *(row for row in table if row in OUTCOMES),
        "carried_out",
    ]
    behind = random.random() < 0.5
    parts = []
    for row in order:
        if row in table:
            words = name(random, row), figure(random, table[row])
            first = row in ("carried_in", "new_received")
            parts.append("".join(words if first or behind else reversed(words)))
    joint = random.choice(["，", "。", "；", "\n", ", "])
    return (
        random.choice(["", "今年", "我局", "全年共"])
        + joint.join(parts)
        + random.choice(["", "。"])
    )


@settings(max_examples=300, deadline=None)
@given(tables(), st.integers(0, 10**6), st.sampled_from([ONE, TWO, ()]))
def test_a_table_in_a_sentence_gives_its_own_cells_or_asks(
    table: dict[str, int], seed: int, kinds: tuple[str, ...]
) -> None:
    telling = tell(sentence(Random(seed), table), kinds)
    right = {f"requests.{row}.natural_person": number for row, number in table.items()}
    assert telling.cells.items() <= right.items()
    assert telling.asks or dict(telling.cells) == right
    if len(kinds) != 1:
        assert not telling.cells


@settings(max_examples=200, deadline=None)
@given(tables(), st.integers(0, 10**6))
def test_a_table_told_plainly_is_understood_whole(table: dict[str, int], seed: int) -> None:
    random = Random(seed)
    first = ("carried_in", "new_received")
    rows = sorted(table, key=lambda row: first.index(row) if row in first else len(first))
    assert short(tell("，".join(f"{name(random, row)}{table[row]}件" for row in rows))) == table


@settings(max_examples=200, deadline=None)
@given(tables(), tables(), st.integers(0, 10**6), st.sampled_from([TWO, ()]))
def test_two_applicants_told_one_after_the_other_are_never_mixed(
    first: dict[str, int], second: dict[str, int], seed: int, kinds: tuple[str, ...]
) -> None:
    random = Random(seed)
    text = ""
    for who, table in (("自然人", first), ("企业", second)):
        rows: list[str] = [row for row in ("carried_in", "new_received") if row in table]
        rows += [row for row in table if row not in rows]
        named = random.choice([rows, rows[: random.randint(0, len(rows))]])
        told = [f"{who if row in named else ''}{name(random, row)}{table[row]}件" for row in rows]
        text += random.choice(["，", "；"]).join(told) + random.choice(["，", "。"])
    right = {
        f"requests.{row}.{column}": number
        for column, table in zip(TWO, (first, second), strict=True)
        for row, number in table.items()
    }
    telling = tell(text, kinds)
    assert telling.cells.items() <= right.items(), text
    assert telling.asks or dict(telling.cells) == right, text


WORDS = st.sampled_from(
    ["收到", "公开", "3件", "2", "两件", "没有", "都", "其余", "结转", "去年", "今年", "，", "。", "、", "其中",
     "自然人", "企业", "不予公开", "国家秘密", "复议", "诉讼", "维持", "其他", "约", "办结", "投诉", "不掌握", "（",
     "申请", "许可", "规范性文件", "制发", "0件", "2023年", "3次", "一", "都是", "未", "1,234", "中", "\n"]
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=14).map("".join)),
       st.sampled_from([ONE, TWO, ()]))  # fmt: skip
def test_any_text_is_survived_and_every_number_is_accounted_for(
    text: str, kinds: tuple[str, ...]
) -> None:
    telling = read_telling(FORM, text, kinds)
    if telling is None:
        return
    assert set(telling.cells) <= set(FORM.cells)
    assert all(number >= 0 for number in telling.cells.values())
    numbers = {*telling.cells.values(), *telling.controls.values()}
    asked = " ".join(str(ask.facts["words"]) for ask in telling.asks) + telling.leftover
    doubted = any(ask.reason in ("unknown", "vague", "negated") for ask in telling.asks)
    for match in re.finditer(r"(?<![\d,.])(\d+)件", text):
        if "," not in text:  # a figure beside one of the same row that is asked about goes with it
            assert int(match[1]) in numbers or match[1] in asked or doubted, (text, telling)


def test_a_sentence_is_read_in_a_moment() -> None:
    tell("今年收到3件")
    start = process_time()
    for _ in range(20):
        tell("去年结转1件，今年收到3件，其中予以公开2件，不予公开1件（国家秘密），1件结转下年度")
    assert process_time() - start < 0.5


# ── what is doubted is asked and not proposed ───────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "rows"),
    [("没收到重复申请", {"notproc_repeat"}), ("没收到上年结转的申请", {"carried_in"}),
     ("收到0件重复申请", {"notproc_repeat"}),
     ("没有收到不予公开的", {row for row in OUTCOMES if row.startswith("denied_")})],
)  # fmt: skip
def test_what_was_not_received_is_only_what_is_named(text: str, rows: set[str]) -> None:
    telling = tell(text)
    assert telling.controls == {}
    assert {cell.split(".")[1] for cell in telling.cells} == rows
    assert not any(telling.cells.values())


@pytest.mark.parametrize(
    ("text", "reason"),
    [("收到3件自然人申请，都是去年的", "last_year"), ("收到3件（去年的）", "last_year"),
     ("行政许可12 345件", "vague"), ("行政许可1 200", "vague"), ("公开了2/4", "vague"),
     ("收到申请3件，不对，5件", "unknown"), ("收到申请3件，不对是5件", "unknown"),
     ("收到3件，写错了，收到5件", "unknown"), ("行政许可3件，说错了，5件", "unknown"),
     ("先收到3件，后来又收到2件申请", "twice"), ("收到大约3件，新收3件", "vague"),
     ("没收到3件，收到3件", "negated")],
)  # fmt: skip
def test_a_figure_that_is_asked_about_is_not_proposed_too(text: str, reason: str) -> None:
    telling = tell(text)
    assert (telling.cells, telling.controls) == ({}, {})
    assert [ask.reason for ask in telling.asks] == [reason]


def test_a_contradicted_figure_is_not_replaced_by_the_second_zero() -> None:
    telling = tell("收到3件，没收到的，重复申请没收到，一件都没收到")
    assert "requests.new_received.natural_person" not in telling.cells
    assert "twice" in [ask.reason for ask in telling.asks]


def test_a_part_of_a_fraction_is_no_figure_but_the_rest_is() -> None:
    telling = tell("收到4件，公开了2/4")
    assert short(telling) == {"new_received": 4}
    assert [ask.reason for ask in telling.asks] == ["vague"]


def test_the_carried_cases_may_well_be_last_years() -> None:
    telling = tell("上年结转2件，都是去年的")
    assert short(telling) == {"carried_in": 2}
    assert telling.asks == ()


@pytest.mark.parametrize(
    "text", ["今年收到3件申请，自然人，都予以公开", "收到3件（自然人），都公开"]
)
def test_a_type_named_behind_its_figure_is_used_and_not_asked(text: str) -> None:
    telling = tell(text, TWO)
    assert short(telling) == {"new_received": 3, "granted": 3}
    assert telling.asks == ()
