"""Documents: frozen reports become files."""

from __future__ import annotations

from collections.abc import Callable

from bot.assistant.orders import OFFICE_FILES, Orders
from bot.checks import run_checks
from bot.desk.office import Order
from bot.messages import File
from bot.readers.json import read_report
from bot.record import build_dossier
from bot.store.outbox import Document
from bot.writers import PRINTED, write
from bot.writers.proof import DocumentError


class Documents(Orders):
    """Making and keeping files."""

    def begin_document(self, document: int) -> File | Callable[[], File]:
        """A finished file, or the work that makes it: without the store, fit for another thread.

        The work may raise DocumentError.
        """
        return self._begin(self.store.document(document))

    def make_order(self, order: Order) -> File:
        """An ordered file, made here and now and not kept; of an approved one the very file kept.

        Raises DocumentError where it cannot be made.
        """
        [wanted] = self.ordered([order])
        if isinstance(wanted, int):
            kept = self.store.document(wanted)
        else:
            draft, kind, report = wanted
            kept = Document(draft or 0, kind, report, None, "")
        work = self._begin(kept)
        return work if isinstance(work, File) else work()

    def _begin(self, kept: Document) -> File | Callable[[], File]:
        if kept.file is not None:
            return kept.file
        if kept.format in OFFICE_FILES:
            return self.begin_office_file(kept)
        more: dict[str, object] = {}
        if kept.format == "xlsx":
            more = {"last": self.store.draft(kept.draft).last, "draft": kept.draft}

        if kept.format in PRINTED and self.fonts:
            more = {"fonts": self.fonts}
        marks = self._marked(kept.draft) if kept.format == "png" else frozenset()

        def make() -> File:
            report = read_report(kept.report, self.form).report
            if marks and not report.final:
                more["marks"] = marks
            return write(kept.format, report, self.form, **more)

        return make

    def finish_document(self, document: int, made: File | Exception) -> File | None:
        """Keep a file that was made; None where it failed: the reason is put into the outbox."""
        if isinstance(made, File):
            self.store.keep_document(document, made, self.clock())
            return self.store.document(document).file or made
        reason = str(made) if isinstance(made, DocumentError) else "生成时出了意外，已经记录。"
        text = self.wording.text("document_failed", reason=reason)
        self.store.fail_document(document, reason, text, self.clock())
        return None

    def _marked(self, draft: int) -> frozenset[str]:
        """The cells of a draft that must be corrected: marked in the pictures of its pages."""
        found = run_checks(build_dossier(self.store.draft(draft)), "figures")
        return frozenset(cell for f in found if f.severity == "hard" for cell in f.cells)
