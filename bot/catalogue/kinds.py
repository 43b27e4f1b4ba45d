"""What may stand where in a form's file: a kind for every key, looked at before anything is built.

A kind is `str`, `bool`, a list of one kind in brackets, a dictionary of the keys of a block, or a
tuple of kinds that are all good. `ANY` as the only key stands for whatever the author names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

ANY = "*"
_WORDS = [str]
_LINE: Mapping[str, Any] = {
    "key": str, "label": str, "short": str, "group": str, "aliases": _WORDS, "help": str,
    "total": bool,
}  # fmt: skip
_TERMS: Mapping[str, Any] = {
    "id": str, "severity": str, "each": str, "left": _WORDS, "right": _WORDS,
}  # fmt: skip
FORM: Mapping[str, Any] = {
    "key": str, "format": str, "name": str, "authority": str, "title": str, "title_words": str,
    "template": str, "example": str, "example_text": str, "charge": str, "checks": _WORDS,
    "sections": [{"key": str, "label": str, "kind": str, "shape": str, "about": str}],
    "texts": [{"key": str, "section": str, "label": str, "number": str, "optional": bool,
               "aliases": _WORDS}],
    "tables": [{"key": str, "section": str, "clause": str, "corner": str, "head": str, "cell": str,
                "kind": str, "groups": [{"key": str, "place": _WORDS}], "rows": [_LINE],
                "columns": [_LINE]}],
    "sets": {ANY: (str, _WORDS)},
    "flow": {ANY: str},
    "facts": {ANY: (str, _WORDS)},
    "rules": [{**_TERMS, "part": str}],
    "relations": [{**_TERMS, "sign": str}],
    "gates": [{"key": str, "label": str, "question": str, "cells": _WORDS, "help": str,
               "together": bool}],
}  # fmt: skip
_NAMES = {str: "文字", bool: "true 或 false"}


def misfits(found: object, kind: Any, place: str = "表单") -> Iterator[str]:
    """Where something stands that cannot stand there; a key that is not known is left to others."""
    if isinstance(kind, tuple):
        if all(any(True for _ in misfits(found, one)) for one in kind):
            yield f"{place}：应为{'或者'.join(map(_name, kind))}"
    elif isinstance(kind, list):
        if not isinstance(found, list):
            yield f"{place}：应为{_name(kind)}"
            return
        for number, one in enumerate(found, 1):
            yield from misfits(one, kind[0], f"{place}[{number}]")
    elif isinstance(kind, Mapping):
        if not isinstance(found, dict):
            yield f"{place}：应为{_name(kind)}"
            return
        for key, value in found.items():
            wanted = kind.get(ANY, kind.get(key))
            if wanted is not None:
                yield from misfits(value, wanted, key if place == "表单" else f"{place}.{key}")
    elif not isinstance(found, kind):
        yield f"{place}：应为{_name(kind)}"


def _name(kind: Any) -> str:
    if isinstance(kind, list):
        return f"{_name(kind[0])}的列表"
    return "一组“名称 = 值”" if isinstance(kind, Mapping) else _NAMES[kind]
