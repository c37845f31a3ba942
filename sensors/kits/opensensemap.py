"""openSenseMap: values by sensor id, on any topic; what an id means must be told (a senseBox's configuration)."""

import re
from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import NO_TIME, Collector, Stamp, Unreadable, iso_time, json_of, rejected, text_of
from sensors.quantities import QUANTITIES, Kind
from sensors.reading import Decoded

CONTEXT_KEY: Final = "opensensemap"
_ID: Final = re.compile(r"[0-9a-fA-F]{24}\Z")
_MOST_VALUES: Final = 2_500


class _OpenSenseMap:
    name = "opensensemap"
    gateway = False
    best_effort = False

    def claims(self, topic: str) -> bool:
        return not topic.startswith("homeassistant/")

    def decode(self, message: Message, context: Context) -> Decoded | None:
        rows = _rows(message)
        if not rows:
            return None
        if len(rows) > _MOST_VALUES:
            return rejected(self.name, "message", f"more than {_MOST_VALUES} values in one message")
        known = context.recall(CONTEXT_KEY) or {}
        collector = Collector(self.name, None)
        for sensor, value, stamp in rows:
            told = known.get(sensor)
            if not isinstance(told, dict):
                collector.reject(f"sensor {sensor}", "this sensor id is not known; say what it measures")
                continue
            quantity, unit = str(told.get("quantity")), told.get("unit")
            if quantity not in QUANTITIES or QUANTITIES[quantity].kind is Kind.STATE:
                collector.reject(f"sensor {sensor}", "what was told of this sensor names no known quantity")
                continue
            collector.add(quantity, value, unit if isinstance(unit, str) else None, channel=sensor, stamp=stamp)
        return collector.decoded()


def _rows(message: Message) -> list[tuple[str, Any, Stamp]]:
    """Return (sensor, value, time) of each value, or nothing when the message has not this shape."""
    start = message.payload.lstrip()[:1]
    if start in {b"[", b"{"}:
        try:
            held = json_of(message.payload)
        except Unreadable:
            return []
        return _json_rows(held, message)
    try:
        lines = text_of(message.payload).splitlines()
    except Unreadable:
        return []
    rows = []
    for line in lines:
        sensor, *rest = (part.strip() for part in line.split(","))
        if not _ID.match(sensor) or not rest:
            return []
        rows.append((sensor, rest[0], iso_time(rest[1], message.timezone) if len(rest) > 1 else NO_TIME))
    return rows


def _json_rows(held: Any, message: Message) -> list[tuple[str, Any, Stamp]]:
    rows: list[tuple[str, Any, Stamp]] = []
    if isinstance(held, list):
        for one in held:
            if not isinstance(one, dict) or not _ID.match(str(one.get("sensor", ""))):
                return []
            rows.append((one["sensor"], one.get("value"), iso_time(one.get("createdAt"), message.timezone)))
    elif isinstance(held, dict):
        for sensor, value in held.items():
            if not _ID.match(sensor):
                return []
            if isinstance(value, list):
                stamp = iso_time(value[1], message.timezone) if len(value) > 1 else NO_TIME
                rows.append((sensor, value[0] if value else None, stamp))
            else:
                rows.append((sensor, value, NO_TIME))
    return rows


FAMILY: Final = _OpenSenseMap()
