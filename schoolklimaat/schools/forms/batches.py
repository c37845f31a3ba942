"""Forms of bringing a table in: a file or pasted cells, then which column holds what."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import TextAreaField
from wtforms.validators import Optional

from schoolklimaat.core.forms import Form


class TableForm(Form):
    """A table, as a file or as text."""

    file = FileField(
        _l("CSV-bestand"), validators=[Optional()], render_kw={"accept": ".csv,.txt,.tsv,text/csv"},
        description=_l("Bewaar je rekenblad als CSV. Puntkomma, komma of tab: allemaal goed."),
    )  # fmt: skip
    text = TextAreaField(
        _l("Of plak de cellen hier"), validators=[Optional()],
        description=_l("Met de rij koppen erbij."), render_kw={"rows": 6, "spellcheck": "false"},
    )  # fmt: skip

    def content(self) -> tuple[Any, str]:
        """Return the bytes or text that was given (None for nothing) and the name of its file."""
        if self.file.data:
            return self.file.data.read(), self.file.data.filename or ""
        return self.text.data or None, ""
