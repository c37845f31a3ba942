"""Forms of meters."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from schoolklimaat.core.forms import Form


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
