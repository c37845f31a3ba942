"""The Flemish holiday rule, against the published calendars."""

import csv
from datetime import date, datetime
from pathlib import Path

import pytest

from schoolklimaat.calc.school_calendar import BRUSSELS, Calendar, easter, flemish_free_periods, holiday_on

REFERENCE = Path(__file__).resolve().parents[2] / "../shared/data/reference/school_holidays.csv"


@pytest.mark.parametrize(
    ("year", "expected"),
    [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))],
)
def test_easter(year, expected):
    assert easter(year) == expected


@pytest.mark.parametrize(
    ("first_year", "name", "first", "last"),
    [
        (2024, "herfstvakantie", date(2024, 10, 28), date(2024, 11, 3)),
        (2024, "kerstvakantie", date(2024, 12, 23), date(2025, 1, 5)),
        (2024, "krokusvakantie", date(2025, 3, 3), date(2025, 3, 9)),
        (2024, "paasvakantie", date(2025, 4, 7), date(2025, 4, 20)),
        (2025, "krokusvakantie", date(2026, 2, 16), date(2026, 2, 22)),
        (2025, "paasvakantie", date(2026, 4, 6), date(2026, 4, 19)),
        (2026, "herfstvakantie", date(2026, 11, 2), date(2026, 11, 8)),
        (2027, "kerstvakantie", date(2027, 12, 27), date(2028, 1, 9)),
    ],
)
def test_published_and_derived_years(first_year, name, first, last):
    period = next(period for period in flemish_free_periods(first_year) if period.name == name)
    assert (period.first_day, period.last_day) == (first, last)


def test_every_day_of_the_reference_list_is_free():
    if not REFERENCE.exists():
        pytest.skip("the shared reference list is not beside the project")
    with REFERENCE.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] in {"holiday", "public_holiday"}]
    assert rows
    for row in rows:
        for day in (date.fromisoformat(row["start"]), date.fromisoformat(row["end"])):
            assert holiday_on(day), row


def test_a_school_day_has_hours_and_a_free_day_has_none():
    calendar = Calendar(free_days=((date(2026, 11, 23), date(2026, 11, 23)),))
    assert calendar.hours_on(date(2026, 11, 24)) is not None
    assert calendar.hours_on(date(2026, 11, 23)) is None
    assert calendar.hours_on(date(2026, 11, 21)) is None
    assert calendar.in_use(datetime(2026, 11, 24, 8, 0, tzinfo=BRUSSELS))
    assert not calendar.in_use(datetime(2026, 11, 24, 17, 0, tzinfo=BRUSSELS))
