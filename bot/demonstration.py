"""The demonstration: a made-up agency's whole interview, played from `prompts/demo.toml`."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.assistant import Assistant
from bot.channels.terminal import Terminal
from bot.folders import PROMPTS


def run_demo(
    out: Path, assemble: Callable[[Path], Assistant], show: Callable[[str], None]
) -> list[Path]:
    """Play the interview on a store of its own; the paths of the files that came into `out`."""
    script = tomllib.loads((PROMPTS / "demo.toml").read_text(encoding="utf-8"))
    with (
        tempfile.TemporaryDirectory() as folder,
        closing((assistant := assemble(Path(folder) / "demo.db")).store),
    ):
        terminal = Terminal(assistant, out, show)
        assistant.enrol(terminal.incoming("/start"), script["agency"], script["year"])
        terminal.flush()
        for line in script["lines"]:
            show(f"填报人：{line}\n")
            terminal.say(line)
        return terminal.files
