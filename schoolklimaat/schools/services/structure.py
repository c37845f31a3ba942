"""Sites, buildings and rooms: what a school consists of, and changing it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload, selectinload

from schoolklimaat.core import audit
from schoolklimaat.core.db import db
from schoolklimaat.core.references import uses_of
from schoolklimaat.core.slugs import slug_of
from schoolklimaat.schools.models import Building, Room, RoomHours, School, SchoolBoard, Site
from schoolklimaat.schools.services.room_lines import RoomLine

Place = Site | Building | Room
_GOES_ALONG: Final = (RoomHours.__tablename__,)  # what is removed with a room


class InUseError(Exception):
    """A place cannot be removed: other rows need it. `uses` counts them by table name."""

    def __init__(self, uses: dict[str, int]) -> None:
        super().__init__(", ".join(sorted(uses)))
        self.uses = uses


class BuildingRooms(NamedTuple):
    """A building and its rooms."""

    building: Building
    rooms: list[Room]


@dataclass(slots=True)
class Structure:
    """What a school consists of: its sites, each with its buildings and their rooms."""

    sites: list[tuple[Site, list[BuildingRooms]]] = field(default_factory=list)

    @property
    def buildings(self) -> int:
        """How many buildings there are."""
        return sum(len(held) for _site, held in self.sites)

    @property
    def rooms(self) -> int:
        """How many rooms there are."""
        return sum(len(one.rooms) for _site, held in self.sites for one in held)


def structure_of(school: School) -> Structure:
    """Return sites, buildings and rooms of a school, in three queries however many there are."""
    by_building: dict[int, list[Room]] = {}
    for room in db.session.scalars(
        select(Room).where(Room.school_id == school.id).order_by(Room.floor, Room.name, Room.id)
    ):
        by_building.setdefault(room.building_id, []).append(room)
    sites = db.session.scalars(
        select(Site).where(Site.school_id == school.id).options(selectinload(Site.buildings)).order_by(Site.id)
    )
    return Structure(
        [(site, [BuildingRooms(one, by_building.get(one.id, [])) for one in site.buildings]) for site in sites]
    )


def find_site(slug: str, number: int) -> Site | None:
    """Return the site of a URL."""
    return db.session.scalar(
        select(Site).join(Site.school).where(School.slug == slug, Site.id == number).options(joinedload(Site.school))
    )


def find_building(slug: str, number: int) -> Building | None:
    """Return the building of a URL."""
    return db.session.scalar(
        select(Building)
        .join(Building.site)
        .join(Site.school)
        .where(School.slug == slug, Building.id == number)
        .options(joinedload(Building.site).joinedload(Site.school))
    )


def buildings_of(school: School) -> list[Building]:
    """Return the buildings of a school with their sites."""
    return list(
        db.session.scalars(
            select(Building)
            .join(Building.site)
            .where(Site.school_id == school.id)
            .options(joinedload(Building.site))
            .order_by(Building.site_id, Building.id)
        )
    )


def room_names(school: School) -> set[str]:
    """Return the names of a school's rooms, folded for comparing."""
    return {name.casefold() for name in db.session.scalars(select(Room.name).where(Room.school_id == school.id))}


def add_place(place: Place, school: School) -> None:
    """Add a site or building that a form filled."""
    db.session.add(place)
    db.session.flush()
    audit.record(f"{place.__tablename__}.add", f"{place.__tablename__}:{place.id}", school_id=school.id)


def changed(place: Place, school: School) -> None:
    """Keep in the trail that a place was changed."""
    audit.record(f"{place.__tablename__}.change", f"{place.__tablename__}:{place.id}", school_id=school.id)


def add_rooms(building: Building, lines: Sequence[RoomLine]) -> list[Room]:
    """Add rooms to a building; each gets an address of its own in the school."""
    school = building.school
    taken = set(db.session.scalars(select(Room.slug).where(Room.school_id == school.id)))
    rooms = []
    for line in lines:
        slug = slug_of(line.name, taken, otherwise="lokaal")
        taken.add(slug)
        rooms.append(Room(school=school, building=building, slug=slug, **line._asdict()))
    db.session.add_all(rooms)
    db.session.flush()
    audit.record("room.add", f"building:{building.id}", school_id=school.id, rooms=len(rooms))
    return rooms


def remove_place(place: Place) -> None:
    """Remove a site, building or room; raises `InUseError` while something else needs it."""
    school_id = place.school.id
    if uses := uses_of(place, besides=_GOES_ALONG):
        raise InUseError(uses)
    if isinstance(place, Room):
        db.session.execute(delete(RoomHours).where(RoomHours.room_id == place.id))
    audit.record(f"{place.__tablename__}.remove", f"{place.__tablename__}:{place.id}", school_id=school_id)
    db.session.delete(place)
    db.session.flush()


def board_named(name: str, kbo_number: str | None) -> SchoolBoard:
    """Return the board of an enterprise number or, without one, of exactly this name; else a new one."""
    same = SchoolBoard.kbo_number == kbo_number if kbo_number else SchoolBoard.name == name
    found = db.session.scalar(select(SchoolBoard).where(same).order_by(SchoolBoard.id).limit(1))
    return found or SchoolBoard(name=name, kbo_number=kbo_number or None)


def is_number_taken(number: str, school: School) -> bool:
    """Say whether another school has this institution number."""
    return (
        db.session.scalar(select(School.id).where(School.institution_number == number, School.id != school.id))
        is not None
    )
