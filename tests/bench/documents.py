"""What it costs to make a report in each format, beside docxtpl and LibreOffice as they come."""

from __future__ import annotations

import io
import resource
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from docxtpl import DocxTemplate

from bot.catalogue import load_form
from bot.form import Form
from bot.report import Report
from bot.writers import WRITERS, docx, write
from tests.bench.reports import dense_report, median_ms
from tests.parts import with_parts

MANY = 300


def plain_docx(report: Report, form: Form) -> bytes:
    """The same template with the same values as docxtpl itself does it, and nothing read back."""
    template = DocxTemplate(docx.TEMPLATE)
    template.render(docx._context(report, form), autoescape=True)
    target = io.BytesIO()
    template.save(target)
    return target.getvalue()


def filled_docx(report: Report, form: Form) -> bytes:
    """The file of our writer before it is read back."""
    changed_at = docx.TEMPLATE.stat().st_mtime_ns
    package = docx._prepare(docx.TEMPLATE, changed_at, tuple(form.labels))
    return package.fill(docx._context(report, form))


def libreoffice_ms(content: bytes) -> float | None:
    """LibreOffice's time for the .docx as PDF, warm; None where it is not installed."""
    program = shutil.which("soffice")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.docx"
        path.write_bytes(content)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", folder]
        convert = partial(subprocess.run, [*command, str(path)], capture_output=True, check=True)
        convert()
        return median_ms(convert, 3)


def main() -> None:
    """The table."""
    form = load_form()
    report = with_parts(dense_report(1500), signoff="青石县水务局\n2025年1月15日", final=True)
    out = sys.stdout.write
    out("write    KB   median ms\n")
    taken = {}
    for kind in WRITERS:
        made = write(kind, report, form)
        size = len(made.content) + sum(map(len, made.pictures))
        taken[kind] = median_ms(partial(write, kind, report, form), 9)
        pages = f"  ({len(made.pictures)} pages)" if made.pictures else ""
        out(f"{kind:5} {size // 1024:5} {taken[kind]:11.1f}{pages}\n")
    plain = median_ms(partial(plain_docx, report, form), 5)
    filled = median_ms(partial(filled_docx, report, form), 9)
    out(f"docxtpl as it comes: {plain:.0f} ms; ours is {taken['docx'] / plain:.2f} of that, ")
    out(f"{filled / plain:.2f} ({filled:.1f} ms) without reading back\n")
    out(f"pictures against the PDF: {taken['png'] / taken['pdf']:.1f}\n")
    office = libreoffice_ms(write("docx", report, form).content)
    if office is None:
        out("LibreOffice is not here to be compared with\n")
    else:
        out(
            f"LibreOffice, the same report as PDF: {office:.0f} ms, {office / taken['pdf']:.0f} times\n"
        )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(MANY):
        write("pdf", report, form)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    out(f"peak memory over {MANY} more PDFs: +{grown:.0f} MB\n")


if __name__ == "__main__":
    main()
