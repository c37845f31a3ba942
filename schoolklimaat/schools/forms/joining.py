"""Forms of joining: a school that signs up, IOK's answer, an invitation and its acceptance."""

from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, EmailField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from schoolklimaat.core.clock import today
from schoolklimaat.core.forms import Form
from schoolklimaat.schools.models import Role
from schoolklimaat.schools.words import ROLE_WORDS

LEVELS: Final = (
    ("gewoon basisonderwijs", _l("gewoon basisonderwijs")),
    ("buitengewoon basisonderwijs", _l("buitengewoon basisonderwijs")),
    ("gewoon secundair onderwijs", _l("gewoon secundair onderwijs")),
    ("buitengewoon secundair onderwijs", _l("buitengewoon secundair onderwijs")),
)
NETWORKS: Final = (
    ("officieel gesubsidieerd onderwijs", _l("officieel gesubsidieerd onderwijs (gemeente, stad, provincie)")),
    ("vrij gesubsidieerd onderwijs", _l("vrij gesubsidieerd onderwijs")),
    ("GO! onderwijs van de Vlaamse Gemeenschap", _l("GO! onderwijs van de Vlaamse Gemeenschap")),
)
SCHOOL_ROLES: Final = (Role.TEACHER, Role.TECHNICAL_TEAM, Role.CLIMATE_COORDINATOR)
_ADDRESS = Regexp(r"^\s*[^@\s]+@[^@\s]+\.[^@\s.]+\s*$", message=_l("Dit is geen e-mailadres."))
_KBO_DIVISOR: Final = 97
_KBO_DIGITS: Final = 10


def email_field(label: Any, **words: Any) -> EmailField:
    """Return a field for an e-mail address."""
    return EmailField(label, validators=[DataRequired(), Length(max=254), _ADDRESS], **words)


class ApplicationForm(Form):
    """What a school says of itself, and that its board agrees."""

    school_name = StringField(_l("Naam van de school"), validators=[DataRequired(), Length(max=120)])
    institution_number = StringField(
        _l("Instellingsnummer"),
        validators=[
            DataRequired(),
            Regexp(r"^\s*\d{4,6}\s*$", message=_l("Een instellingsnummer heeft hoogstens 6 cijfers.")),
        ],
        description=_l("Staat op brieven van het ministerie, bijvoorbeeld 012345."),
        render_kw={"inputmode": "numeric"},
    )
    municipality = SelectField(_l("Gemeente"), coerce=int)
    level = SelectField(_l("Onderwijs"), choices=LEVELS)
    network = SelectField(_l("Net"), choices=NETWORKS)
    board_name = StringField(_l("Schoolbestuur"), validators=[DataRequired(), Length(max=160)])
    board_kbo = StringField(
        _l("Ondernemingsnummer van het bestuur"),
        validators=[Optional(), Length(max=20)],
        description=_l("Mag je leeg laten."),
    )
    contact_name = StringField(_l("Jouw naam"), validators=[DataRequired(), Length(max=120)])
    contact_email = email_field(
        _l("Jouw e-mailadres"), description=_l("Hierheen sturen we het antwoord. Jij wordt de klimaatcoördinator.")
    )
    motivation = TextAreaField(_l("Wat wil je school bereiken?"), validators=[Optional(), Length(max=2000)])
    agreed_by = StringField(
        _l("Wie van het schoolbestuur is akkoord?"),
        validators=[DataRequired(), Length(max=120)],
        description=_l("Naam en functie."),
    )
    agreed_on = DateField(_l("Akkoord op"), validators=[InputRequired()], default=today)
    agreed = BooleanField(
        _l("Het schoolbestuur gaat akkoord met het engagement hierboven."), validators=[DataRequired()]
    )

    def validate_agreed_on(self, field: DateField) -> None:
        """Refuse a day that is still to come."""
        if field.data is not None and field.data > today():
            raise ValidationError(_("Deze dag moet nog komen. Vul in wanneer het bestuur akkoord ging."))

    def validate_board_kbo(self, field: StringField) -> None:
        """Refuse an enterprise number whose check digits are wrong (97 minus the rest of the first eight)."""
        digits = "".join(sign for sign in field.data or "" if sign.isdigit())
        if not field.data:
            return
        if len(digits) != _KBO_DIGITS or _KBO_DIVISOR - int(digits[:8]) % _KBO_DIVISOR != int(digits[8:]):
            raise ValidationError(_("Dit ondernemingsnummer klopt niet. Het heeft 10 cijfers, zoals 0123.456.749."))
        field.data = digits


class AcceptForm(Form):
    """IOK says yes, and who guides the school."""

    expert = SelectField(_l("Energiedeskundige"), coerce=int)
    note = TextAreaField(_l("Bericht aan de school"), validators=[Optional(), Length(max=2000)])


class DeclineForm(Form):
    """IOK says not now, and why."""

    note = TextAreaField(
        _l("Waarom (nog) niet?"),
        validators=[DataRequired(), Length(max=2000)],
        description=_l("De school krijgt deze uitleg in de mail."),
    )


class InviteForm(Form):
    """Somebody is asked to come in with a role at a school."""

    email = email_field(_l("E-mailadres"))
    role = SelectField(_l("Rol"), choices=[(role.value, ROLE_WORDS[role]) for role in SCHOOL_ROLES])


class AcceptInvitationForm(Form):
    """The first account of somebody who was invited."""

    name = StringField(
        _l("Jouw naam"), validators=[DataRequired(), Length(max=120)], render_kw={"autocomplete": "name"}
    )
    password = PasswordField(
        _l("Kies een wachtwoord"),
        validators=[DataRequired(), Length(max=1000)],
        description=_l("Minstens 12 tekens. Een zin van vier gewone woorden is goed en makkelijk te onthouden."),
        render_kw={"autocomplete": "new-password"},
    )


class HandOverForm(Form):
    """A coordinator hands the school over to a colleague."""

    to = SelectField(_l("Nieuwe klimaatcoördinator"), coerce=int)
