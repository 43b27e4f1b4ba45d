"""The program with another time: `python -m tests.clocked 2025-01-13T08:00+08:00 serve`.

The clock goes on from there; what depends on the day (years, due dates, reminders) can be played.
"""

from __future__ import annotations

import sys
from datetime import datetime

from bot.command import main, parts


def run() -> None:
    """Set the clock and run what stands behind it on the command line."""
    begun = datetime.now().astimezone()
    start = datetime.fromisoformat(sys.argv.pop(1))

    def now() -> datetime:
        return start + (datetime.now().astimezone() - begun)

    parts.now = now
    main()


if __name__ == "__main__":
    run()
