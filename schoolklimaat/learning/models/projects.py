"""Tables of what a school does together over weeks: energy teams, watches, challenges; and surveys of comfort."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, UTCDateTime, kept_as_words
from schoolklimaat.schools.models import ClassGroup, Room, School


class ProjectKind(StrEnum):
    """What kind of joint work."""

    ENERGY_TEAM = "energy_team"
    ENERGY_WATCH = "energy_watch"
    CHALLENGE = "challenge"


class ProjectState(StrEnum):
    """How far it has come."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class Project(Model):
    """A project of a class or (no class) of the whole school, both days included.

    `baseline` and `result` keep what was compared with what, so that the outcome can be explained later.
    """

    __tablename__ = "project"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    class_group_id: Mapped[int | None] = mapped_column(ForeignKey("class_group.id", ondelete="SET NULL"), index=True)
    kind: Mapped[ProjectKind] = mapped_column(kept_as_words(ProjectKind))
    title: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    baseline: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    state: Mapped[ProjectState] = mapped_column(
        kept_as_words(ProjectState),
        default=ProjectState.PLANNED,
    )
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    school: Mapped[School] = relationship()
    class_group: Mapped[ClassGroup | None] = relationship()


class Survey(Model):
    """How one pupil finds a room on a walk round; `answers` maps a question's id to the choice. Only counts are shown.

    Who it was goes with the pupil, the answers stay with the class.
    """

    __tablename__ = "survey"
    __table_args__ = (UniqueConstraint("room_id", "pupil_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"), index=True)
    class_group_id: Mapped[int] = mapped_column(ForeignKey("class_group.id", ondelete="CASCADE"), index=True)
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id", ondelete="SET NULL"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    room: Mapped[Room] = relationship()
    class_group: Mapped[ClassGroup] = relationship()

    @property
    def school(self) -> School:
        """The school of this survey, for permissions."""
        return self.room.school
