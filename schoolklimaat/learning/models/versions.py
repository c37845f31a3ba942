"""Tables of published lessons: a version is never changed, a change is a new version."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, event, inspect
from sqlalchemy.orm import Mapped, mapped_column

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, UTCDateTime

_FROZEN = ("slug", "language", "version", "content_hash", "source", "school_id")


class ImmutableVersionError(RuntimeError):
    """Something tried to change a published lesson; publish a new version instead."""


class LessonVersion(Model):
    """A lesson exactly as it was published: what pupils were given stays what they were given.

    `content_hash` is the SHA-256 of `source` in hexadecimals. `school_id` is None for a lesson that comes with the site
    (it gets its row when it is first assigned), else the school whose own lesson it is.
    """

    __tablename__ = "lesson_version"
    __table_args__ = (UniqueConstraint("school_id", "slug", "language", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), index=True)
    language: Mapped[str] = mapped_column(String(5))
    version: Mapped[str] = mapped_column(String(20))
    content_hash: Mapped[str] = mapped_column(String(64), unique=True)
    source: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(200))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    published_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


@event.listens_for(LessonVersion, "before_update")
def _refuse(_mapper: object, _connection: object, version: LessonVersion) -> None:
    changed = [name for name in _FROZEN if inspect(version).attrs[name].history.has_changes()]
    if changed:
        raise ImmutableVersionError(f"lesson version {version.id} is published: {', '.join(changed)} cannot change")
