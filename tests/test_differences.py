"""What changed between two versions, and what of it nobody asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.office.differences import Difference, beyond, changed_sentences, differences
from bot.office.standing import Comment
from bot.report import Figure, Report
from tests.tables import APPLICANTS, RESULTS, STYLES, figures_of, form, report_of, requests_table

SOUND = figures_of(requests_table(7, STYLES["county"]))


def version(changes: Mapping[str, int] | None = None, **texts: object) -> Report:
    """A report with some figures raised by so much, and texts of its own."""
    raised: dict[str, Figure] = dict(SOUND)
    for cell, gain in (changes or {}).items():
        before = raised[cell]
        assert isinstance(before, int)
        raised[cell] = before + gain
    return report_of(raised, **texts)


def changed(before: Report, after: Report) -> list[str]:
    return [difference.item for difference in differences(before, after, form())]


def uncalled(before: Report, after: Report, *pins: str) -> list[str]:
    """The items that changed beyond comments on `pins`."""
    comments = [Comment(pin, "请核对。") for pin in pins]
    return [d.item for d in beyond(differences(before, after, form()), comments, form())]


def request(row: str, applicant: str, gain: int, out: str = "new_received") -> dict[str, int]:
    """What changes in a sound table when one result is raised, and the requests with it."""
    rows, columns = (row, "total_handled", out), (applicant, "total")
    return {f"requests.{line}.{column}": gain for line in rows for column in columns}


# ── what changed ────────────────────────────────────────────────────────────────────────────


def test_a_version_handed_in_again_unchanged_has_no_differences() -> None:
    assert differences(version(), version(), form()) == ()


def test_figures_come_in_the_order_of_the_form_and_texts_behind_them() -> None:
    after = version(
        {"review_litigation.review_upheld": 1, "proactive.permits": 4},
        other="本年度未收取信息处理费。",
        intro="2024年，本局公开供水信息。",
    )
    assert changed(version(), after) == [
        "proactive.permits",
        "review_litigation.review_upheld",
        "overview.intro",
        "other",
    ]


def test_a_blank_that_became_a_zero_is_a_difference() -> None:
    before = replace(version(), figures={**SOUND, "proactive.permits": None})
    assert differences(before, version(), form()) == (
        Difference("proactive.permits", None, 0, "figure"),
    )


def test_the_same_sum_of_money_written_with_more_zeros_is_none() -> None:
    one = replace(version(), figures={**SOUND, "proactive.fees_wanyuan": Decimal("2.5")})
    other = replace(version(), figures={**SOUND, "proactive.fees_wanyuan": Decimal("2.500")})
    assert changed(one, other) == []


def test_blank_lines_are_no_change_of_a_text() -> None:
    before = version(problems="解读形式单一。\n今后增加图解。")
    after = version(problems="  解读形式单一。\n\n今后增加图解。\n")
    assert changed(before, after) == []


def test_a_text_that_was_taken_out_has_an_empty_new_side() -> None:
    (difference,) = differences(version(), version(other=""), form())
    assert (difference.item, difference.new, difference.kind) == ("other", "", "text")


# ── the sentences ───────────────────────────────────────────────────────────────────────────

OLD = "全年公开水质信息12条。定期走访供水企业。在服务大厅设立查阅点。"


@pytest.mark.parametrize(
    ("new", "shown"),
    [
        (OLD, ()),
        (OLD.replace("12", "15"), (("全年公开水质信息12条。", "全年公开水质信息15条。"),)),
        (OLD.replace("定期走访供水企业。", ""), (("定期走访供水企业。", ""),)),
        (OLD + "水价表贴到小区门口。", (("", "水价表贴到小区门口。"),)),
        (
            OLD.replace("定期走访供水企业。", "老旧管网改造进度逐月公示。"),
            (("定期走访供水企业。", ""), ("", "老旧管网改造进度逐月公示。")),
        ),
        (
            "新增用水提示。全年公开水质信息12条。每月定期走访供水企业。在服务大厅设立查阅点。",
            (("", "新增用水提示。"), ("定期走访供水企业。", "每月定期走访供水企业。")),
        ),
    ],
)
def test_only_the_sentences_that_changed_are_shown(
    new: str, shown: tuple[tuple[str, str], ...]
) -> None:
    assert changed_sentences(OLD, new) == shown


def test_a_text_that_was_empty_shows_every_new_sentence() -> None:
    shown = changed_sentences("", OLD)
    assert [old for old, _ in shown] == ["", "", ""]
    assert "".join(new for _, new in shown) == OLD


def test_a_mark_that_was_doubled_shows_its_line() -> None:
    assert changed_sentences("走访企业。设查阅点。", "走访企业。。设查阅点。") == (
        ("走访企业。设查阅点。", "走访企业。。设查阅点。"),
    )


SENTENCES = st.lists(
    st.sampled_from(["公开水质12条。", "公开水质15条。", "走访企业。", "设查阅点；", "增加图解。"]),
    max_size=8,
)


@given(SENTENCES, SENTENCES)
@settings(max_examples=200, deadline=None)
def test_what_was_shown_makes_the_new_text_of_the_old_one(old: list[str], new: list[str]) -> None:
    shown = changed_sentences("".join(old), "".join(new))
    gone = Counter(was for was, _ in shown if was)
    come = Counter(now for _, now in shown if now)
    assert not gone - Counter(old)
    assert Counter(old) - gone + come == Counter(new)
    assert all(was != now for was, now in shown)
    assert bool(shown) == (old != new)


# ── beyond what was asked for ───────────────────────────────────────────────────────────────


def test_without_a_comment_every_change_is_shown() -> None:
    after = version({"proactive.permits": 4}, other="无。")
    assert uncalled(version(), after) == ["proactive.permits", "other"]


def test_the_commented_cell_may_change_and_another_table_may_not() -> None:
    after = version({"proactive.permits": 4, "review_litigation.review_other": 2})
    assert uncalled(version(), after, "proactive.permits") == ["review_litigation.review_other"]


def test_a_figure_may_move_to_the_row_or_column_beside_it() -> None:
    row = {"requests.granted.business": 3, "requests.granted.natural_person": -3}
    column = {"requests.partly_granted.business": -3}
    elsewhere = {"requests.unable_not_held.research": 1}
    after = version(row | column | elsewhere)
    assert uncalled(version(), after, "requests.granted.business") == list(elsewhere)


def test_moved_documents_of_table_two_are_asked_for() -> None:
    after = version({"proactive.rules_made": 2, "proactive.normdocs_made": -2})
    assert uncalled(version(), after, "proactive.rules_made") == []


def test_documents_in_force_follow_the_documents_made() -> None:
    after = version({"proactive.normdocs_made": 2, "proactive.normdocs_in_force": 2})
    assert uncalled(version(), after, "proactive.normdocs_made") == []


def test_what_the_equations_demand_after_the_commented_cell_is_asked_for() -> None:
    after = version(request("granted", "business", 2))
    assert uncalled(version(), after, "requests.new_received.total") == []


def test_a_change_that_balances_itself_is_seen_among_the_demanded_ones() -> None:
    swapped = {
        "requests.granted.natural_person": -1, "requests.granted.total": -1,
        "requests.partly_granted.natural_person": 1, "requests.partly_granted.total": 1,
    }  # fmt: skip
    after = version(request("denied_third_party", "business", -2) | swapped)
    assert uncalled(version(), after, "requests.denied_third_party.business") == list(swapped)


@given(
    st.sampled_from(sorted(RESULTS)),
    st.sampled_from(APPLICANTS),
    st.sampled_from(["new_received", "carried_in"]),
    st.integers(1, 50),
    st.integers(0, 5),
)
@settings(max_examples=60, deadline=None)
def test_a_correction_that_keeps_the_table_sound_is_never_beyond_its_comment(
    row: str, applicant: str, source: str, gain: int, at: int
) -> None:
    changes = request(row, applicant, gain, source)
    assert uncalled(version(), version(changes), sorted(changes)[at]) == []


def test_a_text_that_took_over_the_corrected_figure_is_asked_for() -> None:
    before = version(problems="全年作出许可0件，网站公开许可结果0件。")
    after = version({"proactive.permits": 4}, problems="全年作出许可4件，网站公开许可结果4件。")
    assert uncalled(before, after, "proactive.permits") == []


def test_a_text_with_another_figure_than_the_corrected_one_is_not() -> None:
    before = version(problems="全年作出许可0件，公开信息120条。")
    after = version({"proactive.permits": 4}, problems="全年作出许可4件，公开信息1200条。")
    assert uncalled(before, after, "proactive.permits") == ["problems"]


def test_a_comment_on_a_text_asks_for_that_text_alone() -> None:
    after = version({"proactive.permits": 4}, problems="解读以文字为主。", other="无。")
    assert uncalled(version(), after, "problems") == ["proactive.permits", "other"]


def test_a_comment_on_the_whole_report_may_ask_for_anything() -> None:
    after = version({"proactive.permits": 4}, problems="解读以文字为主。")
    assert uncalled(version(), after, "proactive.permits", "") == []
