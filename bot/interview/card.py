"""The look back: progress, the table of what was filled in, and the review card.

Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.checks import Kind, run_checks
from bot.checks.finding import Finding
from bot.draft import Answer, Draft
from bot.form import Form, Table
from bot.interview.questions import EXPLAIN, SIGNOFF, agenda
from bot.interview.talk import Choice, Rows, Talk
from bot.record import build_dossier
from bot.report import Figure, show_figure


def outline(draft: Draft, part: str = "all") -> tuple[Rows, ...]:
    """The figures that are not 0, row by row, with only the columns that hold any.

    `part` is flow (the table of cases), others or all.
    """
    tables = list(draft.form.tables.values())
    if part != "all":
        tables = [t for t in tables if (t.key == draft.form.flow.table) == (part == "flow")]
    return _filled(_outline_table(draft, table) for table in tables)


def filled_tables(form: Form, figures: Mapping[str, Figure]) -> tuple[Rows, ...]:
    """The figures of a report that are not 0, row by row."""
    known = {cell: Answer(v, "imported") for cell, v in figures.items() if v is not None}
    return outline(Draft(form, 0, "", 0, "", known))


def figure_rows(draft: Draft, cells: Sequence[str]) -> tuple[Rows, ...]:
    """The cells of a batch as rows to be looked at: the row's name, then its figures."""
    items = draft.form.items
    return _filled(
        _outline_table(draft, table, {key for key in cells if items[key].table == table.key})
        for table in draft.form.tables.values()
    )


def say_progress(talk: Talk) -> None:
    """进度: how much is answered, what is open, what was put off."""
    draft = talk.draft
    figures = draft.figures.values()
    known = sum(answer.value is not None for answer in figures)
    asked = [key for key in draft.form.texts if key != SIGNOFF]
    written = sum(draft.value(key) is not None for key in asked)
    open_ = list(agenda(draft))
    findings = run_checks(build_dossier(draft))
    wrong = hard_first([f for f in findings if f.severity == "hard" and not is_gap(f)], ())
    talk.say(
        "progress", wrong=wrong, agency=draft.agency, year=draft.year, known=known, of=len(figures),
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
    stage = draft.stage
    told = [finding for finding in shown if not is_gap(finding)][:3]
    missing = list(agenda(draft))
    talk.say(
        "review", outline(draft), complete=complete, agency=draft.agency, year=draft.year,
        nonzero=sum(bool(a.value) for a in draft.figures.values()), todo=draft.todo,
        missing=len(missing), hard=len(hard_first(hard, ())), explain=len(explain),
        unexplained=[f for f in explain if not draft.value(explanation_key(f))],
        signoff=draft.value(SIGNOFF) or "", more=max(0, len(shown) - len(told)),
        stage=stage.name, number=stage.version, reviewed=stage.reviewed,
    )  # fmt: skip
    notes = sum(f.severity == "note" for f in findings)
    talk.findings = (*talk.findings, *[f for f in told if f not in talk.findings])
    if stage.name == "submitted":
        talk.offer(Choice("recall", "recall"), Choice("preview", "preview"))
        return
    if complete and stage.reviewed and not stage.locked:
        talk.offer(Choice("submit", "submit"))
    final = complete and (not stage.reviewed or stage.name == "approved")
    talk.offer(Choice("make", "make" if final else "make_draft"), Choice("preview", "preview"))
    extra = []
    if draft.todo:
        extra.append(Choice("catch", "catch", {"count": len(draft.todo)}))
    elif missing:
        extra.append(Choice("go_on", "go_on", {"count": len(missing)}))
    owed = sum(not draft.value(explanation_key(f)) for f in explain)
    if owed:
        extra.append(Choice("explain", "explain", {"count": owed}))
    if notes or len(shown) > len(told):
        extra.append(Choice("notes", "notes", {"count": len(shown) + notes}))
    talk.offer(*extra, Choice("view", "view"))


def hard_findings(draft: Draft, checks: Kind | None = None) -> list[Finding]:
    """What must be corrected before the report can be final, each fault once.

    With `checks` only what the checks of that kind find.
    """
    found = run_checks(build_dossier(draft), checks)
    return hard_first([f for f in found if f.severity == "hard"], ())


def is_gap(finding: Finding) -> bool:
    """Whether a finding only says that something is still missing."""
    if finding.rule in ("NUM-02", "PR-TODO", "STR-07"):
        return True
    return finding.rule in ("STR-01", "STR-06") and finding.facts.get("fault") in (
        "missing",
        "empty",
    )


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


def unexplained(draft: Draft, *, passed: bool = False) -> Iterator[str]:
    """The keys of the 说明 that are still to be written; with `passed` also those passed over."""
    for finding in explained_findings(draft):
        key = explanation_key(finding)
        if key not in draft.answers or (passed and not draft.value(key)):
            yield key


def explanation_key(finding: Finding) -> str:
    """The item that keeps the 说明 of a finding; it changes when the values do."""
    words = repr(finding.identity).encode()
    return EXPLAIN + hashlib.sha256(words).hexdigest()[:10]


def _filled(tables: Iterable[Rows]) -> tuple[Rows, ...]:
    """The tables that hold something; single lines under one another make one table."""
    filled: list[Rows] = []
    for rows in tables:
        if rows and filled and len(rows[0]) == 2 == len(filled[-1][0]):
            filled[-1] = (*filled[-1], *rows)
        elif rows:
            filled.append(rows)
    return tuple(filled)


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
    head = ("", *(table.columns[n].short or table.columns[n].label for n in used))
    body = [
        (draft.form.short_row(table.key, table.rows[r].key), *(grid[r][n] for n in used))
        for r in used_rows
    ]
    return (head, *body) if len(table.columns) > 1 else tuple(body)
