"""Energy of connections: import or kit, never both; days and their quarters agree; estimates stay apart."""

import random
from datetime import UTC, date, datetime

import pytest

from schoolklimaat.calc.consumption import Amount, year_figures
from schoolklimaat.calc.school_calendar import Calendar
from schoolklimaat.charts import energy
from schoolklimaat.charts.energy import amounts
from schoolklimaat.charts.period import Period
from schoolklimaat.charts.series import Channels, Grid
from schoolklimaat.charts.year import YearOfQuarters
from schoolklimaat.kits.services import KitInterval
from schoolklimaat.meters.models import Carrier, Connection
from sensors.periods import BRUSSELS, HOUR_MS, MINUTE_MS, Step, day_start_ms, to_ms
from sensors.store import Point, Quality, Series

CONNECTION = Connection(id=1, ean="541448800000000017", carrier=Carrier.ELECTRICITY, name="E")
LATER = to_ms(datetime(2027, 6, 1, tzinfo=UTC))
WEEK = Period(Step.WEEK, date(2026, 11, 16))
ALWAYS = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))


@pytest.fixture
def placed(monkeypatch):
    """Let a kit hang on the connection without a database."""
    kits: dict[int, list[KitInterval]] = {}
    monkeypatch.setattr(energy, "kits_on_connections", lambda ids, start, end: {i: kits[i] for i in ids if i in kits})
    return kits


def imported(store, day, kwh, register="Afname Dag", quality=Quality.MEASURED, width=15 * MINUTE_MS, only=range(200)):
    period = Period(Step.DAY, day)
    series = Series(CONNECTION.source, register, "offtake_energy")
    starts = list(range(period.start_ms, period.end_ms, width))
    store.write([Point(series, at, kwh, width // 1000, quality) for place, at in enumerate(starts) if place in only])


def kit(store, placed, day, kwh_per_hour):
    period = Period(Step.DAY, day)
    series = Series("p1", "", "electricity_import")
    store.write(
        Point(series, at, 1000 + (at - period.start_ms) / HOUR_MS * kwh_per_hour)
        for at in range(period.start_ms, period.end_ms + 1, 5 * MINUTE_MS)
    )
    placed[1] = [KitInterval("p1", None, *ALWAYS)]


def days(store, period=WEEK, step=Step.DAY):
    return amounts(Channels(store), [CONNECTION], "offtake", Grid.over(period.start_ms, period.end_ms, step), LATER)


def test_a_day_with_both_is_counted_once_and_the_import_wins(store, placed):
    imported(store, date(2026, 11, 17), 0.25)
    kit(store, placed, date(2026, 11, 17), 7.0)
    assert days(store).amount[1] == pytest.approx(24.0)


def test_a_day_without_import_comes_from_the_kit(store, placed):
    imported(store, date(2026, 11, 16), 0.25)
    kit(store, placed, date(2026, 11, 17), 2.0)
    found = days(store)
    assert found.amount[:3] == [pytest.approx(24.0), pytest.approx(48.0), None]


def test_a_scrap_of_import_does_not_push_a_whole_day_of_a_kit_aside(store, placed):
    imported(store, date(2026, 11, 17), 0.25, only=range(8))
    kit(store, placed, date(2026, 11, 17), 2.0)
    assert days(store).amount[1] == pytest.approx(48.0)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 17)])
@pytest.mark.parametrize("source", ["import", "kit"])
def test_quarters_of_a_day_add_up_to_its_bar_also_when_the_clock_changes(store, placed, day, source):
    if source == "import":
        imported(store, day, 0.5)
    else:
        kit(store, placed, day, 2.0)
    period = Period(Step.DAY, day)
    hours = (period.end_ms - period.start_ms) / HOUR_MS
    quarters = days(store, period, Step.QUARTER)
    assert len(quarters.amount) == hours * 4
    assert quarters.total() == pytest.approx(days(store, period).total()) == pytest.approx(hours * 2)
    assert quarters.coverage(LATER) == pytest.approx(1.0)


def test_two_registers_are_added_and_cover_a_quarter_once(store, placed):
    imported(store, date(2026, 11, 17), 0.25)
    imported(store, date(2026, 11, 17), 0.0, register="Afname Nacht")
    found = days(store, Period(Step.DAY, date(2026, 11, 17)), Step.QUARTER)
    assert found.total() == pytest.approx(24.0)
    assert found.coverage(LATER) == 1.0


def test_the_estimated_part_of_a_day_is_added_up_from_its_own_quarters(store, placed):
    day = date(2026, 11, 18)
    imported(store, day, 0.25, only=range(48))
    imported(store, day, 2.0, quality=Quality.ESTIMATED, only=range(48, 64))
    imported(store, day, 0.25, only=range(64, 96))
    found = days(store)
    assert found.amount[2] == pytest.approx(20 + 32)
    assert found.estimated[2] == pytest.approx(32.0)


def test_day_totals_are_not_drawn_as_quarters(store, placed):
    day = date(2026, 11, 18)
    imported(store, day, 480.0, width=24 * HOUR_MS)
    quarters = days(store, Period(Step.DAY, day), Step.QUARTER)
    assert quarters.total() is None
    assert quarters.coarse
    assert days(store).amount[2] == pytest.approx(480.0)


def test_no_consumption_without_a_volume_is_a_gap_not_zero(store, placed):
    series = Series(CONNECTION.source, "Afname Dag", "offtake_energy")
    store.write([Point(series, day_start_ms(date(2026, 11, 18)), None, 900, Quality.NO_CONSUMPTION)])
    assert days(store).amount == [None] * 7


def test_a_month_is_its_days(store, placed):
    for day in range(1, 31):
        imported(store, date(2026, 11, day), 0.25)
    year = Period(Step.YEAR, date(2026, 1, 1))
    months = days(store, year).grouped(Step.MONTH)
    assert months.amount[10] == pytest.approx(30 * 24.0)
    assert [value for place, value in enumerate(months.amount) if place != 10] == [None] * 11


def test_key_figures_of_a_year_by_hand(store, placed):
    day = date(2026, 11, 18)  # a Wednesday: 1 kW by night, 9 kW from 8 to 17, one quarter of 20 kW at 11:00
    imported(store, day, 0.25)
    period = Period(Step.DAY, day)
    series = Series(CONNECTION.source, "Afname Dag", "offtake_energy")
    from sensors.store import Conflict

    store.write(
        [Point(series, period.start_ms + q * 15 * MINUTE_MS, 5.0 if q == 44 else 2.25, 900) for q in range(32, 68)],
        Conflict.REPLACE,
    )
    year = Period(Step.YEAR, date(2026, 1, 1))
    figures = YearOfQuarters.of(year, days(store, year, Step.QUARTER), LATER)
    total = 60 * 0.25 + 35 * 2.25 + 5.0
    assert figures.base_load_kw() == pytest.approx(1.0)
    assert figures.outside_school_hours(Calendar()) == pytest.approx(15 / total)
    assert figures.peak(Period(Step.MONTH, date(2026, 11, 1))) == (period.start_ms + 11 * HOUR_MS, 20.0)
    carpet = figures.carpet()
    assert len(carpet) == 365 * 96
    assert carpet[321 * 96 + 44] == 20.0
    assert sum(value is not None for value in carpet) == 96


def test_the_carpet_keeps_local_hours_on_days_of_a_clock_change(store, placed):
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        imported(store, day, 0.5)
    year = Period(Step.YEAR, date(2026, 1, 1))
    carpet = YearOfQuarters.of(year, days(store, year, Step.QUARTER), LATER).carpet()
    spring, autumn = (date(2026, 3, 29) - year.first).days, (date(2026, 10, 25) - year.first).days
    row = carpet[spring * 96 : spring * 96 + 96]
    assert [place for place, value in enumerate(row) if value is None] == [8, 9, 10, 11]
    assert all(value == 2.0 for value in carpet[autumn * 96 : autumn * 96 + 96])


def test_the_page_and_the_analysis_without_a_database_say_the_same(store, placed):
    chance = random.Random(3)
    year = Period(Step.YEAR, date(2026, 1, 1))
    series = Series(CONNECTION.source, "Afname Dag", "offtake_energy")
    starts = range(day_start_ms(date(2026, 3, 20)), day_start_ms(date(2026, 11, 10)), 15 * MINUTE_MS)
    values = {at: round(chance.uniform(0, 9), 3) for at in starts if chance.random() > 0.02}
    store.write(Point(series, at, value, 900) for at, value in values.items())
    page = YearOfQuarters.of(year, days(store, year, Step.QUARTER), LATER)
    calendar = Calendar()
    analysis = year_figures(
        [Amount(at, 900, value) for at, value in values.items()], BRUSSELS, year=2026, is_free=calendar.is_free
    )
    assert page.base_load_kw() == pytest.approx(analysis.baseload_kw_night_median)
    assert page.outside_school_hours(calendar) == pytest.approx(analysis.share_outside_school_hours)
    assert page.peak(year)[1] == pytest.approx(analysis.peak_kw)
    assert page.peak(year)[0] == to_ms(analysis.peak_start)
    assert page.coverage() == pytest.approx(analysis.coverage)


def test_data_in_common_ends_where_the_connection_that_lags_most_ends(store, placed):
    other = Connection(id=2, ean="541448800000000024", carrier=Carrier.ELECTRICITY, name="Gym")
    grid = Grid.over(WEEK.start_ms, WEEK.end_ms, Step.DAY)
    for day in (16, 17):
        imported(store, date(2026, 11, day), 0.25)
    channels = Channels(store)
    assert amounts(channels, [CONNECTION, other], "offtake", grid, LATER).common_ms is None
    series = Series(other.source, "Afname Dag", "offtake_energy")
    store.write(
        Point(series, at, 0.5, 900) for at in range(WEEK.start_ms, WEEK.start_ms + 24 * HOUR_MS, 15 * MINUTE_MS)
    )
    both = amounts(Channels(store), [CONNECTION, other], "offtake", grid, LATER)
    assert both.common_ms == day_start_ms(date(2026, 11, 17))
    assert both.last_ms == day_start_ms(date(2026, 11, 18))
    assert both.amount[:3] == [pytest.approx(72.0), pytest.approx(24.0), None]
    assert both.bucket_coverage(LATER)[:2] == [1.0, 0.5]
