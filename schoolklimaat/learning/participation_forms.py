"""Forms of participation: ideas, projects."""

from datetime import timedelta
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from schoolklimaat.core.forms import Form, NumberField
from schoolklimaat.learning.models import ProjectKind, Proposal
from schoolklimaat.learning.proposal_words import THEME_WORDS
from schoolklimaat.learning.services.projects import LONGEST
from schoolklimaat.learning.services.proposals import LONGEST_TEXT, LONGEST_TITLE
from schoolklimaat.learning.services.stories import LICENCES

KIND_WORDS: Final = {
    ProjectKind.CHALLENGE.value: _l("Een uitdaging van vier weken, met een meting ervoor en erna"),
    ProjectKind.ENERGY_WATCH.value: _l("Een energiewacht: elke week een ronde langs lampen, ramen en toestellen"),
    ProjectKind.ENERGY_TEAM.value: _l("Een energieteam dat de school een jaar lang helpt"),
}
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


class ProjectForm(Form):
    """A project of a class."""

    kind = RadioField(_l("Wat gaan jullie doen?"), choices=list(KIND_WORDS.items()), default="challenge")
    title = StringField(
        _l("Naam"),
        validators=[
            DataRequired(message=_l("Geef het project een naam.")),
            Length(max=120, message=_l("Kies een naam van hoogstens 120 tekens.")),
        ],
        description=_l("Bijvoorbeeld: vier weken zonder sluipverbruik. Schrijf geen namen van leerlingen."),
        render_kw={"autocomplete": "off"},
    )
    starts_on = DateField(_l("Eerste dag"), validators=[InputRequired(message=_l("Kies de eerste dag."))])
    ends_on = DateField(
        _l("Laatste dag"),
        validators=[Optional()],
        description=_l("Een uitdaging duurt altijd vier weken: dan mag dit leeg blijven."),
    )
    carrier = SelectField(_l("Welke meter volgen jullie?"), validate_choice=True)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that the last day comes after the first, within a year."""
        fine = bool(super().validate(extra_validators))
        if fine and self.ends_on.data is not None and self.kind.data != ProjectKind.CHALLENGE:
            length = self.ends_on.data - self.starts_on.data
            if not timedelta(0) <= length <= LONGEST:
                self.ends_on.errors = [_("Kies een laatste dag na de eerste, binnen een jaar.")]
                return False
        return fine


class StoryForm(Form):
    """A story of before and after."""

    title = StringField(
        _l("Titel"),
        validators=[DataRequired(), Length(max=120, message=_l("Kies een titel van hoogstens 120 tekens."))],
        render_kw={"autocomplete": "off"},
    )
    before_text = TextAreaField(_l("Zo was het"), validators=[DataRequired(), Length(max=4000)])
    after_text = TextAreaField(_l("Zo is het nu"), validators=[DataRequired(), Length(max=4000)])
    figure_name = StringField(
        _l("Wat zeggen de twee getallen?"),
        validators=[Length(max=80)],
        description=_l("Bijvoorbeeld: stroom ’s nachts."),
    )
    before_figure = NumberField(_l("Getal ervoor"), validators=[Optional()])
    after_figure = NumberField(_l("Getal erna"), validators=[Optional()])
    unit = StringField(_l("Eenheid"), validators=[Length(max=20)], description=_l("Bijvoorbeeld kW of ppm."))
    source = StringField(
        _l("Bron van de getallen"),
        validators=[Length(max=200)],
        description=_l("Bijvoorbeeld: eigen meter, oktober en november 2026."),
    )
    licence = SelectField(
        _l("Licentie"),
        choices=[(name, name) for name in LICENCES],
        description=_l("Wat anderen met jullie verhaal mogen doen."),
    )


STORY_FIELDS: Final = (
    "title", "before_text", "after_text", "figure_name", "before_figure", "after_figure", "unit", "source", "licence",
)  # fmt: skip
