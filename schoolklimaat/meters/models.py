"""Tables of meters: connections, registers, tariffs, and what each import brought and replaced."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, UTCDateTime, kept_as_words
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import Building, School


class Carrier(StrEnum):
    """What a connection carries."""

    ELECTRICITY = "electricity"
    GAS = "gas"
    WATER = "water"
    PV = "pv"
    HEAT = "heat"


class Connection(Model):
    """A point where energy or water comes in (toegangspunt), or where PV is measured. Its EAN names its series."""

    __tablename__ = "connection"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"), index=True)
    ean: Mapped[str] = mapped_column(String(18), unique=True)
    carrier: Mapped[Carrier] = mapped_column(kept_as_words(Carrier))
    name: Mapped[str] = mapped_column(String(80))

    school: Mapped[School] = relationship()
    building: Mapped[Building | None] = relationship()
    registers: Mapped[list["Register"]] = relationship(back_populates="connection", order_by="Register.channel")

    @property
    def source(self) -> str:
        """Return the name of this connection's imported series in the reading store."""
        return f"ean:{self.ean}"


class Register(Model):
    """One count of a connection: its name in the export (`Afname Dag`) and the quantity it is stored as."""

    __tablename__ = "register"
    __table_args__ = (UniqueConstraint("connection_id", "channel", "quantity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), index=True)
    channel: Mapped[str] = mapped_column(String(80))
    quantity: Mapped[str] = mapped_column(String(40))

    connection: Mapped[Connection] = relationship(back_populates="registers")


class Tariff(Model):
    """What a school pays per unit of a carrier, from a day until a day (not included); never a default in code."""

    __tablename__ = "tariff"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    carrier: Mapped[Carrier] = mapped_column(kept_as_words(Carrier))
    direction: Mapped[str] = mapped_column(String(12), default="offtake")
    unit: Mapped[str] = mapped_column(String(8))
    eur_per_unit: Mapped[float]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200))


class ImportState(StrEnum):
    """How far an import is."""

    READING = "reading"
    PREVIEW = "preview"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


class ConsumptionImport(Model):
    """One consumption export brought in: what it held, what was new, and what it replaced."""

    __tablename__ = "consumption_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[ImportState] = mapped_column(kept_as_words(ImportState))
    progress: Mapped[float] = mapped_column(default=0.0)
    new: Mapped[int] = mapped_column(default=0)
    identical: Mapped[int] = mapped_column(default=0)
    conflicting: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    problem: Mapped[str | None] = mapped_column(String(1000))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    connection: Mapped[Connection] = relationship()
    account: Mapped[Account | None] = relationship()

    @property
    def school(self) -> School:
        """Return the school whose permission guards this import."""
        return self.connection.school


class ReplacedValue(Model):
    """A stored value that a later import replaced, kept so that nothing is lost."""

    __tablename__ = "replaced_value"
    __table_args__ = (Index("ix_replaced_value_import_time", "import_id", "time_ms"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("consumption_import.id"))
    channel: Mapped[str] = mapped_column(String(80))
    quantity: Mapped[str] = mapped_column(String(40))
    time_ms: Mapped[int] = mapped_column(BigInteger)
    duration_s: Mapped[int]
    value: Mapped[float | None]
    quality: Mapped[int]
