"""Writing a judged table as one batch, and undoing it as a whole: what is used meanwhile stays and is named."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from schoolklimaat.core import audit
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.core.references import uses_of
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import BatchKind, ImportBatch, Invitation, School, Site
from schoolklimaat.schools.services.invitations import invite, revoke_invitation
from schoolklimaat.schools.services.joining import free_school_slug
from schoolklimaat.schools.services.judging import Judged, RowState, counts_of
from schoolklimaat.schools.services.structure import board_named


def write_schools(rows: Sequence[Judged], file_name: str, by: Account) -> ImportBatch:
    """Make the new schools of a table, each with its board and a first site."""
    created = []
    for row in rows:
        if row.state is not RowState.NEW:
            continue
        said = dict(row.said)
        board_name, board_kbo = said.pop("board_name"), said.pop("board_kbo")
        school = School(slug=free_school_slug(said["name"]), **said)
        school.board = board_named(board_name, board_kbo) if board_name else None
        db.session.add_all([school, Site(school=school, name=_("Hoofdvestiging"))])
        db.session.flush()
        created.append(school.id)
    return _kept(BatchKind.SCHOOLS, None, created, rows, file_name=file_name, by=by)


def write_staff(school: School, rows: Sequence[Judged], file_name: str, by: Account) -> ImportBatch:
    """Invite the new people of a table."""
    created = [
        invite(row.said["email"], row.said["role"], school=school, by=by).id
        for row in rows
        if row.state is RowState.NEW
    ]
    return _kept(BatchKind.STAFF, school, created, rows, file_name=file_name, by=by)


def _kept(
    kind: BatchKind, school: School | None, created: list[int], rows: Sequence[Judged], *, file_name: str, by: Account
) -> ImportBatch:
    batch = ImportBatch(
        kind=kind, school=school, account_id=by.id, file_name=file_name[:255], created=created, counts=counts_of(rows)
    )
    db.session.add(batch)
    db.session.flush()
    audit.record("batch.write", f"import_batch:{batch.id}", school_id=school.id if school else None, made=len(created))
    return batch


def find_school_batch(number: int) -> ImportBatch | None:
    """Return the import of schools of a URL."""
    return _find(ImportBatch.id == number, ImportBatch.kind == BatchKind.SCHOOLS)


def find_staff_batch(slug: str, number: int) -> ImportBatch | None:
    """Return the import of a school's staff of a URL."""
    at = select(School.id).where(School.slug == slug).scalar_subquery()
    return _find(ImportBatch.id == number, ImportBatch.kind == BatchKind.STAFF, ImportBatch.school_id == at)


def _find(*where: object) -> ImportBatch | None:
    wanted = select(ImportBatch).where(*where)  # type: ignore[arg-type]
    return db.session.scalar(wanted.options(joinedload(ImportBatch.school), joinedload(ImportBatch.account)))


def batches_of(kind: BatchKind, school: School | None = None) -> list[ImportBatch]:
    """Return the last ten imports, newest first."""
    at = ImportBatch.school_id == school.id if school else ImportBatch.school_id.is_(None)
    wanted = select(ImportBatch).where(ImportBatch.kind == kind, at).order_by(ImportBatch.id.desc()).limit(10)
    return list(db.session.scalars(wanted))


def made_by(batch: ImportBatch) -> list[tuple[str, str]]:
    """Return what a batch made and is still there: a name, and the school's slug for its link (else empty)."""
    if batch.kind is BatchKind.SCHOOLS:
        rows = db.session.execute(
            select(School.name, School.slug).where(School.id.in_(batch.created)).order_by(School.name)
        )
        return [(name, slug) for name, slug in rows]
    waiting = select(Invitation.email).where(Invitation.id.in_(batch.created), Invitation.revoked_at.is_(None))
    return [(email, "") for email in db.session.scalars(waiting.order_by(Invitation.email))]


def undo(batch: ImportBatch) -> list[str]:
    """Take back what a batch made, and return the names of what stays because it is used meanwhile."""
    kept = _undo_schools(batch) if batch.kind is BatchKind.SCHOOLS else _undo_staff(batch)
    batch.undone_at = now()
    audit.record("batch.undo", f"import_batch:{batch.id}", school_id=batch.school_id, kept=len(kept))
    return kept


def _undo_schools(batch: ImportBatch) -> list[str]:
    kept = []
    for school in db.session.scalars(select(School).where(School.id.in_(batch.created)).order_by(School.name)).all():
        sites = db.session.scalars(select(Site).where(Site.school_id == school.id)).all()
        if (
            school.archived_at
            or len(sites) > 1
            or uses_of(school, besides=("site",))
            or any(uses_of(site) for site in sites)
        ):
            kept.append(school.name)
            continue
        db.session.execute(delete(Site).where(Site.school_id == school.id))
        db.session.execute(delete(School).where(School.id == school.id))
    db.session.expire_all()
    return kept


def _undo_staff(batch: ImportBatch) -> list[str]:
    kept = []
    for invitation in db.session.scalars(select(Invitation).where(Invitation.id.in_(batch.created))).all():
        if invitation.used_at is not None:
            kept.append(invitation.email)
        elif invitation.revoked_at is None:
            revoke_invitation(invitation)
    return sorted(kept)
