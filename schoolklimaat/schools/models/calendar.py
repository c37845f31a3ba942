"""Tables of when a school and its rooms are in use."""

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.db import Model
from schoolklimaat.schools.models.place import Room, School


class SchoolHours(Model):
    """When a school is in use on a weekday (0 = Monday), in local time; no row means closed.

    A school without any row keeps the default of `calc.school_calendar`.
    """

    __tablename__ = "school_hours"
    __table_args__ = (
        UniqueConstraint("school_id", "weekday"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]


class FreeDay(Model):
    """Days that a school itself chose to be free, beside the Flemish holidays; both days included."""

    __tablename__ = "free_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    first_day: Mapped[date]
    last_day: Mapped[date]

    school: Mapped[School] = relationship()


class RoomHours(Model):
    """A lesson block of a room on a weekday (0 = Monday), in local time; a room without rows follows the school."""

    __tablename__ = "room_hours"
    __table_args__ = (
        UniqueConstraint("room_id", "weekday", "starts"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("ends > starts", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"), index=True)
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]

    room: Mapped[Room] = relationship()
