"""How the tests of families let a message be read, and say what they expect in few words."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sensors.kits import decode
from sensors.kits.family import MemoryContext, Message
from sensors.reading import Decoded

HEARD = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
BRUSSELS = ZoneInfo("Europe/Brussels")


class Kit:
    """One kit and what it has told so far."""

    def __init__(self, zone: ZoneInfo | None = None) -> None:
        self.context = MemoryContext()
        self.zone = zone

    def says(self, topic: str, payload: Any) -> Decoded:
        """Read one message; anything but text and bytes is sent as JSON."""
        if isinstance(payload, str):
            payload = payload.encode()
        elif not isinstance(payload, bytes):
            payload = json.dumps(payload).encode()
        return decode(Message(topic, payload, HEARD, kit="kit-1", timezone=self.zone), self.context)


def read(topic: str, payload: Any, zone: ZoneInfo | None = None) -> Decoded:
    """Read a message of a kit that said nothing before."""
    return Kit(zone).says(topic, payload)


def values(decoded: Decoded) -> dict[str, float | str]:
    """Return value by `quantity` or `quantity/channel`; raises AssertionError when two fall together."""
    found: dict[str, float | str] = {}
    for reading in decoded.readings:
        name = f"{reading.quantity}/{reading.channel}" if reading.channel else reading.quantity
        assert name not in found, f"{name} twice in {decoded}"
        found[name] = round(reading.value, 6) if isinstance(reading.value, float) else reading.value
    return found


def times(decoded: Decoded) -> dict[str, str | None]:
    """Return the time of each quantity, in ISO 8601."""
    return {
        reading.quantity: reading.time.isoformat().replace("+00:00", "Z") if reading.time else None
        for reading in decoded.readings
    }


def reasons(decoded: Decoded) -> str:
    """Return all reasons of rejection in one text."""
    return "; ".join(f"{one.what}: {one.reason}" for one in decoded.rejected)
