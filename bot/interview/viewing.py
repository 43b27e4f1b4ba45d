"""查看和修改: the menu in which anything that was answered can be picked.

Pure.
"""

from __future__ import annotations

from bot.draft import TYPES
from bot.interview.card import (
    outline,
)
from bot.interview.questions import (
    Question,
)
from bot.interview.talk import Choice, Talk


def ask_view(talk: Talk, question: Question) -> None:
    form = talk.draft.form
    part = question.name.partition(".")[2]
    if part in ("requests", "rows"):
        talk.say("view_table", outline(talk.draft, "requests"), part="表三")
        rows = [row for row in form.tables["requests"].rows if not row.total]
        if part == "requests":
            rows = [row for row in rows if _holds_something(talk, row.key)]
        _offer_lines(talk, [(f"row.{row.key}", form.short_row("requests", row.key))
                            for row in rows], 2)  # fmt: skip
        if part == "requests":
            talk.offer(Choice("change", "view_rows", question="view.rows"))
        talk.offer(Choice("change", "view_types", question=TYPES),
                   Choice("change", "view_control", question="fill.control"))  # fmt: skip
    elif part == "tables":
        talk.say("view_table", outline(talk.draft, "others"), part="表二、表四")
        lines = [("fill.rules", "规章"), ("fill.normdocs", "行政规范性文件")]
        lines += [("proactive.permits", "行政许可"), ("proactive.penalties", "行政处罚")]
        lines += [("proactive.coercion", "行政强制"), ("proactive.fees_wanyuan", "行政事业性收费")]
        lines += [(f"fill.{row.key}", row.label) for row in form.tables["cases"].rows]
        _offer_lines(talk, lines, 2)
    elif part == "texts":
        talk.say("view_texts", texts=[(form.items[key].label, talk.draft.answers.get(key))
                                      for key in form.texts])  # fmt: skip
        _offer_lines(talk, [(key, form.items[key].label) for key in form.texts], 2)
    elif part == "gates":
        talk.say("view_gates", gates=[(g.label, talk.draft.value(g.key)) for g in form.gates])
        _offer_lines(talk, [(gate.key, gate.label) for gate in form.gates], 1)
    else:
        talk.say("view")
        talk.offer(Choice("change", "view_gates", question="view.gates"),
                   Choice("change", "view_tables", question="view.tables"))  # fmt: skip
        talk.offer(Choice("change", "view_requests", question="view.requests"),
                   Choice("change", "view_texts", question="view.texts"))  # fmt: skip
    talk.offer(Choice("home", "home"))


def _offer_lines(talk: Talk, lines: list[tuple[str, str]], wide: int) -> None:
    """Buttons that open a question each, `wide` in a row."""
    for start in range(0, len(lines), wide):
        talk.offer(
            *(Choice("change", "line", {"label": label}, question=name)
              for name, label in lines[start : start + wide])
        )  # fmt: skip


def _holds_something(talk: Talk, row: str) -> bool:
    """Whether a row of table three has a figure above 0."""
    columns = talk.draft.form.sets["applicant"]
    return any(talk.draft.figure(f"requests.{row}.{column}") for column in columns)
