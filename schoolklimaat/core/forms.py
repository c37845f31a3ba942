"""The base of every form: a CSRF field, Dutch messages, and what was typed stays when something is wrong."""

from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()


class _Messages:
    """WTForms' own messages, through the site's language."""

    _DUTCH = {  # noqa: RUF012 - constant
        "This field is required.": "Vul dit veld in.",
        "Invalid email address.": "Dit is geen e-mailadres.",
        "Not a valid choice.": "Kies een van de mogelijkheden.",
        "Not a valid date value.": "Schrijf de datum als dag-maand-jaar.",
    }

    def gettext(self, text: str) -> str:
        """Translate one message."""
        return str(gettext(self._DUTCH.get(text, text)))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Translate a counted message."""
        return self.gettext(singular if n == 1 else plural)


class Form(FlaskForm):  # type: ignore[misc] - flask-wtf is untyped
    """A form of this site."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc] - flask-wtf is untyped
        """Messages through flask-babel."""

        def get_translations(self, form: Any) -> _Messages:  # noqa: ARG002 - the interface
            """Return the site's own messages."""
            return _Messages()
