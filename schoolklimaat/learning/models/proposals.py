"""Tables of pupils' ideas for their school, and everything that happened to each."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, UTCDateTime, kept_as_words
from schoolklimaat.learning.models.answers import Attempt
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import ClassGroup, Pupil, School


class ProposalState(StrEnum):
    """How far an idea has come; nobody outside the class sees it before the teacher lets it through (RELEASED)."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    RELEASED = "released"
    LISTED = "listed"
    ANSWERED_YES = "answered_yes"
    ANSWERED_NO = "answered_no"
    ANSWERED_LATER = "answered_later"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    VERIFIED = "verified"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Proposal(Model):
    """An idea of a class for its school. Its source is the class, never a pupil.

    `pupil_id` is who may change it until the teacher let it through; it and `attempt_id` go with the pupil.
    `measure_hint` names the measure of the catalogue that it resembles, for the expert.
    """

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    class_group_id: Mapped[int] = mapped_column(ForeignKey("class_group.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id", ondelete="SET NULL"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id", ondelete="SET NULL"), index=True)
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id", ondelete="SET NULL"), index=True)
    item_id: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text, default="")
    who: Mapped[str] = mapped_column(Text, default="")
    theme: Mapped[str] = mapped_column(String(40))
    state: Mapped[ProposalState] = mapped_column(kept_as_words(ProposalState), default=ProposalState.DRAFT, index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, onupdate=now)
    handed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    measure_hint: Mapped[str | None] = mapped_column(String(80))

    school: Mapped[School] = relationship()
    class_group: Mapped[ClassGroup] = relationship()
    attempt: Mapped[Attempt | None] = relationship()
    pupil: Mapped[Pupil | None] = relationship()
    released_by: Mapped[Account | None] = relationship(foreign_keys=released_by_id)
    answered_by: Mapped[Account | None] = relationship(foreign_keys=answered_by_id)
    events: Mapped[list["ProposalEvent"]] = relationship(
        back_populates="proposal", cascade="all, delete-orphan", passive_deletes=True, order_by="ProposalEvent.id"
    )
    votes: Mapped[list["ProposalVote"]] = relationship(
        back_populates="proposal", cascade="all, delete-orphan", passive_deletes=True
    )


class ProposalEvent(Model):
    """One step in the history of a proposal; `actor` names a person by kind and number (`staff:3`), never by name."""

    __tablename__ = "proposal_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    actor: Mapped[str] = mapped_column(String(40))
    state: Mapped[ProposalState] = mapped_column(kept_as_words(ProposalState))
    note: Mapped[str | None] = mapped_column(Text)

    proposal: Mapped[Proposal] = relationship(back_populates="events")


class ProposalVote(Model):
    """One pupil is for a proposal. Only counts per class are ever shown; who voted goes with the pupil, the vote stays."""

    __tablename__ = "proposal_vote"
    __table_args__ = (UniqueConstraint("proposal_id", "pupil_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    class_group_id: Mapped[int] = mapped_column(ForeignKey("class_group.id", ondelete="CASCADE"), index=True)
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    proposal: Mapped[Proposal] = relationship(back_populates="votes")
    class_group: Mapped[ClassGroup] = relationship()
