"""The program: `python -m bot` and `nianbao`."""

from __future__ import annotations

from bot.command import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
