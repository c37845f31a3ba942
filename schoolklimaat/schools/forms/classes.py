"""Forms of schools."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import DataRequired, Length

from schoolklimaat.core.forms import Form


class ClassCodeForm(Form):
    """The first step of a pupil: the class."""

    code = StringField(
        _l("Klascode"),
        validators=[DataRequired(), Length(max=20)],
        description=_l("De code staat op je kaartje, bijvoorbeeld HEIDE5."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class PupilSignInForm(Form):
    """The second step: who are you, and your PIN."""

    code = HiddenField(validators=[DataRequired(), Length(max=20)])
    avatar = RadioField(_l("Wie ben jij?"), validate_choice=False, validators=[DataRequired(), Length(max=40)])
    pin = PasswordField(
        _l("Pincode"),
        validators=[DataRequired(), Length(max=20)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
