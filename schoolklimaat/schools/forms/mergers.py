"""Forms of moving and merging schools and municipalities."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired

from schoolklimaat.core.forms import Form


class MoveSchoolForm(Form):
    """A school moves to another municipality."""

    municipality = SelectField(_l("Nieuwe gemeente"), coerce=int)


class MergeForm(Form):
    """Something goes on in something else; that cannot be undone."""

    into = SelectField(_l("Gaat verder in"), coerce=int)
    sure = BooleanField(_l("Ik weet dat dit niet ongedaan gemaakt kan worden."), validators=[DataRequired()])
