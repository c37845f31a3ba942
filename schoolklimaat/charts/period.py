"""The periods one can look at: day, week, month, year and school year; how they nest, precede each other and are named."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask_babel import gettext as _

from schoolklimaat.core.i18n import day as written_day
from schoolklimaat.core.i18n import month_name
from sensors.periods import Step, day_start_ms, first_day, local_day, next_first_day

LEVELS: Final[dict[str, Step]] = {
    "dag": Step.DAY,
    "week": Step.WEEK,
    "maand": Step.MONTH,
    "jaar": Step.YEAR,
    "schooljaar": Step.SCHOOL_YEAR,
}
_NAMES: Final = {step: name for name, step in LEVELS.items()}
_WEEKS_OF_A_YEAR: Final = timedelta(weeks=52)  # the same weekday, a year ago


@dataclass(frozen=True, slots=True)
class Period:
    """A local day, week, month, year or school year, by its first day."""

    step: Step
    first: date

    @classmethod
    def around(cls, step: Step, day: date) -> "Period":
        """Return the period of this kind that holds a day."""
        return cls(step, first_day(day, step))

    @classmethod
    def of_day(cls, day: date) -> "Period":
        """Return a day as a period."""
        return cls(Step.DAY, day)

    @property
    def name(self) -> str:
        """The kind of period as it is written in an address."""
        return _NAMES[self.step]

    @property
    def after(self) -> date:
        """The first day that is no longer in it."""
        return next_first_day(self.first, self.step)

    @property
    def start_ms(self) -> int:
        """Where it begins."""
        return day_start_ms(self.first)

    @property
    def end_ms(self) -> int:
        """Where it ends."""
        return day_start_ms(self.after)

    @property
    def days(self) -> list[date]:
        """Its local days."""
        return [self.first + timedelta(days=offset) for offset in range((self.after - self.first).days)]

    def holds(self, day: date) -> bool:
        """Say whether a day falls in it."""
        return self.first <= day < self.after

    def previous(self) -> "Period":
        """Return the one before."""
        return Period.around(self.step, self.first - timedelta(days=1))

    def following(self) -> "Period":
        """Return the one after."""
        return Period(self.step, self.after)

    def a_year_before(self) -> "Period":
        """Return the one to compare with a year ago: days and weeks keep their weekdays, months and years their date."""
        if self.step in (Step.DAY, Step.WEEK):
            return Period(self.step, self.first - _WEEKS_OF_A_YEAR)
        return Period(self.step, self.first.replace(year=self.first.year - 1))

    def bars(self) -> Step:
        """Return how wide the bars of its chart are."""
        match self.step:
            case Step.DAY:
                return Step.QUARTER
            case Step.WEEK | Step.MONTH:
                return Step.DAY
            case _:
                return Step.MONTH

    def one_bar(self, start_ms: int) -> "Period | None":
        """Return the period that a bar stands for, to go deeper; None inside a day."""
        return None if self.step is Step.DAY else Period.around(self.bars(), local_day(start_ms))

    def path(self, today: date) -> list["Period"]:
        """Return where this is, from the widest to itself: year, month, week, day."""
        near = min(max(self.first, min(today, self.after - timedelta(days=1))), self.after - timedelta(days=1))
        match self.step:
            case Step.SCHOOL_YEAR:
                return [self]
            case Step.YEAR:
                return [self]
            case Step.MONTH:
                return [Period.around(Step.YEAR, self.first), self]
            case Step.WEEK:
                return [Period.around(Step.YEAR, near), Period.around(Step.MONTH, near), self]
            case _:
                return [Period.around(step, self.first) for step in (Step.YEAR, Step.MONTH, Step.WEEK)] + [self]

    def kind(self) -> str:
        """Return the kind in words."""
        names: dict[Step, str] = {
            Step.DAY: _("dag"),
            Step.WEEK: _("week"),
            Step.MONTH: _("maand"),
            Step.YEAR: _("jaar"),
            Step.SCHOOL_YEAR: _("schooljaar"),
        }
        return names[self.step]

    def short(self) -> str:
        """Return its name without its kind: 2026, november, 48, vr 27 nov."""
        match self.step:
            case Step.DAY:
                return written_day(self.first)
            case Step.WEEK:
                return str(self.first.isocalendar().week)
            case Step.MONTH:
                return month_name(self.first.month)
            case Step.YEAR:
                return str(self.first.year)
            case _:
                return f"{self.first.year}-{self.first.year + 1}"

    def title(self) -> str:
        """Return its name on its own: week 48, november 2026, vrijdag 27 november 2026."""
        match self.step:
            case Step.DAY:
                return written_day(self.first, whole=True, year=True)
            case Step.WEEK:
                return str(_("week %(week)s", week=self.short()))
            case Step.MONTH:
                return f"{self.short()} {self.first.year}"
            case Step.YEAR:
                return self.short()
            case _:
                return str(_("schooljaar %(years)s", years=self.short()))


def read_period(level: str | None, on: str | None, today: date, default: Step) -> Period:
    """Read a period from an address; what cannot be read becomes the default, and a day yet to come becomes today."""
    step = LEVELS.get(level or "", default)
    try:
        day = date.fromisoformat(on) if on else today
    except ValueError:
        day = today
    return Period.around(step, min(max(day, date(2000, 1, 1)), today))
