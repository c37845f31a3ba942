"""Forms of people."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, EqualTo, Length, ValidationError

from schoolklimaat.core.forms import Form
from schoolklimaat.core.i18n import LANGUAGES
from schoolklimaat.people.services import MAX_LENGTH, weakness


class SignInForm(Form):
    """E-mail and password."""

    email = EmailField(
        _l("E-mailadres"), validators=[DataRequired(), Length(max=254)], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(
        _l("Wachtwoord"),
        validators=[DataRequired(), Length(max=MAX_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class ForgottenForm(Form):
    """The address of somebody who forgot the password."""

    email = EmailField(
        _l("E-mailadres"),
        validators=[DataRequired(), Length(max=254, message=_l("Dit is geen e-mailadres."))],
        render_kw={"autocomplete": "username"},
    )

    def validate_email(self, field: EmailField) -> None:
        """Refuse what cannot be an address; the same whoever asks."""
        name, at, domain = field.data.strip().rpartition("@")
        if not at or not name or "." not in domain or any(sign.isspace() for sign in field.data.strip()):
            raise ValidationError(_("Dit is geen e-mailadres."))


class NewPasswordForm(Form):
    """A new password, twice. `own` are words of the person's own, that it may not hold."""

    password = PasswordField(
        _l("Nieuw wachtwoord"),
        description=_l("Minstens 12 tekens. Enkele gewone woorden na elkaar zijn sterk en goed te onthouden."),
        validators=[DataRequired()],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("Nog eens hetzelfde"),
        validators=[EqualTo("password", message=_l("De twee wachtwoorden verschillen. Typ ze opnieuw."))],
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, *given: Any, own: Iterable[str] = (), **fields: Any) -> None:
        super().__init__(*given, **fields)
        self.own = tuple(own)

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a password that is short, common, or made of somebody's own words."""
        reason = weakness(field.data, self.own)
        if reason is not None:
            raise ValidationError(reason)


class ChangePasswordForm(NewPasswordForm):
    """The password of now, and a new one."""

    current = PasswordField(
        _l("Je wachtwoord van nu"),
        validators=[DataRequired(), Length(max=MAX_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )


class AccountForm(Form):
    """What somebody chooses about the own account."""

    name = StringField(
        _l("Naam"),
        description=_l("Zo zien collega’s je in het logboek en bij je klas."),
        validators=[DataRequired(), Length(max=120, message=_l("Hou het bij 120 tekens."))],
        render_kw={"autocomplete": "name"},
    )
    language = SelectField(
        _l("Taal van de site en van mails"),
        choices=[
            SelectChoice("", _l("Zoals mijn browser vraagt")),
            *(SelectChoice(*known) for known in zip(LANGUAGES, ("Nederlands", "English"), strict=True)),
        ],
    )


class CodeForm(Form):
    """A code of the authenticator app, or one on paper."""

    code = StringField(
        _l("Code"),
        validators=[DataRequired(), Length(max=40, message=_l("Een code telt 6 cijfers, of 16 letters en cijfers."))],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
    )


class NewcomerForm(Form):
    """How somebody who is invited wants to be called."""

    name = StringField(
        _l("Naam"),
        validators=[DataRequired(), Length(max=120, message=_l("Hou het bij 120 tekens."))],
        render_kw={"autocomplete": "name"},
    )
