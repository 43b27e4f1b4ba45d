"""The name under which a report's file is sent."""

from __future__ import annotations

import re
import unicodedata

from bot.report import Report

NAME_BYTES = 200


def file_name(report: Report, ending: str = "docx") -> str:
    """The name under which the file is sent: the title, a draft marked as one; safe everywhere."""
    ending = f".{ending}" if report.final else f"（草稿）.{ending}"
    title = "".join(
        character
        for character in report.title
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    )
    title = re.sub(r'[/\\:*?"<>|]', "_", title)
    room = NAME_BYTES - len(ending.encode("utf-8"))
    title = title.encode("utf-8")[:room].decode("utf-8", "ignore").strip(" .")
    return (title or "年度报告") + ending
