"""The texts of a report as the checks read them: item by item, sentence by sentence.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.checks.finding import Dossier
from bot.form import Form, Item

_NUMBER = re.compile(r"^\s*[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*")
_ENDING = re.compile(r"(工作)?(情况|方面)$")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")


def texts(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """All texts of the report by item key; a topic with a title of its own counts as 总述."""
    report, form = dossier.report, dossier.form
    yield "preamble", report.preamble
    yield "overview.intro", report.intro or ""
    for topic in report.topics:
        item = topic_item(form, topic.title)
        yield item.key if item else "overview.intro", topic.text
    yield "problems", report.problems or ""
    yield "other", report.other or ""
    yield "signoff", report.signoff


@lru_cache(maxsize=512)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text with the marks that end them; a semicolon ends one too."""
    return tuple(_SENTENCE.findall(text))


def topic_items(form: Form) -> tuple[Item, ...]:
    """The numbered topics of the overview."""
    items = (form.items[key] for key in form.section("overview").texts)
    return tuple(item for item in items if item.number)


def topic_item(form: Form, title: str) -> Item | None:
    """The official topic a title means, or None."""
    bare = bare_title(title)
    items = topic_items(form)
    for item in items:
        if bare in {item.label, *(bare_title(alias) for alias in item.aliases)}:
            return item
    return next((i for i in items if any(alias in bare for alias in (i.label, *i.aliases))), None)


def bare_title(title: str) -> str:
    """A topic's title without its number and the usual endings."""
    return _ENDING.sub("", _NUMBER.sub("", title).strip(" 　。.：:"))
