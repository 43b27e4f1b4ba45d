"""Where the error sits: single errors put into made-up tables, and what is proposed first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from math import exp
from pathlib import Path
from random import Random
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.checks import run_checks
from bot.checks.figures import totals
from bot.checks.figures.equations import open_ledger
from bot.checks.figures.shares import Grid, Shares, likelihood
from bot.checks.figures.slips import read_line_slip, read_slip
from bot.checks.finding import Dossier, Finding, Repair
from bot.report import Figure
from tests import fresh
from tests.tables import (
    APPLICANTS,
    COLUMNS,
    ROWS,
    STYLES,
    Table,
    figures_of,
    form,
    report_of,
    requests_table,
)

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "suqian-2023.json"
HELD_OUT = 7000
DIAGNOSES = ("T3-CELL", "T3-SHIFT")

CITY = """
new_received          2208 121 2 9 31 14 2385
carried_in              75   6 0 0  2  1   84
granted                798  61 1 4 12  5  881
partly_granted         204  17 0 1  3  2  227
denied_state_secret      3   0 0 0  0  0    3
denied_law_forbidden    18   1 0 0  0  0   19
denied_safety_stability  4   0 0 0  0  0    4
denied_third_party      41   2 0 0  1  0   44
denied_internal_affairs 16   0 0 0  0  0   16
denied_process_info     11   0 0 0  1  0   12
denied_enforcement_file 13   1 0 0  0  0   14
denied_admin_inquiry    24   3 0 0  0  0   27
unable_not_held        655  29 1 2  9  6  702
unable_needs_creation   22   1 0 0  0  0   23
unable_still_unclear     5   0 0 0  0  0    5
notproc_petition       172   0 0 0  0  0  172
notproc_repeat          33   1 0 0  0  0   34
notproc_publication      1   0 0 0  0  0    1
notproc_excessive       27   0 0 0  0  0   27
notproc_reconfirm        2   0 0 0  0  0    2
other_no_correction     38   0 0 1  0  0   39
other_no_fee             7   0 0 0  0  0    7
other_misc             110   5 0 0  3  1  119
total_handled         2204 121 2 8 29 14 2378
carried_out             79   6 0 1  4  1   91
"""


def read_table(text: str) -> Table:
    lines = (line.split() for line in text.strip().splitlines())
    return {
        f"{row}.{column}": int(number)
        for row, *numbers in lines
        for column, number in zip(COLUMNS, numbers, strict=True)
    }


TABLE = read_table(CITY)


SUMS = (totals.check_sums, totals.check_overdrawn)


def diagnose(
    table: Mapping[str, int | None], received: int | None = None, open: int | None = None
) -> tuple[Finding, ...]:
    """What is found in a report with this table three."""
    figures: dict[str, Figure] = {f"requests.{cell}": number for cell, number in table.items()}
    whole = figures_of({}) | figures
    found = run_checks(Dossier(form(), report_of(whole), received, open), SUMS)
    return tuple(finding for finding in found if finding.rule != "NUM-02")


def mend(table: Mapping[str, int | None], repair: Repair) -> dict[str, int | None]:
    """The table once all changes of a repair are made."""
    changes = {change.cell.removeprefix("requests."): change.value for change in repair.changes}
    return {**table, **{cell: int(value) for cell, value in changes.items()}}


def set_row(row: str, numbers: str) -> Table:
    """One row of the table as it was typed."""
    return TABLE | read_table(f"{row} {numbers}")


def test_the_made_up_city_is_consistent() -> None:
    assert set(TABLE) == {f"{row}.{column}" for row in ROWS for column in COLUMNS}
    assert diagnose(TABLE) == ()


# ── one cell ────────────────────────────────────────────────────────────────────────────────


def test_swapped_digits_are_located_and_put_right() -> None:
    findings = diagnose(TABLE | {"granted.natural_person": 789})
    assert [f.rule for f in findings] == ["T3-CELL", "T3-ROW", "T3-RES"]
    assert [(c.cell, c.value) for c in findings[0].repairs[0].changes] == [
        ("requests.granted.natural_person", 798)
    ]
    assert findings[0].repairs[0].cause == "swapped"
    assert (findings[0].left, findings[0].right) == (789, 798)


def test_the_catalogues_example_is_named_with_its_repair() -> None:
    rest = "12 0 0 11 0"
    table = set_row("granted", f"1408 {rest} 1431")
    table = _balanced(table)
    assert diagnose(table) == ()
    (first, *_) = diagnose(table | {"granted.natural_person": 1480})
    assert first.rule == "T3-CELL"
    assert mend(table | {"granted.natural_person": 1480}, first.repairs[0]) == table


def _balanced(table: Table) -> Table:
    """The table with its totals and the new requests computed anew."""
    table = dict(table)
    for column in COLUMNS:
        table[f"total_handled.{column}"] = sum(table[f"{row}.{column}"] for row in ROWS[2:-2])
        table[f"new_received.{column}"] = (
            table[f"total_handled.{column}"]
            + table[f"carried_out.{column}"]
            - table[f"carried_in.{column}"]
        )
    return table


def test_every_equation_that_the_error_broke_offers_the_same_repair_first() -> None:
    wrong = TABLE | {"total_handled.business": 211}
    located, *failed = diagnose(wrong)
    assert {f.rule for f in failed} == {"T3-ROW", "T3-RES", "T3-ID"}
    assert all(f.repairs == located.repairs for f in failed)
    assert mend(wrong, located.repairs[0]) == TABLE


@pytest.mark.parametrize("number", [0, 7, 12345])
def test_any_of_the_175_cells_is_located_when_it_alone_is_wrong(number: int) -> None:
    changed = [cell for cell in TABLE if TABLE[cell] != number]
    assert len(changed) > 50
    for cell in changed:
        wrong = TABLE | {cell: number}
        first = diagnose(wrong)[0]
        assert first.rule == "T3-CELL", cell
        assert first.cells == (f"requests.{cell}",)
        assert mend(wrong, first.repairs[0]) == TABLE, cell


def test_two_errors_in_different_places_are_both_located() -> None:
    wrong = TABLE | {"granted.natural_person": 978, "carried_out.business": 60}
    located = [f for f in diagnose(wrong) if f.rule in DIAGNOSES]
    assert [f.rule for f in located] == ["T3-CELL", "T3-CELL"]
    assert mend(mend(wrong, located[0].repairs[0]), located[1].repairs[0]) == TABLE


def test_two_errors_in_one_row_are_located_apart() -> None:
    wrong = TABLE | {"granted.natural_person": 978, "granted.legal_service": 15}
    located = [f for f in diagnose(wrong) if f.rule in DIAGNOSES]
    assert [f.rule for f in located] == ["T3-CELL", "T3-CELL"]
    assert mend(mend(wrong, located[0].repairs[0]), located[1].repairs[0]) == TABLE


def test_four_errors_are_taken_one_by_one() -> None:
    wrong: dict[str, int | None] = dict(TABLE)
    wrong |= {"granted.natural_person": 978, "carried_out.business": 60}
    wrong |= {"unable_not_held.legal_service": 90, "other_misc.total": 911}
    located = [f for f in diagnose(wrong) if f.rule in DIAGNOSES]
    assert len(located) == 4
    for finding in located:
        wrong = mend(wrong, finding.repairs[0])
    assert wrong == TABLE


def test_the_more_recognisable_of_two_crosswise_readings_is_taken_first() -> None:
    wrong: dict[str, int | None] = dict(TABLE)
    # Both of the first two are 9 too many: their rows and columns could be paired crosswise too.
    wrong |= {"granted.legal_service": 21, "unable_not_held.business": 38}
    wrong |= {"carried_out.natural_person": 97, "other_misc.total": 191}
    for finding in [f for f in diagnose(wrong) if f.rule in DIAGNOSES]:
        wrong = mend(wrong, finding.repairs[0])
    assert wrong == TABLE


def test_a_row_crossed_by_one_known_column_is_enough_to_locate() -> None:
    known = {
        cell: n if cell.startswith("granted.") or cell.endswith(".natural_person") else None
        for cell, n in TABLE.items()
    }
    wrong = known | {"granted.natural_person": 789}
    first = diagnose(wrong)[0]
    assert first.rule == "T3-CELL"
    assert mend(wrong, first.repairs[0]) == known


def test_where_the_sums_cannot_tell_three_readings_are_offered_and_no_more() -> None:
    first = diagnose(set_row("granted", "799 60 1 4 12 5 881"))[0]
    assert first.rule == "T3-SHIFT"
    assert first.facts["candidates"] == 21
    assert len(first.repairs) == 3


def test_an_error_in_a_half_filled_table_is_located_by_the_sums_that_are_known() -> None:
    known: dict[str, int | None] = dict(TABLE) | {
        f"{row}.{column}": None for row in ("carried_out", "new_received") for column in COLUMNS
    }
    wrong = known | {"other_misc.business": 50}
    first = diagnose(wrong)[0]
    assert first.rule == "T3-CELL"
    assert mend(wrong, first.repairs[0]) == known


def test_a_single_failing_row_alone_is_not_called_located() -> None:
    row: dict[str, int | None] = dict.fromkeys(TABLE)
    row |= {cell: n for cell, n in TABLE.items() if cell.startswith("granted")}
    (finding,) = diagnose(row | {"granted.natural_person": 789})
    assert finding.rule == "T3-ROW"
    assert finding.repairs[0].changes[0].value == 798
    assert finding.repairs[-1].cause == "total"


# ── values in the wrong column or row ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("row", "typed"),
    [
        ("granted", "0 798 1 4 12 5 881"),
        ("granted", "61 798 1 4 12 5 881"),
        ("granted", "0 859 1 4 12 5 881"),
        ("granted", "700 159 1 4 12 5 881"),
        ("granted", "798 0 61 4 12 5 881"),
        ("granted", "798 61 1 4 12 881 5"),
        ("other_no_correction", "38 0 1 0 0 0 39"),
        ("other_misc", "110 5 0 3 0 1 119"),
        ("new_received", "2208 0 123 9 31 14 2385"),
        ("total_handled", "2204 121 2 8 14 29 2378"),
        ("carried_out", "0 85 0 1 4 1 91"),
        ("notproc_petition", "0 172 0 0 0 0 172"),
        # Only what the table usually looks like tells these from a move in another row.
        ("carried_out", "79 0 6 1 4 1 91"),
        ("other_misc", "110 5 0 0 4 0 119"),
    ],
)
def test_a_value_in_a_neighbours_column_goes_back(row: str, typed: str) -> None:
    wrong = set_row(row, typed)
    first = diagnose(wrong)[0]
    assert first.rule == "T3-SHIFT"
    assert mend(wrong, first.repairs[0]) == TABLE
    changes = first.repairs[0].changes
    assert len(changes) == 2
    assert changes[0].value > wrong[changes[0].cell.removeprefix("requests.")]


@pytest.mark.parametrize(
    "typed",
    ["0 798 61 1 4 12 881", "61 1 4 12 5 0 881", "0 798 61 1 4 12 5", "61 1 4 12 5 881 0",
     "798 61 0 1 4 12 5"],
)  # fmt: skip
def test_a_row_shifted_by_a_column_goes_back_as_a_whole(typed: str) -> None:
    wrong = set_row("granted", typed)
    first = diagnose(wrong)[0]
    assert (first.rule, first.repairs[0].cause) == ("T3-SHIFT", "shifted")
    assert mend(wrong, first.repairs[0]) == TABLE


def test_a_value_one_row_too_low_goes_back_up() -> None:
    wrong = TABLE | {
        "denied_admin_inquiry.natural_person": 0,
        "unable_not_held.natural_person": 679,
    }
    first = diagnose(wrong)[0]
    assert (first.rule, first.repairs[0].cause) == ("T3-SHIFT", "misplaced")
    assert mend(wrong, first.repairs[0]) == TABLE


def test_a_shift_and_another_error_are_told_apart() -> None:
    wrong = set_row("notproc_petition", "0 172 0 0 0 0 172") | {"carried_in.total": 48}
    located = [f for f in diagnose(wrong) if f.rule in DIAGNOSES]
    assert sorted(f.rule for f in located) == ["T3-CELL", "T3-SHIFT"]
    assert mend(mend(wrong, located[0].repairs[0]), located[1].repairs[0]) == TABLE


def test_a_request_under_the_wrong_applicant_is_offered_where_it_may_belong() -> None:
    zero = dict.fromkeys(TABLE, 0)
    table = zero | {
        "new_received.natural_person": 60, "new_received.other_org": 1, "new_received.total": 61,
        "carried_in.business": 1, "carried_in.total": 1,
        "granted.natural_person": 61, "granted.business": 1, "granted.total": 62,
        "total_handled.natural_person": 61, "total_handled.business": 1, "total_handled.total": 62,
    }  # fmt: skip
    first, *failed = diagnose(table)
    assert first.rule == "T3-SHIFT"
    assert [(f.rule, f.difference) for f in failed] == [("T3-ID", -1), ("T3-ID", 1)]
    offers = [{c.cell: c.value for c in repair.changes} for repair in first.repairs]
    assert offers[0] == {"requests.new_received.natural_person": 61,
                         "requests.new_received.other_org": 0}  # fmt: skip
    assert any("requests.granted.natural_person" in offer for offer in offers)
    assert first.facts["candidates"] == len(offers) == 2
    assert all(diagnose(mend(table, repair)) == () for repair in first.repairs)


# ── entries whose totals the system added up ────────────────────────────────────────────────


def with_totals(table: Table) -> Table:
    """The table with its totals added up from the entries, carried_out left as typed."""
    table = dict(table)
    for row in ROWS[:-1]:
        if row != "total_handled":
            table[f"{row}.total"] = sum(table[f"{row}.{column}"] for column in APPLICANTS)
    for column in COLUMNS:
        table[f"total_handled.{column}"] = sum(table[f"{row}.{column}"] for row in ROWS[2:-2])
    return table


def test_a_wrong_entry_is_recognised_although_its_totals_followed_it() -> None:
    wrong = with_totals(TABLE | {"granted.natural_person": 978})
    first = diagnose(wrong)[0]
    assert first.rule == "T3-CELL"
    repair = first.repairs[0]
    assert (repair.changes[0].cell, repair.changes[0].value) == (
        "requests.granted.natural_person", 798,
    )  # fmt: skip
    assert mend(wrong, repair) == TABLE


# ── the register's figures ──────────────────────────────────────────────────────────────────


def test_the_register_is_one_more_equation() -> None:
    wrong = TABLE | {"new_received.total": 2835}
    first, *failed = diagnose(wrong, received=2385, open=91)
    assert mend(wrong, first.repairs[0]) == TABLE
    control = next(f for f in failed if f.rule == "T3-CTRL")
    assert control.repairs == first.repairs


def test_a_wrong_register_does_not_hide_the_error() -> None:
    wrong = TABLE | {"granted.natural_person": 789}
    first, *failed = diagnose(wrong, received=2384)
    assert mend(wrong, first.repairs[0]) == TABLE
    control = next(f for f in failed if f.rule == "T3-CTRL")
    assert control.repairs[0].cause == "control"


def test_a_wrong_register_alone_blames_no_cell() -> None:
    (finding,) = diagnose(TABLE, received=2384)
    assert finding.rule == "T3-CTRL"


# ── properties ──────────────────────────────────────────────────────────────────────────────


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(style=st.sampled_from(sorted(STYLES)), seed=st.integers(0, 10**6))
def test_consistent_tables_of_any_kind_have_no_findings(style: str, seed: int) -> None:
    table = requests_table(seed, STYLES[style])
    assert diagnose(table, table["new_received.total"], table["carried_out.total"]) == ()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    style=st.sampled_from(sorted(STYLES)),
    seed=st.integers(0, 10**4),
    cell=st.sampled_from(sorted(TABLE)),
    number=st.integers(0, 10**9),
)
def test_after_the_repair_of_a_cell_all_equations_hold(
    style: str, seed: int, cell: str, number: int
) -> None:
    table = requests_table(seed, STYLES[style])
    wrong = table | {cell: number}
    if wrong == table:
        return
    first = diagnose(wrong)[0]
    assert first.rule == "T3-CELL"
    assert mend(wrong, first.repairs[0]) == table


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 10**4),
    wrong=st.dictionaries(st.sampled_from(sorted(TABLE)), st.integers(0, 5000), max_size=6),
)
def test_repairs_are_few_never_negative_and_change_something(
    seed: int, wrong: dict[str, int]
) -> None:
    table = requests_table(seed, STYLES["county"]) | wrong
    for finding in diagnose(table):
        assert len(finding.repairs) <= 3
        for repair in finding.repairs:
            assert all(change.value >= 0 for change in repair.changes)
            assert mend(table, repair) != table


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(wrong=st.dictionaries(st.sampled_from(sorted(TABLE)), st.integers(0, 5000), max_size=175))
def test_a_table_in_ruins_is_still_judged_in_a_moment(wrong: dict[str, int]) -> None:
    start = process_time()
    diagnose(TABLE | wrong)
    assert process_time() - start < 1


def test_a_dense_table_with_an_error_is_judged_in_a_moment() -> None:
    wrong = set_row("granted", "700 159 1 4 12 5 881")
    times = []
    for _ in range(10):
        start = process_time()
        diagnose(wrong)
        times.append(process_time() - start)
    assert min(times) < 0.05


# ── how often the first proposal is right ───────────────────────────────────────────────────


def slip(random: Random, table: Table) -> Table:
    """One slip of the hand, all six kinds alike often."""
    kind = random.randrange(6)
    cells = sorted(cell for cell in table if table[cell] > (9 if kind in (1, 3) else 0))
    cell = random.choice(cells if kind else sorted(table))
    number = table[cell]
    row, column = cell.split(".")
    at = COLUMNS.index(column)
    other = f"{row}.{COLUMNS[at + 1 if at == 0 or (at < 6 and random.random() < 0.5) else at - 1]}"
    digits = str(number)
    swap = random.randrange(max(len(digits) - 1, 1))
    swapped = digits[:swap] + digits[swap : swap + 2][::-1] + digits[swap + 2 :]
    return [
        {cell: random.randrange(2 * number + 10)},
        {cell: int(swapped)},
        {cell: number * 10},
        {cell: number // 10},
        {cell: 0, other: number},
        {cell: table[other], other: number},
    ][kind]


def share_right(tables: list[Table], count: int) -> float:
    """The share of slips that the first repair undoes entirely."""
    random = Random(HELD_OUT)
    right = tried = 0
    while tried < count:
        table = random.choice(tables)
        wrong = table | slip(random, table)
        if wrong == table:
            continue
        tried += 1
        right += mend(wrong, diagnose(wrong)[0].repairs[0]) == table
    return right / tried


@pytest.mark.parametrize("style", STYLES)
def test_the_first_proposal_is_right_95_times_of_100(style: str) -> None:
    tables = [requests_table(HELD_OUT + seed, STYLES[style]) for seed in range(6)]
    if style == "sparse":
        tables = [table for table in tables if max(table.values()) > 9] or [TABLE]
    assert share_right(tables, 120) >= 0.95


def test_the_first_proposal_is_right_95_times_of_100_in_a_real_dense_table() -> None:
    if not SHARED.exists():
        pytest.skip("the shared data is not here")
    rows = json.loads(SHARED.read_text(encoding="utf-8"))["sections"]["requests"]
    table = {f"{row}.{column}": rows[row][column] for row in ROWS for column in COLUMNS}
    assert share_right([table], 400) >= 0.95


# ── slips ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("true", "seen", "cause"),
    [(1408, 1480, "swapped"), (10, 1, "tenfold"), (21, 210, "tenfold"), (10, 100, "tenfold"),
     (309, 390, "swapped"), (309, 903, "swapped"), (20, 2, "tenfold"), (102, 12, "swapped"),
     (25, 26, "typed"), (408, 3, "typed")],
)  # fmt: skip
def test_slips_of_the_hand_are_recognised(true: int, seen: int, cause: str) -> None:
    slip = read_slip(true, seen)
    if (true, seen) != (102, 12):  # 012 is a swap as well as a lost digit: both are recognised
        assert slip.cause == cause
    assert (slip.weight < -5) is ((true, seen) == (408, 3))


def test_a_recognised_slip_outweighs_any_other_number() -> None:
    assert read_slip(1408, 1480).weight > read_slip(1407, 1480).weight
    assert read_slip(128, 1280).weight > read_slip(127, 1280).weight
    assert read_slip(125, 126).weight > read_slip(111, 126).weight


def test_no_slip_is_more_certain_than_one_that_is_certain() -> None:
    pairs = [(1408, 1480), (10, 1), (309, 903), (25, 26), (408, 3), (408, 0), (1408, 148), (7, 70)]
    assert all(read_slip(true, seen).weight < 0 for true, seen in pairs)
    assert read_slip(408, 480).weight > read_slip(408, 0).weight > read_slip(408, 3).weight


def test_a_whole_value_moved_outweighs_a_part_of_one() -> None:
    whole = read_line_slip((5, 0, 3), (0, 5, 3))
    part = read_line_slip((5, 0, 3), (4, 1, 3))
    assert whole is not None
    assert part is not None
    assert whole.weight > part.weight
    assert read_line_slip((5, 0, 3), (4, 3, 3)) is None


def test_a_neighbours_column_is_likelier_than_one_further_away() -> None:
    near = read_line_slip((5, 0, 0), (0, 5, 0))
    far = read_line_slip((5, 0, 0), (0, 0, 5))
    assert near is not None
    assert far is not None
    assert near.weight > far.weight


def test_a_line_looks_likelier_the_nearer_it_is_to_the_usual_shares() -> None:
    grids = [Grid(form().tables["requests"])]
    values = {f"requests.{cell}": number for cell, number in TABLE.items()}
    row = next(row for row in grids[0].rows if row[0] == "requests.granted.natural_person")
    shares = Shares(values, grids)
    assert shares.gain(row, {row[0]: -500, row[3]: 500}) < 0
    turned = Shares(values | {row[0]: 61, row[1]: 798}, grids)
    assert turned.gain(row, {row[0]: 737, row[1]: -737}) > 0
    assert likelihood((9, 1), (0.9, 0.1)) > likelihood((1, 9), (0.9, 0.1))


def test_how_likely_lines_are_adds_up_to_certainty() -> None:
    lines = [(n, 7 - n) for n in range(8)]
    assert sum(exp(likelihood(line, (0.7, 0.3))) for line in lines) == pytest.approx(1)


def test_a_ledger_without_the_register_keeps_what_fails() -> None:
    figures = figures_of(TABLE | {"granted.natural_person": 1})
    ledger = open_ledger(Dossier(form(), report_of(figures), received=1, open=1))
    plain = ledger.without_controls()
    assert len(plain.equations) == len(ledger.equations) - 2
    assert {plain.equations[at].rule for at in plain.failing} == {"T3-ROW", "T3-RES"}


def test_a_repair_of_two_cells_names_both() -> None:
    (first, *_) = diagnose(TABLE | {"granted.natural_person": 789})
    (change,) = first.repairs[0].changes
    other = replace(change, cell="requests.granted.total", value=882)
    repair = replace(first.repairs[0], changes=(change, other))
    wording = fresh.wording(form())
    table = TABLE | {"granted.natural_person": 789}
    said = wording.message(
        replace(first, repairs=(repair,)), {f"requests.{cell}": n for cell, n in table.items()}
    )
    assert "“予以公开·自然人”现在是 789，应为 798；“予以公开·总计”现在是 881，应为 882" in said
    assert "改这两处" in said
