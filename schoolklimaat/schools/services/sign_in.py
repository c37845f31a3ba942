"""How a pupil comes in: by class code, avatar and secret, or by the QR on a card; and how guessing is held back.

A PIN has 10 000 possibilities and a classmate has all day, so wrong tries are counted where a class feels it least:

- per pupil: after each five wrong ones in a row a pause of five minutes. A child that mistypes is helped by then.
- per pupil: after twenty wrong ones in a row the secret is put aside until the teacher gives a new one (one button on
  the class's page). Whoever guesses thus has a chance of 20 in 10 000, once, for a PIN; 20 in 1 320 for three pictures.
- per class: after sixty wrong ones in ten minutes nobody of that class comes in by PIN until those ten minutes are over,
  or until the teacher lets them. Sixty is more than a class of thirty that all mistype twice.

Never per network address: thirty pupils share one. A QR card goes on working through all of this, since nobody can guess
its stamp, so no prank can shut a class out of its lesson. While something is paused no hash is computed: ten thousand
tries cost at most twenty checks a pupil.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.core.sealed import is_stamped, stamp
from schoolklimaat.people.services import PausedError, matches
from schoolklimaat.schools.models import ClassGroup, Pupil

TRIES_BEFORE_PAUSE: Final = 5
PAUSE: Final = timedelta(minutes=5)
TRIES_BEFORE_RENEWAL: Final = 20
CLASS_TRIES: Final = 60
CLASS_WINDOW: Final = timedelta(minutes=10)
CARD: Final = "pupil-card"
_CARD_PARTS: Final = 3


class SecretSetAsideError(Exception):
    """This pupil's secret was guessed at too often; only a new one from the teacher helps."""


class ClassPausedError(PausedError):
    """So many wrong secrets in one class that it comes in by card only, until `until`."""


class Card(StrEnum):
    """What a QR card is worth."""

    VALID = "valid"
    REPLACED = "replaced"
    ENDED = "ended"
    UNKNOWN = "unknown"


def normal_code(code: str) -> str:
    """Return a class code as it is kept: capitals, without blanks."""
    return "".join(code.split()).upper()


def authenticate_pupil(code: str, avatar: str, secret: str) -> Pupil | None:
    """Return the pupil of a class code, avatar and secret, or None for a wrong one, which is then counted.

    Raises `SecretSetAsideError`, `ClassPausedError` or `PausedError`, whatever the secret, when there was too much guessing.
    """
    pupil: Pupil | None = db.session.scalar(
        select(Pupil)
        .join(Pupil.class_group)
        .where(
            ClassGroup.code == normal_code(code),
            ClassGroup.archived_at.is_(None),
            Pupil.avatar == avatar,
            Pupil.left_at.is_(None),
        )
        .options(joinedload(Pupil.class_group))
    )
    if pupil is None:
        return None
    _refuse_when_held_back(pupil)
    # Counted before it is checked, in the database itself: many tries at the same moment are still counted one by one.
    db.session.execute(
        update(Pupil).where(Pupil.id == pupil.id).values(failed_attempts=Pupil.failed_attempts + 1),
        execution_options={"synchronize_session": False},
    )
    db.session.refresh(pupil, ["failed_attempts", "locked_until"])
    _refuse_when_held_back(pupil, counted=1)
    if matches(pupil.pin_hash, secret):
        pupil.failed_attempts, pupil.locked_until = 0, None
        return pupil
    if pupil.failed_attempts % TRIES_BEFORE_PAUSE == 0:
        pupil.locked_until = now() + PAUSE
    _count_for_class(pupil.class_group)
    return None


def _refuse_when_held_back(pupil: Pupil, counted: int = 0) -> None:
    if pupil.failed_attempts - counted >= TRIES_BEFORE_RENEWAL:
        raise SecretSetAsideError
    if pupil.locked_until is not None and pupil.locked_until > now():
        raise PausedError(pupil.locked_until)
    group = pupil.class_group
    if is_paused(group) and group.wrong_since is not None:
        raise ClassPausedError(group.wrong_since + CLASS_WINDOW)


def is_paused(group: ClassGroup) -> bool:
    """Say whether a class comes in by card only for now."""
    recent = group.wrong_since is not None and group.wrong_since + CLASS_WINDOW > now()
    return recent and group.wrong_tries >= CLASS_TRIES


def _count_for_class(group: ClassGroup) -> None:
    if group.wrong_since is None or group.wrong_since + CLASS_WINDOW <= now():
        group.wrong_since, group.wrong_tries = now(), 1
    else:
        db.session.execute(
            update(ClassGroup).where(ClassGroup.id == group.id).values(wrong_tries=ClassGroup.wrong_tries + 1)
        )


def let_in_again(group: ClassGroup) -> None:
    """End the pause of a class: its teacher sees who is guessing."""
    group.wrong_since, group.wrong_tries = None, 0


def card_token(pupil: Pupil) -> str:
    """Return what stands in the QR of a pupil's card: number, version of the card and our stamp, safe in a URL."""
    said = f"{pupil.id}.{pupil.card_version}"
    return f"{said}.{stamp(said, CARD)}"


def read_card(token: str) -> tuple[Card, Pupil | None]:
    """Say what a card is worth and whose it is; nobody's unless it is valid."""
    parts = token.split(".")
    if len(parts) != _CARD_PARTS or not is_stamped(f"{parts[0]}.{parts[1]}", parts[2], CARD):
        return Card.UNKNOWN, None
    pupil = db.session.scalar(
        select(Pupil)
        .where(Pupil.id == int(parts[0]))
        .options(joinedload(Pupil.class_group).joinedload(ClassGroup.school))
    )
    if pupil is None or pupil.left_at is not None or pupil.class_group.archived_at is not None:
        return Card.ENDED, None
    if pupil.card_version != int(parts[1]):
        return Card.REPLACED, None
    return Card.VALID, pupil
