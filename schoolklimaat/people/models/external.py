"""Table of the other ways in: who vouches for an account."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, UTCDateTime
from schoolklimaat.people.models.account import Account


class ExternalIdentity(Model):
    """A person at another service (Microsoft, Google, Smartschool, …) who may sign in as this account.

    Of the person there only a keyed hash is kept; of Smartschool also the school, the role and the class it told.
    """

    __tablename__ = "external_identity"
    __table_args__ = (UniqueConstraint("provider", "subject_hash"), UniqueConstraint("account_id", "provider"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str] = mapped_column(String(40))
    subject_hash: Mapped[str] = mapped_column(String(64))
    institution_number: Mapped[str | None] = mapped_column(String(6))
    role: Mapped[str | None] = mapped_column(String(40))
    class_name: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    account: Mapped[Account] = relationship()
