"""When a school and its rooms are in use, and changing it: hours, own free days, timetables."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from schoolklimaat.calc.school_calendar import (
    DEFAULT_HOURS,
    DayHours,
    FreePeriod,
    flemish_free_periods,
    school_year_of,
)
from schoolklimaat.core import audit
from schoolklimaat.core.db import db
from schoolklimaat.schools.models import FreeDay, Room, RoomHours, School, SchoolHours
from schoolklimaat.schools.services.hours_lines import Lesson


def hours_of(school: School) -> tuple[dict[int, DayHours], bool]:
    """Return the hours of a school by weekday, and whether they are its own (else they are the default)."""
    own = {
        row.weekday: DayHours(row.starts, row.ends)
        for row in db.session.scalars(select(SchoolHours).where(SchoolHours.school_id == school.id))
    }
    return own or dict(DEFAULT_HOURS), bool(own)


def set_hours(school: School, hours: Mapping[int, DayHours]) -> None:
    """Replace the hours of a school; a weekday that is absent is closed."""
    db.session.execute(delete(SchoolHours).where(SchoolHours.school_id == school.id))
    db.session.add_all(
        SchoolHours(school_id=school.id, weekday=weekday, starts=day.starts, ends=day.ends)
        for weekday, day in sorted(hours.items())
    )
    audit.record("school_hours.change", f"school:{school.id}", school_id=school.id)


def holidays_between(first: date, last: date) -> list[FreePeriod]:
    """Return the Flemish holidays and free days that touch a period, in order."""
    years = range(school_year_of(first), school_year_of(last) + 1)
    return [
        period
        for year in years
        for period in flemish_free_periods(year)
        if period.first_day <= last and first <= period.last_day
    ]


def free_days_of(school: School, *, since: date) -> list[FreeDay]:
    """Return the free days a school chose itself that are not over yet, in order."""
    return list(
        db.session.scalars(
            select(FreeDay)
            .where(FreeDay.school_id == school.id, FreeDay.last_day >= since)
            .order_by(FreeDay.first_day, FreeDay.id)
        )
    )


def add_free_day(school: School, name: str, first: date, last: date) -> FreeDay:
    """Add free days of a school's own."""
    day = FreeDay(school=school, name=name, first_day=first, last_day=last)
    db.session.add(day)
    db.session.flush()
    audit.record("free_day.add", f"free_day:{day.id}", school_id=school.id)
    return day


def find_free_day(slug: str, number: int) -> FreeDay | None:
    """Return the free day of a URL."""
    return db.session.scalar(
        select(FreeDay)
        .join(FreeDay.school)
        .where(School.slug == slug, FreeDay.id == number)
        .options(joinedload(FreeDay.school))
    )


def remove_free_day(day: FreeDay) -> None:
    """Remove free days."""
    audit.record("free_day.remove", f"free_day:{day.id}", school_id=day.school_id)
    db.session.delete(day)


def is_whole_school_year(first: date, last: date) -> bool:
    """Say whether free days last so long that a date must be wrong."""
    return last - first > timedelta(days=120)


def lessons_of(room: Room) -> list[Lesson]:
    """Return the timetable of a room."""
    rows = db.session.scalars(select(RoomHours).where(RoomHours.room_id == room.id))
    return sorted(Lesson(row.weekday, row.starts, row.ends) for row in rows)


def set_lessons(room: Room, lessons: Sequence[Lesson]) -> None:
    """Replace the timetable of a room; without lessons it follows the school."""
    db.session.execute(delete(RoomHours).where(RoomHours.room_id == room.id))
    db.session.add_all(RoomHours(room_id=room.id, **lesson._asdict()) for lesson in lessons)
    audit.record("room_hours.change", f"room:{room.id}", school_id=room.school_id, lessons=len(lessons))


def rooms_with_lessons(school: School) -> list[tuple[Room, int]]:
    """Return the rooms of a school by name, with how many lessons a week their timetable has."""
    counted = select(RoomHours.room_id, func.count().label("lessons")).group_by(RoomHours.room_id).subquery()
    rows = db.session.execute(
        select(Room, func.coalesce(counted.c.lessons, 0))
        .outerjoin(counted, counted.c.room_id == Room.id)
        .where(Room.school_id == school.id)
        .order_by(Room.name, Room.id)
    )
    return [(room, lessons) for room, lessons in rows]
