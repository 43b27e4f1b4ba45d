"""Where the prompts and the templates lie: beside the code in a checkout, or installed."""

from __future__ import annotations

import sys
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parent.parent
_INSTALLED = Path(sys.prefix) / "share" / "nianbao"
_HOME = _CHECKOUT if (_CHECKOUT / "prompts").is_dir() else _INSTALLED

PROMPTS = _HOME / "prompts"
TEMPLATES = _HOME / "templates"
