"""Awair's local air data, bridged as `awair/<device>/air-data`. `co2_est` is an estimate and `abs_humid` is g/m³."""

from typing import Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import Collector, iso_time, metadata, object_of
from sensors.reading import Decoded

_VALUES: Final = (("co2", "co2", "ppm"), ("temp", "temperature", "C"), ("humid", "humidity", "%"))


class _Awair:
    name = "awair"
    gateway = True
    best_effort = False

    def claims(self, topic: str) -> bool:
        return topic.startswith("awair/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        device, _, rest = message.topic.removeprefix("awair/").partition("/")
        if rest not in {"", "air-data", "air-data/latest"}:
            return metadata(self.name)
        held = object_of(message.payload)
        collector = Collector(self.name, device, iso_time(held.get("timestamp"), message.timezone))
        for key, quantity, unit in _VALUES:
            if held.get(key) is not None:
                collector.add(quantity, held[key], unit)
        return collector.decoded()


FAMILY: Final = _Awair()
