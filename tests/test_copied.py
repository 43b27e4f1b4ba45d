"""What this year's texts owe to last year's."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined

from bot.checks import run_checks
from bot.checks.finding import Dossier, Finding
from bot.checks.prose import copied
from bot.folders import PROMPTS
from bot.limits import Limits
from bot.report import Report
from tests.tables import form, report_of

CHECKS = (copied.check_copied, copied.check_improvement)
SENTENCES = (
    "全年通过门户网站公开供水水质检测结果{n}条。",
    "定期走访供水企业并核对公开的水价信息。",
    "组织各水厂负责同志参加公开业务培训{n}次。",
    "在服务大厅设立查阅点并安排人员讲解。",
    "把群众来电最多的停水通知改为提前两天发布。",
    "请用水户代表逐条评议全年公开的内容。",
)
LAST = "".join(SENTENCES).format(n=7)
NEW = (
    "今年首次把二次供水的清洗记录放到小区门口。",
    "新建的水源地监测站每周向社会开放参观。",
    "水费账单背面加印了投诉和查询的办法。",
    "对老旧管网改造的进度按街道分别作了说明。",
    "与气象部门联合发布枯水期用水提示短信。",
    "把抄表员的服务承诺公布在村务公开栏里。",
)


def text(copied: int, fresh: int) -> str:
    """A text with so many of last year's sentences, other figures in them, and so many new ones."""
    return "".join((*SENTENCES[:copied], *NEW[:fresh])).format(n=12)


def find(last: Report | None, limits: Limits | None = None, **report: Any) -> list[Finding]:
    dossier = Dossier(form(), report_of({}, **report), last=last)
    dossier = replace(dossier, limits=limits) if limits else dossier
    return list(run_checks(dossier, CHECKS))


def last_year(**changes: Any) -> Report:
    return report_of({}, **{"year": 2023, **changes})


# ── copied sentences ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("copied", "fresh", "severity"),
    [(6, 0, "explain"), (4, 2, "explain"), (3, 3, "note"), (2, 4, "note"), (1, 5, None), (0, 6, None),
     (2, 0, None)],
)  # fmt: skip
def test_the_share_of_last_years_sentences_decides(
    copied: int, fresh: int, severity: str | None
) -> None:
    found = find(last_year(intro=LAST), intro=text(copied, fresh))
    assert [(f.rule, f.severity, f.cells) for f in found] == (
        [("NAR-SIM", severity, ("overview.intro",))] if severity else []
    )


def test_a_copied_text_names_the_first_sentence_and_the_count() -> None:
    (finding,) = find(last_year(problems=LAST), intro="2024年平稳推进。", problems=text(4, 1))
    assert (finding.facts["same"], finding.facts["of"]) == (4, 5)
    assert finding.sentence == "全年通过门户网站公开供水水质检测结果12条。"


def test_an_office_may_set_its_own_share() -> None:
    found = find(last_year(intro=LAST), Limits(copied_share=0.9, copied_note=0.8), intro=text(4, 2))
    assert found == []


@pytest.mark.parametrize("item", ["preamble", "other"])
def test_section_six_and_the_preface_may_stay_as_they_are(item: str) -> None:
    copied: dict[str, Any] = {item: text(6, 0)}
    assert find(last_year(**{item: LAST}), **copied) == []


def test_statutory_sentences_are_not_counted() -> None:
    law = "按照《条例》第二十条主动公开各类供水信息。坚持以公开为常态、不公开为例外的原则。" * 3
    assert find(last_year(intro=law), intro=law) == []


@pytest.mark.parametrize("year", [2022, 2024, 2025])
def test_only_the_year_before_is_a_measure(year: int) -> None:
    assert find(last_year(year=year, intro=LAST), intro=LAST) == []
    assert find(None, intro=LAST) == []


def test_a_report_of_figures_only_is_no_measure() -> None:
    bare = last_year(intro=None, problems=None, other=None, topics=())
    assert find(bare, intro=LAST) == []


# ── problems of last year ───────────────────────────────────────────────────────────────────

PROBLEMS = (
    "存在的问题：公开质量不够高，向社会公众征集意见较少；政策解读形式较为单一。改进情况：加强培训。"
)


def test_a_problem_of_last_year_without_a_word_this_year_is_noted() -> None:
    now = "存在的问题：解读仍以文字为主。改进情况：公开质量有提高，增加图解。"
    (finding,) = find(last_year(problems=PROBLEMS), problems=now)
    assert (finding.rule, finding.severity, finding.cells) == ("NAR-IMPROVE", "note", ("problems",))
    assert finding.facts["points"] == ("向社会公众征集意见较少",)


@pytest.mark.parametrize("answer", ["开展民意征集3次", "向用水户征求意见", "加强互动回应"])
def test_a_word_about_the_problem_is_an_answer(answer: str) -> None:
    now = f"存在的问题：解读仍以文字为主。改进情况：公开质量有提高，增加图解，{answer}。"
    assert find(last_year(problems=PROBLEMS), problems=now) == []


@pytest.mark.parametrize(
    "last", ["", "无。", "存在的问题：有些方面不足。", "全年工作平稳，加强培训。"]
)
def test_last_year_without_a_clear_problem_asks_nothing(last: str) -> None:
    assert find(last_year(problems=last)) == []


def test_an_empty_section_five_is_left_to_the_rule_that_says_so() -> None:
    assert find(last_year(problems=PROBLEMS), problems="") == []


# ── any text ────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=100, deadline=None)
@given(
    now=st.text("公开信息不够单一解读12。，；\n一是", max_size=80),
    then=st.text("公开信息不够单一解读12。，；\n一是", max_size=80),
)
def test_no_text_of_last_year_makes_a_check_fail(now: str, then: str) -> None:
    last = last_year(intro=then, problems=then, other=then, title=then)
    for finding in find(last, intro=now, problems=now):
        assert finding.severity in ("explain", "note")


def test_every_finding_has_words() -> None:
    words = tomllib.loads((PROMPTS / "findings" / "copied.toml").read_text(encoding="utf-8"))
    environment = Environment(undefined=StrictUndefined)
    environment.filters["clip"] = lambda said, length: said[:length]
    found = [
        *find(last_year(intro=LAST), intro=text(6, 0)),
        *find(last_year(problems=PROBLEMS), problems="问题：人少。改进：招人。"),
    ]
    assert {finding.rule for finding in found} == set(words)
    for finding in found:
        context = {"facts": finding.facts, "sentence": finding.sentence, "place": ["总述"]}
        for part in ("title", "message", "why"):
            assert environment.from_string(words[finding.rule][part]).render(context).strip()
