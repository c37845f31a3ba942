"""Bringing a consumption export in: first what it would do, then doing it, and undoing it.

Nothing is written before a preview said what is new, identical, conflicting and rejected. A value that an import
replaces is kept with that import, so undoing gives it back.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from schoolklimaat.core.db import db
from schoolklimaat.meters.exports import AMOUNTS, ConnectionExport, ExportError, Interval, RejectedRow, read_export_file
from schoolklimaat.meters.models import Carrier, Connection, ConsumptionImport, ImportState, Register, ReplacedValue
from schoolklimaat.schools.models import School
from sensors.store import Conflict, Point, Quality, ReadingStore, Series

_QUALITY: Final = {
    "measured": Quality.MEASURED, "estimated": Quality.ESTIMATED, "no_consumption": Quality.NO_CONSUMPTION,
}  # fmt: skip
_SHOWN_ROWS: Final = 100
_DAY_S: Final = 20 * 3600
Progress = Callable[[float], None]


class ImportRefusedError(Exception):
    """An export that does not belong here, or that needs a decision first; the message says what to do."""


@dataclass(slots=True)
class Preview:
    """What an import would do; `conflicts` and `rejected` hold the first hundred, the counts all."""

    new: int = 0
    identical: int = 0
    conflicting: int = 0
    rejected: int = 0
    ignored: int = 0
    first_ms: int | None = None
    last_ms: int | None = None
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    rejected_rows: list[RejectedRow] = field(default_factory=list)

    def report(self) -> dict[str, Any]:
        """Return what is kept with the import, as JSON."""
        return {
            "ignored": self.ignored, "first_ms": self.first_ms, "last_ms": self.last_ms, "conflicts": self.conflicts,
            "rejected_rows": [list(row) for row in self.rejected_rows],
        }  # fmt: skip


def find_connection(slug: str, ean: str) -> Connection | None:
    """Return the connection of a URL."""
    return db.session.scalar(
        select(Connection).join(Connection.school).where(School.slug == slug, Connection.ean == ean)
    )


def connections_of(school: School) -> list[Connection]:
    """Return the connections of a school, by carrier and name."""
    return list(
        db.session.scalars(
            select(Connection).where(Connection.school_id == school.id).order_by(Connection.carrier, Connection.name)
        )
    )


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def earlier_import(connection: Connection, sha256: str) -> ConsumptionImport | None:
    """Return the finished import of the very same file, if there is one."""
    return db.session.scalar(
        select(ConsumptionImport).where(
            ConsumptionImport.connection_id == connection.id,
            ConsumptionImport.sha256 == sha256,
            ConsumptionImport.state == ImportState.DONE,
        )
    )


def read_for(connection: Connection, path: Path, name: str, progress: Progress | None = None) -> tuple[list[Interval], Preview]:
    """Read a file as an export of this connection; raises `ExportError` or `ImportRefusedError`."""
    try:
        export = read_export_file(path, progress)
    except ExportError as problem:
        raise ExportError(str(problem).replace(path.name, name)) from problem
    preview = Preview(rejected=len(export.rejected), ignored=export.ignored, rejected_rows=export.rejected[:_SHOWN_ROWS])
    chosen = _own_part(connection, export.connections, name)
    return (chosen.intervals if chosen else []), preview


def _own_part(connection: Connection, parts: list[ConnectionExport], name: str) -> ConnectionExport | None:
    """Return the part of a file that is this connection's; refuses a file of another, or of several at once."""
    if not parts:
        return None
    eans = [part.ean for part in parts]
    if len(parts) > 1:
        raise ImportRefusedError(
            f"{name} bevat {len(parts)} aansluitingen: {', '.join(ean or '?' for ean in eans)}. Maak per aansluiting een bestand"
            " en importeer elk bij zijn eigen aansluiting."
        )
    if eans[0] is not None and eans[0] != connection.ean:
        raise ImportRefusedError(
            f"{name} is van aansluiting {eans[0]}, niet van {connection.ean} ({connection.name})."
            " Kies de juiste aansluiting, of download de export van deze."
        )
    carrier = parts[0].carrier
    if carrier is not None and carrier != connection.carrier and connection.carrier in {Carrier.ELECTRICITY, Carrier.GAS}:
        raise ImportRefusedError(f"{name} gaat over {carrier}, maar {connection.name} is {connection.carrier}.")
    return parts[0]


def points_of(connection: Connection, intervals: Iterable[Interval]) -> Iterator[Point]:
    """Turn intervals into points; day totals get registers of their own, so that no day counts twice."""
    for one in intervals:
        channel = f"{one.register} (dag)" if one.duration_s > _DAY_S else one.register
        yield Point(
            Series(connection.source, channel, one.quantity), one.start_ms, one.value, one.duration_s, _QUALITY[one.quality]
        )


def compare(store: ReadingStore, points: list[Point], preview: Preview) -> list[Point]:
    """Count into the preview what is new, identical and conflicting; return the stored values that conflict."""
    stored: dict[tuple[Series, int], Point] = {}
    spans: dict[Series, tuple[int, int]] = {}
    for point in points:
        low, high = spans.get(point.series, (point.time_ms, point.time_ms))
        spans[point.series] = min(low, point.time_ms), max(high, point.time_ms)
    for series, (low, high) in spans.items():
        stored.update({(series, known.time_ms): known for known in store.points(series, low, high + 1)})
    replaced = []
    for point in points:
        known = stored.get((point.series, point.time_ms))
        if known is None:
            preview.new += 1
        elif known == point:
            preview.identical += 1
        else:
            preview.conflicting += 1
            replaced.append(known)
            if len(preview.conflicts) < _SHOWN_ROWS:
                preview.conflicts.append(
                    {"register": point.series.channel, "unit": AMOUNTS[point.series.quantity], "time_ms": point.time_ms,
                     "stored": known.value, "file": point.value}
                )  # fmt: skip
    if points:
        preview.first_ms = min(point.time_ms for point in points)
        preview.last_ms = max(point.time_ms + point.duration_s * 1000 for point in points)
    return replaced


def write_import(
    store: ReadingStore, record: ConsumptionImport, points: list[Point], preview: Preview, replaced: list[Point], *,
    replace: bool, progress: Progress | None = None,
) -> None:  # fmt: skip
    """Write an import's points, keeping what they replace; without `replace` conflicting values stay as they are."""
    db.session.add(record)
    db.session.flush()
    if replace:
        db.session.add_all(
            ReplacedValue(
                import_id=record.id, channel=old.series.channel, quantity=old.series.quantity, time_ms=old.time_ms,
                duration_s=old.duration_s, value=old.value, quality=int(old.quality),
            )
            for old in replaced
        )  # fmt: skip
    _remember_registers(record.connection, points)
    step = 20_000
    for at in range(0, len(points), step):
        store.write(points[at : at + step], Conflict.REPLACE if replace else Conflict.KEEP)
        if progress is not None:
            progress(min(1.0, (at + step) / len(points)))
    record.state = ImportState.DONE
    record.new, record.identical = preview.new, preview.identical
    record.conflicting, record.rejected = preview.conflicting, preview.rejected
    record.report = preview.report()


def _remember_registers(connection: Connection, points: Iterable[Point]) -> None:
    known = {(register.channel, register.quantity) for register in connection.registers}
    for channel, quantity in Counter((point.series.channel, point.series.quantity) for point in points):
        if (channel, quantity) not in known:
            connection.registers.append(Register(channel=channel, quantity=quantity))


def registers_of(connection: Connection, quantity: str) -> list[str]:
    """Return the names of a connection's registers of a quantity."""
    return [register.channel for register in connection.registers if register.quantity == quantity]


def imports_of(connection: Connection, *, page: int, per_page: int) -> list[ConsumptionImport]:
    """Return the imports of a connection, the newest first."""
    return list(
        db.session.scalars(
            select(ConsumptionImport)
            .where(ConsumptionImport.connection_id == connection.id)
            .order_by(ConsumptionImport.id.desc())
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
    )
