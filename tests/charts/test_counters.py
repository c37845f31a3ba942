"""A counter becomes amounts: nothing lost, nothing invented, nothing negative."""

from datetime import date
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolklimaat.charts.counters import LONGEST_STEP_MS, differences
from schoolklimaat.charts.period import Period
from schoolklimaat.charts.series import Grid
from sensors.periods import HOUR_MS, MINUTE_MS, Step
from sensors.store import Point, Series
from sensors.store.opening import open_store

SERIES = Series("p1", "", "electricity_import")
ALWAYS = (0, 2**53)
DAY = Period(Step.DAY, date(2026, 11, 25))


def counted(store, readings, step=Step.QUARTER, day=DAY, placed=ALWAYS):
    store.write(Point(SERIES, at, value) for at, value in readings)
    return differences(store, SERIES, placed, Grid.over(day.start_ms, day.end_ms, step))


@given(
    gaps=st.lists(st.integers(1_000, 15 * MINUTE_MS), min_size=2, max_size=200),
    amounts=st.lists(st.floats(0, 3), min_size=200, max_size=200),
    step=st.sampled_from([Step.QUARTER, Step.HOUR, Step.DAY]),
)
def test_without_a_silence_the_buckets_add_up_to_last_minus_first(tmp_path_factory, gaps, amounts, step):
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('s') / 'r.sqlite'}")
    times = list(accumulate(gaps, initial=DAY.start_ms + 1))
    times = [at for at in times if at < DAY.end_ms]
    counts = list(accumulate(amounts[: len(times) - 1], initial=5000.0))
    out = counted(store, list(zip(times, counts, strict=True)), step)
    store.close()
    assert sum(out.amount.values()) == pytest.approx(counts[-1] - counts[0], abs=1e-6)
    assert sum(out.covered_s.values()) * 1000 == pytest.approx(times[-1] - times[0])
    assert all(value >= 0 for value in out.amount.values())
    assert out.unplaced == 0


def test_a_reading_from_just_before_the_day_anchors_its_first_quarter(store):
    out = counted(store, [(DAY.start_ms - 5 * MINUTE_MS, 100.0), (DAY.start_ms + 5 * MINUTE_MS, 102.0)])
    assert out.amount == {DAY.start_ms: pytest.approx(1.0)}  # half of it went by before midnight


def test_the_first_reading_of_a_life_is_no_consumption(store):
    out = counted(store, [(DAY.start_ms + HOUR_MS, 48_000.0)])
    assert out.amount == {}


@pytest.mark.parametrize("step", [Step.QUARTER, Step.HOUR, Step.DAY])
def test_what_went_by_in_a_silence_over_a_border_is_in_no_bucket(store, step):
    noon = DAY.start_ms + 12 * HOUR_MS
    before, after = (noon - 5 * MINUTE_MS, 10.0), (noon + 3 * HOUR_MS, 40.0)
    if step is Step.DAY:
        before, after = (DAY.start_ms - 2 * HOUR_MS, 10.0), (DAY.start_ms + HOUR_MS, 40.0)
    assert after[0] - before[0] > LONGEST_STEP_MS[step]
    out = counted(store, [before, after, (after[0] + 5 * MINUTE_MS, 41.0)], step)
    assert sum(out.amount.values()) == pytest.approx(1.0)
    assert out.unplaced == pytest.approx(30.0)


def test_a_silence_inside_one_bucket_is_still_known_as_a_whole(store):
    noon = DAY.start_ms + 12 * HOUR_MS
    out = counted(store, [(noon, 10.0), (noon + 4 * HOUR_MS, 40.0)], Step.DAY)
    assert out.amount == {DAY.start_ms: pytest.approx(30.0)}


def test_a_meter_set_back_gives_neither_a_negative_nor_a_lifetime_total(store):
    at = DAY.start_ms + 9 * HOUR_MS
    minutes = [(0, 48_000.0), (1, 48_000.5), (2, 0.0), (3, 0.5), (4, 1.0)]
    out = counted(store, [(at + minute * MINUTE_MS, value) for minute, value in minutes])
    assert sum(out.amount.values()) == pytest.approx(1.5)
    assert out.resets == 1


def test_a_dropout_to_zero_and_back_is_skipped_both_ways(store):
    at = DAY.start_ms + 9 * HOUR_MS
    out = counted(store, [(at + i * MINUTE_MS, v) for i, v in enumerate([48_000.0, 48_001.0, 0.0, 48_002.0, 48_003.0])])
    assert sum(out.amount.values()) == pytest.approx(2.0)


def test_a_leap_no_school_can_use_is_no_consumption(store):
    at = DAY.start_ms + 9 * HOUR_MS
    out = counted(store, [(at, 5.0), (at + 5 * MINUTE_MS, 48_000.0), (at + 10 * MINUTE_MS, 48_001.0)])
    assert sum(out.amount.values()) == pytest.approx(1.0)


def test_readings_from_before_the_kit_hung_here_do_not_count(store):
    nine = DAY.start_ms + 9 * HOUR_MS
    readings = [(nine + i * 5 * MINUTE_MS, 100.0 + i) for i in range(13)]
    out = counted(store, readings, Step.DAY, placed=(nine + 30 * MINUTE_MS, ALWAYS[1]))
    assert sum(out.amount.values()) == pytest.approx(6.0)


@pytest.mark.parametrize(("day", "quarters"), [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100)])
def test_a_day_of_a_clock_change_has_its_own_number_of_quarters_and_its_own_total(store, day, quarters):
    period = Period(Step.DAY, day)
    readings = [(period.start_ms + i * 5 * MINUTE_MS, 100.0 + i) for i in range(quarters * 3 + 1)]
    out = counted(store, readings, day=period)
    assert len(out.amount) == quarters
    assert sum(out.amount.values()) == pytest.approx(quarters * 3)
    assert all(value == pytest.approx(3.0) for value in out.amount.values())
