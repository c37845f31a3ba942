"""emonHub: `emon/<node>/<key>` with a bare value, or `emon/<node>` with JSON; a row of values alone means nothing.

What a key means is fixed by the names of OpenEnergyMonitor's own nodes: power and P in W, E in Wh, temperature and T in
°C, humidity in % (github.com/openenergymonitor/emonhub, the node decoders in its conf folder, read 2026-11-24).
`power1pluspower2` is the sum of two others, and a battery is in volts.
"""

import re
from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import NO_TIME, Collector, Stamp, Unreadable, epoch, iso_time, json_of, metadata, text_of
from sensors.reading import Decoded

_NAMES: Final = (
    (re.compile(r"power(?:_?\d{1,2}|[_ ](?:import|grid|use|house))?\Z|ct\d{1,2}\Z|p\d{1,2}\Z"), "power", "W"),
    (re.compile(r"e\d{1,2}\Z"), "electricity_import", "Wh"),
    (re.compile(r"(?:external[ _]?|internal[ _]?|ext[ _]?)?temp(?:erature)?[ _]?\d{0,2}\Z|t\d{1,2}\Z"), "temperature", "C"),
    (re.compile(r"hum(?:idity)?\d{0,2}\Z|rh\Z"), "humidity", "%"),
    (re.compile(r"co2\Z"), "co2", "ppm"),
)  # fmt: skip
_PLAIN: Final = frozenset({"power", "temperature", "temp", "humidity", "hum", "rh", "co2"})


class _Emoncms:
    name = "emoncms"
    gateway = True
    best_effort = False

    def claims(self, topic: str) -> bool:
        return topic.startswith(("emon/", "emonhub/"))

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        if message.topic.startswith("emonhub/"):
            return metadata(self.name)  # rows of values by position, or commands
        node, _, key = message.topic.removeprefix("emon/").partition("/")
        collector = Collector(self.name, node)
        text = text_of(message.payload).strip()
        if key and text[:1] not in {"{", "["}:
            _add(collector, key, text)
            return collector.decoded()
        try:
            held = json_of(message.payload)
        except Unreadable:
            if "," in text and text[:1] not in {"{", "["}:
                return metadata(self.name)  # positions without a node definition
            raise
        if not isinstance(held, dict):
            return metadata(self.name)
        collector.stamp = _time_of(held.get("time"), message)
        for name, value in held.items():
            if isinstance(value, dict):
                given = value.get("name")
                _add(collector, name, value.get("value"), channel=given if isinstance(given, str) else None)
            elif name != "time" and value is not None:
                _add(collector, name, value)
        return collector.decoded()


def _time_of(stated: Any, message: Message) -> Stamp:
    if stated is None:
        return NO_TIME
    stamp = iso_time(stated, message.timezone)
    return stamp if stamp[0] else epoch(stated)


def _add(collector: Collector, key: str, value: Any, channel: str | None = None) -> None:
    for pattern, quantity, unit in _NAMES:
        if pattern.match(key.lower()):
            name = channel or (None if key.lower() in _PLAIN else key)
            collector.add(quantity, value, unit, channel=name)
            return


FAMILY: Final = _Emoncms()
