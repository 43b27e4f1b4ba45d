"""A row of the outbox as calls of the Bot API: messages, an edit in place, a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, InputFile, InputMediaPhoto, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.channels.telegram_chat import Chat
from bot.channels.telegram_http import call
from bot.channels.telegram_text import CAPTION_UNITS, again, keyboard, pieces
from bot.messages import File, Outgoing

ALBUM = 10
MOST_ALBUMS = 3
_NOT_IN_A_NAME = str.maketrans(dict.fromkeys((*map(chr, range(32)), '"', "\\", "/", "\x7f"), "_"))


@dataclass(slots=True)
class Step:
    """One call: a text, a document, an album of pictures, or the edit of the message `edits`."""

    chat: int
    html: str
    keyboard: dict[str, Any] | None = None
    file: File | None = None
    edits: str = ""
    album: tuple[bytes, ...] = ()

    @property
    def repeatable(self) -> bool:
        """Whether doing it twice is the same as doing it once."""
        return bool(self.edits)

    async def send(self, bot: Bot, repeated: bool) -> str:
        """Do it; the message's name. `repeated` says that it may be there already."""
        if self.edits and await self._edit(bot):
            return self.edits
        html = again(self.html) if repeated else self.html
        if self.album:
            return await self._send_album(bot, html)
        if self.file is None:
            return await self._send_text(bot, html)
        return str((await self._upload(bot, html)).message_id)

    async def _edit(self, bot: Bot) -> bool:
        """Change the message in place; False where Telegram does not let one."""
        try:
            await call(
                bot, "editMessageText", {**self._values(self.html), "message_id": int(self.edits)}
            )
        except BadRequest as refused:
            if "not modified" not in refused.message:
                self.edits = ""
        return bool(self.edits)

    async def _send_text(self, bot: Bot, html: str) -> str:
        sent = await call(bot, "sendMessage", self._values(html))
        return str(sent["message_id"])

    def _values(self, html: str) -> dict[str, object]:
        values: dict[str, object] = {
            "chat_id": self.chat,
            "text": html,
            "parse_mode": ParseMode.HTML,
        }
        if self.keyboard is not None:
            values["reply_markup"] = self.keyboard
        return values

    async def _send_album(self, bot: Bot, html: str) -> str:
        """Pictures of pages: one as a photo, two to ten as an album."""
        if len(self.album) == 1:
            sent = await bot.send_photo(
                self.chat, self.album[0], caption=html or None, parse_mode=ParseMode.HTML
            )
            return str(sent.message_id)
        media = [
            InputMediaPhoto(picture, caption=html if first else None, parse_mode=ParseMode.HTML)
            for first, picture in zip((True, *[False] * 9), self.album, strict=False)
        ]
        album = await bot.send_media_group(self.chat, media)
        return str(album[-1].message_id)

    async def _upload(self, bot: Bot, html: str) -> Message:
        assert self.file is not None
        name = self.file.name.translate(_NOT_IN_A_NAME)
        return await bot.send_document(
            self.chat,
            InputFile(self.file.content, name),
            caption=html or None,
            parse_mode=ParseMode.HTML,
            reply_markup=InlineKeyboardMarkup.de_json(self.keyboard) if self.keyboard else None,
        )


def plan(chat: Chat, row: Outgoing, file: File | None) -> list[Step]:
    """The calls that send a row; the buttons are on the last one."""
    keys = keyboard(row.buttons)
    if file is not None and file.pictures:
        return _albums(chat, row, file)
    if file is not None:
        caption = pieces(row.parts, CAPTION_UNITS)
        if len(caption) <= 1:
            return [Step(chat.id, "".join(caption), keys, file)]
    steps = [Step(chat.id, html) for html in pieces(row.parts)]
    if file is not None:
        steps.append(Step(chat.id, "", file=file))
    if len(steps) == 1 and chat.can_edit(row):
        steps[0].edits = chat.keyboard
    if steps:
        steps[-1].keyboard = keys
    return steps


def _albums(chat: Chat, row: Outgoing, file: File) -> list[Step]:
    """The pictures of all pages, ten to an album; the caption is on the first."""
    caption = "".join(pieces(row.parts, CAPTION_UNITS)[:1])
    groups = [file.pictures[at : at + ALBUM] for at in range(0, len(file.pictures), ALBUM)]
    return [
        Step(chat.id, caption if not number else "", album=group)
        for number, group in enumerate(groups[:MOST_ALBUMS])
    ]
