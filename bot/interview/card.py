"""The look back: progress, the table of what was filled in, and the review card.

Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from bot.checks import run_checks
from bot.checks.finding import Finding
from bot.draft import Draft
from bot.form import Table
from bot.interview.questions import EXPLAIN, agenda
from bot.interview.talk import Choice, Talk
from bot.record import build_dossier
from bot.report import show_figure

Rows = tuple[tuple[str, ...], ...]


def outline(draft: Draft, part: str = "all") -> Rows:
    """The figures that are not 0, row by row, with only the columns that hold any.

    `part` is requests (table three), others (tables two and four) or all.
    """
    tables = list(draft.form.tables.values())
    if part != "all":
        tables = [t for t in tables if (t.key == "requests") == (part == "requests")]
    rows: list[tuple[str, ...]] = []
    for table in tables:
        rows += _outline_table(draft, table)
    return tuple(rows)


def figure_rows(draft: Draft, cells: Sequence[str]) -> Rows:
    """The cells of a batch as rows to be looked at: the row's name, then its figures."""
    form = draft.form
    rows: list[tuple[str, ...]] = []
    for table in form.tables.values():
        keys = {key for key in cells if form.items[key].table == table.key}
        if keys:
            rows += _outline_table(draft, table, keys)
    return tuple(rows)


def say_progress(talk: Talk) -> None:
    """进度: how much is answered, what is open, what was put off."""
    draft = talk.draft
    figures = draft.figures.values()
    known = sum(answer.value is not None for answer in figures)
    asked = draft.form.texts[:-1]
    written = sum(draft.value(key) is not None for key in asked)
    open_ = list(agenda(draft))
    talk.say(
        "progress", agency=draft.agency, year=draft.year, known=known, of=len(figures),
        written=written, texts=len(asked), open=len(open_), todo=draft.todo,
    )  # fmt: skip


def say_review(talk: Talk) -> None:
    """The review card: what stands, what is missing, findings, and the document."""
    draft = talk.draft
    findings = run_checks(build_dossier(draft))
    hard = [f for f in findings if f.severity == "hard"]
    explain = [f for f in findings if f.severity == "explain"]
    shown = hard_first(hard, explain)
    complete = not hard and next(agenda(draft), None) is None
    told = [f for f in shown if f.rule not in ("NUM-02", "PR-TODO")][:3]
    missing = list(agenda(draft))
    talk.say(
        "review", outline(draft), complete=complete, agency=draft.agency, year=draft.year,
        nonzero=sum(bool(a.value) for a in draft.figures.values()), todo=draft.todo,
        missing=len(missing), hard=len(hard), explain=len(explain),
        unexplained=[f for f in explain if explanation_key(f) not in draft.answers],
        signoff=draft.value("signoff") or "", more=max(0, len(shown) - len(told)),
    )  # fmt: skip
    talk.findings = (*talk.findings, *[f for f in told if f not in talk.findings])
    talk.offer(Choice("make", "make" if complete else "make_draft"))
    extra = []
    if draft.todo:
        extra.append(Choice("catch", "catch", {"count": len(draft.todo)}))
    elif missing:
        extra.append(Choice("go_on", "go_on", {"count": len(missing)}))
    talk.offer(*extra, Choice("view", "view"))


def hard_first(hard: Sequence[Finding], explain: Sequence[Finding]) -> list[Finding]:
    """Findings to be shown, without the sums that a diagnosis before them already explains."""
    shown: list[Finding] = []
    for finding in (*hard, *explain):
        diagnosed = any(
            finding.repairs and other.repairs and finding.repairs[0] == other.repairs[0]
            for other in shown
        )
        if not diagnosed:
            shown.append(finding)
    return shown


def explained_findings(draft: Draft) -> list[Finding]:
    """The findings that want a line of 说明."""
    return [f for f in run_checks(build_dossier(draft)) if f.severity == "explain"]


def unexplained(draft: Draft) -> Iterator[str]:
    """The keys of the 说明 that are still to be written."""
    for finding in explained_findings(draft):
        if explanation_key(finding) not in draft.answers:
            yield explanation_key(finding)


def explanation_key(finding: Finding) -> str:
    """The item that keeps the 说明 of a finding; it changes when the values do."""
    words = repr(finding.identity).encode()
    return EXPLAIN + hashlib.sha256(words).hexdigest()[:10]


def _outline_table(draft: Draft, table: Table, keys: set[str] | None = None) -> Rows:
    """One table's rows; only rows and columns with something in them."""

    def shown(row: int, column: int) -> str:
        key = table.item_key(table.rows[row], table.columns[column])
        return show_figure(draft.figure(key)) if keys is None or key in keys else ""

    grid = [
        [shown(row, column) for column in range(len(table.columns))]
        for row in range(len(table.rows))
    ]
    used_rows = [n for n, row in enumerate(grid) if any(cell not in ("", "0") for cell in row)]
    used = [
        n for n in range(len(table.columns)) if any(grid[r][n] not in ("", "0") for r in used_rows)
    ]
    if not used_rows:
        return ()
    head = ("", *(_SHORT.get(table.columns[n].label, table.columns[n].label) for n in used))
    body = [(_row_name(draft, table, r), *(grid[r][n] for n in used)) for r in used_rows]
    return (head, *body) if len(table.columns) > 1 else tuple(body)


def _row_name(draft: Draft, table: Table, row: int) -> str:
    name = draft.form.short_row(table.key, table.rows[row].key)
    return name if len(name) <= 9 else name[:8] + "…"


_SHORT = {
    "自然人": "自然", "商业企业": "企业", "科研机构": "科研", "社会公益组织": "公益",
    "法律服务机构": "法律", "其他": "其他", "总计": "总计", "本年制发件数": "制发",
    "本年废止件数": "废止", "现行有效件数": "有效", "结果维持": "维持", "结果纠正": "纠正",
    "其他结果": "其他", "尚未审结": "未结",
}  # fmt: skip
