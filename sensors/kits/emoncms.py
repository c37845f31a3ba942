"""emonHub: `emon/<node>/<key>` with a bare value, or `emon/<node>` with JSON; a row of values alone means nothing.

What a key means is fixed by the names of OpenEnergyMonitor's own nodes: power in W, temperature in °C, humidity in %.
"""

import re
from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import NO_TIME, Collector, Unreadable, epoch, iso_time, json_of, metadata, text_of
from sensors.reading import Decoded

_NAMES: Final = (
    (re.compile(r"power(?:\d+|_?[a-z]+\d*)?\Z|ct\d+\Z|p\d\Z"), "power", "W"),
    (re.compile(r"(?:external[ _])?temp(?:erature)?\d*\Z"), "temperature", "C"),
    (re.compile(r"hum(?:idity)?\d*\Z"), "humidity", "%"),
)
_PLAIN: Final = frozenset({"power", "temperature", "humidity"})


class _Emoncms:
    name = "emoncms"
    gateway = True
    best_effort = False

    def claims(self, topic: str) -> bool:
        return topic.startswith("emon/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        node, _, key = message.topic.removeprefix("emon/").partition("/")
        collector = Collector(self.name, node)
        if key:
            _add(collector, key, text_of(message.payload))
            return collector.decoded()
        try:
            held = json_of(message.payload)
        except Unreadable:
            if "," in text_of(message.payload):
                return metadata(self.name)  # positions without a node definition
            raise
        if not isinstance(held, dict):
            return metadata(self.name)
        stated = held.get("time")
        if stated is not None:
            collector.stamp = iso_time(stated, message.timezone) if isinstance(stated, str) else epoch(stated)
            if collector.stamp == NO_TIME:
                collector.stamp = epoch(stated)
        for name, value in held.items():
            if isinstance(value, dict):
                given = value.get("name")
                _add(collector, name, value.get("value"), channel=given if isinstance(given, str) else None)
            elif name != "time":
                _add(collector, name, value)
        return collector.decoded()


def _add(collector: Collector, key: str, value: Any, channel: str | None = None) -> None:
    for pattern, quantity, unit in _NAMES:
        if pattern.match(key.lower()):
            name = channel or (None if key.lower() in _PLAIN else key)
            collector.add(quantity, value, unit, channel=name)
            return


FAMILY: Final = _Emoncms()
