"""Figures told in a sentence: what was understood is shown, and stored when it is confirmed.

Pure.
"""

from __future__ import annotations

from bot.draft import CONTROLS, OUTCOMES, TYPES, Answer, Draft
from bot.interview.asking import ask
from bot.interview.card import figure_rows
from bot.interview.position import propose
from bot.interview.questions import applicants, last_carry
from bot.interview.talk import Choice, Talk
from bot.telling.sentence import Telling, read_telling

_SAID = 4


def take_telling(
    talk: Talk, text: str, kinds: tuple[str, ...], *, at_gate: bool, again: bool = False
) -> bool:
    """Take `text` where it tells figures; False where it tells none.

    `again` says that the type was asked for it before: it is not asked twice. What is understood
    are sentences of the form of 2021, whose rows and words stand in `bot.telling`.
    """
    draft = talk.draft
    if "requests" not in draft.form.checks:
        return False  # sentences are understood about requests only
    telling = read_telling(draft.form, text, kinds, gates_open=not at_gate, year=draft.year)
    if telling is None:
        return False
    telling = _in_context(talk, text, kinds, telling)
    if _lacks_type_only(telling) and not again:
        _ask_type(talk, text, telling)
        return True
    for one in telling.asks[:_SAID]:
        talk.say("told_" + one.reason, **one.facts)
    if telling.leftover:
        talk.say("told_leftover", words=telling.leftover[:30])
    answers = _answers(telling)
    if not answers:
        ask(talk, talk.position.asking, again=True)
        return True
    rest = [] if telling.asks or telling.leftover else _rest(draft, telling)
    _echo(talk, answers, rest)
    return True


def take_type(talk: Talk, kind: str) -> None:
    """The one applicant type that a sentence before left out."""
    text = talk.position.telling
    talk.move(telling="")
    if not text or not take_telling(talk, text, (kind,), at_gate=False, again=True):
        ask(talk, talk.position.asking, again=True)


def _in_context(talk: Talk, text: str, kinds: tuple[str, ...], telling: Telling) -> Telling:
    """The same sentence in the light of the question asked: its row, or the register's totals."""
    form, asking = talk.draft.form, talk.position.asking
    rows = {one.facts.get("row") for one in telling.asks}
    totals = set(telling.controls) == set(CONTROLS) and rows <= {"new_received", "carried_out"}
    if asking == "fill.control" and totals and _lacks_type_only(telling):
        return Telling({}, telling.controls, (), "")
    reasons = {one.reason for one in telling.asks}
    head, _, row = asking.partition(".")
    if head == "fill" and "which_row" in reasons:
        names = [line.label for key in ("rules", "cases") for line in form.tables[key].rows
                 if line.key == row]  # fmt: skip
        better = read_telling(form, names[0] + text, kinds, year=talk.draft.year) if names else None
        if better and len(better.asks) < len(telling.asks):
            return better
    return telling


def _lacks_type_only(telling: Telling) -> bool:
    """Whether all that is missing is who asked."""
    reasons = {one.reason for one in telling.asks}
    return reasons == {"which_type"} and not telling.leftover


def _ask_type(talk: Talk, text: str, telling: Telling) -> None:
    talk.say("told_whose", words=[one.facts["words"] for one in telling.asks])
    talk.move(telling=text, offer=())
    columns = talk.draft.form.tables["requests"].columns
    row: list[Choice] = []
    for line in columns:
        if line.key in applicants(talk.draft):
            row.append(Choice(f"t.{line.key}", "all_of_type", {"label": line.label}))
        if len(row) == 2:
            talk.offer(*row)
            row = []
    if row:
        talk.offer(*row)


def _answers(telling: Telling) -> list[tuple[str, Answer]]:
    return [
        (item, Answer(number, "typed"))
        for item, number in {**telling.controls, **telling.cells}.items()
    ]


def _rest(draft: Draft, telling: Telling) -> list[tuple[str, Answer]]:
    """What follows where all that came in is accounted for: no other type, outcome or carry.

    新收 and 上年结转 equal the outcomes and 结转下年度 in every column, so nothing can be missing.
    """
    sets, cells = draft.form.sets, telling.cells
    told = [key.split(".")[1:] for key in cells if key.startswith("requests.")]
    carry = {} if any(row == "carried_in" for row, _ in told) else last_carry(draft)
    kinds = [kind for kind in sets["applicant"] if carry.get(kind) or any(
        k == kind and cells[f"requests.{row}.{k}"] for row, k in told)]  # fmt: skip
    rows = {row for row, _ in told}
    clash = any(draft.answers.get(f"requests.{row}.{kind}") for row in sets["row"]
                for kind in sets["applicant"])  # fmt: skip
    if not kinds or "new_received" not in rows or clash:
        return []

    def told_of(row: str, kind: str) -> int:
        return cells.get(f"requests.{row}.{kind}", carry.get(kind, 0) if row == "carried_in" else 0)

    for kind in kinds:
        came = told_of("new_received", kind) + told_of("carried_in", kind)
        went = sum(told_of(row, kind) for row in (*sets["result"], "carried_out"))
        if came != went:
            return []
    outcomes = [row for row in sets["result"] if any(told_of(row, kind) for kind in kinds)]
    if not outcomes:
        return []
    zeros = [
        (f"requests.{row}.{kind}", Answer(told_of(row, kind), "typed"))
        for kind in kinds
        for row in ("carried_in", "carried_out", *outcomes)
        if f"requests.{row}.{kind}" not in cells
    ]
    picks = [(TYPES, ",".join(kinds)), (OUTCOMES, ",".join(outcomes))]
    return [*zeros, *((key, Answer(chosen, "typed")) for key, chosen in picks)]


def _zero_rows(draft: Draft, answers: list[tuple[str, Answer]]) -> list[str]:
    """The lines told to be 0 by their names: the table below shows only what is not."""
    items = draft.form.items
    names = [
        draft.form.short_row(items[item].table, items[item].row)
        for item, new in answers
        if item in draft.figures and not new.value
    ]
    return list(dict.fromkeys(names))


def _echo(talk: Talk, answers: list[tuple[str, Answer]], rest: list[tuple[str, Answer]]) -> None:
    draft = talk.draft
    everything = [*answers, *rest]
    shown = draft.with_changes([draft.change(item, new) for item, new in everything])
    cells = [item for item, _ in everything if item in draft.figures]
    controls = [(item, new.value) for item, new in answers if item not in draft.figures]
    talk.say(
        "told", figure_rows(shown, cells), controls=controls, rest=bool(rest),
        zeros=_zero_rows(draft, answers),
        replaced=[c for c, new in everything if draft.value(c) not in (None, new.value)
                  and c in (*CONTROLS, *draft.figures)],
        carried=sum(int(str(new.value)) for item, new in rest
                    if item.startswith("requests.carried_in.")),
    )  # fmt: skip
    talk.move(offer=tuple(propose(item, new) for item, new in everything), telling="")
    talk.offer(Choice("ok", "store_told"), Choice("drop", "drop_batch"))
