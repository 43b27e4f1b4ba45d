"""What is held about people: told in full, erased, and forgotten after a time.

Erasing ends a person's roles, puts random names in the place of addresses and wipes messages. What
a person answered, decided and said of a report stays, under a number: the statutory record, whose
chain of hashes holds numbers of people and no names. What is wiped is overwritten in the file;
copies made before still have it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.agency import report_year
from bot.encoding import write_body, write_time
from bot.messages import Incoming, Outgoing, Part
from bot.office.acts import EndMember
from bot.store.members import Members

ERASED = "（已删除）"
"""What stands in the place of an erased person's name."""
BATCH = 300
"""Rows looked at in one transaction: a turn that waits for it waits for milliseconds."""
SHORTEST = timedelta(days=30)
"""Nothing younger is forgotten: replies to messages, and messages that come once more."""

_WIPED = write_body(Outgoing(0, "", (Part(ERASED),)))
_FORGOTTEN = write_body(Outgoing(0, "", (Part("（过了保存期限，已清除。）"),)))
_LEAST_NAME = 2  # characters: a shorter one stands in too many other words
_DRAFT = " LEFT JOIN drafts ON drafts.id = draft_id LEFT JOIN units ON units.id = drafts.unit_id"
_HELD = {
    "chats": "SELECT address, units.name AS unit, year FROM chats" + _DRAFT
    + " WHERE person_id = :person ORDER BY address",
    "roles": "SELECT role, units.name AS unit, since, until FROM members"
    " LEFT JOIN units ON units.id = unit_id WHERE person_id = :person ORDER BY members.id",
    "invitations": "SELECT role, units.name AS unit, year, invitations.created_at AS created,"
    " used_at AS used FROM invitations" + _DRAFT
    + " WHERE used_by = :person ORDER BY invitations.id",
    "received": "SELECT key, question, received_at AS at FROM inbox WHERE address IN"
    " (SELECT address FROM chats WHERE person_id = :person) ORDER BY received_at, key",
    "messages": "SELECT queued_at AS queued, sent_at AS sent, question, body, error FROM outbox"
    " WHERE address IN (SELECT address FROM chats WHERE person_id = :person) ORDER BY id",
    "files": "SELECT name, received_at AS at, report IS NOT NULL AS kept FROM uploads"
    " WHERE address IN (SELECT address FROM chats WHERE person_id = :person) ORDER BY id",
    "changes": "SELECT at, units.name AS unit, year, item, old, new FROM history" + _DRAFT
    + " WHERE person_id = :person ORDER BY history.id",
    "versions": "SELECT at, units.name AS unit, year, number FROM versions" + _DRAFT
    + " WHERE person_id = :person ORDER BY versions.id",
    "decisions": "SELECT decisions.at, units.name AS unit, year, number, kind, reason"
    " FROM decisions JOIN versions ON versions.id = version_id" + _DRAFT
    + " WHERE decisions.person_id = :person ORDER BY decisions.id",
    "comments": "SELECT comments.at, units.name AS unit, year, number, item, text, dropped_at AS"
    " dropped FROM comments JOIN versions ON versions.id = version_id" + _DRAFT
    + " WHERE comments.person_id = :person ORDER BY comments.id",
    "events": "SELECT at, kind, units.name AS unit, body FROM events"
    " LEFT JOIN units ON units.id = unit_id WHERE person_id = :person ORDER BY events.id",
}  # fmt: skip
"""Each kind of what is held, as one query; a kind of row that names a person belongs here."""
_AS_JSON = ("body", "old", "new")


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure changed: chats renamed, roles ended, messages wiped."""

    chats: int
    roles: int
    messages: int


def find_people(store: Members, typed: str) -> list[tuple[int, str]]:
    """The people (number, name) whom a name or a number means, with roles or without."""
    rows = store.db.execute(
        "SELECT id, name FROM people WHERE :typed IN (name, cast(id AS TEXT)) AND :typed <> ''"
        " AND NOT EXISTS (SELECT 1 FROM chats WHERE person_id = people.id"
        " AND address LIKE 'command:%') ORDER BY id",
        {"typed": typed},
    )
    return [(id, name) for id, name in rows]


def is_last_admin(store: Members, person: int) -> bool:
    """Whether nobody would be an admin without this person."""
    admins = {member.person for member in store.members() if member.role == "office"}
    return admins == {person}


def export_person(store: Members, person: int) -> dict[str, Any]:
    """All that is held about a person, ready for JSON; the rows of each kind, oldest first."""
    name, since = store._one("SELECT name, created_at FROM people WHERE id = ?", [person])
    held: dict[str, Any] = {"person": {"id": person, "name": name, "since": since}}
    for kind, sql in _HELD.items():
        cursor = store.db.execute(sql, {"person": person})
        heads = [column[0] for column in cursor.description]
        held[kind] = [_readable(dict(zip(heads, row, strict=True))) for row in cursor.fetchall()]
    return held


def erase_person(store: Members, person: int, now: datetime) -> Erased:
    """Erase who a person is, and keep what the person did under the number; in one transaction."""
    key = f"erase:{secrets.token_hex(16)}"
    with store.db.atomic():
        store._take(Incoming(key, "command:office"), "", now)
        roles = _end_roles(store, person, key, now)
        (name,) = store._one("SELECT name FROM people WHERE id = ?", [person])
        rows = store.db.execute("SELECT address FROM chats WHERE person_id = ?", [person])
        addresses = [address for (address,) in rows.fetchall()]
        messages = sum(_rename(store, address, now) for address in addresses)
        _wipe_name(store, name)
        store.db.execute("UPDATE people SET name = ? WHERE id = ?", [ERASED, person])
        store._note("erased", {}, now, person=person, inbox=key)
        store._seal(now)
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return Erased(len(addresses), roles, messages)


def forget(store: Members, days: int, now: datetime) -> Iterator[int]:
    """Wipe what finished years leave behind after `days`; gives the rows wiped, batch by batch.

    Messages, the chats of updates taken (their keys stay: nothing is taken twice), what was read
    from files that were sent, and downloads made for the office. A step of the iterator is one
    short transaction; what it left off is taken up by the next walk. Answers, history, versions,
    decisions, events, last year's reports and the files of approvals are never touched.
    """
    before = write_time(now - max(timedelta(days=days), SHORTEST))
    for table, key, sql in _FORGETS:
        after: int | str = "" if key == "key" else 0
        while True:
            upto = store._one(
                f"SELECT max({key}) FROM (SELECT {key} FROM {table} WHERE {key} > ?"
                f" ORDER BY {key} LIMIT ?)",
                [after, BATCH],
            )[0]
            if upto is None:
                break
            year = report_year(now)
            values = {"after": after, "upto": upto, "before": before, "year": year}
            with store.db.atomic():
                wiped = store.db.execute(sql, {**values, "wiped": _FORGOTTEN}).rowcount
            after = upto
            yield wiped


_FINISHED = (
    "(draft_id IS NULL OR draft_id IN (SELECT id FROM drafts WHERE year < :year))"
    " AND julianday({}) < julianday(:before)"
)
_FORGETS = (
    ("outbox", "id", "UPDATE outbox SET body = :wiped WHERE id > :after AND id <= :upto"
     " AND sent_at IS NOT NULL AND body <> :wiped AND " + _FINISHED.format("queued_at")),
    ("inbox", "key", "UPDATE inbox SET address = '', message = '', question = ''"
     " WHERE key > :after AND key <= :upto AND address <> '' AND "
     + _FINISHED.format("received_at")),
    ("uploads", "id", "UPDATE uploads SET name = '', handle = '', report = NULL"
     " WHERE id > :after AND id <= :upto AND told_at IS NOT NULL AND (name <> '' OR report"
     " IS NOT NULL) AND " + _FINISHED.format("received_at")),
    ("documents", "id", "UPDATE documents SET content = NULL, name = NULL, sha256 = NULL"
     " WHERE id > :after AND id <= :upto AND version_id IS NULL AND content IS NOT NULL"
     " AND (draft_id IS NULL OR format = 'trace.html') AND id NOT IN (SELECT document_id FROM"
     " outbox WHERE sent_at IS NULL AND document_id IS NOT NULL) AND "
     + _FINISHED.format("created_at")),
)  # fmt: skip


def _rename(store: Members, address: str, now: datetime) -> int:
    """A random name in the place of an address, and nothing left of its messages; how many."""
    db, alias, moment = store.db, f"erased:{secrets.token_hex(16)}", write_time(now)
    db.execute("DELETE FROM seats WHERE address = ?", [address])
    db.execute(
        "UPDATE chats SET address = ?, draft_id = NULL, at_desk = 0, desk = '' WHERE address = ?",
        [alias, address],
    )
    db.execute("UPDATE inbox SET address = ?, message = '' WHERE address = ?", [alias, address])
    db.execute(
        "UPDATE inbox SET key = replace(key, :address, :alias) WHERE key LIKE 'decision:%'"
        " AND address = :alias AND key NOT IN (SELECT inbox FROM history)"
        " AND key NOT IN (SELECT inbox FROM events WHERE inbox IS NOT NULL)",
        {"address": address, "alias": alias},
    )
    db.execute(
        "UPDATE uploads SET address = ?, name = '', handle = '', report = NULL,"
        " told_at = ifnull(told_at, ?) WHERE address = ?",
        [alias, moment, address],
    )
    return db.execute(
        "UPDATE outbox SET address = ?, body = ?, message = NULL, sent_at = ifnull(sent_at, ?)"
        " WHERE address = ?",
        [alias, _WIPED, moment, address],
    ).rowcount


def _end_roles(store: Members, person: int, key: str, now: datetime) -> int:
    """No role is left; how many there were."""
    roles = store.db.execute(
        "SELECT role, unit_id FROM members WHERE person_id = ? AND until IS NULL", [person]
    ).fetchall()
    for role, unit in roles:
        store._end(EndMember(person, role, unit), key, now)
    return len(roles)


def _wipe_name(store: Members, name: str) -> None:
    """The name in what others were sent and could type, and pages that were made with it."""
    if len(name) < _LEAST_NAME:
        return
    written = json.dumps(name, ensure_ascii=False)[1:-1]
    rows = store.db.execute(
        "SELECT id, body FROM outbox WHERE sent_at IS NOT NULL AND instr(body, ?)", [written]
    ).fetchall()
    for id, body in rows:
        store.db.execute("UPDATE outbox SET body = ? WHERE id = ?", [_without(body, name), id])
    rows = store.db.execute(
        "SELECT address, desk FROM chats WHERE instr(desk, ?)", [written]
    ).fetchall()
    for address, desk in rows:  # words of buttons that could be typed; pressing them still works
        kept = json.dumps({**json.loads(desk), "choices": []}, ensure_ascii=False)
        store.db.execute("UPDATE chats SET desk = ? WHERE address = ?", [kept, address])
    store.db.execute(
        "UPDATE documents SET content = NULL, name = NULL, sha256 = NULL WHERE version_id IS NULL"
        " AND format IN ('trace.html', 'board.xlsx', 'board.html') AND id NOT IN"
        " (SELECT document_id FROM outbox WHERE sent_at IS NULL AND document_id IS NOT NULL)"
    )


def _without(body: str, name: str) -> str:
    """A message without a name in its words."""
    kept = json.loads(body)
    kept["parts"] = [[text.replace(name, ERASED), table] for text, table in kept["parts"]]
    kept["buttons"] = [
        [[text.replace(name, ERASED), data] for text, data in row] for row in kept["buttons"]
    ]
    return json.dumps(kept, ensure_ascii=False)


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose columns of JSON are read."""
    return {
        head: json.loads(value) if head in _AS_JSON and value is not None else value
        for head, value in row.items()
    }
