"""The embedded store's chart queries against the same asked plainly of Debian's InfluxDB 1.6 over HTTP.

Both hold the same readings: fifty schools' quarters of 400 days and fifty rooms' CO2 a minute for a fortnight. The peer
has one field and the query one would write by hand; the two take turns in one run, and medians are compared.
"""

import gzip
import http.client
import math
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock
from urllib.parse import urlencode

import orjson

from sensors.periods import BRUSSELS, HOUR_MS, Step, day_start_ms, local_day, to_ms
from sensors.store import Point, Series
from sensors.store.sqlite import SqliteReadingStore
from tests import servers

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
END = to_ms(NOW)
DAY_MS = 24 * HOUR_MS
QUARTER_MS = 900_000
METERS = [Series(f"ean:{number:018d}", "Afname", "offtake_energy") for number in range(50)]
ROOMS = [Series(f"kit-{number}", "", "co2") for number in range(50)]
ROUNDS = 9
# A server that has been up for a day has done this; the bench cannot wait so long.
COMPACT_SOON = {
    "INFLUXDB_DATA_CACHE_SNAPSHOT_WRITE_COLD_DURATION": "1s",
    "INFLUXDB_DATA_COMPACT_FULL_WRITE_COLD_DURATION": "1s",
}


def meter(series: Series, chance: random.Random) -> list[Point]:
    """Quarters in kWh with three decimals: a base load, more by day, and noise."""
    size = chance.uniform(0.5, 8)
    return [
        Point(series, at, round(size * (1 + max(0.0, math.sin((at % DAY_MS) / DAY_MS * 6.28 - 1.6)) + chance.random() / 3), 3), 900)
        for at in range(END - 400 * DAY_MS, END, QUARTER_MS)
    ]  # fmt: skip


def room(series: Series, chance: random.Random) -> list[Point]:
    """CO2 a minute in whole ppm, heard at any millisecond: a walk that comes back to outdoor air."""
    made, ppm = [], 600.0
    for at in range(END - 14 * DAY_MS, END, 60_000):
        ppm += chance.gauss(0, 12) + (700 - ppm) / 60
        made.append(Point(series, at + chance.randrange(1000), float(round(max(ppm, 410)))))
    return made


class Plain:
    """InfluxDB as one would use it by hand: one field, one open connection, the answer parsed by orjson."""

    def __init__(self, url: str) -> None:
        self._http = http.client.HTTPConnection(url.removeprefix("influxdb://").split("/")[0])
        self._ask("POST", "/query", {"q": "CREATE DATABASE plain"})

    def write(self, points: list[Point]) -> None:
        lines = "\n".join(f"{p.series.quantity},source={p.series.source} value={p.value} {p.time_ms}" for p in points)
        body = gzip.compress(lines.encode(), 1)
        self._ask("POST", "/write", {"db": "plain", "precision": "ms"}, body, {"Content-Encoding": "gzip"})

    def query(self, text: str) -> list[dict]:
        return orjson.loads(self._ask("GET", "/query", {"db": "plain", "epoch": "ms", "q": text}))["results"][0][
            "series"
        ]

    def _ask(self, method: str, path: str, query: dict[str, str], body: bytes | None = None, headers=None) -> bytes:
        self._http.request(method, f"{path}?{urlencode(query)}", body, headers or {})
        answer = self._http.getresponse()
        told = answer.read()
        assert answer.status < 300, told
        return told


def months_of(peer: Plain, start: int) -> list[dict[str, float]]:
    """InfluxDB has no months: local days, added up here."""
    days = peer.query(
        f"SELECT SUM(value) FROM offtake_energy WHERE time >= {start}ms AND time < {END}ms"
        " GROUP BY source, time(1d) FILL(none) TZ('Europe/Brussels')"
    )
    made = []
    for one in days:
        sums: Counter[str] = Counter()
        for at, value in one["values"]:
            sums[f"{local_day(at):%Y-%m}"] += value
        made.append(sums)
    return made


def cases(
    store: SqliteReadingStore, peer: Plain
) -> dict[str, tuple[float, Callable[[], object], Callable[[], object]]]:
    today = NOW.astimezone(BRUSSELS).date()
    year = day_start_ms(today - timedelta(days=365))
    rooms = [series.source for series in ROOMS]
    one, air = METERS[7], ROOMS[7]
    week, day, then = END - 7 * DAY_MS, END - DAY_MS, END - 10 * DAY_MS
    mean = f"SELECT MEAN(value) FROM co2 WHERE source = '{air.source}' AND time >= {{}}ms AND time < {{}}ms GROUP BY time({{}}) FILL(none)"
    meter = f"FROM offtake_energy WHERE source = '{one.source}' AND time >= {year}ms AND time < {END}ms"
    return {
        "latest value of 50 series": (
            0.5,
            lambda: store.latest(rooms),
            lambda: peer.query(
                f"SELECT LAST(value) FROM co2 WHERE time >= {week}ms AND time < {END}ms GROUP BY source"
            ),
        ),
        "a day at 1 minute": (
            0.5,
            lambda: store.buckets(air, day, END, Step.MINUTE),
            lambda: peer.query(mean.format(day, END, "1m")),
        ),
        "the same, ten days ago": (
            0.5,
            lambda: store.buckets(air, then, then + DAY_MS, Step.MINUTE),
            lambda: peer.query(mean.format(then, then + DAY_MS, "1m")),
        ),
        "a week by the hour": (
            0.3,
            lambda: store.buckets(air, week, END, Step.HOUR),
            lambda: peer.query(mean.format(week, END, "1h")),
        ),
        "a year of local-day sums": (
            0.15,
            lambda: store.buckets(one, year, END, Step.DAY),
            lambda: peer.query(f"SELECT SUM(value) {meter} GROUP BY time(1d) FILL(none) TZ('Europe/Brussels')"),
        ),
        "carpet, 365 x 96 quarters": (
            0.05,
            lambda: store.buckets(one, year, END, Step.QUARTER),
            lambda: peer.query(f"SELECT value {meter}"),
        ),
        "50 schools x 12 months": (
            0.01,
            lambda: [store.buckets(series, year, END, Step.MONTH) for series in METERS],
            lambda: months_of(peer, year),
        ),
    }


def compare(store: SqliteReadingStore, peer: Plain) -> None:
    print(f"{'':<28}{'here':>10}{'InfluxDB':>12}{'ratio':>9}{'goal':>9}")
    for name, (goal, here, there) in cases(store, peer).items():
        times: dict[Callable[[], object], list[float]] = {here: [], there: []}
        for _ in range(ROUNDS):
            for run, kept in times.items():
                start = time.perf_counter()
                run()
                kept.append((time.perf_counter() - start) * 1000)
        a, b = (statistics.median(kept) for kept in times.values())
        said = "" if a / b <= goal else "  missed"
        print(f"{name:<28}{a:>7.2f} ms{b:>9.2f} ms{a / b:>8.3f}x{goal:>8.2f}x{said}")


def size_of(folder: Path, pattern: str = "*") -> int:
    return sum(path.stat().st_size for path in folder.rglob(pattern) if path.is_file())


def settled(folder: Path) -> int:
    """The size of a folder's blocks when it has stopped changing for five seconds; not what InfluxDB sets apart ahead."""
    sizes = [size_of(folder, "*.tsm")]
    while len(sizes) < 6 or len(set(sizes[-6:])) > 1:
        time.sleep(1)
        sizes.append(size_of(folder, "*.tsm"))
        if len(sizes) > 90:
            break
    return sizes[-1]


def fill(store: SqliteReadingStore, peer: Plain) -> int:
    """Write the same readings to both; return how many."""
    chance = random.Random(1)
    count, ours, theirs = 0, 0.0, 0.0
    for make, many in ((meter, METERS), (room, ROOMS)):
        for series in many:
            points = make(series, chance)
            count += len(points)
            start = time.perf_counter()
            store.write(points)
            between = time.perf_counter()
            for at in range(0, len(points), 5_000):
                peer.write(points[at : at + 5_000])
            ours += between - start
            theirs += time.perf_counter() - between
    start = time.perf_counter()
    store.refresh()
    refreshed = time.perf_counter()
    store.seal()
    sealed = time.perf_counter()
    print(
        f"{count:,} readings: written here in {ours:.1f} s, rolled up in {refreshed - start:.1f} s,"
        f" sealed in {sealed - refreshed:.1f} s; InfluxDB took {theirs:.1f} s"
    )
    return count


def weigh(store: SqliteReadingStore, ours: Path, theirs: Path, count: int) -> None:
    connection = store.connection()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    sealed, held = connection.execute("SELECT SUM(LENGTH(points)), SUM(count) FROM sealed").fetchone()
    peer = settled(theirs / "data") / count
    for name, size, goal in (("sealed readings", sealed / held, 0.7), ("the whole file", size_of(ours) / count, 1.2)):
        said = "" if size / peer <= goal else "  missed"
        print(f"{'disk, ' + name:<28}{size:>8.2f} B{peer:>10.2f} B{size / peer:>9.3f}x{goal:>8.2f}x{said}")
    print(f"({held / count:.0%} of the readings are older than two days, and sealed)")


def main() -> None:
    with tempfile.TemporaryDirectory() as place, mock.patch.dict("os.environ", COMPACT_SOON):
        ours, theirs = Path(place) / "sqlite", Path(place) / "influx"
        theirs.mkdir()
        store = SqliteReadingStore(ours / "readings.sqlite")
        try:
            with servers.influxd(theirs) as url:
                peer = Plain(url)
                count = fill(store, peer)
                settled(theirs / "data")
                compare(store, peer)
                weigh(store, ours, theirs, count)
        except servers.MissingServerError as missing:
            print(f"{missing} is not installed; nothing to compare with")


if __name__ == "__main__":
    main()
