"""The audit trail: who saw or changed what that matters. Entries are added, never changed; a school reads its own.

An entry names people by kind and number (`staff:3`, `pupil:12`), never by name, so that deleting a person leaves the
trail whole and harmless.
"""

from datetime import datetime
from typing import Any

from flask import has_request_context
from sqlalchemy import JSON, ColumnElement, Integer, String, event, select
from sqlalchemy.orm import Mapped, mapped_column

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, UTCDateTime, db
from schoolklimaat.core.guard import current_actor


class AuditEntry(Model):
    """One thing that happened; `school_id` is None for what concerns the region as a whole."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)
    actor: Mapped[str] = mapped_column(String(40), index=True)
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(80))
    school_id: Mapped[int | None] = mapped_column(Integer, index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class AppendOnlyError(RuntimeError):
    """Something tried to change or remove an entry of the audit trail."""


def _refuse(_mapper: object, _connection: object, entry: AuditEntry) -> None:
    raise AppendOnlyError(f"audit entry {entry.id} cannot be changed or removed")


event.listen(AuditEntry, "before_update", _refuse)
event.listen(AuditEntry, "before_delete", _refuse)


def record(action: str, subject: str, *, school_id: int | None = None, **detail: Any) -> AuditEntry:
    """Add an entry: `action` such as "cards.reprint", `subject` such as "class_group:4"; no names in `detail`."""
    actor = current_actor() if has_request_context() else None
    who = actor.get_id() if actor is not None and actor.is_authenticated else "system"
    entry = AuditEntry(actor=who, action=action, subject=subject, school_id=school_id, detail=detail)
    db.session.add(entry)
    return entry


def entries(school_id: int | None, *, action: str | None = None, page: int = 1, per_page: int = 50) -> list[AuditEntry]:
    """Return one page of a school's trail (None: the region's), newest first, and one more to know whether it goes on.

    With `action` only what was done in that way.
    """
    wanted = select(AuditEntry).where(_of(school_id))
    if action is not None:
        wanted = wanted.where(AuditEntry.action == action)
    ordered = wanted.order_by(AuditEntry.id.desc()).limit(per_page + 1).offset((page - 1) * per_page)
    return list(db.session.scalars(ordered))


def actions_of(school_id: int | None) -> list[str]:
    """Return every action that a trail knows."""
    return list(db.session.scalars(select(AuditEntry.action).where(_of(school_id)).distinct()))


def _of(school_id: int | None) -> ColumnElement[bool]:
    return AuditEntry.school_id == school_id if school_id is not None else AuditEntry.school_id.is_(None)
