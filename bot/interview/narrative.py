"""The narrative items: drafting a paragraph from facts, following the figures, cutting a paste.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.draft import Answer, Draft
from bot.form import Form
from bot.guide import Guide
from bot.interview.questions import CHARGED, DUE, NOTICES, PAID
from bot.interview.talk import Talk
from bot.telling.lexicon import fold

LONG_PIECE = 3500  # Telegram cuts a longer message into several
GOES_ON = "，、：；,;:—"

_PLACE_NUMBER = re.compile(r"^[（(].{1,3}[)）]|^\d+[.．、]")


def fact_key(text: str, fact: str) -> str:
    """The item that keeps one fact of a text."""
    return f"fact.{text}.{fact}"


def measures_key(text: str) -> str:
    """The item that keeps the measures chosen for a text."""
    return f"pick.{text}"


def compose(draft: Draft, guide: Guide) -> str:
    """The paragraphs that the facts known so far make, or '' while some are missing."""
    facts = {fact.key: draft.number(fact_key(guide.key, fact.key)) for fact in guide.facts}
    if any(value is None for value in facts.values()):
        return ""
    chosen = draft.choices(measures_key(guide.key)) or ()
    measures = [measure for measure in guide.measures if measure.key in chosen]
    if guide.measures and not measures:
        return ""
    context = {
        "agency": draft.agency,
        "year": draft.year,
        "f": _figures(draft),
        "facts": facts,
        "measures": [measure.sentence for measure in measures],
        "answers": [measure.answer for measure in measures],
        "outcomes": _outcomes(draft),
        "fee": {
            "charged": draft.value(CHARGED),
            "notices": draft.number(NOTICES),
            "due": draft.number(DUE),
            "paid": draft.number(PAID),
        },
    }
    return guide.compose(context)


def follow_figures(talk: Talk) -> tuple[str, ...]:
    """Let drafted texts follow the figures; the texts that changed."""
    changed = []
    for key, guide in talk.scene.guides.items():
        answer = talk.draft.answers.get(key)
        if answer and answer.source == "drafted":
            text = compose(talk.draft, guide)
            if text and text != answer.value:
                talk.keep(key, Answer(text, "drafted"))
                changed.append(key)
    return tuple(changed)


def join_pieces(pieces: Sequence[str]) -> str:
    """A text that came in pieces; one that broke off in mid-sentence goes on in its line."""
    text = ""
    for piece in pieces:
        goes_on = text and (len(text) >= LONG_PIECE or text[-1] in GOES_ON)
        text += piece if not text or goes_on else "\n" + piece
    return text


@dataclass(frozen=True, slots=True)
class Cut:
    """A long paste cut at its headings: the texts found, and what stood before or between them."""

    texts: Mapping[str, str]
    loose: str


def cut_at_headings(form: Form, text: str) -> Cut | None:
    """The parts of a pasted text by their headings, or None where it has fewer than two."""
    found: dict[str, list[str]] = {}
    loose: list[str] = []
    current = ""
    for line in text.splitlines():
        heading = _heading(form, line)
        if heading is not None:
            current, line = heading
            if current and current in found:
                return None  # the same heading twice: the person must say which one counts
            if current:
                found[current] = []
        if line.strip():
            held = found[current] if current else loose
            held.append(line.strip() if current else line)  # tabs tell where cells are
    if current and found[current]:
        loose = _signature(found[current]) + loose
    texts = {key: "\n".join(lines) for key, lines in found.items() if lines}
    return Cut(texts, "\n".join(loose)) if len(texts) > 1 else None


def _signature(lines: list[str]) -> list[str]:
    """Take the signature block off the end of a text: a date, and the agency above it."""
    if not re.fullmatch(r"20\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日", fold(lines[-1]).strip()):
        return []
    count = 2 if len(lines) > 2 and len(lines[-2]) < 40 and lines[-2][-1] not in "。；！" else 1
    taken = lines[-count:]
    del lines[-count:]
    return taken


def _heading(form: Form, line: str) -> tuple[str, str] | None:
    """The text item that a line opens and the rest of the line; '' for a section of tables."""
    plain = fold(line).strip()
    for section in form.sections:
        if re.match(rf"{re.escape(fold(section.label)[:1])}、", plain):
            name = plain.partition("、")[2]
            if _opens(name, fold(section.label).partition("、")[2]):
                return (section.texts[0] if section.texts else ""), ""
    numbered = re.match(r"\(([一二三四五])\)\s*", plain)
    if numbered:
        for key in form.texts:
            item = form.items[key]
            if item.number:
                for alias in sorted(item.aliases, key=len, reverse=True):
                    rest = plain[numbered.end() :]
                    if rest.startswith(fold(alias)):
                        head = re.match(r"[。.:：\s]*", rest[len(fold(alias)) :])
                        start = len(line.strip()) - len(rest) + len(fold(alias))
                        return key, line.strip()[start + (head.end() if head else 0) :]
    return None


def _opens(name: str, official: str) -> bool:
    """Whether a section's title is the official one or a usual variant of it."""
    return name[:4] == official[:4] or name.startswith("概述")


def _figures(draft: Draft) -> dict[str, int | Decimal | None]:
    """The sums that paragraphs speak of, by the form's names; None where a cell is not known."""
    found = {
        name: [draft.figure(cell) for cell in cells] for name, cells in draft.form.facts.items()
    }
    return {
        name: None if None in figures else sum(figure or 0 for figure in figures)
        for name, figures in found.items()
    }


def _outcomes(draft: Draft) -> str:
    """The outcomes that occurred, in words: 予以公开3件、不予公开1件."""
    flow = draft.form.flow
    counted: dict[str, int] = {}
    for row in flow.outcomes:
        name = _outcome_name(draft.form, row)
        counted[name] = counted.get(name, 0) + int(draft.figure(flow.cell(row, flow.total)) or 0)
    return "、".join(f"{name}{number}件" for name, number in counted.items() if number)


def _outcome_name(form: Form, row: str) -> str:
    """What an outcome is called with those of its group: 不予公开."""
    place = form.items[form.flow.cell(row, form.flow.total)].place
    group = place[1] if len(place) > 3 else form.short_row(form.flow.table, row)
    return _PLACE_NUMBER.sub("", group)
