"""Awair's local air data, bridged as `awair/<device>/…`: an object, or a bare value per name.

`co2_est` is an estimate, `abs_humid` is g/m³ and `dew_point` no temperature of the room.
"""

from typing import Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import Collector, iso_time, json_of, metadata, text_of
from sensors.reading import Decoded

_VALUES: Final = {"co2": ("co2", "ppm"), "temp": ("temperature", "C"), "humid": ("humidity", "%")}


class _Awair:
    name = "awair"
    gateway = True
    best_effort = False

    def claims(self, topic: str) -> bool:
        return topic.startswith("awair/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        device, _, rest = message.topic.removeprefix("awair/").partition("/")
        collector = Collector(self.name, device)
        last = rest.rsplit("/", 1)[-1]
        text = text_of(message.payload).strip()
        if last in _VALUES and text[:1] not in {"{", "["}:
            collector.add(_VALUES[last][0], text, _VALUES[last][1])
            return collector.decoded()
        if last not in {"", "air-data", "latest", "state", "data"}:
            return metadata(self.name)
        held = json_of(message.payload)
        if not isinstance(held, dict):
            return metadata(self.name)
        collector.stamp = iso_time(held.get("timestamp"), message.timezone)
        for key, (quantity, unit) in _VALUES.items():
            if held.get(key) is not None:
                collector.add(quantity, held[key], unit)
        return collector.decoded()


FAMILY: Final = _Awair()
