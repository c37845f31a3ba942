"""When an assignment opens, is due and closes: local days and times, also around a change of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from schoolklimaat.calc.school_calendar import DEFAULT_HOURS, Calendar
from schoolklimaat.core.clock import BRUSSELS
from schoolklimaat.learning.models import Assignment, AssignmentTarget

_A_WEEK: Final = timedelta(days=7)
_LONGEST_HOLIDAY_DAYS: Final = 75
_END_OF_DAY: Final = time(16)


class Stand(StrEnum):
    """How an assignment stands for one learner at one moment."""

    WITHDRAWN = "withdrawn"
    WAITING = "waiting"
    PAUSED = "paused"
    OPEN = "open"
    LATE = "late"  # still taken, and marked as late
    CLOSED = "closed"

    @property
    def takes_answers(self) -> bool:
        """Whether what is sent now counts."""
        return self in {Stand.OPEN, Stand.LATE}


def local_moment(day: date, at: time) -> datetime:
    """Return a local day and time as a moment in UTC.

    A time that does not exist (the night that summer time begins) means the same distance after the change; a time that
    comes twice (the night it ends) means the second one, so that nobody is an hour short.
    """
    return datetime.combine(day, at, BRUSSELS).replace(fold=_fold(day, at)).astimezone(UTC)


def _fold(day: date, at: time) -> int:
    """Return 1 for a time that comes twice; 0 else, also for one that does not exist (PEP 495 then moves it on)."""
    first, second = (datetime.combine(day, at, BRUSSELS).replace(fold=fold) for fold in (0, 1))
    return 1 if (second.utcoffset() or timedelta()) < (first.utcoffset() or timedelta()) else 0


def usual_due(calendar: Calendar, from_day: date) -> datetime:
    """Return the end of the school day a week later, or of the first school day after that."""
    day = from_day + _A_WEEK
    for _each in range(_LONGEST_HOLIDAY_DAYS):
        hours = calendar.hours_on(day)
        if hours is not None:
            # School hours for analyses may be wider than lessons; 16.00 is when the last of them are over.
            ends = hours.ends if hours != DEFAULT_HOURS.get(day.weekday()) else _END_OF_DAY
            return local_moment(day, ends)
        day += timedelta(days=1)
    return local_moment(from_day + _A_WEEK, _END_OF_DAY)


def due_for(assignment: Assignment, target: AssignmentTarget | None) -> datetime | None:
    """Return when it is due for somebody; None for no such moment."""
    if assignment.due_at is None:
        return None
    longer = target.extension_until if target is not None else None
    return max(assignment.due_at, longer) if longer else assignment.due_at


def closes_for(assignment: Assignment, target: AssignmentTarget | None) -> datetime | None:
    """Return when nothing more is taken from somebody; None for no such moment."""
    if assignment.closes_at is None:
        return None
    longer = target.extension_until if target is not None else None
    return max(assignment.closes_at, longer) if longer else assignment.closes_at


def stand_of(assignment: Assignment, moment: datetime, target: AssignmentTarget | None = None) -> Stand:
    """Return how an assignment stands at a moment: at the due moment itself it is in time, at closing it is closed."""
    if assignment.withdrawn_at is not None:
        return Stand.WITHDRAWN
    if moment < assignment.opens_at:
        return Stand.WAITING
    closes, due = closes_for(assignment, target), due_for(assignment, target)
    if closes is not None and moment >= closes:
        return Stand.CLOSED
    if assignment.paused:
        return Stand.PAUSED
    return Stand.LATE if due is not None and moment > due else Stand.OPEN
