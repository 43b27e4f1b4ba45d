"""Section headings: which section a heading means, and headings that stand inside a text.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.checks.finding import Dossier, Finding
from bot.checks.texts import dense
from bot.form import Form, Section
from bot.report import paragraphs

CHINESE_NUMBERS = "一二三四五六七八九十"

_NUMBERED = re.compile(rf"^\s*([{CHINESE_NUMBERS}]{{1,3}})\s*[、.．,，。:：·\s]")
_JOINT = re.compile(r"[\s：:。.,，、]*$")
_MEANT = {
    "overview": re.compile(r"^总体|概述|概况$|总体情况|基本情况"),
    "problems": re.compile(r"问题|不足|困难|^(?:改进|整改)"),
    "review_litigation": re.compile(r"复议|诉讼"),
    "requests": re.compile(
        r"收到和处理|依申请|(?:收到|处理|办理).{0,12}申请|申请.{0,12}(?:处理|办理)"
    ),
    "proactive": re.compile(r"主动公开"),
    "other": re.compile(r"^其[他它]?|其[他它].{0,6}(?:事项|情况)|需要?(?:报告|说明)的?事项"),
}
"""The words that tell a section's heading in other wordings, the surest first."""


def number_of(heading: str) -> str:
    """The Chinese number before a heading, or an empty string."""
    found = _NUMBERED.match(heading)
    return found.group(1) if found else ""


def bare_heading(heading: str) -> str:
    """A heading without number and marks: 总体情况."""
    return re.sub(r"[、，,.．。：:]", "", dense(_NUMBERED.sub("", heading)))


@lru_cache(maxsize=256)
def section_of(form: Form, heading: str) -> Section | None:
    """The section that a heading means, in the official or in another wording."""
    bare = bare_heading(heading)
    for section in form.sections:
        if bare == bare_heading(section.label):
            return section
    meant = next((key for key, words in _MEANT.items() if words.search(bare)), "")
    return next((section for section in form.sections if section.key == meant), None)


def check_wording(dossier: Dossier) -> Iterator[Finding]:
    """STR-09: the headings of a file that was read are the official ones, word for word.

    One finding for all; `variants` pairs what stood there with the official heading, `extra` holds
    headings that the form does not know.
    """
    stood = [(heading.strip(), section_of(dossier.form, heading)) for heading in dossier.headings]
    variants = tuple(
        (heading, section.label)
        for heading, section in stood
        if section and bare_heading(heading) != bare_heading(section.label)
    )
    extra = tuple(heading for heading, section in stood if section is None and heading)
    if variants or extra:
        first = variants[0][0] if variants else extra[0]
        facts: dict[str, object] = {"variants": variants, "extra": extra}
        yield Finding("STR-09", "note", sentence=first, facts=facts)


@lru_cache(maxsize=512)
def inner_headings(form: Form, text: str) -> tuple[tuple[str, str], ...]:
    """The lines of a text that begin with an official heading, and that heading."""
    found = ((line, _label(form, line)) for line in paragraphs(text))
    return tuple((line, label) for line, label in found if label)


def without_headings(form: Form, text: str) -> str:
    """A text without the official headings inside it; what follows on their lines stays."""
    kept = []
    for line in text.splitlines():
        rest = _after(line, _label(form, line))
        if rest == line or rest.strip():
            kept.append(rest)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")


def _label(form: Form, line: str) -> str:
    """The official heading that a line begins with, or an empty string."""
    begin = dense(line[:80])
    return next((s.label for s in form.sections if begin.startswith(s.label)), "")


def _after(line: str, label: str) -> str:
    """What follows a heading on its line; the line itself where the heading runs on as a phrase."""
    if not label:
        return line
    found = re.match(r"\s*" + r"\s*".join(map(re.escape, label)), line)
    rest = line[found.end() :] if found else line
    if not found or _JOINT.match(rest):
        return line if not found else ""
    return rest.lstrip(" \t　：:。") if re.match(r"[\s：:。\d（(]", rest) else line
