"""Telegram's flood control: how many messages a bot, a chat and a group take. No I/O."""

import math
from collections import deque
from dataclasses import dataclass

TINY = 1e-6  # seconds: whoever waits exactly as told must not fail by a rounding


@dataclass(frozen=True, slots=True)
class Rates:
    """The numbers: messages a second for the bot and for a chat, a minute for a group."""

    bot_per_second: int = 30
    chat_per_second: float = 1.0
    chat_burst: int = 3
    group_per_minute: int = 20


class Window:
    """At most `most` messages within any `seconds`."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self.times: deque[float] = deque()

    def wait(self, now: float, count: int) -> float:
        """Seconds until `count` more fit; a batch larger than the window fits an empty one."""
        times = self.times
        while times and times[0] <= now - self.seconds:
            times.popleft()
        over = min(len(times) + count - self.most, len(times))
        return times[over - 1] + self.seconds - now if over > 0 else 0.0

    def add(self, now: float, count: int) -> None:
        """Count messages taken now."""
        self.times.extend([now] * count)


class Bucket:
    """A burst at once, then so many a second; a batch may overdraw it."""

    def __init__(self, burst: int, per_second: float, now: float) -> None:
        self.burst, self.per_second = burst, per_second
        self.left, self.at = float(burst), now

    def wait(self, now: float) -> float:
        """Seconds until one more fits."""
        self.left = min(self.left + (now - self.at) * self.per_second, self.burst)
        self.at = now
        return max(0.0, (1 - self.left) / self.per_second)

    def add(self, count: int) -> None:
        """Count messages taken now."""
        self.left -= count


class Limiter:
    """Decides for each message whether it passes, and otherwise how long to wait."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self.bot = Window(rates.bot_per_second, 1.0)
        self.chats: dict[int, Bucket] = {}
        self.groups: dict[int, Window] = {}

    def take(self, chat: int, now: float, count: int = 1) -> int:
        """0 when `count` messages pass (and are counted), else whole seconds to wait."""
        bucket = self.chats.get(chat)
        if bucket is None:
            rates = self.rates
            bucket = self.chats[chat] = Bucket(rates.chat_burst, rates.chat_per_second, now)
        windows = [self.bot]
        if chat < 0:
            windows.append(self.groups.setdefault(chat, Window(self.rates.group_per_minute, 60.0)))
        wait = max(bucket.wait(now), *(w.wait(now, count) for w in windows), 0.0)
        if wait > TINY:
            return max(1, math.ceil(wait - TINY))
        bucket.add(count)
        for window in windows:
            window.add(now, count)
        return 0
