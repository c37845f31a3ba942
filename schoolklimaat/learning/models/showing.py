"""Tables of what a school shows of its work: stories of before and after, and its steps towards the Green Flag."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, UTCDateTime, kept_as_words
from schoolklimaat.schools.models import School


class Story(Model):
    """A page of before and after; everybody may read it from `published_at` on, until that is emptied again.

    The two figures share a unit and a source, so that nobody compares what cannot be compared.
    """

    __tablename__ = "story"
    __table_args__ = (UniqueConstraint("school_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    before_text: Mapped[str] = mapped_column(Text)
    after_text: Mapped[str] = mapped_column(Text)
    before_figure: Mapped[float | None]
    after_figure: Mapped[float | None]
    figure_name: Mapped[str] = mapped_column(String(80), default="")
    unit: Mapped[str] = mapped_column(String(20), default="")
    source: Mapped[str] = mapped_column(String(200), default="")
    licence: Mapped[str] = mapped_column(String(20), default="CC-BY-SA-4.0")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, onupdate=now)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    school: Mapped[School] = relationship()


class EcoStepState(StrEnum):
    """How far a school is with one of the seven steps."""

    NOT_YET = "not_yet"
    BUSY = "busy"
    DONE = "done"


class EcoStep(Model):
    """Where a school stands with one of the seven Eco-Schools steps (1 to 7), in its own words; no row: not begun."""

    __tablename__ = "eco_step"
    __table_args__ = (
        UniqueConstraint("school_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 7", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    number: Mapped[int]
    state: Mapped[EcoStepState] = mapped_column(
        kept_as_words(EcoStepState),
        default=EcoStepState.NOT_YET,
    )
    note: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, onupdate=now)

    school: Mapped[School] = relationship()
