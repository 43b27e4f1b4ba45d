"""Made-up reports for tests: tables consistent in every equation, with shares as in real life.

The lines are split by log-normal noise around common shares, on purpose not by the model that
the checks use to judge how likely a line looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from random import Random

from bot.catalogue import find_form, load_form
from bot.form import Form
from bot.report import Figure, Report, Topic
from tests.parts import PARTS, with_parts

APPLICANTS = (
    "natural_person", "business", "research", "public_welfare", "legal_service", "other_org",
)  # fmt: skip
COLUMNS = (*APPLICANTS, "total")
RESULTS = {
    "granted": 30.0, "partly_granted": 9.0,
    "denied_state_secret": 0.0, "denied_law_forbidden": 0.8, "denied_safety_stability": 0.3,
    "denied_third_party": 1.5, "denied_internal_affairs": 0.8, "denied_process_info": 0.8,
    "denied_enforcement_file": 0.8, "denied_admin_inquiry": 0.8,
    "unable_not_held": 30.0, "unable_needs_creation": 1.5, "unable_still_unclear": 0.4,
    "notproc_petition": 8.0, "notproc_repeat": 2.0, "notproc_publication": 0.1,
    "notproc_excessive": 0.8, "notproc_reconfirm": 0.3,
    "other_no_correction": 2.0, "other_no_fee": 0.4, "other_misc": 7.0,
}  # fmt: skip
ROWS = ("new_received", "carried_in", *RESULTS, "total_handled", "carried_out")

Table = dict[str, int]


@dataclass(frozen=True)
class Style:
    """What kind of agency: how many requests, the applicants' shares, how uneven the lines are."""

    requests: int
    shares: tuple[float, ...]
    noise: float = 0.8
    rows: int = 21


STYLES = {
    "dense city": Style(3500, (94.0, 4.0, 0.1, 0.3, 0.6, 0.5)),
    "big city": Style(14000, (88.0, 8.0, 0.4, 0.4, 2.0, 1.2)),
    "county": Style(700, (92.0, 6.0, 0.1, 0.3, 0.6, 1.0)),
    "bureau, many firms": Style(400, (70.0, 24.0, 0.5, 0.5, 4.0, 1.0)),
    "middle": Style(150, (90.0, 8.0, 0.2, 0.2, 1.0, 0.6)),
    "small": Style(40, (88.0, 10.0, 0.3, 0.3, 1.0, 0.4), rows=8),
    "sparse": Style(6, (85.0, 13.0, 0.5, 0.5, 1.0, 1.0), rows=2),
}


def requests_table(seed: int, style: Style) -> Table:
    """Table three by `row.column`; every equation of the form holds."""
    random = Random(seed)
    kept = sorted(RESULTS, key=lambda row: -RESULTS[row] * random.random())[: style.rows]
    sizes = _split(random, style.requests, [RESULTS[r] if r in kept else 0 for r in RESULTS], 0.7)
    lines = {
        row: _split(random, size, style.shares, style.noise)
        for row, size in zip(RESULTS, sizes, strict=True)
    }
    handled = [sum(line[at] for line in lines.values()) for at in range(6)]
    out = _split(random, round(style.requests * 0.05), style.shares, style.noise)
    carried = _split(random, round(style.requests * 0.04), style.shares, style.noise)
    carried = [min(a, b + c) for a, b, c in zip(carried, handled, out, strict=True)]
    lines |= {"carried_in": carried, "total_handled": handled, "carried_out": out}
    lines["new_received"] = [b + c - a for a, b, c in zip(carried, handled, out, strict=True)]
    return {
        f"{row}.{column}": number
        for row in ROWS
        for column, number in zip(COLUMNS, [*lines[row], sum(lines[row])], strict=True)
    }


def _split(
    random: Random, total: int, shares: list[float] | tuple[float, ...], noise: float
) -> list[int]:
    """`total` cases dealt out by uneven shares."""
    weights = [share * random.lognormvariate(0, noise) for share in shares]
    dealt = [0] * len(weights)
    for at in random.choices(range(len(weights)), weights, k=total):
        dealt[at] += 1
    return dealt


@cache
def form(name: str = "gov-info-2021") -> Form:
    """A form, loaded once."""
    return load_form(find_form(name))


def figures_of(table: Mapping[str, int]) -> dict[str, Figure]:
    """All 200 figures with `table` as table three; everything else is 0."""
    figures: dict[str, Figure] = dict.fromkeys(form().cells, 0)
    figures["proactive.fees_wanyuan"] = Decimal(0)
    return figures | {f"requests.{cell}": number for cell, number in table.items()}


TOPICS = {
    "overview.proactive": "全年公开供水水质信息12条。",
    "overview.requests": "按照《依申请公开办理规程》逐件登记、按期答复，其他处理的多由申请人主动撤回。",
    "overview.management": "修订公开目录，逐条核对信息8条。",
    "overview.platform": "维护网站专栏，更新栏目5个。",
    "overview.supervision": "组织业务培训2次，接受社会评议。",
}


def report_of(figures: Mapping[str, Figure], **changes: object) -> Report:
    """A whole report of a made-up bureau that no check has anything to say about."""
    fields: dict[str, object] = {
        "format": "2021",
        "agency": "青石县水务局",
        "year": 2024,
        "level": "县级政府部门",
        "title": "青石县水务局2024年政府信息公开工作年度报告",
        "preamble": "",
        "intro": "2024年，本局围绕群众关心的供水问题公开信息。",
        "topics": tuple(
            Topic(form().items[key].label, TOPICS[key])
            for key in form().section("overview").texts[1:]
        ),
        "figures": figures,
        "problems": "存在的问题：解读形式单一。改进措施：增加图解。",
        "other": "发出的收费通知均逾期未缴，未收取信息处理费。",
        "signoff": "",
    }
    parts = {name: fields.pop(name) for name in PARTS if name in fields}
    whole = with_parts(Report(**fields), **parts)  # type: ignore[arg-type]
    return with_parts(whole, **changes)
