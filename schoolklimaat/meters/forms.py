"""Forms of meters."""

from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from schoolklimaat.core.forms import Form
from schoolklimaat.meters.models import Carrier

CARRIER_WORDS: Final = {
    Carrier.ELECTRICITY: _l("elektriciteit"),
    Carrier.GAS: _l("gas"),
    Carrier.WATER: _l("water"),
    Carrier.PV: _l("zonnestroom"),
    Carrier.HEAT: _l("warmte"),
}
_EAN_DIGITS: Final = 18


class ConnectionForm(Form):
    """A connection that the school adds; the EAN's last digit checks the others (GS1)."""

    ean = StringField(
        _l("EAN-nummer"),
        validators=[DataRequired(), Length(max=40)],
        description=_l("18 cijfers, op de factuur of op Mijn Fluvius."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    carrier = SelectField(_l("Energiedrager"), choices=[(one.value, words) for one, words in CARRIER_WORDS.items()])
    name = StringField(
        _l("Naam"),
        validators=[DataRequired(), Length(max=80)],
        description=_l("Bijvoorbeeld: Gas hoofdgebouw."),
        render_kw={"autocomplete": "off"},
    )

    def validate_ean(self, field: StringField) -> None:
        """Refuse what is no EAN; keeps its digits alone."""
        digits = "".join(sign for sign in field.data or "" if sign.isascii() and sign.isdigit())
        if len(digits) != _EAN_DIGITS:
            raise ValidationError(_("Een EAN-nummer heeft 18 cijfers; hier staan er %(n)s.", n=len(digits)))
        total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(digits[:-1]))
        if -total % 10 != int(digits[-1]):
            raise ValidationError(_("Dit EAN-nummer klopt niet: kijk of er geen cijfers gewisseld zijn."))
        field.data = digits


class UploadForm(Form):
    """An export to bring in."""

    file = FileField(
        _l("Bestand"),
        validators=[FileRequired(_l("Kies eerst een bestand."))],
        description=_l("CSV of XLSX van Mijn Fluvius, hoogstens 50 MB."),
    )


class ConfirmForm(Form):
    """What to do with values that differ from what is stored."""

    replace = BooleanField(
        _l("Vervang de bewaarde waarden door die uit het bestand; de oude blijven bij deze import bewaard.")
    )
