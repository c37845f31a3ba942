"""The base of every form: a CSRF field, Dutch messages, and what was typed stays when something is wrong."""

from typing import Any

from flask_babel import gettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from wtforms import FloatField

from schoolklimaat.core.cells import read_number

csrf = CSRFProtect()


class _Messages:
    """WTForms' own messages, through the site's language."""

    _DUTCH = {  # noqa: RUF012 - constant
        "This field is required.": _l("Vul dit veld in."),
        "Invalid email address.": _l("Dit is geen e-mailadres."),
        "Not a valid choice.": _l("Kies een van de mogelijkheden."),
        "Not a valid integer value.": _l("Schrijf een getal, zonder komma."),
        "Not a valid time value.": _l("Schrijf het uur als 08:30."),
        "Not a valid date value.": _l("Schrijf de datum als dag-maand-jaar."),
    }

    def gettext(self, text: str) -> str:
        """Translate one message."""
        return str(self._DUTCH.get(text) or gettext(text))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Translate a counted message."""
        return self.gettext(singular if n == 1 else plural)


class Form(FlaskForm):
    """A form of this site."""

    class Meta(FlaskForm.Meta):
        """Messages through flask-babel."""

        def get_translations(self, form: Any) -> _Messages:  # noqa: ARG002 - the interface
            """Return the site's own messages."""
            return _Messages()


class NumberField(FloatField):
    """A number as people here write it: with a comma or a point, spaces between thousands."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; raises ValueError in words."""
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        self.data = read_number(valuelist[0])
        if self.data is None:
            raise ValueError(_("Schrijf een getal, bijvoorbeeld 56 of 56,5."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:g}".replace(".", ",")


def keep_choice(field: Any, value: str | None) -> None:
    """Let a select box hold a value of before that is not in its list."""
    if value and value not in {key for key, _word in field.choices}:
        field.choices = [*field.choices, (value, value)]
