"""How a form's texts are asked: one file for each in `prompts/narrative/`, under the form's key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, UndefinedError

from bot.folders import PROMPTS
from bot.form import Form
from bot.guide import Fact, Guide, Measure
from bot.local import CatalogueError

NARRATIVE = PROMPTS / "narrative"
SIGNOFF = "signoff"
"""The signature block: it is proposed, not asked."""


def load_guides(form: Form, folder: Path | None = None) -> dict[str, Guide]:
    """The guides of `form`'s texts, from one TOML file each in the folder with the form's key.

    Raises CatalogueError with all faults of all files at once.
    """
    folder = folder or NARRATIVE / form.key
    words = Environment(  # nosec B701 # plain text, not markup: nothing is escaped
        undefined=StrictUndefined, keep_trailing_newline=False, trim_blocks=True
    )
    guides: dict[str, Guide] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            source = tomllib.loads(path.read_text(encoding="utf-8"))
            guide = _build_guide(source, words)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            faults.append(f"{path.name}：不是有效的 TOML：{error}")
        except TemplateSyntaxError as error:
            faults.append(f"{path.name}：draft 第 {error.lineno} 行写错：{error.message}")
        except (KeyError, TypeError) as error:
            faults.append(f"{path.name}：缺少或写错了 {error}")
        else:
            guides[guide.key] = guide
            if guide.key not in form.texts:
                faults.append(f"{path.name}：表单里没有叫“{guide.key}”的文字项")
    asked = [key for key in form.texts if key != SIGNOFF]
    faults += [f"文字项“{key}”没有说明文件" for key in asked if key not in guides]
    if faults:
        raise CatalogueError(folder, faults)
    return guides


def _build_guide(source: dict[str, Any], words: Environment) -> Guide:
    template = words.from_string(source["draft"].strip())

    def compose(context: Mapping[str, object]) -> str:
        try:
            return template.render(context).strip()
        except (TypeError, UndefinedError):
            return ""  # a figure that is not known yet: no draft, and the interview goes on

    return Guide(
        key=source["key"],
        must=source["must"],
        compose=compose,
        worth=source.get("worth", ""),
        example=source.get("example", ""),
        pick=source.get("pick", ""),
        facts=tuple(Fact(**fact) for fact in source.get("facts", ())),
        measures=tuple(Measure(**measure) for measure in source.get("measures", ())),
    )
