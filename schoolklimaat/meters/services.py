"""Connections, and bringing consumption exports in: writing what a preview showed, and undoing it.

A value that an import replaces is kept with that import before the store is touched, so nothing is lost whatever
happens in between, and undoing gives it back.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from sqlalchemy import select

from schoolklimaat.core.audit import record as record_in_trail
from schoolklimaat.core.db import db
from schoolklimaat.meters.models import Carrier, Connection, ConsumptionImport, ImportState, Register, ReplacedValue
from schoolklimaat.meters.preview import Preview, Progress
from schoolklimaat.schools.models import School
from sensors.store import Conflict, Point, Quality, ReadingStore, Series

_WRITTEN_AT_ONCE: Final = 20_000
# More runs than this are a file full of holes; keeping them all would cost more than undoing is worth.
_MOST_RUNS: Final = 5_000


def find_connection(slug: str, ean: str) -> Connection | None:
    """Return the connection of a URL."""
    return db.session.scalar(
        select(Connection).join(Connection.school).where(School.slug == slug, Connection.ean == ean)
    )


def add_connection(school: School, ean: str, carrier: Carrier, name: str) -> Connection | None:
    """Add a connection; None when its EAN is taken, by this school or another."""
    if db.session.scalar(select(Connection.id).where(Connection.ean == ean)) is not None:
        return None
    connection = Connection(school=school, ean=ean, carrier=carrier, name=name.strip())
    db.session.add(connection)
    db.session.flush()
    record_in_trail("connection.add", f"connection:{connection.id}", school_id=school.id)
    return connection


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
        select(ConsumptionImport)
        .where(
            ConsumptionImport.connection_id == connection.id,
            ConsumptionImport.sha256 == sha256,
            ConsumptionImport.state == ImportState.DONE,
        )
        .limit(1)
    )


def prepare_writing(record: ConsumptionImport, points: Iterable[Point], preview: Preview, *, replace: bool) -> None:
    """Keep what the import is about to replace and add; the caller commits this before `write_points`."""
    record.state, record.progress = ImportState.WRITING, 0.0
    record.new, record.identical = preview.new, preview.identical
    record.conflicting, record.rejected = preview.conflicting, preview.rejected
    report = preview.report() | {"replaced": replace}
    if len(preview.new_runs) <= _MOST_RUNS:
        report["new_runs"] = [list(run) for run in preview.new_runs]
    record.report = report
    db.session.add(record)
    db.session.flush()
    if replace:
        db.session.add_all(
            ReplacedValue(
                import_id=record.id, channel=old.series.channel, quantity=old.series.quantity, time_ms=old.time_ms,
                duration_s=old.duration_s, value=old.value, quality=int(old.quality),
            )
            for old in preview.replaced
        )  # fmt: skip
    _remember_registers(record.connection, points)


def write_points(store: ReadingStore, points: list[Point], *, replace: bool, progress: Progress | None = None) -> None:
    """Write an import's points; without `replace` values that differ stay as they are. Raises `StoreError`."""
    for at in range(0, len(points), _WRITTEN_AT_ONCE):
        store.write(points[at : at + _WRITTEN_AT_ONCE], Conflict.REPLACE if replace else Conflict.KEEP)
        if progress is not None:
            progress(min(1.0, (at + _WRITTEN_AT_ONCE) / len(points)))


def _remember_registers(connection: Connection, points: Iterable[Point]) -> None:
    known = {(register.channel, register.quantity) for register in connection.registers}
    for series in dict.fromkeys(point.series for point in points):
        if (series.channel, series.quantity) not in known:
            connection.registers.append(Register(channel=series.channel, quantity=series.quantity))


def is_undoable(record: ConsumptionImport) -> bool:
    """Say whether an import can be taken back: only the newest one, or what a later import built on would go too."""
    if record.state is not ImportState.DONE and not is_partly_written(record):
        return False
    later = db.session.scalar(
        select(ConsumptionImport.id)
        .where(
            ConsumptionImport.connection_id == record.connection_id,
            ConsumptionImport.id > record.id,
            ConsumptionImport.state.in_([ImportState.DONE, ImportState.WRITING]),
        )
        .limit(1)
    )
    return later is None and "new_runs" in record.report


def is_partly_written(record: ConsumptionImport) -> bool:
    """Say whether an import failed after it had begun to write."""
    return record.state is ImportState.FAILED and bool(record.report.get("partly"))


def undo_import(store: ReadingStore, record: ConsumptionImport) -> None:
    """Take away what an import added and give back what it replaced; raises `StoreError`. Safe to repeat."""
    source = record.connection.source
    for channel, quantity, first_ms, last_ms in record.report["new_runs"]:
        store.delete(Series(source, channel, quantity), first_ms, last_ms + 1)
    kept = db.session.scalars(select(ReplacedValue).where(ReplacedValue.import_id == record.id))
    store.write(
        [
            Point(
                Series(source, old.channel, old.quantity), old.time_ms, old.value, old.duration_s, Quality(old.quality)
            )
            for old in kept
        ],
        Conflict.REPLACE,
    )
    record.state = ImportState.UNDONE


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
