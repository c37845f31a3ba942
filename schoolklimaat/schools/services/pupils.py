"""Pupils and guests: who they are in a session, and how a class is found by its code."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.schools.avatars import AVATARS
from schoolklimaat.schools.models import ClassGroup, Guest, Pupil
from schoolklimaat.schools.services.sign_in import normal_code

GUESTS_AT_ONCE: Final = 40


class NoGuestsError(Exception):
    """This class takes no guests now, or has as many as it can."""


def find_class(code: str) -> ClassGroup | None:
    """Return the class of a code, unless it ended; capitals and blanks do not matter."""
    return db.session.scalar(
        select(ClassGroup)
        .where(ClassGroup.code == normal_code(code), ClassGroup.archived_at.is_(None))
        .options(joinedload(ClassGroup.school))
    )


def pupils_present(group: ClassGroup) -> list[Pupil]:
    """Return the pupils of a class who did not leave, in the order of the class list."""
    return list(
        db.session.scalars(
            select(Pupil).where(Pupil.class_group_id == group.id, Pupil.left_at.is_(None)).order_by(Pupil.list_number)
        )
    )


def load_pupil(pupil_id: int) -> Pupil | None:
    """Return the pupil of a session with the class and its school; None once the pupil left or the class ended."""
    return db.session.scalar(
        select(Pupil)
        .join(Pupil.class_group)
        .where(Pupil.id == pupil_id, Pupil.left_at.is_(None), ClassGroup.archived_at.is_(None))
        .options(
            joinedload(Pupil.class_group).joinedload(ClassGroup.school),
            joinedload(Pupil.class_group).joinedload(ClassGroup.room),
        )
    )


def guests_until(group: ClassGroup) -> datetime | None:
    """Return until when guests are welcome in a class, or None when they are not."""
    return group.guests_until if group.guests_until is not None and group.guests_until > now() else None


def welcome_guest(group: ClassGroup) -> Guest:
    """Let a guest in with an animal that nobody in the class has now; raises `NoGuestsError`."""
    until = guests_until(group)
    present = select(Guest).where(Guest.class_group_id == group.id, Guest.expires_at > now())
    if (
        until is None
        or (db.session.scalar(select(func.count()).select_from(present.subquery())) or 0) >= GUESTS_AT_ONCE
    ):
        raise NoGuestsError
    taken = {pupil.avatar for pupil in group.pupils} | {guest.avatar for guest in db.session.scalars(present)}
    avatar = next((one for one in reversed(AVATARS) if one not in taken), AVATARS[-1])
    guest = Guest(class_group=group, avatar=avatar, expires_at=until)
    db.session.add(guest)
    db.session.flush()
    return guest


def load_guest(guest_id: int) -> Guest | None:
    """Return the guest of a session, while guests are welcome in that class."""
    return db.session.scalar(
        select(Guest)
        .join(Guest.class_group)
        .where(
            Guest.id == guest_id,
            Guest.expires_at > now(),
            ClassGroup.guests_until > now(),
            ClassGroup.archived_at.is_(None),
        )
        .options(
            joinedload(Guest.class_group).joinedload(ClassGroup.school),
            joinedload(Guest.class_group).joinedload(ClassGroup.room),
        )
    )
