"""The published schema: made from the form, fitting what is written, and what is written is read.

Validation needs the package `jsonschema` and is skipped without it.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.form import Form
from bot.readers.json import read, read_report
from bot.report import Figure, Report, Topic
from bot.writers.json import render, write_report
from tests.parts import with_parts
from tests.tables import STYLES, figures_of, report_of, requests_table
from tests.test_docx import FORM, a_report

DOCS = Path(__file__).resolve().parent.parent / "docs"
SCHEMA = json.loads((DOCS / "report.schema.json").read_text(encoding="utf-8"))


def maker() -> ModuleType:
    """The script that makes the schema."""
    spec = importlib.util.spec_from_file_location("make_schema", DOCS / "make_schema.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def data_of(report: Report) -> Any:
    """The data file of a report."""
    return json.loads(render(report, FORM))


# ── any report ──────────────────────────────────────────────────────────────────────────────

TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
MONEY = st.decimals(0, 10**12, places=4).map(lambda amount: Decimal(f"{amount:f}"))
FIGURES: dict[str, st.SearchStrategy[Figure]] = {
    "count": st.none() | st.sampled_from([0, 1, 10**15]) | st.integers(0, 10**6),
    "money": st.none() | MONEY | st.sampled_from([Decimal(0), Decimal("59237.2449")]),
}


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """A report with unusual texts, and figures some of which nobody answered."""
    figures: dict[str, Figure] = dict.fromkeys(FORM.cells, draw(FIGURES["count"]))
    for key in draw(st.lists(st.sampled_from(FORM.cells), max_size=12)):
        figures[key] = draw(FIGURES["count"])
    figures["proactive.fees_wanyuan"] = draw(FIGURES["money"])
    texts = {part: draw(TEXT) for part in ("preamble", "intro", "problems", "other", "signoff")}
    topics = tuple(Topic(*pair) for pair in draw(st.lists(st.tuples(TEXT, TEXT), max_size=5)))
    report = Report(
        format=FORM.format, agency=draw(TEXT), year=draw(st.integers(0, 9999)), level=draw(TEXT),
        title=draw(TEXT) or "题", topics=topics, figures=figures, final=draw(st.booleans()),
    )  # fmt: skip
    report = with_parts(report, **texts)
    if draw(st.booleans()):
        return report
    return with_parts(report, intro=None, problems=None, other=None, topics=())


@given(report=reports(), indent=st.sampled_from([None, 1]))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_written_is_read_back_exactly(report: Report, indent: int | None) -> None:
    reading = read_report(write_report(report, FORM, indent), FORM)
    assert reading.report == report
    assert (reading.unread, reading.unreadable) == ((), {})
    kinds = [type(reading.report.figures[key]) for key in FORM.cells]
    assert kinds == [type(report.figures[key]) for key in FORM.cells]


def test_money_keeps_its_value_to_the_last_place_and_is_never_a_float() -> None:
    for amount in ("0.0001", "59237.2449", "99999999999.9999", "282.10", "0"):
        data = data_of(report_of({"proactive.fees_wanyuan": Decimal(amount)}))
        assert isinstance(data["sections"]["proactive"]["fees_wanyuan"], str)
        figures = read(json.dumps(data).encode(), FORM).report.figures
        assert figures["proactive.fees_wanyuan"] == Decimal(amount)


# ── the schema ──────────────────────────────────────────────────────────────────────────────


def cells_of(part: dict[str, Any], place: tuple[str, ...] = ()) -> Iterator[str]:
    """The keys of all figures that a part of the schema names."""
    name = part.get("$ref", "").removeprefix("#/$defs/")
    if name in ("count", "money"):
        yield ".".join(place)
        return
    inside = SCHEMA["$defs"][name] if name else part
    for key, held in inside.get("properties", {}).items():
        yield from cells_of(held, (*place, key))


def test_the_schema_is_the_one_that_the_form_gives(form: Form) -> None:
    assert (DOCS / "report.schema.json").read_text(encoding="utf-8") == maker().text_of(form)


def test_the_schema_names_the_figures_of_the_form_in_their_order() -> None:
    assert tuple(cells_of(SCHEMA["properties"]["sections"])) == FORM.cells


def test_the_schema_names_every_key_that_is_written() -> None:
    data = data_of(a_report())
    assert set(data) <= set(SCHEMA["properties"])
    assert list(data["sections"]) == list(SCHEMA["properties"]["sections"]["properties"])


@pytest.fixture(scope="module")
def fits() -> Callable[[Any], bool]:
    """Whether data fits the schema."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return lambda data: bool(validator.is_valid(data))


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_exported_reports_fit_the_schema(style: Any, fits: Callable[[Any], bool]) -> None:
    figures = figures_of(requests_table(11, style))
    assert fits(data_of(report_of(figures)))
    assert fits(data_of(report_of(figures, intro=None, problems=None, other=None, topics=())))
    assert fits(data_of(a_report(figures={}, final=False, year=0, agency="")))


@given(report=reports())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_report_that_can_be_written_fits_the_schema(
    fits: Callable[[Any], bool], report: Report
) -> None:
    assert fits(data_of(report))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("agency", None),
        ("year", "2024"),
        ("format", "2019"),
        ("final", "yes"),
        ("signof", "某局"),
        ("sections", []),
        ("sections.reviews", {}),
        ("sections.proactive.permits", "12"),
        ("sections.proactive.permits", -1),
        ("sections.proactive.permits", 1.5),
        ("sections.proactive.permit", 1),
        ("sections.proactive.fees_wanyuan", "3.25万元"),
        ("sections.proactive.fees_wanyuan", "-1"),
        ("sections.proactive.fees_wanyuan", -0.5),
        ("sections.requests.granted", 3),
        ("sections.requests.granted.total", True),
        ("sections.requests.granted.sum", 3),
        ("sections.review_litigation.review_total", "/"),
        ("sections.problems", None),
        ("sections.overview.items", ["主动公开"]),
    ],
)
def test_what_would_not_be_read_whole_does_not_fit(
    place: str, value: object, fits: Callable[[Any], bool]
) -> None:
    data = deepcopy(data_of(a_report()))
    assert fits(data)
    *path, last = place.split(".")
    part = data
    for step in path:
        part = part[step]
    part[last] = value
    assert not fits(data)


def test_what_may_be_left_out_may_be_left_out(fits: Callable[[Any], bool]) -> None:
    assert fits({"agency": "青石县水务局", "year": 2024, "sections": {}})
    assert fits({"agency": "甲", "year": 2024, "sections": {"proactive": {"fees_wanyuan": 3.25}}})
    assert fits({"$schema": "report.schema.json", "agency": "甲", "year": 2024, "sections": {}})
    assert not fits({"year": 2024, "sections": {}})
