"""The forms in `prompts/forms/`: found by name, read whole, or refused with all their faults."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import cast

from bot.catalogue import kinds
from bot.catalogue.file import FormFile
from bot.catalogue.kinds import misfits
from bot.catalogue.parts import (
    WORDS,
    build_facts,
    build_flow,
    build_gates,
    check_more,
    named_checks,
)
from bot.catalogue.rules import build_relations, build_rules, build_sets
from bot.catalogue.sense import LABEL, faults_of, is_label
from bot.catalogue.tables import build_items, build_sections, build_tables
from bot.folders import PROMPTS
from bot.form import Form
from bot.local import CatalogueError, Local, read_toml

FORMS = PROMPTS / "forms"
FORM = FORMS / "gov-info-2021.toml"

_HEAD = ("key", "format", "name", "authority", "title")
_PARTS = {
    "sections", "texts", "tables", "sets", "rules", "relations", "gates", "flow", "facts", "checks",
    *WORDS,
}  # fmt: skip


def form_names() -> tuple[str, ...]:
    """The names of the forms that come along, as a setting may name them."""
    return tuple(sorted(path.stem for path in FORMS.glob("*.toml")))


def find_form(name: str) -> Path:
    """The file of the form called `name`, or at that path; CatalogueError where there is none."""
    if name in form_names():
        return FORMS / f"{name}.toml"
    path = Path(name)
    if not path.is_file():
        known = "、".join(form_names())
        fault = f"没有叫“{name[:40]}”的报告格式；有：{known}，或者写文件的路径"
        raise CatalogueError(path, [fault])
    return path


def load_form(path: Path = FORM, local: Local | None = None) -> Form:
    """The form in `path`, with an office's own labels and thresholds laid over it.

    Raises CatalogueError with all faults at once.
    """
    file = FormFile(read_toml(path), local or Local(), path)
    if unfit := list(_unfit_labels(file)):
        raise CatalogueError(file.local.path or path, unfit)
    file.faults += misfits(file.data, kinds.FORM)
    form = None if file.faults else _build(file)
    if form is not None:
        file.faults += faults_of(form)
    if file.faults:
        raise CatalogueError(path, dict.fromkeys(file.faults))  # one for a whole `each`
    if strange := list(_strange_labels(file)):
        raise CatalogueError(file.local.path or path, strange)
    return cast(Form, form)


def _unfit_labels(file: FormFile) -> Iterator[str]:
    """The office's labels that cannot be printed as names."""
    for own in file.local.labels.values():
        if not is_label(own):
            yield f"[labels] 的“{own.strip()[:30]}”{LABEL}"


def _strange_labels(file: FormFile) -> Iterator[str]:
    """The office's labels that stand for nothing in the form, each with the nearest that does."""
    for label in file.local.labels:
        if label not in file.seen:
            near = get_close_matches(label, sorted(file.seen), n=1)
            hint = f"是不是“{near[0]}”？" if near else "官方名称用 nianbao form 看。"
            yield f"[labels] 要替换的名称“{label}”不在表单里；{hint}"


def _build(file: FormFile) -> Form | None:
    """The form, or None when a fault makes it unbuildable; read `faults` either way."""
    head = {key: file.word(file.data, key, "表单") for key in _HEAD}
    file.unknown(file.data, {*_HEAD, *_PARTS}, "表单")
    tables = {table.key: table for table in build_tables(file)}
    sections = build_sections(file, tables)
    items = {item.key: item for item in build_items(file, sections, tables)}
    sets = build_sets(file, tables)
    rules = tuple(build_rules(file, sets, items))
    relations = tuple(build_relations(file, sets, items))
    gates = tuple(build_gates(file, items))
    flow = build_flow(file, tables, sets, {gate.key for gate in gates})
    facts = build_facts(file, items)
    check_more(file, items)
    if file.faults:
        return None
    return Form(
        **head, sections=sections, tables=tables, items=items, rules=rules, gates=gates,
        sets=sets, labels=dict(file.local.labels), relations=relations,
        limits=file.local.limits, flow=flow, facts=facts, checks=tuple(named_checks(file)),
        source=str(file.path), **{key: file.data.get(key, "") for key in WORDS},
    )  # fmt: skip
