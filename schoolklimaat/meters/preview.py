"""What an export would do to a connection, before anything is written."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from schoolklimaat.meters.exports import AMOUNTS, ConnectionExport, ExportError, Interval, RejectedRow, read_export_file
from schoolklimaat.meters.exports.plain import REGISTER as PLAIN_REGISTER
from schoolklimaat.meters.models import Carrier, Connection
from sensors.store import Point, Quality, ReadingStore, Series

# Day totals get series of their own, so that quarters and the total of their day can both be kept and neither counts twice.
DAY_TOTAL_SUFFIX: Final = " (dag)"
_LONGER_THAN_HOURS_S: Final = 20 * 3600
_QUALITY: Final = {
    "measured": Quality.MEASURED, "estimated": Quality.ESTIMATED, "no_consumption": Quality.NO_CONSUMPTION,
}  # fmt: skip
_SHOWN_ROWS: Final = 100
_CARRIER_WORDS: Final = {
    Carrier.ELECTRICITY: "elektriciteit", Carrier.GAS: "gas", Carrier.WATER: "water", Carrier.PV: "zonnestroom",
    Carrier.HEAT: "warmte",
}  # fmt: skip
# What the grid operator's file says of a connection of ours.
_METERED_AS: Final = {Carrier.ELECTRICITY: "electricity", Carrier.PV: "electricity", Carrier.GAS: "gas"}
Progress = Callable[[float], None]


class ImportRefusedError(Exception):
    """An export that does not belong here, or that needs a decision first; the message says what to do."""


class NewRun(NamedTuple):
    """New points of a series, one after the other with nothing stored between them; both ends in ms UTC, included."""

    channel: str
    quantity: str
    first_ms: int
    last_ms: int


@dataclass(slots=True)
class Preview:
    """What an import would do; `conflicts` and `rejected_rows` hold the first hundred, the counts all.

    `replaced` are the stored points that differ from the file's; `new_runs` is what undoing would take away.
    """

    new: int = 0
    identical: int = 0
    conflicting: int = 0
    rejected: int = 0
    ignored: int = 0
    first_ms: int | None = None
    last_ms: int | None = None
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    rejected_rows: list[RejectedRow] = field(default_factory=list)
    replaced: list[Point] = field(default_factory=list)
    new_runs: list[NewRun] = field(default_factory=list)

    def report(self) -> dict[str, Any]:
        """Return what is kept with the import, as JSON."""
        return {
            "ignored": self.ignored, "first_ms": self.first_ms, "last_ms": self.last_ms, "conflicts": self.conflicts,
            "rejected_rows": [list(row) for row in self.rejected_rows],
        }  # fmt: skip


def read_for(
    connection: Connection, path: Path, name: str, progress: Progress | None = None
) -> tuple[list[Point], Preview]:
    """Read a file as an export of this connection; raises `ExportError` or `ImportRefusedError`."""
    try:
        export = read_export_file(path, progress)
    except ExportError as problem:
        raise ExportError(str(problem).replace(path.name, name)) from problem
    shown = export.rejected[:_SHOWN_ROWS]
    preview = Preview(rejected=len(export.rejected), ignored=export.ignored, rejected_rows=shown)
    part = _own_part(connection, export.connections, name)
    return list(_points_of(connection, part.intervals if part else [])), preview


def _own_part(connection: Connection, parts: list[ConnectionExport], name: str) -> ConnectionExport | None:
    """Return the part of a file that is this connection's; refuses a file of another, or of several at once."""
    if not parts:
        return None
    if len(parts) > 1:
        eans = ", ".join(part.ean or "?" for part in parts)
        raise ImportRefusedError(
            f"{name} bevat {len(parts)} aansluitingen: {eans}. Maak per aansluiting een bestand"
            " en importeer elk bij zijn eigen aansluiting."
        )
    ean, carrier = parts[0].ean, parts[0].carrier
    if ean is not None and ean != connection.ean:
        raise ImportRefusedError(
            f"{name} is van aansluiting {ean}, niet van {connection.ean} ({connection.name})."
            " Kies de juiste aansluiting, of download de export van deze."
        )
    if carrier is None and connection.carrier is Carrier.WATER:
        raise ImportRefusedError(f"{name} is in kWh, maar {connection.name} is een aansluiting voor water.")
    if carrier is not None and carrier != _METERED_AS.get(connection.carrier):
        raise ImportRefusedError(
            f"{name} gaat over {_CARRIER_WORDS[Carrier(carrier)]}, maar {connection.name} is een aansluiting voor"
            f" {_CARRIER_WORDS[connection.carrier]}. Kies de juiste aansluiting."
        )
    return parts[0]


def _points_of(connection: Connection, intervals: Iterable[Interval]) -> Iterator[Point]:
    series: dict[tuple[str, str, bool], Series] = {}
    for one in intervals:
        is_day = one.duration_s > _LONGER_THAN_HOURS_S
        key = (one.register, one.quantity, is_day)
        if key not in series:
            channel = f"{one.register}{DAY_TOTAL_SUFFIX}" if is_day else one.register
            # A plain file says no direction; beside solar panels it can only be what they gave.
            is_yield = connection.carrier is Carrier.PV and one.register == PLAIN_REGISTER
            quantity = "production_energy" if is_yield else one.quantity
            series[key] = Series(connection.source, channel, quantity)
        yield Point(series[key], one.start_ms, one.value, one.duration_s, _QUALITY[one.quality])


def is_day_total(channel: str) -> bool:
    """Say whether a series holds day totals, which count only where nothing finer is known."""
    return channel.endswith(DAY_TOTAL_SUFFIX)


def compare(store: ReadingStore, points: list[Point], preview: Preview) -> None:
    """Count into the preview what is new, identical and conflicting, and keep what an import would replace."""
    by_series: dict[Series, list[Point]] = defaultdict(list)
    for point in points:
        by_series[point.series].append(point)
    for series, own in by_series.items():
        own.sort(key=lambda point: point.time_ms)
        stored = store.points(series, own[0].time_ms, own[-1].time_ms + 1)
        held = {known.time_ms: known for known in stored}
        new = []
        for point in own:
            known = held.get(point.time_ms)
            if known is None:
                preview.new += 1
                new.append(point.time_ms)
            elif known == point:
                preview.identical += 1
            else:
                _conflict(preview, known, point)
        preview.new_runs += _runs(series, new, [known.time_ms for known in stored])
    if points:
        preview.first_ms = min(point.time_ms for point in points)
        preview.last_ms = max(point.time_ms + point.duration_s * 1000 for point in points)


def _conflict(preview: Preview, known: Point, point: Point) -> None:
    preview.conflicting += 1
    preview.replaced.append(known)
    if len(preview.conflicts) < _SHOWN_ROWS:
        preview.conflicts.append(
            {"register": point.series.channel, "unit": AMOUNTS[point.series.quantity], "time_ms": point.time_ms,
             "stored": known.value, "file": point.value, "stored_estimated": known.quality is Quality.ESTIMATED,
             "file_estimated": point.quality is Quality.ESTIMATED}
        )  # fmt: skip


def _runs(series: Series, new: list[int], stored: list[int]) -> Iterator[NewRun]:
    """Yield the new times in runs between which nothing is stored; all lists ascend."""
    first = last = None
    for at in new:
        if first is None or last is None:
            first = last = at
        elif bisect_right(stored, last) == bisect_left(stored, at):
            last = at
        else:
            yield NewRun(series.channel, series.quantity, first, last)
            first = last = at
    if first is not None and last is not None:
        yield NewRun(series.channel, series.quantity, first, last)
