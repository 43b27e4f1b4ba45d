"""What each button and each command does.

Pure. Only a button of the message shown last acts; an older one says what stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from bot.answers import Rejected
from bot.checks import run_checks
from bot.draft import NO, YES, Answer
from bot.interview.answering import (
    close_gate,
    confirm_zeros,
    finish_choice,
    open_gate,
    refuse,
    say_corrected,
    store,
)
from bot.interview.asking import ask, ask_next, keep_pieces, say_last_text
from bot.interview.card import say_progress
from bot.interview.narrative import compose
from bot.interview.position import accept
from bot.interview.questions import (
    CHARGED,
    REVIEW,
    VIEW,
    Question,
    applicants,
    find_question,
    last_carry,
)
from bot.interview.received import adopt, fill_in, more_findings, put_away, tell_findings
from bot.interview.settling import settle
from bot.interview.talk import Choice, Talk
from bot.interview.told import take_type
from bot.interview.writing import end_pieces, keep_text
from bot.messages import Press
from bot.record import build_dossier

_LISTED = 7


def open_by_name(talk: Talk, word: str) -> bool:
    """修改 平台建设: open the question of a text, a row or a block by its name."""
    name = word
    for lead in ("修改", "更正", "改"):
        name = name.removeprefix(lead)
    name = name.strip(" ：:一下")
    form = talk.draft.form
    if not name:
        return False
    for key in form.texts:
        if name in (form.items[key].label, *form.items[key].aliases):
            _change(talk, key)
            return True
    for row in form.tables["requests"].rows:
        if not row.total and name in (form.short_row("requests", row.key), *row.aliases):
            _change(talk, f"row.{row.key}")
            return True
    return False


def press(talk: Talk, press: Press) -> None:
    """A button: only one of the message shown last acts; an older one says what stands there."""
    mark = press.encode()
    position = talk.position
    toggles = press.choice[:1] in ("+", "-") and press.question == position.asking
    if press.draft != talk.draft.id:
        talk.say("press_other_draft")
        ask(talk, position.asking, again=True)
    elif press.revision == position.revision and (
        toggles or any(code == press.choice for _, code, _ in position.choices)
    ):
        talk.move(pressed=mark)
        act(talk, press.choice, press.question)
    elif mark == position.pressed:
        return  # a double tap counts once and says nothing
    else:
        stale(talk, press.question)


def stale(talk: Talk, name: str) -> None:
    """An old button never answers the question asked now."""
    question = find_question(talk.draft, name)
    if question and question.items and question.asks in ("gate", "figures", "text", "choice"):
        answered = [item for item in question.items if item in talk.draft.answers]
        talk.say("stale", items=question.items, answered=bool(answered),
                 values=[talk.draft.value(item) for item in question.items])  # fmt: skip
        ask(talk, talk.position.asking, again=True)
        if name != talk.position.asking:
            talk.offer(Choice("change", "change_this", {"items": question.items}, question=name))
        return
    talk.say("stale", items=(), answered=False, values=())
    ask(talk, talk.position.asking, again=True)


def act(talk: Talk, code: str, question: str) -> None:
    """Do what a button stands for."""
    try:
        if code[:1] in ("+", "-"):
            _toggle(talk, code)
        elif code[:2] == "t.":
            take_type(talk, code[2:])
        elif code[:1] == "r" and code[1:].isdigit():
            _repair(talk, int(code[1:]))
        else:
            ACTIONS[code](talk, question)
    except Rejected as refused:
        refuse(talk, refused, find_question(talk.draft, talk.position.asking))


def _asked(talk: Talk) -> Question:
    return find_question(talk.draft, talk.position.asking) or Question(REVIEW, "review")


def _yes(talk: Talk, question: str) -> None:
    asked = _asked(talk)
    if asked.asks == "fee":
        talk.keep(CHARGED, Answer(YES, "typed"))
        ask(talk, "fill.fee")
        return
    open_gate(talk, asked.name)


def _no(talk: Talk, question: str) -> None:
    asked = _asked(talk)
    if asked.asks == "fee":
        talk.keep(CHARGED, Answer(NO, "typed"))
        ask(talk, "other")
        return
    close_gate(talk, asked.name)


def _nothing(talk: Talk, question: str) -> None:
    """Section six in one tap: no fee, nothing else."""
    talk.keep(CHARGED, Answer(NO, "typed"))
    keep_text(talk, "other", compose(talk.draft, talk.scene.guides["other"]), "drafted")


def _none(talk: Talk, question: str) -> None:
    """All gates 没有 at once; the zeros are still to be confirmed."""
    gates = [
        gate
        for gate in talk.draft.form.gates
        if gate.key not in talk.draft.answers and not talk.draft.is_open(gate.key)
    ]
    store(talk, [(gate.key, Answer(NO, "typed")) for gate in gates])
    settle(talk)


def _skip(talk: Talk, question: str) -> None:
    """暂不清楚: put the question on the to-do list and go on."""
    asked = _asked(talk)
    if asked.asks in ("review", "view", "zeros"):
        talk.say("nothing_to_skip")
        ask(talk, asked.name, again=True)
        return
    if asked.asks == "explain" or (
        asked.asks == "text" and talk.draft.form.items[asked.name].optional
    ):
        talk.keep(asked.name, Answer("", "typed"))
    else:
        open_ = [item for item in asked.items if talk.draft.value(item) is None]
        talk.keep_all([(item, Answer(None, "todo")) for item in open_])
        talk.say("put_off" if open_ else "kept_as_is", items=asked.items)
    talk.move(offer=(), pieces=(), picked=None)
    _after(talk)


def _after(talk: Talk) -> None:
    """Go on; where the same question is the next one again, catching up has come round."""
    if talk.position.catching_up:
        talk.move(catching_up=False)
    ask_next(talk)


def _back(talk: Talk, question: str) -> None:
    back = talk.position.back
    while back and (back[-1] == talk.position.asking or not find_question(talk.draft, back[-1])):
        back = back[:-1]
    if not back:
        talk.say("no_back")
        ask(talk, talk.position.asking, again=True)
        return
    home = talk.position.home or talk.position.asking
    keep_pieces(talk)
    talk.move(asking="", back=back[:-1], home=home)
    talk.say("went_back")
    ask(talk, back[-1])


def _undo(talk: Talk, question: str) -> None:
    """撤销: take this person's last change back, unless somebody has changed it since."""
    if talk.position.offer:
        _drop(talk, "")
        return
    batch = talk.scene.recall()
    if batch is None:
        talk.say("nothing_to_undo")
        ask(talk, talk.position.asking, again=True)
        return
    key, changes = batch
    changed = [c.item for c in changes if talk.draft.answers.get(c.item) != c.new]
    talk.keep_all([(c.item, c.old) for c in changes if c.item not in changed])
    talk.undoes = key
    talk.say("undone", items=[c.item for c in changes if c.item not in changed][:6],
             changed=changed[:3], count=len(changes))  # fmt: skip
    talk.move(picked=None, pieces=(), home="")
    settle(talk)


def _help(talk: Talk, question: str) -> None:
    """帮助: what the item means, with a counter-example, and what can be typed."""
    asked = _asked(talk)
    form = talk.draft.form
    helps = []
    for item in asked.items:
        if item in form.items and form.items[item].help not in helps:
            helps.append(form.items[item].help)
    gate = next((g for g in form.gates if g.key == asked.name), None)
    guide = talk.scene.guides.get(asked.name)
    talk.say("help", helps=[h for h in helps if h][:3], gate=gate, guide=guide,
             asks=asked.asks, name=asked.name)  # fmt: skip
    ask(talk, talk.position.asking, again=True)


def _progress(talk: Talk, question: str) -> None:
    say_progress(talk)
    ask(talk, talk.position.asking, again=True)


def _hello(talk: Talk, question: str) -> None:
    talk.say("welcome_back", agency=talk.draft.agency, year=talk.draft.year)
    asking = talk.position.asking
    if asking and not asking.startswith(VIEW):
        ask(talk, asking, again=True)
    else:
        ask_next(talk)


def _view(talk: Talk, question: str) -> None:
    home = talk.position.home or talk.position.asking
    ask(talk, VIEW)
    talk.move(home="" if home.startswith(VIEW) else home)


def _change(talk: Talk, question: str) -> None:
    """Open a question to change it; afterwards the interview returns to where it was."""
    asking = talk.position.asking
    home = talk.position.home or ("" if asking.startswith(VIEW) else asking)
    ask(talk, question)
    talk.move(home=home)


def _home(talk: Talk, question: str) -> None:
    ask_next(talk)


def _ok(talk: Talk, question: str) -> None:
    """Store what was echoed."""
    offer = talk.position.offer
    if not offer:
        if _asked(talk).asks == "zeros":
            confirm_zeros(talk)
        else:
            ask(talk, talk.position.asking, again=True)
        return
    answers = [accept(proposal) for proposal in offer]
    talk.move(offer=(), pieces=(), picked=None)
    meant = {item for item, _ in answers}
    for gate in talk.draft.form.gates:
        meant |= set(gate.cells) if gate.key in meant else set()
    if any(entry.item in meant for entry in talk.scene.news):
        talk.say("offer_overtaken")
        ask(talk, talk.position.asking, again=True)
        return
    closing = [key for key, new in answers if key.startswith("gate.") and new.value == NO]
    cleared = [c for key in closing for c in talk.draft.form.gate(key).cells
               if c in talk.draft.answers]  # fmt: skip
    talk.keep_all([(cell, None) for cell in cleared])
    store(talk, answers)
    talk.say("stored_batch", count=len(answers), items=[item for item, _ in answers])
    settle(talk)


def _drop(talk: Talk, question: str) -> None:
    talk.move(offer=())
    talk.say("dropped")
    ask(talk, talk.position.asking, again=True)


def _draft(talk: Talk, question: str) -> None:
    name = talk.position.asking
    text = compose(talk.draft, talk.scene.guides[name])
    if not text:
        raise Rejected("no_draft")
    keep_text(talk, name, text, "drafted")


def _rewrite(talk: Talk, question: str) -> None:
    talk.say("rewrite", item=talk.position.asking)


def _omit(talk: Talk, question: str) -> None:
    talk.keep(talk.position.asking, Answer("", "typed"))
    talk.say("omitted", item=talk.position.asking)
    settle(talk)


def _keep(talk: Talk, question: str) -> None:
    ask_next(talk)


def _several(talk: Talk, question: str) -> None:
    talk.move(pieces=("",))
    ask(talk, talk.position.asking, again=True)


def _more(talk: Talk, question: str) -> None:
    """Go on with the text answered before."""
    name = talk.previous
    asked = find_question(talk.draft, name)
    if asked is None or asked.asks != "text":
        raise Rejected("no_draft")
    home = talk.position.home or talk.position.asking
    talk.move(asking=name, home=home, pieces=(str(talk.draft.value(name) or ""),))
    ask(talk, name, again=True)


def _join(talk: Talk, question: str) -> None:
    """The text just taken belongs to the one before it: move it there."""
    last, before = talk.previous, question
    texts = [talk.draft.value(key) for key in (before, last)]
    if not all(texts) or before == last:
        raise Rejected("no_draft")
    joined = "\n".join(map(str, texts))
    talk.keep_all([(before, Answer(joined, "typed")), (last, None)])
    talk.move(previous=before)
    talk.say("joined", item=before, length=len(joined))
    settle(talk)


def _end(talk: Talk, question: str) -> None:
    end_pieces(talk, talk.position.asking)


def _drop_pieces(talk: Talk, question: str) -> None:
    talk.move(pieces=())
    talk.say("dropped")
    ask(talk, talk.position.asking)


def _rest(talk: Talk, question: str) -> None:
    """余下的结转下年度: what is left per applicant type."""
    draft = talk.draft
    answers = []
    for kind in applicants(draft):
        came = sum(int(draft.figure(f"requests.{row}.{kind}") or 0)
                   for row in ("new_received", "carried_in"))  # fmt: skip
        done = sum(int(draft.figure(f"requests.{row}.{kind}") or 0)
                   for row in draft.form.sets["result"])  # fmt: skip
        answers.append((f"requests.carried_out.{kind}", Answer(came - done, "typed")))
    if any(int(str(new.value)) < 0 for _, new in answers):
        raise Rejected("negative", typed="")
    store(talk, answers)
    talk.say("stored", items=[c for c, _ in answers], values=[n.value for _, n in answers],
             yuan=False, typed="")  # fmt: skip
    settle(talk)


def _carry(talk: Talk, question: str) -> None:
    """上年结转 as last year's report has it."""
    carried = last_carry(talk.draft)
    answers = [
        (f"requests.carried_in.{kind}", Answer(number, "imported"))
        for kind, number in carried.items()
    ]
    store(talk, answers)
    some = [(cell, new.value) for cell, new in answers if new.value]
    talk.say("stored_carry", items=[c for c, _ in some], values=[v for _, v in some])
    settle(talk)


def _zero_line(talk: Talk, question: str) -> None:
    """A line of figures that was all zero last year and is again."""
    asked = _asked(talk)
    items = talk.draft.form.items
    zeros = [(item, Decimal(0) if items[item].kind == "money" else 0) for item in asked.items]
    store(talk, [(item, Answer(zero, "typed")) for item, zero in zeros])
    talk.say("stored", items=[i for i, _ in zeros], values=[z for _, z in zeros], yuan=False,
             typed="")  # fmt: skip
    settle(talk)


def _toggle(talk: Talk, code: str) -> None:
    """Tick or untick one option; the message is changed in place."""
    asked = _asked(talk)
    key, on = code[1:], code[0] == "+"
    if asked.asks != "choice" or key not in asked.options:
        ask(talk, talk.position.asking, again=True)
        return
    picked = set(talk.position.picked or ())
    picked = picked | {key} if on else picked - {key}
    talk.move(picked=tuple(option for option in asked.options if option in picked))
    ask(talk, asked.name, again=True)
    talk.replaces = True


def _repair(talk: Talk, number: int) -> None:
    """Do what a repair button proposes."""
    repairs = talk.position.repairs
    if number >= len(repairs):
        ask(talk, talk.position.asking, again=True)
        return
    answers = [accept(proposal) for proposal in repairs[number]]
    before = {item: talk.draft.figure(item) if item in talk.draft.figures else
              talk.draft.value(item) for item, _ in answers}  # fmt: skip
    talk.move(offer=())
    store(talk, answers)
    if len(answers) > _LISTED:
        talk.say("stored_batch", count=len(answers), items=[])
        settle(talk)
        return
    texts = [item for item, _ in answers if item in talk.draft.form.texts]
    figures = {item: new.value for item, new in answers if item not in texts}
    if figures:
        say_corrected(talk, before, figures)
    for item in texts:
        talk.say("rewritten", item=item, length=len(str(talk.draft.value(item) or "")))
    talk.move(home=talk.position.asking, repairs=())
    settle(talk)


def _notes(talk: Talk, question: str) -> None:
    """What is worth a look and needs nothing."""
    notes = [f for f in run_checks(build_dossier(talk.draft)) if f.severity == "note"]
    talk.say("notes", notes=notes, figures=talk.draft.values)
    ask(talk, talk.position.asking, again=True)


def _catch(talk: Talk, question: str) -> None:
    """Ask what was put off."""
    talk.move(catching_up=True, home="")
    ask_next(talk)


def _go_on(talk: Talk, question: str) -> None:
    talk.move(home="")
    ask_next(talk)


def _make(talk: Talk, question: str) -> None:
    """生成报告: always possible; what is not complete is marked 草稿."""
    from bot.interview.finishing import make_report

    make_report(talk)


def _done(talk: Talk, question: str) -> None:
    finish_choice(talk, _asked(talk))


ACTIONS: Mapping[str, Callable[[Talk, str], None]] = {
    "yes": _yes, "no": _no, "nothing": _nothing, "none": _none, "skip": _skip, "back": _back,
    "undo": _undo, "help": _help, "progress": _progress, "hello": _hello, "view": _view,
    "change": _change, "home": _home, "ok": _ok, "drop": _drop, "draft": _draft,
    "rewrite": _rewrite, "omit": _omit, "keep": _keep, "several": _several, "more": _more,
    "join": _join, "end": _end, "drop_pieces": _drop_pieces, "rest": _rest, "done": _done,
    "catch": _catch, "go_on": _go_on, "make": _make,
    "notes": _notes, "carry": _carry, "zero_line": _zero_line, "last_text": say_last_text,
    "adopt": lambda talk, _: adopt(talk), "fill_in": lambda talk, _: fill_in(talk),
    "fill_gaps": lambda talk, _: fill_in(talk, gaps=True),
    "check_file": lambda talk, _: tell_findings(talk),
    "more_findings": lambda talk, _: more_findings(talk),
    "drop_file": lambda talk, _: put_away(talk),
}  # fmt: skip
