"""Tables of places: from municipality and school board down to the room."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.db import Model, UTCDateTime


class Municipality(Model):
    """A municipality; after a merger the old one keeps its history, gets an end and names its successor."""

    __tablename__ = "municipality"

    id: Mapped[int] = mapped_column(primary_key=True)
    nis_code: Mapped[str] = mapped_column(String(5), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    source: Mapped[str | None] = mapped_column(String(200))


class SchoolBoard(Model):
    """Who answers for schools (schoolbestuur): the controller of their personal data."""

    __tablename__ = "school_board"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    kbo_number: Mapped[str | None] = mapped_column(String(10), unique=True)


class School(Model):
    """A school as families know it.

    `simulated` marks one whose readings are made up for a demonstration, `is_public` one whose page everybody may see.
    After a merger `merged_into_id` names the school that goes on, and `archived_at` is when this one ended.
    """

    __tablename__ = "school"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    institution_number: Mapped[str | None] = mapped_column(String(6), unique=True)
    level: Mapped[str] = mapped_column(String(40))
    network: Mapped[str] = mapped_column(String(60))
    simulated: Mapped[bool] = mapped_column(default=False)
    board_id: Mapped[int | None] = mapped_column(ForeignKey("school_board.id"), index=True)
    is_public: Mapped[bool] = mapped_column(default=False)
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"))

    municipality: Mapped[Municipality] = relationship()
    board: Mapped[SchoolBoard | None] = relationship()
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
    use: Mapped[str | None] = mapped_column(String(60))
    heating: Mapped[str | None] = mapped_column(String(60))

    site: Mapped[Site] = relationship(back_populates="buildings")

    @property
    def school(self) -> School:
        """The school of this building, for permissions."""
        return self.site.school


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
