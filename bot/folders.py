"""Where the prompts and the templates lie: beside the code in a checkout, or packed with it."""

from __future__ import annotations

from pathlib import Path

_PACKED = Path(__file__).resolve().parent
_HOME = _PACKED if (_PACKED / "prompts").is_dir() else _PACKED.parent

PROMPTS = _HOME / "prompts"
TEMPLATES = _HOME / "templates"
