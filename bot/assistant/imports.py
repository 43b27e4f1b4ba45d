"""Reports that the command line takes in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace

from bot.agency import level_of
from bot.assistant.base import Parts
from bot.draft import YES, Answer, Draft
from bot.interview.progress import percent_done
from bot.interview.received import imported, is_ours
from bot.messages import Incoming
from bot.readers.reading import Reading, Unreadable
from bot.writers.json import write_report


class Imports(Parts):
    """Taking reports in."""

    def import_report(
        self, reading: Reading, agency: str, year: int, *, as_last_year: bool, replacing: bool
    ) -> str:
        """Take a report from the command line, as last year's or into the draft; what was done.

        Raises Unreadable where its year is another, or where it contradicts answers that stand.
        """
        report, wanted = reading.report, year - 1 if as_last_year else year
        if report.year not in (0, wanted):
            raise Unreadable(f"这是{report.year}年的报告，要的是{wanted}年的。")
        if not is_ours(agency, report):
            raise Unreadable(f"这是“{report.agency[:40]}”的报告，不是“{agency}”的，没有读入。")
        now = self.clock()
        incoming = Incoming(f"import:{uuid.uuid4().hex}", "command:import", sender="命令行")
        known = self.store.find_draft(agency, year)
        draft_id = known or self.store.open_draft(agency, year, now, level_of(agency))
        draft = self.store.draft(draft_id)
        if draft.stage.locked and not as_last_year:
            raise Unreadable("报告已经提交或者通过，不能再改，没有读入。")
        answers = [] if as_last_year else list(imported(draft, report))
        differ = [item for item, new in answers if draft.standing(item) not in (None, new.value)]
        if differ and not replacing:
            names = "、".join(map(self.wording.name, differ[:4]))
            raise Unreadable(
                f"有 {len(differ)} 项与已填的不同（{names}{'等' if len(differ) > 4 else ''}），"
                "没有读入。以文件为准请加 --replace。"
            )
        seat = self.store.take_seat(incoming, draft_id, now)
        assert seat is not None
        answers += [(gate, Answer(YES, "imported")) for gate in _contradicted(draft, answers)]
        changes = [draft.change(item, new) for item, new in answers]
        self.store.save_turn(
            incoming, seat, draft.with_changes(changes), changes, seat.position, (), now,
            adopts=write_report(replace(report, year=wanted), self.form) if as_last_year else None,
            enrolled=True, percent=percent_done(draft.with_changes(changes)),
        )  # fmt: skip
        name = "imported_last" if as_last_year else "imported"
        figures = sum(value is not None for value in report.figures.values())
        return self.wording.text(
            name, agency=agency, year=wanted, figures=figures, of=len(self.form.cells),
            changed=sum(c.old != c.new for c in changes),
        )  # fmt: skip


def _contradicted(draft: Draft, answers: Iterable[tuple[str, Answer]]) -> list[str]:
    """The gates answered 没有 although a figure of theirs is now above 0."""
    above = {item for item, new in answers if item in draft.figures and new.value}
    return [gate for gate in draft.closed if above & set(draft.form.gate(gate).cells)]
