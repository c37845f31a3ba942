"""The embedded store: the contract, with plain and with sealed readings, and what is its own."""

import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sensors.periods import HOUR_MS, Step, bucket_starts, day_start_ms, to_ms
from sensors.store import Conflict, Point, Series, StoreError, sealing
from sensors.store.columns import Columns, pack, unpack
from sensors.store.opening import open_store
from sensors.store.sqlite import SqliteReadingStore
from tests.sensors.store_contract import (
    BASE,
    MINUTE_MS,
    StoreContract,
    assert_same,
    counts,
    every_minute,
    fresh,
    summed,
)

END = to_ms(datetime(2100, 1, 1, tzinfo=UTC))
DAY_MS = 24 * HOUR_MS


class TestSqlite(StoreContract):
    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory):
        opened = SqliteReadingStore(tmp_path_factory.mktemp("store") / "readings.sqlite")
        yield opened
        opened.close()


class Refreshing(SqliteReadingStore):
    """Brings rollups up to date after every change."""

    def write(self, *arguments):
        outcome = super().write(*arguments)
        self.keep_up()
        return outcome

    def delete(self, *arguments):
        gone = super().delete(*arguments)
        self.keep_up()
        return gone

    def keep_up(self):
        self.refresh()


class Sealing(Refreshing):
    """Seals whatever it can after every change."""

    def keep_up(self):
        self.refresh()
        self.seal(before_ms=END)


class TestRefreshed(StoreContract):
    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory):
        opened = Refreshing(tmp_path_factory.mktemp("store") / "readings.sqlite")
        yield opened
        opened.close()


class TestSealed(StoreContract):
    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory):
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {"FEWEST": 1, "MOST": 7, "_FEWEST_BETWEEN": 1, "_DENSE": 0}.items():
                patch.setattr(sealing, name, value)
            opened = Sealing(tmp_path_factory.mktemp("store") / "readings.sqlite")
            yield opened
            opened.close()

    def test_sealing_happens_in_these_tests(self, store):
        series = fresh()
        store.write(every_minute(series, [1.0] * 300))
        assert in_table(store, series, "reading") == 0
        assert in_table(store, series, "sealed") > 1


@pytest.fixture
def store(tmp_path):
    opened = SqliteReadingStore(tmp_path / "readings.sqlite")
    yield opened
    opened.close()


def in_table(store, series, table):
    return (
        store.connection()
        .execute(
            f"SELECT COUNT(*) FROM {table} JOIN series s ON s.id = series_id"
            " WHERE (source, channel, quantity) = (?, ?, ?)",
            series,
        )
        .fetchone()[0]
    )


YEAR = to_ms(datetime(2024, 12, 31, 23, tzinfo=UTC))


def year_of_quarters(series, start=YEAR):
    return [Point(series, start + place * 900_000, place % 50 / 8, 900) for place in range(35_040)]


# --- rollups and sealing


def everything(store, series):
    return [store.buckets(series, BASE - 800 * DAY_MS, BASE + 800 * DAY_MS, step) for step in Step]


def assert_all_same(some, others):
    for got, expected in zip(some, others, strict=True):
        assert_same(got, expected)


def test_stale_refreshed_rebuilt_and_sealed_readings_give_the_same(store):
    series = fresh("offtake_energy")
    points = year_of_quarters(series)
    store.write(points)
    stale = everything(store, series)
    assert_same(stale[list(Step).index(Step.MONTH)], summed(points, Step.MONTH))
    assert store.refresh() == 8_760
    assert_all_same(everything(store, series), stale)
    store.rebuild()
    assert_all_same(everything(store, series), stale)
    store.seal()
    assert in_table(store, series, "reading") < sealing.FEWEST
    assert_all_same(everything(store, series), stale)
    assert store.points(series, 0, END) == points
    store.rebuild()
    assert_all_same(everything(store, series), stale)


def test_a_late_reading_in_sealed_hours_is_seen_at_once_and_sealed_again(store):
    series = fresh("offtake_energy")
    points = year_of_quarters(series)
    store.write(points)
    store.refresh()
    store.seal()
    sealed = in_table(store, series, "sealed")
    late = Point(series, points[9_000].time_ms + 1, 10_000.0)
    assert counts(store.write([late])) == (1, 0, 0)
    assert in_table(store, series, "sealed") == sealed - 1
    assert store.buckets(series, late.time_ms, late.time_ms + 1, Step.MONTH).maximum == [10_000.0]
    store.refresh()
    store.seal()
    assert in_table(store, series, "sealed") >= sealed
    assert in_table(store, series, "reading") < 64 + sealing.FEWEST
    assert store.points(series, 0, END) == sorted([*points, late], key=lambda point: point.time_ms)


def test_live_readings_leave_what_is_sealed_alone(store):
    series = fresh()
    points = every_minute(series, [400.0] * 5_000)
    store.write(points)
    store.refresh()
    assert in_table(store, series, "sealed") == 1
    store.write([Point(series, points[-1].time_ms + 60_000, 1.0)])
    assert in_table(store, series, "sealed") == 1


def test_recent_readings_are_not_sealed(store):
    series = fresh()
    now = to_ms(datetime.now(UTC))
    store.write([Point(series, now - place * 10_000, 1.0) for place in range(10_000)])
    store.refresh()
    assert in_table(store, series, "sealed") == 0


def test_what_is_stale_is_not_sealed(store):
    series = fresh()
    store.write(every_minute(series, [400.0] * 5_000))
    assert store.seal() == 0
    store.refresh()
    assert in_table(store, series, "sealed") == 1  # a refresh seals a little


def test_a_dense_hour_is_sealed_whole(store):
    series = fresh()
    points = [Point(series, BASE + place * 100, float(place % 9)) for place in range(60_000)]
    store.write(points)
    store.refresh()
    store.seal()
    assert store.points(series, 0, END) == points
    for step in (Step.MINUTE, Step.HOUR, Step.DAY):
        assert_same(store.buckets(series, BASE, BASE + 2 * HOUR_MS, step), summed(points, step))


def test_only_whole_hours_are_sealed(store, monkeypatch):
    monkeypatch.setattr(SqliteReadingStore, "seal", lambda *_args, **_more: 0)
    series = fresh()
    points = every_minute(series, [float(place % 9) for place in range(3_000)])
    store.write(points)
    store.refresh()
    monkeypatch.undo()
    assert store.seal(before_ms=BASE + 2_510 * MINUTE_MS) == 1
    assert in_table(store, series, "reading") == 3_000 - 2_460
    assert_same(store.buckets(series, BASE, END, Step.HOUR), summed(points, Step.HOUR))
    late = Point(series, BASE + 2_465 * MINUTE_MS + 1, 1.0)
    store.write([late])
    assert in_table(store, series, "sealed") == 1
    assert_same(store.buckets(series, BASE, END, Step.HOUR), summed([*points, late], Step.HOUR))


def test_sealed_readings_take_an_eighth_of_the_room_and_give_it_back(tmp_path):
    path = tmp_path / "readings.sqlite"
    store = SqliteReadingStore(path)

    def size():
        store.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return path.stat().st_size

    series = [fresh("offtake_energy") for _ in range(3)]
    store.write(point for one in series for point in year_of_quarters(one))
    before = size()
    store.refresh()
    store.seal()
    assert size() < before / 8  # rollups per day included
    store.close()


numbers = (
    st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-10_000, 10_000).map(lambda n: n / 100)
)
whole = st.integers(-(2**62), 2**62) | st.integers(0, 300)


@given(
    rows=st.lists(st.tuples(whole, numbers, whole, st.integers(0, 3)), min_size=1, max_size=60),
    even=st.booleans(),
)
@example(rows=[(1, -0.0, 0, 0), (2, 1.5, 0, 0)], even=False)
@example(rows=[(1, None, 0, 2), (2, 2.0**60, 0, 0), (9, 0.1, 0, 0)], even=False)
def test_packed_columns_come_out_as_they_went_in(rows, even):
    times, values, durations, qualities = (list(column) for column in zip(*rows, strict=True))
    columns = Columns(list(range(5, 5 + 900 * len(rows), 900)) if even else times, values, durations, qualities)
    try:
        block = pack(columns)
    except OverflowError:
        assert max(map(abs, [*times, *durations])) > 2**61  # differences beyond 64 bits: left unsealed
        return
    out = unpack(block, len(rows))
    assert out == columns
    assert [str(value) for value in out.values] == [str(value) for value in columns.values]  # -0.0 too


# --- several processes and threads

WRITER = """
import sys, time
from sensors.store import Point, Series, sealing
from sensors.store.sqlite import SqliteReadingStore
sealing.FEWEST, sealing.MOST = 40, 60
store = SqliteReadingStore(sys.argv[1])
start = int(sys.argv[2])
end = time.monotonic() + float(sys.argv[3])
turn = 0
while time.monotonic() < end:
    # Ten values of one in ten hours of one day, in one commit.
    store.write([Point(Series("kit", "", "co2"), start + hour * 3_600_000 + turn, 1.0) for hour in range(10)])
    turn += 1
    if turn % 5 == 0:
        store.refresh()
    if turn % 11 == 0:
        store.seal(before_ms=start + 86_400_000)
    if turn % 50 == 0:
        store.rebuild()
"""


def test_a_reader_beside_a_writer_never_sees_half_a_commit_or_an_old_sum(tmp_path):
    path = tmp_path / "readings.sqlite"
    start = day_start_ms(date(2026, 5, 4))
    SqliteReadingStore(path).close()
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(start), "3"])
    store = SqliteReadingStore(path, read_only=True)
    series = Series("kit", "", "co2")
    seen = []
    while writer.poll() is None:
        for step in (Step.DAY, Step.HOUR, Step.QUARTER, Step.MONTH):
            got = store.buckets(series, start, start + DAY_MS, step)
            seen.append(sum(got.count))
            assert sum(got.count) == sum(value or 0 for value in got.total)
            assert sum(got.count) % 10 == 0
        seen.append(len(store.points(series, start, start + DAY_MS)))
    assert writer.returncode == 0
    assert seen == sorted(seen)
    assert len(set(seen)) > 5
    store.close()


def test_threads_have_connections_of_their_own_and_leave_none_behind(store):
    series = fresh()
    store.write(every_minute(series, [1.0, 2.0]))
    found = []
    for _ in range(5):
        threads = [
            threading.Thread(target=lambda: found.append(len(store.points(series, BASE, BASE + HOUR_MS))))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [2] * 20
    store.points(series, BASE, BASE + HOUR_MS)
    assert len(store._file._opened) <= 5


def test_a_write_shares_a_commit_with_something_of_ones_own(store):
    series = fresh()
    connection = store.connection()
    connection.execute("CREATE TABLE note (said TEXT)")
    connection.execute("BEGIN IMMEDIATE")
    assert counts(store.write_within(connection, every_minute(series, [1.0]))) == (1, 0, 0)
    connection.execute("INSERT INTO note VALUES ('heard')")
    assert len(store.points(series, BASE, BASE + HOUR_MS)) == 1  # the writer sees its own
    connection.execute("ROLLBACK")
    store.forget_series()
    assert store.points(series, BASE, BASE + HOUR_MS) == []
    assert connection.execute("SELECT COUNT(*) FROM note").fetchone() == (0,)
    other = fresh()
    store.write(every_minute(other, [5.0]))
    assert store.series(series.source) == []
    assert len(store.points(other, BASE, BASE + HOUR_MS)) == 1


def test_a_series_made_in_a_transaction_is_nobody_elses_before_its_commit(store):
    """Else a thread that comes in between a rollback and its clean-up would write under a number that is free again."""
    mine, other = fresh(), fresh()
    connection = store.connection()
    connection.execute("BEGIN IMMEDIATE")
    store.write_within(connection, every_minute(mine, [1.0]))
    thread = threading.Thread(target=lambda: store.write(every_minute(mine, [2.0])))
    thread.start()
    time.sleep(0.1)
    connection.execute("ROLLBACK")
    thread.join()
    store.forget_series()
    store.write(every_minute(other, [3.0]))
    assert [point.value for point in store.points(mine, BASE, END)] == [2.0]
    assert [point.value for point in store.points(other, BASE, END)] == [3.0]
    assert store.series(mine.source) == [mine]


# --- what goes wrong


def test_a_write_that_breaks_off_leaves_nothing(store):
    series = fresh()

    def breaking():
        yield Point(series, BASE, 1.0)
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        store.write(breaking())
    assert store.series(series.source) == []
    assert counts(store.write([Point(series, BASE, 1.0)])) == (1, 0, 0)


def test_a_file_that_is_no_store_is_refused_in_words_and_left_alone(tmp_path):
    path = tmp_path / "readings.sqlite"
    path.write_bytes(b"this is not a database at all, but it is long enough to look like one" * 20)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"readings.sqlite could not be opened.*move it away"):
        SqliteReadingStore(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("place", ["file/readings.sqlite", "folder"])
def test_a_place_where_no_file_can_be_is_said(tmp_path, place):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError, match=r"could not be opened.*SCHOOLKLIMAAT_READINGS_URL"):
        SqliteReadingStore(tmp_path / place)


def test_reading_only_makes_nothing_and_changes_nothing(tmp_path):
    path = tmp_path / "readings.sqlite"
    with pytest.raises(StoreError, match=r"no file of readings at .*readings.sqlite yet"):
        SqliteReadingStore(path, read_only=True)
    assert not path.exists()
    SqliteReadingStore(path).close()
    reader = SqliteReadingStore(path, read_only=True)
    with pytest.raises(StoreError, match=r"could not be written.*write permission"):
        reader.write([Point(fresh(), BASE, 1.0)])


def test_a_file_of_a_newer_version_is_refused(tmp_path):
    path = tmp_path / "readings.sqlite"
    store = SqliteReadingStore(path)
    store.connection().execute("PRAGMA user_version = 99")
    store.close()
    with pytest.raises(StoreError, match="newer Schoolklimaat"):
        SqliteReadingStore(path)


def test_a_file_from_before_sealing_is_taken_over(tmp_path):
    path = tmp_path / "readings.sqlite"
    clean, stale = fresh("offtake_energy"), fresh("offtake_energy")
    store = SqliteReadingStore(path)
    store.write(year_of_quarters(clean)[:2_000])
    store.refresh()
    store.write(year_of_quarters(stale)[:2_000])
    expected = everything(store, clean), everything(store, stale)
    store.connection().executescript("DROP TABLE sealed; DROP TABLE month; PRAGMA user_version = 0")
    store.close()
    with pytest.raises(StoreError, match="older version"):
        SqliteReadingStore(path, read_only=True)
    taken = SqliteReadingStore(path)
    assert_all_same(everything(taken, clean), expected[0])
    assert_all_same(everything(taken, stale), expected[1])
    assert in_table(taken, clean, "month") == 1
    taken.close()


def test_a_full_disk_is_said_and_what_is_stored_stays(store):
    series = fresh()
    points = year_of_quarters(series)
    store.write(points[:100])
    connection = store.connection()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 5}")
    with pytest.raises(StoreError, match=r"could not be written: .*full.*Make room"):
        store.write(points)
    assert store.points(series, 0, END) == points[:100]
    connection.execute("PRAGMA max_page_count = 1000000")
    assert counts(store.write(points)) == (len(points) - 100, 100, 0)


def test_a_damaged_file_is_said(tmp_path):
    path = tmp_path / "readings.sqlite"
    series = fresh()
    store = SqliteReadingStore(path)
    store.write(year_of_quarters(series))
    store.close()
    with path.open("r+b") as file:
        file.seek(8 * 4096)
        file.write(b"\xa5" * 4096 * 200)
    store = SqliteReadingStore(path)
    with pytest.raises(StoreError, match=r"could not be read.*damaged"):
        store.points(series, 0, END)
    with pytest.raises(StoreError, match="damaged"):
        store.refresh()
    store.close()


def test_another_writer_that_holds_the_file_is_waited_for(store):
    series = fresh()
    other = sqlite3.connect(store.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, lambda: other.execute("COMMIT")).start()
    began = time.monotonic()
    assert counts(store.write([Point(series, BASE, 1.0)], Conflict.KEEP)) == (1, 0, 0)
    assert time.monotonic() - began > 0.2
    other.close()


# --- addresses and steps


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "must be sqlite"),
        ("readings.sqlite", "must be sqlite"),
        ("sqlite:///", "names no file"),
        ("sqlite://readings.sqlite", "three slashes"),
        ("postgresql://host/db", "postgresql"),
        ("influxdb://secret@host", "lacks a bucket"),
        ("influxdb:///bucket", "lacks a host"),
        ("influxdb://secret@host:port/bucket", "port"),
        ("influxdb://secret@host:99999/bucket", "port"),
    ],
)
def test_a_wrong_address_is_refused_in_words_without_its_secret(url, said):
    with pytest.raises(StoreError, match=said) as refused:
        open_store(url)
    assert "SCHOOLKLIMAAT_READINGS_URL" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_an_address_of_a_file_opens_it(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'a folder' / 'readings.sqlite'}")
    assert store.ready()
    assert open_store(f"sqlite:///{tmp_path / 'a folder' / 'readings.sqlite'}", read_only=True).ready()


@settings(max_examples=30)
@given(year=st.integers(2015, 2035))
def test_bucket_starts_cover_every_local_day(year):
    starts = list(bucket_starts(day_start_ms(date(year, 1, 1)), day_start_ms(date(year + 1, 1, 1)), Step.DAY))
    assert len(starts) in {365, 366}
    assert sorted({(b - a) // HOUR_MS for a, b in pairwise(starts)}) == [23, 24, 25]
