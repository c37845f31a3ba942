"""Reader and journal together on a real file: whatever comes, everything is accounted for and nothing comes twice."""

import sqlite3
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensors.ingest_log import open_ingest_log, prepare
from sensors.journal import DEVICES_PER_KIT, REDELIVERIES_KNOWN, SET_ASIDE_PER_KIT, Journal
from sensors.reader import Arrived, Reader
from sensors.store import Series, StoreError
from sensors.store.sqlite import SqliteReadingStore
from tests.sensors.ingest_world import FAR, check_sums, own

NOW = int(datetime(2026, 11, 24, 10, tzinfo=UTC).timestamp() * 1000)


class Desk:
    """A reader and a journal that can be started again, as after a crash."""

    def __init__(self, folder):
        self.path = Path(folder) / "readings.sqlite"
        self.start()

    def start(self):
        self.store = SqliteReadingStore(self.path)
        self.journal = Journal(self.path, self.store)
        self.reader = Reader(self.journal, None)

    def take(self, *messages):
        self.journal.commit(self.reader.read(list(messages)))

    def counters(self):
        return open_ingest_log(self.path).counters()

    def values(self, kit, channel="", quantity="co2"):
        return [point.value for point in self.store.points(Series(kit, channel, quantity), 0, FAR)]


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def message(topic="kits/a/r", payload=None, *, at=NOW, mid=1, **more):
    if not isinstance(payload, bytes):
        payload = (payload or own(t=None, co2=800)).encode()
    return Arrived(topic.encode(), payload, more.pop("qos", 1), mid, more.pop("retain", False),
                   more.pop("dup", False), at, **more)  # fmt: skip


TOPICS = [
    "kits/a/r", "kits/b/s", "kits/a/zigbee2mqtt/klas", "kits/b/tele/klas/SENSOR", "kits/a/homie/d/n/co2",
    "kits/b/homeassistant/sensor/n/o/config", "kits/a/dsmr/raw", "kits/a/senml", "kits/b/status/em:0",
    "kits/a/v3/app@ttn/devices/x/up", "kits//r", "kits/a", "kits", "elsewhere/r", "kits/é/r", "kits/a/unknown/x",
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10**25, 10**25) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda held: st.lists(held, max_size=3) | st.dictionaries(
        st.sampled_from(["co2", "temperature", "t", "v", "Time", "n", "u", "x"]) | st.text(max_size=3), held, max_size=4
    ),
    max_leaves=8,
)  # fmt: skip


def escaped(value):
    import json

    return json.dumps(value).encode()  # half characters as \\ud800, as a kit can send them


PAYLOADS = st.one_of(
    st.binary(max_size=40),
    JSON.map(escaped),
    st.sampled_from([b"", b"812", b"online", b"nan", b'{"\\ud800":{"CarbonDioxide":700}}']),
    st.tuples(st.sampled_from([None, NOW // 1000, 12, 4 * 10**9]), st.integers(300, 900)).map(
        lambda pair: own(t=pair[0], co2=pair[1]).encode()
    ),
)
ARRIVALS = st.tuples(
    st.sampled_from(TOPICS), PAYLOADS, st.integers(1, 5), st.booleans(), st.booleans(), st.integers(0, 1),
    st.integers(-5, 2_000), st.sampled_from(["new", "new", "again", "redelivered"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(ARRIVALS, min_size=1, max_size=6), min_size=1, max_size=5), st.data())
def test_p16_everything_received_is_accounted_for(groups, data):
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(folder)
        at, session, received, before = NOW, 0, 0, None
        for group in groups:
            arrived = []
            session += data.draw(st.sampled_from([0, 0, 1]))
            for topic, payload, mid, retain, dup, qos, later, kind in group:
                at += later
                if kind == "new" or before is None:
                    before = message(topic, payload, mid=mid, retain=retain, dup=dup, qos=qos)
                elif kind == "again":
                    before = before._replace(mid=mid)
                else:
                    before = before._replace(dup=True)
                arrived.append(before._replace(heard_ms=at, session=session))
            desk.take(*arrived)
            received += len(arrived)
            counts = desk.counters()
            assert counts["messages_received"] == received
            check_sums(counts)
            stored = sqlite3.connect(desk.path).execute("SELECT COUNT(*) FROM reading").fetchone()[0]
            assert counts["readings_new"] == stored
            if data.draw(st.booleans()):
                desk.start()
                session = 0
        desk.store.close()


@pytest.mark.parametrize("again", [False, True])
def test_p6_a_redelivery_after_a_crash_is_known(desk, again):
    for mid in range(1, 301):
        desk.take(message(payload=own(t=None, co2=400 + mid), mid=mid, at=NOW + mid * 2_000))
    if again:
        desk.start()
    redelivered = [
        message(payload=own(t=None, co2=400 + mid), mid=mid, at=NOW + 10**6 + mid, dup=True) for mid in range(1, 301)
    ]
    desk.take(*redelivered)
    assert len(desk.values("a")) == 300
    assert desk.counters()["messages_collapsed"] == 300


def test_p6_in_a_new_session_a_packet_id_means_another_message(desk):
    first = message(at=NOW)
    desk.take(first)
    desk.start()
    desk.take(message(at=NOW + 5_000, session=1, dup=True))
    assert len(desk.values("a")) == 2
    desk.start()
    desk.take(message(at=NOW + 10_000, dup=True))  # back in that session: now it is a redelivery
    assert len(desk.values("a")) == 2


def test_what_is_kept_for_redeliveries_is_bounded(desk):
    for start in range(0, 5 * REDELIVERIES_KNOWN, 500):
        desk.take(*(message(payload=b"?", mid=number % 65_535 + 1) for number in range(start, start + 500)))
    assert REDELIVERIES_KNOWN <= len(desk.journal.delivered()) <= REDELIVERIES_KNOWN + 500


def test_p11_a_series_that_runs_ahead_of_the_clock_goes_on_after_a_crash(desk):
    import time

    now = time.time_ns() // 1_000_000
    desk.take(*(message(payload=own(t=None, e_imp=number), mid=number + 1, at=now) for number in range(2_000)))
    desk.start()
    desk.take(
        *(message(payload=own(t=None, e_imp=5_000 + number), mid=number + 1, at=now + 900) for number in range(10))
    )
    assert desk.values("a", quantity="electricity_import") == [*range(2_000), *range(5_000, 5_010)]


def test_the_same_bytes_with_a_clock_nobody_believes_are_one_sample(desk):
    desk.take(*(message(payload=own(t=4 * 10**9, co2=700), mid=mid, at=NOW + mid) for mid in range(1, 5)))
    assert desk.values("a") == [700]
    check_sums(desk.counters())


def test_a_full_disk_stores_nothing_by_half_and_the_same_batch_can_come_again(desk):
    desk.take(message())
    connection = desk.store.connection()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages}")
    before = desk.counters()
    group = [message(f"kits/k{number}/r", own(t=None, co2=500), at=NOW + 5_000, mid=number) for number in range(2, 6)]
    # The readings find room, what is set aside does not.
    group += [message(f"kits/bad/unknown/{mid}", b"x" * 500, mid=mid) for mid in range(1_000, 1_100)]
    batch = desk.reader.read(group)
    for _ in range(2):
        with pytest.raises(StoreError, match=r"readings\.sqlite cannot be written.*full"):
            desk.journal.commit(batch)
        assert desk.counters() == before
    connection.execute("PRAGMA max_page_count=1000000")
    desk.journal.commit(batch)
    counts = desk.counters()
    assert counts["messages_received"] == 1 + len(group)
    assert counts["readings_new"] == 5
    check_sums(counts)


def test_half_a_character_in_any_name_is_no_reason_to_stop(desk):
    desk.take(message("kits/a/tele/klas/SENSOR", b'{"Time":"2026-10-01T10:00:00","\\udc00x":{"CarbonDioxide":700}}'))
    desk.take(message("kits/a/zigbee2mqtt/k", b'{"co2":1,"\\ud800":2,"device":{"friendlyName":"\\ud800"}}', mid=2))
    assert [series.channel for series in desk.store.series("a")] == ["?x"]
    check_sums(desk.counters())


def test_the_last_set_aside_stay_and_all_are_counted(desk):
    for number in range(3 * SET_ASIDE_PER_KIT):
        desk.take(message(f"kits/noisy/unknown/{number}", b"?", at=NOW + number, mid=number + 1))
    aside = open_ingest_log(desk.path).set_aside(["noisy"], limit=10_000)
    assert len(aside) == SET_ASIDE_PER_KIT + 1
    assert sum(one.count for one in aside) == 3 * SET_ASIDE_PER_KIT
    assert f"unknown/{3 * SET_ASIDE_PER_KIT - 1}" in {one.topic for one in aside}


def test_a_kit_with_endless_devices_or_descriptions_stays_bounded(desk):
    config = '{"dev_cla":"power","unit_of_meas":"W","stat_t":"s%d/state","x":"%s"}'
    for number in range(2_100):
        desk.take(
            message(f"kits/z/zigbee2mqtt/d{number}", b'{"co2":700}', mid=2 * number + 1),
            message(f"kits/z/homeassistant/sensor/n/{number}/config", (config % (number, "y" * 2_000)).encode(),
                    mid=2 * number + 2),
        )  # fmt: skip
    assert len(open_ingest_log(desk.path).devices(["z"])["z"]) == DEVICES_PER_KIT
    assert len(desk.values("z", "d2099")) == 1
    kept = desk.journal.memory_of("z")
    assert len(kept) <= 2_000
    refused = [one for one in open_ingest_log(desk.path).set_aside(["z"], limit=999) if "described more" in one.reason]
    assert refused or len(kept) == 2_000


def test_a_decoder_that_fails_costs_its_message_only(desk, monkeypatch):
    def fails(message, context):
        if b"poison" in message.payload:
            raise RuntimeError("as if")
        return real(message, context)

    from sensors import reader

    real = reader.decode
    monkeypatch.setattr(reader, "decode", fails)
    desk.take(message(mid=1), message("kits/b/r", b"poison", mid=2), message("kits/c/r", mid=3))
    assert desk.values("a") == desk.values("c") == [800]
    (aside,) = open_ingest_log(desk.path).set_aside(["b"], limit=9)
    assert "RuntimeError" in aside.reason
    check_sums(desk.counters())


def test_a_file_of_an_older_version_keeps_what_it_knew(tmp_path):
    path = tmp_path / "readings.sqlite"
    old = sqlite3.connect(path)
    old.executescript(
        "CREATE TABLE heard (kit TEXT PRIMARY KEY, heard_ms INTEGER NOT NULL, availability TEXT, skew_ms INTEGER);"
        f"INSERT INTO heard VALUES ('a', {NOW}, 'online', 5000);"
        "CREATE TABLE unacknowledged (mid INTEGER PRIMARY KEY, digest BLOB NOT NULL);"
    )
    prepare(old)
    prepare(old)
    old.close()
    (device,) = open_ingest_log(path).devices(["a"])["a"]
    assert (device.availability, device.lag_s) == ("online", 5)
    assert open_ingest_log(path).last_heard(["a"])["a"].timestamp() * 1000 == NOW


def test_counters_are_named_once():
    from sensors.ingest_log import COUNTERS

    assert max(Counter(COUNTERS).values()) == 1
