"""Forms of what a school consists of: its own particulars, sites, buildings and rooms."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from schoolklimaat.core.forms import Form, NumberField
from schoolklimaat.schools.forms.joining import LEVELS, NETWORKS, ApplicationForm
from schoolklimaat.schools.services.room_lines import AREA_M2, FLOORS, SEATS, VOLUME_M3

_EXAMPLE: Final = "Lokaal 1A; 0; 56; 175; 24\nLokaal 1B; 0; 56; 175; 24\nRefter"
_UNKNOWN: Final = ("", _l("weet ik niet"))
HEATING: Final = (
    _UNKNOWN,
    ("aardgasketel", _l("aardgasketel")),
    ("condenserende aardgasketel", _l("condenserende aardgasketel")),
    ("stookolieketel", _l("stookolieketel")),
    ("warmtepomp", _l("warmtepomp")),
    ("warmtenet", _l("warmtenet")),
    ("pellet- of houtketel", _l("pellet- of houtketel")),
    ("gasluchtverhitters", _l("luchtverhitters op gas")),
    ("elektrische verwarming", _l("elektrische verwarming")),
    ("geen verwarming", _l("geen verwarming")),
)
USES: Final = (
    _UNKNOWN,
    ("lessen", _l("lessen")),
    ("refter", _l("refter")),
    ("sport", _l("sport")),
    ("werkplaatsen", _l("werkplaatsen")),
    ("administratie", _l("administratie")),
    ("internaat", _l("internaat")),
    ("opvang", _l("opvang")),
    ("gemengd", _l("van alles wat")),
)


def between(limits: tuple[Any, Any]) -> list[Any]:
    """Return the validators of a number that may be left empty."""
    low, high = limits
    text = _l("Vul een getal in van %(low)s tot %(high)s.", low=f"{low:g}", high=f"{high:g}")
    return [Optional(), NumberRange(min=low, max=high, message=text)]


def or_nothing(text: str | None) -> str | None:
    """Return what was typed, or None for nothing."""
    return (text or "").strip() or None


class SchoolForm(Form):
    """What a school is called and belongs to, and whether everybody may see its page."""

    name = StringField(_l("Naam van de school"), validators=[DataRequired(), Length(max=120)])
    institution_number = StringField(
        _l("Instellingsnummer"),
        validators=[Optional(), Regexp(r"^\s*\d{4,6}\s*$", message=_l("Een instellingsnummer heeft hoogstens 6 cijfers."))],
        description=_l("Staat op brieven van het ministerie, bijvoorbeeld 012345."),
        render_kw={"inputmode": "numeric"},
    )  # fmt: skip
    level = SelectField(_l("Onderwijs"), choices=LEVELS)
    network = SelectField(_l("Net"), choices=NETWORKS)
    board_name = StringField(_l("Schoolbestuur"), validators=[Optional(), Length(max=160)])
    board_kbo = StringField(
        _l("Ondernemingsnummer van het bestuur"),
        validators=[Optional(), Length(max=20)],
        description=_l("Mag je leeg laten."),
    )
    is_public = BooleanField(
        _l("Iedereen mag de pagina van de school zien"),
        description=_l(
            "Ook zonder aanmelden: het luchtlicht van de lokalen en de energie van deze week. Mensen, klassen en kits blijven"
            " verborgen."
        ),
    )

    validate_board_kbo = ApplicationForm.validate_board_kbo


class SiteForm(Form):
    """One place where a school has buildings."""

    name = StringField(_l("Naam van de vestiging"), filters=[or_nothing], validators=[DataRequired(), Length(max=120)])
    address = StringField(_l("Adres"), filters=[or_nothing], validators=[Optional(), Length(max=200)])


class BuildingForm(Form):
    """A building."""

    name = StringField(_l("Naam van het gebouw"), filters=[or_nothing], validators=[DataRequired(), Length(max=120)])
    year_built = IntegerField(
        _l("Bouwjaar"), validators=between((1500, 2100)), render_kw={"inputmode": "numeric"},
        description=_l("Een schatting is goed."),
    )  # fmt: skip
    floor_area_m2 = NumberField(
        _l("Vloeroppervlakte in m²"), validators=between((1, 200000)), render_kw={"inputmode": "decimal"}
    )
    use = SelectField(_l("Waarvoor dient het?"), choices=USES)
    heating = SelectField(_l("Verwarming"), choices=HEATING)

    def populate_obj(self, obj: Any) -> None:
        """Write the fields onto a building; what is not known stays empty."""
        super().populate_obj(obj)
        obj.use, obj.heating = obj.use or None, obj.heating or None


class RoomForm(Form):
    """A room."""

    name = StringField(
        _l("Naam van het lokaal"), filters=[or_nothing], validators=[DataRequired(), Length(max=80)],
        description=_l("Zoals op de deur staat, bijvoorbeeld Lokaal 1A."),
    )  # fmt: skip
    building_id = SelectField(_l("Gebouw"), coerce=int)
    floor = IntegerField(
        _l("Verdieping"), default=0,
        validators=[InputRequired(), NumberRange(*FLOORS, message=_l("Vul een getal in van -3 tot 30."))],
        description=_l("0 is gelijkvloers."), render_kw={"inputmode": "numeric"},
    )  # fmt: skip
    area_m2 = NumberField(_l("Oppervlakte in m²"), validators=between(AREA_M2), render_kw={"inputmode": "decimal"})
    volume_m3 = NumberField(
        _l("Volume in m³"), validators=between(VOLUME_M3), render_kw={"inputmode": "decimal"},
        description=_l("Oppervlakte maal hoogte."),
    )  # fmt: skip
    seats = IntegerField(_l("Zitplaatsen"), validators=between(SEATS), render_kw={"inputmode": "numeric"})


class RoomLinesForm(Form):
    """Several rooms at once, a line each."""

    lines = TextAreaField(
        _l("Lokalen, één per regel"),
        validators=[DataRequired(), Length(max=20_000)],
        description=_l("Naam; verdieping; oppervlakte in m²; volume in m³; zitplaatsen. Alleen de naam is nodig."),
        render_kw={"rows": 8, "placeholder": _EXAMPLE, "spellcheck": "false"},
    )  # fmt: skip
