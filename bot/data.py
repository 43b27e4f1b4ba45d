"""Findings and the form as the data that the command line prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.checks.finding import Finding
from bot.form import Form
from bot.report import Figure
from bot.wording import Wording


def finding_data(
    finding: Finding, wording: Wording, figures: Mapping[str, Figure]
) -> dict[str, Any]:
    """A finding as the JSON that the command line prints."""

    def plain(value: object) -> object:
        return value if value is None or isinstance(value, int) else str(value)

    data: dict[str, Any] = {
        "rule": finding.rule,
        "severity": finding.severity,
        "cells": list(finding.cells),
        "left": plain(finding.left),
        "right": plain(finding.right),
        "difference": plain(finding.difference),
        "message": wording.message(finding, figures),
    }
    if finding.sentence:
        data["sentence"] = finding.sentence
    data["repairs"] = []
    for repair in finding.repairs:
        changes = [{"cell": c.cell, "value": plain(c.value)} for c in repair.changes]
        changes += [{"cell": r.item, "value": r.text} for r in repair.rewrites]
        first = changes[0]
        data["repairs"].append({**first, "also": changes[1:]} if changes[1:] else first)
    return data


def form_data(loaded: Form) -> dict[str, Any]:
    """The form as JSON: sections with their items, all cells, rules and gates."""
    return {
        "key": loaded.key,
        "format": loaded.format,
        "name": loaded.name,
        "authority": loaded.authority,
        "title": loaded.title,
        "sections": [
            {
                "key": section.key,
                "label": section.label,
                "texts": list(section.texts),
                "tables": list(section.tables),
            }
            for section in loaded.sections
        ],
        "items": [
            {
                "key": item.key,
                "section": item.section,
                "kind": item.kind,
                "label": item.label,
                "place": list(item.place),
                "help": item.help,
            }
            for item in loaded.items.values()
        ],
        "cells": list(loaded.cells),
        "rules": [
            {"id": r.id, "severity": r.severity, "left": list(r.left), "right": list(r.right)}
            for r in loaded.rules
        ],
        "gates": [
            {"key": g.key, "label": g.label, "question": g.question, "cells": list(g.cells)}
            for g in loaded.gates
        ],
    }
