"""The name under which a report's file is sent."""

from __future__ import annotations

import re
import unicodedata

from bot.report import Report

NAME_BYTES = 200


def file_name(report: Report, ending: str = "docx") -> str:
    """The name under which the file is sent: the title, a draft marked as one; safe everywhere."""
    ending = f".{ending}" if report.final else f"（草稿）.{ending}"
    return safe_name(report.title, NAME_BYTES - len(ending.encode("utf-8"))) + ending


def safe_name(text: str, room: int = NAME_BYTES - 20) -> str:
    """A text as the stem of a file's name of at most `room` bytes; safe everywhere."""
    shown = "".join(
        character
        for character in text
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    )
    shown = re.sub(r'[/\\:*?"<>|]', "_", shown)
    return shown.encode("utf-8")[:room].decode("utf-8", "ignore").strip(" .") or "年度报告"
