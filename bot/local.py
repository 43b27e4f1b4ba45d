"""An office's own labels and thresholds, from one TOML file that the settings name."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from bot.limits import DEFAULTS, Limits
from bot.reasons import reason


class CatalogueError(Exception):
    """A file of ours that cannot be used; `faults` lists everything wrong with it."""

    def __init__(self, path: Path, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{path.name}：\n" + "\n".join(f"  - {fault}" for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Local:
    """What an office does its own way: `labels` (official label -> its own) and thresholds.

    `path` is the file that they stand in, so that a fault can name it.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = DEFAULTS
    path: Path | None = None


def load_local(path: Path) -> Local:
    """The tables `[labels]` and `[limits]` of a file; CatalogueError with all faults at once."""
    source = read_toml(path)
    labels, limits = source.pop("labels", {}), source.pop("limits", {})
    faults = [f"不认识 [{name}]，这里只有 [labels] 和 [limits]" for name in source]
    if not isinstance(labels, dict) or not all(isinstance(own, str) for own in labels.values()):
        faults.append("[labels] 应为“官方名称 = 本地名称”的表")
    if not isinstance(limits, dict):
        faults.append("[limits] 应为“名称 = 数”的表")
    else:
        faults += _limit_faults(limits)
    if faults:
        raise CatalogueError(path, faults)
    kinds = {known.name: type(getattr(DEFAULTS, known.name)) for known in fields(Limits)}
    return Local(labels, Limits(**{name: kinds[name](n) for name, n in limits.items()}), path)


def read_toml(path: Path) -> dict[str, Any]:
    """What stands in a TOML file; CatalogueError where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueError(path, [f"读不到文件（{reason(error)}）"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(path, [f"不是有效的 TOML：{error}"]) from None


def _limit_faults(limits: Mapping[str, object]) -> Iterator[str]:
    """What is wrong with thresholds: an unknown name, no number, a number out of range."""
    names = {known.name: getattr(DEFAULTS, known.name) for known in fields(Limits)}
    for name, value in limits.items():
        if name not in names:
            yield f"[limits] 里没有 {name}；可以写：{'、'.join(names)}"
        elif isinstance(value, bool) or not isinstance(value, int | float):
            yield f"{name} 应为一个数"
        elif isinstance(names[name], int) and not isinstance(value, int):
            yield f"{name} 应为整数"
        elif not 0 <= value < 1_000_000 or (name.endswith(("_share", "_note")) and value > 1):
            yield f"{name} = {value} 不在合理范围内（比例写 0 到 1 之间）"
