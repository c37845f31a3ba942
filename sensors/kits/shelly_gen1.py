"""Shelly, first generation: `shellies/<id>/…`, one bare number per topic, without a time.

A relay's `energy` counts watt-minutes; an energy meter's `total` counts watt-hours
(shelly-api-docs.shelly.cloud/gen1, read 2026-11-24).
"""

import re
from typing import Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import Collector, available, metadata, text_of
from sensors.reading import Decoded

_BASE: Final = "shellies/"
_PATHS: Final = (
    (re.compile(r"(?:relay|light|roller|white|color)/(\d)/power\Z"), "power", "W"),
    (re.compile(r"(?:relay|light|roller)/(\d)/energy\Z"), "electricity_import", "Wmin"),
    (re.compile(r"emeter/(\d)/power\Z"), "power", "W"),
    (re.compile(r"emeter/(\d)/total\Z"), "electricity_import", "Wh"),
    (re.compile(r"emeter/(\d)/total_returned\Z"), "electricity_export", "Wh"),
    (re.compile(r"sensor/temperature()\Z"), "temperature", "C"),
    (re.compile(r"sensor/humidity()\Z"), "humidity", "%"),
    (re.compile(r"sensor/battery()\Z"), "battery", "%"),
    (re.compile(r"ext_temperature/(\d)\Z"), "temperature", "C"),
    (re.compile(r"ext_humidity/(\d)\Z"), "humidity", "%"),
)


class _ShellyGen1:
    name = "shelly_gen1"
    gateway = False
    best_effort = False

    def claims(self, topic: str) -> bool:
        return topic.startswith(_BASE)

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        device, _, path = message.topic.removeprefix(_BASE).partition("/")
        if path == "online":
            return available(self.name, device, text_of(message.payload))
        for pattern, quantity, unit in _PATHS:
            match = pattern.match(path)
            if match:
                collector = Collector(self.name, device)
                collector.add(quantity, text_of(message.payload), unit, channel=match.group(1) or None)
                return collector.decoded()
        return metadata(self.name)  # ~/temperature is the device itself; on/off, overpower and the like


FAMILY: Final = _ShellyGen1()
