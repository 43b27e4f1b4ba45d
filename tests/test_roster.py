"""The roster: pasted lists and grids as offices keep them, and whom a typed name means."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.agency import is_agency, level_of
from bot.office.names import is_body, is_place, place_of
from bot.office.roster import (
    LEVELS,
    MOST_LINES,
    Line,
    Roster,
    find_units,
    read_pasted,
    read_roster,
    short_name,
)
from bot.office.roster_words import read_level
from bot.office.standing import Unit

THREE = ["西山区财政局", "西山区教育局", "西山区民政局"]
HEAD = ("序号", "单位名称", "简称", "层级", "上级单位", "是否本级", "免报原因")


def pasted(text: str, *units: Unit) -> Roster:
    return read_pasted(text, units, is_agency)


def grid(*rows: tuple[str, ...], units: tuple[Unit, ...] = ()) -> Roster:
    return read_roster(rows, units, is_agency)


def names(roster: Roster) -> list[str]:
    return [line.name for line in roster.lines]


def kinds(roster: Roster) -> list[tuple[str, str]]:
    return [(fault.place, fault.kind) for fault in roster.faults]


def line(roster: Roster, name: str) -> Line:
    return next(line for line in roster.lines if line.name == name)


@pytest.mark.parametrize(
    "text",
    [
        '单位名称,上级单位,免报原因\n"西山区\n财政局",,"说明一\n说明二"\n西山区教育局,,\n"西山区民政局",,""',
        '单位名称\t简称\n"西山区\n财政局"\t财政局\n西山区教育局\t"教育局\r\n"\r\n西山区民政局\t',
        '"西山区\n财政局"\n西山区教育局\n西山区民政局',
        '"西山区财政局"\n"西山区教育局"\n"西山区民政局"',
        '"西山区财政局\n西山区教育局\n西山区民政局',
    ],
)
def test_cells_in_quotes_are_read_as_one_whatever_line_breaks_they_hold(text: str) -> None:
    read = pasted(text)
    assert names(read) == THREE
    assert not [fault for fault in read.faults if fault.kind != "short"]


def test_a_word_in_quotes_within_a_line_is_no_cell() -> None:
    assert names(pasted('1、西山区财政局（简称"财政局"）\n2、西山区教育局')) == THREE[:2]


# ── pasted lists ────────────────────────────────────────────────────────────────────────────

LISTS = [
    "西山区财政局\n西山区教育局\n西山区民政局",
    "西山区财政局\r\n\r\n西山区教育局\r\n西山区民政局\r\n",
    "1. 西山区财政局\n2. 西山区教育局\n3. 西山区民政局",
    "1、西山区财政局；\n2、西山区教育局；\n3、西山区民政局。",
    "（一）西山区财政局\n（二）西山区教育局\n（三）西山区民政局",
    "(1)西山区财政局\n(2)西山区教育局\n(3)西山区民政局",
    "一、西山区财政局\n二、西山区教育局\n三、西山区民政局",
    "① 西山区财政局\n② 西山区教育局\n③ 西山区民政局",
    "- 西山区财政局\n- 西山区教育局\n• 西山区民政局",
    "1西山区财政局\n2西山区教育局\n3西山区民政局",
    "1 西山区财政局\n2 西山区教育局\n3 西山区民政局",
    "1\t西山区财政局\n2\t西山区教育局\n3\t西山区民政局",
    "西山区财政局、西山区教育局、西山区民政局",
    "西山区财政局，西山区教育局，西山区民政局。",
    "西山区财政局;西山区教育局;西山区民政局",
    "西山区财政局 西山区教育局 西山区民政局",
    "1、西山区财政局、西山区教育局\n2、西山区民政局",
    "西 山 区 财 政 局\n西山区 教育局\n西山区　民政局",
    "\ufeff西山区财政局\u200b\n西山区教育局\n西山区民政局",
    "| 单位名称 |\n|---|\n| 西山区财政局 |\n| 西山区教育局 |\n| 西山区民政局 |",
    "填报单位名单（共3个）\n一、区政府部门\n1.西山区财政局\n2.西山区教育局\n二、乡镇街道\n1.西山区民政局\n合计 3 个",
    "各单位名单如下：\n西山区财政局\n西山区教育局\n西山区民政局",
    "单位名称\n西山区财政局\n西山区教育局\n西山区民政局",
    "序号 单位\n1 西山区财政局\n2 西山区教育局\n3 西山区民政局",
    "张三 13800000000 西山区财政局\n李四 13900000000 西山区教育局\n王五 13700000000 西山区民政局",
]  # fmt: skip


@pytest.mark.parametrize("text", LISTS)
def test_a_list_is_read_however_it_is_written(text: str) -> None:
    roster = pasted(text)
    assert names(roster) == THREE
    assert [line.order for line in roster.lines] == [1, 2, 3]
    # only phone numbers without a head leave something to say
    assert [kind for _, kind in kinds(roster)] == ["unplaced"] * text.startswith("张三")


def test_a_name_keeps_its_brackets_whole() -> None:
    name = "西山区文化和旅游局（西山区文物局、西山区广播电视局）"
    assert names(pasted(f"{name}、西山区财政局")) == [name, "西山区财政局"]


@pytest.mark.parametrize(
    ("written", "name", "short"),
    [
        ("青石县文化和旅游局（文旅局）", "青石县文化和旅游局", "文旅局"),
        ("青石县人民政府办公室(县府办)", "青石县人民政府办公室", "县府办"),
        ("青石县科学技术协会（科协）", "青石县科学技术协会", "科协"),
        ("青石县农业农村局（简称：农业局）", "青石县农业农村局", "农业局"),
        ("青石县文化和旅游局（文物局）（以下简称“文旅”）", "青石县文化和旅游局（文物局）", "文旅"),
        ("青石县文化和旅游局（文物局）", "青石县文化和旅游局（文物局）", "文化和旅游局"),
        ("青石县教育体育局（青石县教育局）", "青石县教育体育局（青石县教育局）", "教育体育局"),
        ("青石县人民政府（本级）", "青石县人民政府（本级）", "县政府"),
    ],
)  # fmt: skip
def test_a_short_name_in_brackets_is_no_part_of_the_name(
    written: str, name: str, short: str
) -> None:
    for text in (f"{written}\n青石县财政局", f"单位名称\n{written}\n青石县财政局"):
        roster = pasted(text)
        assert (roster.lines[0].name, roster.lines[0].short) == (name, short)
        assert not roster.faults


def test_a_column_of_short_names_goes_before_the_brackets() -> None:
    (found,) = grid(("单位", "简称"), ("青石县文化和旅游局（文旅局）", "文旅")).lines
    assert (found.name, found.short) == ("青石县文化和旅游局", "文旅")


def test_a_known_unit_keeps_the_brackets_that_it_is_known_with() -> None:
    known = Unit(2, "青石县文化和旅游局（文旅局）")
    assert [line.known for line in pasted("青石县文化和旅游局（文旅局）", known).lines] == [2]


def test_each_line_of_chat_is_its_own_fault_as_it_stands() -> None:
    roster = pasted(
        "青石县财政局\n青石县水务局\n\n这是我们县的名单，请查收\n张三 13800000000\n李四，电话：1390000，谢谢"
    )
    assert names(roster) == ["青石县财政局", "青石县水务局"]
    lines = ("这是我们县的名单，请查收", "张三 13800000000", "李四，电话：1390000，谢谢")
    assert [fault.place for fault in roster.faults] == ["第4行", "第5行", "第6行"]
    for fault, line in zip(roster.faults, lines, strict=True):
        assert f"“{line}”" in fault.words


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("青石县教育居", "青石县教育局"),
        ("教育居", "教育局"),
        ("青石县政务服务中新", "青石县政务服务中心"),
        ("青石县人民政付", "青石县人民政府"),
        ("青石县科教局办公是", "青石县科教局办公室"),
    ],
)
def test_a_name_with_one_wrong_character_is_asked_back(written: str, meant: str) -> None:
    for text in (written, f"单位名称\n{written}"):
        (fault,) = pasted(text).faults
        assert f"是不是“{meant}”？" in fault.words


def test_a_wrong_character_is_known_by_the_units_that_are_there() -> None:
    (fault,) = pasted("团结镇人民政符", Unit(1, "团结镇人民政府")).faults
    assert "是不是“团结镇人民政府”？" in fault.words
    # a unit that is really called so is taken
    assert names(pasted("单位名称\n青石县新居", Unit(1, "青石县新居"))) == ["青石县新居"]


def test_a_bracket_that_nobody_closed_loses_no_name() -> None:
    roster = pasted("西山区财政局（本级、西山区教育局、西山区民政局")
    said = "".join(names(roster)) + "".join(fault.words for fault in roster.faults)
    assert all(name in said for name in THREE)


def test_a_number_that_belongs_to_a_name_stays() -> None:
    one = "西山区12345政务服务便民热线中心"
    assert names(pasted(f"{one}\n西山区财政局")) == [one, "西山区财政局"]
    assert names(pasted("12345政务服务便民热线中心\n西山区财政局"))[0].startswith("12345")


def test_fields_follow_a_name_between_tabs_or_commas() -> None:
    for sign in "\t,，|":
        roster = pasted(
            sign.join(("单位", "简称", "层级"))
            + "\n"
            + sign.join(("西山区财政局", "财政", "县级政府部门"))
        )
        (found,) = roster.lines
        assert (found.short, found.level, found.place) == ("财政", "县级政府部门", "第2行")
        assert not roster.faults


def test_columns_without_a_head_are_known_by_what_stands_in_them() -> None:
    roster = pasted(
        "1\t西山区财政局\t财政局\t县级政府部门\t西山区人民政府\n"
        "2\t西山区市场监督管理局\t市监局\t县级政府部门\t西山区人民政府\n"
        "3\t西山区人民政府\t\t县级政府\t\n"
    )
    assert names(roster) == ["西山区财政局", "西山区市场监督管理局", "西山区人民政府"]
    assert [line.short for line in roster.lines] == ["财政局", "市监局", "区政府"]
    assert [line.parent for line in roster.lines] == ["西山区人民政府"] * 2 + [""]
    assert not roster.faults


@pytest.mark.parametrize(
    "text",
    [
        "财政局",
        "西山区税务",
        "请把西山区财政局加进名单",
        "=西山区财政局",
        "好的",
        "http://a.cn/西山区财政局",
    ],
)
def test_what_is_no_full_name_is_said_and_not_taken(text: str) -> None:
    roster = pasted(text)
    assert not roster.lines
    (fault,) = roster.faults
    assert (fault.place, fault.kind) == ("第1行", "no_name")
    assert text in fault.words


def test_a_name_with_an_unusual_end_is_taken_below_a_head() -> None:
    assert names(pasted("单位名称\n西山区科协")) == ["西山区科协"]


def test_a_short_name_in_place_of_a_full_one_is_asked_back_with_the_unit_it_means() -> None:
    roster = pasted("财政局", Unit(1, "西山区财政局"))
    assert "是不是“西山区财政局”？" in roster.faults[0].words


# ── grids ───────────────────────────────────────────────────────────────────────────────────


def test_a_sheet_with_title_head_and_foot_is_read_whole() -> None:
    roster = grid(
        ("西山区政府信息公开年报填报单位花名册", "", "", "", "", "", ""),
        HEAD,
        ("1", "西山区人民政府", "区政府", "县级政府", "", "", ""),
        ("2", "西山区人民政府办公室", "政府办", "区级部门", "区政府", "是", ""),
        ("3", "西山区财政局", "", "县级政府部门", "西山区人民政府", "否", "/"),
        ("4", "碧鸡街道办事处", "碧鸡", "街道", "区政府", "", "已并入别的街道"),
        ("合计", "4个", "", "", "", "", ""),
        ("填表人：", "", "", "", "", "", ""),
    )
    assert not roster.faults
    assert roster.lines == (
        Line("西山区人民政府", "区政府", "县级政府", 1, "", False, "", "第3行", None),
        Line("西山区人民政府办公室", "政府办", "县级政府部门", 2, "西山区人民政府", True, "", "第4行", None),
        Line("西山区财政局", "财政局", "县级政府部门", 3, "西山区人民政府", False, "", "第5行", None),
        Line("碧鸡街道办事处", "碧鸡", "乡镇街道", 4, "西山区人民政府", False, "已并入别的街道", "第6行", None),
    )  # fmt: skip


def test_two_lists_side_by_side_are_both_read() -> None:
    roster = grid(
        ("序号", "单位", "序号", "单位"),
        ("1", "西山区财政局", "3", "西山区民政局"),
        ("2", "西山区教育局", "", ""),
    )
    assert sorted(names(roster)) == sorted(THREE)
    assert {line.name: line.order for line in roster.lines} == dict(
        zip(THREE, (1, 2, 3), strict=True)
    )
    assert not roster.faults


def test_several_names_in_one_cell_are_several_lines() -> None:
    roster = grid(HEAD, ("1", "西山区财政局\n西山区教育局", "", "县级政府部门", "", "", ""))
    assert names(roster) == THREE[:2]
    assert {line.level for line in roster.lines} == {"县级政府部门"}
    assert names(grid(HEAD, ("1", "西山区\n财政局", "", "", "", "", ""))) == THREE[:1]


def test_other_columns_are_left_alone_but_a_name_in_them_is_not_lost() -> None:
    roster = grid(
        ("单位名称", "联系人", "电话", "备注"),
        ("西山区财政局", "王小明", "13800000000", "已报"),
        ("西山区教育局", "李小红", "", "西山区民政局"),
        ("西山区水务局", "", "", "西山区财政局"),
    )
    assert names(roster) == ["西山区财政局", "西山区教育局", "西山区水务局"]
    assert kinds(roster) == [("第3行", "unplaced")]
    assert "西山区民政局" in roster.faults[0].words


def test_a_name_above_the_head_is_said() -> None:
    roster = grid(("西山区财政局", ""), ("单位", "简称"), ("西山区教育局", ""))
    assert names(roster) == ["西山区教育局"]
    assert kinds(roster) == [("第1行", "unplaced")]


def test_a_row_with_everything_but_a_name_is_said() -> None:
    roster = grid(
        HEAD, ("1", "", "财政局", "县级政府部门", "", "", ""), ("2", "", "", "", "", "", "")
    )
    assert kinds(roster) == [("第2行", "no_name")]


def test_numbers_that_begin_again_under_each_heading_do_not_mix_the_groups() -> None:
    roster = grid(HEAD[:2], ("1", "西山区财政局"), ("2", "西山区教育局"), ("1", "西苑街道办事处"))
    assert [line.order for line in roster.lines] == [1, 2, 3]
    roster = grid(HEAD[:2], ("20", "西山区财政局"), ("10", "西山区教育局"))
    assert [line.order for line in roster.lines] == [20, 10]


def test_text_that_looks_like_a_formula_stays_text() -> None:
    roster = grid(("单位", "简称", "免报原因"), ("西山区财政局", "=1+1", '=HYPERLINK("x")'))
    assert (roster.lines[0].short, roster.lines[0].exempt) == ("=1+1", '=HYPERLINK("x")')


# ── faults ──────────────────────────────────────────────────────────────────────────────────


def test_a_doubled_name_is_taken_once_and_said_with_both_places() -> None:
    roster = pasted("西山区财政局\n西山区教育局\n西山区 财政局")
    assert names(roster) == THREE[:2]
    assert kinds(roster) == [("第3行", "doubled")]
    assert "第1行" in roster.faults[0].words


def test_two_widths_of_brackets_are_one_name() -> None:
    roster = pasted("西山区财政局（国资局）\n西山区财政局(国资局)", Unit(7, "西山区财政局(国资局)"))
    assert [line.known for line in roster.lines] == [7]
    assert kinds(roster) == [("第2行", "doubled")]


def test_an_unknown_level_is_left_blank_and_the_known_ones_are_listed() -> None:
    roster = grid(HEAD[1:4], ("西山区财政局", "", "副处级"))
    assert roster.lines[0].level == ""
    assert kinds(roster) == [("第2行", "level")]
    assert all(level in roster.faults[0].words for level in LEVELS)


@pytest.mark.parametrize(
    ("words", "name", "level"),
    [
        ("区级部门", "西山区财政局", "县级政府部门"),
        ("县直单位", "富民县财政局", "县级政府部门"),
        ("区政府工作部门", "西山区财政局", "县级政府部门"),
        ("县级", "富民县人民政府", "县级政府"),
        ("县级", "富民县财政局", "县级政府部门"),
        ("地市级", "昆明市人民政府", "地市级政府"),
        ("设区的市级部门", "昆明市财政局", "地市级政府部门"),
        ("省级", "云南省财政厅", "省级政府部门"),
        ("镇", "团结镇人民政府", "乡镇街道"),
        ("街道", "西苑街道办事处", "乡镇街道"),
        ("部门", "西山区财政局", ""),
        ("", "西山区财政局", ""),
        ("市级部门", "安宁市财政局", None),  # of a 县级市 or of a 地级市
        ("正科级", "西山区财政局", None),
    ],
)  # fmt: skip
def test_a_level_is_known_in_the_words_that_offices_use(
    words: str, name: str, level: str | None
) -> None:
    assert read_level(words, name) == level


def test_every_level_that_a_name_shows_is_a_level_of_the_roster() -> None:
    for name in (
        "云南省人民政府",
        "昆明市人民政府",
        "西山区人民政府",
        "团结镇人民政府",
        "西山区财政局",
    ):
        assert level_of(name) in LEVELS


def test_an_unknown_parent_is_left_out_and_the_likely_one_is_offered() -> None:
    head = ("单位", "上级")
    roster = grid(head, ("西山区财政局", "西山政府"), units=(Unit(3, "西山区人民政府"),))
    assert roster.lines[0].parent == ""
    assert kinds(roster) == [("第2行", "parent")]
    assert "是不是“西山区人民政府”？" in roster.faults[0].words


def test_a_parent_may_be_known_or_named_for_short() -> None:
    head = ("单位", "上级")
    government = Unit(3, "西山区人民政府", "区府")
    for parent in ("区府", "西山区人民政府", "西山区 人民政府"):
        roster = grid(head, ("西山区财政局", parent), units=(government,))
        assert roster.lines[0].parent == "西山区人民政府"
        assert not roster.faults


def test_a_parent_that_is_the_unit_itself_is_said() -> None:
    roster = grid(("单位", "上级"), ("西山区财政局", "西山区财政局"))
    assert roster.lines[0].parent == ""
    assert kinds(roster) == [("第2行", "circle")]


def test_a_circle_of_parents_is_cut_and_what_hangs_on_it_stays() -> None:
    roster = grid(
        ("单位", "上级"),
        ("西山区财政局", "西山区教育局"),
        ("西山区教育局", "西山区民政局"),
        ("西山区民政局", "西山区财政局"),
        ("西山区水务局", "西山区财政局"),
    )
    assert kinds(roster) == [(f"第{n}行", "circle") for n in (2, 3, 4)]
    assert [line.parent for line in roster.lines] == ["", "", "", "西山区财政局"]


def test_a_circle_through_a_known_unit_is_found() -> None:
    known = (Unit(1, "西山区人民政府", parent=2), Unit(2, "西山区财政局"))
    roster = grid(("单位", "上级"), ("西山区财政局", "西山区人民政府"), units=known)
    assert kinds(roster) == [("第2行", "circle")]


def test_only_one_own_office_is_left_under_a_parent() -> None:
    head = ("单位", "上级", "本级")
    rows = [
        ("西山区人民政府", "", ""),
        ("西山区财政局", "西山区人民政府", "是"),
        ("西山区教育局", "西山区人民政府", "√"),
        ("团结镇人民政府", "", ""),
        ("团结镇党政综合办公室", "团结镇人民政府", "是"),
    ]
    roster = grid(head, *rows)
    assert [line.name for line in roster.lines if line.own] == [
        "西山区财政局",
        "团结镇党政综合办公室",
    ]
    assert kinds(roster) == [("第4行", "own")]
    assert "第3行“西山区财政局”" in roster.faults[0].words


def test_an_own_office_that_is_known_already_goes_before_a_new_one() -> None:
    known = (Unit(1, "西山区人民政府"), Unit(2, "西山区人民政府办公室", parent=1, own=True))
    row = ("西山区财政局", "西山区人民政府", "是")
    roster = grid(("单位", "上级", "本级"), row, units=known)
    assert not roster.lines[0].own
    assert kinds(roster) == [("第2行", "own")]
    # a roster that names both moves it
    both = grid(
        ("单位", "上级", "本级"), row, ("西山区人民政府办公室", "西山区人民政府", "否"), units=known
    )
    assert [line.own for line in both.lines] == [True, False]
    assert not both.faults


def test_a_name_that_says_so_is_the_own_office() -> None:
    assert line(pasted("西山区人民政府（本级）\n西山区财政局"), "西山区人民政府（本级）").own


@pytest.mark.parametrize(
    ("cell", "reason", "asked"),
    [("是", "", True), ("免报", "", True), ("√", "", True), ("否", "", False), ("", "", False),
     ("-", "", False), ("✗", "", False), ("×", "", False), ("N", "", False), ("✔", "", True), ("机构改革中撤销", "机构改革中撤销", False)],
)  # fmt: skip
def test_an_exemption_needs_its_reason(cell: str, reason: str, asked: bool) -> None:
    roster = grid(("单位", "免报"), ("西山区财政局", cell))
    assert roster.lines[0].exempt == reason
    assert [kind for _, kind in kinds(roster)] == ["exempt"] * asked


def test_a_yes_beside_a_reason_is_enough() -> None:
    roster = grid(("单位", "是否免报", "免报原因"), ("西山区财政局", "是", "已撤销"))
    assert roster.lines[0].exempt == "已撤销"
    assert not roster.faults


def test_a_doubtful_own_cell_is_said() -> None:
    roster = grid(("单位", "本级"), ("西山区财政局", "可能"))
    assert kinds(roster) == [("第2行", "own")]


def test_a_row_whose_cells_have_slipped_is_said() -> None:
    roster = pasted("单位 简称 层级\n西山区财政局 县级政府部门")
    assert roster.lines[0].short != "县级政府部门"
    assert kinds(roster) == [("第2行", "short")]


def test_what_goes_beyond_the_limit_is_said() -> None:
    roster = pasted("\n".join(f"西山区第{n}中学" for n in range(MOST_LINES + 5)))
    assert len(roster.lines) == MOST_LINES
    assert kinds(roster) == [(f"第{MOST_LINES + 1}行", "too_many")]
    huge = pasted("\n".join(["西山区财政局，" * 20] * 1_001))
    assert ("第1001行", "too_many") in kinds(huge)
    wide = grid(("单位", *[""] * 250, "西山区财政局"), ("西山区教育局",))
    assert ("第1行", "too_many") in kinds(wide)


def test_faults_stand_in_the_order_of_the_rows() -> None:
    roster = grid(
        ("单位", "层级", "上级"),
        ("西山区财政局", "副处级", "市里"),
        ("财政", "", ""),
        ("西山区教育局", "副处级", "市里"),
    )
    places = [int(fault.place[1:-1]) for fault in roster.faults]
    assert places == sorted(places) == [2, 2, 3, 4, 4]
    assert all(fault.said.startswith(fault.place) for fault in roster.faults)


# ── units that are there already ────────────────────────────────────────────────────────────


def test_a_bare_list_takes_nothing_away_from_known_units() -> None:
    known = Unit(4, "西山区财政局", "财政", "县级政府部门", order=7, own=True, exempt="已撤销")
    (found,) = pasted("西山区财政局", known).lines
    assert (found.short, found.level, found.own, found.exempt) == (
        "财政",
        "县级政府部门",
        True,
        "已撤销",
    )
    (found,) = grid(("单位", "本级", "免报"), ("西山区财政局", "", ""), units=(known,)).lines
    assert (found.own, found.exempt) == (False, "")


def test_a_known_unit_keeps_its_name_sign_for_sign() -> None:
    (found,) = pasted("西山区财政局(国资局)", Unit(4, "西山区财政局（国资局）")).lines
    assert (found.name, found.known) == ("西山区财政局（国资局）", 4)


def test_new_names_without_numbers_go_behind_the_known_ones() -> None:
    known = (Unit(1, "西山区财政局", order=5), Unit(2, "西山区水务局", order=6))
    roster = pasted("西山区教育局\n西山区财政局\n西山区民政局", *known)
    assert [line.order for line in roster.lines] == [7, 5, 9]
    # a list of them all sets the order anew
    assert [line.order for line in pasted("西山区水务局\n西山区财政局", *known).lines] == [1, 2]


# ── short names ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "place", "short"),
    [
        ("西山区市场监督管理局", "西山区", "市场监督管理局"),
        ("西山区人民政府", "西山区", "区政府"),
        ("富民县人民政府", "富民县", "县政府"),
        ("西山区文化和旅游局（西山区文物局）", "西山区", "文化和旅游局"),
        ("碧鸡街道办事处", "西山区", ""),
        ("西山区财政局", "", ""),
        ("西山区委办", "西山区", ""),
        ("沙市区财政局", "沙市", ""),
        ("苏州市财政局", "苏州", ""),
    ],
)
def test_a_short_name_drops_the_place_and_nothing_else(name: str, place: str, short: str) -> None:
    assert short_name(name, place) == short


@pytest.mark.parametrize(
    ("listed", "place"),
    [
        (THREE, "西山区"),
        (["昆明市西山区财政局", "昆明市西山区教育局"], "昆明市西山区"),
        (["昆明市西山区财政局", "昆明市盘龙区教育局"], "昆明市"),
        (["西山区城市管理局", "西山区城市更新中心"], "西山区"),
        (["西山区市场监督管理局", "西山区市政公用局"], "西山区"),
        (["城市管理局", "城市更新中心"], ""),
        (["沙市区财政局", "沙市区教育局"], "沙市区"),
        (["苏州市财政局", "苏州市教育局"], "苏州市"),
        (["贵州省财政厅", "贵州省教育厅"], "贵州省"),
        (["内蒙古自治区财政厅", "内蒙古自治区教育厅"], "内蒙古自治区"),
        (["双江拉祜族佤族布朗族傣族自治县财政局", "双江拉祜族佤族布朗族傣族自治县教育局"], "双江拉祜族佤族布朗族傣族自治县"),
        (["西山区财政局"], ""),
        ([], ""),
    ],
)  # fmt: skip
def test_the_place_common_to_a_list_is_found(listed: list[str], place: str) -> None:
    assert place_of(listed) == place


def test_no_short_name_stands_for_two() -> None:
    roster = pasted(
        "西山区财政局\n西山区教育局\n昆明市财政局\n昆明市教育局\n西山区民政局\n昆明市民政局"
    )
    shorts = [line.short for line in roster.lines if line.short]
    assert len(set(shorts)) == len(shorts)
    roster = pasted("西山区财政局\n西山区教育局", Unit(1, "西山区税务局", "财政局"))
    assert [line.short for line in roster.lines] == ["", "教育局"]
    roster = grid(("单位", "简称"), ("西山区财政局", "教育局"), ("西山区教育局", ""))
    assert [line.short for line in roster.lines] == ["教育局", ""]


def test_a_short_name_given_twice_is_said() -> None:
    roster = grid(("单位", "简称"), ("西山区财政局", "局里"), ("西山区教育局", "局里"))
    assert kinds(roster) == [("第3行", "short")]


def test_a_known_unit_keeps_its_short_name_where_none_is_given() -> None:
    roster = pasted("西山区财政局\n西山区教育局", Unit(5, "西山区财政局", "财政"))
    assert (roster.lines[0].short, roster.lines[0].known) == ("财政", 5)


# ── whom a typed name means ─────────────────────────────────────────────────────────────────

UNITS = tuple(
    Unit(number, name, order=number)
    for number, name in enumerate(
        ("西山区人民政府", "西山区人民政府办公室", "西山区财政局", "西山区市场监督管理局",
         "西山区卫生健康局", "西山区人力资源和社会保障局", "西山区发展和改革局", "西山区自然资源局",
         "西山区住房和城乡建设局", "西山区教育体育局", "西山区审计局", "西山区公安局",
         "西山区公安局交通警察大队", "西山区政务服务管理局", "西苑街道办事处", "碧鸡街道办事处"), 1)
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("西山区财政局", ["西山区财政局"]),
        (" 西山区 财政局。", ["西山区财政局"]),
        ("财政局", ["西山区财政局"]),
        ("财政", ["西山区财政局"]),
        ("昆明市西山区财政局", ["西山区财政局"]),
        ("西山财政局", ["西山区财政局"]),
        ("市监局", ["西山区市场监督管理局"]),
        ("市场监管局", ["西山区市场监督管理局"]),
        ("卫健局", ["西山区卫生健康局"]),
        ("人社局", ["西山区人力资源和社会保障局"]),
        ("发改局", ["西山区发展和改革局"]),
        ("住建局", ["西山区住房和城乡建设局"]),
        ("教体局", ["西山区教育体育局"]),
        ("资源局", ["西山区自然资源局"]),
        ("公安局", ["西山区公安局"]),
        ("交警大队", ["西山区公安局交通警察大队"]),
        ("政务局", ["西山区政务服务管理局"]),
        ("区政府", ["西山区人民政府"]),
        ("政府办", ["西山区人民政府办公室"]),
        ("区府办", ["西山区人民政府办公室"]),
        ("西苑", ["西苑街道办事处"]),
        ("街道办", ["西苑街道办事处", "碧鸡街道办事处"]),
        ("环保局", []),
        ("局", []),
        ("北京市", []),
        ("", []),
        ("财政局" * 30, []),
    ],
)  # fmt: skip
def test_a_typed_name_finds_the_units_it_can_mean(typed: str, found: list[str]) -> None:
    assert [unit.name for unit in find_units(UNITS, typed)] == found


def test_an_exact_short_name_goes_before_everything_but_a_full_one() -> None:
    units = (Unit(1, "西山区财政局"), Unit(2, "西山区国有资产监督管理局", "财政局"))
    assert [unit.id for unit in find_units(units, "财政局")] == [2]
    assert [unit.id for unit in find_units(units, "西山区财政局")] == [1]


def test_an_abbreviation_that_begins_as_the_name_does_goes_before_one_that_does_not() -> None:
    units = (Unit(1, "西山区生态水利局"), Unit(2, "西山区水务局"))
    assert [unit.id for unit in find_units(units, "水局")] == [2]
    assert [unit.id for unit in find_units(units, "态局")] == [1]
    units = (Unit(1, "西山区城市监察局"), Unit(2, "西山区市场监督管理局"))
    assert [unit.id for unit in find_units(units, "市监局")] == [2]


def test_an_abbreviation_needs_all_its_characters_in_the_name() -> None:
    assert find_units((Unit(1, "西山区水务局"),), "水土局") == ()


def test_units_that_a_name_can_mean_come_in_the_offices_order() -> None:
    units = (Unit(1, "西苑街道办事处", order=9), Unit(2, "碧鸡街道办事处", order=2))
    assert [unit.id for unit in find_units(units, "街道办事处")] == [2, 1]


def test_places_and_bodies_are_told_apart() -> None:
    assert is_place("昆明市西山区")
    assert not is_body("昆明市西山区")
    assert is_body("西山区财政局（国资局）")
    assert not is_place("西山区财政局")


# ── for any text ────────────────────────────────────────────────────────────────────────────

_SIGNS = st.sampled_from(
    "西山区财政局教育、，,;\t\n \u3000\r|（）()1２一.=-+@\"'：:单位名称简称层级上级本级免报是否无人民政府\u200b\ud800"
)
_TEXTS = st.text(_SIGNS, max_size=200) | st.text(max_size=100)
_BODIES = st.builds(
    "{}{}{}".format,
    st.sampled_from(("西山区", "富民县", "昆明市", "昆明市西山区")),
    st.sampled_from(
        ("财政", "教育", "市场监督管理", "城市管理", "自然资源", "农业农村", "水务", "审计")
    ),
    st.sampled_from(("局", "办公室", "服务中心", "委员会", "局（国资局）")),
)


@given(
    _TEXTS,
    st.lists(
        st.builds(Unit, st.integers(1, 9), _TEXTS, _TEXTS, parent=st.integers(1, 9)), max_size=4
    ),
)
@settings(max_examples=150, deadline=None)
def test_no_text_makes_the_reading_fail(text: str, units: list[Unit]) -> None:
    roster = pasted(text, *units)
    assert len({line.name for line in roster.lines}) == len(roster.lines)
    assert all(is_agency(line.name) for line in roster.lines)
    find_units(units, text)


@given(st.lists(st.lists(_TEXTS | _BODIES, max_size=6), max_size=8))
@settings(max_examples=150, deadline=None)
def test_no_grid_makes_the_reading_fail_or_loses_a_parent(rows: list[list[str]]) -> None:
    roster = read_roster(rows, UNITS, is_agency)
    there = {line.name for line in roster.lines} | {unit.name for unit in UNITS} | {""}
    assert {line.parent for line in roster.lines} <= there


def is_told(roster: Roster, name: str) -> bool:
    """Whether a name stands in a line or in the words of a fault."""
    listed = any(name in (line.name, line.parent, line.short) for line in roster.lines)
    return listed or any(name in fault.words for fault in roster.faults)


@given(
    st.lists(_BODIES, min_size=1, max_size=12),
    st.sampled_from(("\n", "、", "，", ",", "\t", " ", "；\n", "\n\n", "\n- ", "\n1. ")),
    st.sampled_from(
        ("", "单位名称\n", "单位,简称\n", "填报单位名单\n", "一、政府部门\n", "序号\t单位\t上级\n")
    ),
)
@settings(max_examples=200, deadline=None)
def test_no_full_name_in_a_list_is_lost(listed: list[str], sign: str, top: str) -> None:
    roster = pasted(top + sign.join(listed))
    assert [name for name in listed if not is_told(roster, name)] == []


@given(st.lists(st.lists(_BODIES | st.sampled_from(("", "1", "财政局", "是", "县级政府部门", "13800000000", "单位", "简称", "上级", "备注", "合计")), max_size=5), max_size=8))  # fmt: skip
@example([["单位", "", "单位", "单位"], ["西山区财政局"] * 3 + ["西山区财政办公室"]])
@example([["上级", "上级", "单位"], ["1", "西山区财政局", "西山区财政办公室"]])
@settings(max_examples=200, deadline=None)
def test_no_full_name_in_a_grid_is_lost(rows: list[list[str]]) -> None:
    roster = read_roster(rows, (), is_agency)
    words = {line.exempt for line in roster.lines}
    lost = [
        cell
        for row in rows
        for cell in row
        if len(cell) > 5
        and cell.endswith(("局", "室", "心", "会", "）"))
        and not is_told(roster, cell)
    ]
    assert [cell for cell in lost if cell not in words] == []
