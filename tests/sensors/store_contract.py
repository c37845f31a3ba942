"""What every reading store must do. Subclass `StoreContract` beside a fixture `store`; see test_store_*.py."""

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensors.periods import BRUSSELS, FIXED_MS, HOUR_MS, Step, day_start_ms, to_ms
from sensors.store import Buckets, Conflict, Point, Quality, Series

BASE = to_ms(datetime(2026, 3, 1, tzinfo=UTC))
MINUTE_MS = 60_000
_names = count()
# One store serves all examples of a test; each example takes a kit of its own.
SHARED_STORE = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)
LOCAL_STEPS = {
    Step.DAY: lambda day: day,
    Step.WEEK: lambda day: day - timedelta(days=day.isoweekday() - 1),
    Step.MONTH: lambda day: date(day.year, day.month, 1),
    Step.YEAR: lambda day: date(day.year, 1, 1),
    Step.SCHOOL_YEAR: lambda day: date(day.year - (day.month < 9), 9, 1),
}


def fresh(quantity="temperature", channel=""):
    return Series(f"kit-{next(_names)}", channel, quantity)


def every_minute(series, values, start=BASE):
    return [Point(series, start + i * MINUTE_MS, value) for i, value in enumerate(values)]


def counts(outcome):
    return outcome.new, outcome.identical, outcome.conflicting


def bucket_of(time_ms, step):
    """The start of a bucket by the wall clock in Brussels, apart from the code under test."""
    if step in FIXED_MS:
        return time_ms // FIXED_MS[step] * FIXED_MS[step]
    day = datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(BRUSSELS).date()
    return round(datetime.combine(LOCAL_STEPS[step](day), time(0), BRUSSELS).timestamp()) * 1000


def summed(points, step):
    """What the buckets of these points must be, in plain Python."""
    expected = Buckets()
    held = {}
    for point in sorted(points, key=lambda point: point.time_ms):
        held.setdefault(bucket_of(point.time_ms, step), []).append(point)
    for start, those in held.items():
        with_value = [point for point in those if point.value is not None]
        values = [point.value for point in with_value]
        expected.start_ms.append(start)
        expected.count.append(len(values))
        expected.total.append(sum(values) if values else None)
        expected.minimum.append(min(values, default=None))
        expected.maximum.append(max(values, default=None))
        expected.first.append(values[0] if values else None)
        expected.last.append(values[-1] if values else None)
        expected.first_ms.append(with_value[0].time_ms if values else None)
        expected.last_ms.append(with_value[-1].time_ms if values else None)
        expected.covered_s.append(sum(point.duration_s for point in with_value))
        expected.estimated_s.append(sum(point.duration_s for point in with_value if point.quality is Quality.ESTIMATED))
        expected.absent.append(len(those) - len(values))
    return expected


def assert_same(got, expected):
    for name in Buckets.__slots__:
        mine, theirs = getattr(got, name), getattr(expected, name)
        if name == "total":
            assert [value is None for value in mine] == [value is None for value in theirs]
            mine, theirs = ([value or 0.0 for value in column] for column in (mine, theirs))
            theirs = pytest.approx(theirs, rel=1e-9, abs=1e-9)
        assert mine == theirs, name


def taken(series):
    """Points of any kind, crowded together around the spring clock change and a few days and a year on."""
    start = to_ms(datetime(2026, 3, 28, 20, 7, tzinfo=UTC))
    moments = st.one_of(
        st.integers(0, 600).map(lambda minute: start + minute * MINUTE_MS),
        st.integers(0, 40).map(lambda hour: start + hour * HOUR_MS),
        st.integers(0, 30).map(lambda days: start + days * 17 * 24 * HOUR_MS),
        st.integers(0, 5).map(lambda ms: start + ms),
    )
    number = st.floats(-500, 5000, width=32).map(lambda value: value + 0.0) | st.integers(0, 50).map(float)
    measured = st.tuples(number, st.sampled_from([0, 900]), st.sampled_from([Quality.MEASURED, Quality.ESTIMATED]))
    lacking = st.tuples(st.none(), st.just(900), st.sampled_from([Quality.NO_CONSUMPTION, Quality.ESTIMATED]))
    return st.builds(lambda at, said: Point(series, at, *said), moments, measured | lacking)


def write_as_model(model, points, on_conflict):
    """Write into a dict of time → point; returns (new, identical, conflicting)."""
    new = identical = conflicting = 0
    for point in points:
        known = model.get(point.time_ms)
        if known is None:
            new += 1
            model[point.time_ms] = point
        elif known == point:
            identical += 1
        else:
            conflicting += 1
            if on_conflict is Conflict.REPLACE:
                model[point.time_ms] = point
    return new, identical, conflicting


class StoreContract:
    def test_what_is_written_is_read_back_in_order_of_time(self, store):
        series = fresh()
        points = every_minute(series, [400.0, 500.5, 612.25])
        assert counts(store.write(reversed(points))) == (3, 0, 0)
        assert store.points(series, BASE, BASE + HOUR_MS) == points
        assert store.points(series, BASE, BASE + HOUR_MS, limit=2) == points[:2]
        assert store.points(series, BASE, BASE + HOUR_MS, limit=0) == []
        assert all(type(point.quality) is Quality for point in store.points(series, BASE, BASE + HOUR_MS))

    def test_a_period_is_half_open(self, store):
        series = fresh()
        points = every_minute(series, [1.0, 2.0, 3.0])
        store.write(points)
        assert store.points(series, points[1].time_ms, points[2].time_ms) == [points[1]]
        assert store.points(series, points[1].time_ms, points[1].time_ms) == []
        assert store.points(series, -(2**61), 2**61) == points
        assert list(store.scan(series.source, points[0].time_ms, points[2].time_ms)) == points[:2]
        assert store.last_before(series, points[1].time_ms) == points[0]
        assert store.delete(series, points[0].time_ms, points[1].time_ms) == 1
        assert store.points(series, BASE, BASE + HOUR_MS) == points[1:]

    def test_duplicates_within_one_write_are_counted_like_those_of_another(self, store):
        series = fresh()
        first, other = Point(series, BASE, 400.0), Point(series, BASE, 401.0)
        assert counts(store.write([first, first, other])) == (1, 1, 1)
        assert store.points(series, BASE, BASE + 1) == [first]
        assert counts(store.write([other, first, other], Conflict.REPLACE)) == (0, 0, 3)
        assert store.points(series, BASE, BASE + 1) == [other]

    def test_each_kind_of_point_can_take_the_place_of_each_other(self, store):
        series = fresh("offtake_energy", "Afname Dag")
        kinds = [
            Point(series, BASE, 1.5, 900),
            Point(series, BASE, 1.5, 900, Quality.ESTIMATED),
            Point(series, BASE, None, 900, Quality.NO_CONSUMPTION),
            Point(series, BASE, 2.0, 0, Quality.CLOCK_CORRECTED),
        ]
        for before in kinds:
            for after in kinds:
                for known in store.points(series, BASE, BASE + 1):
                    store.delete(series, known.time_ms, known.time_ms + 1)
                expected = (1, 1, 0) if before == after else (1, 0, 1)
                outcomes = store.write([before]), store.write([after], Conflict.REPLACE)
                assert tuple(map(sum, zip(*map(counts, outcomes), strict=True))) == expected
                assert store.points(series, BASE, BASE + 1) == [after]
                for step in (Step.QUARTER, Step.HOUR, Step.DAY):
                    assert_same(store.buckets(series, BASE, BASE + 1, step), summed([after], step))

    def test_both_in_one_write_the_later_wins(self, store):
        series = fresh("offtake_energy", "Afname Dag")
        value, none = Point(series, BASE, 1.5, 900), Point(series, BASE, None, 900, Quality.NO_CONSUMPTION)
        for first, last in ((value, none), (none, value)):
            assert counts(store.write([first, last], Conflict.REPLACE)) == (1, 0, 1)
            assert store.points(series, BASE, BASE + 1) == [last]
            assert_same(store.buckets(series, BASE, BASE + 1, Step.HOUR), summed([last], Step.HOUR))
            assert store.delete(series, BASE, BASE + 1) == 1

    def test_latest_and_last_before_pass_over_what_has_no_value(self, store):
        series = fresh("offtake_energy", "Afname Nacht")
        base = to_ms(datetime.now(UTC)) // HOUR_MS * HOUR_MS - HOUR_MS
        points = [
            Point(series, base, 1.0, 900),
            Point(series, base + 900_000, None, 900, Quality.NO_CONSUMPTION),
        ]
        store.write(points)
        assert store.latest([series.source, "nobody"]) == {series: points[0]}
        assert store.latest([]) == {}
        assert store.last_before(series, base + HOUR_MS) == points[0]
        assert store.last_before(series, base) is None

    def test_latest_knows_a_series_that_fell_silent_years_ago(self, store):
        series = fresh("co2")
        old = Point(series, to_ms(datetime(2016, 5, 1, tzinfo=UTC)), 400.0)
        store.write([old])
        assert store.latest([series.source]) == {series: old}
        assert store.series(series.source) == [series]

    def test_a_late_point_is_not_the_latest(self, store):
        series = fresh("co2")
        newest, late = Point(series, BASE, 400.0), Point(series, BASE - HOUR_MS, 900.0)
        store.write([newest])
        store.write([late])
        assert store.latest([series.source]) == {series: newest}

    def test_series_of_a_source_with_awkward_names(self, store):
        source = f"kit-{next(_names)} ' \" \\ =,é☀"
        channels = ("", "klas 1, links", "a=b", "Klas 2B – CO₂ meter/x", "it's", 'say "x"', "a\\b", "a/b", "\\",
                    "line\nbreak", "tab\t", "50%5C", ":", "x\\,y", "trailing\\")  # fmt: skip
        wanted = sorted(Series(source, channel, "co2") for channel in channels)
        store.write([Point(series, BASE, float(place)) for place, series in enumerate(wanted)])
        assert store.series(source) == wanted
        for place, series in enumerate(wanted):
            assert store.points(series, BASE, BASE + 1) == [Point(series, BASE, float(place))]
        assert [point.series for point in store.scan(source, BASE, BASE + 1)] == wanted
        assert set(store.latest([source])) == set(wanted)
        assert store.delete(wanted[3], BASE, BASE + 1) == 1
        assert len(list(store.scan(source, BASE, BASE + 1))) == len(wanted) - 1

    def test_deleting_takes_the_rollup_with_it(self, store):
        series = fresh()
        store.write(every_minute(series, [400.0] * 10))
        assert store.buckets(series, BASE, BASE + 1, Step.DAY).count == [10]
        assert store.delete(series, BASE, BASE + 4 * MINUTE_MS) == 4
        assert store.buckets(series, BASE, BASE + 1, Step.DAY).count == [6]
        assert store.delete(series, BASE, BASE + HOUR_MS) == 6
        assert store.delete(series, BASE, BASE + HOUR_MS) == 0
        assert store.buckets(series, BASE, BASE + 1, Step.DAY).count == []
        assert store.latest([series.source]) == {}

    def test_nothing_is_empty_not_zero(self, store):
        series = fresh()
        assert store.points(series, BASE, BASE + HOUR_MS) == []
        assert store.buckets(series, BASE, BASE + HOUR_MS, Step.HOUR).start_ms == []
        assert store.latest([series.source]) == {}
        assert store.series(series.source) == []
        assert store.last_before(series, BASE) is None
        assert store.delete(series, BASE, BASE + HOUR_MS) == 0
        assert counts(store.write([])) == (0, 0, 0)
        assert store.ready()

    def test_a_period_is_widened_to_whole_buckets(self, store):
        series = fresh()
        points = every_minute(series, [1.0] * 180)
        store.write(points)
        got = store.buckets(series, BASE + 30 * MINUTE_MS, BASE + 61 * MINUTE_MS, Step.HOUR)
        assert (got.start_ms, got.count) == ([BASE, BASE + HOUR_MS], [60, 60])
        assert store.buckets(series, BASE, BASE, Step.HOUR).start_ms == []

    def test_what_is_no_number_is_refused_whole(self, store):
        series = fresh()
        for wrong in (float("nan"), float("inf")):
            with pytest.raises(ValueError, match="no value"):
                store.write([Point(series, BASE, 1.0), Point(series, BASE + 1, wrong)])
        assert store.points(series, BASE, BASE + HOUR_MS) == []

    def test_more_points_than_one_page_are_all_there(self, store):
        series = fresh()
        points = [Point(series, BASE + place * 1000, float(place % 7)) for place in range(20_050)]
        random.Random(3).shuffle(points)
        assert counts(store.write(points)) == (20_050, 0, 0)
        points.sort(key=lambda point: point.time_ms)
        assert store.points(series, BASE, BASE + 24 * HOUR_MS) == points
        assert list(store.scan(series.source, BASE, BASE + 24 * HOUR_MS)) == points
        assert counts(store.write(points[5_000:5_100])) == (0, 100, 0)

    @SHARED_STORE
    @given(drawn=st.data())
    def test_a_store_is_a_map_from_time_to_point(self, store, drawn):
        """Whatever is written, replaced and deleted in whatever order: counts, points and sums are those of a dict."""
        series = fresh()
        model = {}
        for _ in range(drawn.draw(st.integers(1, 4))):
            points = drawn.draw(st.lists(taken(series), max_size=25))
            on_conflict = drawn.draw(st.sampled_from(Conflict))
            assert counts(store.write(points, on_conflict)) == write_as_model(model, points, on_conflict)
            if model and drawn.draw(st.booleans()):
                start, end = sorted(drawn.draw(st.sampled_from(sorted(model))) for _ in range(2))
                gone = [at for at in model if start <= at < end]
                assert store.delete(series, start, end) == len(gone)
                model = {at: point for at, point in model.items() if at not in gone}
        left = [model[at] for at in sorted(model)]
        whole = min(model, default=BASE), max(model, default=BASE) + 1
        assert store.points(series, *whole) == left
        assert list(store.scan(series.source, *whole)) == left
        with_value = [point for point in left if point.value is not None]
        assert store.latest([series.source]) == ({series: with_value[-1]} if with_value else {})
        for at in drawn.draw(st.lists(st.sampled_from([*sorted(model), BASE]), max_size=3)):
            before = [point for point in with_value if point.time_ms < at]
            assert store.last_before(series, at) == (before[-1] if before else None)
        for step in drawn.draw(st.sets(st.sampled_from(Step), min_size=2, max_size=4)):
            assert_same(store.buckets(series, *whole, step), summed(left, step))

    @SHARED_STORE
    @given(drawn=st.data(), seed=st.integers(0, 9))
    def test_writing_again_and_in_another_order_changes_nothing(self, store, drawn, seed):
        one, other = fresh(), fresh()
        points = drawn.draw(st.lists(taken(one), max_size=30, unique_by=lambda point: point.time_ms))
        store.write(points)
        again = [point._replace(series=other) for point in points]
        random.Random(seed).shuffle(again)
        for place in range(0, len(again), 7):
            store.write(again[place : place + 7])
        assert counts(store.write(again)) == (0, len(again), 0)
        start, end = BASE, BASE + 800 * 24 * HOUR_MS
        assert [point._replace(series=one) for point in store.points(other, start, end)] == store.points(
            one, start, end
        )
        for step in (Step.HOUR, Step.DAY, Step.MONTH):
            assert_same(store.buckets(other, start, end, step), store.buckets(one, start, end, step))

    @pytest.mark.parametrize("autumn", [False, True], ids=["spring", "autumn"])
    def test_local_day_sums_equal_the_sums_of_their_quarters_over_every_clock_change(self, store, autumn):
        for year in range(2015, 2036):
            series = fresh("offtake_energy", "Afname Dag")
            month = 10 if autumn else 3
            change = max(day for day in (date(year, month, n) for n in range(25, 32)) if day.isoweekday() == 7)
            start, end = day_start_ms(change - timedelta(days=1)), day_start_ms(change + timedelta(days=2))
            quarters = [Point(series, at, 0.25, 900) for at in range(start, end, 900_000)]
            store.write(quarters)
            days = store.buckets(series, start, end, Step.DAY)
            assert days.count == [96, 100 if autumn else 92, 96]
            assert days.total == pytest.approx([24.0, 25.0 if autumn else 23.0, 24.0])
            assert days.covered_s == [86_400, 90_000 if autumn else 82_800, 86_400]
            assert_same(days, summed(quarters, Step.DAY))
