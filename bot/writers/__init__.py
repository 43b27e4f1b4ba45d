"""Writers: a report becomes a file; a file that differs from its record is never handed out."""

from collections.abc import Callable

from bot.form import Form
from bot.report import Report
from bot.writers import docx, json

WRITERS: dict[str, Callable[[Report, Form], bytes]] = {
    "docx": docx.render,
    "json": json.render,
}
