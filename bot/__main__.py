"""The program: `python -m bot` and `nianbao`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run a command; Ctrl-C ends it without a stack trace, while the program still loads too."""
    try:
        from bot.command import main as command

        command()
    except KeyboardInterrupt:
        sys.exit(130)  # as a shell names it: 128 and the signal's number


if __name__ == "__main__":
    main()
