"""One unit's report beside those of its peers: twins, lone zeros, lone leaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.office.peers import Anomaly, Peer, PeerLimits, compare_peers
from bot.office.standing import Unit
from bot.office.twins import Bound, own_names
from bot.report import Figure, Topic
from bot.wording import Wording
from tests.tables import STYLES, figures_of, form, report_of, requests_table

TOWNS = (
    "柳河",
    "松岭",
    "石桥",
    "青山",
    "白沙",
    "东湖",
    "南坪",
    "北岭",
    "西塘",
    "安平",
    "永丰",
    "长乐",
)
WORK = (
    "在便民服务中心设立查阅点并安排人员讲解",
    "把群众来电最多的停水通知改为提前两天发布",
    "请用水户代表逐条评议全年公开的内容",
    "村务公开栏按季度张贴惠农补贴发放情况",
    "组织各村负责同志参加公开业务培训3次",
    "利用赶集日向群众发放办事指南120份",
    "梳理高频事项并在门户网站集中展示",
    "安排专人每周检查栏目更新情况",
)
TABLE = figures_of(requests_table(3, STYLES["small"]))
RECEIVED = "requests.new_received.total"
ZERO: dict[str, Figure] = dict.fromkeys(form().cells, 0)


def town(at: int) -> str:
    return f"{TOWNS[at % 12]}{'东西南北中'[at // 12 % 5] if at >= 12 else ''}镇人民政府"


def unit(at: int, **changes: object) -> Unit:
    known = Unit(at + 1, town(at), town(at).removesuffix("人民政府"), "乡镇", parent=900)
    return replace(known, **changes)  # type: ignore[arg-type]


def own_work(at: int) -> list[str]:
    """Sentences that only one unit writes."""
    random = Random(at)
    words = "水库渠道果园茶山集市渡口祠堂学校药铺球场凉亭石桥粮站林场码头戏台"
    return ["把" + "".join(random.choices(words, k=14)) + "的情况讲给群众听" for _ in range(8)]


def telling(at: int, sentences: Iterable[str], **changes: object) -> Peer:
    """A town whose 主动公开 is made of these sentences, and whose tables are in order."""
    text = "。".join(sentences) + "。"
    topics = (Topic("主动公开", text), Topic("监督保障", f"{town(at)}接受评议。"))
    fields: dict[str, object] = {"agency": town(at), "intro": "", "topics": topics, "level": "乡镇"}
    report = report_of(TABLE, **fields | {"problems": ""} | changes)
    return Peer(unit(at), report, report_of(TABLE, year=2023))


def counting(
    at: int,
    now: Mapping[str, Figure],
    last: Mapping[str, Figure] | None = None,
    level: str = "乡镇",
) -> Peer:
    """A town with these figures, this year and last, and no texts."""
    report = report_of(now, agency=town(at), intro=None, problems=None, other=None, topics=())
    before = None if last is None else replace(report, year=2023, figures=last)
    return Peer(unit(at, level=level), report, before)


def found(peers: Sequence[Peer], rule: str) -> list[Anomaly]:
    return [a for a in compare_peers(peers, form()) if a.finding.rule == rule]


def names(anomalies: Iterable[Anomaly]) -> list[str]:
    return [anomaly.unit.name for anomaly in anomalies]


# ── twins ───────────────────────────────────────────────────────────────────────────────────


def district(*odd: Peer) -> list[Peer]:
    """Eight units that wrote their own texts, and some others before them."""
    return [*odd, *(telling(at, own_work(at)) for at in range(len(odd), len(odd) + 8))]


def test_units_that_wrote_their_own_texts_are_no_twins() -> None:
    assert compare_peers(district(), form()) == ()


def test_two_units_with_one_text_are_each_reported_once_with_the_other() -> None:
    anomalies = found(district(telling(0, WORK), telling(1, WORK)), "NAR-PEER")
    assert names(anomalies) == [town(0), town(1)]
    assert [[other.name for other in a.others] for a in anomalies] == [[town(1)], [town(0)]]
    assert {a.finding.severity for a in anomalies} == {"admin"}


def test_a_twin_lists_the_sentences_in_the_order_of_its_report() -> None:
    mine = [*WORK[:6], *own_work(0)[:2]]
    (first, _) = found(district(telling(0, mine), telling(1, WORK[:7])), "NAR-PEER")
    finding = first.finding
    assert finding.facts["sentences"] == tuple(f"{sentence}。" for sentence in WORK[:6])
    assert (finding.facts["same"], finding.facts["of"]) == (6, 8)
    assert (finding.cells, finding.sentence) == (("overview.proactive",), f"{WORK[0]}。")


@pytest.mark.parametrize(("same", "own", "are"), [(5, 3, True), (6, 4, False), (4, 0, False)])
def test_more_than_six_in_ten_and_at_least_five_sentences_make_a_twin(
    same: int, own: int, are: bool
) -> None:
    peers = [telling(at, [*WORK[:same], *own_work(at)[:own]]) for at in (0, 1)]
    assert bool(found(district(*peers), "NAR-PEER")) == are


def test_a_short_text_inside_a_long_one_is_reported_for_the_short_one() -> None:
    peers = [telling(0, WORK[:6]), telling(1, [*WORK[:6], *own_work(1)])]
    assert names(found(district(*peers), "NAR-PEER")) == [town(0)]


def test_other_figures_and_names_in_the_same_sentences_still_make_twins() -> None:
    def put(at: int) -> list[str]:
        place, times = town(at).removesuffix("人民政府"), at + 2
        return [
            f"{place}人民政府在便民服务中心设立查阅点{times}处并安排人员讲解",
            f"我镇把{place}群众来电最多的停水通知改为提前{times}天发布",
            f"请{TOWNS[at]}用水户代表逐条评议全年公开的{times}0条内容",
            f"全镇村务公开栏按季度张贴惠农补贴发放情况{times}期",
            f"利用{place}赶集日向群众发放办事指南1{times}0份",
        ]

    assert len(found(district(telling(0, put(0)), telling(1, put(1))), "NAR-PEER")) == 2


def test_a_bureau_and_a_town_that_each_speak_of_themselves_are_compared() -> None:
    peers = [
        telling(at, [f"{ours}{sentence}" for sentence in WORK], agency=name)
        for at, (ours, name) in enumerate((("我局", "青石县水务局"), ("本镇", town(1))))
    ]
    assert len(found(district(*peers), "NAR-PEER")) == 2


def test_what_is_short_without_its_names_is_not_compared() -> None:
    formulas = ("召开部署会", "开展培训会", "接受评议会", "更新目录表", "公布电话号")
    peers = [telling(at, [f"{town(at)}{said}" for said in formulas]) for at in (0, 1)]
    assert found(district(*peers), "NAR-PEER") == []


def test_a_fifth_of_a_large_cycle_may_be_found_alike() -> None:
    peers = [telling(at, WORK if at < 12 else own_work(at)) for at in range(60)]
    assert len(found(peers, "NAR-PEER")) == 12


def test_what_half_of_the_units_write_is_a_set_phrase_and_makes_no_twins() -> None:
    peers = [telling(at, [*WORK, *own_work(at)[:2]]) for at in range(12)]
    assert found([*peers, *district()[: 12 - 8]], "NAR-PEER") == []


def test_set_phrases_do_not_hide_twins_either() -> None:
    everybody = [telling(at, [*WORK, *own_work(at)[:2]]) for at in range(2, 14)]
    mine = [*WORK, *own_work(99)[:6]]
    anomalies = found([telling(0, mine), telling(1, mine), *everybody], "NAR-PEER")
    assert names(anomalies) == [town(0), town(1)]
    assert {a.finding.facts["of"] for a in anomalies} == {6}


def test_ten_units_with_one_text_are_found_and_name_each_other() -> None:
    anomalies = found([telling(at, WORK) for at in range(10)], "NAR-PEER")
    assert [len(a.others) for a in anomalies] == [9] * 10


def test_the_closest_twin_comes_first() -> None:
    peers = [telling(0, WORK), telling(1, [*WORK[:6], *own_work(1)[:1]]), telling(2, WORK)]
    first = found(district(*peers), "NAR-PEER")[0]
    assert [other.name for other in first.others] == [town(2), town(1)]


@pytest.mark.parametrize("item", ["preamble", "other"])
def test_preface_and_section_six_may_be_the_same_everywhere(item: str) -> None:
    text = "。".join(WORK) + "。"
    peers = [telling(at, own_work(at)[:3], **{item: text}) for at in range(3)]
    assert found(peers, "NAR-PEER") == []


def test_statutory_sentences_are_nobodys_own() -> None:
    law = [f"按照《条例》第{n}条主动公开各类涉农信息和财政信息" for n in "一二三四五六七八"]
    peers = [telling(at, [f"{law_}{tail}" for law_ in law]) for at, tail in ((0, ""), (1, ""))]
    assert found(district(*peers), "NAR-PEER") == []


def test_paragraphs_that_the_assistant_drafted_make_no_twins() -> None:
    drafted = "。".join(WORK) + "。"
    peers = [
        replace(telling(at, [*WORK, *own_work(at)[:3]]), proposed=(drafted.replace("3次", "8次"),))
        for at in (0, 1)
    ]
    assert found(district(*peers), "NAR-PEER") == []
    assert len(found(district(*(replace(peer, proposed=()) for peer in peers)), "NAR-PEER")) == 2


def test_a_government_and_its_own_office_are_no_twins() -> None:
    office = replace(telling(0, WORK), unit=unit(0, own=True, parent=2))
    assert found(district(office, telling(1, WORK)), "NAR-PEER") == []


def test_reports_without_texts_are_no_twins() -> None:
    assert compare_peers([counting(at, TABLE, TABLE) for at in range(8)], form()) == ()


def test_a_units_names_are_its_own_its_places_and_its_short_one() -> None:
    report = report_of(TABLE, agency="青石县水务局")
    assert own_names(Unit(1, "青石县水务局", "县水务"), report) == (
        "青石县水务局", "县水务局", "县水务", "水务局", "青石县", "青石",
    )  # fmt: skip


@given(st.lists(st.sets(st.integers(0, 15), min_size=1), min_size=2, max_size=8))
@settings(max_examples=60, deadline=None)
def test_the_index_finds_what_comparing_every_pair_finds(chosen: list[set[int]]) -> None:
    pool = [*WORK, *own_work(50)]
    peers = [telling(at, [pool[n] for n in sorted(own)]) for at, own in enumerate(chosen)]
    expected = {
        (one + 1, other + 1)
        for one, mine in enumerate(chosen)
        for other, theirs in enumerate(chosen)
        if one != other and len(mine & theirs) >= 5 and len(mine & theirs) > 0.6 * len(mine)
    }
    anomalies = found(peers, "NAR-PEER")
    assert {(a.unit.id, other.id) for a in anomalies for other in a.others} == expected


def test_two_thousand_units_are_compared_in_seconds() -> None:
    peers = [telling(at, [*own_work(at), *WORK]) for at in range(2000)]
    started = process_time()
    assert found(peers, "NAR-PEER") == []
    assert process_time() - started < 8


# ── zeros ───────────────────────────────────────────────────────────────────────────────────


def with_permits(number: int | None) -> dict[str, Figure]:
    return {**TABLE, "proactive.permits": number}


def permits_of(own: Peer, *others: int) -> list[Peer]:
    """One unit among towns with so many permits, this year and last."""
    return [
        own,
        *(counting(at, with_permits(n), with_permits(n)) for at, n in enumerate(others, 1)),
    ]


def test_a_lone_zero_where_last_year_had_permits_is_found() -> None:
    own = counting(0, with_permits(0), with_permits(31))
    (anomaly,) = compare_peers(permits_of(own, 40, 35, 12, 28, 0), form())
    finding = anomaly.finding
    assert (finding.rule, finding.severity, finding.cells) == (
        "PEER-ZERO", "admin", ("proactive.permits",),
    )  # fmt: skip
    cell = "proactive.permits"
    seen = {key: finding.facts[key] for key in ("above", "of", "middle", "last")}
    assert seen == {"above": {cell: 4}, "of": {cell: 5}, "middle": {cell: 28}, "last": {cell: 31}}


@pytest.mark.parametrize(
    ("last", "others", "why"),
    [
        (0, (40, 35, 12, 28, 9), "it had none last year either"),
        (3, (40, 35, 12, 28, 9), "three may well be none the year after"),
        (31, (40, 35, 12, 0, 0), "fewer than four in five have any"),
        (31, (40, 35, 12, 28), "four are too few to be a measure"),
        (None, (40, 35, 12, 4, 4), "two in five have so few that none is likely"),
    ],
)
def test_a_zero_that_may_well_be_right_is_left_alone(
    last: int | None, others: tuple[int, ...], why: str
) -> None:
    own = counting(0, with_permits(0), None if last is None else with_permits(last))
    assert found(permits_of(own, *others), "PEER-ZERO") == [], why


def test_a_zero_without_a_known_last_year_is_measured_by_the_peers() -> None:
    own = counting(0, with_permits(0))
    assert len(found(permits_of(own, 40, 35, 12, 28, 9), "PEER-ZERO")) == 1


def test_a_report_of_two_years_ago_is_no_last_year() -> None:
    own = counting(0, with_permits(0), with_permits(0))
    assert own.last is not None
    own = replace(own, last=replace(own.last, year=2022))
    assert len(found(permits_of(own, 40, 35, 12, 28, 9), "PEER-ZERO")) == 1


def test_a_blank_is_no_zero() -> None:
    own = counting(0, with_permits(None), with_permits(31))
    assert compare_peers(permits_of(own, 40, 35, 12, 28, 9), form()) == ()


def test_units_of_another_level_or_of_none_are_no_peers() -> None:
    for level in ("县级政府部门", ""):
        own = counting(0, with_permits(0), with_permits(31), level=level)
        own = replace(own, report=replace(own.report, level=level))
        assert found(permits_of(own, 40, 35, 12, 28, 9), "PEER-ZERO") == []


def test_a_unit_of_nothing_but_zeros_is_reported_once() -> None:
    own = counting(0, ZERO, with_permits(31))
    (anomaly,) = compare_peers(permits_of(own, 40, 35, 12, 28, 9), form())
    assert (anomaly.finding.rule, anomaly.finding.cells) == ("PEER-ZERO", ())
    assert anomaly.finding.facts["all"] is True
    assert anomaly.finding.facts["of"] == {"": 5}


def test_no_requests_are_found_too() -> None:
    none = {**figures_of({}), "proactive.permits": 20}
    own = counting(0, none, with_permits(20))
    (anomaly,) = compare_peers(permits_of(own, 20, 21, 19, 22, 20), form())
    assert anomaly.finding.cells == (RECEIVED,)


# ── leaps ───────────────────────────────────────────────────────────────────────────────────

FINES = "proactive.penalties"


def with_fines(number: Figure) -> dict[str, Figure]:
    return {**TABLE, FINES: number}


def fines_of(now: Figure, last: Figure, ratio: float = 1.0, others: int = 6) -> list[Peer]:
    """One unit with so many penalties, among towns whose penalties all changed by `ratio`."""
    steady = [
        counting(at, with_fines(round((20 + at) * ratio)), with_fines(20 + at))
        for at in range(1, others + 1)
    ]
    return [counting(0, with_fines(now), with_fines(last)), *steady]


@pytest.mark.parametrize(
    ("now", "last", "odd"),
    [(800, 40, True), (400, 40, True), (399, 40, False), (55, 5, True), (54, 5, False),
     (60, 0, True), (40, 0, False), (4, 80, True), (9, 80, False), (1, 45, False), (40, 40, False)],
)  # fmt: skip
def test_ten_times_or_a_tenth_of_last_year_and_fifty_apart_is_a_leap(
    now: int, last: int, odd: bool
) -> None:
    anomalies = found(fines_of(now, last), "PEER-JUMP")
    assert [(a.unit.name, a.finding.cells) for a in anomalies] == ([(town(0), (FINES,))] * odd)


@pytest.mark.parametrize("ratio", [0.2, 8.0])
def test_where_all_units_moved_no_leap_is_odd(ratio: float) -> None:
    assert found(fines_of(800, 40, ratio), "PEER-JUMP") == []


def test_a_leap_among_fewer_than_five_peers_is_not_judged() -> None:
    assert found(fines_of(800, 40, others=4), "PEER-JUMP") == []


def test_a_leap_of_requests_is_said_once_and_not_for_each_outcome() -> None:
    big = figures_of(requests_table(5, STYLES["county"]))
    small = figures_of(requests_table(5, STYLES["sparse"]))
    peers = [counting(0, big, small), *(counting(at, TABLE, TABLE) for at in range(1, 8))]
    assert [a.finding.cells for a in found(peers, "PEER-JUMP")] == [(RECEIVED,)]


def test_requests_carried_in_are_left_to_the_check_against_last_year() -> None:
    cell = "requests.carried_in.total"
    others = [counting(at, {**TABLE, cell: 9}, {**TABLE, cell: 9}) for at in range(1, 8)]
    own = counting(0, {**TABLE, cell: 400}, {**TABLE, cell: 9})
    assert found([own, *others], "PEER-JUMP") == []


def test_a_clean_up_of_documents_that_agrees_with_last_years_stock_is_no_leap() -> None:
    def documents(made: int, repealed: int, valid: int) -> dict[str, Figure]:
        row = {"made": made, "repealed": repealed, "in_force": valid}
        return {**TABLE, **{f"proactive.normdocs_{column}": n for column, n in row.items()}}

    others = [counting(at, documents(2, 2, 60), documents(2, 2, 60)) for at in range(1, 8)]
    swept = counting(0, documents(2, 88, 4), documents(1, 2, 90))
    assert found([swept, *others], "PEER-JUMP") == []
    slipped = counting(0, documents(2, 2, 900), documents(1, 2, 90))
    assert [a.finding.cells for a in found([slipped, *others], "PEER-JUMP")] == [
        ("proactive.normdocs_in_force",)
    ]


def test_a_figure_that_is_reported_as_a_lone_zero_is_not_reported_as_a_leap() -> None:
    assert [a.finding.rule for a in compare_peers(fines_of(0, 80), form())] == ["PEER-ZERO"]


def test_fees_that_leap_are_named_in_their_unit(wording: Wording) -> None:
    def fees(amount: str) -> dict[str, Figure]:
        return {**TABLE, "proactive.fees_wanyuan": Decimal(amount)}

    others = [counting(at, fees("30"), fees("28.5")) for at in range(1, 8)]
    (anomaly,) = compare_peers([counting(0, fees("6500"), fees("6.5")), *others], form())
    assert wording.message(anomaly.finding, {}) == (
        "“行政事业性收费”今年 6500万元，2023年 6.5万元，"
        "同层级其他单位今年与去年之比的中位数是 1.05。"
    )


# ── all together ────────────────────────────────────────────────────────────────────────────


def test_anomalies_come_unit_by_unit_in_the_order_given() -> None:
    peers = [telling(0, WORK), *fines_of(800, 40)[1:6], telling(11, WORK)]
    leap = replace(fines_of(800, 40)[0], unit=unit(7))
    anomalies = compare_peers([*peers[:3], leap, *peers[3:]], form())
    assert [(a.unit.id, a.finding.rule) for a in anomalies] == [
        (1, "NAR-PEER"), (8, "PEER-JUMP"), (12, "NAR-PEER"),
    ]  # fmt: skip


def test_an_office_may_set_its_own_measures() -> None:
    peers = district(telling(0, WORK), telling(1, WORK))
    assert compare_peers(peers, form(), PeerLimits(twins=Bound(fewest=20))) == ()
    assert compare_peers(fines_of(800, 40), form(), PeerLimits(jump=50)) == ()


def test_one_unit_or_none_has_nothing_to_be_measured_by() -> None:
    assert compare_peers((), form()) == ()
    assert compare_peers([counting(0, ZERO, TABLE)], form()) == ()


CASES = (
    (
        district(telling(0, WORK), telling(1, WORK)),
        "8 句话里有 8 句和“松岭镇”的报告一样（多家通用的句子不算，数字、本单位和地方的名称不比），"
        "例如“在便民服务中心设立查阅点并安排人员讲解。”。",
    ),
    (
        [telling(at, WORK) for at in range(6)],
        "8 句话里有 8 句和“松岭镇”的报告一样（多家通用的句子不算，数字、本单位和地方的名称不比），"
        "和“石桥镇”、“青山镇”、“白沙镇”等 4 家也大多一样，"
        "例如“在便民服务中心设立查阅点并安排人员讲解。”。",
    ),
    (
        permits_of(counting(0, with_permits(0), with_permits(31)), 40, 35, 12, 28, 0),
        "“行政许可”填的是 0，同层级其他 5 家里有 4 家大于 0，中位数 28，本单位2023年是 31。",
    ),
    (
        permits_of(counting(0, with_permits(0)), 40, 35, 12, 28, 9),
        "“行政许可”填的是 0，同层级其他 5 家里有 5 家大于 0，中位数 28（没有本单位去年的数）。",
    ),
    (
        permits_of(counting(0, ZERO, TABLE), 40, 35, 12, 28, 9),
        "表二、表三、表四的数全部是 0，同层级其他 5 家里有 5 家不是，本单位2023年也不是。",
    ),
    (
        fines_of(800, 40),
        "“行政处罚”今年 800，2023年 40，同层级其他单位今年与去年之比的中位数是 1.0。",
    ),
)


@pytest.mark.parametrize(("peers", "message"), CASES)
def test_every_anomaly_is_said_in_words(
    peers: Sequence[Peer], message: str, wording: Wording
) -> None:
    anomaly = compare_peers(peers, form())[0]
    report = peers[0].report
    assert wording.message(anomaly.finding, report.figures) == message
    assert "不用处理" in wording.why(anomaly.finding, report.figures)
