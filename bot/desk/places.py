"""The place in the form that a reviewer's words mean: 予以公开 自然人, 平台建设, 表二 行政许可.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.answers import plain
from bot.form import Form

WHOLE = ("整体", "全文", "总的", "整个报告", "报告")


def find_place(form: Form, words: str) -> str | None:
    """The question that some words mean; '' for the whole report, None where nothing fits."""
    typed = _key(words)
    if not typed or len(typed) > 60:
        return None
    if typed in WHOLE:
        return ""
    names = dict(_names(form))
    if typed in names:
        return names[typed]
    within = {place for name, place in names.items() if name in typed or typed in name}
    longest = max((len(n) for n in names if n in typed), default=0)
    best = {names[n] for n in names if n in typed and len(n) == longest}
    found = best or within
    return found.pop() if len(found) == 1 else None


def place_items(form: Form, place: str) -> tuple[str, ...]:
    """The items that a place covers, as the history keeps them."""
    head, _, row = place.partition(".")
    if place in form.items:
        return (place,)
    if head not in ("row", "fill"):
        return ()
    tables = [t for t in form.tables.values() if (t.key == form.flow.table) == (head == "row")]
    return tuple(
        table.item_key(line, column)
        for table in tables
        for line in table.rows
        if line.key == row
        for column in table.columns
    )


def _names(form: Form) -> Iterator[tuple[str, str]]:
    """All that a place can be called, with the question that asks it."""
    for key in form.texts:
        item = form.items[key]
        for name in (item.label, *item.aliases):
            yield _key(name), key
    for table in form.tables.values():
        for row in table.rows:
            question = _row_question(form, table.key, row.key)
            short = form.short_row(table.key, row.key)
            called = {_key(name) for name in (short, row.label, *row.aliases)} - {""}
            for name in called:
                yield name, question or table.item_key(row, table.columns[0])
            for column in table.columns:
                cell = table.item_key(row, column)
                titles = {_key(n) for n in (column.label, column.short, *column.aliases)} - {""}
                for name in called:
                    for title in titles:
                        yield name + title, question if column.total and question else cell


def _row_question(form: Form, table: str, row: str) -> str:
    """The question that asks a whole row, '' where its cells are asked alone."""
    if table == form.flow.table:
        return f"row.{row}" if row in form.flow.rows else ""
    alone = any(
        gate.together for gate in form.gates for cell in gate.cells
        if (form.items[cell].table, form.items[cell].row) == (table, row)
    )  # fmt: skip
    return "" if alone else f"fill.{row}"


def _key(words: str) -> str:
    """A name without what is written now one way and now another."""
    typed = plain(words)
    for gone in (" ", "·", "、", "（", "）", "(", ")", "表二", "表三", "表四", "的", "：", ":"):
        typed = typed.replace(gone, "")
    return typed.lstrip("一二三四五六七八九十0123456789.")
