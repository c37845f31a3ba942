"""Forms of participation: ideas and answers to them."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from schoolklimaat.core.forms import Form
from schoolklimaat.learning.models import Proposal
from schoolklimaat.learning.proposal_words import THEME_WORDS
from schoolklimaat.learning.services.proposals import LONGEST_TEXT, LONGEST_TITLE

_TOO_LONG = _l("Schrijf hoogstens 2000 tekens.")


class ProposalForm(Form):
    """An idea: what, why and who."""

    title = StringField(
        _l("Jullie idee in één zin"),
        validators=[
            DataRequired(message=_l("Schrijf je idee in één zin.")),
            Length(max=LONGEST_TITLE, message=_l("Schrijf je idee in hoogstens 120 tekens.")),
        ],
        render_kw={"autocomplete": "off"},
    )
    what = TextAreaField(_l("Wat moet er veranderen?"), validators=[Length(max=LONGEST_TEXT, message=_TOO_LONG)])
    why = TextAreaField(
        _l("Waarom? Wat heb je gemeten of gezien?"), validators=[Length(max=LONGEST_TEXT, message=_TOO_LONG)]
    )
    who = TextAreaField(
        _l("Wie kan helpen?"),
        validators=[Length(max=LONGEST_TEXT, message=_TOO_LONG)],
        description=_l("Schrijf geen namen: ‘de klusjesman’ of ‘onze klas’ is genoeg."),
    )
    theme = SelectField(_l("Waarover gaat het?"), choices=list(THEME_WORDS.items()))

    def fill(self, proposal: Proposal) -> None:
        """Show a proposal as it is."""
        self.title.data, self.theme.data = proposal.title, proposal.theme
        self.what.data, self.why.data, self.who.data = proposal.what, proposal.why, proposal.who

    def texts(self) -> dict[str, str]:
        """Return what was filled in, as the services take it."""
        return {name: str(self[name].data or "") for name in ("title", "what", "why", "who")}
