"""Imports that are uploaded: read and written by the worker, step by step, so that a page can show how far it is."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import FileStorage

from schoolklimaat.core.context import settings
from schoolklimaat.core.db import db
from schoolklimaat.core.jobs import enqueue, task
from schoolklimaat.meters.exports import ExportError
from schoolklimaat.meters.models import Connection, ConsumptionImport, ImportState
from schoolklimaat.meters.readings import store
from schoolklimaat.meters.services import (
    ImportRefusedError,
    compare,
    digest_of,
    earlier_import,
    points_of,
    read_for,
    write_import,
)
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import School
from sensors.store import StoreError


def _upload_path(import_id: int) -> Path:
    return settings().data / "uploads" / f"{import_id}"


def find_import(slug: str, ean: str, number: int) -> ConsumptionImport | None:
    """Return the import of a URL."""
    return db.session.scalar(
        select(ConsumptionImport)
        .join(ConsumptionImport.connection)
        .join(Connection.school)
        .where(School.slug == slug, Connection.ean == ean, ConsumptionImport.id == number)
        .options(joinedload(ConsumptionImport.connection).joinedload(Connection.school))
    )


def begin_import(connection: Connection, upload: FileStorage, account: Account | None) -> ConsumptionImport:
    """Keep an uploaded file and let the worker read it."""
    record = ConsumptionImport(
        connection=connection, account=account, file_name=Path(upload.filename or "export").name[:255], sha256="",
        state=ImportState.READING,
    )  # fmt: skip
    db.session.add(record)
    db.session.flush()
    path = _upload_path(record.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    upload.save(path)
    path.chmod(0o600)
    record.sha256 = digest_of(path)
    enqueue(read_upload, record.id)
    return record


def confirm_import(record: ConsumptionImport, *, replace: bool) -> None:
    """Let the worker write an import that was looked at."""
    if record.state is not ImportState.PREVIEW:
        return
    record.state, record.progress = ImportState.WRITING, 0.0
    enqueue(write_upload, record.id, replace)


def cancel_import(record: ConsumptionImport) -> None:
    """Throw an import away that was not written."""
    if record.state in {ImportState.PREVIEW, ImportState.FAILED}:
        _upload_path(record.id).unlink(missing_ok=True)
        db.session.delete(record)


@task
def read_upload(import_id: int) -> None:
    """Read an upload and say what it would do."""
    record = db.session.get_one(ConsumptionImport, import_id)
    try:
        intervals, preview = read_for(record.connection, _upload_path(import_id), record.file_name, _telling(record))
        points = list(points_of(record.connection, intervals))
        compare(store(), points, preview)
    except (ExportError, ImportRefusedError, StoreError) as problem:
        _fail(record, str(problem))
        return
    record.new, record.identical = preview.new, preview.identical
    record.conflicting, record.rejected = preview.conflicting, preview.rejected
    record.report = preview.report()
    if not points:
        _fail(record, f"{record.file_name}: geen enkele rij kon gebruikt worden. Hieronder staat per regel waarom.")
        return
    known = earlier_import(record.connection, record.sha256)
    record.report = {**record.report, "seen_before": known is not None}
    record.state, record.progress = ImportState.PREVIEW, 1.0


@task
def write_upload(import_id: int, replace: bool) -> None:
    """Write an upload, after looking at it once more: what is stored may have changed since."""
    record = db.session.get_one(ConsumptionImport, import_id)
    try:
        intervals, preview = read_for(record.connection, _upload_path(import_id), record.file_name)
        points = list(points_of(record.connection, intervals))
        replaced = compare(store(), points, preview)
        write_import(store(), record, points, preview, replaced, replace=replace, progress=_telling(record))
    except (ExportError, ImportRefusedError, StoreError) as problem:
        db.session.rollback()
        _fail(db.session.get_one(ConsumptionImport, import_id), str(problem))
        return
    record.report = {**record.report, "replaced": replace}
    _upload_path(import_id).unlink(missing_ok=True)


def _fail(record: ConsumptionImport, problem: str) -> None:
    record.state, record.problem = ImportState.FAILED, problem[:1000]
    _upload_path(record.id).unlink(missing_ok=True)


class _telling:  # noqa: N801 - a function with a memory
    """Writes progress down for the page to see, at most every tenth part."""

    def __init__(self, record: ConsumptionImport) -> None:
        self._record = record

    def __call__(self, share: float) -> None:
        if share - self._record.progress >= 0.1 and self._record.state is ImportState.READING:  # noqa: PLR2004 - tenths
            self._record.progress = share
            db.session.commit()
