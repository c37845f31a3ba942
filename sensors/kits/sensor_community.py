"""Sensor.Community (airRohr): `sensordatavalues`, all as text; posted over HTTP and bridged, so the topic is free."""

from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import Collector, Unreadable, json_of
from sensors.reading import Decoded

_MARK: Final = b'"sensordatavalues"'
# The last part of a value type -> quantity, unit; pressure is in pascal.
_ENDINGS: Final = {"temperature": ("temperature", "C"), "humidity": ("humidity", "%"), "co2_ppm": ("co2", "ppm"),
                   "pressure": ("pressure", "Pa")}  # fmt: skip
# The heated chamber before a dust sensor (Nettigo), and what is brought back to sea level.
_NOT_THE_AIR: Final = ("HECA_", "heca_")
_AT_SEA_LEVEL: Final = "pressure_at_sealevel"


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
        collector = Collector(self.name, _device(message.topic, held))
        said = set()
        for one in values:
            kind = one.get("value_type") if isinstance(one, dict) else None
            if not isinstance(kind, str):
                collector.reject("sensordatavalues", "a value without a value_type")
            elif kind in said:
                collector.reject(kind, "this value stands twice in the message")
            else:
                said.add(kind)
                _add(collector, kind, one.get("value"))
        return collector.decoded()


def _device(topic: str, held: dict[str, Any]) -> str:
    """Return the last part of the topic, which a bridge makes unique, unless the message names another chip."""
    last = topic.rsplit("/", 1)[-1]
    named = held.get("esp8266id")
    named = str(named) if isinstance(named, str | int) and not isinstance(named, bool) else ""
    return last if not named or named in last else named


def _add(collector: Collector, kind: str, value: Any) -> None:
    if kind.startswith(_NOT_THE_AIR) or kind.endswith(_AT_SEA_LEVEL):
        return
    for ending, (quantity, unit) in _ENDINGS.items():
        if kind == ending or kind.endswith(f"_{ending}"):
            collector.add(quantity, value, unit, channel=kind.removesuffix(ending).rstrip("_") or None)
            return


FAMILY: Final = _SensorCommunity()
