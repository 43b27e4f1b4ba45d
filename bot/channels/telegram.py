"""Telegram: one bot token, polled and answered until the process is told to stop.

python-telegram-bot is client and types here; the loops are our own, because its Updater confirms
updates before they are handled. `telegram_poll` brings what people do to the assistant,
`telegram_out` brings the outbox to them.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import uvloop
from telegram import Bot, BotCommand
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram_chat import Assistant, Patience
from bot.channels.telegram_chores import do_chores
from bot.channels.telegram_http import AiohttpRequest, Unauthorized, find_proxy
from bot.channels.telegram_in import Me
from bot.channels.telegram_out import Sender
from bot.channels.telegram_poll import ChannelError, Poller, Trouble

__all__ = ["API", "ChannelError", "Patience", "run", "serve"]

API = "https://api.telegram.org"
COMMANDS = {
    "start": "开始",
    "progress": "进度",
    "back": "上一步",
    "skip": "跳过（暂不清楚）",
    "undo": "撤销",
    "view": "查看和修改",
    "help": "帮助",
    "report": "生成报告",
}
HIDDEN = "<token>"

_log = logging.getLogger(__name__)


def run(
    assistant: Assistant, token: str, api: str = API, announce: Callable[[str], object] = str
) -> None:
    """Serve until SIGTERM or SIGINT; ChannelError where that is impossible.

    `announce` shows the operator what must not go into a log: the link of the first admin.
    """
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    hide_token(token)
    gc.collect()
    gc.freeze()  # what is loaded now stays: the collector need not look at it again and again
    uvloop.run(serve(assistant, token=token, api=api, announce=announce))


async def serve(
    assistant: Assistant,
    *,
    token: str,
    api: str = API,
    stop: asyncio.Event | None = None,
    patience: Patience | None = None,
    announce: Callable[[str], object] = str,
) -> None:
    """Poll and send until `stop` is set or a signal comes; ChannelError where that is impossible.

    Committed rows that could not be sent in time stay in the outbox for the next start.
    """
    api, stop, patience = api.rstrip("/"), stop or asyncio.Event(), patience or Patience()
    async with AiohttpRequest(find_proxy(api)) as request:
        bot = Bot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=request,
            get_updates_request=request,
        )
        with _signals(stop):
            await _until(
                stop, asyncio.create_task(_work(assistant, bot, request, patience, announce))
            )
    _log.info("Telegram 已停止")


async def _until(stop: asyncio.Event, work: asyncio.Task[None]) -> None:
    """Let the work go on until it fails or `stop` is set, and end in order."""
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((work, stopped), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


async def _work(
    assistant: Assistant,
    bot: Bot,
    request: AiohttpRequest,
    patience: Patience,
    announce: Callable[[str], object],
) -> None:
    """Poll and send until cancelled."""
    trouble = Trouble(patience)
    me = await _introduce(bot, trouble)
    sender = Sender(assistant, bot, patience)
    sender.start()
    sender.spawn(_set_commands(bot))
    _log.info("Telegram 已启动：@%s", me.username or me.id)
    if me.username:
        assistant.meet(me.username)
    _announce(assistant, announce)
    beside = [asyncio.create_task(sender.watch()),
              asyncio.create_task(do_chores(assistant, sender))]  # fmt: skip
    try:
        await Poller(assistant, bot, request, sender, me).run(trouble, patience)
    finally:
        for task in beside:
            task.cancel()
        await sender.close(patience.drain)


def _announce(assistant: Assistant, announce: Callable[[str], object]) -> None:
    """Tell the operator how to become the first admin; never by way of a log."""
    link = assistant.claim()
    if link:
        announce(f"还没有管理员。第一位管理员请打开（只能用一次）：\n{link}")


async def _introduce(bot: Bot, trouble: Trouble) -> Me:
    """Who the bot is, once Telegram can be reached; a webhook that forbids polling is removed."""
    me = Me(_number(bot.token))
    while True:
        try:
            user = await bot.get_me()
            me = Me(user.id, user.username or "")
            if (await bot.get_webhook_info()).url:
                await bot.delete_webhook()
        except Unauthorized as fault:
            await asyncio.sleep(trouble.pause(fault))
        except InvalidToken:  # 404: this server does not know the method, polling will show
            return me
        except TelegramError as fault:
            await asyncio.sleep(trouble.pause(fault))
        else:
            trouble.over()
            return me


def _number(token: str) -> int:
    number = token.partition(":")[0]
    return int(number) if number.isdecimal() else 0


async def _set_commands(bot: Bot) -> None:
    """Fill the menu; the bot works without one."""
    try:
        await bot.set_my_commands([BotCommand(name, words) for name, words in COMMANDS.items()])
    except TelegramError as fault:
        _log.warning("未能设置命令菜单：%s", type(fault).__name__)


@contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """SIGTERM and SIGINT set `stop`, where the loop can have them (not beside the main thread)."""
    loop = asyncio.get_running_loop()
    taken = []
    for name in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(name, stop.set)
            taken.append(name)
    try:
        yield
    finally:
        for name in taken:
            loop.remove_signal_handler(name)


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


def hide_token(token: str) -> None:
    """Keep the token out of every log, and other libraries' words about each call too."""
    for name in ("telegram", "httpx", "httpcore", "aiohttp"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for handler in (*logging.getLogger().handlers, logging.lastResort):
        if handler is not None and token:
            handler.addFilter(TokenFilter(token))
