"""Readers: a file becomes a report, and what could not be read is said."""

from collections.abc import Callable

from bot.form import Form
from bot.readers import docx, json
from bot.readers.reading import Reading

READERS: dict[str, Callable[[bytes, Form], Reading]] = {
    "docx": docx.read,
    "json": json.read,
}
