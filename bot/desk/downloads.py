"""下载: one report, or all of them as an archive."""

from __future__ import annotations

from bot.desk.cards import FORMATS, send_file
from bot.desk.office import DeskTalk, Refused
from bot.interview.talk import Choice
from bot.office.names import find_units

ARCHIVED = ("docx", "pdf", "xlsx", "json", "html", "txt")
UNITS_IN_ONE = 300
"""Units in one archive: a Word file is about 50 kB, and Telegram takes 50 MB."""


def download(desk: DeskTalk, words: str = "") -> None:
    """下载: the choice; `下载 水务局 pdf` sends one report at once."""
    parts = words.split()
    kind = parts[-1].lower() if parts and parts[-1].lower() in FORMATS else ""
    name = " ".join(parts[:-1] if kind else parts)
    if name in ("全部", "所有"):
        download_all(desk, kind)
        return
    if name:
        found = find_units(desk.office.units(), name)
        if len(found) != 1:
            raise Refused("desk_unit_unclear", typed=name[:30],
                          found=[u.called for u in found[:6]])  # fmt: skip
        send_file(desk, f"{found[0].id}.{kind or 'docx'}")
        return
    ready = _ready(desk)
    if not ready:
        raise Refused("desk_nothing_to_send")
    desk.say("desk_download", count=len(ready), year=desk.year)
    desk.offer_rows([Choice(f"zip.{kind}", "zip_of", {"kind": kind})
                     for kind in ("docx", "pdf", "json")], wide=3)  # fmt: skip
    desk.offer(Choice("home", "desk_home"))


def download_all(desk: DeskTalk, kind: str = "") -> None:
    """All reports that were begun, in one or several archives, each with a summary."""
    kind = kind if kind in ARCHIVED else "docx"
    ready = _ready(desk)
    if not ready:
        raise Refused("desk_nothing_to_send")
    parts = [ready[at : at + UNITS_IN_ONE] for at in range(0, len(ready), UNITS_IN_ONE)]
    desk.say("desk_zipping", count=len(ready), parts=len(parts), kind=kind)
    for number, drafts in enumerate(parts, 1):
        desk.order("zip", facts={"year": desk.year, "drafts": drafts, "kind": kind,
                                 "part": number if len(parts) > 1 else 0})  # fmt: skip
    desk.offer(Choice("home", "desk_home"))


def _ready(desk: DeskTalk) -> list[int]:
    return [s.draft for s in desk.office.standings(desk.year)
            if s.draft is not None and s.state != "idle"]  # fmt: skip
