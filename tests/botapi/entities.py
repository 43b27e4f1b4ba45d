"""Telegram's HTML mode: text with tags in, plain text and entities out. No I/O.

Offsets and lengths of entities are UTF-16 code units; offsets in errors are bytes of UTF-8.
"""

import re
from typing import Any

Entity = dict[str, Any]

TAGS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
SPECIAL = re.compile(r"[<&]")
NAME = re.compile(r"[^\s>]*")
ATTRIBUTE = re.compile(r"""\s*([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
CLOSE = re.compile(r"\s*>")
REFERENCE = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|[a-zA-Z]+);?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
COMMAND = re.compile(r"(?<![^\s])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![A-Za-z0-9_/])")


class BadMarkup(ValueError):
    """HTML that Telegram refuses, in Telegram's words."""


def units(text: str) -> int:
    """Length in UTF-16 code units, the way Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) >> 1


def commands_in(text: str) -> list[Entity]:
    """The bot_command entities of a user's text."""
    if "/" not in text:
        return []
    return [
        {"type": "bot_command", "offset": units(text[: m.start()]), "length": units(m[0])}
        for m in COMMAND.finditer(text)
    ]


def parse_html(html: str) -> tuple[str, list[Entity]]:
    """Plain text and its entities, trimmed as Telegram trims; raises BadMarkup."""
    if "<" not in html and "&" not in html:
        return html.strip(), []
    plain, entities = _Parser(html).parse()
    return _trimmed(plain, sorted(entities, key=lambda e: (e["offset"], -e["length"])))


def _decoded(match: re.Match[str]) -> str:
    """The character a reference stands for, or the reference itself when unknown."""
    name = match[1]
    if name[0] != "#":
        return NAMED.get(name, match[0])
    code = int(name[2:], 16) if name[1] == "x" else int(name[1:])
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]


def _trimmed(plain: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Spaces off both ends, with the entities moved and cut to what is left."""
    text = plain.strip()
    cut, end = units(plain[: len(plain) - len(plain.lstrip())]), units(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        stop = min(entity["offset"] - cut + entity["length"], end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return text, kept


class _Parser:
    """One pass over the HTML with a stack of open tags."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.pieces: list[str] = []
        self.length = 0
        self.entities: list[Entity] = []
        self.open: list[tuple[str, dict[str, str], int]] = []

    def parse(self) -> tuple[str, list[Entity]]:
        at = 0
        while special := SPECIAL.search(self.html, at):
            self._add(self.html[at : special.start()])
            at = self._reference(special.start()) if special[0] == "&" else self._tag(special)
        self._add(self.html[at:])
        if self.open:
            raise BadMarkup(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        return "".join(self.pieces), self.entities

    def _add(self, text: str) -> None:
        if text:
            self.pieces.append(text)
            self.length += units(text)

    def _offset(self, at: int) -> str:
        return f"at byte offset {len(self.html[:at].encode('utf-8', 'surrogatepass'))}"

    def _reference(self, at: int) -> int:
        found = REFERENCE.match(self.html, at)
        self._add(_decoded(found) if found else "&")
        return found.end() if found else at + 1

    def _tag(self, special: re.Match[str]) -> int:
        start = special.start()
        return self._end(start) if self.html[start + 1 : start + 2] == "/" else self._start(start)

    def _start(self, start: int) -> int:
        name_match = NAME.match(self.html, start + 1)
        name = name_match[0].lower() if name_match else ""
        if name not in TAGS:
            raise BadMarkup(f'Unsupported start tag "{name}" {self._offset(start)}')
        at = start + 1 + len(name)
        attributes: dict[str, str] = {}
        while not (closed := CLOSE.match(self.html, at)):
            found = ATTRIBUTE.match(self.html, at)
            if not found:
                raise BadMarkup(f"Unclosed start tag {self._offset(start)}")
            value = next((v for v in found.groups()[1:] if v is not None), "")
            attributes[found[1].lower()] = REFERENCE.sub(_decoded, value)
            at = found.end()
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise BadMarkup(f'Tag "span" must have class "tg-spoiler" {self._offset(start)}')
        self.open.append((name, attributes, self.length))
        return closed.end()

    def _end(self, start: int) -> int:
        name_match = NAME.match(self.html, start + 2)
        found = name_match[0].lower() if name_match else ""
        closed = CLOSE.match(self.html, start + 2 + len(found))
        if not self.open:
            raise BadMarkup(f"Unexpected end tag {self._offset(start)}")
        name, attributes, offset = self.open.pop()
        if found and found != name:
            raise BadMarkup(
                f'Unmatched end tag {self._offset(start)}, expected "</{name}>", found "</{found}>"'
            )
        if not closed:
            raise BadMarkup(f"Unclosed end tag {self._offset(start)}")
        if self.length > offset:
            self._close(name, attributes, offset)
        return closed.end()

    def _close(self, name: str, attributes: dict[str, str], offset: int) -> None:
        entity: Entity = {"type": TAGS[name], "offset": offset, "length": self.length - offset}
        if name == "code" and self.open and self.open[-1][0] == "pre":
            self.open[-1][1]["language"] = attributes.get("class", "").removeprefix("language-")
            return
        if name == "pre" and attributes.get("language"):
            entity["language"] = attributes["language"]
        elif name == "a":
            if not attributes.get("href"):
                return
            entity["url"] = attributes["href"]
        elif name == "tg-emoji":
            entity["custom_emoji_id"] = attributes.get("emoji-id", "")
        elif name == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        self.entities.append(entity)
