"""The parts of a file that says itself what each paragraph is: our own files, read exactly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bot.form import Form
from bot.readers.headings import topic_numbers
from bot.report import Figure, Report, Topic


@dataclass(slots=True)
class Parts:
    """Collects the texts of a report while its paragraphs go by."""

    form: Form
    headings: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    topics: list[tuple[str, list[str]]] = field(default_factory=list)
    section: str = "preamble"

    def take(self, role: str, text: str) -> None:
        """Put one paragraph where it belongs; blank ones are only space."""
        if not text.strip():
            return
        if role == "title":
            self.texts.setdefault("title", []).append(text.replace("\n", ""))
        elif role == "heading":
            self.open_section(text)
        elif role == "topic" and self.section == self.form.topic_section:
            self.topics.append((self.without_number(text), []))
        elif role == "signoff":
            self.texts.setdefault("signoff", []).append(text)
        elif role == "text" and self.takes_text():
            self.texts_here().append(text)
        else:
            self.unread.append(f"不知道这一段属于哪里：“{text[:30]}”")

    def open_section(self, heading: str) -> None:
        """Begin the section under `heading`."""
        self.headings.append(heading)
        keys = [section.key for section in self.form.sections if section.label == heading]
        if not keys:
            self.unread.append(f"不认识这个标题：“{heading[:30]}”")
        self.section = keys[0] if keys else ""

    def without_number(self, title: str) -> str:
        """A topic's title without its number, which depends on its place only."""
        numbers = topic_numbers(self.form)
        place = len(self.topics)
        return title.removeprefix(numbers[place]) if place < len(numbers) else title

    def takes_text(self) -> bool:
        """Whether text may stand in the section that is open."""
        return self.section == "preamble" or (
            bool(self.section) and not self.form.section(self.section).tables
        )

    def texts_here(self) -> list[str]:
        """The paragraphs of the part that is open."""
        if self.topics and self.section == self.form.topic_section:
            return self.topics[-1][1]
        return self.texts.setdefault(self.section, [])

    def joined(self, part: str) -> str:
        """The text of one part."""
        return "\n".join(self.texts.get(part, ()))

    def report(self, final: bool, figures: Mapping[str, Figure]) -> Report:
        """The report that was collected."""
        title = self.joined("title")
        head = title_pattern(self.form).fullmatch(title)
        return Report(
            format=self.form.format,
            agency=head["agency"] if head else "",
            year=int(head["year"]) if head else 0,
            level="",
            title=title,
            texts=self.form.texts_of(self.joined),
            topics=tuple(Topic(title, "\n".join(texts)) for title, texts in self.topics),
            figures=figures,
            final=final,
        )


@lru_cache(maxsize=8)
def title_pattern(form: Form) -> re.Pattern[str]:
    """The form's title as a pattern with the groups `agency` and `year`."""
    pattern = re.escape(form.title)
    pattern = pattern.replace(re.escape("{agency}"), "(?P<agency>.+?)")
    return re.compile(pattern.replace(re.escape("{year}"), "(?P<year>[0-9]{4})"))
