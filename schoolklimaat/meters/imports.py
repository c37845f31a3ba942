"""Imports that are uploaded: read and written by the worker, step by step, so that a page can show how far it is."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import FileStorage

from schoolklimaat.core.clock import now
from schoolklimaat.core.context import settings
from schoolklimaat.core.db import db
from schoolklimaat.core.jobs import enqueue, task
from schoolklimaat.meters.exports import ExportError
from schoolklimaat.meters.models import Connection, ConsumptionImport, ImportState
from schoolklimaat.meters.preview import ImportRefusedError, compare, read_for
from schoolklimaat.meters.readings import store
from schoolklimaat.meters.services import (
    digest_of,
    earlier_import,
    is_undoable,
    prepare_writing,
    undo_import,
    write_points,
)
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import School
from sensors.store import StoreError

_BUSY: Final = frozenset({ImportState.READING, ImportState.WRITING})
# A worker that was stopped halfway does not come back to a job; after this a person may ask for it again.
_STUCK_AFTER: Final = timedelta(minutes=10)


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
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    upload.save(path)
    path.chmod(0o600)
    record.sha256 = digest_of(path)
    enqueue(read_upload, record.id)
    return record


def confirm_import(record: ConsumptionImport, *, replace: bool) -> None:
    """Let the worker write an import that was looked at."""
    if record.state is ImportState.PREVIEW:
        record.state, record.progress = ImportState.WRITING, 0.0
        record.report = {**record.report, "replaced": replace}
        enqueue(write_upload, record.id)


def cancel_import(record: ConsumptionImport) -> None:
    """Throw an import away that was not written."""
    if record.state is ImportState.PREVIEW:
        _upload_path(record.id).unlink(missing_ok=True)
        db.session.delete(record)


def take_back(record: ConsumptionImport) -> None:
    """Let the worker undo an import."""
    if is_undoable(record):
        enqueue(undo_upload, record.id)


def is_stuck(record: ConsumptionImport) -> bool:
    """Say whether an import has been busy for so long that its worker must have been stopped."""
    return record.state in _BUSY and now() - record.created_at > _STUCK_AFTER


def try_again(record: ConsumptionImport) -> None:
    """Let the worker do the step once more that it was stopped in; every step is safe to repeat."""
    if is_stuck(record):
        enqueue(read_upload if record.state is ImportState.READING else write_upload, record.id)


@task
def read_upload(import_id: int) -> None:
    """Read an upload and say what it would do."""
    record = db.session.get_one(ConsumptionImport, import_id)
    if record.state is not ImportState.READING:
        return
    try:
        points, preview = read_for(record.connection, _upload_path(import_id), record.file_name, _Telling(record))
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
def write_upload(import_id: int) -> None:
    """Write an upload, after looking at it once more: what is stored may have changed since."""
    record = db.session.get_one(ConsumptionImport, import_id)
    if record.state is not ImportState.WRITING:
        return
    replace = bool(record.report.get("replaced"))
    try:
        points, preview = read_for(record.connection, _upload_path(import_id), record.file_name)
        compare(store(), points, preview)
    except (ExportError, ImportRefusedError, StoreError) as problem:
        _fail(record, str(problem))
        return
    prepare_writing(record, points, preview, replace=replace)
    db.session.commit()
    try:
        write_points(store(), points, replace=replace, progress=_Telling(record))
    except StoreError as problem:
        record.report = {**record.report, "partly": True}
        _fail(record, str(problem))
        return
    record.state, record.progress = ImportState.DONE, 1.0
    _upload_path(import_id).unlink(missing_ok=True)


@task
def undo_upload(import_id: int) -> None:
    """Undo an import, if it still can be."""
    record = db.session.get_one(ConsumptionImport, import_id)
    if is_undoable(record):
        undo_import(store(), record)


def _fail(record: ConsumptionImport, problem: str) -> None:
    record.state, record.problem = ImportState.FAILED, problem[:1000]
    _upload_path(record.id).unlink(missing_ok=True)


class _Telling:
    """Writes progress down for the page to see, at most every tenth part."""

    def __init__(self, record: ConsumptionImport) -> None:
        self._record = record
        self._told = 0.0

    def __call__(self, share: float) -> None:
        if share - self._told >= 0.1:  # noqa: PLR2004 - tenths
            self._told = self._record.progress = share
            db.session.commit()
