"""Makes the pictures of the manuals from what really happened: `python docs/make_pictures.py`.

A made-up county's year is played against a real `nianbao serve` on the Telegram double of the
tests, and a few questions against a real `nianbao chat` in a terminal. Nothing in the pictures is
written by hand but where each begins and ends.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from docs.making import chat, pages, terminal  # noqa: E402 - beside docs/
from docs.making.chat import Scene, Shown  # noqa: E402
from docs.making.story import (  # noqa: E402
    AGENCY,
    COMMENT,
    MORNING,
    PLACE,
    REASON,
    REVIEW,
    YEAR,
    Person,
    Story,
    play,
)

PICTURES = ROOT / "docs" / "pictures"
TYPED = ("没有", "2", "没有", "没有", "没有", "12 3 0")
PAGE_WIDTH = 560
TABLE_THREE = 3
"""The page of the report with table three, counted from 0."""


def stretch(person: Person, begin: str, end: str = "", before: int = 0) -> list[Shown]:
    """What stood in a chat from a deed to just before another, or the next; and some before it."""
    first = person.marks[begin]
    later = [turn for turn in person.turns if turn > first]
    last = person.marks[end] if end else next(iter(later), len(person.messages))
    messages = person.messages[first - before : last]
    return [Shown(message, person.pressed.get(message.id, "")) for message in messages]


def for_staff(story: Story) -> dict[str, list[Scene]]:
    """The clerk's chat: the beginning, a wrong figure, a paragraph, what the office sent back."""
    clerk = story.clerk
    wrong = stretch(clerk, "30 0", before=1)[:2]
    return {
        "staff-start": [stretch(clerk, "/start", "没有")],
        "staff-figures": [wrong, stretch(clerk, "1 1")],
        "staff-text": [stretch(clerk, "260 220 40 3", before=1)],
        "staff-returned": [
            stretch(clerk, "[不改", before=1),
            stretch(clerk, REASON)[:1],
            stretch(clerk, "预览", before=2),
        ],
    }


def for_the_office(story: Story) -> dict[str, list[Scene]]:
    """The office's chat: invitations, board, review with a comment, the county's sum."""
    admin = story.admin
    review = [shown for deed in (REVIEW, COMMENT, "[退回") for shown in stretch(admin, deed)]
    asked, invited, codes = stretch(admin, "邀请")[:3]
    return {
        "office-invite": [[asked, replace(invited, most=9), codes]],
        "office-board": [stretch(admin, "看板")],
        "office-review": [review],
        "office-rollup": [stretch(admin, "汇总")],
    }


def for_the_readme(story: Story) -> list[Scene]:
    """The clerk's chat in short: a question, the cell that was wrong, the file."""
    clerk = story.clerk
    said, found = stretch(clerk, "1 1")
    return [
        stretch(clerk, "30 0", before=1)[:2],
        [said, replace(found, most=8)],
        stretch(clerk, "预览", before=1)[:1],
    ]


def make(story: Story, session: list[str]) -> dict[str, str | bytes]:
    """All pictures, by the names of their files."""
    about = f"{AGENCY} · {YEAR} 年度报告"
    made: dict[str, str | bytes] = {"chat.svg": chat.draw(for_the_readme(story), about, "填报人")}
    for name, scenes in for_staff(story).items():
        made[f"{name}.svg"] = chat.draw(scenes, about, "填报人")
    for name, scenes in for_the_office(story).items():
        made[f"{name}.svg"] = chat.draw(scenes, f"{PLACE}政务公开办 · {YEAR} 年度", "管理员")
    made["staff-terminal.svg"] = terminal.draw([session[:2], session[5:]], "终端：nianbao chat")
    sheets = [m.file.data for m in story.clerk.messages if m.kind == "photo" and m.file]
    made["report.png"] = pages.side_by_side([sheets[0], sheets[TABLE_THREE]], PAGE_WIDTH)
    return made


def make_all() -> dict[str, str | bytes]:
    """Play the year and the session, and make all pictures of them."""
    words = ("chat", "--unit", AGENCY, "--year", str(YEAR))
    return make(play(), terminal.play(words, TYPED, MORNING))


def main(folder: Path = PICTURES) -> None:
    """Write all pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in make_all().items():
        raw = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(raw)
        sys.stdout.write(f"{folder.name}/{name} {len(raw):,}\n")


if __name__ == "__main__":
    main()
