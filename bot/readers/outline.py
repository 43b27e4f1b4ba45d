"""Cuts a foreign file into the parts of a report: title, sections, topics, sign-off, tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.form import Form
from bot.readers.blocks import Block, Grid, Paragraph
from bot.readers.ending import read_ending, signer
from bot.readers.headings import Heading, section_heading, topic_heading
from bot.readers.title import Front, period, read_front, whole_title

Line = str | Grid

_AGAIN = 3  # so many sections that come once more are another report


@dataclass(slots=True)
class Outline:
    """The parts that were found; `placed` are the tables with the section in which they stand.

    `loose` are the lines in sections that hold tables and no text.
    """

    front: Front = field(default_factory=Front)
    headings: tuple[str, ...] = ()
    texts: dict[str, list[str]] = field(default_factory=dict)
    topics: list[tuple[str, list[str]]] = field(default_factory=list)
    placed: list[tuple[str, Grid]] = field(default_factory=list)
    loose: dict[str, list[str]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    remarks: list[str] = field(default_factory=list)  # lines beside tables, of units and the like

    @property
    def grids(self) -> tuple[Grid, ...]:
        """All tables in their order."""
        return tuple(grid for _, grid in self.placed)

    @property
    def title(self) -> str:
        """The title as it stands; '' where there is none."""
        return self.front.title

    @property
    def agency(self) -> str:
        """The agency by the title, else by the sign-off; '' where neither says it."""
        return self.front.agency or signer(self.texts.get("signoff", ()))

    @property
    def year(self) -> int:
        """The year of the title, else of the period named in the overview; 0 where none is."""
        return self.front.year or period(self.texts.get("overview", ()))

    def text(self, part: str) -> str:
        """The text of one part."""
        return "\n".join(self.texts.get(part, ()))


def outline(blocks: Iterable[Block], form: Form) -> Outline:
    """The parts of the report in `blocks`."""
    lines = _without_contents(list(_lines(blocks)), form)
    opened = _headings(lines, form)
    second = _second_report(lines, opened, form)
    if second is not None:
        lines = lines[:second]
        opened = {at: heading for at, heading in opened.items() if at < second}
    first = min(opened, default=len(lines))
    found = Outline(
        front=read_front([line for line in lines[:first] if isinstance(line, str)], form)
    )
    found.placed += [("", line) for line in lines[:first] if isinstance(line, Grid)]
    found.headings = tuple(heading.text for heading in opened.values())
    found.unread = tuple(_competing(found.front, is_cut=second is not None))
    found.remarks += [line for line in lines[:first] if isinstance(line, str)]
    if not opened:
        found.loose[""] = [line for line in lines if isinstance(line, str)]
        return found
    found.texts["preamble"] = list(found.front.preamble)
    ends = [*list(opened)[1:], len(lines)]
    for (at, heading), end in zip(opened.items(), ends, strict=True):
        held = ([heading.rest] if heading.rest else []) + lines[at + 1 : end]
        _take(found, heading.key, held, form, last=end == len(lines))
    return found


def _take(found: Outline, section: str, lines: Sequence[Line], form: Form, *, last: bool) -> None:
    """Put one section's lines where they belong; the sign-off stands in the last section."""
    found.placed += [(section, line) for line in lines if isinstance(line, Grid)]
    texts = [line for line in lines if isinstance(line, str)]
    if form.section(section).tables:
        found.remarks += texts
    if last:
        ending = read_ending(texts, found.front.agency)
        texts, found.unread = list(ending.text), (*found.unread, *ending.unread)
        found.texts["signoff"] = list(ending.signoff)
    if form.section(section).tables:
        found.loose.setdefault(section, []).extend(texts)
    elif section == form.topic_section:
        _take_overview(found, texts, form)
    else:
        found.texts.setdefault(section, []).extend(texts)


def _take_overview(found: Outline, lines: Sequence[str], form: Form) -> None:
    """一、: the text before the first topic, then each topic with its text."""
    topic: list[str] | None = None
    for line in lines:
        opened = topic_heading(line, form)
        if opened:
            topic = [opened[1]] if opened[1] else []
            found.topics.append((opened[0], topic))
        elif topic is not None:
            topic.append(line)
        elif _dense(line) != _dense(found.front.title):
            found.texts.setdefault(form.topic_section, []).append(line)


def _dense(text: str) -> str:
    return "".join(text.split())


def _lines(blocks: Iterable[Block]) -> Iterator[Line]:
    """The paragraphs line by line without blank ones, and the tables."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from (line.strip() for line in block.text.splitlines() if line.strip())
        else:
            yield block


def _headings(lines: Sequence[Line], form: Form) -> dict[int, Heading]:
    """The headings by the line where they stand."""
    return {
        at: heading
        for at, line in enumerate(lines)
        if isinstance(line, str) and (heading := section_heading(line, form))
    }


def _competing(front: Front, *, is_cut: bool) -> Iterator[str]:
    """Sentences about another report in the file."""
    if is_cut:
        yield (
            "文件里不止一份年报，只读入了第一份"
            + (f"“{front.title[:40]}”" if front.title else "")
            + "。要读另一份，请把它单独存成一个文件再发。"
        )
    for title in front.others[:1]:
        own = front.title[:40]
        yield f"文件开头还有另一个标题“{title[:40]}”，按“{own}”读入，请核对年份和单位。"


def _second_report(lines: Sequence[Line], opened: dict[int, Heading], form: Form) -> int | None:
    """The line where another report begins: its title, else its first heading; None for none."""
    again = _begun_again(opened)
    tables = [at for at, line in enumerate(lines) if isinstance(line, Grid)]
    first = min([*opened, *tables], default=0)
    titles = [
        (at, front)
        for at, line in enumerate(lines)
        if isinstance(line, str) and len(line) < 80 and (front := whole_title(line, form))
    ]
    if again is not None:
        before = max(at for at in opened if at < again)
        return next((at for at, _ in titles if before < at < again), again)
    own = {(front.agency, front.year) for at, front in titles if at < first}
    for at, front in titles:
        is_other = own and (front.agency, front.year) not in own
        if is_other and sum(table < at for table in tables) > 1 and tables[-1] > at:
            return at
    return None


def _begun_again(opened: dict[int, Heading]) -> int | None:
    """Where the sections begin once more: a known one with two more known ones behind it."""
    seen: set[str] = set()
    keys = list(opened.items())
    for number, (at, heading) in enumerate(keys):
        behind = {other.key for _, other in keys[number:]}
        if heading.key in seen and len(seen) >= _AGAIN and len(behind & seen) >= _AGAIN:
            return at
        seen.add(heading.key)
    return None


def _without_contents(lines: list[Line], form: Form) -> list[Line]:
    """The lines without a table of contents: headings in a row that all come again below."""
    opened = _headings(lines, form)
    kept = list(lines)
    for at in opened:
        end = at
        while end in opened:
            end += 1
        below = {heading.key for place, heading in opened.items() if place >= end}
        run = range(at, end) if at - 1 not in opened and end - at > 1 else ()
        if run and all(opened[place].key in below for place in run):
            kept[at:end] = [""] * len(run)
    return [line for line in kept if line != ""]
