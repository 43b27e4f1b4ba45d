"""The rounds that nobody asks for: reminders, digests, decisions told, files of approvals kept."""

from __future__ import annotations

import asyncio
import logging

from bot.channels.telegram_chat import Assistant, place
from bot.channels.telegram_out import Sender
from bot.messages import File

ROUND_SECONDS = 5.0

_log = logging.getLogger(__name__)


async def do_chores(assistant: Assistant, sender: Sender) -> None:
    """Round after round until cancelled; what a crash cut off the next round does again."""
    while True:
        try:
            assistant.tick()
            sender.collect()
            for document in assistant.unfiled():
                await _file(assistant, document)
        except Exception as fault:  # the store's, mostly: the next round tries again
            _log.error("例行工作出错：%s（%s）", type(fault).__name__, place(fault))
        await asyncio.sleep(ROUND_SECONDS)


async def _file(assistant: Assistant, document: int) -> None:
    """Make and keep one file of an approval."""
    work = assistant.begin_document(document)
    if isinstance(work, File):
        return
    try:
        made: File | Exception = await asyncio.to_thread(work)
    except Exception as fault:  # the assistant keeps why
        made = fault
    assistant.finish_document(document, made)
