"""Tables of kits and of where they hung."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.db import Model, UTCDateTime
from schoolklimaat.meters.models import Connection
from schoolklimaat.schools.models import Room, School


class Kit(Model):
    """A sensor kit or gateway. Its id is its MQTT user name and its topic root, `kits/<id>/`."""

    __tablename__ = "kit"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    family: Mapped[str | None] = mapped_column(String(40))

    school: Mapped[School] = relationship()
    placements: Mapped[list["Placement"]] = relationship(back_populates="kit", order_by="Placement.from_utc")


class Placement(Model):
    """Where a kit (or one channel of it) hung from a moment until another: in a room, or on a connection."""

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint("(room_id IS NULL) <> (connection_id IS NULL)", name="one_place"),
        CheckConstraint("until_utc IS NULL OR until_utc > from_utc", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kit_id: Mapped[str] = mapped_column(ForeignKey("kit.id"), index=True)
    channel: Mapped[str | None] = mapped_column(String(200))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), index=True)
    connection_id: Mapped[int | None] = mapped_column(ForeignKey("connection.id"), index=True)
    from_utc: Mapped[datetime] = mapped_column(UTCDateTime)
    until_utc: Mapped[datetime | None] = mapped_column(UTCDateTime)

    kit: Mapped[Kit] = relationship(back_populates="placements")
    room: Mapped[Room | None] = relationship()
    connection: Mapped[Connection | None] = relationship()
