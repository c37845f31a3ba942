"""Plain text and HTML as Markdown that a lesson takes: nothing in it is read as a mark that its writer did not mean."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element

from schoolklimaat.learning.exchange.html_tree import tree

_MARKS: Final = re.compile(r"([\\`*_\[\]<>&|~])")
_LINE_MARK: Final = re.compile(r"([#>+=:-]|[0-9]{1,9}(?=[.)](?:\s|\Z)))")
# What a lesson refuses in prose even when it is escaped, and how it reads the same without being refused.
_REFUSED: Final = (
    (re.compile(r"\[(?=[\[(])"), "[ "),
    (re.compile(r"\{(?=\{)"), "{ "),
    (re.compile(r"\?(?=\[)"), "? "),
    (re.compile(r"(?<!\S)@(?=[A-Za-z_])"), "@ "),
    (re.compile(r"<(?=[A-Za-z/!])"), "< "),
    (re.compile(r"(?i)(?<=script)\s*:"), " -"),
)
_BLOCKS: Final = frozenset(
    {"p", "div", "ul", "ol", "li", "table", "tr", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "section"}
)
_MARKED: Final = {"strong": "**", "b": "**", "em": "*", "i": "*"}


def escaped(text: str) -> str:
    """Return plain text as one line of Markdown that says just that; empty for nothing but spaces."""
    line = " ".join(text.split())
    for refused, instead in _REFUSED:
        line = refused.sub(instead, line)
    return _MARKS.sub(r"\\\1", line)


def paragraph(text: str) -> str:
    """Return a line of Markdown so that it starts a paragraph, and not a list, a heading or an attribute line."""
    if text.startswith(("{", "::")):
        return f"– {text}"
    found = _LINE_MARK.match(text)
    if found is None:
        return text
    return f"{text[: found.end()]}\\{text[found.end() :]}" if found[1].isdigit() else f"\\{text}"


def from_text(text: str) -> list[str]:
    """Return plain text as paragraphs of Markdown, one for each line."""
    return [paragraph(line) for line in map(escaped, text.split("\n")) if line]


def from_html(html: str) -> list[str]:
    """Return HTML as blocks of Markdown; pictures become their description, tables become lines."""
    blocks: list[str] = []
    _walk(tree(html), blocks, _Line())
    return [block for block in blocks if block]


def as_line(html: str) -> str:
    """Return HTML as one line of Markdown, without what starts a block."""
    words = _Line()
    _inline(tree(html), words)
    return words.take()


def front_matter(entries: Mapping[str, str | int | Sequence[str]]) -> str:
    """Return the lines of `---` and what is between them; texts are quoted, so that any text can stand there."""
    lines = ["---"]
    for key, value in entries.items():
        if isinstance(value, str):
            lines.append(f"{key}: {_quoted(value)}")
        elif isinstance(value, int):
            lines.append(f"{key}: {value}")
        else:
            lines.append(f"{key}: [{', '.join(map(_quoted, value))}]")
    return "\n".join([*lines, "---"])


def _quoted(text: str) -> str:
    plain = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*|[0-9]+-[0-9]+|[0-9]+\.[0-9]+\.[0-9]+", plain):
        return plain
    return json.dumps(plain, ensure_ascii=False)


class _Line:
    """Words of one line while it is made."""

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def add(self, markdown: str) -> None:
        self._pieces.append(markdown)

    def take(self) -> str:
        line = " ".join("".join(self._pieces).split())
        self._pieces.clear()
        return line


def _text(raw: str | None) -> str:
    if not raw:
        return ""
    words = escaped(raw)
    before = " " if raw[:1].isspace() else ""
    return f"{before}{words}{' ' if words and raw[-1:].isspace() else ''}"


def _walk(element: Element, blocks: list[str], line: _Line) -> None:
    line.add(_text(element.text))
    for child in element:
        if child.tag in {"ul", "ol"}:
            blocks.append(paragraph(line.take()))
            blocks.append("\n".join(_items(child)))
        elif child.tag == "tr":
            cells = [_one_line(cell) for cell in child]
            blocks.extend((paragraph(line.take()), paragraph(" – ".join(cell for cell in cells if cell))))
        elif child.tag in _BLOCKS or child.tag in {"thead", "tbody"}:
            blocks.append(paragraph(line.take()))
            _walk(child, blocks, line)
            blocks.append(paragraph(line.take()))
        elif child.tag in {"br", "hr"}:
            blocks.append(paragraph(line.take()))
        else:
            _marked(child, line)
        line.add(_text(child.tail))
    if element.tag == "div":
        blocks.append(paragraph(line.take()))


def _items(element: Element) -> Iterable[str]:
    for number, item in enumerate((one for one in element if one.tag == "li"), 1):
        if words := _one_line(item):
            yield f"{f'{number}.' if element.tag == 'ol' else '-'} {paragraph(words)}"


def _one_line(element: Element) -> str:
    words = _Line()
    _inline(element, words)
    return words.take()


def _inline(element: Element, line: _Line) -> None:
    line.add(_text(element.text))
    for child in element:
        if child.tag in _BLOCKS or child.tag in {"br", "hr"}:
            line.add(" ")
            _inline(child, line)
            line.add(" ")
        else:
            _marked(child, line)
        line.add(_text(child.tail))


def _marked(element: Element, line: _Line) -> None:
    if element.tag == "img":
        line.add(escaped(element.get("alt", "")))
        return
    inside = _Line()
    _inline(element, inside)
    words = inside.take()
    mark = _MARKED.get(str(element.tag), "")
    href = element.get("href", "")
    if not words:
        return
    spaced = " " if (element.text or "")[:1].isspace() else ""
    if mark and "*" not in words.replace("\\*", ""):
        line.add(f"{spaced}{mark}{words}{mark}")
    elif element.tag == "a" and re.fullmatch(r"https?://[^\s<>\\]{3,500}", href):
        line.add(f"{spaced}[{words}](<{href}>)")
    else:
        line.add(f"{spaced}{words}")
    if "".join(element.itertext())[-1:].isspace():
        line.add(" ")
