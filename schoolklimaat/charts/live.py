"""A room's newest values for an open page, cheap enough for a thousand pages that ask every three seconds.

Who may see is remembered for a minute per signed-in person and room, what there is to see for a second per room; so most
answers ask the database only whether this device is still signed in and as what, and a page that is up to date gets 304
without a body.
"""

from typing import Any, Final, NamedTuple

from schoolklimaat.charts.air import RoomNow, rooms_now
from schoolklimaat.charts.cache import short_cache
from schoolklimaat.charts.files import etag_of, json_body
from schoolklimaat.charts.policy import SEE_AIR
from schoolklimaat.charts.remember import remembered
from schoolklimaat.charts.series import Channels
from schoolklimaat.charts.words import above_outdoor, advice, light_word, measured_at, ppm, room_headline
from schoolklimaat.core.guard import Permission
from schoolklimaat.core.i18n import language, number
from schoolklimaat.kits.readings import store
from schoolklimaat.schools.models import Room
from schoolklimaat.schools.services import find_room
from sensors.periods import to_ms

POLL_MS: Final = 2600  # with its jitter and a second of cache, a reading is on the page within 5 s
_FRESH_S: Final = 1.0


class LiveRoom(NamedTuple):
    """The room of an address, not yet looked up."""

    school_slug: str
    room_slug: str


class _Known(NamedTuple):
    """What is remembered about a room for one person."""

    room_id: int
    room_name: str


def find_live_room(slug: str, room: str) -> LiveRoom:
    """Return the room of an address; whether it exists is found out together with who may see it."""
    return LiveRoom(slug, room)


def _known(actor: Any, live: LiveRoom) -> _Known | None:
    """Return the room when this person may see it; the full answer of `SEE_AIR`, at most a minute old."""

    def ask() -> _Known | None:
        room: Room | None = find_room(live.school_slug, live.room_slug)
        if room is None or not SEE_AIR.allows(actor, room):
            return None
        return _Known(room.id, room.name)

    return remembered(live, ask)


SEE_LIVE: Final = Permission("see the live air of a room", allows=lambda actor, live: _known(actor, live) is not None)


def live_body(actor: Any, live: LiveRoom) -> tuple[bytes, str]:
    """Return the JSON of a room now, and its ETag."""
    known = _known(actor, live)
    assert known is not None  # noqa: S101 - the guard has just asked

    def make() -> tuple[bytes, str]:
        air = rooms_now(Channels(store()), [known.room_id])[known.room_id]
        body = json_body(live_content(known.room_name, air))
        return body, etag_of(body)

    kept: tuple[bytes, str] = short_cache().get(("live", known.room_id, language()), _FRESH_S, make)
    return kept


def live_content(room_name: str, air: RoomNow) -> dict[str, Any]:
    """Return what an open page shows of a room now, in words as well."""
    return {
        "at": to_ms(air.at) if air.at else None,
        "co2": None if air.co2 is None else round(air.co2),
        "shown": None if air.co2 is None else ppm(air.co2),
        "level": air.level,
        "word": light_word(air.level),
        "headline": room_headline(room_name, air),
        "advice": advice(air),
        "more": above_outdoor(air),
        "measured": measured_at(air),
        "temperature": None if air.temperature is None else number(air.temperature, 1),
        "humidity": None if air.humidity is None else number(air.humidity),
    }
