"""Tables of pupils at work: the attempt of a learner, each try at an item, and what a teacher said of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, UTCDateTime, kept_as_words
from schoolklimaat.learning.models.assignments import Assignment
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import ClassGroup, Guest, Pupil, School


class AnswerState(StrEnum):
    """What became of a try. A draft is typed but not sent; GIVEN is taken without marking (open, opinion, measurement)."""

    DRAFT = "draft"
    GIVEN = "given"
    RIGHT = "right"
    PARTLY = "partly"
    ALMOST = "almost"
    NOT_YET = "not_yet"


class Attempt(Model):
    """One learner at one assignment. `hand_up_at` is since when a hand is up, `seen_at` when they last were here.

    `current_step` counts from 1. It goes with the pupil or guest, and its answers go with it.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("assignment_id", "pupil_id"),
        UniqueConstraint("assignment_id", "guest_id"),
        CheckConstraint("(pupil_id IS NULL) <> (guest_id IS NULL)", name="one_learner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    current_step: Mapped[int] = mapped_column(default=1)
    handed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hand_up_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, onupdate=now)

    assignment: Mapped[Assignment] = relationship()
    pupil: Mapped[Pupil | None] = relationship()
    guest: Mapped[Guest | None] = relationship()
    answers: Mapped[list["Answer"]] = relationship(
        back_populates="attempt", cascade="all, delete-orphan", passive_deletes=True, order_by="Answer.id"
    )

    @property
    def class_group(self) -> ClassGroup:
        """The class of this attempt, for permissions."""
        return self.assignment.class_group

    @property
    def school(self) -> School:
        """The school of this attempt, for permissions."""
        return self.assignment.class_group.school


class Answer(Model):
    """One try at one item; all tries are kept, the last one counts.

    `client_key` is made by the browser (a UUID): the same answer sent twice counts once. `number` is the try, from 1; a
    draft has 0. `value` is what `learning.marking` takes. `score` is from 0 to 1, None when not marked. `is_late` says
    it came after the moment it was due. `returned` asks the pupil to try again after the teacher's feedback. `hidden` is
    what a teacher set aside for the personal details in it: the pupil alone still reads it.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("attempt_id", "client_key"),
        Index("ix_answer_attempt_id_item_id", "attempt_id", "item_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    item_id: Mapped[str] = mapped_column(String(80))
    client_key: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    value: Mapped[Any] = mapped_column(JSON)
    state: Mapped[AnswerState] = mapped_column(kept_as_words(AnswerState))
    score: Mapped[float | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    is_late: Mapped[bool] = mapped_column(default=False)
    feedback: Mapped[str | None] = mapped_column(Text)
    feedback_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    feedback_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    returned: Mapped[bool] = mapped_column(default=False)
    hidden: Mapped[bool] = mapped_column(default=False, server_default=false())

    attempt: Mapped[Attempt] = relationship(back_populates="answers")
    feedback_by: Mapped[Account | None] = relationship()


class CommentBank(Model):
    """A remark that a teacher keeps to use again."""

    __tablename__ = "comment_bank"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(400))
