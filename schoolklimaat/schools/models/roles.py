"""Tables of who is what where: roles, invitations to one, and schools that ask to join."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, UTCDateTime, kept_as_words
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models.place import Municipality, School


class Role(StrEnum):
    """What an adult is, for a school, a municipality or IOK."""

    IOK_ADMIN = "iok_admin"
    IOK_EXPERT = "iok_expert"
    MUNICIPALITY_OFFICER = "municipality_officer"
    CLIMATE_COORDINATOR = "climate_coordinator"
    TECHNICAL_TEAM = "technical_team"
    TEACHER = "teacher"


class Membership(Model):
    """A role of an account: for one school, for one municipality, or (IOK administrators) for all."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "role", "school_id", "municipality_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(kept_as_words(Role, 40))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"), index=True)
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)

    since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    account: Mapped[Account] = relationship()
    school: Mapped[School | None] = relationship()
    municipality: Mapped[Municipality | None] = relationship()


class Invitation(Model):
    """A link by e-mail to one role. It works once and not after `expires_at`; only the hash of its token is kept."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[Role] = mapped_column(kept_as_words(Role, 40))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"), index=True)
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    school: Mapped[School | None] = relationship()
    municipality: Mapped[Municipality | None] = relationship()
    invited_by: Mapped[Account | None] = relationship()


class ApplicationState(StrEnum):
    """How far a school's wish to be a climate school has come."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Application(Model):
    """A school that asks to become a climate school, with the agreement of its board; kept as it was signed."""

    __tablename__ = "application"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ApplicationState] = mapped_column(
        kept_as_words(ApplicationState),
        default=ApplicationState.APPLIED,
    )
    school_name: Mapped[str] = mapped_column(String(120))
    institution_number: Mapped[str] = mapped_column(String(6))
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    level: Mapped[str] = mapped_column(String(40))
    network: Mapped[str] = mapped_column(String(60))
    board_name: Mapped[str] = mapped_column(String(160))
    board_kbo: Mapped[str | None] = mapped_column(String(10))
    contact_name: Mapped[str] = mapped_column(String(120))
    contact_email: Mapped[str] = mapped_column(String(254))
    motivation: Mapped[str | None] = mapped_column(Text)
    engagement_version: Mapped[str] = mapped_column(String(20))
    agreed_by: Mapped[str] = mapped_column(String(120))
    agreed_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decision_note: Mapped[str | None] = mapped_column(Text)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"), index=True)

    municipality: Mapped[Municipality] = relationship()
    school: Mapped[School | None] = relationship()
    decided_by: Mapped[Account | None] = relationship()
