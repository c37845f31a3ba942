"""HTML of any origin as a tree of elements, so that it can be walked, or written as XML."""

import re
from html.parser import HTMLParser
from typing import Final
from xml.etree.ElementTree import Element, SubElement

_VOID: Final = frozenset({"br", "hr", "img", "wbr", "input", "col", "meta", "link", "source"})
_SKIPPED: Final = frozenset({"script", "style", "template", "iframe", "object", "svg", "math", "head"})
_DEEPEST: Final = 40
_NO_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATTRIBUTES: Final = frozenset({"href", "src", "alt", "title", "start"})


def tree(html: str) -> Element:
    """Return what is in the HTML inside a `div`; scripts and drawings are left out, unclosed tags are closed."""
    reader = _Reader()
    reader.feed(_NO_XML.sub("", html))
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("div")
        self._open = [self.root]
        self._skipping = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipping:
            return
        if tag in _SKIPPED:
            self._skipping = tag
        elif re.fullmatch(r"[a-z][a-z0-9]{0,14}", tag) and len(self._open) < _DEEPEST:
            kept = {name: value or "" for name, value in attrs if name in _ATTRIBUTES}
            element = SubElement(self._open[-1], tag, kept)
            if tag not in _VOID:
                self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            self._skipping = "" if tag == self._skipping else self._skipping
            return
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].tag == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        if self._skipping:
            return
        parent = self._open[-1]
        if len(parent):
            last = parent[-1]
            last.tail = (last.tail or "") + data
        else:
            parent.text = (parent.text or "") + data
