"""The tags of an office's own .docx template: what they name, and what is wrong with them.

Nothing is run here; a tag that calls, includes or multiplies is refused, for no template needs it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import BytesIO

from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from bot.form import Form

NAMES = frozenset((
    "title", "title_text", "title_is_long", "final", "preamble", "intro", "topics", "figure",
    "problems", "other", "signoff", "texts", "own_label",
))  # fmt: skip
"""What a tag may name (`bot.writers.docx`)."""

_TAGGED = re.compile(r"word/(document|header\d*|footer\d*)\.xml|docProps/core\.xml")
_TAG = re.compile(r"<[^>]*>")
_SHOWN = 5
_OPERATIONS = (nodes.Call, nodes.CallBlock, nodes.Mul, nodes.Pow)
_FILES = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)
_SYNTAX = (
    (re.compile(r"unknown tag '(\w+)'"), "不认识“{0}”，或者它没有对应的开头"),
    (re.compile(r"Unexpected end of template"), "有开头没有结尾，请补上 endif 或 endfor"),
    (re.compile(r"unexpected end of statement|expected token 'end of"), "标记没有写完或没有写对"),
    (re.compile(r"[Uu]nexpected '(.+?)'"), "多了“{0}”"),
)


@dataclass
class Tags:
    """What the tags of a template use: names by part, texts, and how often each figure."""

    names: dict[str, set[str]] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    figures: Counter[str] = field(default_factory=Counter)
    reckoned: bool = False
    faults: list[str] = field(default_factory=list)


def find_tags(parts: Mapping[str, bytes], form: Form) -> Tags:
    """All tags of a template's parts, with the faults found in them."""
    tags = Tags()
    environment = SandboxedEnvironment(autoescape=True)
    docx = DocxTemplate(BytesIO())
    for name in filter(_TAGGED.fullmatch, parts):
        root = etree.fromstring(parts[name], etree.XMLParser(resolve_entities=False))
        xml = docx.patch_xml(etree.tostring(root, encoding="unicode"))
        lines = re.sub(r"(?=<w:p[ >])", "\n", xml)  # a fault's line is then its paragraph
        try:
            tree = environment.parse(lines)
        except TemplateSyntaxError as error:
            tags.faults.append(_syntax_fault(name, lines, error))
        else:
            _take(tree, name, environment, tags)
            for used in tree.find_all(nodes.Filter):
                if used.name not in environment.filters:
                    where = _place(name, lines, used.lineno)
                    tags.faults.append(f"{where}的标记写错了：没有叫“{used.name}”的过滤器。")
    tags.faults += _unknown(tags, form)
    return tags


def text_name(key: str, form: Form) -> str:
    """How a tag names a text: by a word of its own, or `texts['…']` by its key."""
    words = {"preamble": "preamble", "problems": "problems", "other": "other", "signoff": "signoff"}
    if form.topics and key == form.lead(form.topic_section):
        return "intro"
    return words.get(key, f"texts['{key}']")


def part_name(part: str) -> str:
    """What people call a part of a Word file."""
    for start, name in (("word/header", "页眉"), ("word/footer", "页脚"), ("docProps", "文件属性")):
        if part.startswith(start):
            return name
    return "正文"


def missing_tags(tags: Tags, form: Form) -> Iterator[str]:
    """Sentences about figures and texts of the form that no tag prints."""
    body = tags.names.get("word/document.xml", set())
    if not body & {"title", "title_text"}:
        yield "正文里没有标题的标记，请加上 {{ title }}。"
    for name, label in _texts(form).items():
        if name not in body and name not in tags.texts:
            yield f"正文里没有“{label}”的标记（{name}），这部分文字印不出来。"
    if not any("final" in names for names in tags.names.values()):
        yield "没有草稿标记：请在页眉里用 {%p if not final %} 和 {%p endif %} 围住“草稿”一行。"
    missing = [key for key in form.cells if key not in tags.figures]
    if not tags.reckoned:
        for key in missing[:_SHOWN]:
            yield f"“{form.full_place(key)}”没有标记，请在那一格写 {{{{ figure['{key}'] }}}}。"
        if len(missing) > _SHOWN:
            yield f"一共有 {len(missing)} 个数没有标记。"


def _texts(form: Form) -> dict[str, str]:
    """The names of texts with what the form calls them."""
    names = {}
    for key in form.texts:
        item = form.items[key]
        if not item.number:
            heads = item.section and item.section != form.topic_section
            label = form.section(item.section).label if heads else item.label
            names[text_name(key, form)] = label
    return names | ({"topics": form.section(form.topic_section).label} if form.topics else {})


def _take(tree: nodes.Template, part: str, environment: SandboxedEnvironment, tags: Tags) -> None:
    """Keep what the tags of one part use."""
    names = meta.find_undeclared_variables(tree) - set(environment.globals)
    tags.names[part] = names
    known = 0
    for node in tree.find_all(nodes.Getitem):
        key = _constant(node.arg)
        if isinstance(node.node, nodes.Name) and node.node.name == "figure" and key is not None:
            known += 1
            tags.figures[key] += 1
        if isinstance(node.node, nodes.Name) and node.node.name == "texts" and key is not None:
            tags.texts.add(f"texts['{key}']")
    used = sum(node.name == "figure" for node in tree.find_all(nodes.Name))
    tags.reckoned = tags.reckoned or used > known
    place = part_name(part)
    if any(True for _ in tree.find_all(_FILES)):
        tags.faults.append(f"{place}里有标记引用别的文件，模板里不能这样写，请删掉。")
    if any(True for _ in tree.find_all(_OPERATIONS)):
        tags.faults.append(f"{place}里有标记调用函数或者做乘法，模板里不能这样写，请删掉。")


def _constant(node: nodes.Node) -> str | None:
    """The key that stands in brackets, or None where it is worked out."""
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else None


def _unknown(tags: Tags, form: Form) -> Iterator[str]:
    """Sentences about names and keys that nothing fills."""
    for part, names in tags.names.items():
        for name in sorted(names - NAMES):
            yield f"{part_name(part)}里的“{name}”不认识{_instead(name, NAMES)}。"
    for key in tags.figures:
        if key not in form.cells:
            yield f"表单里没有“{key}”这个数{_instead(key, form.cells)}。"


def _instead(word: str, known: Mapping[str, object] | frozenset[str] | tuple[str, ...]) -> str:
    close = get_close_matches(word, list(known), 1)
    return f"，是不是“{close[0]}”" if close else ""


def _syntax_fault(part: str, lines: str, error: TemplateSyntaxError) -> str:
    """A fault with its paragraph: what is wrong in Chinese where the words are known."""
    message = error.message or ""
    for pattern, sentence in _SYNTAX:
        if found := pattern.search(message):
            message = sentence.format(*found.groups())
            break
    return f"{_place(part, lines, error.lineno)}的标记写错了：{message}。"


def _place(part: str, lines: str, number: int) -> str:
    """Where a line of a part is, by the words of its paragraph."""
    held = lines.splitlines()
    line = held[min(number, len(held)) - 1] if held else ""
    words = " ".join(_TAG.sub("", line).split())[:40]
    return f"{part_name(part)}{f'“{words}”处' if words else '末尾'}"
