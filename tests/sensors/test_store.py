"""The contract of a reading store, for every implementation, on real servers; and its invariants as properties."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensors.periods import BRUSSELS, HOUR_MS, Step, bucket_starts, day_start_ms, floor_ms, to_ms
from sensors.store import Conflict, Point, Quality, Series
from sensors.store.influx import InfluxReadingStore
from sensors.store.sqlite import SqliteReadingStore

BASE = to_ms(datetime(2026, 3, 1, tzinfo=UTC))
_names = count()
# One store serves all examples of a test; each example takes a kit of its own.
SHARED_STORE = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module", params=["sqlite", "influxdb"])
def store(request, tmp_path_factory):
    if request.param == "sqlite":
        opened = SqliteReadingStore(tmp_path_factory.mktemp("store") / "readings.sqlite")
    else:
        opened = InfluxReadingStore(request.getfixturevalue("influxdb_url"))
        opened.prepare()
    yield opened
    opened.close()


@pytest.fixture
def co2():
    return fresh("co2")


def fresh(quantity, channel=""):
    return Series(f"kit-{next(_names)}", channel, quantity)


def every_minute(series, values, start=BASE):
    return [Point(series, start + i * 60_000, value) for i, value in enumerate(values)]


def outcome(result):
    return result.new, result.identical, result.conflicting


def test_what_is_written_is_read_back_in_order_of_time(store, co2):
    points = every_minute(co2, [400.0, 500.5, 612.25])
    assert outcome(store.write(reversed(points))) == (3, 0, 0)
    assert store.points(co2, BASE, BASE + HOUR_MS) == points
    assert store.points(co2, BASE, BASE + HOUR_MS, limit=2) == points[:2]


def test_a_period_is_half_open(store, co2):
    points = every_minute(co2, [1.0, 2.0, 3.0])
    store.write(points)
    assert store.points(co2, points[1].time_ms, points[2].time_ms) == [points[1]]


def test_writing_again_adds_nothing(store, co2):
    points = every_minute(co2, [400.0, 500.0])
    store.write(points)
    assert outcome(store.write(points)) == (0, 2, 0)
    assert len(store.points(co2, BASE, BASE + HOUR_MS)) == 2


def test_another_value_at_the_same_time_is_counted_and_kept_out(store, co2):
    first, other = Point(co2, BASE, 400.0), Point(co2, BASE, 401.0)
    store.write([first])
    assert outcome(store.write([other])) == (0, 0, 1)
    assert store.points(co2, BASE, BASE + 1) == [first]


def test_replacing_says_so_and_replaces_rollups_too(store, co2):
    store.write([Point(co2, BASE, 400.0)])
    assert store.buckets(co2, BASE, BASE + HOUR_MS, Step.HOUR).total == [400.0]
    assert outcome(store.write([Point(co2, BASE, 500.0)], Conflict.REPLACE)) == (0, 0, 1)
    assert store.buckets(co2, BASE, BASE + HOUR_MS, Step.HOUR).total == [500.0]
    assert store.buckets(co2, BASE, BASE + HOUR_MS, Step.DAY).total == [500.0]


def test_a_value_can_be_replaced_by_no_value(store):
    series = fresh("offtake_energy", "Afname Dag")
    store.write([Point(series, BASE, 1.5, 900)])
    gone = Point(series, BASE, None, 900, Quality.NO_CONSUMPTION)
    assert outcome(store.write([gone], Conflict.REPLACE)) == (0, 0, 1)
    assert store.points(series, BASE, BASE + 1) == [gone]
    assert store.buckets(series, BASE, BASE + HOUR_MS, Step.HOUR).absent == [1]


def test_absent_and_estimated_are_told_apart(store):
    series = fresh("offtake_energy", "Afname Dag")
    store.write(
        [
            Point(series, BASE, 1.0, 900),
            Point(series, BASE + 900_000, 2.0, 900, Quality.ESTIMATED),
            Point(series, BASE + 1_800_000, None, 900, Quality.NO_CONSUMPTION),
        ]
    )
    bucket = store.buckets(series, BASE, BASE + HOUR_MS, Step.HOUR)
    assert (bucket.count, bucket.total, bucket.covered_s) == ([2], [3.0], [1800])
    assert (bucket.estimated_s, bucket.absent) == ([900], [1])
    assert (bucket.first, bucket.last, bucket.last_ms) == ([1.0], [2.0], [BASE + 900_000])


def test_latest_and_last_before_pass_over_what_has_no_value(store):
    series = fresh("offtake_energy", "Afname Nacht")
    base = floor_ms(to_ms(datetime.now(UTC)), Step.HOUR) - HOUR_MS
    points = [Point(series, base, 1.0, 900), Point(series, base + 900_000, None, 900, Quality.NO_CONSUMPTION)]
    store.write(points)
    assert store.latest([series.source, "nobody"]) == {series: points[0]}
    assert store.last_before(series, base + HOUR_MS) == points[0]
    assert store.last_before(series, base) is None


def test_series_of_a_source_with_awkward_names(store):
    source = f"kit-{next(_names)}"
    wanted = sorted(
        Series(source, channel, "co2") for channel in ("", "klas 1, links", "a=b", "Klas 2B – CO₂ meter/x", "it's")
    )
    store.write([Point(series, BASE, 400.0) for series in wanted])
    assert store.series(source) == wanted
    for series in wanted:
        assert store.points(series, BASE, BASE + 1) == [Point(series, BASE, 400.0)]
    assert [point.series for point in store.scan(source, BASE, BASE + 1)] == wanted


def test_deleting_takes_the_rollup_with_it(store, co2):
    store.write(every_minute(co2, [400.0] * 10))
    assert store.buckets(co2, BASE, BASE + 1, Step.DAY).count == [10]
    assert store.delete(co2, BASE, BASE + 4 * 60_000) == 4
    assert store.buckets(co2, BASE, BASE + 1, Step.DAY).count == [6]
    assert store.delete(co2, BASE, BASE + HOUR_MS) == 6
    assert store.buckets(co2, BASE, BASE + 1, Step.DAY).count == []


def test_nothing_is_empty_not_zero(store, co2):
    assert store.points(co2, BASE, BASE + HOUR_MS) == []
    assert store.buckets(co2, BASE, BASE + HOUR_MS, Step.HOUR).start_ms == []
    assert store.latest([co2.source]) == {}
    assert store.ready()


values = st.floats(0, 5000, allow_nan=False, width=32)
moments = st.integers(0, 5 * 24 * 60)


@SHARED_STORE
@given(rows=st.dictionaries(moments, values, max_size=60), seed=st.integers(0, 9), step=st.sampled_from(list(Step)))
def test_buckets_equal_an_independent_sum_over_raw_in_any_order(store, rows, seed, step):
    series = fresh("temperature")
    start = to_ms(datetime(2026, 3, 27, 20, 7, tzinfo=UTC))  # over the spring clock change
    points = [Point(series, start + minute * 60_000, value) for minute, value in rows.items()]
    random.Random(seed).shuffle(points)
    half = len(points) // 2
    store.write(points[:half])
    store.write(points[half:] + points[:3])
    expected: dict[int, list[Point]] = {}
    for point in sorted(points, key=lambda point: point.time_ms):
        expected.setdefault(floor_ms(point.time_ms, step), []).append(point)
    got = store.buckets(series, start, start + 6 * 24 * HOUR_MS, step)
    assert got.start_ms == list(expected)
    assert got.count == [len(held) for held in expected.values()]
    assert got.minimum == [min(point.value for point in held) for held in expected.values()]
    assert got.maximum == [max(point.value for point in held) for held in expected.values()]
    assert got.first == [held[0].value for held in expected.values()]
    assert got.last == [held[-1].value for held in expected.values()]
    assert got.first_ms == [held[0].time_ms for held in expected.values()]
    assert got.last_ms == [held[-1].time_ms for held in expected.values()]
    assert got.total == pytest.approx([sum(point.value for point in held) for held in expected.values()])


@SHARED_STORE
@given(year=st.integers(2015, 2026), autumn=st.booleans())
def test_local_day_sums_equal_the_sums_of_their_quarters_over_every_clock_change(store, year, autumn):
    series = fresh("offtake_energy", "Afname Dag")
    last_sunday = max(day for day in (date(year, 10 if autumn else 3, n) for n in range(25, 32)) if day.weekday() == 6)
    first = last_sunday - timedelta(days=1)
    start, end = day_start_ms(first), day_start_ms(first + timedelta(days=3))
    quarters = [Point(series, at, 0.25, 900) for at in range(start, end, 900_000)]
    store.write(quarters)
    days = store.buckets(series, start, end, Step.DAY)
    assert days.count == [96, 100 if autumn else 92, 96]
    assert days.total == pytest.approx([24.0, 25.0 if autumn else 23.0, 24.0])
    by_clock: dict[date, int] = {}
    for point in quarters:  # counted by the wall clock, apart from the code under test
        day = datetime.fromtimestamp(point.time_ms / 1000, BRUSSELS).date()
        by_clock[day] = by_clock.get(day, 0) + 1
    assert days.count == list(by_clock.values())


def test_rollups_rebuilt_from_raw_are_the_same(tmp_path):
    store = SqliteReadingStore(tmp_path / "readings.sqlite")
    chance = random.Random(7)
    series = [fresh("co2"), fresh("temperature", "b")]
    points = [
        Point(one, BASE + chance.randrange(40 * 24 * 3600) * 1000, chance.uniform(300, 900))
        for one in series
        for _ in range(3000)
    ]
    store.write(points)

    def everything():
        steps = (Step.HOUR, Step.DAY, Step.WEEK, Step.MONTH)
        return [store.buckets(one, BASE, BASE + 60 * 24 * HOUR_MS, step) for one in series for step in steps]

    from_raw = everything()
    assert store.refresh() > 0
    refreshed = everything()
    store.rebuild()
    rebuilt = everything()
    for a, b, c in zip(from_raw, refreshed, rebuilt, strict=True):
        assert a.start_ms == b.start_ms == c.start_ms
        assert a.first == b.first == c.first
        assert a.last_ms == b.last_ms == c.last_ms
        assert a.total == pytest.approx(b.total)
        assert b.total == c.total
    # A late reading makes its hour stale again, and the reader sees it at once.
    store.write([Point(series[0], BASE + 1, 10_000.0)])
    assert store.buckets(series[0], BASE, BASE + 1, Step.MONTH).maximum == [10_000.0]


def test_bucket_starts_cover_every_local_day():
    year = list(bucket_starts(day_start_ms(date(2026, 1, 1)), day_start_ms(date(2027, 1, 1)), Step.DAY))
    assert len(year) == 365
    assert {(b - a) // HOUR_MS for a, b in pairwise(year)} == {23, 24, 25}


def test_a_file_that_is_no_store_is_refused_in_words(tmp_path):
    from sensors.store import StoreError

    path = tmp_path / "readings.sqlite"
    path.write_bytes(b"this is not a database at all, but it is long enough to look like one" * 20)
    with pytest.raises(StoreError, match="cannot be opened"):
        SqliteReadingStore(path)
    assert path.read_bytes().startswith(b"this is not")
