"""Makes `report.schema.json`, the JSON Schema of a report's data, from the form.

Run it when a form is added or its labels change: `python docs/make_schema.py`. What the keys mean
is told in `data.md`. The schema is stricter than the program, which reads what it can and says
what it could not: a file that fits the schema is read whole.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.catalogue import load_form  # noqa: E402 (the line above makes `bot` importable)
from bot.form import Form, Section, Table  # noqa: E402

TARGET = ROOT / "docs" / "report.schema.json"
MONEY = r"^[0-9]{1,20}(\.[0-9]{1,10})?$"

Schema = dict[str, Any]

_DEFINITIONS: Schema = {
    "count": {
        "description": "A whole number; null means that nobody answered and is never 0.",
        "type": ["integer", "null"],
        "minimum": 0,
        "maximum": 10**20 - 1,
    },
    "money": {
        "description": (
            "An amount in 万元, written as text so that no reader makes a float of it; the form "
            "has four decimals at most. A number is read too; null means that nobody answered."
        ),
        "type": ["string", "number", "null"],
        "pattern": MONEY,
        "minimum": 0,
        "maximum": 10**20 - 1,
    },
    "text": {
        "description": "Plain text; a line end ends a paragraph.",
        "type": "string",
    },
    "topic": {
        "type": "object",
        "properties": {
            "title": {"description": "Without its number.", "type": "string"},
            "text": {"$ref": "#/$defs/text"},
        },
        "required": ["title", "text"],
        "additionalProperties": False,
    },
}


def schema(form: Form) -> Schema:
    """The schema of the data file of `form`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:nianbao:report:{form.format}",
        "title": form.name,
        "description": f"One unit's report for one year in the form of {form.authority}.",
        "type": "object",
        "properties": _head(form) | {"sections": _sections(form)} | _tail(form),
        "required": ["agency", "year", "sections"],
        "additionalProperties": False,
        "$defs": _DEFINITIONS | {key: _row(form.tables[key], form) for key in _nested(form)},
    }


def text_of(form: Form) -> str:
    """The schema as the file holds it."""
    return json.dumps(schema(form), ensure_ascii=False, indent=1) + "\n"


def _head(form: Form) -> Schema:
    """What stands before the sections."""
    return {
        "$schema": {"description": "Where this schema lies; not read.", "type": "string"},
        "format": {"description": "Left out, it is the form in use.", "const": form.format},
        "agency": {
            "description": "The full name; empty where a file that was read did not say it.",
            "type": "string",
        },
        "year": {
            "description": "The year reported on; 0 where a file that was read did not say it.",
            "type": "integer",
            "minimum": 0,
            "maximum": 9999,
        },
        "level": {"description": "县级政府部门, 地市级政府 …", "type": "string"},
        "title": {"description": f"Left out, it is {form.title}.", "type": "string"},
        "preamble": _text(form, "preamble"),
    }


def _tail(form: Form) -> Schema:
    """What stands behind the sections."""
    return {
        "signoff": _text(form, "signoff"),
        "final": {
            "description": "Whether the report is finished; left out, it is not.",
            "type": "boolean",
        },
    }


def _sections(form: Form) -> Schema:
    """The sections by their keys; one that is left out has no answers."""
    return _closed(
        {section.key: _section(section, form) for section in form.sections},
        "Without overview, problems and other the file counts as figures only.",
    )


def _section(section: Section, form: Form) -> Schema:
    """A section with figures, with one text, or with an introduction and topics."""
    if section.tables:
        tables = (form.tables[key] for key in section.tables)
        cells = {key: cell for table in tables for key, cell in _cells(table, form)}
        return {"title": section.label, **_closed(cells)}
    if section.key in form.texts:
        return {"title": section.label, "$ref": "#/$defs/text"}
    topics = {
        "description": "In the order of the form; a document holds five at most.",
        "type": "array",
        "items": {"$ref": "#/$defs/topic"},
    }
    parts = {"intro": _text(form, f"{section.key}.intro"), "items": topics}
    return {"title": section.label, **_closed(parts)}


def _cells(table: Table, form: Form) -> Iterator[tuple[str, Schema]]:
    """The cells of a table below its section: one by one, or a row at a time."""
    for row in table.rows:
        if "." in table.cell:
            title = " · ".join((*table.groups.get(row.group, ()), row.label))
            yield row.key, {"title": title, "$ref": f"#/$defs/{table.key}"}
            continue
        for column in table.columns:
            key = table.item_key(row, column)
            title = " · ".join((*form.items[key].place, *_unit(table)))
            yield key.removeprefix(f"{table.section}."), _cell(table, title)


def _unit(table: Table) -> tuple[str, ...]:
    return ("万元",) if table.kind == "money" else ()


def _row(table: Table, form: Form) -> Schema:
    """A row of a table whose rows are objects."""
    columns = {column.key: _cell(table, column.label) for column in table.columns}
    return _closed(columns, f"{form.section(table.section).label}: one row.")


def _nested(form: Form) -> list[str]:
    """The tables whose rows are objects."""
    return [key for key, table in form.tables.items() if "." in table.cell]


def _cell(table: Table, title: str) -> Schema:
    return {"title": title, "$ref": f"#/$defs/{table.kind}"}


def _text(form: Form, key: str) -> Schema:
    return {"title": form.items[key].label, "$ref": "#/$defs/text"}


def _closed(properties: Schema, about: str = "") -> Schema:
    """An object with these keys, all of which may be left out, and no others."""
    described = {"description": about} if about else {}
    return {
        **described,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def main() -> None:
    """Write the schema; the same form gives the same bytes."""
    TARGET.write_text(text_of(load_form()), encoding="utf-8")


if __name__ == "__main__":
    main()
