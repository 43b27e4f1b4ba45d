"""The texts of a report as the checks read them: item by item, sentence by sentence.

Pure. What depends on a text alone is kept by the text, so that a second look costs next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.checks.finding import Dossier, Repair, Rewrite
from bot.form import Form, Item

HAN = "\u4e00-\u9fff"
"""The Chinese characters as a range for a regular expression."""
ADDRESS = re.compile(r"(?:https?://|www\.)[\w./?=&%#:~+-]+|[\w.+-]{1,64}@[\w.-]{1,64}", re.ASCII)
"""Web and mail addresses: nothing in them is prose."""
MARKER = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}是|[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．])\s*"
)
"""The number before a sentence or a heading: 一是, （二）, 3."""

_LEAD = re.compile(r"^[^：，。]{0,12}：")
_NUMBER = re.compile(r"^\s*[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*")
_ENDING = re.compile(r"(工作)?(情况|方面)$|(?<=.)工作$")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_OTHERS = re.compile(r"《[^《》\n]{0,200}》|“[^“”\n]{0,60}”")
_NO_HAN = re.compile(rf"[^{HAN}]+")


def texts(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """All texts of the report by item key; a topic with a title of its own counts as 总述."""
    report, form = dossier.report, dossier.form
    lead = form.lead(form.topic_section) if form.topics else ""
    for key in form.texts:
        if not form.items[key].number:
            yield key, report.text(key)
        if key == lead:
            for topic in report.topics:
                item = topic_item(form, topic.title)
                yield item.key if item else lead, topic.text


def rewriting(dossier: Dossier, key: str, mended: str, cause: str) -> tuple[Repair, ...]:
    """The repair that puts `mended` in the place of a text.

    None where two texts share the key: it would be unclear which of them to replace.
    """
    if sum(item == key for item, _ in texts(dossier)) != 1:
        return ()
    return (Repair(cause=cause, rewrites=(Rewrite(key, mended),)),)


@lru_cache(maxsize=512)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text with the marks that end them; a semicolon ends one too."""
    return tuple(_SENTENCE.findall(text))


@lru_cache(maxsize=512)
def own_words(text: str) -> str:
    """A text without addresses and others' words: what stands inside 《》 or “” becomes 〈〉."""
    return _OTHERS.sub("〈〉", _OTHERS.sub("〈〉", without_addresses(text)))


def without_addresses(text: str, filler: str = "") -> str:
    """A text with `filler` in the place of every character of an address."""
    if "@" not in text and "://" not in text and "www." not in text:
        return text
    return ADDRESS.sub(lambda found: filler * len(found.group()), text)


def dense(text: str) -> str:
    """A text without any white space."""
    return "".join(text.split())


def han(text: str) -> str:
    """The Chinese characters of a text alone."""
    return _NO_HAN.sub("", text)


def bare_sentence(sentence: str) -> str:
    """A sentence without lead (改进：), number, white space and the mark that ends it."""
    return dense(MARKER.sub("", _LEAD.sub("", sentence))).rstrip("。！？!?；;")


def is_short_for(name: str, agency: str) -> bool:
    """Whether a name can be a short form of an agency's: its characters in the same order."""
    rest = iter(agency)
    return all(character in rest for character in name)


@lru_cache(maxsize=512)
def topic_item(form: Form, title: str) -> Item | None:
    """The official topic a title means, or None."""
    bare = bare_title(title)
    items = form.topics
    for item in items:
        if bare in {item.label, *(bare_title(alias) for alias in item.aliases)}:
            return item
    return next((i for i in items if any(alias in bare for alias in (i.label, *i.aliases))), None)


@lru_cache(maxsize=512)
def bare_title(title: str) -> str:
    """A topic's title without its number and the usual endings."""
    return _ENDING.sub("", _NUMBER.sub("", title).strip(" 　。.：:"))
