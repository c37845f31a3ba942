"""Forms of classes: how pupils come in, and making one."""

from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from schoolklimaat.core.forms import Form
from schoolklimaat.schools.models import PupilSecret
from schoolklimaat.schools.pictures import PICTURES_IN_A_SECRET
from schoolklimaat.schools.services.classes import MOST_PUPILS


class ClassCodeForm(Form):
    """The first step of a pupil: the class."""

    code = StringField(
        _l("Klascode"),
        validators=[DataRequired(), Length(max=20)],
        description=_l("De code staat op je kaartje, bijvoorbeeld HEIDE5."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class PupilSignInForm(Form):
    """The second step: who are you, and your PIN or your three pictures in order."""

    code = HiddenField(validators=[DataRequired(), Length(max=20)])
    avatar = RadioField(_l("Wie ben jij?"), validate_choice=False, validators=[DataRequired(), Length(max=40)])
    pin = PasswordField(
        _l("Pincode"),
        validators=[Optional(), Length(max=40)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    picture1 = RadioField(_l("Eerste prentje"), validate_choice=False, validators=[Optional(), Length(max=20)])
    picture2 = RadioField(_l("Tweede prentje"), validate_choice=False, validators=[Optional(), Length(max=20)])
    picture3 = RadioField(_l("Derde prentje"), validate_choice=False, validators=[Optional(), Length(max=20)])

    def secret(self) -> str | None:
        """Return what the pupil proves themselves with: the PIN, or the pictures as `zon-boot-vis`; None while incomplete."""
        chosen = [field.data for field in (self.picture1, self.picture2, self.picture3) if field.data]
        return self.pin.data or ("-".join(chosen) if len(chosen) == PICTURES_IN_A_SECRET else None)


GRADES: Final = (
    ("", _l("Niet ingevuld")),
    *((f"L{year}", _l("%(year)s. leerjaar", year=year)) for year in range(1, 7)),
    *((f"SO{year}", _l("%(year)s. jaar secundair", year=year)) for year in range(1, 8)),
)


class ClassDetailsForm(Form):
    """What can be changed of a class later."""

    name = StringField(
        _l("Naam van de klas"),
        validators=[DataRequired(), Length(max=40, message=_l("Kies een naam van hoogstens 40 tekens."))],
        description=_l("Bijvoorbeeld 5B. De leerlingen zien deze naam."),
        render_kw={"autocomplete": "off", "maxlength": 40},
    )
    grade = SelectField(_l("Leerjaar"), choices=GRADES)
    room = SelectField(
        _l("Lokaal"), description=_l("De klas ziet de lucht van dit lokaal. Je kunt het later nog kiezen.")
    )


class ClassForm(ClassDetailsForm):
    """A class as it is made."""

    school_year = SelectField(_l("Schooljaar"))
    pupils = IntegerField(
        _l("Aantal leerlingen"),
        validators=[
            InputRequired(),
            NumberRange(min=1, max=MOST_PUPILS, message=_l("Vul een aantal van 1 tot 40 in.")),
        ],
        description=_l("We vragen geen namen. Elke leerling krijgt een dier, een kleur en een volgnummer."),
        render_kw={"inputmode": "numeric", "min": 1, "max": MOST_PUPILS},
    )
    secret_kind = RadioField(
        _l("Hoe melden leerlingen zich aan?"),
        choices=[
            (PupilSecret.PIN.value, _l("Met een pincode van 4 cijfers")),
            (PupilSecret.PICTURES.value, _l("Met drie prentjes, voor wie nog niet vlot met cijfers werkt")),
        ],
        default=PupilSecret.PIN.value,
    )
