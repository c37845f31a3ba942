"""Table of accounts."""

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, UTCDateTime
from schoolklimaat.people.models.factor import SecondFactor


class Account(UserMixin, Model):
    """An adult who signs in with e-mail and password. What they may do stands in `schools.Membership`.

    `language` is the one they chose for pages and mail (`nl`, `en`); None leaves it to their browser.
    """

    __tablename__ = "account"

    kind = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(2))
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    second_factor: Mapped[SecondFactor | None] = relationship(cascade="all, delete-orphan")

    @property
    def has_second_factor(self) -> bool:
        """Whether signing in asks a code too."""
        return self.second_factor is not None

    def get_id(self) -> str:
        """Return what the session keeps."""
        return f"staff:{self.id}"
