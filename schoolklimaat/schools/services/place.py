"""What can be asked of schools, their rooms and their hours."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from schoolklimaat.calc.school_calendar import Calendar, DayHours
from schoolklimaat.core.db import db
from schoolklimaat.schools.models import FreeDay, Room, RoomHours, School, SchoolHours
from schoolklimaat.schools.policy import scope_of


def find_school(slug: str) -> School | None:
    """Return the school of a URL; one that went on in another school has no pages of its own any more."""
    return db.session.scalar(
        select(School)
        .where(School.slug == slug, School.merged_into_id.is_(None))
        .options(joinedload(School.municipality))
    )


def find_school_that_goes_on(slug: str) -> School | None:
    """Return the school of a URL or, after a merger, the school that goes on in its place."""
    school = db.session.scalar(select(School).where(School.slug == slug).options(joinedload(School.municipality)))
    while school is not None and school.merged_into_id is not None:
        school = db.session.get(School, school.merged_into_id)
    return school


def find_room(slug: str, room: str) -> Room | None:
    """Return the room of a URL."""
    return db.session.scalar(
        select(Room)
        .join(Room.school)
        .where(School.slug == slug, Room.slug == room)
        .options(joinedload(Room.school), joinedload(Room.building))
    )


def visible_schools(actor: Any, *, page: int = 1, per_page: int = 50) -> list[School]:
    """Return the schools that somebody may see, by name, one page of them."""
    return list(
        db.session.scalars(
            select(School)
            .where(scope_of(actor).filter(), School.archived_at.is_(None))
            .options(joinedload(School.municipality))
            .order_by(School.name)
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
    )


def calendar_of(school: School) -> Calendar:
    """Return when a school is in use: its hours per weekday, the Flemish holidays and its own free days."""
    hours = {
        row.weekday: DayHours(row.starts, row.ends)
        for row in db.session.scalars(select(SchoolHours).where(SchoolHours.school_id == school.id))
    }
    free: list[tuple[date, date]] = [
        (row.first_day, row.last_day)
        for row in db.session.scalars(select(FreeDay).where(FreeDay.school_id == school.id))
    ]
    return Calendar(hours=hours or None, free_days=tuple(free))


def calendar_of_room(room: Room) -> Calendar:
    """Return when a room is in use: its lessons where its timetable is known, else the hours of its school."""
    calendar = calendar_of(room.school)
    blocks: dict[int, tuple[DayHours, ...]] = {}
    for row in db.session.scalars(
        select(RoomHours).where(RoomHours.room_id == room.id).order_by(RoomHours.weekday, RoomHours.starts)
    ):
        blocks[row.weekday] = (*blocks.get(row.weekday, ()), DayHours(row.starts, row.ends))
    return replace(calendar, blocks=blocks) if blocks else calendar
