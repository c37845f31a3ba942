"""The embedded store's chart queries against the same on Debian's InfluxDB 1.6 over HTTP, in turn, in one run."""

import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sensors.periods import BRUSSELS, HOUR_MS, Step, day_start_ms, to_ms
from sensors.store import Point, Series
from sensors.store.influx import InfluxReadingStore, _line
from sensors.store.sqlite import SqliteReadingStore
from tests import servers

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
QUARTER_MS = 900_000
YEAR_SERIES = [Series(f"ean:{number:018d}", "Afname", "offtake_energy") for number in range(20)]
ROOM_SERIES = [Series(f"kit-{number}", "", "co2") for number in range(50)]
ROUNDS = 9


def points() -> list[Point]:
    chance = random.Random(1)
    end = to_ms(NOW)
    start = end - 400 * 24 * HOUR_MS
    made = [
        Point(series, at, round(chance.uniform(0.2, 9), 3), 900)
        for series in YEAR_SERIES
        for at in range(start, end, QUARTER_MS)
    ]
    week = end - 7 * 24 * HOUR_MS
    return made + [
        Point(series, at, float(chance.randrange(400, 1600)))
        for series in ROOM_SERIES
        for at in range(week, end, 60_000)
    ]


def cases(store):
    today = NOW.astimezone(BRUSSELS).date()
    end = to_ms(NOW)
    year = day_start_ms(today - timedelta(days=365))
    sources = [series.source for series in ROOM_SERIES]
    one, room = YEAR_SERIES[0], ROOM_SERIES[0]
    return {
        "latest value of 50 series": (0.5, lambda: store.latest(sources)),
        "a day at 1 minute": (0.5, lambda: store.buckets(room, end - 24 * HOUR_MS, end, Step.MINUTE)),
        "a week by the hour": (0.3, lambda: store.buckets(room, end - 7 * 24 * HOUR_MS, end, Step.HOUR)),
        "a year of local-day sums": (0.15, lambda: store.buckets(one, year, end, Step.DAY)),
        "carpet, 365 x 96 quarters": (0.05, lambda: store.points(one, year, end)),
        "20 meters x 12 months": (
            0.01,
            lambda: [store.buckets(series, year, end, Step.MONTH) for series in YEAR_SERIES],
        ),
    }


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    made = points()
    with tempfile.TemporaryDirectory() as place:
        ours_folder, theirs_folder = Path(place) / "sqlite", Path(place) / "influx"
        theirs_folder.mkdir()
        ours = SqliteReadingStore(ours_folder / "readings.sqlite")
        began = time.monotonic()
        ours.write(sorted(made))
        ours.refresh()
        print(f"{len(made):,} readings; written and rolled up here in {time.monotonic() - began:.1f} s")
        with servers.influxd(theirs_folder) as url:
            theirs = InfluxReadingStore(url)
            theirs.prepare()
            for at in range(0, len(made), 5_000):
                theirs._post_lines([_line(point) for point in made[at : at + 5_000]])
            ours.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            time.sleep(3)
            print(f"{'':<28}{'here':>10}{'InfluxDB':>12}{'ratio':>9}{'goal':>9}")
            ours_cases, theirs_cases = cases(ours), cases(theirs)
            for name, (goal, here) in ours_cases.items():
                there = theirs_cases[name][1]
                times: tuple[list[float], list[float]] = ([], [])
                for _ in range(ROUNDS):
                    for run, kept in ((here, times[0]), (there, times[1])):
                        start = time.perf_counter()
                        run()
                        kept.append((time.perf_counter() - start) * 1000)
                a, b = (statistics.median(kept) for kept in times)
                print(f"{name:<28}{a:>7.2f} ms{b:>9.2f} ms{a / b:>8.3f}x{goal:>8.2f}x")
            bytes_here, bytes_there = size_of(ours_folder) / len(made), size_of(theirs_folder / "data") / len(made)
            wal = size_of(theirs_folder / "wal") / len(made)
            print(
                f"disk per reading: {bytes_here:.1f} B here, rollups included; InfluxDB {bytes_there + wal:.1f} B, log included"
            )


if __name__ == "__main__":
    main()
