"""The production store on a real InfluxDB 1.6: the contract, and what is its own."""

import json
import urllib.request
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensors.periods import HOUR_MS
from sensors.store import Conflict, Point, Series, StoreError
from sensors.store.influx import InfluxReadingStore
from sensors.store.influx_text import Address, series_of, tags_of
from sensors.store.opening import open_store
from tests import servers
from tests.sensors.store_contract import BASE, StoreContract, counts, every_minute, fresh

pytestmark = pytest.mark.influxdb


@pytest.fixture(scope="module")
def store(influxdb_url):
    opened = open_store(influxdb_url.replace("/schoolklimaat", '/a name with "quotes"'))
    opened.prepare()
    yield opened
    opened.close()


class TestInfluxdb(StoreContract):
    pass


def test_preparing_twice_changes_nothing(store):
    series = fresh()
    store.write(every_minute(series, [1.0]))
    store.prepare()
    assert len(store.points(series, BASE, BASE + HOUR_MS)) == 1


def test_a_batch_of_many_kits_is_compared_with_what_is_stored(store):
    series = [fresh("co2", channel) for channel in ("", "a") for _ in range(60)]
    points = [Point(one, BASE + place, float(place)) for place, one in enumerate(series)]
    assert counts(store.write(points)) == (120, 0, 0)
    assert counts(store.write(points)) == (0, 120, 0)
    assert counts(store.write([point._replace(value=-1.0) for point in points])) == (0, 0, 120)
    assert set(store.latest([one.source for one in series])) == set(series)


def test_a_batch_that_spans_years_reads_only_around_its_points(store, monkeypatch):
    series = fresh()
    between = every_minute(series, [1.0] * 500, BASE + 100 * 24 * HOUR_MS)
    store.write(between)
    asked = []
    points = InfluxReadingStore.points
    monkeypatch.setattr(
        InfluxReadingStore, "points", lambda self, *args: asked.append(points(self, *args)) or asked[-1]
    )
    other = fresh()
    ends = [Point(series, BASE, 1.0), Point(series, BASE + 400 * 24 * HOUR_MS, 2.0), Point(other, BASE, 3.0)]
    assert counts(store.write(ends)) == (3, 0, 0)
    assert counts(store.write(ends, Conflict.REPLACE)) == (0, 3, 0)
    assert sum(map(len, asked)) == 3


def test_a_server_that_is_away_is_said_in_words():
    store = open_store(f"influxdb://secret@127.0.0.1:{servers.free_port()}/bucket")
    assert not store.ready()
    with pytest.raises(StoreError, match=r"does not answer.*Check that it runs") as said:
        store.write([Point(fresh(), BASE, 1.0)])
    assert "secret" not in str(said.value)


def test_a_database_that_is_not_there_is_said_in_words(influxdb_url):
    store = open_store(influxdb_url.replace("/schoolklimaat", "/never-made"))
    assert not store.ready()
    with pytest.raises(StoreError, match=r"never-made.*schoolklimaat migrate"):
        store.write([Point(fresh(), BASE, 1.0)])
    with pytest.raises(StoreError, match="schoolklimaat migrate"):
        store.series("kit")


@pytest.fixture
def guarded(tmp_path, monkeypatch):
    """An InfluxDB that wants to know who asks; yields host:port."""
    monkeypatch.setenv("INFLUXDB_HTTP_AUTH_ENABLED", "true")
    try:
        with servers.influxd(tmp_path) as url:
            place = url.removeprefix("influxdb://").split("/")[0]
            make = "CREATE USER \"an a\" WITH PASSWORD 'p@ss:w/rd' WITH ALL PRIVILEGES"
            request = urllib.request.Request(f"http://{place}/query", urlencode({"q": make}).encode())
            assert "error" not in json.load(urllib.request.urlopen(request))
            yield place
    except servers.MissingServerError as missing:
        pytest.skip(f"{missing} is not installed")


def test_a_user_and_a_password_are_used_and_never_told(guarded):
    store = open_store(f"influxdb://an%20a:p%40ss%3Aw%2Frd@{guarded}/readings")
    store.prepare()
    series = fresh()
    store.write(every_minute(series, [1.0, 2.0]))
    assert len(store.points(series, BASE, BASE + HOUR_MS)) == 2
    for wrong in (f"influxdb://an%20a:wrong@{guarded}/readings", f"influxdb://{guarded}/readings"):
        with pytest.raises(StoreError, match=r"refused \(401\)") as said:
            open_store(wrong).points(series, BASE, BASE + HOUR_MS)
        assert "wrong" not in str(said.value)


@given(source=st.text(min_size=1), channel=st.text())
def test_every_name_can_be_a_tag_and_comes_back(source, channel):
    tags = tags_of(Series(source, channel, "co2"))
    assert all(value and "\\" not in value and "\n" not in value for _name, value in tags)
    assert series_of(dict(tags)) == Series(source, channel, "co2")


def test_an_address_is_read_part_by_part():
    assert Address.parse("influxdb+https://tok%2Fen==@[::1]:9/my%20bucket?org=IOK%20Kempen") == Address(
        "https://[::1]:9", "my bucket", "IOK Kempen", "tok/en==", None, None
    )
    assert Address.parse("influxdb://host/b").where == "http://host:8086"
    assert Address.parse("influxdb://u:p@host/b").token is None
