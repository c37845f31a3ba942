"""Forms of kits."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from schoolklimaat.core.forms import Form


class RegisterKitForm(Form):
    """A kit that comes to hang somewhere; `place` is `room:<id>` or `connection:<id>`."""

    name = StringField(
        _l("Naam van de kit"),
        validators=[DataRequired(), Length(max=80)],
        description=_l("Bijvoorbeeld: Luchtmeter 5B."),
        render_kw={"autocomplete": "off"},
    )
    place = SelectField(_l("Waar hangt ze?"), description=_l("Een lokaal, of de meter die ze uitleest."))


class MoveKitForm(Form):
    """Another place for a kit."""

    place = SelectField(_l("Hangt nu in"))
