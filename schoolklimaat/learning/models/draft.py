"""Tables of a school's own lessons while they are written: the draft, texts kept aside, and pictures."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, UTCDateTime
from schoolklimaat.learning.models.versions import LessonVersion
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import School


class LessonDraft(Model):
    """A school's own lesson as it stands now; what is published of it are versions with the same slug.

    `slug` is unique in the whole site and never changes. `revision` grows with every save, so that who saves a text
    that was read before somebody else's save is told. `based_on` is the version from which it was taken over;
    `library_slug` the lesson of the site whose pictures it may show. `hidden_at` takes it out of the library.
    """

    __tablename__ = "lesson_draft"
    __table_args__ = (UniqueConstraint("slug", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    slug: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(5), default="nl")
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("lesson_version.id", ondelete="SET NULL"), index=True)
    library_slug: Mapped[str | None] = mapped_column(String(80))
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    school: Mapped[School] = relationship()
    author: Mapped[Account | None] = relationship(foreign_keys=[author_id])
    updated_by: Mapped[Account | None] = relationship(foreign_keys=[updated_by_id])
    based_on: Mapped[LessonVersion | None] = relationship()


class DraftCopy(Model):
    """A text of a draft that was kept aside, because somebody else had saved another one in the meantime."""

    __tablename__ = "lesson_draft_copy"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("lesson_draft.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    source: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    draft: Mapped[LessonDraft] = relationship()
    author: Mapped[Account | None] = relationship()

    @property
    def school(self) -> School:
        """The school of this text, for permissions."""
        return self.draft.school


class LessonPicture(Model):
    """A picture of an own lesson. The file lies in the data folder under `sha256`; name and file never change.

    `width` and `height` are in pixels. `nobody_recognisable` is what who brought a photo said about the people on it.
    """

    __tablename__ = "lesson_picture"
    __table_args__ = (UniqueConstraint("draft_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("lesson_draft.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(String(300))
    licence: Mapped[str] = mapped_column(String(40))
    origin: Mapped[str] = mapped_column(String(300))
    nobody_recognisable: Mapped[bool] = mapped_column(default=False)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    draft: Mapped[LessonDraft] = relationship()
