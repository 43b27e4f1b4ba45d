"""The command that looks whether everything is in order."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.command.base import db_option, main
from bot.command.parts import now
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.doctor import Point

_MARKS = {"fine": "✓ 正常", "warn": "! 注意", "bad": "✗ 有错"}


@main.command()
@db_option
@click.option("--deep", is_flag=True, help="把整条记录链也核对一遍（记录多时要几分钟）。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def doctor(db: Path | None, deep: bool, as_json: bool) -> None:
    """检查服务需要的一切：令牌、网络、数据库、字体、模板；有错时退出码为 1。"""
    from bot.doctor import examine

    settings = Settings.from_environ()
    points: list[Point] = []
    for point in examine(settings, db or settings.db, now(), deep=deep):
        points.append(point)
        if not as_json:
            click.echo(f"{_MARKS[point.mark]}  {point.name}：{point.words}")
    if as_json:
        shown = [{"point": p.name, "state": p.mark, "words": p.words} for p in points]
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
    sys.exit(1 if any(point.mark == "bad" for point in points) else 0)
