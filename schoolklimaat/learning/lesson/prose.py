"""Markdown to safe HTML, and what prose may not hold: HTML, scripts, pictures from elsewhere, gaps in a sentence."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_block_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from schoolklimaat.learning.lesson.attributes import read_attributes
from schoolklimaat.learning.lesson.faults import Faults, quoted
from schoolklimaat.learning.lesson.nodes import Node, tree

LINE_END: Final = re.compile(r"\r\n|\r|\n")  # what Markdown counts as one
PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
_SCHEMES: Final = {"https", "http", "mailto"}
_ALERTS: Final = ("note", "tip", "important", "warning", "caution")
_TABLE_END: Final = {"style": "text-align:right"}

_HTML: Final = re.compile(r"<!--|</?[A-Za-z][^<>]*>|<(?:script|iframe|style|object|embed|svg|img)\b", re.IGNORECASE)
_SCRIPT_LINK: Final = re.compile(r"(?:java|vb)script\s*:", re.IGNORECASE)
_MACRO: Final = re.compile(r"(?:^|\s)@(?:[A-Za-z_][\w.]*\s*[(:]|import\b|onload\b|end\b)|\{\{|[!?]\?\[")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")

_CLEANER: Final = nh3.Cleaner(
    tags={
        *("p", "br", "strong", "em", "code", "pre", "a", "img", "ul", "ol", "li", "blockquote", "hr"),
        *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "div"),
    },
    attributes={"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}},
    allowed_classes={
        "div": {"markdown-alert", *(f"markdown-alert-{kind}" for kind in _ALERTS)},
        "p": {"markdown-alert-title"},
        "th": {"n"},
        "td": {"n"},
    },
    url_schemes=_SCHEMES,
    link_rel="noopener noreferrer",
)


def reader() -> MarkdownIt:
    """Return a Markdown reader that knows the blocks of a lesson and no HTML."""
    markdown = MarkdownIt("commonmark", {"html": False, "alerts": True}).enable("table")
    markdown.use(front_matter_plugin).use(attrs_block_plugin)
    markdown.use(container_plugin, "lesson", validate=lambda words, _marks: bool(words.strip(" :")))
    # Attribute lines stay in the stream, so that each can be read and refused on its own line.
    markdown.core.ruler.disable("attr")
    return markdown


class Prose:
    """The text of one file: its lines, and how its nodes become HTML or plain words."""

    def __init__(self, source: str, faults: Faults, folder: Path | None = None) -> None:
        self.markdown: Final = reader()
        self.lines: Final = LINE_END.split(source)
        self.faults: Final = faults
        self._folder: Final = folder
        self._env: Final[dict[str, Any]] = {}

    def nodes(self) -> list[Node]:
        """Return the file's outermost blocks."""
        # The plugins look one sign past an empty last line; there is always one here.
        return tree(self.markdown.parse("\n".join(self.lines) + "\n", self._env))

    def source_of(self, nodes: Sequence[Node]) -> str:
        """Return the lines of the file that these neighbouring blocks come from."""
        return "\n".join(self.lines[nodes[0].line - 1 : nodes[-1].last_line]).strip("\n") if nodes else ""

    def html(self, nodes: Sequence[Node]) -> str:
        """Return blocks as safe HTML, after writing down what they may not hold."""
        for node in nodes:
            self.lint(node)
        tokens = [token for node in nodes for token in node.tokens]
        for token in tokens:
            if token.type in {"th_open", "td_open"} and token.attrs == _TABLE_END:
                token.attrs = {"class": "n"}
        return self._safe(tokens)

    def inline(self, text: str, line: int) -> tuple[str, str]:
        """Return the words of one block as safe HTML and as plain words."""
        tokens = self.markdown.parseInline(text, self._env)
        self._lint_words(tokens[0].children or [], line)
        return self._safe(tokens), plain(tokens)

    def lint(self, node: Node) -> None:
        """Write down what prose may not hold, at its line."""
        for child in node.walk():
            if child.type == "inline":
                self._lint_words(child.token.children or [], child.line)
            elif child.type == "attrs_block":
                self.faults.error(
                    child.line,
                    "Een regel met {…} hoort tegen de kantlijn, vlak boven een titel of een vraag: "
                    "niet in een lijst, een citaat of een blok voor de leerkracht.",
                )
            elif child.type == "container_lesson":
                self.faults.error(
                    child.line, "Een blok met ::: hoort tegen de kantlijn, niet in een lijst, een citaat of een vraag."
                )
            elif child.type == "fence" and child.token.info.strip():
                self.faults.error(
                    child.line,
                    f"Het blok {quoted(child.token.info.split()[0])} kan hier niet staan. "
                    "Zet het tegen de kantlijn, in de stap zelf.",
                )

    def stuck_attributes(self, line: int) -> None:
        """Say why a line that starts with { was read as prose."""
        written = self.lines[line - 1].lstrip(" >-*")
        found = Faults()
        if written.startswith("{"):
            read_attributes(written, line, found)
        if found.has_errors:
            self.faults.take(found)
            return
        self.faults.error(
            line,
            "Deze regel met { wordt niet gelezen als id. Zet hem op een eigen regel met een lege regel erboven, "
            "en schrijf alleen #id, .soort en sleutel=waarde.",
        )

    def _lint_words(self, tokens: Sequence[Token], line: int) -> None:
        starts_line = True
        for token in tokens:
            if token.type in {"softbreak", "hardbreak"}:
                line += 1
                starts_line = True
                continue
            if token.type == "text" and token.content:
                self._words(token.content, line, starts_line=starts_line)
            elif token.type == "link_open":
                self._link(str(token.attrs.get("href", "")), line)
            elif token.type == "image":
                self._picture(token, line)
            starts_line = starts_line and token.type == "text" and not token.content

    def _safe(self, tokens: Sequence[Token]) -> str:
        return _CLEANER.clean(self.markdown.renderer.render(tokens, self.markdown.options, self._env)).strip()

    def _words(self, words: str, line: int, *, starts_line: bool) -> None:
        error = self.faults.error
        if found := _HTML.search(words):
            error(line, f"HTML zoals {quoted(found[0])} kan niet in een les. Schrijf gewone tekst of Markdown.")
        if _SCRIPT_LINK.search(words):
            error(line, "Een link met javascript: kan niet. Gebruik een gewone link, zoals https://….")
        if _MACRO.search(words):
            error(
                line, "Macro's, effecten en filmpjes van LiaScript werken hier niet. Haal ze weg of schrijf een link."
            )
        elif starts_line and words.startswith("{"):
            self.stuck_attributes(line)
        if starts_line and words.startswith(":::"):
            error(line, "Deze regel met ::: opent of sluit niets. Een blok opent met ::: leerkracht en sluit met :::.")
        elif starts_line and re.match(r"::(?:\s|$)", words):
            error(line, "Hier staan twee dubbele punten. Een blok begint en eindigt met drie: ':::'.")
        if "[[" in words:
            error(
                line,
                "Een gat [[…]] in een zin kan nog niet. Zet de vraag op een eigen regel en [[…]] alleen eronder, "
                "met lege regels ertussen.",
            )
        elif starts_line and re.match(r"\[\(.?\)\]", words):
            error(line, "Keuzes horen onder een vraag en beginnen met een streepje: '- [( )] tekst'.")

    def _link(self, href: str, line: int) -> None:
        scheme = _SCHEME.match(href)
        if href.startswith("//") or (scheme and scheme[1].lower() not in _SCHEMES):
            self.faults.error(line, f"De link {quoted(href)} kan niet. Begin een link met https://.")

    def _picture(self, token: Token, line: int) -> None:
        source = unquote(str(token.attrs.get("src", "")))
        if not plain(token.children or []):
            self.faults.error(
                line, f"De afbeelding {quoted(source)} heeft geen beschrijving. Schrijf ![wat je ziet]({source[:60]})."
            )
        if _SCHEME.match(source) or source.startswith("/") or "\\" in source or ".." in source.split("/"):
            self.faults.error(
                line, f"De afbeelding {quoted(source)} staat niet bij de les. Zet het bestand in de map van de les."
            )
        elif not source.lower().endswith(PICTURES):
            self.faults.error(line, f"De afbeelding {quoted(source)} is geen {', '.join(PICTURES[:-1])} of .svg.")
        elif self._folder is not None and not _is_file(self._folder / source):
            self.faults.error(
                line, f"Het bestand {quoted(source)} staat niet in de map van de les. Zet het erbij of kijk de naam na."
            )


def plain(tokens: Sequence[Token]) -> str:
    """Return the words of inline tokens, without their marks."""
    return " ".join("".join(_words(tokens)).split())


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"text", "code_inline", "text_special"}:
            yield token.content
        elif token.type in {"softbreak", "hardbreak"}:
            yield " "
        elif token.children:
            yield from _words(token.children)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
