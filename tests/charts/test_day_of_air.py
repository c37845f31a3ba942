"""The part of a day that a room's chart shows always holds this moment."""

from datetime import UTC, date, datetime

import pytest

from schoolklimaat.calc.school_calendar import Calendar
from schoolklimaat.charts import air
from schoolklimaat.charts.period import Period, Step
from schoolklimaat.core.clock import frozen
from sensors.periods import from_ms

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        ("2026-11-24T04:41", "2026-11-23T23:00", "2026-11-24T17:00"),  # before school: from midnight on
        ("2026-11-24T10:00", "2026-11-24T06:00", "2026-11-24T17:00"),  # an hour around school, 8 to 17 local
        ("2026-11-24T20:10", "2026-11-24T06:00", "2026-11-24T21:00"),  # in the evening: until this hour is over
        ("2026-11-24T22:59", "2026-11-24T06:00", "2026-11-24T23:00"),  # never past the day
        ("2026-11-25T04:00", "2026-11-24T06:00", "2026-11-24T17:00"),  # another day is not stretched
    ],
)
def test_what_is_shown_holds_this_moment(monkeypatch, now, first, last):
    monkeypatch.setattr(air, "intervals_of", lambda _room, _period: [])
    with frozen(datetime.fromisoformat(now).replace(tzinfo=UTC)):
        shown = air.day_of_air(None, 1, Period.around(Step.DAY, TUESDAY), Calendar()).view
    assert from_ms(shown.start_ms).strftime("%Y-%m-%dT%H:%M") == first
    assert from_ms(shown.end_ms).strftime("%Y-%m-%dT%H:%M") == last
