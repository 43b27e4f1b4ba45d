"""Files that people send: read apart from this process, and kept as JSON until they are put to use.

A hostile file can crash or hang the library that opens it. It is therefore read in a child
process with limits of memory and time; what comes back is JSON, checked like any other input.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess  # nosec B404 # see below
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.catalogue import load_form
from bot.form import Form
from bot.local import load_local
from bot.readers.json import read_report
from bot.readers.package import MOST_BYTES
from bot.readers.reading import Reading, Unreadable
from bot.reading import Returned
from bot.writers.json import write_report

SECONDS = 40
MEMORY = 2 * 1024**3
LIST = "--list"
"""Asks the child process for the rows of a list in place of a report."""

_INSTEAD = "请另存为 .docx 再发，或者把表格和文字粘贴过来。"
_TOO_LARGE = f"文件超过 {MOST_BYTES // 1024 // 1024} MB，没有读。请去掉图片再发。"
_FAILED = f"文件读不出来：可能损坏了，或者不是年度报告。{_INSTEAD}"
_SLOW = f"文件太复杂，读了很久也没有读完。{_INSTEAD}"


def read_apart(name: str, content: bytes, form: Form, local: Path | None = None) -> Reading:
    """The report in a file, read in a child process; Unreadable with a sentence without one.

    `local` is the office's own file that `form` was loaded with.
    """
    return load_reading(_ask_child(name, content, form.source, str(local or "")), form)


def read_list_apart(name: str, content: bytes) -> tuple[tuple[str, ...], ...]:
    """The rows of a list of units, read in a child process; Unreadable without one."""
    rows = json.loads(_ask_child(name, content, LIST))["rows"]
    return tuple(tuple(row) for row in rows)


def _ask_child(name: str, content: bytes, *what: str) -> str:
    """What the child process answers to a file; Unreadable where it refuses or fails."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_TOO_LARGE)
    # The file's name may tell of people, the environment holds the token: neither goes along.
    ending = re.sub(r"[^.a-z0-9]", "", Path(name).suffix.lower())[:8]
    command = [sys.executable, "-m", "bot.intake", "file" + ending, *what]
    try:
        child = subprocess.run(  # nosec B603 # no shell; of the file's name only letters go along
            command,
            input=content,
            capture_output=True,
            timeout=SECONDS,
            env={"PYTHONUTF8": "1", "PYTHONPATH": str(Path(__file__).parent.parent)},
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(_SLOW) from None
    except OSError:
        raise Unreadable(_FAILED) from None
    try:
        answer = json.loads(child.stdout)
        refusal = str(answer.get("refusal", ""))
    except (ValueError, AttributeError):
        raise Unreadable(_SLOW if child.returncode == -24 else _FAILED) from None
    if refusal:
        raise Unreadable(refusal)
    return child.stdout.decode()


def dump_reading(reading: Reading, form: Form) -> str:
    """A reading as JSON."""
    return json.dumps(
        {
            "report": write_report(reading.report, form),
            "headings": reading.headings,
            "unread": reading.unread,
            "unreadable": dict(reading.unreadable),
            "labels": reading.labels,
            "form_seen": reading.form_seen,
            "returned": _dump_returned(reading.returned),
        },
        ensure_ascii=False,
    )


def load_reading(kept: str, form: Form) -> Reading:
    """The reading that `dump_reading` wrote."""
    found = json.loads(kept)
    return Reading(
        report=read_report(found["report"], form).report,
        headings=tuple(found["headings"]),
        unread=tuple(found["unread"]),
        unreadable=dict(found["unreadable"]),
        labels=tuple(found["labels"]),
        form_seen=found["form_seen"],
        returned=_load_returned(found.get("returned"), form),
    )


def _dump_returned(returned: Returned | None) -> dict[str, Any] | None:
    """The changes of a workbook as JSON: money as text."""
    if returned is None:
        return None
    return {
        "draft": returned.draft,
        "changes": {item: _plain(value) for item, value in returned.changes.items()},
        "given": {item: _plain(value) for item, value in returned.given.items()},
    }


def _load_returned(kept: dict[str, Any] | None, form: Form) -> Returned | None:
    """The changes that `_dump_returned` wrote; what is no item of the form is left out."""
    if kept is None:
        return None

    def read(values: dict[str, Any]) -> dict[str, Any]:
        money = {item for item in form.cells if form.items[item].kind == "money"}
        return {
            item: Decimal(value) if item in money and value is not None else value
            for item, value in values.items()
            if item in form.items
        }

    return Returned(int(kept["draft"]), read(kept["changes"]), read(kept["given"]))


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value


def _child(name: str, what: str, local: str = "") -> str:
    """What the child process answers: a reading, or why there is none."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        if what == LIST:
            from bot.readers.roster import read_grid

            rows = read_grid(name, sys.stdin.buffer.read())
            return json.dumps({"rows": rows}, ensure_ascii=False)
        from bot.readers import read_file

        form = load_form(Path(what), load_local(Path(local)) if local else None)
        return dump_reading(read_file(name, sys.stdin.buffer.read(), form), form)
    except Unreadable as refused:
        return json.dumps({"refusal": str(refused)}, ensure_ascii=False)
    except (MemoryError, RecursionError):
        return json.dumps({"refusal": _FAILED}, ensure_ascii=False)


if __name__ == "__main__":
    answer = _child(*sys.argv[1:4])
    sys.stdout.buffer.write(answer.encode())
