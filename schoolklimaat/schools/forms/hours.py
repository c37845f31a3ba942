"""Forms of the calendar: hours per weekday, own free days, a room's timetable."""

from datetime import time
from typing import Any, Final, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField, TextAreaField, TimeField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from schoolklimaat.calc.school_calendar import DayHours
from schoolklimaat.core.forms import Form
from schoolklimaat.schools.services.hours import is_whole_school_year

WEEKDAYS: Final = (
    _l("maandag"), _l("dinsdag"), _l("woensdag"), _l("donderdag"), _l("vrijdag"), _l("zaterdag"), _l("zondag"),
)  # fmt: skip
_EXAMPLE: Final = "ma 8.30-10.10, 10.30-12.05\ndi-do 8.30-12.05\nvr 8.30-10.10"


class HoursRow(NamedTuple):
    """One weekday of the form."""

    weekday: int
    name: Any
    starts: TimeField
    ends: TimeField


class HoursForm(Form):
    """From when until when a school is in use on each weekday; a day that is left empty is closed."""

    @property
    def rows(self) -> list[HoursRow]:
        """The weekdays, in order."""
        return [HoursRow(day, name, self[f"starts_{day}"], self[f"ends_{day}"]) for day, name in enumerate(WEEKDAYS)]

    def hours(self) -> dict[int, DayHours]:
        """Return what was filled in."""
        return {row.weekday: DayHours(row.starts.data, row.ends.data) for row in self.rows if row.starts.data}

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for both times of a day or none, in order, and for one day at least."""
        sound = super().validate(extra_validators)
        for row in self.rows:
            starts, ends = row.starts.data, row.ends.data
            if row.starts.errors or row.ends.errors:
                continue
            if (starts is None) != (ends is None):
                (row.ends if ends is None else row.starts).errors = (_("Vul beide uren in, of geen van beide."),)
                sound = False
            elif starts is not None and ends <= starts:
                row.ends.errors = (_("Dit uur moet later zijn dan het begin."),)
                sound = False
        if sound and not self.hours():
            self.rows[0].starts.errors = (_("Vul minstens één dag in."),)
            sound = False
        return bool(sound)


for _day, _name in enumerate(WEEKDAYS):
    setattr(HoursForm, f"starts_{_day}", TimeField(_l("%(day)s van", day=_name), validators=[Optional()]))
    setattr(HoursForm, f"ends_{_day}", TimeField(_l("%(day)s tot", day=_name), validators=[Optional()]))


def filled_hours(hours: dict[int, DayHours]) -> dict[str, time]:
    """Return hours as the data of `HoursForm`."""
    return {f"starts_{day}": one.starts for day, one in hours.items()} | {
        f"ends_{day}": one.ends for day, one in hours.items()
    }


class FreeDayForm(Form):
    """Days that a school itself chose to be free."""

    name = StringField(
        _l("Naam"), validators=[DataRequired(), Length(max=80)],
        description=_l("Bijvoorbeeld pedagogische studiedag of lokale verlofdag."),
    )  # fmt: skip
    first_day = DateField(_l("Eerste vrije dag"), validators=[InputRequired()])
    last_day = DateField(_l("Laatste vrije dag"), validators=[Optional()], description=_l("Leeg laten bij één dag."))

    def validate_last_day(self, field: DateField) -> None:
        """Refuse an end before the beginning, and one that is a slip of the pen."""
        first = self.first_day.data
        if first is None or field.data is None:
            return
        if field.data < first:
            raise ValidationError(_("De laatste dag ligt voor de eerste."))
        if is_whole_school_year(first, field.data):
            raise ValidationError(_("Dit zijn meer dan 120 dagen. Kijk het jaar na."))


class LessonsForm(Form):
    """The timetable of a room, a day on each line."""

    lines = TextAreaField(
        _l("Lessen, één dag per regel"),
        validators=[Length(max=5_000)],
        description=_l("Een dag en dan de lesuren. Laat alles leeg als het lokaal de schooluren volgt."),
        render_kw={"rows": 7, "placeholder": _EXAMPLE, "spellcheck": "false"},
    )
