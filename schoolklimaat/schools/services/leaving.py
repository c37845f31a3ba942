"""Pupils who go for good, and the work of classes that ended: deleted, in every room that keeps something of them.

Rooms above this one say what they keep by registering a callable; `app.py` does so when the site starts.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select

from schoolklimaat.core import audit
from schoolklimaat.core.belongings import let_go
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.schools.models import ClassGroup, Guest, Pupil

KEEP_LEAVERS: Final = timedelta(days=30)
_FORGET_PUPIL: list[Callable[[int], None]] = []
_FORGET_CLASS: list[Callable[[int], None]] = []


def register_forgetting(*, pupil: Callable[[int], None], class_work: Callable[[int], None]) -> None:
    """Let a room delete what it keeps of a pupil (by number), and of a class that ended (by number)."""
    for known, one in ((_FORGET_PUPIL, pupil), (_FORGET_CLASS, class_work)):
        if one not in known:
            known.append(one)


def remove_pupil(pupil: Pupil) -> None:
    """Delete a pupil now, with answers, attempts and unreleased ideas; the trail keeps a number and no more."""
    group = pupil.class_group
    audit.record("pupil.remove", f"class_group:{group.id}", school_id=group.school_id, pupil=pupil.id)
    _forget(pupil.id)


def clear_leavers() -> int:
    """Delete pupils who left, or whose class ended, thirty days ago; returns how many. Kept in each school's trail."""
    limit = now() - KEEP_LEAVERS
    ended = select(ClassGroup.id).where(ClassGroup.archived_at < limit)
    for group_id in list(db.session.scalars(ended)):
        for forget in _FORGET_CLASS:
            forget(group_id)
    rows = db.session.execute(
        select(Pupil.id, ClassGroup.school_id)
        .join(Pupil.class_group)
        .where(or_(Pupil.left_at < limit, ClassGroup.archived_at < limit))
    ).all()
    counts: dict[int, int] = {}
    for pupil_id, school_id in rows:
        _forget(pupil_id)
        counts[school_id] = counts.get(school_id, 0) + 1
    for school_id, count in counts.items():
        audit.record("retention.leavers", f"school:{school_id}", school_id=school_id, count=count)
    return len(rows)


def clear_guests() -> int:
    """Delete guests whose lesson is over, with what they answered; returns how many."""
    over = list(db.session.scalars(select(Guest.id).where(Guest.expires_at < now())))
    for guest_id in over:
        let_go("guest", guest_id)
    return len(over)


def _forget(pupil_id: int) -> None:
    for forget in _FORGET_PUPIL:
        forget(pupil_id)
    let_go("pupil", pupil_id)
