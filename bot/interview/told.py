"""Figures told in a sentence: what was understood is shown, and stored when it is confirmed.

Pure.
"""

from __future__ import annotations

from bot.draft import OUTCOMES, TYPES, Answer, Draft
from bot.interview.asking import ask
from bot.interview.card import figure_rows
from bot.interview.position import propose
from bot.interview.questions import applicants
from bot.interview.talk import Choice, Talk
from bot.telling.sentence import Telling, read_telling

_SAID = 4


def take_telling(talk: Talk, text: str, kinds: tuple[str, ...], *, at_gate: bool) -> bool:
    """Take `text` where it tells figures; False where it tells none."""
    draft = talk.draft
    telling = read_telling(draft.form, text, kinds, gates_open=not at_gate, year=draft.year)
    if telling is None:
        return False
    if _lacks_type_only(telling):
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
    if not text or not take_telling(talk, text, (kind,), at_gate=False):
        ask(talk, talk.position.asking, again=True)


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
    kinds = [kind for kind in sets["applicant"] if any(k == kind and cells[
        f"requests.{row}.{k}"] for row, k in told)]  # fmt: skip
    rows = {row for row, _ in told}
    clash = any(draft.answers.get(f"requests.{row}.{kind}") for row in sets["row"]
                for kind in sets["applicant"])  # fmt: skip
    if not kinds or "new_received" not in rows or clash or draft.last:
        return []

    def told_of(row: str, kind: str) -> int:
        return cells.get(f"requests.{row}.{kind}", 0)

    for kind in kinds:
        came = told_of("new_received", kind) + told_of("carried_in", kind)
        went = sum(told_of(row, kind) for row in (*sets["result"], "carried_out"))
        if came != went:
            return []
    outcomes = [row for row in sets["result"] if any(told_of(row, kind) for kind in kinds)]
    if not outcomes:
        return []
    zeros = [
        (f"requests.{row}.{kind}", Answer(0, "typed"))
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
        replaced=[c for c in cells if draft.value(c) not in (None, shown.value(c))],
    )  # fmt: skip
    talk.move(offer=tuple(propose(item, new) for item, new in everything), telling="")
    talk.offer(Choice("ok", "store_told"), Choice("drop", "drop_batch"))
