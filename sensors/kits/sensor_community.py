"""Sensor.Community (airRohr): `sensordatavalues`, all as text; posted over HTTP and bridged, so the topic is free."""

from typing import Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import Collector, Unreadable, json_of
from sensors.reading import Decoded

_MARK: Final = b'"sensordatavalues"'
# The last part of a value type -> quantity, unit; pressure is in pascal.
_ENDINGS: Final = {"temperature": ("temperature", "C"), "humidity": ("humidity", "%"), "co2_ppm": ("co2", "ppm"),
                   "pressure": ("pressure", "Pa")}  # fmt: skip


class _SensorCommunity:
    name = "sensor_community"
    gateway = False
    best_effort = False

    def claims(self, topic: str) -> bool:
        return not topic.startswith("homeassistant/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        if _MARK not in message.payload:
            return None
        held = json_of(message.payload)
        values = held.get("sensordatavalues") if isinstance(held, dict) else None
        if not isinstance(values, list):
            raise Unreadable("sensordatavalues is not a list")
        named = held.get("esp8266id") or held.get("sensor")
        collector = Collector(self.name, str(named) if named else message.topic.rsplit("/", 1)[-1])
        for one in values:
            kind = one.get("value_type") if isinstance(one, dict) else None
            if not isinstance(kind, str):
                collector.reject("sensordatavalues", "a value without a value_type")
                continue
            for ending, (quantity, unit) in _ENDINGS.items():
                if kind == ending or kind.endswith(f"_{ending}"):
                    sensor = kind.removesuffix(ending).rstrip("_")
                    collector.add(quantity, one.get("value"), unit, channel=sensor or None)
        return collector.decoded()


FAMILY: Final = _SensorCommunity()
