"""One turn in the making: the draft as it changes, the position, and what will be said.

Pure; what is said is named here and worded elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from bot.checks.finding import Finding
from bot.draft import Answer, Change, Draft, Entry
from bot.guide import Guides
from bot.interview.position import Position
from bot.reading import Received

Rows = tuple[tuple[str, ...], ...]
Batch = tuple[str, tuple[Change, ...]]


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence by its name in the wording, what fills it, and tables laid out under it."""

    name: str
    facts: Mapping[str, object] = field(default_factory=dict)
    tables: tuple[Rows, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: the code it stands for, the name of its words, and the question it answers."""

    code: str
    words: str
    facts: Mapping[str, object] = field(default_factory=dict)
    question: str = ""


SKIP = Choice("skip", "skip")
HELP = Choice("help", "help")


@dataclass(frozen=True, slots=True)
class Scene:
    """What a turn starts from besides the draft: guidance, the day, and what others did.

    `recall` gives the person's last batch of changes; it is only called for 撤销. `received` gives
    a file that was read before by its upload's number.
    """

    guides: Guides
    today: date
    recall: Callable[[], Batch | None]
    received: Callable[[int], Received | None] = lambda upload: None
    news: tuple[Entry, ...] = ()
    latest: int = 0
    is_workday: Callable[[date], bool] = lambda day: day.weekday() < 5


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn came to: the draft with its changes, the position, a message with buttons.

    No `says` means that nothing is answered. `makes` asks for documents in these formats;
    `numeric` says that the question takes bare numbers; `replaces` changes the last message;
    `adopts` is the upload that becomes last year's report; `submits` hands this version in,
    `recalls` takes it back; `promised` is the day by which the clerk means to be done.
    """

    draft: Draft
    changes: tuple[Change, ...]
    position: Position
    says: tuple[Say, ...] = ()
    choices: tuple[tuple[Choice, ...], ...] = ()
    findings: tuple[Finding, ...] = ()
    numeric: bool = False
    replaces: bool = False
    makes: tuple[str, ...] = ()
    final: bool = False
    undoes: str | None = None
    adopts: int | None = None
    submits: bool = False
    recalls: bool = False
    promised: date | None = None


class Talk:
    """Collects one turn; functions of the interview read it and add to it."""

    def __init__(self, draft: Draft, position: Position, scene: Scene) -> None:
        self.draft = draft
        self.position = replace(position, previous="")
        self.previous = position.previous
        self.scene = scene
        self.before = draft
        self.changes: dict[str, Change] = {}
        self.says: list[Say] = []
        self.choices: list[tuple[Choice, ...]] = []
        self.findings: tuple[Finding, ...] = ()
        self.numeric = False
        self.brief = False  # a question asked again behind a refusal need not say all again
        self.replaces = False
        self.makes: tuple[str, ...] = ()
        self.final = False
        self.undoes: str | None = None
        self.adopts: int | None = None
        self.submits = False
        self.recalls = False
        self.promised: date | None = None

    def say(self, name: str, tables: tuple[Rows, ...] = (), /, **facts: object) -> None:
        """Add a sentence."""
        self.says.append(Say(name, facts, tables))

    def offer(self, *choices: Choice) -> None:
        """Add a row of buttons."""
        self.choices.append(choices)

    def keep(self, item: str, answer: Answer | None) -> None:
        """Set one item, or take its answer away."""
        self.keep_all([(item, answer)])

    def keep_all(self, answers: Iterable[tuple[str, Answer | None]]) -> None:
        """Set several items; what does not change is left alone."""
        changes = []
        for item, answer in answers:
            old = self.before.answers.get(item)
            self.changes.pop(item, None)
            if old != answer:
                self.changes[item] = Change(item, old, answer)
            changes.append(Change(item, old, answer))
        self.draft = self.draft.with_changes(changes)

    def move(self, **changes: object) -> None:
        """Change the position."""
        self.position = replace(self.position, **changes)  # type: ignore[arg-type]

    def turn(self) -> Turn:
        """What the turn came to."""
        return Turn(
            draft=self.draft,
            changes=tuple(self.changes.values()),
            position=replace(self.position, numeric=self.numeric),
            says=tuple(self.says),
            choices=tuple(self.choices),
            findings=self.findings,
            numeric=self.numeric,
            replaces=self.replaces,
            makes=self.makes,
            final=self.final,
            undoes=self.undoes,
            adopts=self.adopts,
            submits=self.submits,
            recalls=self.recalls,
            promised=self.promised,
        )
