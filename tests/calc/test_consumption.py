"""The figures of a year, each by hand on a year small enough to check, and the mistakes made elsewhere."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolklimaat.calc.consumption import Amount, combined, expected_intervals, finest, year_figures
from schoolklimaat.calc.school_calendar import DayHours

BRUSSELS = ZoneInfo("Europe/Brussels")
QUARTER_S = 900


def ms(*moment, fold=0):
    return round(datetime(*moment, tzinfo=BRUSSELS, fold=fold).timestamp() * 1000)


def day_of_quarters(day, kwh=1.0):
    """All quarters of a local day: 92, 96 or 100."""
    begin = ms(day.year, day.month, day.day)
    after = day + timedelta(days=1)
    return [Amount(at, QUARTER_S, kwh) for at in range(begin, ms(after.year, after.month, after.day), QUARTER_S * 1000)]


@pytest.mark.parametrize(
    ("day", "quarters"), [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100), (date(2026, 5, 5), 96)]
)
def test_a_day_has_the_quarters_that_its_clock_shows(day, quarters):
    figures = year_figures(day_of_quarters(day), BRUSSELS)
    assert figures.intervals_present == quarters
    assert figures.daily_kwh == {day: quarters}
    assert figures.annual_kwh == quarters


def test_a_year_expects_all_its_intervals_and_leap_days():
    assert expected_intervals(2026, {date.min: 900}, BRUSSELS) == 35040
    assert expected_intervals(2024, {date.min: 3600}, BRUSSELS) == 8784
    assert expected_intervals(2026, {date.min: 86400}, BRUSSELS) == 365
    mixed = {date(2026, 1, 1): 900, date(2026, 1, 2): 86400}
    assert expected_intervals(2026, mixed, BRUSSELS) == 35040 - 96 + 1


def test_a_gap_is_not_zero_and_moves_no_base_load():
    full = [one for n in range(10) for one in day_of_quarters(date(2026, 2, 2) + timedelta(days=n), 0.5)]
    with_gap = [one for one in full if not ms(2026, 2, 4) <= one.start_ms < ms(2026, 2, 4, 12)]
    whole, holed = year_figures(full, BRUSSELS), year_figures(with_gap, BRUSSELS)
    assert holed.baseload_kw_night_median == whole.baseload_kw_night_median == 2.0
    assert holed.p05_kw == whole.p05_kw == 2.0
    assert holed.annual_kwh == whole.annual_kwh - 48 * 0.5
    assert holed.coverage == (960 - 48) / 35040
    assert date(2026, 2, 4) not in holed.daily_kwh  # an incomplete day has no total
    assert "Onvolledig" in holed.warnings[-1]


def test_no_consumption_is_counted_apart_and_shown_both_ways():
    amounts = [
        Amount(one.start_ms, QUARTER_S, None) if at % 2 else one
        for at, one in enumerate(day_of_quarters(date(2026, 2, 2)))
    ]
    figures = year_figures(amounts, BRUSSELS)
    assert (figures.intervals_present, figures.no_consumption_intervals) == (48, 48)
    assert (figures.baseload_kw_night_median, figures.p05_kw) == (4.0, 4.0)
    (told,) = [warning for warning in figures.warnings if "geen verbruik" in warning]
    assert "nachtverbruik 2,000 kW" in told
    assert "5de percentiel 0,000 kW" in told


def test_registers_add_up_and_a_value_beside_silence_wins():
    at = ms(2026, 2, 2)
    (one,) = combined([Amount(at, 900, 1.0), Amount(at, 900, 2.0, estimated=True)])
    assert one == Amount(at, 900, 3.0, estimated=True)
    assert combined([Amount(at, 900, None), Amount(at, 900, 2.0)]) == [Amount(at, 900, 2.0)]
    assert combined([Amount(at, 900, None), Amount(at, 900, None)]) == [Amount(at, 900, None)]


def test_the_finest_resolution_with_a_value_counts_per_day():
    quarters = day_of_quarters(date(2026, 2, 2))
    totals = [Amount(ms(2026, 2, 2), 86400, 99.0), Amount(ms(2026, 2, 3), 86400, 50.0)]
    silent = [Amount(ms(2026, 2, 3), 900, None)]
    kept = finest(combined([*quarters, *totals, *silent]), BRUSSELS)
    assert sum(one.kwh for _start, one in kept) == 96 + 50
    figures = year_figures([*quarters, *totals], BRUSSELS)
    assert figures.annual_kwh == 146
    assert figures.peak_kw is None
    assert figures.monthly_peak_kw == {}
    assert figures.weekend_share == 0.0


def test_shares_by_hand_with_a_holiday_and_other_hours():
    monday, saturday = date(2026, 2, 2), date(2026, 2, 7)
    amounts = day_of_quarters(monday) + day_of_quarters(monday + timedelta(days=1)) + day_of_quarters(saturday)
    plain = year_figures(amounts, BRUSSELS)
    assert plain.share_outside_school_hours is None
    assert plain.share_outside_school_hours_calendar == pytest.approx(1 - 2 * 36 / 288)
    free = year_figures(amounts, BRUSSELS, is_free={monday, saturday}.__contains__)
    assert free.share_outside_school_hours == pytest.approx(1 - 36 / 288)
    assert free.weekend_share == pytest.approx(1 / 3)
    assert free.holiday_share == pytest.approx(1 / 3)  # the Saturday inside the holiday is a weekend day
    short = year_figures(
        amounts,
        BRUSSELS,
        is_free=lambda _day: False,
        hours={0: DayHours(time(8, 30), time(12, 15))},
    )
    assert short.share_outside_school_hours == pytest.approx(1 - 15 / 288)


def test_the_peak_is_the_first_of_equals_and_says_its_offset():
    amounts = [
        Amount(ms(2026, 10, 25, 2, fold=1), 900, 2.0),
        Amount(ms(2026, 10, 25, 2, fold=0), 900, 2.0),
        Amount(ms(2026, 7, 1, 9), 900, 0.5),
    ]
    figures = year_figures(amounts, BRUSSELS)
    assert figures.peak_kw == 8.0
    assert figures.peak_start.isoformat() == "2026-10-25T02:00:00+02:00"
    assert figures.monthly_peak_kw == {"2026-07": 2.0, "2026-10": 8.0}


def test_the_latest_year_is_taken_and_its_own_first_and_last_are_told():
    old, new = day_of_quarters(date(2025, 5, 5)), day_of_quarters(date(2026, 5, 5))
    figures = year_figures(old + new, BRUSSELS)
    assert (figures.year, figures.annual_kwh) == (2026, 96)
    assert (figures.first_ms, figures.last_ms) == (new[0].start_ms, new[-1].start_ms)
    assert year_figures(old + new, BRUSSELS, year=2025).last_ms == old[-1].start_ms
    assert year_figures(old + new, BRUSSELS, year=2024) is None
    assert year_figures([], BRUSSELS) is None


def test_the_year_begins_at_local_midnight():
    last_hour = round(datetime(2025, 12, 31, 23, tzinfo=UTC).timestamp() * 1000)
    assert year_figures([Amount(last_hour, 900, 1.0)], BRUSSELS).year == 2026
    assert year_figures([Amount(last_hour, 900, 1.0)], ZoneInfo("Europe/London")).year == 2025


def test_a_year_of_zeros_has_no_shares_and_says_so():
    figures = year_figures(day_of_quarters(date(2026, 2, 2), 0.0), BRUSSELS, is_free=lambda _day: False)
    assert figures.annual_kwh == 0
    assert figures.weekend_share is None
    assert figures.share_outside_school_hours is None
    assert figures.baseload_kw_night_median == 0.0
    assert any("nul" in warning for warning in figures.warnings)


@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(
        st.tuples(st.integers(0, 35039), st.one_of(st.none(), st.integers(0, 9999))), min_size=1, max_size=80,
        unique_by=lambda pair: pair[0],
    ),
    seed=st.randoms(use_true_random=False),
)  # fmt: skip
def test_order_changes_nothing_and_parts_add_up(values, seed):
    begin = ms(2026, 1, 1)
    amounts = [Amount(begin + at * 900_000, 900, None if kwh is None else kwh / 1000) for at, kwh in values]
    shuffled = list(amounts)
    seed.shuffle(shuffled)
    one = year_figures(amounts, BRUSSELS, year=2026, is_free=lambda day: day.month == 7)
    assert one == year_figures(shuffled, BRUSSELS, year=2026, is_free=lambda day: day.month == 7)
    if one is None:
        assert all(kwh is None for _at, kwh in values)
        return
    assert sum(one.monthly_kwh.values()) == pytest.approx(one.annual_kwh)
    assert one.annual_kwh == pytest.approx(sum(kwh for _at, kwh in values if kwh is not None) / 1000)
    assert one.intervals_present + one.no_consumption_intervals == len(values)
    assert one.peak_kw == max(one.monthly_peak_kw.values())
    if one.share_outside_school_hours is not None:
        assert -1e-9 <= one.share_outside_school_hours_calendar <= one.share_outside_school_hours + 1e-9 <= 1 + 2e-9
