"""The pupils' cards on paper: A4, eight a page, to cut along the lines. Who prints is kept in the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import url_for
from flask_babel import gettext as _
from fpdf import FPDF

from schoolklimaat.core import audit
from schoolklimaat.core.clock import now
from schoolklimaat.core.context import settings
from schoolklimaat.schools.avatars import avatar_name
from schoolklimaat.schools.models import ClassGroup, Pupil, PupilSecret
from schoolklimaat.schools.pictures import PICTURES
from schoolklimaat.schools.services.card_drawings import CORE_FONT, draw_avatar, draw_picture, draw_qr, use_our_font
from schoolklimaat.schools.services.pupil_secrets import secret_of
from schoolklimaat.schools.services.sign_in import card_token

COLUMNS: Final = 2
ROWS: Final = 4
WIDTH_MM: Final = 105.0
HEIGHT_MM: Final = 74.25
_EDGE_MM: Final = 8.0  # printers leave some five millimetres of the sheet white
_QR_MM: Final = 36.0
_AVATAR_MM: Final = 21.0
_QUIET_MM: Final = 4.0  # left white beside the QR, or a camera does not find it
_PICTURE_MM: Final = 11.0
_INK: Final = (34, 37, 43)
_SOFT: Final = (86, 91, 102)
_LINE: Final = 150


def print_all(group: ClassGroup, pupils: Sequence[Pupil]) -> bytes:
    """Return the cards of a class as a PDF, and keep that they were printed: for the first time, or again."""
    again = group.cards_printed_at is not None
    group.cards_printed_at = group.cards_printed_at or now()
    audit.record(
        "cards.reprint" if again else "cards.print",
        f"class_group:{group.id}",
        school_id=group.school_id,
        cards=len(pupils),
    )
    return cards_pdf(group, pupils)


def print_one(pupil: Pupil) -> bytes:
    """Return one pupil's card as a PDF, and keep that it was printed again."""
    group = pupil.class_group
    audit.record("cards.reprint", f"class_group:{group.id}", school_id=group.school_id, pupil=pupil.id, cards=1)
    return cards_pdf(group, [pupil])


def cards_pdf(group: ClassGroup, pupils: Sequence[Pupil]) -> bytes:
    """Draw the cards; needs a request, since addresses and words are the site's."""
    pdf = FPDF(format="A4", unit="mm")
    pdf.set_auto_page_break(False)
    pdf.set_title(_("Kaartjes van %(name)s", name=group.name))
    pdf.set_author("Schoolklimaat")
    paper = _Paper(pdf, use_our_font(pdf))
    per_page = COLUMNS * ROWS
    for at, pupil in enumerate(pupils):
        place = at % per_page
        if place == 0:
            pdf.add_page()
            paper.cutting_lines()
        corner = (place % COLUMNS) * WIDTH_MM, (place // COLUMNS) * HEIGHT_MM
        paper.card(group, pupil, corner)
    return bytes(pdf.output())


@dataclass(frozen=True, slots=True)
class _Paper:
    """The sheet being drawn on; places are (x, y) in mm from the top left of the page."""

    pdf: FPDF
    font: str

    def cutting_lines(self) -> None:
        """Draw where to cut."""
        self.pdf.set_draw_color(_LINE)
        self.pdf.set_line_width(0.2)
        self.pdf.set_dash_pattern(dash=2, gap=2)
        for column in range(1, COLUMNS):
            self.pdf.line(column * WIDTH_MM, 0, column * WIDTH_MM, ROWS * HEIGHT_MM)
        for row in range(1, ROWS):
            self.pdf.line(0, row * HEIGHT_MM, COLUMNS * WIDTH_MM, row * HEIGHT_MM)
        self.pdf.set_dash_pattern()

    def card(self, group: ClassGroup, pupil: Pupil, corner: tuple[float, float]) -> None:
        """Draw one card: who, class code and secret on the left, the QR on the right, the address below."""
        x, y = corner[0] + _EDGE_MM, corner[1] + _EDGE_MM
        right = corner[0] + WIDTH_MM - _EDGE_MM - _QR_MM
        draw_avatar(self.pdf, pupil.avatar, x=x, y=y, size=_AVATAR_MM)
        beside = x + _AVATAR_MM + 3
        room = right - beside - _QUIET_MM
        name = avatar_name(pupil.avatar)
        self.write(name[:1].upper() + name[1:], (beside, y + 6), room, size=13, bold=True)
        self.write(_("Nummer %(number)s", number=pupil.list_number), (beside, y + 12), room, size=10)
        self.write(group.name, (beside, y + 17), room, size=10)
        below, width = y + _AVATAR_MM + 5, right - x - _QUIET_MM
        self.write(_("Klascode"), (x, below), width, size=8, soft=True)
        self.write(group.code, (x, below + 6), width, size=16, bold=True)
        self.secret(pupil, group.secret_kind, (x, below + 11.5), width)
        draw_qr(self.pdf, card_address(pupil), x=right, y=y, size=_QR_MM)
        self.write(_("Scan deze code,"), (right, y + _QR_MM + 4.5), _QR_MM, size=8, soft=True)
        self.write(_("of ga naar het adres hieronder."), (right, y + _QR_MM + 8.5), _QR_MM, size=8, soft=True)
        full, bottom = WIDTH_MM - 2 * _EDGE_MM, corner[1] + HEIGHT_MM - _EDGE_MM
        address = settings().site_url + url_for("schools.pupil_sign_in")
        self.write(address.split("://", 1)[-1], (x, bottom - 3.5), full, size=9, bold=True)
        self.write(group.school.name, (x, bottom + 0.5), full, size=8, soft=True)

    def secret(self, pupil: Pupil, kind: PupilSecret, at: tuple[float, float], width: float) -> None:
        """Write the PIN or draw the three pictures; say what to do where the secret can no longer be read."""
        x, y = at
        secret = secret_of(pupil)
        by_pictures = kind is PupilSecret.PICTURES
        label = _("Jouw prentjes, in deze volgorde") if by_pictures else _("Jouw pincode")
        self.write(label, at, width, size=8, soft=True)
        if secret is None:
            self.write(_("Vraag een nieuw kaartje"), (x, y + 6), width, size=10, bold=True)
        elif by_pictures:
            for place, picture in enumerate(one for one in secret.split("-") if one in PICTURES):
                draw_picture(self.pdf, picture, x=x + place * (_PICTURE_MM + 3), y=y + 1.2, size=_PICTURE_MM)
        else:
            self.write(secret, (x, y + 7), width, size=18, bold=True)

    def write(
        self, text: str, at: tuple[float, float], width: float, *, size: float, bold: bool = False, soft: bool = False
    ) -> None:
        """Write one line, smaller when it would not fit; what a core font has no sign for becomes a question mark."""
        self.pdf.set_font(self.font, "B" if bold else "", size)
        if self.font == CORE_FONT:
            text = text.encode("latin-1", "replace").decode("latin-1")
        wanted = self.pdf.get_string_width(text)
        if wanted > width:
            self.pdf.set_font_size(size * width / wanted)
        self.pdf.set_text_color(*(_SOFT if soft else _INK))
        self.pdf.text(*at, text)


def card_address(pupil: Pupil) -> str:
    """Return what the QR of a pupil's card leads to."""
    return settings().site_url + url_for("schools.card_sign_in", token=card_token(pupil))
