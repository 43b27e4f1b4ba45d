"""Recognises the headings of a report whose file does not say what its paragraphs are.

A heading is taken only where its number and its words agree, or where its words are known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.form import Form

LONGEST = 40  # characters of a heading; more is a sentence

_NUMBER = re.compile(r"([一二三四五六七八九十])\s*[、，,.．。:：·\s]\s*")
_TOPIC = re.compile(r"[（(]\s*([一二三四五六七八九十]{1,3})\s*[）)]\s*[、，,.．]?\s*")
_CONTENTS_TAIL = re.compile(r"[.．…·\s]*(?<=[.．…·\s])\d{0,3}$")
_ENDS = "。：:；;"
_WORDS: Mapping[str, re.Pattern[str]] = {
    "overview": re.compile(r"总体(工作)?(情况|概况|概述)|概述|总体|(工作)?基本情况"),
    "proactive": re.compile(
        r"(行政机关)?主动公开(政府)?信息(的)?(工作)?(情况)?|主动公开(工作)?情况"
    ),
    "requests": re.compile(
        r"(政府信息依申请公开|依申请公开(政府)?信息)(办理)?(工作)?(情况)?|依申请公开(工作)?情况"
        r"|.{0,14}(收到|处理|办理).{0,12}申请.{0,8}情况"
    ),
    "review_litigation": re.compile(r".{0,20}(行政复议|行政诉讼).{0,14}"),
    "problems": re.compile(r".{0,16}(问题|不足|困难).{0,20}|(改进|整改)(情况|措施)"),
    "other": re.compile(r"其[他它]?.{0,8}(报告|说明).{0,6}|其[他它](有关)?(情况|事项)"),
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading: the section's key, the words as they stand, the text run in behind."""

    key: str
    text: str
    rest: str = ""


def dense(text: str) -> str:
    """A text without white space and full or half width, to compare by."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def topic_numbers(form: Form) -> tuple[str, ...]:
    """The numbers of the topics under 一、 in their order: （一）, （二）…"""
    return tuple(item.number for item in form.items.values() if item.number)


def section_heading(line: str, form: Form) -> Heading | None:
    """The section that `line` opens, or None where it is no heading."""
    numbered = _NUMBER.match(line)
    if not numbered:
        key = _bare(form).get(dense(line))
        return Heading(key, form.section(key).label) if key else None
    words = line[numbered.end() :]
    end = next((at for at, sign in enumerate(words) if sign in _ENDS), len(words))
    name, rest = _CONTENTS_TAIL.sub("", words[:end]), words[end + 1 :].strip()
    key = _section_of(dense(name), numbered[1], form)
    if not key or len(dense(name)) > LONGEST:
        return None
    return Heading(key, line[: numbered.end() + len(name)].strip(), rest)


def _section_of(name: str, number: str, form: Form) -> str:
    """The key of the section with these words; other words than the form's need its number."""
    known = _bare(form).get(name)
    if known:
        return known
    for section in form.sections:
        if section.label.startswith(number):
            pattern = _WORDS.get(section.key)
            return section.key if pattern and pattern.fullmatch(name) else ""
    return ""


@lru_cache(maxsize=8)
def _bare(form: Form) -> Mapping[str, str]:
    """The sections by the words of their official headings, without the number."""
    return {dense(section.label.partition("、")[2]): section.key for section in form.sections}


def topic_heading(line: str, form: Form) -> tuple[str, str] | None:
    """The title and the run-in text of a topic that `line` opens; the title may be empty."""
    numbered = _TOPIC.match(line)
    if not numbered:
        return (line.strip(), "") if dense(line) in _topic_names(form) else None
    words = line[numbered.end() :].strip()
    if len(words) <= LONGEST and not re.search(r"[。；;，,：:]", words.rstrip("。：:")):
        return words.rstrip("。：:"), ""
    end = next((at for at, sign in enumerate(words) if sign in "。：:"), len(words))
    comma = next((at for at, sign in enumerate(words) if sign in "，,"), len(words))
    if end <= LONGEST and end < comma:
        return words[:end].strip(), words[end + 1 :].strip()
    first = min(end, comma)
    if any(first <= len(name) + 4 and dense(words).startswith(name) for name in _topic_names(form)):
        return words[:first].strip(), words[first + 1 :].strip()
    return "", words


@lru_cache(maxsize=8)
def _topic_names(form: Form) -> frozenset[str]:
    """How the official topics are called when their names stand alone."""
    items = [item for item in form.items.values() if item.number]
    names = {name for item in items for name in (item.label, *item.aliases)}
    return frozenset(map(dense, names | {f"{name}情况" for name in names}))
