"""What can be asked of and done with schools."""

from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from schoolklimaat.calc.school_calendar import Calendar, DayHours
from schoolklimaat.core.db import db
from schoolklimaat.people.services import knows_secret
from schoolklimaat.schools.models import ClassGroup, FreeDay, Pupil, Room, School, SchoolHours
from schoolklimaat.schools.policy import scope_of

TRIES_BEFORE_PAUSE: Final = 5


def find_school(slug: str) -> School | None:
    """Return the school of a URL."""
    return db.session.scalar(select(School).where(School.slug == slug).options(joinedload(School.municipality)))


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
            .where(scope_of(actor).filter())
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


def find_class(code: str) -> ClassGroup | None:
    """Return the class of a code; capitals and blanks do not matter."""
    return db.session.scalar(
        select(ClassGroup)
        .where(ClassGroup.code == "".join(code.split()).upper())
        .options(joinedload(ClassGroup.school))
    )


def authenticate_pupil(code: str, avatar: str, pin: str) -> Pupil | None:
    """Return the pupil of a class code, avatar and PIN, or None; raises `PausedError` after five wrong PINs.

    The pause is per pupil, never per network address: a whole class shares one.
    """
    pupil: Pupil | None = db.session.scalar(
        select(Pupil)
        .join(Pupil.class_group)
        .where(ClassGroup.code == "".join(code.split()).upper(), Pupil.avatar == avatar)
    )
    return pupil if knows_secret(pupil, pupil and pupil.pin_hash, pin, tries=TRIES_BEFORE_PAUSE) else None


def load_pupil(pupil_id: int) -> Pupil | None:
    """Return the pupil of a session with the class and its school."""
    return db.session.scalar(
        select(Pupil)
        .where(Pupil.id == pupil_id)
        .options(
            joinedload(Pupil.class_group).joinedload(ClassGroup.school),
            joinedload(Pupil.class_group).joinedload(ClassGroup.room),
        )
    )
