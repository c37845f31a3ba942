"""Tables of what pupils measured themselves (leerlingmeting): kept apart from what kits measure, always."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, UTCDateTime, kept_as_words
from schoolklimaat.schools.models import ClassGroup, Room, School


class Share(StrEnum):
    """Who sees a pupils' measurement beside its maker."""

    TEACHER = "leerkracht"
    CLASS = "klas"
    SCHOOL = "school"


class PupilMeasurement(Model):
    """One measurement by pupils: the median of its repeats. When the answer goes with its pupil, the bare value stays."""

    __tablename__ = "pupil_measurement"

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answer.id", ondelete="SET NULL"), unique=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    class_group_id: Mapped[int] = mapped_column(ForeignKey("class_group.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="SET NULL"), index=True)
    quantity: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(20))
    value: Mapped[float]
    repeats: Mapped[list[float]] = mapped_column(JSON, default=list)
    instrument: Mapped[str | None] = mapped_column(String(80))
    measured_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    share: Mapped[Share] = mapped_column(kept_as_words(Share))

    school: Mapped[School] = relationship()
    class_group: Mapped[ClassGroup] = relationship()
    room: Mapped[Room | None] = relationship()
