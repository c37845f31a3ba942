"""Tables of the second factor: the seed of an authenticator app, and codes on paper for when the phone is lost."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from schoolklimaat.core.db import Model, UTCDateTime


class SecondFactor(Model):
    """The authenticator app of an account, kept once a first code of it was right (`confirmed_at`).

    `last_step` is the time step (30 s since 1970) of the last code that was taken, so that no code works twice. Wrong
    codes are counted here and not on the account, where a right password would wipe the count.
    """

    __tablename__ = "second_factor"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    sealed_seed: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_step: Mapped[int] = mapped_column(default=0)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RecoveryCode(Model):
    """One code on paper that stands in for the app once; only its hash is kept (it is random, 79 bits)."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
