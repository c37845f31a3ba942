"""Tables of schools: from municipality down to the pupil's entry, and who belongs where."""

from datetime import date, datetime, time
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, Enum, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.db import Model, UTCDateTime
from schoolklimaat.people.models import Account


class Municipality(Model):
    """A municipality; after a merger the old one keeps its history and gets an end."""

    __tablename__ = "municipality"

    id: Mapped[int] = mapped_column(primary_key=True)
    nis_code: Mapped[str] = mapped_column(String(5), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class School(Model):
    """A school as families know it; `simulated` marks one whose readings are made up for a demonstration."""

    __tablename__ = "school"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    institution_number: Mapped[str | None] = mapped_column(String(6), unique=True)
    level: Mapped[str] = mapped_column(String(40))
    network: Mapped[str] = mapped_column(String(60))
    simulated: Mapped[bool] = mapped_column(default=False)

    municipality: Mapped[Municipality] = relationship()
    sites: Mapped[list["Site"]] = relationship(back_populates="school", order_by="Site.id")
    rooms: Mapped[list["Room"]] = relationship(back_populates="school", order_by="Room.name")


class Site(Model):
    """One place where a school has buildings (vestigingsplaats)."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str | None] = mapped_column(String(200))

    school: Mapped[School] = relationship(back_populates="sites")
    buildings: Mapped[list["Building"]] = relationship(back_populates="site", order_by="Building.id")


class Building(Model):
    """A building on a site."""

    __tablename__ = "building"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    year_built: Mapped[int | None]
    floor_area_m2: Mapped[float | None]
    heating: Mapped[str | None] = mapped_column(String(60))

    site: Mapped[Site] = relationship(back_populates="buildings")


class Room(Model):
    """A room in which kits hang and classes sit; its slug is unique within the school."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("school_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    floor: Mapped[int] = mapped_column(default=0)
    area_m2: Mapped[float | None]
    volume_m3: Mapped[float | None]
    seats: Mapped[int | None]

    school: Mapped[School] = relationship(back_populates="rooms")
    building: Mapped[Building] = relationship()


class SchoolHours(Model):
    """When a school is in use on a weekday (0 = Monday), in local time; no row means closed.

    A school without any row keeps the default of `calc.school_calendar`.
    """

    __tablename__ = "school_hours"
    __table_args__ = (
        UniqueConstraint("school_id", "weekday"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]


class FreeDay(Model):
    """Days that a school itself chose to be free, beside the Flemish holidays; both days included."""

    __tablename__ = "free_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    first_day: Mapped[date]
    last_day: Mapped[date]


class ClassGroup(Model):
    """A class in one school year; its code is how pupils come in."""

    __tablename__ = "class_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(12), unique=True)
    school_year: Mapped[str] = mapped_column(String(9))

    school: Mapped[School] = relationship()
    room: Mapped[Room | None] = relationship()
    pupils: Mapped[list["Pupil"]] = relationship(back_populates="class_group", order_by="Pupil.list_number")


class Pupil(UserMixin, Model):
    """A pupil: an avatar and a number on the class list. No name, no address, no birth date."""

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

    class_group: Mapped[ClassGroup] = relationship(back_populates="pupils")

    def get_id(self) -> str:
        """Return what the session keeps."""
        return f"pupil:{self.id}"


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
    role: Mapped[Role] = mapped_column(
        Enum(Role, native_enum=False, length=40, values_callable=lambda roles: [role.value for role in roles])
    )
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"), index=True)
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)

    account: Mapped[Account] = relationship()
