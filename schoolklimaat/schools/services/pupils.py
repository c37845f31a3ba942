"""Pupils: how they are found, and how they prove who they are."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from schoolklimaat.core.db import db
from schoolklimaat.people.services import knows_secret
from schoolklimaat.schools.models import ClassGroup, Pupil

TRIES_BEFORE_PAUSE: Final = 5


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
