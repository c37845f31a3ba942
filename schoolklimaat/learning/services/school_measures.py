"""Which measurements a school has, so that a lesson can say beforehand what will be missing."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import select

from schoolklimaat.charts.choice import CARRIER_NAMES, connections_of
from schoolklimaat.core.db import db
from schoolklimaat.kits.models import Placement
from schoolklimaat.schools.models import Room, School

AIR: Final = frozenset({"co2", "temperatuur", "vocht", "vochtigheid"})


def data_of(school: School) -> frozenset[str]:
    """Return what a school measures now, in the words of lessons: air when a kit hangs in a room, and its carriers."""
    carriers = {CARRIER_NAMES[carrier] for carrier in connections_of(school)}
    kit_hangs = db.session.scalar(
        select(Placement.id)
        .join(Room, Room.id == Placement.room_id)
        .where(Room.school_id == school.id, Placement.until_utc.is_(None))
        .limit(1)
    )
    return frozenset(carriers | (AIR if kit_hangs is not None else frozenset()))


def missing_data(needs: Iterable[str], school: School) -> list[str]:
    """Return what a lesson needs and a school does not measure, in the lesson's order."""
    have = data_of(school)
    return [need for need in needs if need not in have]
