"""Tables of what a class was given to do, and for whom it differs."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, UTCDateTime, kept_as_words
from schoolklimaat.learning.models.versions import LessonVersion
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import ClassGroup, School


class Level(StrEnum):
    """What of a lesson somebody meets; `verdieping` meets everything."""

    BASIS = "basis"
    VERDIEPING = "verdieping"


class Pace(StrEnum):
    """Who decides which step is open: each pupil, or the teacher for the whole class."""

    FREE = "free"
    BY_STEP = "by_step"


class Assignment(Model):
    """A published lesson given to a class.

    It can be done from `opens_at`; what is handed in after `due_at` is late; after `closes_at` nothing more is taken
    (None: no such moment). With pace BY_STEP the first `open_steps` steps are open. `paused` stops answers for a while.
    `withdrawn_at` takes it away from pupils without losing what they wrote. While `for_whole_class`, targets only say
    what differs for a pupil; else the targets are the pupils it is for.
    """

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    class_group_id: Mapped[int] = mapped_column(ForeignKey("class_group.id", ondelete="CASCADE"), index=True)
    lesson_version_id: Mapped[int] = mapped_column(ForeignKey("lesson_version.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    level: Mapped[Level] = mapped_column(kept_as_words(Level), default=Level.BASIS)
    pace: Mapped[Pace] = mapped_column(kept_as_words(Pace), default=Pace.FREE)
    open_steps: Mapped[int | None]
    paused: Mapped[bool] = mapped_column(default=False)
    for_whole_class: Mapped[bool] = mapped_column(default=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    class_group: Mapped[ClassGroup] = relationship()
    lesson_version: Mapped[LessonVersion] = relationship()
    created_by: Mapped[Account | None] = relationship()
    targets: Mapped[list["AssignmentTarget"]] = relationship(
        back_populates="assignment", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def school(self) -> School:
        """The school of this assignment, for permissions."""
        return self.class_group.school


class AssignmentTarget(Model):
    """One pupil of an assignment: another level, or longer time (None: as everybody)."""

    __tablename__ = "assignment_target"
    __table_args__ = (UniqueConstraint("assignment_id", "pupil_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    level: Mapped[Level | None] = mapped_column(kept_as_words(Level))
    extension_until: Mapped[datetime | None] = mapped_column(UTCDateTime)

    assignment: Mapped[Assignment] = relationship(back_populates="targets")
