"""The log of a serving process: plain lines or one JSON object a line, never with a secret."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

HIDDEN = "<token>"
_PLAIN = "%(asctime)s %(levelname)s %(message)s"
_LIBRARIES = ("telegram", "httpx", "httpcore", "aiohttp")
_PARTICULAR = re.compile(r"%[a-z]")
_KEY = re.compile(r"[a-z]+:-?\d+")  # of an update
_KIND = re.compile(r"[A-Z][A-Za-z]+")  # the class of a fault
_PLACE = re.compile(r"[\w.<>]+:\d+")  # where in the program


class TokenFilter(logging.Filter):
    """Takes the token out of every record, tracebacks included."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; never drop it."""
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = record.exc_text.replace(self.token, HIDDEN)
        words = record.getMessage()
        if self.token in words:
            record.msg, record.args = words.replace(self.token, HIDDEN), ()
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, room, event, text; key, kind and at where they are told.

    `event` is the sentence without its particulars, so that equal events can be counted; `key` is
    the update's or document's, `kind` the class of a fault, `at` its place in the program.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "room": record.name.rpartition(".")[2],
            "event": _PARTICULAR.sub("…", str(record.msg)),
            "text": record.getMessage(),
            **_particulars(record.args),
        }
        if kind := getattr(record, "kind", ""):
            line["kind"] = kind
        if record.exc_info:
            line["trace"] = record.exc_text or self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def kind_of(fault: Exception) -> dict[str, str]:
    """For `extra`: the class of a fault that a line tells in words, to be counted by."""
    return {"kind": type(fault).__name__}


def _particulars(arguments: object) -> dict[str, str]:
    """What the arguments of a sentence tell: first a key, then a fault's kind, then its place."""
    words = [str(each) for each in arguments] if isinstance(arguments, tuple) else []
    kinds = [number for number, word in enumerate(words) if _KIND.fullmatch(word)]
    upto, behind = (kinds[0], kinds[0] + 1) if kinds else (len(words), len(words))
    found = {
        "key": [word for word in words[:upto] if _KEY.fullmatch(word)],
        "kind": [words[number] for number in kinds],
        "at": [word for word in words[behind:] if _PLACE.fullmatch(word)],
    }
    return {name: those[0] for name, those in found.items() if those}


def start_log(*, as_json: bool = False) -> None:
    """Log to standard error from now on, unless somebody set up logging before."""
    logging.basicConfig(format=_PLAIN, level=logging.INFO)
    if as_json:
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonLines())


def hide(*secrets: str) -> None:
    """Keep secrets out of every log, and other libraries' words about each call too."""
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    for handler in (*logging.getLogger().handlers, logging.lastResort):
        for secret in filter(None, secrets):
            if handler is not None:
                handler.addFilter(TokenFilter(secret))
