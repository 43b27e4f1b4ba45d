"""Going about the interview: back, off, on, views, help, progress, the report.

Pure.
"""

from __future__ import annotations

from bot.checks import run_checks
from bot.draft import Answer
from bot.interview.asking import ask, ask_next, keep_pieces
from bot.interview.card import hard_first, say_progress, unexplained
from bot.interview.finishing import make_report
from bot.interview.questions import (
    LAST,
    VIEW,
    asked_now,
    find_question,
)
from bot.interview.received import put_back
from bot.interview.settling import settle
from bot.interview.talk import Choice, Talk
from bot.interview.tapping import reject
from bot.record import build_dossier

_LISTED = 20


def put_off(talk: Talk, question: str) -> None:
    """暂不清楚: put the question on the to-do list and go on."""
    asked = asked_now(talk.draft, talk.position.asking)
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


def back(talk: Talk, question: str) -> None:
    """上一步: go back to the question before."""
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


def explain(talk: Talk, question: str) -> None:
    """写说明: the first finding that has none yet, those passed over too."""
    owed = next(unexplained(talk.draft, passed=True), "")
    if not owed:
        talk.say("nothing_to_explain")
    home = talk.position.home or talk.position.asking
    ask(talk, owed or talk.position.asking)
    talk.move(home="" if home.startswith(VIEW) else home)


def undo(talk: Talk, question: str) -> None:
    """撤销: take this person's last change back, unless somebody has changed it since."""
    if talk.position.offer:
        reject(talk, "")
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
    if any(c.item == LAST and c.item not in changed for c in changes):
        put_back(talk)
    talk.say("undone", items=[c.item for c in changes if c.item not in changed][:6],
             changed=changed[:3], count=len(changes))  # fmt: skip
    talk.move(picked=None, pieces=(), home="")
    settle(talk)


def give_help(talk: Talk, question: str) -> None:
    """帮助: what the item means, with a counter-example, and what can be typed."""
    asked = asked_now(talk.draft, talk.position.asking)
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


def pause(talk: Talk, question: str) -> None:
    """停: nothing more is asked now; all that was answered stands."""
    talk.say("paused")
    talk.offer(Choice("go_on", "resume"))


def tell_progress(talk: Talk, question: str) -> None:
    """进度: how much is answered, what is open."""
    say_progress(talk)
    ask(talk, talk.position.asking, again=True)


def greet(talk: Talk, question: str) -> None:
    """/start once more: greet and go on."""
    talk.say("welcome_back", agency=talk.draft.agency, year=talk.draft.year)
    asking = talk.position.asking
    if asking and not asking.startswith(VIEW) and not talk.draft.asked_for:
        ask(talk, asking, again=True)
    else:
        ask_next(talk)


def view(talk: Talk, question: str) -> None:
    """查看: the menu of what can be changed."""
    home = talk.position.home or talk.position.asking
    ask(talk, VIEW)
    talk.move(home="" if home.startswith(VIEW) else home)


def change(talk: Talk, question: str) -> None:
    """Open a question to change it; afterwards the interview returns to where it was."""
    asking = talk.position.asking
    home = talk.position.home or ("" if asking.startswith(VIEW) else asking)
    ask(talk, question)
    talk.move(home=home)


def home(talk: Talk, question: str) -> None:
    """Back from a correction to where it came from."""
    ask_next(talk)


def tell_notes(talk: Talk, question: str) -> None:
    """All findings in a list, the most serious first."""
    found = run_checks(build_dossier(talk.draft))
    hard = [f for f in found if f.severity == "hard"]
    rest = [f for f in found if f.severity != "hard"]
    talk.say("notes", findings=hard_first(hard, rest)[:_LISTED], figures=talk.draft.values,
             more=max(0, len(hard_first(hard, rest)) - _LISTED))  # fmt: skip
    ask(talk, talk.position.asking, again=True)


def catch(talk: Talk, question: str) -> None:
    """Ask what was put off."""
    talk.move(catching_up=True, home="")
    ask_next(talk)


def go_on(talk: Talk, question: str) -> None:
    """继续: the next open question."""
    talk.move(home="")
    ask_next(talk)


def make(talk: Talk, question: str) -> None:
    """生成报告: always possible; what is not complete is marked 草稿."""
    make_report(talk)


def preview(talk: Talk, question: str) -> None:
    """预览: pictures of the pages, as they would print now."""
    make_report(talk, ("png",))
