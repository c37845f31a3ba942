"""`schoolklimaat readings`: raw readings, as they are stored."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from schoolklimaat.settings import Settings
from sensors.capture import written
from sensors.periods import from_ms, to_ms
from sensors.quantities import QUANTITIES
from sensors.store import Point, ReadingStore
from sensors.store.opening import open_store

NAME = "readings"
HELP = "toont bewaarde metingen van een kit of aansluiting (ean:…)"
_BEGINNING = datetime(2010, 1, 1, tzinfo=UTC)
_END = datetime(2100, 1, 1, tzinfo=UTC)
_BRUSSELS = ZoneInfo("Europe/Brussels")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the kit, and which of its readings."""
    parser.add_argument("kit", metavar="KIT", help="id van de kit, of ean:<EAN>")
    parser.add_argument("channel", nargs="?", metavar="CHANNEL", help="enkel dit kanaal")
    parser.add_argument("--from", dest="start", metavar="T", help="vanaf, zoals 2026-01-31 of 2026-01-31T08:00:00Z")
    parser.add_argument("--to", dest="end", metavar="T", help="tot (niet inbegrepen)")
    parser.add_argument("--json", action="store_true", help="één JSON-object per regel")
    parser.add_argument("--count", action="store_true", help="enkel het aantal")


def run(arguments: argparse.Namespace) -> int:
    """Print readings by channel, quantity and time; 1 for an unknown kit or a time that is none."""
    try:
        start = to_ms(_moment(arguments.start)) if arguments.start else to_ms(_BEGINNING)
        end = to_ms(_moment(arguments.end)) if arguments.end else to_ms(_END)
    except ValueError as problem:
        print(f"schoolklimaat readings: {problem}", file=sys.stderr)
        return 1
    store = open_store(Settings.from_environ().readings_url)
    known = store.series(arguments.kit)
    if not known:
        print(f"schoolklimaat readings: van {arguments.kit!r} is nog niets bewaard. Kijk de id na.", file=sys.stderr)
        return 1
    if arguments.channel is not None and all(series.channel != arguments.channel for series in known):
        channels = ", ".join(sorted({series.channel or "(zonder naam)" for series in known}))
        print(f"schoolklimaat readings: kanaal {arguments.channel!r} is er niet; wel: {channels}.", file=sys.stderr)
        return 1
    points = _points(store, arguments, start, end)
    if arguments.count:
        print(sum(1 for _ in points))
        return 0
    for point in points:
        _show(point, as_json=arguments.json)
    return 0


def _points(store: ReadingStore, arguments: argparse.Namespace, start: int, end: int) -> Iterator[Point]:
    for point in store.scan(arguments.kit, start, end):
        if arguments.channel is None or point.series.channel == arguments.channel:
            yield point


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is geen tijd; schrijf ze als 2026-01-31 of 2026-01-31T08:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=_BRUSSELS)


def _show(point: Point, *, as_json: bool) -> None:
    told = {
        "time": written(from_ms(point.time_ms)),
        "channel": point.series.channel or None,
        "quantity": point.series.quantity,
        "value": point.value,
        "unit": QUANTITIES[point.series.quantity].unit,
        "quality": point.quality.name.lower(),
    }
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\t".join("" if value is None else str(value) for value in told.values()) + "\n")
