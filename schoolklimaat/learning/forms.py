"""Forms of learning."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, TimeField
from wtforms.validators import InputRequired, Optional

from schoolklimaat.core.clock import BRUSSELS
from schoolklimaat.core.forms import Form
from schoolklimaat.learning.models import Assignment, Level, Pace
from schoolklimaat.learning.services.assigning import Times
from schoolklimaat.learning.services.deadlines import local_moment


class AssignmentForm(Form):
    """When, for which level and at whose pace a lesson is to be done; days and times are local."""

    opens_on = DateField(_l("Open vanaf"), validators=[InputRequired(_l("Kies de dag waarop de les opengaat."))])
    opens_at = TimeField(_l("om"), validators=[InputRequired(_l("Kies het uur waarop de les opengaat."))])
    due_on = DateField(
        _l("Klaar tegen"),
        validators=[Optional()],
        description=_l("Wat later komt, telt mee en krijgt het woord ‘te laat’. Leeg: geen einddatum."),
    )
    due_at = TimeField(_l("om"), validators=[Optional()])
    closes_on = DateField(
        _l("Sluit op"),
        validators=[Optional()],
        description=_l("Daarna kan niemand nog antwoorden. Leeg: de les blijft open."),
    )
    closes_at = TimeField(_l("om"), validators=[Optional()])
    level = RadioField(
        _l("Niveau"),
        choices=[(Level.BASIS.value, _l("Basis")), (Level.VERDIEPING.value, _l("Verdieping: ook de extra taken"))],
        default=Level.BASIS.value,
    )
    pace = RadioField(
        _l("Tempo"),
        choices=[
            (Pace.FREE.value, _l("Elke leerling op eigen tempo")),
            (Pace.BY_STEP.value, _l("Stap voor stap: jij opent de volgende stap")),
        ],
        default=Pace.FREE.value,
    )

    def fill(self, times: Times, level: Level = Level.BASIS, pace: Pace = Pace.FREE) -> None:
        """Show times that are already known."""
        for name, moment in (("opens", times.opens_at), ("due", times.due_at), ("closes", times.closes_at)):
            local = moment.astimezone(BRUSSELS) if moment is not None else None
            self[f"{name}_on"].data = local.date() if local else None
            self[f"{name}_at"].data = local.time().replace(second=0, microsecond=0) if local else None
        self.level.data, self.pace.data = level.value, pace.value

    def fill_from(self, assignment: Assignment) -> None:
        """Show an assignment as it is."""
        self.fill(
            Times(assignment.opens_at, assignment.due_at, assignment.closes_at), assignment.level, assignment.pace
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that each day has its time, and that opening, due and closing come in that order."""
        fine = bool(super().validate(extra_validators))
        for name in ("due", "closes"):
            if (self[f"{name}_on"].data is None) != (self[f"{name}_at"].data is None):
                missing = f"{name}_at" if self[f"{name}_on"].data else f"{name}_on"
                self[missing].errors = [*self[missing].errors, _("Vul dag en uur allebei in, of laat beide leeg.")]
                fine = False
        if not fine:
            return False
        times = self.times()
        if times.due_at is not None and times.due_at <= times.opens_at:
            self.due_on.errors = [_("Kies een dag en uur na het openen van de les.")]
            fine = False
        if times.closes_at is not None and times.closes_at < (times.due_at or times.opens_at):
            self.closes_on.errors = [_("Kies een dag en uur na ‘klaar tegen’.")]
            fine = False
        return fine

    def times(self) -> Times:
        """Return what was filled in as moments in UTC."""
        opens = self._moment("opens")
        assert opens is not None  # noqa: S101 - required
        return Times(opens, self._moment("due"), self._moment("closes"))

    def _moment(self, name: str) -> datetime | None:
        day, at = self[f"{name}_on"].data, self[f"{name}_at"].data
        return local_moment(day, at) if day is not None and at is not None else None


class ExceptionForm(Form):
    """What differs for one pupil."""

    pupil = SelectField(_l("Leerling"), coerce=int, validators=[InputRequired()])
    until_on = DateField(_l("Langer tijd, tot"), validators=[Optional()])
    until_at = TimeField(_l("om"), validators=[Optional()])
    level = SelectField(
        _l("Niveau"),
        choices=[
            ("", _l("zoals de klas")),
            (Level.BASIS.value, _l("basis")),
            (Level.VERDIEPING.value, _l("verdieping")),
        ],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that a day has its time."""
        fine = bool(super().validate(extra_validators))
        if (self.until_on.data is None) != (self.until_at.data is None):
            missing = self.until_at if self.until_on.data else self.until_on
            missing.errors = [*missing.errors, _("Vul dag en uur allebei in, of laat beide leeg.")]
            return False
        return fine

    def until(self) -> datetime | None:
        """Return until when, in UTC; None for as the class."""
        if self.until_on.data is None or self.until_at.data is None:
            return None
        return local_moment(self.until_on.data, self.until_at.data)


class CopyForm(Form):
    """Which class of the own school gets the same lesson."""

    group = SelectField(_l("Klas"), coerce=int, validators=[InputRequired()])
