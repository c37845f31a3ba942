"""Classes: made by their number of pupils, found, changed, ended. Nothing here commits."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from schoolklimaat.calc.school_calendar import school_year_of
from schoolklimaat.core import audit
from schoolklimaat.core.clock import now, today
from schoolklimaat.core.db import db
from schoolklimaat.schools.avatars import AVATARS, free_avatars
from schoolklimaat.schools.models import ClassGroup, Pupil, PupilSecret, Room, School
from schoolklimaat.schools.policy import class_scope_of
from schoolklimaat.schools.services.pupil_secrets import give_secret

MOST_PUPILS: Final = 40
LESSON: Final = timedelta(hours=2)
# A letter and a digit by turns makes no word and no abbreviation; none of these is taken for another (no O and 0, I and
# 1, S and 5, B and 8 together). 14³ × 8³ = 1.4 million codes: few enough to type, too many to guess a class by.
_LETTERS: Final = "CDFHJKMNPRTVWX"
_DIGITS: Final = "23456789"
_CODE_TRIES: Final = 20
_JUNE: Final = 6
_SUMMER: Final = range(_JUNE, 9)


class ClassExistsError(Exception):
    """The school has a class of this name in this school year already: `group`."""

    def __init__(self, group: ClassGroup) -> None:
        super().__init__(f"class {group.id} has this name")
        self.group = group


class ClassFullError(Exception):
    """No pupil can be added: forty are there, or no animal is free."""


def school_year(day: date | None = None) -> str:
    """Return the school year of a day (today by default) as `2026-2027`."""
    first = school_year_of(day or today())
    return f"{first}-{first + 1}"


def school_years_to_choose() -> list[str]:
    """Return the years a class can be made for: this one, and from June on the next one first."""
    this = school_year_of(today())
    ahead = [f"{this + 1}-{this + 2}"] if today().month in _SUMMER else []
    return [*ahead, f"{this}-{this + 1}"]


def new_code() -> str:
    """Return a fresh class code of six signs that no class has."""
    for _ in range(_CODE_TRIES):
        code = "".join(secrets.choice(_LETTERS) + secrets.choice(_DIGITS) for _ in range(3))
        if db.session.scalar(select(ClassGroup.id).where(ClassGroup.code == code)) is None:
            return code
    raise RuntimeError("no free class code found; nearly all are in use")


def find_class_of(slug: str, number: int) -> ClassGroup | None:
    """Return the class of a URL, ended or not."""
    return db.session.scalar(
        select(ClassGroup)
        .join(ClassGroup.school)
        .where(School.slug == slug, ClassGroup.id == number)
        .options(joinedload(ClassGroup.school), joinedload(ClassGroup.room))
    )


def find_pupil(slug: str, number: int, pupil: int) -> Pupil | None:
    """Return the pupil of a URL, with class and school; also one who left."""
    return db.session.scalar(
        select(Pupil)
        .join(Pupil.class_group)
        .join(ClassGroup.school)
        .where(School.slug == slug, ClassGroup.id == number, Pupil.id == pupil)
        .options(joinedload(Pupil.class_group).joinedload(ClassGroup.school))
    )


def find_same_class(school: School, name: str, year: str) -> ClassGroup | None:
    """Return the class of this name in a year; capitals and blanks do not make it another."""
    wanted = _plain(name)
    same_year = select(ClassGroup).where(ClassGroup.school_id == school.id, ClassGroup.school_year == year)
    return next((group for group in db.session.scalars(same_year) if _plain(group.name) == wanted), None)


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def make_class(
    school: School, name: str, *, year: str, pupils: int, kind: PupilSecret, grade: str | None = None, room: Room | None = None
) -> ClassGroup:  # fmt: skip
    """Add a class with so many pupils (1 to 40), each an animal with a number and a secret.

    Raises `ClassExistsError` when the school has it already, also when that happens at this very moment.
    """
    if not 1 <= pupils <= MOST_PUPILS:
        raise ValueError(f"a class has 1 to {MOST_PUPILS} pupils, not {pupils}")
    if (same := find_same_class(school, name, year)) is not None:
        raise ClassExistsError(same)
    group = ClassGroup(
        school=school, room=room, name=name, code=new_code(), school_year=year, grade=grade, secret_kind=kind
    )
    try:
        with db.session.begin_nested():
            db.session.add(group)
    except IntegrityError:
        same = find_same_class(school, name, year)
        if same is None:
            raise
        raise ClassExistsError(same) from None
    for number, avatar in enumerate(AVATARS[:pupils], start=1):
        pupil = Pupil(class_group=group, avatar=avatar, list_number=number)
        give_secret(pupil, kind)
        db.session.add(pupil)
    db.session.flush()
    _noted("class.create", group, pupils=pupils)
    return group


def change_details(group: ClassGroup, name: str, *, grade: str | None, room: Room | None) -> None:
    """Give a class another name, year of study or room; raises `ClassExistsError` when another class has that name."""
    same = find_same_class(group.school, name, group.school_year)
    if same is not None and same.id != group.id:
        raise ClassExistsError(same)
    group.name, group.grade, group.room = name, grade, room
    _noted("class.details", group)


def add_pupil(group: ClassGroup) -> Pupil:
    """Add one pupil at the end of the list; raises `ClassFullError`."""
    free = free_avatars({pupil.avatar for pupil in group.pupils})
    if not free or sum(pupil.left_at is None for pupil in group.pupils) >= MOST_PUPILS:
        raise ClassFullError
    number = max((pupil.list_number for pupil in group.pupils), default=0) + 1
    pupil = Pupil(class_group=group, avatar=free[0], list_number=number)
    give_secret(pupil, group.secret_kind)
    db.session.add(pupil)
    db.session.flush()
    _noted("pupil.add", group, pupil=pupil.id)
    return pupil


def let_leave(pupil: Pupil) -> None:
    """Note that a pupil left: out of every list, signed out; what they made stays thirty days."""
    pupil.left_at = now()
    _noted("pupil.leave", pupil.class_group, pupil=pupil.id)


def take_back(pupil: Pupil) -> None:
    """Undo leaving; raises `ClassFullError` when forty are there."""
    if sum(other.left_at is None for other in pupil.class_group.pupils) >= MOST_PUPILS:
        raise ClassFullError
    pupil.left_at = None
    _noted("pupil.return", pupil.class_group, pupil=pupil.id)


def renew_card(pupil: Pupil) -> None:
    """Give a pupil a new secret and a new card: the earlier card and PIN no longer work."""
    give_secret(pupil, pupil.class_group.secret_kind)
    pupil.card_version += 1
    _noted("pupil.renew", pupil.class_group, pupil=pupil.id)


def change_code(group: ClassGroup) -> None:
    """Give a class another code; QR cards go on working."""
    group.code = new_code()
    _noted("class.code", group)


def change_secret_kind(group: ClassGroup, kind: PupilSecret) -> None:
    """Let a class sign in with the other kind of secret: everybody gets a new one; QR cards go on working."""
    group.secret_kind = kind
    for pupil in group.pupils:
        give_secret(pupil, kind)
    _noted("class.secret-kind", group, kind=kind.value)


def welcome_guests(group: ClassGroup, minutes: int | None = None) -> None:
    """Let guests in by the class code alone, for two hours or so many minutes; 0 ends it at once."""
    group.guests_until = now() + (LESSON if minutes is None else timedelta(minutes=minutes)) if minutes != 0 else None
    _noted("class.guests", group, minutes=minutes)


def end_class(group: ClassGroup) -> None:
    """Put a class in the archive: its pupils no longer come in."""
    group.archived_at, group.guests_until = now(), None
    _noted("class.archive", group)


def reopen_class(group: ClassGroup) -> None:
    """Take a class out of the archive."""
    group.archived_at = None
    _noted("class.restore", group)


@dataclass(frozen=True, slots=True)
class ListedClass:
    """A class in a list with its number of pupils."""

    group: ClassGroup
    pupils: int


def classes_of(
    actor: Any, school: School, *, earlier: bool = False, page: int = 1, per_page: int = 24
) -> list[ListedClass]:
    """Return one page of a school's classes that somebody reaches, and one more to know whether it goes on.

    Those of this school year (or the next), by name; or `earlier`: the archive and all former years, newest first.
    """
    current = ClassGroup.archived_at.is_(None) & (ClassGroup.school_year >= school_year())
    number = (
        select(func.count(Pupil.id))
        .where(Pupil.class_group_id == ClassGroup.id, Pupil.left_at.is_(None))
        .scalar_subquery()
    )
    order = (ClassGroup.school_year.desc(), ClassGroup.name, ClassGroup.id)
    rows = db.session.execute(
        select(ClassGroup, number)
        .where(ClassGroup.school_id == school.id, class_scope_of(actor).filter(), ~current if earlier else current)
        .options(joinedload(ClassGroup.room))
        .order_by(*order)
        .limit(per_page + 1)
        .offset((page - 1) * per_page)
    )
    return [ListedClass(group, count) for group, count in rows]


def rooms_to_choose(school: School) -> Iterable[Room]:
    """Return the rooms of a school by name."""
    return db.session.scalars(select(Room).where(Room.school_id == school.id).order_by(Room.name))


def _noted(action: str, group: ClassGroup, **detail: Any) -> None:
    audit.record(action, f"class_group:{group.id}", school_id=group.school_id, **detail)
