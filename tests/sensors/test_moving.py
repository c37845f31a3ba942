"""From the journal to a store elsewhere, a real InfluxDB: in order, nothing twice, and one refused reading stops nobody."""

import time
import urllib.parse
import urllib.request

import pytest

from sensors.batch import Batch
from sensors.ingest_log import PENDING, open_ingest_log
from sensors.journal import Journal
from sensors.moving import Mover
from sensors.store import Point, Series, StoreError
from sensors.store.influx import InfluxReadingStore
from tests import servers
from tests.sensors.ingest_world import FAR, check_sums

NOW = time.time_ns() // 1_000_000
NASTY = ["a b", "a,b", "a=b", 'a"b', "a'b", "a\\", "a\nb", "a\tb", "é/ü", "\x7f", " ", "$x", "#x", "a\\,b"]


@pytest.fixture
def place(tmp_path, influxdb_url, request):
    """A journal, its log, and a store of its own in InfluxDB."""
    url = influxdb_url.replace("/schoolklimaat", f"/move-{NOW}-{request.node.name[:20].replace('[', '-')}")
    store = InfluxReadingStore(url)
    store.prepare()
    path = tmp_path / "journal.sqlite"
    return Journal(path, store), open_ingest_log(path), store, url


def waiting(journal, points):
    journal.commit(Batch(points=list(points)))


def test_names_that_line_protocol_must_escape_arrive_as_they_are(place):
    journal, log, store, _url = place
    waiting(journal, [Point(Series("kit", name, "co2"), NOW, 700) for name in NASTY])
    mover = Mover(journal, store)
    while mover.move():
        pass
    assert log.counters()["readings_refused"] == 0
    for name in NASTY:
        assert len(store.points(Series("kit", name, "co2"), NOW, NOW + 1)) == 1, name


def test_a_reading_the_store_refuses_is_set_aside_and_stops_nobody(place):
    journal, log, store, url = place
    database = url.rsplit("/", 1)[1]
    port = url.split(":")[2].split("/")[0]
    query = urllib.parse.urlencode({"q": f'ALTER RETENTION POLICY autogen ON "{database}" DURATION 30d'})
    urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/query?{query}", method="POST")).close()
    series = Series("kit", "", "co2")
    old = NOW - 100 * 24 * 3_600_000
    times = [NOW - 60_000 * number for number in range(50)]
    waiting(journal, [Point(series, at, 700) for at in [*times[:20], old, *times[20:]]])
    mover = Mover(journal, store)
    while mover.move():
        check_sums(log.counters())
    assert len(store.points(series, 0, FAR)) == 50
    counts = log.counters()
    assert (counts["readings_refused"], counts[PENDING]) == (1, 0)
    (aside,) = log.set_aside(["kit"], limit=9)
    assert "700.0" in aside.payload.decode()
    check_sums(counts)


def test_a_store_that_is_away_or_not_there_refuses_no_reading(place, tmp_path):
    journal, log, _store, url = place
    waiting(journal, [Point(Series("kit", "", "co2"), NOW + number, 700) for number in range(10)])
    nowhere = url.replace(url.split(":")[2].split("/")[0], str(servers.free_port()))
    for other in (nowhere, f"{url}-never-made"):
        with pytest.raises(StoreError):
            Mover(journal, InfluxReadingStore(other)).move()
    assert log.counters()[PENDING] == 10
    check_sums(log.counters())


def test_killed_between_storing_and_forgetting_it_moves_again_and_nothing_doubles(place):
    journal, log, store, _url = place
    points = [Point(Series("kit", "", "co2"), NOW + number, 700 + number) for number in range(10)]
    waiting(journal, points)
    store.write(points[:7])  # as far as an earlier mover came
    Mover(journal, store).move()
    assert store.points(Series("kit", "", "co2"), 0, FAR) == points
    assert log.counters()["readings_identical"] == 7
    check_sums(log.counters())
