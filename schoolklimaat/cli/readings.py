"""`schoolklimaat readings`: raw readings, as they are stored."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from schoolklimaat.settings import Settings
from sensors.capture import written
from sensors.periods import BRUSSELS, from_ms, to_ms
from sensors.quantities import QUANTITIES
from sensors.store import Point, ReadingStore, Series
from sensors.store.opening import open_store

NAME = "readings"
HELP = "toont bewaarde metingen van een kit of aansluiting (ean:…)"
_BEGINNING = datetime(2010, 1, 1, tzinfo=UTC)
_END = datetime(2100, 1, 1, tzinfo=UTC)
_PAGE = 20_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the kit, and which of its readings."""
    parser.add_argument("kit", metavar="KIT", help="id van de kit, of ean:<EAN>")
    parser.add_argument("channel", nargs="?", metavar="CHANNEL", help="enkel dit kanaal")
    parser.add_argument("--from", dest="start", metavar="T", help="vanaf, zoals 2026-01-31 of 2026-01-31T08:00:00Z")
    parser.add_argument("--to", dest="end", metavar="T", help="tot (niet inbegrepen)")
    parser.add_argument("--json", action="store_true", help="één JSON-object per regel")
    parser.add_argument("--count", action="store_true", help="enkel het aantal")


def run(arguments: argparse.Namespace) -> int:
    """Print readings by channel, quantity and time; 1 for an unknown kit or channel, or a time that is none."""
    try:
        start = _instant(arguments.start, _BEGINNING)
        end = _instant(arguments.end, _END)
    except ValueError as problem:
        return _refuse(str(problem))
    if end < start:
        return _refuse(f"--to {arguments.end} ligt voor --from {arguments.start}. Wissel ze om.")
    store = open_store(Settings.from_environ().readings_url, read_only=True)
    try:
        return _tell(store, arguments, start, end)
    finally:
        store.close()


def _tell(store: ReadingStore, arguments: argparse.Namespace, start: int, end: int) -> int:
    known = store.series(arguments.kit)
    if not known:
        return _refuse(f"van {arguments.kit!r} is nog niets bewaard. Kijk de id na.")
    asked = [series for series in known if arguments.channel in {None, series.channel}]
    if not asked:
        channels = ", ".join(sorted({series.channel or "(zonder naam)" for series in known}))
        return _refuse(f"kanaal {arguments.channel!r} is er niet; wel: {channels}.")
    points = _points(store, asked, start, end)
    if arguments.count:
        print(sum(1 for _ in points))
        return 0
    for point in points:
        _show(point, as_json=arguments.json)
    return 0


def _points(store: ReadingStore, asked: list[Series], start: int, end: int) -> Iterator[Point]:
    for series in asked:
        at = start
        while page := store.points(series, at, end, _PAGE):
            yield from page
            at = page[-1].time_ms + 1


def _instant(text: str | None, default: datetime) -> int:
    """Read a moment, by the clock in Brussels where it names no zone; raises ValueError."""
    if text is None:
        return to_ms(default)
    try:
        moment = datetime.fromisoformat(text)
        return to_ms(moment if moment.tzinfo else moment.replace(tzinfo=BRUSSELS))
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is geen tijd; schrijf ze als 2026-01-31 of 2026-01-31T08:00:00Z") from None


def _refuse(why: str) -> int:
    print(f"schoolklimaat readings: {why}", file=sys.stderr)
    return 1


def _show(point: Point, *, as_json: bool) -> None:
    quantity = QUANTITIES.get(point.series.quantity)
    told = {
        "time": written(from_ms(point.time_ms)),
        "channel": point.series.channel or None,
        "quantity": point.series.quantity,
        "value": point.value,
        "unit": quantity.unit if quantity is not None else None,
        "quality": point.quality.name.lower(),
    }
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\t".join("" if value is None else str(value) for value in told.values()) + "\n")
