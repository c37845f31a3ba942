"""Which kits hung where and when, and how they are doing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.kits.models import Kit, Placement
from schoolklimaat.kits.readings import ingest_log, store
from schoolklimaat.meters.models import Connection
from schoolklimaat.schools.models import Room, School
from sensors.periods import from_ms

SILENT_AFTER: Final = timedelta(minutes=15)


class KitInterval(NamedTuple):
    """A kit (or one channel of it) in one place, from a moment until another, within the period that was asked."""

    kit_id: str
    channel: str | None
    start: datetime
    end: datetime


class KitState(NamedTuple):
    """How a kit is doing.

    When it was last heard (None: never), since when it is silent (None: it is not), and whether it speaks but has given
    no reading that could be kept for as long as makes a silent kit.
    """

    kit: Kit
    place: str | None
    last_heard: datetime | None
    silent_for: timedelta | None
    unreadable: bool


def kits_in_rooms(room_ids: Iterable[int], start: datetime, end: datetime) -> dict[int, list[KitInterval]]:
    """Return for each room the kits that hung in it within [start, end), each cut to that period."""
    return _intervals(Placement.room_id.in_(list(room_ids)), "room_id", start, end)


def kits_on_connections(connection_ids: Iterable[int], start: datetime, end: datetime) -> dict[int, list[KitInterval]]:
    """Return for each connection the kits that read it within [start, end), each cut to that period."""
    return _intervals(Placement.connection_id.in_(list(connection_ids)), "connection_id", start, end)


def _intervals(where: object, place: str, start: datetime, end: datetime) -> dict[int, list[KitInterval]]:
    found: dict[int, list[KitInterval]] = {}
    rows = db.session.scalars(
        select(Placement)
        .where(where, Placement.from_utc < end, or_(Placement.until_utc.is_(None), Placement.until_utc > start))  # type: ignore[arg-type]
        .order_by(Placement.from_utc, Placement.id)
    )
    for row in rows:
        interval = KitInterval(row.kit_id, row.channel, max(row.from_utc, start), min(row.until_utc or end, end))
        found.setdefault(getattr(row, place), []).append(interval)
    return found


def place_kit(
    kit: Kit, start: datetime, *, room: Room | None = None, connection: Connection | None = None,
    channel: str | None = None,
) -> Placement:  # fmt: skip
    """Hang a kit in a room or on a connection from a moment on; where it (or this channel) hung before ends there."""
    for earlier in kit.placements:
        if earlier.until_utc is None and earlier.channel == channel:
            earlier.until_utc = start
    placement = Placement(kit=kit, channel=channel, room=room, connection=connection, from_utc=start)
    db.session.add(placement)
    return placement


def kits_of(school: School) -> list[KitState]:
    """Return the kits of a school by name, with how they are doing."""
    kits = db.session.scalars(
        select(Kit)
        .where(Kit.school_id == school.id)
        .options(selectinload(Kit.placements).options(joinedload(Placement.room), joinedload(Placement.connection)))
        .order_by(Kit.name, Kit.id)
    ).all()
    ids = [kit.id for kit in kits]
    heard = ingest_log().last_heard(ids)
    kept: dict[str, int] = {}
    for series, point in store().latest(ids).items():
        kept[series.source] = max(kept.get(series.source, 0), point.time_ms)
    return [_state(kit, heard.get(kit.id), kept.get(kit.id)) for kit in kits]


def kit_names(school: School) -> dict[str, str]:
    """Return the names of a school's kits by their id."""
    return {row.id: row.name for row in db.session.execute(select(Kit.id, Kit.name).where(Kit.school_id == school.id))}


def _state(kit: Kit, last_heard: datetime | None, kept_ms: int | None) -> KitState:
    placed = [placement for placement in kit.placements if placement.until_utc is None]
    places = [
        (placement.room.name if placement.room else placement.connection.name if placement.connection else "")
        for placement in placed
    ]
    quiet = None if last_heard is None else now() - last_heard
    silent_for = quiet if quiet is not None and quiet > SILENT_AFTER else None
    unreadable = (
        last_heard is not None and silent_for is None and (kept_ms is None or now() - from_ms(kept_ms) > SILENT_AFTER)
    )
    return KitState(kit, ", ".join(dict.fromkeys(places)) or None, last_heard, silent_for, unreadable)
