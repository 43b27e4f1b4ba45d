"""The table of cases asked the short way: kinds, outcomes, what was carried in, what is left.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.draft import OUTCOMES, TYPES, Draft
from bot.form import Form
from bot.interview.questions import Question, applicants, last_carry
from bot.interview.talk import HELP, SKIP, Choice, Talk


def ask_carry(talk: Talk, question: Question, now: Mapping[str, object]) -> None:
    """二、上年结转: what last year's report carried over, as one tap."""
    carried = last_carry(talk.draft)
    talk.say("ask_carry", year=talk.draft.year - 1, items=question.items, now=now,
             types=type_names(talk.draft), total=sum(carried.values()),
             carried=[(kind, number) for kind, number in carried.items() if number])  # fmt: skip
    talk.offer(Choice("carry", "carry", {"total": sum(carried.values())}))
    talk.offer(SKIP, HELP)


def ask_remainder(talk: Talk, question: Question, now: Mapping[str, object]) -> None:
    """四、结转下年度: what is left over per applicant type, as a button."""
    left = remainders(talk.draft)
    items = dict(zip(applicants(talk.draft), question.items, strict=True))
    computed = [(items[kind], number) for kind, number in left if kind in items]
    over = [(kind, -number) for kind, number in left if number < 0]
    talk.say("ask_remainder", over=over, items=question.items, now=now, computed=computed,
             types=type_names(talk.draft), total=sum(n for _, n in computed))  # fmt: skip
    if len(computed) == len(question.items) and all(number >= 0 for _, number in computed):
        talk.offer(Choice("rest", "rest", {"total": sum(number for _, number in computed)}))
    talk.offer(SKIP, HELP)


def ask_choice(talk: Talk, question: Question) -> None:
    form = talk.draft.form
    talk.numeric = True
    picked = talk.position.picked
    if picked is None:
        picked = talk.draft.choices(question.name) or _certain(talk.draft, question.name)
        talk.move(picked=picked)
    options = tuple((key, _option_name(form, question.name, key)) for key in question.options)
    talk.say(
        "ask_types" if question.name == TYPES else "ask_outcomes",
        options=[
            (label, key in picked, _group(form, question.name, key)) for key, label in options
        ],
        picked=len(picked),
        year=talk.draft.year,
    )
    row: list[Choice] = []
    for key, label in options:
        on = key in picked
        row.append(Choice(("-" if on else "+") + key, "picked" if on else "unpicked",
                          {"label": label}))  # fmt: skip
        if len(row) == (2 if question.name == OUTCOMES else 3):
            talk.offer(*row)
            row = []
    if row:
        talk.offer(*row)
    talk.offer(Choice("done", "picked_all", {"count": len(picked)}), SKIP, HELP)


def _certain(draft: Draft, name: str) -> tuple[str, ...]:
    """What surely occurs: the types with cases, the outcomes with figures."""
    flow = draft.form.flow
    above = {
        (r, k)
        for r in (*flow.rows, flow.handled)
        for k in flow.kinds
        if draft.figure(flow.cell(r, k))
    }
    if name == TYPES:
        return tuple(kind for kind in flow.kinds if any(k == kind for _, k in above))
    return tuple(row for row in flow.outcomes if any(r == row for r, _ in above))


def type_names(draft: Draft) -> list[str]:
    labels = kind_labels(draft.form)
    return [labels[kind] for kind in applicants(draft)]


def kind_labels(form: Form) -> dict[str, str]:
    """What the kinds of person are called in the form: 自然人."""
    return {column.key: column.label for column in form.tables[form.flow.table].columns}


def remainders(draft: Draft, but: str = "") -> list[tuple[str, int]]:
    """For each applicant type what came in and has no outcome yet, row `but` left out."""
    left: list[tuple[str, int]] = []
    flow = draft.form.flow
    if but and but not in flow.outcomes:
        return left
    for kind in applicants(draft):
        came = [draft.figure(flow.cell(row, kind)) for row in (flow.new, flow.carried_in)]
        if any(number is None for number in came):
            continue
        rows = [row for row in flow.outcomes if row != but]
        done = [draft.figure(flow.cell(row, kind)) or 0 for row in rows]
        left.append((kind, sum(int(n or 0) for n in came) - sum(map(int, done))))
    return left


def _option_name(form: Form, name: str, key: str) -> str:
    if name == TYPES:
        return kind_labels(form)[key]
    return form.short_row(form.flow.table, key)


def _group(form: Form, name: str, key: str) -> str:
    """The group an outcome stands in: （三）不予公开."""
    if name == TYPES:
        return ""
    place = form.items[form.flow.cell(key, form.flow.kinds[0])].place
    return place[1] if len(place) > 3 else ""
