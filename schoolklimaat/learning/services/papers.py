"""What is printed of taking part: a certificate for a class or school, and the evidence file for the Green Flag."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from flask_babel import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from schoolklimaat.core.i18n import day as written_day
from schoolklimaat.schools.services.card_drawings import CORE_FONT, use_our_font

_HEATH: Final = (91, 63, 127)
_HEATH_SOFT: Final = (239, 233, 245)
_PINE: Final = (20, 89, 74)
_SAND: Final = (251, 247, 239)
_INK: Final = (34, 37, 43)
_SOFT: Final = (86, 91, 102)
_WIDTH, _HEIGHT = 297.0, 210.0


def certificate_pdf(title: str, why: str, *, who: str, school: str, on: date) -> bytes:
    """Draw a certificate, A4 landscape: what was reached, by which class or school, no pupil's name. Needs a request."""
    pdf = FPDF(orientation="landscape", format="A4", unit="mm")
    pdf.set_auto_page_break(False)
    pdf.set_title(f"{title}: {who}")
    pdf.set_author("Schoolklimaat")
    pdf.set_lang("nl-BE")
    font = use_our_font(pdf)
    pdf.add_page()
    _landscape(pdf)

    def line(text: str, y: float, size: int, colour: tuple[int, int, int], style: str = "") -> None:
        pdf.set_font(font, style, size)
        pdf.set_text_color(*colour)
        pdf.set_xy(25, y)
        pdf.multi_cell(_WIDTH - 50, size * 0.45, _written(font, text), align="C")

    line(_("Oorkonde"), 30, 22, _PINE)
    line(title, 48, 38 if len(title) < 30 else 30, _HEATH, "B")  # noqa: PLR2004 - what fits on a line
    line(_("voor"), 82, 16, _SOFT)
    line(who, 92, 30, _INK, "B")
    if school != who:
        line(school, 110, 20, _INK)
    line(why, 126, 15, _SOFT)
    line(written_day(on, whole=True, year=True), 141, 14, _SOFT)
    return bytes(pdf.output())


def _landscape(pdf: FPDF) -> None:
    """Fill the sheet with sand, a border, and two hills of heath at the foot."""
    pdf.set_fill_color(*_SAND)
    pdf.rect(0, 0, _WIDTH, _HEIGHT, style="F")
    hills = ((_HEATH_SOFT, 152.0, -40.0, 230.0), (_HEATH, 164.0, 120.0, 240.0), (_PINE, 176.0, -30.0, 220.0))
    for colour, top, left, wide in hills:
        pdf.set_fill_color(*colour)
        pdf.ellipse(left, top, wide, 90, style="F")
    pdf.set_draw_color(*_HEATH)
    pdf.set_line_width(1.2)
    pdf.rect(8, 8, _WIDTH - 16, _HEIGHT - 16)


def dossier_pdf(title: str, note: str, steps: Sequence[tuple[str, str, str, Sequence[str]]]) -> bytes:
    """Write the evidence file: for each step its heading, how far it is, the school's note, and lines of evidence."""
    pdf = FPDF(format="A4", unit="mm")
    pdf.set_margin(20)
    pdf.set_auto_page_break(True, margin=20)
    pdf.set_title(title)
    pdf.set_author("Schoolklimaat")
    pdf.set_lang("nl-BE")
    font = use_our_font(pdf)
    pdf.add_page()

    def write(text: str, size: int, colour: tuple[int, int, int], style: str = "") -> None:
        pdf.set_font(font, style, size)
        pdf.set_text_color(*colour)
        pdf.multi_cell(0, size * 0.5, _written(font, text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    write(title, 22, _HEATH, "B")
    write(note, 10, _SOFT)
    for heading, state, words, evidence in steps:
        pdf.ln(5)
        write(heading, 14, _PINE, "B")
        write(state, 10, _SOFT)
        if words:
            write(words, 11, _INK)
        for one in evidence:
            write(f"- {one}", 11, _INK)
    return bytes(pdf.output())


def _written(font: str, text: str) -> str:
    """Return a text as a font can write it: without npm's font there are only the signs of Latin 1."""
    return text if font != CORE_FONT else text.encode("latin-1", "replace").decode("latin-1")
