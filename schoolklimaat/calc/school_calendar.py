"""When a school is in use: the Flemish holidays by their rule, a school's own free days, and its hours.

Rule of the Flemish Government (onderwijs.vlaanderen.be, "schoolvakanties"; read 2026-11-24):
autumn is the week of 1 November (from 2 November when the 1st is a Sunday); Christmas the two weeks from the Monday of
the week of 25 December (the Monday after when the 25th is a Saturday or Sunday); crocus the week from the 7th Monday
before Easter; Easter the two weeks from the first Monday of April, or the Monday after Easter when Easter is in March,
or the second Monday before Easter when Easter is after 15 April; summer 1 July to 31 August. Free days: 11 November,
Easter Monday, 1 May, Ascension and the Friday after it, Whit Monday.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

BRUSSELS: Final = ZoneInfo("Europe/Brussels")
_SATURDAY: Final = 5
_SUNDAY: Final = 6


class DayHours(NamedTuple):
    """When a school is in use on a day, in local time: from `starts` until before `ends`."""

    starts: time
    ends: time


class FreePeriod(NamedTuple):
    """A holiday or free day; both days included."""

    name: str
    first_day: date
    last_day: date


# The definition of school hours for analyses (Monday to Friday, 08:00 to 17:00), unless a school says otherwise.
DEFAULT_HOURS: Final[Mapping[int, DayHours]] = {weekday: DayHours(time(8), time(17)) for weekday in range(5)}


def easter(year: int) -> date:
    """Return Easter Sunday (Gregorian; the anonymous algorithm of 1876, as in Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weeks(name: str, monday: date, weeks: int) -> FreePeriod:
    return FreePeriod(name, monday, monday + timedelta(days=7 * weeks - 1))


@cache
def flemish_free_periods(first_year: int) -> tuple[FreePeriod, ...]:
    """Return the holidays and free days of the school year that begins on 1 September of `first_year`, in order."""
    all_saints = date(first_year, 11, 1)
    autumn = all_saints + timedelta(days=1) if all_saints.weekday() == _SUNDAY else _monday_of(all_saints)
    christmas_day = date(first_year, 12, 25)
    christmas = _monday_of(christmas_day) + timedelta(days=7 if christmas_day.weekday() >= _SATURDAY else 0)

    year = first_year + 1
    easter_day = easter(year)
    if easter_day.month == 3:  # noqa: PLR2004 - March
        spring = easter_day + timedelta(days=1)
    elif easter_day > date(year, 4, 15):
        spring = _monday_of(easter_day) - timedelta(days=7)
    else:
        spring = date(year, 4, 1) + timedelta(days=-date(year, 4, 1).weekday() % 7)
    ascension = easter_day + timedelta(days=39)

    def one(name: str, day: date) -> FreePeriod:
        return FreePeriod(name, day, day)

    return tuple(
        sorted(
            (
                _weeks("herfstvakantie", autumn, 1),
                one("wapenstilstand", date(first_year, 11, 11)),
                _weeks("kerstvakantie", christmas, 2),
                # The seventh Monday before Easter Sunday, the Monday of Easter's own week being the first.
                _weeks("krokusvakantie", _monday_of(easter_day) - timedelta(days=42), 1),
                _weeks("paasvakantie", spring, 2),
                one("paasmaandag", easter_day + timedelta(days=1)),
                one("dag van de arbeid", date(year, 5, 1)),
                FreePeriod("hemelvaart", ascension, ascension + timedelta(days=1)),
                one("pinkstermaandag", easter_day + timedelta(days=50)),
                FreePeriod("zomervakantie", date(year, 7, 1), date(year, 8, 31)),
            ),
            key=lambda period: period.first_day,
        )
    )


def school_year_of(day: date) -> int:
    """Return the year in which the school year of a day began."""
    return day.year if day.month >= 9 else day.year - 1  # noqa: PLR2004 - September


@cache
def holiday_on(day: date) -> str | None:
    """Return the name of the Flemish holiday or free day that a day falls in, or None."""
    for period in flemish_free_periods(school_year_of(day)):
        if period.first_day <= day <= period.last_day:
            return period.name
    return None


@dataclass(frozen=True, slots=True)
class Calendar:
    """When one school, or one room of it, is in use.

    `hours` by weekday (0 = Monday), None for the default; `free_days` both ends included. `blocks` are the lessons of a
    room by weekday, None for a room (or school) without a timetable of its own; they decide where they are known.
    """

    hours: Mapping[int, DayHours] | None = None
    free_days: tuple[tuple[date, date], ...] = field(default=())
    blocks: Mapping[int, tuple[DayHours, ...]] | None = None

    def blocks_on(self, day: date) -> tuple[DayHours, ...]:
        """Return the parts of a local day in use, in order: the lessons, or the school's hours; none on a day off."""
        if self.is_free(day):
            return ()
        if self.blocks is not None:
            return self.blocks.get(day.weekday(), ())
        hours = (self.hours if self.hours is not None else DEFAULT_HOURS).get(day.weekday())
        return () if hours is None else (hours,)

    def hours_on(self, day: date) -> DayHours | None:
        """Return from when until when a local day is in use, breaks included, or None on a day off."""
        blocks = self.blocks_on(day)
        return DayHours(blocks[0].starts, max(block.ends for block in blocks)) if blocks else None

    def is_free(self, day: date) -> bool:
        """Say whether a day is a holiday or free day; a plain weekend day is neither."""
        return holiday_on(day) is not None or any(first <= day <= last for first, last in self.free_days)

    def in_use(self, moment: datetime) -> bool:
        """Say whether the school or room is in use at a moment (aware)."""
        local = moment.astimezone(BRUSSELS)
        return any(block.starts <= local.time() < block.ends for block in self.blocks_on(local.date()))

    def open_periods(self, first_day: date, last_day: date) -> list[tuple[datetime, datetime]]:
        """Return the periods of use as aware local datetimes, first to last day included."""
        periods = []
        day = first_day
        while day <= last_day:
            periods += [
                (datetime.combine(day, block.starts, BRUSSELS), datetime.combine(day, block.ends, BRUSSELS))
                for block in self.blocks_on(day)
            ]
            day += timedelta(days=1)
        return periods
