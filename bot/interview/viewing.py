"""查看和修改: the menu in which anything that was answered can be picked.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.draft import TYPES
from bot.form import Form
from bot.interview.card import outline
from bot.interview.questions import Question, fill_cells
from bot.interview.talk import Choice, Talk


def ask_view(talk: Talk, question: Question) -> None:
    """The parts of the report, or what one of them holds."""
    part = question.name.partition(".")[2]
    _PARTS.get(part, _view_parts)(talk)
    talk.offer(Choice("home", "home"))


def other_tables(form: Form) -> str:
    """What people call the tables that are filled in line by line: 表二、表四."""
    held = [s.key for s in form.sections if set(s.tables) - {form.flow.table}]
    return "、".join(map(form.table_name, held))


def _view_parts(talk: Talk) -> None:
    form = talk.draft.form
    talk.say("view")
    first = [Choice("change", "view_tables", {"label": other_tables(form)}, question="view.tables")]
    if len(form.gates) > 1:
        first.insert(0, Choice("change", "view_gates", {"count": len(form.gates)},
                               question="view.gates"))  # fmt: skip
    second = [Choice("change", "view_texts", question="view.texts")]
    if form.flow:
        second.insert(0, Choice("change", "view_requests", {"label": _flow_name(form)},
                                question="view.requests"))  # fmt: skip
    talk.offer(*first)
    talk.offer(*second)


def _view_flow(talk: Talk, *, whole: bool = False) -> None:
    form = talk.draft.form
    talk.say("view_table", outline(talk.draft, "flow"), part=_flow_name(form))
    rows = [row for row in form.flow.rows if whole or _holds_something(talk, row)]
    names = [(f"row.{row}", form.short_row(form.flow.table, row)) for row in rows]
    _offer_lines(talk, names, 2)
    if not whole:
        talk.offer(Choice("change", "view_rows", question="view.rows"))
    talk.offer(Choice("change", "view_types", question=TYPES),
               Choice("change", "view_control", question="fill.control"))  # fmt: skip


def _view_rows(talk: Talk) -> None:
    _view_flow(talk, whole=True)


def _view_tables(talk: Talk) -> None:
    talk.say("view_table", outline(talk.draft, "others"), part=other_tables(talk.draft.form))
    _offer_lines(talk, list(_lines(talk.draft.form)), 2)


def _lines(form: Form) -> Iterator[tuple[str, str]]:
    """The questions that fill the other tables, with a label each."""
    for gate in (gate for gate in form.gates if gate.key != form.flow.gate):
        if gate.together:
            yield from ((cell, form.items[cell].label) for cell in gate.cells)
            continue
        rows = {form.items[cell].row: form.items[cell].label for cell in gate.cells}
        yield from ((f"fill.{row}", label) for row, label in rows.items() if fill_cells(form, row))


def _view_texts(talk: Talk) -> None:
    form = talk.draft.form
    talk.say("view_texts", texts=[(form.items[key].label, talk.draft.answers.get(key))
                                  for key in form.texts])  # fmt: skip
    _offer_lines(talk, [(key, form.items[key].label) for key in form.texts], 2)


def _view_gates(talk: Talk) -> None:
    gates = talk.draft.form.gates
    talk.say("view_gates", gates=[(gate.label, talk.draft.value(gate.key)) for gate in gates])
    _offer_lines(talk, [(gate.key, gate.label) for gate in gates], 1)


_PARTS = {
    "requests": _view_flow,
    "rows": _view_rows,
    "tables": _view_tables,
    "texts": _view_texts,
    "gates": _view_gates,
}


def _offer_lines(talk: Talk, lines: list[tuple[str, str]], wide: int) -> None:
    """Buttons that open a question each, `wide` in a row."""
    for start in range(0, len(lines), wide):
        talk.offer(
            *(Choice("change", "line", {"label": label}, question=name)
              for name, label in lines[start : start + wide])
        )  # fmt: skip


def _flow_name(form: Form) -> str:
    return form.table_name(form.tables[form.flow.table].section)


def _holds_something(talk: Talk, row: str) -> bool:
    """Whether a row of the table of cases has a figure above 0."""
    flow = talk.draft.form.flow
    return any(talk.draft.figure(flow.cell(row, kind)) for kind in flow.kinds)
