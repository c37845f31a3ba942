"""The base of every form: a CSRF field, Dutch messages, and what was typed stays when something is wrong."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()


class _Messages:
    """WTForms' own messages, through the site's language."""

    _DUTCH = {  # noqa: RUF012 - constant
        "This field is required.": _l("Vul dit veld in."),
        "Invalid email address.": _l("Dit is geen e-mailadres."),
        "Not a valid choice.": _l("Kies een van de mogelijkheden."),
        "Not a valid integer value.": _l("Schrijf een getal, zonder komma."),
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
