"""Table of devices on which adults are signed in."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.db import Model, UTCDateTime
from schoolklimaat.people.models.account import Account


class StaffSession(Model):
    """One device on which an adult is signed in. Removing the row signs that device out.

    `device` is coarse ("Firefox op Windows"), `seen_at` is rounded to minutes; no network address is kept.
    """

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)

    account: Mapped[Account] = relationship()
