"""Tables of classes: the class group, its pupils without a name, who teaches it, and guests of one lesson."""

from datetime import datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, UTCDateTime, kept_as_words
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models.place import Room, School


class PupilSecret(StrEnum):
    """What the pupils of a class prove themselves with, beside the QR card."""

    PIN = "pin"
    PICTURES = "pictures"


class ClassGroup(Model):
    """A class in one school year; its code is how pupils come in.

    `grade` is the year of study as the school writes it (L5, SO2…). `guests_until` is how long a guest may come in by
    the class code alone; None means no guests. `archived_at` is when the class ended. `wrong_tries` counts the wrong PINs
    of all its pupils since `wrong_since`. `cards_printed_at` is the first time that all cards were printed.
    """

    __tablename__ = "class_group"
    __table_args__ = (UniqueConstraint("school_id", "name", "school_year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(12), unique=True)
    school_year: Mapped[str] = mapped_column(String(9))
    grade: Mapped[str | None] = mapped_column(String(8))
    secret_kind: Mapped[PupilSecret] = mapped_column(
        kept_as_words(PupilSecret),
        default=PupilSecret.PIN,
    )
    guests_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    wrong_tries: Mapped[int] = mapped_column(default=0, server_default="0")
    wrong_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cards_printed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    school: Mapped[School] = relationship()
    room: Mapped[Room | None] = relationship()
    pupils: Mapped[list["Pupil"]] = relationship(back_populates="class_group", order_by="Pupil.list_number")


class Pupil(UserMixin, Model):
    """A pupil: an avatar and a number on the class list. No name, no address, no birth date.

    `pin_hash` holds the hash of the PIN or of the three pictures; `sealed_secret` the same, encrypted with a key outside
    the database, so that a card can be printed again. Raising `card_version` makes every earlier QR card useless.
    `left_at` is when the pupil left the class; thirty days later everything is deleted.
    """

    __tablename__ = "pupil"
    __table_args__ = (UniqueConstraint("class_group_id", "avatar"), UniqueConstraint("class_group_id", "list_number"))

    kind = "pupil"

    id: Mapped[int] = mapped_column(primary_key=True)
    class_group_id: Mapped[int] = mapped_column(ForeignKey("class_group.id"), index=True)
    avatar: Mapped[str] = mapped_column(String(40))
    list_number: Mapped[int]
    pin_hash: Mapped[str] = mapped_column(String(200))
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sealed_secret: Mapped[str | None] = mapped_column(String(300))
    card_version: Mapped[int] = mapped_column(default=1)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    class_group: Mapped[ClassGroup] = relationship(back_populates="pupils")

    def get_id(self) -> str:
        """Return what the session keeps."""
        return f"pupil:{self.id}"

    @property
    def school(self) -> School:
        """The school of this pupil, for permissions."""
        return self.class_group.school


class Teaching(Model):
    """An account that teaches a class: its own class, in every permission."""

    __tablename__ = "teaching"
    __table_args__ = (UniqueConstraint("account_id", "class_group_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    class_group_id: Mapped[int] = mapped_column(ForeignKey("class_group.id"), index=True)

    account: Mapped[Account] = relationship()
    class_group: Mapped[ClassGroup] = relationship()


class Guest(UserMixin, Model):
    """Somebody who came in for one lesson with the class code alone; gone with everything after `expires_at`."""

    __tablename__ = "guest"

    kind = "guest"

    id: Mapped[int] = mapped_column(primary_key=True)
    class_group_id: Mapped[int] = mapped_column(ForeignKey("class_group.id"), index=True)
    avatar: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)

    class_group: Mapped[ClassGroup] = relationship()

    def get_id(self) -> str:
        """Return what the session keeps."""
        return f"guest:{self.id}"
