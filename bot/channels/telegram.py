"""Telegram: one bot token, heard and answered until the process is told to stop.

python-telegram-bot is client and types here; the loops are our own, because its Updater confirms
updates before they are handled. `telegram_poll` or `telegram_webhook` brings what people do to the
assistant (`telegram_turns`), `telegram_out` brings the outbox to them.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass

import uvloop
from telegram import Bot, BotCommand
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram_chat import Assistant, Patience
from bot.channels.telegram_chores import do_chores
from bot.channels.telegram_http import Unauthorized, find_proxy, said_of
from bot.channels.telegram_in import Me
from bot.channels.telegram_listen import Place, read_place
from bot.channels.telegram_log import TokenFilter, hide, kind_of, start_log
from bot.channels.telegram_metrics import CountedRequest, Metrics
from bot.channels.telegram_monitor import Monitor
from bot.channels.telegram_out import Sender
from bot.channels.telegram_poll import ChannelError, Poller, Trouble
from bot.channels.telegram_turns import Turns
from bot.channels.telegram_webhook import Hook, Webhook, webhook_secret

__all__ = ["API", "ChannelError", "Hook", "Patience", "Place", "Ports", "TokenFilter", "read_place",
           "run", "serve"]  # fmt: skip

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

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ports:
    """What is listened for beside the calls: updates at a webhook (else polling), and monitors."""

    webhook: Hook | None = None
    monitor: Place | None = None


def run(
    assistant: Assistant,
    token: str,
    api: str = API,
    announce: Callable[[str], object] = str,
    ports: Ports | None = None,
    *,
    log_json: bool = False,
) -> None:
    """Serve until SIGTERM or SIGINT; ChannelError where that is impossible.

    `announce` shows the operator what must not go into a log: the link of the first admin.
    """
    ports = ports or Ports()
    start_log(as_json=log_json)
    hide(token, webhook_secret(assistant.store) if ports.webhook else "")
    gc.collect()
    gc.freeze()  # what is loaded now stays: the collector need not look at it again and again
    uvloop.run(serve(assistant, token=token, api=api, announce=announce, ports=ports))


async def serve(
    assistant: Assistant,
    *,
    token: str,
    api: str = API,
    stop: asyncio.Event | None = None,
    patience: Patience | None = None,
    announce: Callable[[str], object] = str,
    ports: Ports | None = None,
) -> None:
    """Hear and send until `stop` is set or a signal comes; ChannelError where that is impossible.

    Committed rows that could not be sent in time stay in the outbox for the next start.
    """
    api, stop, patience = api.rstrip("/"), stop or asyncio.Event(), patience or Patience()
    metrics = Metrics(assistant.store)
    async with CountedRequest(find_proxy(api), metrics) as request:
        bot = Bot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=request,
            get_updates_request=request,
        )
        channel = Channel(assistant, bot, patience, metrics, ports or Ports())
        with _signals(stop):
            await _until(stop, asyncio.create_task(channel.work(announce)))
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


class Channel:
    """One bot at work."""

    def __init__(
        self, assistant: Assistant, bot: Bot, patience: Patience, metrics: Metrics, ports: Ports
    ) -> None:
        self.assistant, self.bot, self.patience = assistant, bot, patience
        self.metrics, self.ports = metrics, ports
        self.trouble = Trouble(patience)
        self.monitor = Monitor(assistant.store, metrics, self.trouble)

    async def work(self, announce: Callable[[str], object]) -> None:
        """Hear and send until cancelled."""
        async with AsyncExitStack() as open_ports:
            if self.ports.monitor is not None:
                place = await open_ports.enter_async_context(
                    self.monitor.listening(self.ports.monitor)
                )
                _log.info("监控已开启：http://%s/health", place)
            me = await self._introduce()
            sender = Sender(self.assistant, self.bot, self.patience)
            sender.start()
            sender.spawn(_set_commands(self.bot))
            _log.info("Telegram 已启动：@%s", me.username or me.id)
            if me.username:
                self.assistant.meet(me.username)
            self._announce(announce)
            await self._converse(sender, me)

    async def _converse(self, sender: Sender, me: Me) -> None:
        """Everything at once: what comes in, what goes out, what is due."""
        beside = [asyncio.create_task(sender.watch()),
                  asyncio.create_task(do_chores(self.assistant, sender))]  # fmt: skip
        turns = Turns(self.assistant, self.bot, sender, me, self.metrics)
        try:
            await self._receiver(turns).run(self.trouble, self.patience)
        finally:
            for task in beside:
                task.cancel()
            await sender.close(self.patience.drain)

    def _receiver(self, turns: Turns) -> Poller | Webhook:
        hook = self.ports.webhook
        if hook is None:
            return Poller(turns, self.bot, self.bot.request)
        secret = webhook_secret(self.assistant.store)
        self.monitor.webhook = Webhook(hook, turns, self.bot, secret)
        return self.monitor.webhook

    def _announce(self, announce: Callable[[str], object]) -> None:
        """Tell the operator how to become the first admin; never by way of a log."""
        link = self.assistant.claim()
        if link:
            announce(f"还没有管理员。第一位管理员请打开（只能用一次）：\n{link}")

    async def _introduce(self) -> Me:
        """Who the bot is, once Telegram can be reached; a webhook that forbids polling goes."""
        me = Me(_number(self.bot.token))
        while True:
            try:
                user = await self.bot.get_me()
                me = Me(user.id, user.username or "")
                if self.ports.webhook is None and (await self.bot.get_webhook_info()).url:
                    await self.bot.delete_webhook()
            except Unauthorized as fault:
                await asyncio.sleep(self.trouble.pause(fault))
            except InvalidToken:  # 404: this server does not know the method, polling will show
                return me
            except TelegramError as fault:
                await asyncio.sleep(self.trouble.pause(fault))
            else:
                self.trouble.over()
                return me


def _number(token: str) -> int:
    number = token.partition(":")[0]
    return int(number) if number.isdecimal() else 0


async def _set_commands(bot: Bot) -> None:
    """Fill the menu; the bot works without one."""
    try:
        await bot.set_my_commands([BotCommand(name, words) for name, words in COMMANDS.items()])
    except TelegramError as fault:
        _log.warning("未能设置命令菜单：%s", said_of(fault), extra=kind_of(fault))


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
