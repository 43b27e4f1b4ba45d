"""What it costs to make a report in each format, beside LibreOffice's conversion of the same file."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.catalogue import load_form
from bot.writers import WRITERS, write
from tests.bench.reports import dense_report, median_ms

MANY = 300


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
    report = replace(dense_report(1500), signoff="青石县水务局\n2025年1月15日", final=True)
    out = sys.stdout.write
    out("write    KB   median ms\n")
    taken = {}
    for kind in WRITERS:
        made = write(kind, report, form)
        size = len(made.content) + sum(map(len, made.pictures))
        taken[kind] = median_ms(partial(write, kind, report, form), 9)
        pages = f"  ({len(made.pictures)} pages)" if made.pictures else ""
        out(f"{kind:5} {size // 1024:5} {taken[kind]:11.1f}{pages}\n")
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
