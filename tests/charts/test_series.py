"""What hung in a room, as columns; a gap is a gap, and a kit that moved takes its readings along only from then on."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolklimaat.charts.period import Period
from schoolklimaat.charts.series import Channels, Grid, exact_buckets, room_columns
from schoolklimaat.kits.services import KitInterval
from sensors.periods import MINUTE_MS, Step, from_ms
from sensors.store import Point, Series
from sensors.store.opening import open_store

DAY = Period(Step.DAY, date(2026, 11, 25))
GRID = Grid.over(DAY.start_ms, DAY.end_ms, Step.QUARTER)


def hung(kit, start=DAY.start_ms, end=DAY.end_ms, channel=None):
    return KitInterval(kit, channel, from_ms(start), from_ms(end))


def write(store, kit, minutes, value, channel=""):
    store.write(Point(Series(kit, channel, "co2"), DAY.start_ms + m * MINUTE_MS, value) for m in minutes)


def test_the_grid_is_whole_and_a_silence_is_none(store):
    write(store, "a", [0, 5, 40], 800.0)
    columns = room_columns(Channels(store), [hung("a")], "co2", GRID)
    assert len(columns.starts) == len(columns.values) == 96
    assert columns.values[:4] == [800.0, None, 800.0, None]


def test_two_kits_in_a_room_are_averaged_by_reading(store):
    write(store, "a", [0, 5], 600.0)
    write(store, "b", [1], 900.0)
    assert room_columns(Channels(store), [hung("a"), hung("b")], "co2", GRID).values[0] == pytest.approx(700.0)


def test_a_kit_that_moved_mid_bucket_counts_for_its_own_part(store):
    write(store, "a", [0, 5], 600.0)
    write(store, "a", [10, 14], 1000.0)
    moved = DAY.start_ms + 8 * MINUTE_MS
    channels = Channels(store)
    assert room_columns(channels, [hung("a", end=moved)], "co2", GRID).values[0] == 600.0
    assert room_columns(channels, [hung("a", start=moved)], "co2", GRID).values[0] == 1000.0


def test_a_channel_of_a_gateway_is_not_its_neighbour(store):
    write(store, "gateway", [0], 500.0, channel="room-1")
    write(store, "gateway", [0], 700.0, channel="room-1/air")
    write(store, "gateway", [0], 1500.0, channel="room-10")
    columns = room_columns(Channels(store), [hung("gateway", channel="room-1")], "co2", GRID)
    assert columns.values[0] == 600.0


@given(
    minutes=st.sets(st.integers(0, 1439), max_size=60),
    start=st.integers(0, 1440),
    length=st.integers(0, 1440),
    step=st.sampled_from([Step.MINUTES_5, Step.QUARTER, Step.HOUR, Step.DAY]),
)
def test_cut_buckets_hold_exactly_the_points_between(tmp_path_factory, minutes, start, length, step):
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('s') / 'r.sqlite'}")
    series = Series("a", "", "co2")
    store.write(Point(series, DAY.start_ms + m * MINUTE_MS, float(m + 400)) for m in minutes)
    begin, end = DAY.start_ms + start * MINUTE_MS, DAY.start_ms + (start + length) * MINUTE_MS
    found = exact_buckets(store, series, begin, end, step)
    store.close()
    expected = [m + 400 for m in minutes if start <= m < start + length]
    assert sum(found.count) == len(expected)
    assert sum(total for total in found.total if total) == pytest.approx(sum(expected))
    assert found.start_ms == sorted(set(found.start_ms))


@given(
    day=st.dates(date(2010, 1, 1), date(2040, 12, 31)),
    step=st.sampled_from(["dag", "week", "maand", "jaar", "schooljaar"]),
)
def test_periods_follow_each_other_without_hole_or_overlap(day, step):
    from schoolklimaat.charts.period import LEVELS

    period = Period.around(LEVELS[step], day)
    assert period.holds(day)
    assert period.following().first == period.after
    assert period.previous().after == period.first
    assert period.following().previous() == period
    assert period.a_year_before().first < period.first
    assert len(period.days) == (period.after - period.first) / timedelta(days=1)
    assert period.end_ms - period.start_ms in {h * 3_600_000 for h in range(23, 24 * 367)}
