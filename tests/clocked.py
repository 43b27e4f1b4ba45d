"""The program with another time: `python -m tests.clocked FILE serve`.

FILE holds the time at which it was written, and the clock goes on from there, whatever process
reads it; written anew, it moves the clock of a process that runs. Rounds of chores and the wait for a sign are shorter than in earnest: tests have no patience.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot.channels import telegram, telegram_chores
from bot.command import main, parts

ROUND_SECONDS = 0.5
GRACE_SECONDS = 0.5


def run() -> None:
    """Set the clock and run what stands behind it on the command line."""
    start = Path(sys.argv.pop(1))

    def now() -> datetime:
        told = datetime.fromisoformat(start.read_text("utf-8"))
        return told + timedelta(seconds=time.time() - start.stat().st_mtime)

    parts.now = now
    telegram_chores.ROUND_SECONDS = ROUND_SECONDS
    telegram.Patience = partial(telegram.Patience, grace=GRACE_SECONDS)  # type: ignore[assignment, misc]
    main()


if __name__ == "__main__":
    run()
