"""What is drawn on paper: the very avatars and pictures of the screen, a QR, and the site's own typeface."""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import segno
from flask import current_app
from fontTools.ttLib import TTFont
from fpdf import FPDF

from schoolklimaat.core.context import settings

_CSS: Final = Path(__file__).resolve().parents[2] / "core" / "static" / "css"
_RULE: Final = re.compile(r"\.(d-[\w-]+) \{ ([^}]+) \}")
_TOKEN: Final = re.compile(r"--([\w-]+): (#[0-9A-Fa-f]{6})")
_CLASS: Final = re.compile(r'class="(d-[\w-]+)"')
FONT: Final = "Atkinson"
CORE_FONT: Final = "Helvetica"  # in every reader; asked for where npm did not bring ours
_FILES: Final = (("", "400"), ("B", "700"))


@cache
def _paints() -> dict[str, str]:
    """Read the colours of the drawings where the screen has them, so that paper and screen show the same animal."""
    tokens: dict[str, str] = {}
    for name, colour in _TOKEN.findall((_CSS / "tokens.css").read_text(encoding="utf-8")):
        tokens.setdefault(name, colour)  # the first is the light one; paper is light
    painted = {}
    for name, rule in _RULE.findall((_CSS / "pages.css").read_text(encoding="utf-8")):
        said = re.sub(r"var\(--([\w-]+)\)", lambda found: tokens[found[1]], rule)
        painted[name] = " ".join(f'{key}="{value}"' for key, value in re.findall(r"([\w-]+): ([^;]+);", said))
    return painted


def _svg(template: str, macro: str, slug: str) -> str:
    drawn = str(getattr(current_app.jinja_env.get_template(template).module, macro)(slug))
    painted = _CLASS.sub(lambda found: _paints()[found[1]], drawn)
    return painted.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def draw_avatar(pdf: FPDF, avatar: str, *, x: float, y: float, size: float) -> None:
    """Draw an avatar as vectors, `size` mm wide and high."""
    _draw(pdf, _svg("macros/drawings.html", "avatar", avatar), x, y, size)


def draw_picture(pdf: FPDF, picture: str, *, x: float, y: float, size: float) -> None:
    """Draw one of the twelve pictures as vectors, `size` mm wide and high."""
    _draw(pdf, _svg("macros/pictures.html", "picture", picture), x, y, size)


def _draw(pdf: FPDF, svg: str, x: float, y: float, size: float) -> None:
    pdf.image(BytesIO(svg.encode()), x=x, y=y, w=size, h=size)


def draw_qr(pdf: FPDF, text: str, *, x: float, y: float, size: float) -> None:
    """Draw a QR as black runs, `size` mm wide and high, without its quiet border: the card itself leaves that white."""
    rows = list(segno.make(text, error="m").matrix)
    module = size / len(rows)
    pdf.set_fill_color(0)
    for at, row in enumerate(rows):
        for first, length in _runs(row):
            # A hair wider than the module, or readers show white lines between rows.
            pdf.rect(x + first * module, y + at * module, length * module, module * 1.02, style="F")


def _runs(row: Any) -> Iterator[tuple[int, int]]:
    first = None
    for at, dark in enumerate([*row, 0]):
        if dark and first is None:
            first = at
        elif not dark and first is not None:
            yield first, at - first
            first = None


def use_our_font(pdf: FPDF) -> str:
    """Embed the site's typeface when npm brought it; return the name of the font to set."""
    folder = settings().front_end / "@fontsource" / "atkinson-hyperlegible" / "files"
    found = [(style, folder / f"atkinson-hyperlegible-latin-{weight}-normal.woff") for style, weight in _FILES]
    if not all(path.is_file() for _, path in found):
        return CORE_FONT
    with TemporaryDirectory() as unpacked:  # fpdf2 reads plain TrueType from a file; npm brings it wrapped as woff
        for style, path in found:
            plain = Path(unpacked) / f"{path.stem}.ttf"
            font = TTFont(path)
            font.flavor = None
            font.save(plain)
            pdf.add_font(FONT, style, plain)
    return FONT
